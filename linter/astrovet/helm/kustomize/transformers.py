"""What a kustomization puts on all objects: a namespace, parts of names, labels, annotations.

Fields: kubernetes-sigs/kustomize, api/internal/konfig/builtinpluginconsts (2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from astrovet.helm.kustomize.configured import is_of
from astrovet.helm.kustomize.json_patch import Refused
from astrovet.helm.kustomize.resources import CLUSTER_WIDE, NEVER_RENAMED, Resource
from astrovet.helm.kustomize.trees import entries_of, is_list, is_map, with_entry, with_inner, with_items, word
from astrovet.value import Absent, Known, Tree, Value, at, boolean, listed

SELECTORS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Service": (("spec", "selector"),),
    "ReplicationController": (("spec", "selector"),),
    "Deployment": (("spec", "selector", "matchLabels"),),
    "ReplicaSet": (("spec", "selector", "matchLabels"),),
    "DaemonSet": (("spec", "selector", "matchLabels"),),
    "StatefulSet": (("spec", "selector", "matchLabels"),),
}
"""Where labels become part of what an object selects; made where it is missing."""

SELECTORS_IF_THERE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Job": (("spec", "selector", "matchLabels"),),
    "CronJob": (("spec", "jobTemplate", "spec", "selector", "matchLabels"),),
    "PodDisruptionBudget": (("spec", "selector", "matchLabels"),),
    "NetworkPolicy": (
        ("spec", "podSelector", "matchLabels"),
        ("spec", "ingress", "*", "from", "*", "podSelector", "matchLabels"),
        ("spec", "egress", "*", "to", "*", "podSelector", "matchLabels"),
    ),
}

SCALED = ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet")
"""Kinds that `replicas` scales."""

TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "ReplicationController": ("spec", "template", "metadata"),
    "Deployment": ("spec", "template", "metadata"),
    "ReplicaSet": ("spec", "template", "metadata"),
    "DaemonSet": ("spec", "template", "metadata"),
    "StatefulSet": ("spec", "template", "metadata"),
    "Job": ("spec", "template", "metadata"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "metadata"),
}
"""Where the kinds that make Pods keep what these carry."""


def transformed(resources: Sequence[Resource], kustomization: Value[Tree]) -> list[Resource]:
    """The objects with what stands at the top of a kustomization put on them, in Kustomize's order."""
    made = list(resources)
    namespace = at(kustomization, "namespace")
    if word(namespace):
        made = [_in_namespace(resource, namespace) for resource in made]
    prefix, suffix = word(kustomization, "namePrefix"), word(kustomization, "nameSuffix")
    if prefix or suffix:
        made = [_renamed(resource, prefix, suffix) for resource in made]
    for group in listed(at(kustomization, "labels")):
        pairs = at(group, "pairs")
        selects = _is_true(at(group, "includeSelectors"))
        in_templates = selects or _is_true(at(group, "includeTemplates"))
        made = [_labelled(resource, pairs, selects=selects, in_templates=in_templates) for resource in made]
        for field in listed(at(group, "fields")):
            made = [_with_pairs_at(resource, field, pairs) if is_of(field, resource) else resource for resource in made]
    common = at(kustomization, "commonLabels")
    if is_map(common):
        made = [_labelled(resource, common, selects=True, in_templates=True) for resource in made]
    annotations = at(kustomization, "commonAnnotations")
    if is_map(annotations):
        made = [_annotated(resource, annotations) for resource in made]
    return made


def with_replicas(resources: Sequence[Resource], kustomization: Value[Tree]) -> list[Resource]:
    """The objects with other numbers of Pods. Raises Refused where there is no object of a name."""
    made = list(resources)
    for item in listed(at(kustomization, "replicas")):
        name, meant = word(item, "name"), 0
        for index, resource in enumerate(made):
            if resource.kind in SCALED and name in {known for known, _ in resource.names}:
                count, meant = at(item, "count"), meant + 1
                made[index] = replace(resource, root=with_inner(resource.root, ("spec", "replicas"), count))
        if name and not meant:
            raise Refused("it scales an object that is not there", item.place)
    return made


def _with_pairs_at(resource: Resource, field: Value[Tree], pairs: Value[Tree]) -> Resource:
    """With labels in a further field of it."""
    path = word(field, "path").strip("/").split("/")
    return replace(resource, root=_with_pairs(resource.root, path, pairs, is_made=_is_true(at(field, "create"))))


def _is_true(value: Value[Tree]) -> bool:
    flag = boolean(value)
    return isinstance(flag, Known) and flag.value


def _in_namespace(resource: Resource, namespace: Value[Tree]) -> Resource:
    if resource.kind in CLUSTER_WIDE:
        return resource
    return resource.with_metadata("namespace", namespace)


def _renamed(resource: Resource, prefix: str, suffix: str) -> Resource:
    name = at(resource.root, "metadata", "name")
    if resource.kind in NEVER_RENAMED or not isinstance(name, Known) or not isinstance(name.value, str):
        return resource
    return resource.with_metadata("name", replace(name, value=f"{prefix}{name.value}{suffix}"))


def _labelled(resource: Resource, pairs: Value[Tree], *, selects: bool, in_templates: bool) -> Resource:
    root = _with_pairs(resource.root, ("metadata", "labels"), pairs, is_made=True)
    if selects and _is_plain(resource):
        for path in SELECTORS.get(resource.kind, ()):
            root = _with_pairs(root, path, pairs, is_made=True)
        for path in SELECTORS_IF_THERE.get(resource.kind, ()):
            root = _with_pairs(root, path, pairs, is_made=False)
    if in_templates and _is_plain(resource) and resource.kind in TEMPLATES:
        root = _with_pairs(root, (*TEMPLATES[resource.kind], "labels"), pairs, is_made=True)
    return replace(resource, root=root)


def _is_plain(resource: Resource) -> bool:
    """Whether its kind is Kubernetes' own: others have kinds of these names too."""
    group = resource.api_version.rpartition("/")[0]
    return "." not in group or group.endswith(".k8s.io")


def _annotated(resource: Resource, pairs: Value[Tree]) -> Resource:
    root = _with_pairs(resource.root, ("metadata", "annotations"), pairs, is_made=True)
    if resource.kind in TEMPLATES and _is_plain(resource):
        root = _with_pairs(root, (*TEMPLATES[resource.kind], "annotations"), pairs, is_made=True)
    return replace(resource, root=root)


def _with_pairs(value: Value[Tree], path: Sequence[str], pairs: Value[Tree], *, is_made: bool) -> Value[Tree]:
    """A value with pairs put into the maps at a path; `*` stands for every item of a list."""
    if not path:
        if not is_made and not is_map(value):
            return value
        for key, pair in entries_of(pairs).items():
            value = with_entry(value, key, pair.value, pair.key_place)
        return value
    if path[0] == "*" or is_list(value):
        if not (isinstance(value, Known) and is_list(value)):
            return value
        rest = path[1:] if path[0] == "*" else path
        return with_items(value, [_with_pairs(item, rest, pairs, is_made=is_made) for item in listed(value)])
    key = path[0].removesuffix("[]")
    inner = at(value, key) if is_map(value) else Absent(value.place)
    if isinstance(inner, Absent) and (not is_made or key != path[0]):
        return value
    return with_entry(value, key, _with_pairs(inner, path[1:], pairs, is_made=is_made))


def with_references(resources: Sequence[Resource]) -> list[Resource]:
    """With the names that Ingresses have of Services brought up to date; of other kinds nothing is read that refers."""
    services = [resource for resource in resources if resource.kind == "Service" and resource.former]
    return [
        replace(resource, root=_referring(resource.root, resource.namespace, new))
        if resource.kind == "Ingress" and (new := _new_names(services, resource))
        else resource
        for resource in resources
    ]


def _new_names(services: Sequence[Resource], referring: Resource) -> dict[tuple[str, str], Value[Tree]]:
    """The names that Services have now, by those that they had.

    Of two that had one name the one counts around whose name the same was put as around that of what refers to it.
    """
    near = [service for service in services if _around(service) == _around(referring)]
    return {
        (old, service.namespace): at(service.root, "metadata", "name")
        for service in (*services, *near)
        for old, _ in service.former
        if old != service.name
    }


def _around(resource: Resource) -> tuple[str, str] | None:
    """What was put before and after an object's first name."""
    before, first, after = resource.name.partition(resource.names[0][0] or resource.name)
    return (before, after) if first else None


def _referring(value: Value[Tree], namespace: str, new: Mapping[tuple[str, str], Value[Tree]]) -> Value[Tree]:
    """An Ingress with the new names of its back ends."""
    match value:
        case Known() if is_list(value):
            return with_items(value, [_referring(item, namespace, new) for item in listed(value)])
        case Known() if is_map(value):
            for key, inner in entries_of(value).items():
                path = (key, "name") if key == "service" else (key,) if key == "serviceName" else ()
                renamed = new.get((word(value, *path), namespace)) if path else None
                changed = _referring(inner.value, namespace, new)
                if renamed is not None:
                    value = with_inner(value, path, renamed)
                elif changed is not inner.value and key != "metadata":
                    value = with_entry(value, key, changed)
            return value
        case _:
            return value
