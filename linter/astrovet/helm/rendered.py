"""What a tool changes after Helm made the objects of the agent chart, told in the words of its values.

Flux (`postRenderers`), Kustomize (patches over `helmCharts`) and Helmfile (`jsonPatches`, `strategicMergePatches`)
patch what the chart renders. Which Deployment is which component is not told by values, so that a change is known
only where it says what it sets by its name; all else that it can touch is Unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet.helm.kustomize.json_patch import Refused, pointer
from astrovet.helm.kustomize.patches import Change
from astrovet.helm.kustomize.resources import could_be
from astrovet.helm.kustomize.strategic import DIRECTIVE
from astrovet.helm.kustomize.trees import entries_of, is_list, is_map, map_of, with_entry, with_items, word
from astrovet.helm.merging import merge
from astrovet.place import Place
from astrovet.value import Absent, Known, List, Tree, Unknown, Value, at, listed

WHY = "a patch changes what the chart makes, after Helm is done"
HOW = "scan what is deployed: render it, and pipe it into astrovet scan -"

POD_KINDS = ("Deployment", "StatefulSet", "Pod")
"""Kinds that the chart can make its Pods of."""

TEMPLATES = (("spec", "template", "spec"), ("spec",))
"""Where such a kind describes its Pods, the longest path first."""

HARMLESS = frozenset(
    {
        "affinity", "dnsConfig", "dnsPolicy", "imagePullPolicy", "lifecycle", "livenessProbe", "nodeName",
        "nodeSelector", "priorityClassName", "readinessProbe", "resources", "runtimeClassName", "schedulerName",
        "startupProbe", "terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints",
    }
)  # fmt: skip
"""Fields of a Pod or a container of which no value of the chart that is judged speaks."""

BY_VARIABLES = (
    *("agentToken", "agentTokenSecretName", "agentTokenFile", "dagBundleConfigList", "logLevel", "openLineage"),
    *("secretBackend", "stateStoreBackend", "xcomBackend"),
)
"""The chart's settings that reach Airflow and the agent as variables of a container (T1, T2)."""

COMPONENTS = ("triggerer", "dagProcessor", "sentinel")


class Effects(Struct, frozen=True):
    """What changes after rendering do to one agent."""

    values: Value[Tree]
    host_network: Value[bool]
    """Whether its Pods get the network of their node; Absent where no change says so."""


class _Setting(Struct, frozen=True):
    """One thing that a patch sets: where, and to what; None takes it away."""

    path: tuple[str, ...]
    value: Value[Tree] | None
    place: Place
    is_whole: bool = False
    """It takes the place of all that stood there; a strategic merge patch merges lists of variables by their names."""


def changed(values: Value[Tree], changes: Sequence[Change]) -> Effects:
    """The values of an agent, with what changes after rendering do to them."""
    effects = Effects(values, Absent(values.place))
    for change in changes:
        if isinstance(change.patch, Unknown):
            effects = _all_open(effects, change.patch)
        elif _is_about_pods(change):
            for setting in _settings(change):
                effects = _with(effects, setting)
    return effects


def _is_about_pods(change: Change) -> bool:
    kind = word(change.patch, "kind") if change.target is None else change.target.kind
    return any(could_be(kind, one) for one in POD_KINDS) if kind else True


def _settings(change: Change) -> Iterator[_Setting]:
    if not change.is_json:
        yield from _leaves(change.patch, ())
        return
    for operation in listed(change.patch):
        place, name = operation.place, word(operation, "op")
        try:
            path = pointer(word(operation, "path"), place)
            source = pointer(word(operation, "from"), place) if name == "move" else ()
        except Refused:
            continue
        match name:
            case "test":
                continue
            case "add" | "replace":
                yield _Setting(path, at(operation, "value"), place, is_whole=True)
            case "move":
                yield _Setting(source, None, place)
                yield _Setting(path, Unknown(WHY, place, how=HOW), place)
            case "remove":
                yield _Setting(path, None, place)
            case _:
                yield _Setting(path, Unknown(WHY, place, how=HOW), place)


def _leaves(value: Value[Tree], path: tuple[str, ...]) -> Iterator[_Setting]:
    """What a strategic merge patch sets. Items of lists have the steps of items."""
    if is_map(value):
        for key, entry in entries_of(value).items():
            if key == DIRECTIVE:
                yield _Setting(path, Unknown(WHY, entry.key_place, how=HOW), entry.key_place)
            elif path or key not in {"apiVersion", "kind", "metadata"}:
                yield from _leaves(entry.value, (*path, key))
    elif is_list(value) and path and path[-1] in {"containers", "initContainers"}:
        for item in listed(value):
            yield from _leaves(_without_name(item), (*path, "0"))
    else:
        yield _Setting(path, None if isinstance(value, Absent) else value, value.place)


def _without_name(item: Value[Tree]) -> Value[Tree]:
    return with_entry(item, "name", None) if is_map(item) else item


def _with(effects: Effects, setting: _Setting) -> Effects:
    """With one setting: of a Pod, of a container, or of nothing that is judged."""
    template = next((path for path in TEMPLATES if setting.path[: len(path)] == path), None)
    unknown = Unknown(WHY, setting.place, how=HOW)
    if template is None:
        begins = any(path[: len(setting.path)] == setting.path for path in TEMPLATES)
        return _all_open(effects, unknown) if begins else effects
    rest = setting.path[len(template) :]
    if not rest or (template == ("spec",) and rest == ("template",)):
        return _all_open(effects, unknown)
    if template == ("spec",) and rest[0] in {"replicas", "strategy", "selector", "template", "minReadySeconds"}:
        return effects
    if rest[0] in {"containers", "initContainers"}:
        return _with_container(effects, rest[1:], setting, unknown)
    match rest[0]:
        case "hostNetwork":
            return replace(effects, host_network=_flag(setting, unknown))
        case "securityContext":
            return _everywhere(effects, "podSecurityContext", unknown)
        case "volumes":
            return _everywhere(effects, "volumes", unknown)
        case name if name in HARMLESS:
            return effects
        case _:
            return _everywhere(effects, "podSecurityContext", unknown)


def _with_container(effects: Effects, rest: Sequence[str], setting: _Setting, unknown: Unknown) -> Effects:
    field = rest[1] if len(rest) > 1 else ""
    match field:
        case "env" if len(rest) == 2 and not setting.is_whole and setting.value is not None and is_list(setting.value):
            for item in listed(setting.value):
                effects = _with_variable(effects, item, unknown)
            return effects
        case "env" if len(rest) == 3 and rest[2] == "-" and setting.value is not None:
            return _with_variable(effects, setting.value, unknown)
        case "env" | "envFrom" | "command" | "args":
            return replace(effects, values=_all_variables(effects.values, unknown))
        case "securityContext":
            return _everywhere(effects, "containerSecurityContext", unknown)
        case "image":
            return replace(effects, values=with_entry(effects.values, "image", unknown))
        case name if name in HARMLESS or name in {"ports", "volumeMounts"}:
            return effects
        case _:
            return _all_open(effects, unknown)


def _flag(setting: _Setting, unknown: Unknown) -> Value[bool]:
    match setting.value:
        case Known(bool(flag), place):
            return Known(flag, place)
        case None:
            return Absent(setting.place)
        case _:
            return unknown


def _all_open(effects: Effects, unknown: Unknown) -> Effects:
    """Everything may be another: what was wrong may be mended, and the other way round."""
    return Effects(merge((effects.values, unknown)), unknown)


def _owners(values: Value[Tree]) -> Iterator[tuple[str, Value[Tree]]]:
    for key in COMPONENTS:
        value = at(values, key)
        if is_map(value):
            yield key, value


def _everywhere(effects: Effects, key: str, unknown: Unknown) -> Effects:
    """With a key unknown, for all components and in those that say something of their own."""
    own = "securityContext" if key == "containerSecurityContext" else key

    def opened(owner: Value[Tree]) -> Value[Tree]:
        for name in {key, own} & (entries_of(owner).keys() | {"volumes"}):
            owner = with_entry(owner, name, unknown)
        return owner

    values = effects.values
    if key != "volumes":
        values = with_entry(values, key, unknown)
    return replace(effects, values=_in_components(values, opened))


def _in_components(values: Value[Tree], change: Callable[[Value[Tree]], Value[Tree]]) -> Value[Tree]:
    workers = at(values, "workers")
    if isinstance(workers, Known) and is_list(workers):
        values = with_entry(values, "workers", with_items(workers, [change(worker) for worker in listed(workers)]))
    for key, owner in _owners(values):
        values = with_entry(values, key, change(owner))
    return values


def _with_variable(effects: Effects, item: Value[Tree], unknown: Unknown) -> Effects:
    """With one variable of the environment that a patch sets by its name, for one component or for all."""
    name = word(item, "name") if is_map(item) else ""
    if not name:
        return replace(effects, values=_all_variables(effects.values, unknown))
    new = with_entry(item, "value", unknown)
    values = _in_environments(effects.values, lambda old: new if word(old, "name") == name else old)
    if name not in [word(old, "name") for old in listed(at(values, "commonEnv"))]:
        values = _with_common(values, new)
    return replace(effects, values=values)


def _all_variables(values: Value[Tree], unknown: Unknown) -> Value[Tree]:
    """With every variable unknown, and whether there are others; also those that the chart makes of its settings."""
    for key in BY_VARIABLES:
        if not isinstance(at(values, key), Absent):
            values = with_entry(values, key, unknown)
    values = _in_environments(values, lambda item: with_entry(item, "value", unknown) if is_map(item) else item)
    return _with_common(values, map_of({"name": unknown, "value": unknown}, unknown.place))


def _with_common(values: Value[Tree], item: Value[Tree]) -> Value[Tree]:
    """With a variable for all components."""
    match at(values, "commonEnv"):
        case Known(List(items)) as shared:
            return with_entry(values, "commonEnv", with_items(shared, (*items, item)))
        case Known() | Absent():
            return with_entry(values, "commonEnv", Known(List((item,)), item.place))
        case Unknown():
            return values


def _in_environments(values: Value[Tree], change: Callable[[Value[Tree]], Value[Tree]]) -> Value[Tree]:
    def within(owner: Value[Tree], key: str) -> Value[Tree]:
        variables = at(owner, key)
        if isinstance(variables, Known) and is_list(variables):
            return with_entry(owner, key, with_items(variables, [change(item) for item in listed(variables)]))
        return owner

    return _in_components(within(values, "commonEnv"), lambda owner: within(owner, "env"))
