"""Agents that the inputs hold as Helm renders them, for which no values are at hand.

Pods are the agents' by the chart's label, a Deployment is one of its components by its name. One whose container
shows nothing of Airflow's settings is left out: of it is told that it is not judged.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet import airflow
from astrovet.document import Document
from astrovet.helm.charts.agent import AGENT_CHART
from astrovet.helm.kustomize.trees import word
from astrovet.model.agent import Agent
from astrovet.model.component import TASK_COMPONENTS, ComponentKind
from astrovet.model.secrets_backend import SECRETS, secrets_backend
from astrovet.model.variables import settled
from astrovet.readers.agent.agent import read_agent
from astrovet.readers.agent.helm_inputs import ValuesFacts
from astrovet.readers.agent.rendered_values import HOW, KEYS, LOST, RenderedPods, own_variables, values_of
from astrovet.readers.kubernetes.labels import AGENT_APP, APP, may_run_agents
from astrovet.readers.kubernetes.manifests import Manifest, manifests_of_document
from astrovet.readers.source_file import Role, SourceFile
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, listed, text

KINDS = ("Deployment", "StatefulSet")
NAME = re.compile(f"-({'|'.join(KEYS)})(?=-|$)")
SIGNS = (airflow.OPTION, "ASTRO_")
"""How the variables begin that only an agent's own container has."""


class _Part(Struct, frozen=True):
    """A Deployment, and what its name may say: the prefix, the component, the worker."""

    manifest: Manifest
    readings: tuple[tuple[str, ComponentKind, str], ...]


def rendered_agents(files: Sequence[SourceFile], of_helm: ValuesFacts, known: Sequence[Agent]) -> Iterator[Agent]:
    """The agents among the objects of files, and of what overlays make; without those whose values are at hand."""
    for agent in _found(dict(_sources(files, of_helm))):
        if not any(_may_be(agent, other) for other in known):
            yield agent


def _sources(files: Sequence[SourceFile], of_helm: ValuesFacts) -> Iterator[tuple[str, Sequence[Document]]]:
    """The objects that may have to do with agents, by path; a folder may hold a file for each of them."""
    parts = of_helm.overlays.parts if of_helm.overlays is not None else frozenset()
    loose = [file for file in files if file.role in {Role.FOUND, Role.NAMED} and file.path not in parts]
    folders = {posixpath.dirname(file.path) for file in loose if may_run_agents(file.data)}
    for file in loose:
        if posixpath.dirname(file.path) in folders and b"apiVersion" in file.data:
            yield file.path, of_helm.yaml_files[file.path].documents
    for path, made in of_helm.overlays.made().items() if of_helm.overlays is not None else ():
        if may_run_agents(made.data):
            yield path.removesuffix("#"), made.documents()


def _may_be(rendered: Agent, other: Agent) -> bool:
    match settled(other.name), settled(other.namespace):
        case Known(name), _ if name:
            return _text(rendered.name) == name
        case _, Known(namespace):
            return _text(rendered.namespace) in ("", namespace)
        case _:
            return True


def _text(value: Value[str]) -> str:
    return value.value if isinstance(value, Known) else ""


def _found(sources: Mapping[str, Iterable[Document]]) -> Iterator[Agent]:
    """A chart may be rendered into one file, or into a folder with a file for each object."""
    manifests = {
        path: [manifest for document in documents for manifest in manifests_of_document(document)]
        for path, documents in sources.items()
    }
    folders: dict[str, list[Manifest]] = {}
    for path, held in manifests.items():
        agents = tuple(_agents(path, held))
        yield from (agent for agent in agents if agent.complete)
        if not all(agent.complete for agent in agents) or not agents:
            folders.setdefault(posixpath.dirname(path), []).extend(held)
    for folder, held in folders.items():
        yield from _agents(folder or ".", held)


def _agents(path: str, manifests: Sequence[Manifest]) -> Iterator[Agent]:
    parts = [part for manifest in manifests if manifest.kind in KINDS and (part := _part(manifest)).readings]
    for (namespace, prefix), own in _by_agent(parts).items():
        objects = {
            (manifest.kind, word(manifest.name)): manifest
            for manifest in manifests
            if isinstance(manifest.name, Known) and _in(manifest, namespace)
        }
        made = (_pods(part, prefix, objects) for part in own)
        pods = {(one.kind, one.worker): one for one in made if one is not None}
        if any(kind in TASK_COMPONENTS for kind, _ in pods):
            yield _agent(path, prefix, tuple(pods.values()), objects)


def _in(manifest: Manifest, namespace: str) -> bool:
    match manifest.namespace:
        case Known(name):
            return name == namespace or manifest.kind == "Namespace"
        case Unknown() | Absent():
            return True


def _part(manifest: Manifest) -> _Part:
    name = word(manifest.name) if isinstance(manifest.name, Known) else ""
    readings = (
        (name[: said.start()], KEYS[said.group(1)], name[said.end() :].removeprefix("-"))
        for said in NAME.finditer(name)
    )
    return _Part(manifest, tuple(readings))


def _by_agent(parts: Sequence[_Part]) -> dict[tuple[str, str], list[_Part]]:
    """The Deployments of each agent, by namespace and prefix; of several readings the one with most components."""
    kinds: dict[tuple[str, str], set[ComponentKind]] = {}
    for part in parts:
        for prefix, kind, _ in part.readings:
            kinds.setdefault((_namespace(part), prefix), set()).add(kind)
    agents: dict[tuple[str, str], list[_Part]] = {}
    for part in parts:
        agent = max(((_namespace(part), prefix) for prefix, _, _ in part.readings), key=lambda one: len(kinds[one]))
        agents.setdefault(agent, []).append(part)
    return agents


def _namespace(part: _Part) -> str:
    namespace = part.manifest.namespace
    return namespace.value if isinstance(namespace, Known) else ""


def _pods(part: _Part, prefix: str, objects: Mapping[tuple[str, str], Manifest]) -> RenderedPods | None:
    """The Pods of a component; None where they are not the agents', or show nothing of its settings."""
    kind, worker = next(reading[1:] for reading in part.readings if reading[0] == prefix)
    template = at(part.manifest.root, "spec", "template")
    containers = listed(at(template, "spec", "containers"))
    is_labelled = word(template, "metadata", "labels", APP) == AGENT_APP
    environments = [own_variables(container, objects) for container in containers]
    if kind is ComponentKind.SENTINEL:
        number = 0 if containers else None
    else:
        shown = (number for number, variables in enumerate(environments) if is_labelled and _speaks(variables))
        number = next(shown, None)
    if number is None:
        return None
    return RenderedPods(
        kind=kind,
        worker=worker if kind is ComponentKind.WORKER else "",
        manifest=part.manifest,
        spec=at(template, "spec"),
        annotations=at(template, "metadata", "annotations"),
        own=containers[number],
        further=(*containers[:number], *containers[number + 1 :]),
        variables=environments[number],
    )


def _speaks(variables: Sequence[Value[Tree]]) -> bool:
    return any(word(variable, "name").startswith(SIGNS) for variable in variables)


def _agent(path: str, prefix: str, pods: Sequence[RenderedPods], objects: Mapping[tuple[str, str], Manifest]) -> Agent:
    first = pods[0].manifest
    identity = f"{path}#{prefix}"
    is_whole = {one.kind for one in pods}.issuperset(TASK_COMPONENTS)
    named = Known(prefix, first.name.place if isinstance(first.name, Known) else first.place)
    agent = read_agent(
        identity,
        identity,
        values_of(pods, named, objects, is_whole=is_whole),
        first.place,
        complete=is_whole,
        chart_version=_version(pods),
        layers=tuple(dict.fromkeys(one.manifest.place.path for one in pods)),
        how="as Helm renders it",
    )
    agent = replace(agent, has_chart_2_key=False, is_rendered=True)  # it shows no keys of the chart
    if not is_whole:
        return agent
    tasks = (one for kind in TASK_COMPONENTS for one in pods if one.kind is kind)
    backends = (
        secrets_backend(settled(text(one.setting(SECRETS.backend))), environment)
        for one, environment in zip(tasks, agent.environments(), strict=True)
    )
    return replace(agent, secrets=tuple(backends))


def _version(pods: Sequence[RenderedPods]) -> Value[str]:
    """The chart's version, from the label that Helm's conventions give to each object."""
    for one in pods:
        label = word(one.manifest.root, "metadata", "labels", "helm.sh/chart")
        if label.startswith(f"{AGENT_CHART}-"):
            place = at(one.manifest.root, "metadata", "labels", "helm.sh/chart").place
            return Known(label.removeprefix(f"{AGENT_CHART}-").replace("_", "+"), place)
    return Unknown(LOST, pods[0].manifest.place, how=HOW)
