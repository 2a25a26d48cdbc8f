"""`vars`, which Kustomize still knows: `$(NAME)` in certain fields stands for a field of another object.

Fields as `kubectl kustomize` v5.5.0 fills them in (November 2026); further ones stand below `varReference` in the files
of `configurations`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from astrovet.helm.kustomize.configured import is_of
from astrovet.helm.kustomize.json_patch import Refused
from astrovet.helm.kustomize.replacements import inner_of, steps
from astrovet.helm.kustomize.resources import Resource
from astrovet.helm.kustomize.trees import entries_of, is_list, is_map, with_entry, with_items, word
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, listed, text

REFERENCE = re.compile(r"\$\$|\$\(([^()\s]+)\)")

POD_SPECS: Mapping[str, str] = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"), "spec/template/spec"),
    "CronJob": "spec/jobTemplate/spec/template/spec",
    "Pod": "spec",
}
IN_CONTAINERS = ("command", "args", "env/value", "volumeMounts/mountPath")
ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "Ingress": ("spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet"), ("spec/template/metadata/annotations",)),
}
ON_ALL = ("metadata/labels", "metadata/annotations")

OPEN = "a variable of the kustomization stands for a value that is not known"


def with_variables(
    resources: Sequence[Resource],
    *,
    variables: Sequence[Value[Tree]],
    fields: Sequence[Value[Tree]],
    missing: Unknown | None,
) -> list[Resource]:
    """The objects with the variables of all kustomizations filled in. Raises Refused where Kustomize would stop.

    Args:
        resources: the objects, as all else made them.
        variables: the items of `vars`.
        fields: those of `varReference`.
        missing: why there may be further objects.
    """
    if not variables:
        return list(resources)
    values = {word(variable, "name"): _value(resources, variable, missing) for variable in variables}
    return [replace(one, root=_filled(one, values, fields)) for one in resources]


def _value(resources: Sequence[Resource], variable: Value[Tree], missing: Unknown | None) -> Value[Tree]:
    meant = at(variable, "objref")
    for resource in resources:
        if word(meant, "kind") == resource.kind and word(meant, "name") in {name for name, _ in resource.names}:
            value = resource.root
            for step in steps(word(variable, "fieldref", "fieldpath") or "metadata.name"):
                value = inner_of(value, step)
            if not isinstance(value, Absent):
                return value
    if missing is None:
        raise Refused("a variable stands for a field that is not there", variable.place)
    return Unknown(OPEN, variable.place)


def _filled(resource: Resource, values: Mapping[str, Value[Tree]], fields: Sequence[Value[Tree]]) -> Value[Tree]:
    kind, root = resource.kind, resource.root
    paths = [*ON_ALL, *ELSEWHERE.get(kind, ())]
    if kind in POD_SPECS:
        containers = (f"{POD_SPECS[kind]}/{one}" for one in ("containers", "initContainers"))
        paths += [f"{where}/{field}" for where in containers for field in IN_CONTAINERS]
    paths += [word(field, "path") for field in fields if is_of(field, resource)]
    for path in paths:
        root = _at(root, path.strip("/").split("/"), values)
    return root


def _at(value: Value[Tree], path: Sequence[str], values: Mapping[str, Value[Tree]]) -> Value[Tree]:
    if is_list(value) and isinstance(value, Known):
        return with_items(value, [_at(item, path, values) for item in listed(value)])
    if path:
        key = path[0].removesuffix("[]")
        inner = entries_of(value).get(key)
        return value if inner is None else with_entry(value, key, _at(inner.value, path[1:], values))
    if is_map(value):
        for key, entry in entries_of(value).items():
            value = with_entry(value, key, _at(entry.value, path, values))
        return value
    return _expanded(value, values)


def _expanded(value: Value[Tree], values: Mapping[str, Value[Tree]]) -> Value[Tree]:
    """A text with its variables filled in; `$$` is a dollar, and what is no variable stays."""
    if not isinstance(value, Known) or not isinstance(value.value, str) or "$" not in value.value:
        return value
    whole = REFERENCE.fullmatch(value.value)
    if whole is not None and whole[1] in values:
        return values[whole[1]]
    named = [values[one[1]] for one in REFERENCE.finditer(value.value) if one[1] in values]
    if any(not isinstance(text(one), Known) for one in named):
        return Unknown(OPEN, value.place)
    return Known(REFERENCE.sub(partial(_one, values), value.value), value.place)


def _one(values: Mapping[str, Value[Tree]], reference: re.Match[str]) -> str:
    if reference[0] == "$$":
        return "$"
    content = text(values[reference[1]]) if reference[1] in values else None
    return content.value if isinstance(content, Known) else reference[0]
