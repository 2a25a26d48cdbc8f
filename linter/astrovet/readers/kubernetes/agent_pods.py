"""Which objects of Kubernetes concern the Pods of agents.

The chart labels its Pods `app: astro-agent`, and nothing else is known to carry that: a selector that asks for
it leads to agents wherever it stands. Any other selector concerns agents only in a namespace of theirs. Without
an agent in the inputs no namespace is theirs, so objects of other applications are never in question.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet.model.agent import Agent
from astrovet.model.estate import Estate
from astrovet.model.kubernetes import BackEnd, ExposedService, Labels, PodPolicy, PodTemplate, Route
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.kubernetes.labels import AGENT_APP, APP
from astrovet.readers.settings import any_of, or_default
from astrovet.value import Absent, Known, Unknown, Value, text

OTHER_APP_LABELS = ("app.kubernetes.io/name", "app.kubernetes.io/component", "k8s-app")
"""Usual labels that say what an application is; with a name that is not an agent's, it is another one."""

AGENT_WORDS = ("astro", "worker", "dag-processor", "dagprocessor", "triggerer", "sentinel")
"""What labels of an agent's Pods can be expected to speak of, besides its name."""

GATEWAY = "Gateway"


class AgentPods(Struct, frozen=True):
    """What the inputs say of the agents' Pods."""

    namespaces: frozenset[str] = frozenset()
    """Where agents run."""
    somewhere: Unknown | None = None
    """Set where an agent runs in a namespace that is not known."""
    names: tuple[str, ...] = ()
    """What the agents' objects are called after."""
    rendered: tuple[Mapping[str, Value[str]], ...] = ()
    """The labels of agents' Pods, as the inputs hold them rendered and as values put them there."""

    @property
    def exist(self) -> bool:
        return bool(self.namespaces) or self.somewhere is not None

    def run_in(self, namespace: Value[str]) -> Value[bool]:
        """Whether agents run in a namespace, or in the whole cluster that Absent stands for."""
        match namespace:
            case Known(name, place):
                if name in self.namespaces or self.somewhere is None:
                    return Known(name in self.namespaces, place)
                return self.somewhere
            case Unknown(_, place):
                return namespace if self.exist else Known(False, place)
            case Absent(place):
                return Known(self.exist, place)


def agent_pods(agents: Sequence[Agent], templates: Sequence[PodTemplate]) -> AgentPods:
    """The agents' Pods, by their values and as the inputs hold them rendered."""
    rendered = [template for template in templates if _is_agents(template.labels)]
    namespaces = [*(agent.namespace for agent in agents), *(template.namespace for template in rendered)]
    somewhere = next((namespace for namespace in namespaces if isinstance(namespace, Unknown)), None)
    absent = next((namespace for namespace in namespaces if isinstance(namespace, Absent)), None)
    if somewhere is None and absent is not None:
        somewhere = Unknown("the values name no namespace for the agents", absent.place, how="set `namespace`")
    return AgentPods(
        namespaces=frozenset(namespace.value for namespace in namespaces if isinstance(namespace, Known)),
        somewhere=somewhere,
        names=tuple(agent.name.value.lower() for agent in agents if isinstance(agent.name, Known) and agent.name.value),
        rendered=(
            *(template.labels.value.values for template in rendered if isinstance(template.labels, Known)),
            *map(_labels_of, agents),
        ),
    )


def _labels_of(agent: Agent) -> Mapping[str, Value[str]]:
    """The labels that an agent's values put on its Pods, beside the chart's own."""
    own = agent.labels.value.entries if isinstance(agent.labels, Known) else {}
    return {**{key: text(entry.value) for key, entry in own.items()}, APP: Known(AGENT_APP, agent.place)}


def pods_of_values(agent: Agent) -> Iterator[PodTemplate]:
    """What values and patches say of the agent's Pods; the chart knows ports of the node in further containers only."""
    ports = tuple(port for component in agent.components for port in component.host_ports)
    if ports or not isinstance(agent.host_network, Absent):
        yield PodTemplate(
            id=agent.id,
            block=agent.block,
            place=agent.place,
            name=agent.name,
            namespace=agent.namespace,
            what="",
            labels=Known(Labels({APP: Known(AGENT_APP, agent.place)}), agent.place),
            host_network=or_default(agent.host_network, default=False),
            host_ports=ports,
            runs_agents=Known(True, agent.place),
        )


def join_agents(objects: Estate, agents: Sequence[Agent]) -> Estate:
    """The objects, each knowing whether it concerns agents."""
    pods = agent_pods(agents, objects.of(PodTemplate))
    services = tuple(
        replace(service, reaches_agents=selects_agents(service.selector, service.namespace, pods))
        for service in objects.of(ExposedService)
    )
    served = objects.with_all(ExposedService, services)

    def joined(subject: Subject) -> Subject:
        match subject:
            case Route():
                return _joined(subject, served, pods)
            case PodPolicy(selector=selector, namespace=namespace):
                return replace(subject, covers_agents=selects_agents(selector, namespace, pods))
            case PodTemplate():
                return replace(subject, runs_agents=_runs_agents(subject, pods))
            case _:
                return subject

    of_values = (template for agent in agents for template in pods_of_values(agent))
    return replace(served, objects=(*map(joined, served.objects), *of_values))


def selects_agents(selector: Value[Labels], namespace: Value[str], pods: AgentPods) -> Value[bool]:
    """Whether a selector, in a namespace, finds Pods of agents."""
    match selector:
        case Known(labels, place):
            app = labels.values.get(APP, Absent(place))
        case Unknown():
            return _if_there(selector, namespace, pods)
        case Absent(place):
            return Known(False, place)
    match app:
        case Known(name):
            return Known(name == AGENT_APP, app.place)
        case Unknown():
            return _if_there(app, namespace, pods)
        case Absent():
            return _without_app(labels, place, namespace, pods)


def _without_app(labels: Labels, place: Place, namespace: Value[str], pods: AgentPods) -> Value[bool]:
    """Of a selector that does not name the chart's own label."""
    apps = [labels.values[name] for name in OTHER_APP_LABELS if name in labels.values]
    if any(isinstance(app, Known) and not _is_agents_word(app, pods) for app in apps):
        return Known(False, place)
    there = pods.run_in(namespace)
    unclear = next((app for app in apps if isinstance(app, Unknown)), labels.unlisted)
    if unclear is not None:
        return _if_there(unclear, namespace, pods)
    speaks_of_agents = any(_is_agents_word(value, pods) for value in labels.values.values())
    if not labels.values or speaks_of_agents or any(_carries(carried, labels) for carried in pods.rendered):
        return there
    match there:
        case Known(True):
            why = "whether the agents' Pods carry these labels cannot be told"
            return Unknown(why, place, how="select `app: astro-agent`, or another app")
        case Known() | Unknown() | Absent():
            return Known(False, place)


def _if_there(unknown: Unknown, namespace: Value[str], pods: AgentPods) -> Value[bool]:
    """What is unknown matters only where agents may run."""
    match pods.run_in(namespace):
        case Known(False, place):
            return Known(False, place)
        case Known() | Unknown() | Absent():
            return unknown


def _is_agents(labels: Value[Labels]) -> bool:
    match labels:
        case Known(known):
            app = known.values.get(APP)
            return isinstance(app, Known) and app.value == AGENT_APP
        case Unknown() | Absent():
            return False


def _is_agents_word(value: Value[str], pods: AgentPods) -> bool:
    match value:
        case Known(name):
            return any(word in name.lower() for word in (*AGENT_WORDS, *pods.names))
        case Unknown() | Absent():
            return False


def _carries(carried: Mapping[str, Value[str]], wanted: Labels) -> bool:
    """Whether Pods with these labels are found by a selector for those."""
    return all(_same(carried.get(name), value) for name, value in wanted.values.items())


def _same(left: Value[str] | None, right: Value[str]) -> bool:
    return isinstance(left, Known) and isinstance(right, Known) and left.value == right.value


def _runs_agents(template: PodTemplate, pods: AgentPods) -> Value[bool]:
    """Only Pods with the chart's own label are an agent's."""
    match template.labels:
        case Known(labels, place):
            app = labels.values.get(APP, labels.unlisted)
            if isinstance(app, Unknown):
                return _if_there(app, template.namespace, pods)
            return Known(_is_agents(template.labels), place)
        case Unknown() as unknown:
            return _if_there(unknown, template.namespace, pods)
        case Absent(place):
            return Known(False, place)


def _joined(route: Route, objects: Estate, pods: AgentPods) -> Route:
    attached = route.what == GATEWAY and any(
        other.what != GATEWAY and _same(other.namespace, route.namespace) for other in objects.of(Route)
    )
    back_ends = () if attached else route.back_ends  # where a Gateway leads, its routes are reported for
    services = objects.of(ExposedService)
    return replace(
        route,
        back_ends=tuple(
            replace(back_end, reaches_agents=_leads_to(back_end, services, pods)) for back_end in back_ends
        ),
    )


def _leads_to(back_end: BackEnd, services: Sequence[ExposedService], pods: AgentPods) -> Value[bool]:
    """Whether the Service behind a route is one of the agents'."""
    place = back_end.place
    match back_end.service:
        case Known():
            named = [service for service in services if _same(service.name, back_end.service)]
        case Unknown() as unknown:
            return _if_there(unknown, back_end.namespace, pods)
        case Absent():
            return Known(False, place)
    exact = [service.reaches_agents for service in named if _is_one_namespace(service, back_end)]
    if exact:
        return any_of(exact, place)
    for service in named:
        namespaces = (back_end.namespace, service.namespace)
        open_one = next((namespace for namespace in namespaces if isinstance(namespace, Unknown)), None)
        if open_one is not None and not _is(service.reaches_agents, False):
            what = "whether it is the Service of this name that leads to agents"
            return Unknown(f"{what} depends on a namespace: {open_one.in_full}", place)
    if back_end.default or not _is(pods.run_in(back_end.namespace), True):
        return Known(False, place)
    return Unknown("the Service behind it is not in these inputs", place, how="scan its manifest too")


def _is_one_namespace(service: ExposedService, back_end: BackEnd) -> bool:
    """The same namespace; what lies in one folder and names none is applied together."""
    if isinstance(service.namespace, Unknown) and isinstance(back_end.namespace, Unknown):
        return posixpath.dirname(service.place.path) == posixpath.dirname(back_end.place.path)
    return _same(service.namespace, back_end.namespace)


def _is(value: Value[bool], wanted: bool) -> bool:
    return isinstance(value, Known) and value.value is wanted
