"""The picture of an estate: what runs in which plane, where data lies, who calls whom, and what a rule failed for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from astrovet.judging.verdict import Report, VerdictKind
from astrovet.model.agent import Agent
from astrovet.model.deployment import Cluster, Deployment
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.estate import Estate
from astrovet.model.kubernetes import ExposedService, PodTemplate, Route
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.platform import Platform
from astrovet.model.severity import Severity
from astrovet.model.subject import Subject, label
from astrovet.place import Place
from astrovet.reports.estate.picture import Arrow, Box, BoxKind, Fact, Picture, Plane
from astrovet.reports.estate.titles import title
from astrovet.reports.estate.whereabouts import UNKNOWN, Whereabouts, kept_by_agent, kept_by_deployment
from astrovet.secrecy import Redactor, shown
from astrovet.value import Absent, Known, Unknown, Value

PLANES = {
    DeploymentModel.STANDARD: Plane.HOSTED,
    DeploymentModel.DEDICATED: Plane.HOSTED,
    DeploymentModel.REMOTE_EXECUTION: Plane.ORCHESTRATION,
    DeploymentModel.PRIVATE_CLOUD: Plane.PRIVATE,
    DeploymentModel.HYBRID: Plane.EXECUTION,
}
"""Where a deployment stands; the tasks of one with Remote Execution run in agents, which stand elsewhere."""

OPEN_SERVICES = ("LoadBalancer", "NodePort")


def draw(estate: Estate, redact: Redactor, failed: Mapping[str, Severity] | None = None) -> Picture:
    """The architecture of an estate; what a rule failed for is marked with the worst severity."""
    drawn = _Drawn({}, [], failed or {}, redact)
    deployments = _draw_deployments(estate, drawn)
    agents = _draw_agents(estate, deployments, drawn)
    _draw_entrances(estate, agents, drawn)
    _draw_platforms(estate, drawn)
    return redact.record(Picture(tuple(drawn.boxes.values()), tuple(dict.fromkeys(drawn.arrows))))


def failures(report: Report) -> dict[str, Severity]:
    """The worst failure of each subject, by its id (with the environment, as reports have it)."""
    worst: dict[str, Severity] = {}
    for verdict in report.verdicts:
        if verdict.kind is VerdictKind.FAIL:
            for name in verdict.instances or (verdict.subject,):
                worst[name] = min(
                    verdict.severity, worst.get(name, verdict.severity), key=lambda severity: severity.rank
                )
    return worst


class _Drawn(NamedTuple):
    """What is drawn so far."""

    boxes: dict[object, Box]
    """By what they stand for, so that a thing is drawn once."""
    arrows: list[Arrow]
    failed: Mapping[str, Severity]
    """By the ids that are shown."""
    redact: Redactor

    def box(
        self,
        of: object,
        kind: BoxKind,
        words: str,
        plane: Plane,
        facts: Iterable[Fact] = (),
        *,
        inside: str = "",
        subject: Subject | None = None,
    ) -> Box:
        """The box of a thing; one that is there gets the facts that it lacks."""
        failed = self.failed.get(self.redact.named(label(subject))) if subject is not None else None
        drawn = self.boxes.get(of) or Box(f"{kind[0]}{len(self.boxes)}", kind, words, plane, inside, (), failed)
        self.boxes[of] = replace(drawn, facts=tuple(dict.fromkeys((*drawn.facts, *facts))))
        return self.boxes[of]


def _draw_deployments(estate: Estate, drawn: _Drawn) -> dict[Place, Box]:
    """All deployments in their clusters, and clusters without any."""
    boxes: dict[Place, Box] = {}
    for deployment in estate.of(Deployment):
        plane, model = _plane(deployment.model)
        facts = [model]
        if plane is Plane.HOSTED:
            facts.append(Fact("DAGs, logs", "at Astronomer"))
        elif plane is Plane.ORCHESTRATION:
            facts.append(_admits(deployment))
        inside = ""
        match deployment.cluster.to:
            case Known(cluster):
                inside = _draw_cluster(cluster, plane, drawn).key
            case Unknown() | Absent():
                pass
        box = drawn.box(
            (deployment.place, "deployment"),
            BoxKind.DEPLOYMENT,
            title(deployment),
            plane,
            facts,
            inside=inside,
            subject=deployment,
        )
        if plane is Plane.HOSTED:
            box = _draw_kept(box, (deployment.place, "deployment"), kept_by_deployment(deployment, estate), drawn)
        boxes[deployment.place] = box
    used = {of[0] for of in drawn.boxes if isinstance(of, tuple)}
    for cluster in estate.of(Cluster):
        if cluster.place not in used:
            _draw_cluster(cluster, Plane.HOSTED, drawn)
    return boxes


def _draw_cluster(cluster: Cluster, plane: Plane, drawn: _Drawn) -> Box:
    """A cluster is drawn in each plane in which it has deployments."""
    facts = [Fact("cloud", _shown(cluster.cloud))] if isinstance(cluster.cloud, Known) else []
    words = f"cluster {title(cluster)}"
    return drawn.box((cluster.place, plane), BoxKind.CLUSTER, words, plane, facts, subject=cluster)


def _plane(model: Value[DeploymentModel]) -> tuple[Plane, Fact]:
    match model:
        case Known(known):
            return PLANES[known], Fact("model", known)
        case Unknown() | Absent():
            return Plane.UNKNOWN, Fact("model", UNKNOWN, is_known=False)


def _admits(deployment: Deployment) -> Fact:
    """Who may call the API for agents."""
    match deployment.remote_execution:
        case Known(settings):
            ranges = settings.allowed_ranges
        case Unknown() | Absent() as ranges:
            pass
    match ranges:
        case Known(listed) if listed:
            return Fact("agent API open to", "the addresses that are listed")
        case Known() | Absent():
            return Fact("agent API open to", "every address")
        case Unknown():
            return Fact("agent API open to", UNKNOWN, is_known=False)


def _draw_agents(estate: Estate, deployments: Mapping[Place, Box], drawn: _Drawn) -> tuple[Box, ...]:
    boxes = []
    for agent in estate.of(Agent):
        of = agent.place, agent.id
        box = drawn.box(of, BoxKind.AGENT, title(agent), Plane.EXECUTION, subject=agent)
        boxes.append(box)
        for target, is_certain in _served(agent, deployments, drawn):
            drawn.arrows.append(Arrow(box.key, target, "calls Astro's API: HTTPS, outbound", is_certain))
        _draw_kept(box, of, kept_by_agent(agent, estate), drawn)
    return tuple(boxes)


def _draw_kept(box: Box, of: object, kept: Iterable[tuple[str, Iterable[Whereabouts]]], drawn: _Drawn) -> Box:
    """What a thing keeps where: in its box, and with arrows to what else there is."""
    for what, stores in kept:
        for store in _without_doubles(stores):
            box = drawn.box(of, box.kind, box.title, box.plane, [Fact(what, store.words, store.is_known)])
            if store.plane is not None:
                facts = [Fact("holds", what)]
                held = drawn.box(store.identity, BoxKind.STORE, store.words, store.plane, facts, subject=store.subject)
                drawn.arrows.append(Arrow(box.key, held.key, what))
    return box


def _without_doubles(stores: Iterable[Whereabouts]) -> Iterable[Whereabouts]:
    return {(store.words, store.identity): store for store in stores}.values()


def _served(agent: Agent, deployments: Mapping[Place, Box], drawn: _Drawn) -> Iterator[tuple[str, bool]]:
    """The deployments that an agent serves, or may."""
    link = agent.deployment
    keys = [deployments[served.place].key for served in link.candidates if served.place in deployments]
    match link.to:
        case Known(deployment) if deployment.place in deployments:
            yield deployments[deployment.place].key, not link.is_guess
        case _ if keys:
            yield from ((key, False) for key in dict.fromkeys(keys))
        case _:
            words = "a deployment that the inputs do not show"
            yield drawn.box("deployment", BoxKind.DEPLOYMENT, words, Plane.ORCHESTRATION).key, True


def _draw_entrances(estate: Estate, agents: tuple[Box, ...], drawn: _Drawn) -> None:
    """What lets traffic in to agents, or may."""
    for subject, what, is_certain in _entrances(estate, drawn.failed):
        world = drawn.box("world", BoxKind.WORLD, "other networks", Plane.OUTSIDE)
        box = drawn.box(subject.place, BoxKind.ENTRANCE, label(subject), Plane.EXECUTION, subject=subject)
        target = agents[0].key if len(agents) == 1 else Plane.EXECUTION
        drawn.arrows.append(Arrow(world.key, box.key, what, is_certain, True, box.failed))
        drawn.arrows.append(Arrow(box.key, target, "leads to agents", is_certain, True, box.failed))


def _entrances(estate: Estate, failed: Mapping[str, Severity]) -> Iterator[tuple[Subject, str, bool]]:
    for subject in (subject for subject in estate.everything() if subject.is_of_astro):
        match subject:
            case ExposedService(reaches_agents=reaches):
                inner = isinstance(subject.type, Known) and subject.type.value not in OPEN_SERVICES
                if not inner or isinstance(subject.external_addresses, Known) or label(subject) in failed:
                    yield subject, "inbound through a Service", isinstance(reaches, Known)
            case Route(back_ends=back_ends):
                sure = any(isinstance(end.reaches_agents, Known) and end.reaches_agents.value for end in back_ends)
                yield subject, f"inbound through {subject.what}", sure
            case PodTemplate(host_ports=ports, host_network=host):
                if ports or (isinstance(host, Known) and host.value):
                    yield subject, "inbound through ports of the node", isinstance(subject.runs_agents, Known)
            case _:
                pass
    for path in estate.of(InboundPath):
        others = isinstance(path.other_workloads, Known) and path.other_workloads.value
        is_open = isinstance(path.openings, Known) and any(opening.sources for opening in path.openings.value)
        if estate.has_execution_plane and (label(path) in failed or (is_open and not others)):
            yield path, "inbound through a firewall", False
    for cluster in estate.of(KubernetesCluster):
        is_public = isinstance(cluster.public_endpoint, Known) and cluster.public_endpoint.value
        if estate.has_execution_plane and is_public and not cluster.is_without_agents:
            yield cluster, "inbound to the API of Kubernetes", isinstance(cluster.runs_agents, Known)


def _draw_platforms(estate: Estate, drawn: _Drawn) -> None:
    for platform in estate.of(Platform):
        _, model = _plane(platform.model)
        facts = [model, Fact("DAGs, secrets, XComs, logs", "at the customer")]
        if isinstance(platform.plane, Known):
            facts.insert(1, Fact("holds", f"{_shown(platform.plane)} plane"))
        drawn.box(platform.place, BoxKind.PLATFORM, label(platform), Plane.PRIVATE, facts, subject=platform)


def _shown(value: Known[str]) -> str:
    return shown(value).strip('"')
