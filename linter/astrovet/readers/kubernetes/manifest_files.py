"""Files of Kubernetes manifests: which of those in a repository are worth reading, and what they hold.

A repository may hold thousands of manifests that have nothing to do with agents. One that was found below a
folder is parsed only where its bytes hint at agents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from astrovet.document import Document, Problem, bug
from astrovet.model.agent import Agent
from astrovet.model.estate import Estate
from astrovet.model.kubernetes import ExposedService, KubernetesObject, PodTemplate
from astrovet.readers.kubernetes.agent_pods import agent_pods, join_agents
from astrovet.readers.kubernetes.labels import AGENT_APP
from astrovet.value import Known

POLICIES = r"(?m:^kind: *[\"']?\w*(?:NetworkPolicy|AuthorizationPolicy)\b)"
"""A policy may cover agents without naming them or their namespace."""


def with_manifests(
    declared: Estate,
    agents: Sequence[Agent],
    files: Mapping[str, bytes],
    named: Iterable[str],
    read: Callable[[str], Iterable[Document]],
    broken: Callable[[Problem], None],
) -> Estate:
    """What Terraform declares, and what the manifests among YAML files do, each knowing whether it concerns agents.

    Args:
        declared: what Terraform declares.
        agents: the agents of the run.
        files: the bytes of all YAML files, by path.
        named: the files that the user named; these are read whatever they hold.
        read: parses one of the files.
        broken: is told of a file over which a reader broke.
    """
    pending = {path: data for path, data in files.items() if b"apiVersion" in data and b"kind" in data}

    def take(paths: Iterable[str]) -> Estate:
        taken = [path for path in paths if pending.pop(path, None) is not None]
        return sum((of_file(path) for path in taken), Estate())

    def of_file(path: str) -> Estate:
        from astrovet.readers.kubernetes.manifests import manifests_of_document  # many repositories have none
        from astrovet.readers.kubernetes.objects import kubernetes_objects

        try:
            return kubernetes_objects(
                manifest for document in read(path) for manifest in manifests_of_document(document)
            )
        except Exception as error:  # noqa: BLE001  see `bug`
            broken(bug(path, error))
            return Estate()

    objects = declared + take(named)
    names = {*agent_pods(agents, objects.of(PodTemplate)).namespaces, *_secrets_of(agents)}
    objects += take(_hinting(pending, names, (re.escape(AGENT_APP),)))
    # What these say of agents tells what else to look for.
    joined = join_agents(objects, agents)
    pods = agent_pods(agents, objects.of(PodTemplate))
    patterns = (re.escape(AGENT_APP), *([POLICIES] if pods.exist else ()))
    further = (*_hinting(pending, pods.namespaces, patterns), *_speaking_of(pending, frozenset(_services(joined))))
    return join_agents(objects + take(dict.fromkeys(further)), agents)


def judged_files(objects: Estate) -> frozenset[str]:
    """The files with an object that concerns agents, or may."""
    inside = (subject for subject in objects.objects if isinstance(subject, KubernetesObject))
    return frozenset(subject.place.path for subject in inside if subject.is_of_astro)


_NAMES = re.compile(rb"name(?:space)?[\"']?: *[\"']?([\w.-]+)")


def _hinting(files: Mapping[str, bytes], names: Collection[str], patterns: Sequence[str]) -> list[str]:
    """The files with one of these as a name or a namespace, or with bytes that match one of the patterns."""
    anything = re.compile("|".join(patterns).encode())
    wanted = {name.encode() for name in names}
    return [
        path
        for path, data in files.items()
        if anything.search(data) or (wanted and not wanted.isdisjoint(_NAMES.findall(data)))
    ]


def _speaking_of(files: Mapping[str, bytes], words: frozenset[str]) -> list[str]:
    """The files in which one of these words stands."""
    wanted = {word.encode() for word in words}
    return [path for path, data in files.items() if wanted and not wanted.isdisjoint(re.findall(rb"[\w-]+", data))]


def _secrets_of(agents: Sequence[Agent]) -> Iterator[str]:
    """The names of the Secrets that agents read."""
    for agent in agents:
        yield from (name.value for _, name in agent.secret_names() if isinstance(name, Known) and name.value)


def _services(objects: Estate) -> Iterator[str]:
    """The names of the Services that lead to agents: a route can lead to them."""
    for service in objects.of(ExposedService):
        if service.is_of_astro and isinstance(service.name, Known):
            yield service.name.value
