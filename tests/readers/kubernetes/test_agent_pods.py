"""Which Kubernetes objects concern agents, and which files of a repository are read for it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrovet.document import Document, Problem
from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.estate import Estate, Input
from astrovet.model.kubernetes import ExposedService, Labels, NetworkPolicy
from astrovet.place import Place
from astrovet.readers.estate import Reading, build
from astrovet.readers.kubernetes.agent_pods import AgentPods, selects_agents
from astrovet.readers.kubernetes.manifest_files import judged_files, with_manifests
from astrovet.readers.source_file import Role, SourceFile
from astrovet.value import Absent, Known, Unknown, Value

HERE = Place("k8s.yaml")
NOBODY_KNOWS = Unknown("nobody knows", HERE)
AGENTS = AgentPods(namespaces=frozenset({"airflow-agents"}), names=("claims-prod",))
NO_AGENTS = AgentPods()
RENDERED = AgentPods(
    namespaces=frozenset({"airflow-agents"}),
    rendered=({"app": Known("astro-agent", HERE), "queue": Known("default", HERE)},),
)
SOMEWHERE = AgentPods(somewhere=NOBODY_KNOWS)


def labels(**values: str) -> Value[Labels]:
    labels = {key.replace("__", "/").replace("_", "."): Known(value, HERE) for key, value in values.items()}
    return Known(Labels(labels), HERE)


def namespace(name: str) -> Value[str]:
    others: dict[str, Value[str]] = {"?": NOBODY_KNOWS, "-": Absent(HERE)}
    return others.get(name, Known(name, HERE))


def state(value: Value[bool]) -> object:
    return value.value if isinstance(value, Known) else "?"


@pytest.mark.parametrize(
    ("selector", "where", "pods", "expected"),
    [
        # The chart's own label leads to agents wherever it stands.
        (labels(app="astro-agent"), "airflow-agents", AGENTS, True),
        (labels(app="astro-agent"), "elsewhere", AGENTS, True),
        (labels(app="astro-agent"), "?", NO_AGENTS, True),
        (labels(app="astro-agent", component="worker"), "?", NO_AGENTS, True),
        # Another app is another app.
        (labels(app="grafana"), "airflow-agents", AGENTS, False),
        (labels(app="grafana", component="worker"), "airflow-agents", AGENTS, False),
        (labels(app_kubernetes_io__name="prometheus"), "airflow-agents", AGENTS, False),
        (labels(app_kubernetes_io__name="airflow", component="worker"), "airflow-agents", AGENTS, False),
        # Without that label, the namespace and what the labels speak of.
        (labels(component="worker"), "airflow-agents", AGENTS, True),
        (labels(component="worker"), "elsewhere", AGENTS, False),
        (labels(component="worker"), "?", AGENTS, "?"),
        (labels(component="worker"), "airflow-agents", SOMEWHERE, "?"),
        (labels(component="worker"), "airflow-agents", NO_AGENTS, False),
        (labels(app_kubernetes_io__instance="claims-prod"), "airflow-agents", AGENTS, True),
        (labels(app_kubernetes_io__name="astro-remote-execution-agent"), "airflow-agents", AGENTS, True),
        (labels(tier="frontend"), "airflow-agents", AGENTS, "?"),
        (labels(tier="frontend"), "?", AGENTS, False),
        (labels(tier="frontend"), "elsewhere", AGENTS, False),
        # What the rendered Pods carry.
        (labels(queue="default"), "airflow-agents", RENDERED, True),
        (labels(queue="heavy"), "airflow-agents", RENDERED, "?"),
        # All Pods.
        (labels(), "airflow-agents", AGENTS, True),
        (labels(), "elsewhere", AGENTS, False),
        (labels(), "?", AGENTS, "?"),
        (labels(), "?", NO_AGENTS, False),
        (labels(), "-", AGENTS, True),
        (labels(), "-", NO_AGENTS, False),
        # Unknown labels matter where agents may run.
        (Known(Labels({"app": NOBODY_KNOWS}), HERE), "airflow-agents", AGENTS, "?"),
        (Known(Labels({"app": NOBODY_KNOWS}), HERE), "elsewhere", AGENTS, False),
        (Known(Labels({"app": NOBODY_KNOWS}), HERE), "?", NO_AGENTS, False),
        (Known(Labels({}, NOBODY_KNOWS), HERE), "airflow-agents", AGENTS, "?"),
        (Known(Labels({"app": Known("grafana", HERE)}, NOBODY_KNOWS), HERE), "airflow-agents", AGENTS, False),
        (Known(Labels({"tier": NOBODY_KNOWS}), HERE), "airflow-agents", AGENTS, "?"),
        (NOBODY_KNOWS, "airflow-agents", AGENTS, "?"),
        (NOBODY_KNOWS, "airflow-agents", NO_AGENTS, False),
        # A Service without a selector selects nothing.
        (Absent(HERE), "airflow-agents", AGENTS, False),
    ],
)
def test_whom_a_selector_finds(selector: Value[Labels], where: str, pods: AgentPods, expected: object) -> None:
    assert state(selects_agents(selector, namespace(where), pods)) == expected


WORDS = st.sampled_from(["app", "component", "tier", "app.kubernetes.io/name"])
VALUES = st.sampled_from(["grafana", "worker", "frontend", "astro", "claims-prod"])
SOME_LABELS = st.dictionaries(WORDS, VALUES.map(lambda value: Known(value, HERE)) | st.just(NOBODY_KNOWS), max_size=3)


@given(SOME_LABELS, st.booleans(), st.sampled_from(["airflow-agents", "elsewhere", "?", "-"]))
def test_without_an_agent_only_the_charts_own_label_counts(
    labels: dict[str, Value[str]], is_open: bool, where: str
) -> None:
    selector: Value[Labels] = Known(Labels(labels, NOBODY_KNOWS if is_open else None), HERE)
    assert state(selects_agents(selector, namespace(where), NO_AGENTS)) is False


@given(SOME_LABELS, st.sampled_from(["airflow-agents", "elsewhere"]), VALUES)
def test_what_is_decided_stays_so_whatever_an_unknown_label_turns_out_to_be(
    labels: dict[str, Value[str]], where: str, later: str
) -> None:
    before = selects_agents(Known(Labels(labels), HERE), namespace(where), AGENTS)
    settled = {key: Known(later, HERE) if isinstance(label, Unknown) else label for key, label in labels.items()}
    after = selects_agents(Known(Labels(settled), HERE), namespace(where), AGENTS)
    assert isinstance(before, Unknown) or state(before) == state(after)


# --- files

AGENT_VALUES = b"""
resourceNamePrefix: claims-prod
namespace: airflow-agents
astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d7f3k2a1
agentTokenSecretName: agent-token
workers: [{name: default, syncSlots: 20}]
"""

INGRESS = b"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec: {rules: [{http: {paths: [{backend: {service: {name: agent-metrics}}}]}}]}
"""
SERVICE = b"apiVersion: v1\nkind: Service\nmetadata: {name: agent-metrics}\nspec: {selector: {app: astro-agent}}\n"
POLICY = b"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n"
OTHER = b"apiVersion: v1\nkind: Service\nmetadata: {name: shop, namespace: shop}\nspec: {type: LoadBalancer}\n"


def estate(files: dict[str, bytes], role: Role = Role.FOUND) -> Reading:
    return build([SourceFile.of(path, data, role) for path, data in files.items()], ".")


def read_of(files: dict[str, bytes], named: Iterable[str] = ()) -> tuple[Estate, list[str]]:
    """The objects without any agent given, and the files that were parsed for it."""
    parsed: list[str] = []

    def read(path: str) -> tuple[Document, ...]:
        parsed.append(path)
        return read_yaml(path, files[path].decode())

    broken: list[Problem] = []
    objects = with_manifests(Estate(), (), files, named, read, broken.append)
    assert not broken
    return objects, parsed


def test_files_that_hint_at_nothing_are_not_parsed() -> None:
    workflow = b"on: push\njobs: {kind: x, apiVersion: y, name: astro-agent"  # and would not parse
    objects, parsed = read_of({"other.yaml": OTHER, "policy.yaml": POLICY, "ingress.yaml": INGRESS})
    assert (objects, parsed) == (Estate(), [])
    assert read_of({"workflow.yaml": workflow.replace(b"apiVersion", b"")})[1] == []


def test_what_is_found_tells_what_else_to_look_for() -> None:
    files = {"ingress.yaml": INGRESS, "other.yaml": OTHER, "service.yaml": SERVICE}
    objects, parsed = read_of(files)
    assert parsed == ["service.yaml", "ingress.yaml"]
    assert judged_files(objects) == {"service.yaml", "ingress.yaml"}


def test_named_files_are_read_once_and_whatever_they_hold() -> None:
    objects, parsed = read_of({"other.yaml": OTHER, "service.yaml": SERVICE}, named=["other.yaml"])
    assert parsed == ["other.yaml", "service.yaml"]
    assert len(objects.of(ExposedService)) == 2
    assert judged_files(objects) == {"service.yaml"}


def test_with_an_agent_policies_are_read_wherever_they_are() -> None:
    model = estate({"values.yaml": AGENT_VALUES, "base/policy.yaml": POLICY}).estate
    assert [state(policy.covers_agents) for policy in model.of(NetworkPolicy)] == ["?"]
    assert [file.path for file in model.of(Input)] == ["values.yaml"]  # nothing ties the policy to agents


@pytest.mark.parametrize(
    "text",
    [
        b"metadata: {name: shop, namespace: airflow-agents}",
        b"metadata:\n  name: shop\n  namespace: 'airflow-agents'",
        b'metadata: {"name": "shop", "namespace": "airflow-agents"}',
    ],
)
def test_the_agents_namespace_is_looked_for(text: bytes) -> None:
    files = {"values.yaml": AGENT_VALUES, "shop.yaml": b"apiVersion: v1\nkind: Service\n" + text + b"\n"}
    assert len(estate(files).estate.of(ExposedService)) == 1
    other = {**files, "shop.yaml": files["shop.yaml"].replace(b"airflow-agents", b"airflow-agents-2")}
    assert estate(other).estate.of(ExposedService) == ()


def test_files_that_concern_agents_are_inputs() -> None:
    model = estate({"values.yaml": AGENT_VALUES, "service.yaml": SERVICE, "other.yaml": OTHER}).estate
    assert [(file.path, str(file.input_kind)) for file in model.of(Input)] == [
        ("values.yaml", "agent-values"),
        ("service.yaml", "kubernetes"),
    ]
    assert not estate({"service.yaml": SERVICE}).estate.is_empty
    assert estate({"other.yaml": OTHER}).estate.is_empty


def test_broken_manifests_that_were_found_are_told_where_they_speak_of_agents() -> None:
    reading = estate({"a.yaml": SERVICE + b"  broken: [\n", "others.yaml": OTHER + b"  broken: [\n"})
    assert [file.path for file in reading.estate.of(Input)] == ["a.yaml"]


def test_a_thousand_files_of_others_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = (OTHER, POLICY, INGRESS, b"on: push\n", b"services: {web: {image: x}}\n", b"kind: {{ .Values.kind }}\n")
    files = {f"k8s/{number}.yaml": kinds[number % len(kinds)] for number in range(1000)}

    parsed: list[str] = []

    def counting(path: str, content: str) -> tuple[Document, ...]:
        parsed.append(path)
        return read_yaml(path, content)

    monkeypatch.setattr("astrovet.formats.yaml.documents.read_yaml", counting)
    model = estate(files).estate
    assert parsed == []
    assert (model.objects, model.notes, model.namespaces) == ((), (), frozenset())
