"""The agent chart's keys: the schema that editors take, and what a scan makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from astrovet.document import ProblemKind
from astrovet.formats.spelling import nearest
from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.charts import platform_keys
from astrovet.helm.charts.agent_keys import JUDGED_ELSEWHERE, faults, is_layer, schema_text
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.charts.recognition import recognise
from astrovet.place import step
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at
from support import ROOT

FIXTURES = ROOT / "fixtures"
SCHEMA = json.loads(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)
EVERY_KEY = FIXTURES / "rules" / "unknown-key" / "good-every-key" / "values.yaml"

POD = (
    *("image", "imagePullPolicy", "resources", "env", "livenessProbe", "readinessProbe", "podSecurityContext"),
    *("containerSecurityContext", "initContainers", "extraContainers", "volumes", "volumeMounts", "nodeSelector"),
    *("affinity", "tolerations"),
)
FACTS: Mapping[str, tuple[str, ...]] = {
    # The keys of the vendor's values templates (T1, T2).
    "": (
        *("resourceNamePrefix", "createNamespace", "namespace", "astroDeploymentAPIURL", "image", "imagePullPolicy"),
        *("imagePullSecretName", "imagePullSecretData", "agentTokenSecretName", "agentToken", "agentTokenFile"),
        *("sentinelAuthSecretName", "sentinelAuthSecret", "sentinelAuthSecretFile", "secretBackend", "xcomBackend"),
        *("stateStoreBackend", "dagBundleConfigList", "commonEnv", "logLevel", "labels", "annotations"),
        *("podSecurityContext", "containerSecurityContext", "openLineage", "serviceAccount", "loggingSidecar"),
        *("workers", "dagProcessor", "triggerer", "sentinel"),
    ),
    "openLineage": (
        *("enabled", "apiKeySecret", "apiKey", "namespace", "url", "endpoint", "facetsEnvironmentVariables"),
    ),
    "serviceAccount": ("annotations", "workers", "dagProcessor", "triggerer", "sentinel"),
    "serviceAccount.triggerer": ("create", "name", "annotations"),
    "loggingSidecar": (
        *("enabled", "name", "image", "imagePullPolicy", "preStopSleepSeconds", "env", "securityContext"),
        *("volumeMounts", "resources", "config"),
    ),
    "workers.*": (
        *POD,
        *("name", "queues", "replicas", "syncSlots", "hpa", "terminationGracePeriodSeconds"),
        *("canUseKubernetesPodOperator", "serviceAccount"),
    ),
    "workers.*.hpa": ("enabled", "minReplicaCount", "maxReplicaCount", "metric", "extraMetrics", "behavior"),
    "workers.*.hpa.metric": ("enabled", "name", "target"),
    "workers.*.hpa.metric.target": ("type", "value"),
    "workers.*.serviceAccount": ("create", "name", "annotations"),
    "dagProcessor": POD,
    "triggerer": (*POD, "replicas", "asyncSlots"),
    "sentinel": (*POD, "enabled", "port", "config"),
}


def followed(node: Any) -> Any:
    """A node of the schema with what its reference says."""
    while "$ref" in node:
        name = node["$ref"].removeprefix("#/$defs/")
        node = {**SCHEMA["$defs"][name], **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def node_at(path: str) -> Any:
    node = SCHEMA
    for key in filter(None, path.split(".")):
        node = followed(node["items"] if key == "*" else node["properties"][key])
    return node


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of the schema, by its path."""
    node = followed(node)
    yield path, node
    for key, child in node.get("properties", {}).items():
        yield from nodes(child, f"{path}.{key}")
    if "items" in node:
        yield from nodes(node["items"], f"{path}[]")


def parsed(content: str) -> Value[Tree]:
    return read_yaml("values.yaml", content)[0].root


def complaints(content: str, version: str = "") -> list[str]:
    """Kind and pointer of what is wrong with values."""
    return [f"{fault.kind} {fault.place.pointer}" for fault in faults(parsed(content), version)]


# The schema


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FACTS)
def test_it_has_the_keys_of_the_facts_and_no_others(path: str) -> None:
    assert sorted(node_at(path)["properties"]) == sorted(FACTS[path])


def test_every_key_says_what_it_is_and_where_that_is_from() -> None:
    kubernetes = ("env[]", "commonEnv[]", "Containers[]", "volumes[]", "volumeMounts[]", "tolerations[]")
    for path, node in nodes(SCHEMA):
        if any(key in path for key in kubernetes) or path == "":
            continue
        assert node["description"].strip(), path
        assert any(f"({tag}" in node["description"] for tag in ("T1", "T2", "D:")), path


def test_no_key_is_forbidden_or_demanded() -> None:
    """Charts are newer than the schema, and a file may be one layer of several."""
    written = schema_text().decode()
    assert '"additionalProperties": false' not in written
    assert '"required"' not in written


def test_a_default_fits_its_key() -> None:
    defaults = [(path, node) for path, node in nodes(SCHEMA) if "default" in node]
    assert len(defaults) > 20
    for path, node in defaults:
        assert not list(VALIDATOR.evolve(schema={**node, "$defs": SCHEMA["$defs"]}).iter_errors(node["default"])), path


# The walk


def pointer(path: Iterable[str | int]) -> str:
    return reduce(step, path, "")


def as_python(value: Value[Tree]) -> Any:
    """Values as Python's own maps and lists, which a validator takes."""
    match value:
        case Known(Map(entries)):
            return {key: as_python(entry.value) for key, entry in entries.items()}
        case Known(List(items)):
            return [as_python(item) for item in items]
        case Known(leaf):
            return leaf
        case Unknown() | Absent():
            return None


def agent_values() -> Iterator[tuple[Path, Value[Tree]]]:
    for path in sorted(FIXTURES.rglob("*.yaml")):
        data = path.read_bytes()
        if b"\0" in data:
            continue
        for document in read_yaml(str(path), data.decode("utf-8", "replace")):
            match = recognise(document.root)
            if match.kind is ChartKind.AGENT:
                yield path, at(document.root, *match.path)


NOT_WHOLE = {
    ("wrong-type", "good-placeholders"),
    ("wrong-type", "good-bundles-as-a-list"),
    ("install-blocked", "good-prefix-by-flag"),
}
"""Right for a scan, and by themselves not yet what the chart can take."""


def test_all_good_values_of_this_repository_have_keys_of_the_chart() -> None:
    good = [case for case in agent_values() if "good-" in str(case[0]) or "projects" in case[0].parts]
    assert len(good) > 50
    for path, root in good:
        assert not [fault for fault in faults(root) if fault.kind is ProblemKind.UNKNOWN_KEY], path
        if path.parts[-3:-1] in NOT_WHOLE:
            continue
        refused = {pointer(error.absolute_path) for error in VALIDATOR.iter_errors(as_python(root))}
        assert all(
            pointer.startswith(("commonEnv", "workers")) and pointer.endswith(".value") for pointer in refused
        ), path


BASE = as_python(parsed(EVERY_KEY.read_text("utf-8")))


def paths(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from paths(value, (*path, key))


def replaced(content: Any, path: Sequence[str | int], value: Any) -> Any:
    """The content with another value at a path, or as it is where the path leads nowhere any more."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    match content:
        case dict() if key in content:
            return {**content, key: replaced(content[key], rest, value)}
        case list() if isinstance(key, int) and key < len(content):
            return [*content[:key], replaced(content[key], rest, value), *content[key + 1 :]]
        case _:
            return content


OTHER_VALUES: tuple[Any, ...] = (True, 7, 7.5, 8.0, "seven", "7", [], ["x"], {}, {"a": "b"}, {"a": 1}, [{"name": 5}])


@given(st.lists(st.tuples(st.sampled_from(list(paths(BASE))), st.sampled_from(OTHER_VALUES)), max_size=4))
def test_a_scan_and_a_validator_find_the_same_wrong_types(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    values = reduce(lambda content, change: replaced(content, *change), changes, BASE)
    refused = {
        pointer(error.absolute_path)
        for error in VALIDATOR.iter_errors(values)
        if error.validator in {"type", "pattern"}
    }
    wrong = {
        fault.place.pointer for fault in faults(parsed(json.dumps(values))) if fault.kind is ProblemKind.WRONG_TYPE
    }
    assert wrong == refused - JUDGED_ELSEWHERE


def test_null_placeholders_and_templates_fit_every_key() -> None:
    for value in (None, "<your-value>", "CHANGEME", "${VALUE}", "{{ .Values.value }}", ""):
        assert not complaints(json.dumps(dict.fromkeys(FACTS[""], value)))
        assert not complaints(json.dumps({"workers": [dict.fromkeys(FACTS["workers.*"], value)]}))


def test_what_is_unknown_is_not_judged() -> None:
    assert not complaints("workers: !vault x\nreplica: 3\n")
    assert not faults(parsed(""))


def test_a_credential_or_a_backend_of_the_wrong_type_weighs_more() -> None:
    written = "secretBackend: {}\nagentToken: []\nopenLineage: {apiKey: 4}\nimage: {}\ncommonEnv: {}\n"
    weights = {fault.place.pointer: fault.is_grave for fault in faults(parsed(written))}
    assert weights == {
        "secretBackend": True, "agentToken": True, "openLineage.apiKey": True, "image": False, "commonEnv": False,
    }  # fmt: skip


def test_no_text_holds_a_value() -> None:
    written = "agentToken: {canary-1: canary-2}\nlabels: {a: 4711}\ncreateNamespace: canary-3\nworkers: canary-4\n"
    problems = faults(parsed(written))
    assert len(problems) == 4
    assert not [problem for problem in problems if "canary" in problem.why + problem.how or "4711" in problem.why]


def test_an_anchored_fault_is_told_once() -> None:
    written = "triggerer: &pod {toleration: []}\ndagProcessor:\n  <<: *pod\n"
    assert complaints(written) == ["unknown-key triggerer.toleration"]


# Near misses


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("secretsBackend", "secretBackend"),
        ("secret_backend", "secretBackend"),
        ("secretBackned", "secretBackend"),
        ("SecretBackend", "secretBackend"),
        ("worker", "workers"),
        ("lables", "labels"),
        ("images", "image"),
        ("imgae", "image"),
        ("secretBackends2", "secretBackend"),
        ("secretBackendList", None),
        ("priorityClassName", None),
        ("podLabels", None),
        ("podAnnotations", None),
        ("service", None),
        ("ingress", None),
        ("keda", None),
        ("global", None),
        ("extraEnv", None),
        ("imagePullSecrets", None),
    ],
)
def test_a_near_miss_at_the_top(wrong: str, meant: str | None) -> None:
    assert nearest(wrong, FACTS[""]) == meant
    assert complaints(f"{wrong}: ~\n") == ([f"unknown-key {wrong}"] if meant else [])


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("envs", "env"), ("Env", "env"), ("ens", None), ("en", None), ("vpa", None), ("hpas", "hpa"), ("nam", "name")],
)
def test_short_names_leave_room_for_fewer_slips(wrong: str, meant: str | None) -> None:
    assert nearest(wrong, FACTS["workers.*"]) == meant


@pytest.mark.parametrize(
    ("written", "faulty", "home"),
    [
        ("workers: [{hpa: {replicas: 2}}]", "workers[0].hpa.replicas", "an item of `workers`"),
        ("workers: [{hpa: {readinessProbe: {}}}]", "workers[0].hpa.readinessProbe", "an item of `workers`"),
        ("workers: [{secretBackend: a.B}]", "workers[0].secretBackend", "the chart's top level"),
        ("workers: [{maxReplicaCount: 2}]", "workers[0].maxReplicaCount", "`hpa`"),
        ("triggerer: {logLevel: INFO}", "triggerer.logLevel", "the chart's top level"),
        ("canUseKubernetesPodOperator: true", "canUseKubernetesPodOperator", "an item of `workers`"),
        ("replicas: 2", "replicas", "an item of `workers` or `triggerer`"),
        (
            "env: []",
            "env",
            "an item of `workers`, `dagProcessor`, `triggerer`, `sentinel` or `loggingSidecar`",
        ),
    ],
)
def test_a_key_at_the_wrong_level_is_sent_home(written: str, faulty: str, home: str) -> None:
    (problem,) = faults(parsed(written))
    assert (problem.kind, problem.place.pointer) == (ProblemKind.UNKNOWN_KEY, faulty)
    assert problem.why.endswith(f"it belongs to {home}")


@pytest.mark.parametrize(
    "written",
    [
        "enabled: true",
        "name: claims",
        "dagProcessor: {replicas: 2}",
        "workers: [{keda: {enabled: true, replicas: 2, minReplicaCount: 0}}]",
        "labels: {worker: a, Image: b}",
        "triggerer: {nodeSelector: {replicas: a}, affinity: {env: {}}, resources: {limit: {}}}",
        "sentinel: {extraContainers: [{name: a, ports: [], replicas: 1}], config: {image: a, log_level: INFO}}",
        "x-pod: &pod {replica: 2}",
    ],
)
def test_what_is_nobodys_business(written: str) -> None:
    assert not complaints(written)


@pytest.mark.parametrize(
    ("version", "kinds"),
    [
        ("", ["unknown-key replica"]),
        ("2.2.0", ["unknown-key replica", "unknown-key stateStoreBackend"]),
        ("v2.3.0", ["unknown-key replica"]),
        ("2.3.3", ["unknown-key replica"]),
        ("2.3.4", []),
        ("3.0.0-rc.1", []),
        ("~2.2", ["unknown-key replica"]),
        (">=2.2 <4", ["unknown-key replica"]),
    ],
)
def test_the_chart_s_version_decides_what_is_unknown(version: str, kinds: list[str]) -> None:
    written = "workers: [{replica: 2}]\nstateStoreBackend: a.b.C\n"
    assert [pointer.replace("workers[0].", "") for pointer in complaints(written, version)] == kinds
    assert not complaints("stateStoreBackend: ~\n", version)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("logLevel: DEBUG\nworkers: []\n", True),
        ("commonEnv: [{name: A, value: 0}]\nlabels: {a: true}\n", True),
        ("dagBundleConfigList: []\n", True),
        ("image: ~\nanything: 1\n", True),
        ("", True),
        ("image: a\nreplicaCount: 1\nservice: {}\n", False),
        ("workers: {replicas: 3}\nlogLevel: INFO\n", False),
        ("image: {repository: a}\nlabels: {}\n", False),
        ("workers: three\nimage: a\n", False),
        ("[]", False),
    ],
)
def test_what_may_be_a_layer_of_agent_values(written: str, *, expected: bool) -> None:
    assert is_layer(parsed(written)) is expected


# Private Cloud


@pytest.mark.parametrize(
    ("written", "gone"),
    [
        ("global: {rbacEnabled: true}", []),
        ("global: {rbacEnabled: true, plane: {mode: data}}", []),
        ("global: {rbacEnabled: true, postgresql: {enabled: false}}", ["global.rbacEnabled"]),
        ("global: {rbacEnabled: true, rbac: {enabled: false}}", ["global.rbacEnabled"]),
        ("global: {rbacEnabled: ~, rbac: {enabled: false}}", []),
        ("global: {networkNSLabels: true, ingress: {enabled: true}}", ["global.networkNSLabels"]),
        ("global: {networkNSLabels: {enabled: true}, ingress: {enabled: true}}", []),
        ("global: {singleNamespace: true}\nstan: {}\nkibana: {}", []),
        ("global: {singleNamespace: true, plane: {}}\nstan: {}", ["global.singleNamespace", "stan"]),
        ("stan: !vault x\nglobal: {plane: {}}", ["stan"]),
        ("global: !vault x\nstan: {}", []),
        ("", []),
    ],
)
def test_keys_of_an_older_layout(written: str, gone: list[str]) -> None:
    assert [fault.place.pointer for fault in platform_keys.faults(parsed(written))] == gone
