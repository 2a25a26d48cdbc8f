"""What patches over the rendered chart leave of its values: known, or open, and where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.patches import Change
from astrovet.helm.kustomize.resources import Target
from astrovet.helm.rendered import Effects, changed
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at
from support import plain, state

VALUES: dict[str, Any] = {
    "image": "agent:1",
    "podSecurityContext": {"runAsNonRoot": True},
    "commonEnv": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
    "workers": [{"env": [{"name": "B", "value": "3"}], "volumes": ["v"], "securityContext": {"privileged": False}}],
    "triggerer": {"env": [{"name": "A", "value": "4"}], "podSecurityContext": {"fsGroup": 1}},
    "dagProcessor": {"containerSecurityContext": {"privileged": True}},
    "sentinel": {"env": [{"name": "C", "value": "5"}]},
}
WHY = "a patch changes what the chart makes, after Helm is done"
HOW = "scan what is deployed: render it, and pipe it into astrovet scan -"
EVERYTHING = ["hostNetwork: ?", "everything: ?"]
VARIABLES = [
    "commonEnv.0.value: ?", "commonEnv.1.value: ?", "workers.0.env.0.value: ?", "triggerer.env.0.value: ?",
    "sentinel.env.0.value: ?", "commonEnv.2.name: ?", "commonEnv.2.value: ?",
]  # fmt: skip
VOLUMES = ["workers.0.volumes: ?", "triggerer.volumes: ?", "dagProcessor.volumes: ?", "sentinel.volumes: ?"]
POD = ["podSecurityContext: ?", "triggerer.podSecurityContext: ?"]
CONTAINER = ["containerSecurityContext: ?", "workers.0.securityContext: ?", "dagProcessor.containerSecurityContext: ?"]


def tree(content: object, path: str = "patch.yaml") -> Value[Tree]:
    (document,) = read_yaml(path, json.dumps(content))
    return document.root


def leaves(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    yield from [(path, content)] if not inner else ()
    for key, value in inner:
        yield from leaves(value, f"{path}.{key}".lstrip("."))


def differences(effects: Effects, values: Any = VALUES) -> list[str]:
    """What is another value now than before the patches."""
    made = plain(effects.values)
    before = dict(leaves(values))
    said = [] if isinstance(effects.host_network, Absent) else [f"hostNetwork: {state(effects.host_network)}"]
    if "?" in made and set(made.values()) == {"?"}:
        return [*said, "everything: ?"]
    return said + [f"{path}: {value}" for path, value in leaves(made) if before.get(path) != value]


def after(patch: object, target: Target | None = None, values: object = VALUES) -> Effects:
    return changed(tree(values, "values.yaml"), [Change(tree(patch), target)])


def pods(**spec: object) -> dict[str, Any]:
    return {"kind": "Deployment", "spec": {"template": {"spec": spec}}}


def container(**fields: object) -> dict[str, Any]:
    return pods(containers=[{"name": "agent", **fields}])


def same(expected: list[str], made: Effects, values: Any = VALUES) -> None:
    assert sorted(differences(made, values)) == sorted(expected)


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (container(image="other"), ["image: ?"]),
        (pods(initContainers=[{"name": "a", "image": "other"}]), ["image: ?"]),
        (container(env=[{"name": "B", "value": "x"}]), ["commonEnv.1.value: ?", "workers.0.env.0.value: ?"]),
        (container(env=[{"name": "C", "value": "x"}]), [
            "commonEnv.2.name: C", "commonEnv.2.value: ?", "sentinel.env.0.value: ?"
        ]),
        (container(env=[{"value": "x"}]), VARIABLES),
        (container(env="x"), VARIABLES),
        (container(env=None), VARIABLES),
        (container(envFrom=[{"secretRef": {"name": "x"}}]), VARIABLES),
        (container(command=["x"]), VARIABLES),
        (container(args=["x"]), VARIABLES),
        (container(securityContext={"privileged": True}), CONTAINER),
        (container(ports=[{"containerPort": 1}], volumeMounts=[{"name": "a"}]), []),
        (container(other=1), EVERYTHING),
        (pods(containers="x"), EVERYTHING),
        (pods(containers=[1]), EVERYTHING),
        (pods(hostNetwork=True), ["hostNetwork: True"]),
        (pods(hostNetwork=False), ["hostNetwork: False"]),
        (pods(hostNetwork=None), []),
        (pods(hostNetwork="${FLAG}"), ["hostNetwork: ?"]),
        (pods(securityContext={"runAsUser": 0}), POD),
        (pods(volumes=[{"name": "a"}]), VOLUMES),
        (pods(serviceAccountName="x"), POD),
        ({"kind": "Pod", "spec": {"hostNetwork": True}}, ["hostNetwork: True"]),
        ({"kind": "Pod", "spec": {"hostPID": True}}, POD),
        ({"kind": "StatefulSet", "spec": {"template": {"spec": {"hostNetwork": True}}}}, ["hostNetwork: True"]),
        ({"kind": "Service", "spec": {"template": {"spec": {"hostNetwork": True}}}}, []),
        ({"kind": "Deployment|Service", "spec": {"hostNetwork": True}}, ["hostNetwork: True"]),
        ({"spec": {"hostNetwork": True}}, ["hostNetwork: True"]),
        ({"kind": "Pod", "spec": "x"}, EVERYTHING),
        ({"kind": "Deployment", "spec": {"template": "x"}}, EVERYTHING),
        ({"kind": "Deployment", "spec": {"template": {"spec": None}}}, EVERYTHING),
        ({"kind": "Deployment", "spec": {"template": {"metadata": {"labels": {"a": "b"}}}}}, []),
        ({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "spec"}}, []),
        ({"kind": "Deployment", "$patch": "delete"}, EVERYTHING),
        (pods(**{"$patch": "replace"}), EVERYTHING),
        *(
            ({"kind": "Deployment", "spec": {key: 1}}, [])
            for key in ("replicas", "strategy", "selector", "minReadySeconds")
        ),
        *(
            (patched, [])
            for key in (
                "affinity", "dnsConfig", "dnsPolicy", "imagePullPolicy", "lifecycle", "livenessProbe", "nodeName",
                "nodeSelector", "priorityClassName", "readinessProbe", "resources", "runtimeClassName",
                "schedulerName", "startupProbe", "terminationGracePeriodSeconds", "tolerations",
                "topologySpreadConstraints",
            )
            for patched in (pods(**{key: {"a": 1}}), container(**{key: {"a": 1}}))
        ),
    ],
)  # fmt: skip
def test_what_a_part_of_an_object_changes(patch: object, expected: list[str]) -> None:
    same(expected, after(patch))


SPEC = "/spec/template/spec"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"op": "add", "path": f"{SPEC}/hostNetwork", "value": True}, ["hostNetwork: True"]),
        ({"op": "replace", "path": f"{SPEC}/hostNetwork", "value": False}, ["hostNetwork: False"]),
        ({"op": "remove", "path": f"{SPEC}/hostNetwork"}, []),
        ({"op": "copy", "from": "/a", "path": f"{SPEC}/hostNetwork"}, ["hostNetwork: ?"]),
        ({"op": "move", "from": "/a", "path": f"{SPEC}/hostNetwork"}, ["hostNetwork: ?"]),
        ({"op": "move", "from": f"{SPEC}/volumes/0", "path": "/metadata/a"}, VOLUMES),
        ({"op": "test", "path": f"{SPEC}/hostNetwork", "value": True}, []),
        ({"op": "add", "path": "spec/hostNetwork", "value": True}, []),
        ({"op": "add", "path": f"{SPEC}/containers/0/image", "value": "x"}, ["image: ?"]),
        ({"op": "add", "path": f"{SPEC}/containers/0", "value": {}}, EVERYTHING),
        ({"op": "remove", "path": f"{SPEC}/containers"}, EVERYTHING),
        ({"op": "add", "path": f"{SPEC}/containers/0/env/-", "value": {"name": "A", "value": "x"}}, [
            "commonEnv.0.value: ?", "triggerer.env.0.value: ?"
        ]),
        ({"op": "add", "path": f"{SPEC}/containers/0/env", "value": [{"name": "A"}]}, VARIABLES),
        ({"op": "add", "path": f"{SPEC}/containers/0/env/0", "value": {"name": "A"}}, VARIABLES),
        ({"op": "add", "path": f"{SPEC}/containers/0/env/0", "value": [{"name": "A"}]}, VARIABLES),
        ({"op": "remove", "path": f"{SPEC}/containers/0/env/-"}, VARIABLES),
        ({"op": "remove", "path": f"{SPEC}/containers/0/env"}, VARIABLES),
        ({"op": "replace", "path": f"{SPEC}/containers/0/env/0/value", "value": "x"}, VARIABLES),
        ({"op": "replace", "path": "/metadata/name", "value": "x"}, []),
        ({"op": "replace", "path": "", "value": {}}, EVERYTHING),
    ],
)  # fmt: skip
def test_what_operations_of_a_json_patch_change(operation: object, expected: list[str]) -> None:
    same(expected, after([operation], Target(kind="Deployment")))
    same([], after([operation], Target(kind="Service")))
    same(expected, after([operation], Target(name="agent")))


def test_an_operation_that_is_refused_does_not_end_the_patch() -> None:
    flag = {"op": "add", "path": f"{SPEC}/hostNetwork", "value": True}
    for refused in (
        {**flag, "path": "spec"},
        {"op": "move", "from": "spec", "path": "/spec/a"},
        {**flag, "op": "test"},
    ):
        same(["hostNetwork: True"], after([refused, flag], Target(kind="Deployment")))


def test_a_later_patch_comes_over_an_earlier_one() -> None:
    patches = [Change(tree(pods(hostNetwork=flag)), None) for flag in (True, False)]
    same(["hostNetwork: False"], changed(tree(VALUES), patches))
    same(["hostNetwork: True"], changed(tree(VALUES), patches[::-1]))


def test_a_patch_that_is_not_known_leaves_everything_open_with_its_reason() -> None:
    unknown = Unknown("the patch is not here", Place("release.yaml", 3, 1))
    effects = changed(tree(VALUES), [Change(unknown, None)])
    assert differences(effects) == EVERYTHING
    assert effects.host_network == unknown
    assert isinstance(effects.values, Known)
    assert at(effects.values, "anything") == unknown


@pytest.mark.parametrize(
    ("patch", "key", "place"),
    [
        (pods(securityContext={"runAsUser": 0}), "podSecurityContext", "0}"),
        (container(image="other"), "image", '"other"'),
        (container(**{"$patch": "delete"}), "anything", '"$patch"'),
    ],
)
def test_what_is_open_says_why_and_where(patch: object, key: str, place: str) -> None:
    value = at(after(patch).values, key)
    column = json.dumps(patch).index(place) + 1
    assert isinstance(value, Unknown)
    assert (value.why, value.how, value.place.path, value.place.column) == (WHY, HOW, "patch.yaml", column)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ["commonEnv.0.name: C", "commonEnv.0.value: ?"]),
        ({"commonEnv": "x"}, ["commonEnv.0.name: C", "commonEnv.0.value: ?"]),
        ({"commonEnv": [{"name": "C"}, "x"]}, ["commonEnv.0.value: ?"]),
        ({"workers": [1, {"env": "x"}], "commonEnv": [{"name": "C"}]}, ["commonEnv.0.value: ?"]),
        ({"workers": {"env": []}, "triggerer": "x", "commonEnv": [{"name": "C"}]}, ["commonEnv.0.value: ?"]),
    ],
)
def test_a_variable_of_values_that_are_written_otherwise(values: Any, expected: list[str]) -> None:
    same(expected, after(container(env=[{"name": "C", "value": "x"}]), values=values), values)


def test_a_variable_that_may_be_shared_already_is_not_added() -> None:
    for values in (Unknown("who knows", Place("a")), Known(Map({}, Unknown("who knows", Place("a"))), Place("a"))):
        assert changed(values, [Change(tree(container(env=[{"name": "C"}])), None)]).values == values


def test_what_takes_variables_away_leaves_the_settings_open_that_the_chart_passes_on_by_them() -> None:
    values = {"secretBackend": "a.B", "xcomBackend": "a.C", "resourceNamePrefix": "claims"}
    made = plain(
        after([{"op": "remove", "path": f"{SPEC}/containers/0/env"}], Target(kind="Deployment"), values).values
    )
    assert made == {
        "secretBackend": "?",
        "xcomBackend": "?",
        "resourceNamePrefix": "claims",
        "commonEnv": [{"name": "?", "value": "?"}],
    }
