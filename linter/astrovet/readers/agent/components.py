"""The components of an agent, from its merged values.

Key layout: the vendor's values templates of chart 1.0.2 and 2.x (T1, T2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from astrovet.helm.merging import merge
from astrovet.model.component import TASK_COMPONENTS, Component, ComponentKind, Mount, SecurityContext, Volume
from astrovet.model.variables import Environment, EnvironmentVariable, partial, settled
from astrovet.place import Place
from astrovet.readers.agent.chart_values import (
    AgentValues,
    Path,
    dropped_names,
    key_place,
    pointer,
    settled_tree,
    without_empty,
)
from astrovet.value import Absent, Entry, Known, Leaf, Map, Tree, Unknown, Value, at, boolean, integer, items, text

USER = 50000
SENTINEL_USER = 5000
"""As whom the chart runs its Pods, never as root, where the values do not say otherwise (T1, T2)."""

SINGLE = {
    "dagProcessor": ComponentKind.DAG_PROCESSOR,
    "triggerer": ComponentKind.TRIGGERER,
    "sentinel": ComponentKind.SENTINEL,
    "loggingSidecar": ComponentKind.LOGGING_SIDECAR,
}
"""The components of which there is one, by key."""

FURTHER = {"initContainers": ComponentKind.INIT_CONTAINER, "extraContainers": ComponentKind.EXTRA_CONTAINER}
"""Containers that are written out as Kubernetes has them, by key."""


def components(values: AgentValues) -> Iterator[Component]:
    """Every component that the values mention, and the further containers of their Pods."""
    match items(at(values.root, "workers")):
        case Known(workers):
            for index, worker in enumerate(workers):
                yield from _component(values, worker, ComponentKind.WORKER, ("workers", index))
        case Unknown() as unknown:
            yield from _component(values, unknown, ComponentKind.WORKER, ("workers",))
        case Absent():
            pass
    for key, kind in SINGLE.items():
        yield from _component(values, at(values.root, key), kind, (key,))


def shared_security(values: AgentValues) -> SecurityContext:
    """What a container may do whose component has no contexts of its own."""
    unset = Absent(values.root.place)
    context = _container_context(values, unset, ComponentKind.WORKER)
    return _security(context, _pod_context(values, unset, ComponentKind.WORKER))


def environment(owner: Value[Tree], key: str) -> Environment:
    """A list of Kubernetes environment variables; its place is that of its key."""
    listed = items(at(owner, key))
    match listed:
        case Known(variables):
            return Known(tuple(_variable(variable) for variable in variables), key_place(owner, key, listed.place))
        case Unknown() | Absent():
            return listed


def _component(values: AgentValues, owner: Value[Tree], kind: ComponentKind, path: Path) -> Iterator[Component]:
    """The component and the further containers of its Pods; nothing where the values do not mention it."""
    if isinstance(owner, Absent):
        return
    pod = _pod_context(values, owner, kind)
    name = pointer(path)
    yield Component(
        kind=kind,
        name=name,
        pod=name,
        place=owner.place,
        environment=environment(owner, "env"),
        image=_image(values, owner, kind, path),
        security=_security(_container_context(values, owner, kind), pod),
        host_ports=(),
        mounts=_mounts(values, owner, path),
        volumes=_volumes(values, owner, path),
        dropped=dropped_names(owner, "env"),
    )
    for key, nested in FURTHER.items():
        match items(at(owner, key)):
            case Known(containers):
                for index, container in enumerate(containers):
                    yield _container(values, container, nested, (*path, key, index), name, pod)
            case Unknown() as unknown:
                yield _container(values, unknown, nested, (*path, key), name, pod)
            case Absent():
                pass


def _container(
    values: AgentValues, container: Value[Tree], kind: ComponentKind, path: Path, pod: str, context: Value[Tree]
) -> Component:
    return Component(
        kind=kind,
        name=pointer(path),
        pod=pod,
        place=container.place,
        environment=environment(container, "env"),
        image=without_empty(settled(text(at(container, "image")))),
        security=_security(at(container, "securityContext"), context),
        host_ports=tuple(_host_ports(container)),
        mounts=_mounts(values, container, path),
        volumes=Absent(container.place),
    )


def _image(values: AgentValues, owner: Value[Tree], kind: ComponentKind, path: Path) -> Value[str]:
    """The component's image; those that run tasks fall back to the shared one, the others to the chart's own."""
    own = without_empty(settled(text(at(owner, "image"))))
    if isinstance(own, Absent) and kind in TASK_COMPONENTS:
        return values.text("image")
    return values.kept(own, (*path, "image"))


def _pod_context(values: AgentValues, owner: Value[Tree], kind: ComponentKind) -> Value[Tree]:
    """The settings of the component's Pods. What a part of a set does not say is unknown."""
    shared = at(values.root, "podSecurityContext")
    user = SENTINEL_USER if kind is ComponentKind.SENTINEL else USER
    defaults: dict[str, Leaf] = {"runAsNonRoot": True, "runAsUser": user}
    if not values.complete:
        shared = merge((partial("podSecurityContext", shared.place), shared))
    else:
        shared = merge((_map(defaults, shared.place), shared))
    return _over(shared, at(owner, "podSecurityContext"))


def _container_context(values: AgentValues, owner: Value[Tree], kind: ComponentKind) -> Value[Tree]:
    """The settings of the component's own container."""
    if kind is ComponentKind.LOGGING_SIDECAR:
        return at(owner, "securityContext")
    shared = at(values.root, "containerSecurityContext")
    if not values.complete:
        shared = merge((partial("containerSecurityContext", shared.place), shared))
    return _over(shared, at(owner, "containerSecurityContext"))


def _over(shared: Value[Tree], own: Value[Tree]) -> Value[Tree]:
    """A component's own context over the shared one.

    Whether the chart still takes from the shared one what the own one leaves out is not documented.
    """
    match shared, own:
        case Known(Map(below)), Known(Map(entries, unlisted)):
            why = "the component has a context of its own, and whether the shared one adds to it is not documented"
            open_ones = {key: Entry(key, own.place, Unknown(why, own.place)) for key in below if key not in entries}
            return Known(Map({**entries, **open_ones}, unlisted), own.place)
        case _, Absent():
            return shared
        case _:
            return own


def _security(container: Value[Tree], pod: Value[Tree]) -> SecurityContext:
    """What holds for a container: its own settings, then those of its Pod."""

    def seen(*path: str) -> Value[Tree]:
        own = settled_tree(at(container, *path))
        return settled_tree(at(pod, *path)) if isinstance(own, Absent) else own

    def own(*path: str) -> Value[Tree]:
        return settled_tree(at(container, *path))

    return SecurityContext(
        run_as_non_root=boolean(seen("runAsNonRoot")),
        run_as_user=integer(seen("runAsUser")),
        seccomp_profile=text(seen("seccompProfile", "type")),
        privilege_escalation=boolean(own("allowPrivilegeEscalation")),
        privileged=boolean(own("privileged")),
        dropped_capabilities=_texts(own("capabilities", "drop")),
        added_capabilities=_texts(own("capabilities", "add")),
    )


def _texts(value: Value[Tree]) -> Value[tuple[Value[str], ...]]:
    listed = items(value)
    match listed:
        case Known(listed_items, place):
            return Known(tuple(text(item) for item in listed_items), place)
        case Unknown() | Absent():
            return listed


def _map(leaves: Mapping[str, Leaf], place: Place) -> Value[Tree]:
    """The chart's own settings, as a layer of values."""
    return Known(
        Map({key: Entry(key, place, Known(leaf, place, written=False)) for key, leaf in leaves.items()}), place
    )


def _host_ports(container: Value[Tree]) -> Iterator[Value[int]]:
    """The ports of the node that a container takes; 0 takes none."""
    match items(at(container, "ports")):
        case Known(ports):
            for port in ports:
                match integer(settled_tree(at(port, "hostPort"))):
                    case Known(0) | Absent():
                        pass
                    case taken:
                        yield taken
        case Unknown(_, place) as unknown:
            yield Unknown(unknown.why, place, how=unknown.how)
        case Absent():
            pass


def _mounts(values: AgentValues, owner: Value[Tree], path: Path) -> Value[tuple[Mount, ...]]:
    listed = values.kept(items(at(owner, "volumeMounts")), (*path, "volumeMounts"))
    match listed:
        case Known(mounted, place):
            mounts = (Mount(text(at(mount, "name")), text(at(mount, "mountPath")), mount.place) for mount in mounted)
            return Known(tuple(mounts), place)
        case Unknown() | Absent():
            return listed


def _volumes(values: AgentValues, owner: Value[Tree], path: Path) -> Value[tuple[Volume, ...]]:
    listed = values.kept(items(at(owner, "volumes")), (*path, "volumes"))
    match listed:
        case Known(declared, place):
            volumes = (
                Volume(text(at(volume, "name")), text(at(volume, "hostPath", "path")), volume.place)
                for volume in declared
            )
            return Known(tuple(volumes), place)
        case Unknown() | Absent():
            return listed


def _variable(item: Value[Tree]) -> EnvironmentVariable:
    source = at(item, "valueFrom")
    value = text(at(item, "value"))
    kind = ""
    match source:
        case Known(Map() as tree, place):
            kind = next(iter(tree.entries), "valueFrom")
            value = Unknown(f"it is read from elsewhere when the Pod starts ({kind})", place)
        case Known(_, place) | Unknown(_, place):
            kind = "valueFrom"
            value = Unknown("it is read from elsewhere when the Pod starts", place)
        case Absent():
            pass
    return EnvironmentVariable(text(at(item, "name")), value, item.place, Absent(item.place), kind)
