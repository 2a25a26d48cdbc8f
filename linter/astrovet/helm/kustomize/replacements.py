"""`replacements`: a field of one object is copied into fields of others (api/filters/replacement, 2026-11)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from astrovet.formats.yaml.scalars import plain
from astrovet.helm.kustomize.json_patch import Refused
from astrovet.helm.kustomize.resources import Resource, Target
from astrovet.helm.kustomize.trees import entries_of, is_list, is_map, map_of, with_entry, with_items, word
from astrovet.place import Place
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, integer, listed, text

MISSING = "a replacement names a field that is not there"
OPEN = "a replacement of the kustomization copies a value here that is not known"


def replaced(resources: Sequence[Resource], replacement: Value[Tree]) -> list[Resource]:
    """The objects after one replacement. Raises Refused where Kustomize would stop."""
    value = _source(resources, replacement)
    made = list(resources)
    for target in listed(at(replacement, "targets")):
        selected, rejected = Target.of(at(target, "select")), [Target.of(item) for item in listed(at(target, "reject"))]
        paths = [word(path) for path in listed(at(target, "fieldPaths"))] or ["metadata.name"]
        for index, resource in enumerate(made):
            if selected.means(resource) is not True or any(item.means(resource) for item in rejected):
                continue
            root = resource.root
            for path in paths:
                root = _put(root, steps(path), value, at(target, "options"), replacement.place)
            made[index] = replace(resource, root=root)
    return made


def steps(path: str) -> tuple[str, ...]:
    """The steps of a field's path: `a.b`, `a.[name=b]`, `a.*`, with `\\.` for a dot inside a key."""
    parts = re.findall(r"\[[^\[\]]*\]|(?:\\.|[^.\[\]\\])+", path)
    return tuple(part if part.startswith("[") else re.sub(r"\\(.)", r"\1", part) for part in parts)


def _source(resources: Sequence[Resource], replacement: Value[Tree]) -> Value[Tree]:
    source = at(replacement, "source")
    if isinstance(source, Absent):
        constant = at(replacement, "sourceValue")
        return Unknown(OPEN, replacement.place) if isinstance(constant, Absent) else constant
    target = Target.of(source)
    selected = [resource for resource in resources if target.means(resource)]
    if len(selected) != 1:
        raise Refused("a replacement names a source that is not one object", source.place)
    path = steps(word(source, "fieldPath") or "metadata.name")
    value = selected[0].root
    for step in path:
        value = inner_of(value, step)
    if isinstance(value, Absent):
        raise Refused(MISSING, source.place)
    return _part(value, at(source, "options"))


def inner_of(value: Value[Tree], step: str) -> Value[Tree]:
    """What stands one step further in."""
    if step.startswith("["):
        key, _, wanted = step[1:-1].partition("=")
        return next((item for item in listed(value) if word(item, key) == wanted), Absent(value.place))
    if is_list(value):
        return at(value, int(step)) if step.isdecimal() and len(step) < 9 else Absent(value.place)
    return at(value, step) if is_map(value) else Absent(value.place)


def _part(value: Value[Tree], options: Value[Tree]) -> Value[Tree]:
    """One piece of a text, between delimiters."""
    delimiter = word(options, "delimiter")
    content = text(value)
    if not delimiter or not isinstance(content, Known):
        return value
    parts = content.value.split(delimiter)
    index = _position(options)
    if not 0 <= index < len(parts):
        raise Refused("a replacement takes a piece of a text that there is not", options.place)
    return Known(parts[index], content.place)


def _position(options: Value[Tree]) -> int:
    index = integer(at(options, "index"))
    return index.value if isinstance(index, Known) else 0


def _put(value: Value[Tree], path: Sequence[str], new: Value[Tree], options: Value[Tree], place: Place) -> Value[Tree]:
    if not path:
        return _joined(value, new, options)
    step, rest = path[0], path[1:]
    if isinstance(value, Unknown):
        return value
    if step == "*" and (is_list(value) or is_map(value)) and isinstance(value, Known):
        if is_list(value):
            return with_items(value, [_put(item, rest, new, options, place) for item in listed(value)])
        made: Value[Tree] = value
        for key, entry in entries_of(value).items():
            made = with_entry(made, key, _put(entry.value, rest, new, options, place))
        return made
    if is_list(value) and isinstance(value, Known):
        return with_items(value, _items(value, step, rest, new, options, place))
    inner = at(value, step) if is_map(value) else Absent(value.place)
    if isinstance(inner, Absent) and not _creates(options):
        raise Refused(MISSING, place)
    return with_entry(value, step, _put(inner, rest, new, options, place))


def _items(
    value: Known[Tree], step: str, rest: Sequence[str], new: Value[Tree], options: Value[Tree], place: Place
) -> list[Value[Tree]]:
    """The items of a list, with the one that a step means changed."""
    key, _, wanted = step.strip("[]").partition("=")
    items, has_changed = list(listed(value)), False
    for index, item in enumerate(items):
        is_meant = word(item, key) == wanted if step.startswith("[") else step == str(index)
        if is_meant:
            items[index], has_changed = _put(item, rest, new, options, place), True
    if not has_changed:
        if not (step.startswith("[") and _creates(options)):
            raise Refused(MISSING, place)
        items.append(_put(map_of({key: Known(wanted, place)}, place), rest, new, options, place))
    return items


def _creates(options: Value[Tree]) -> bool:
    flag = boolean(at(options, "create")) if is_map(options) else Absent(options.place)
    return isinstance(flag, Known) and flag.value


def _joined(old: Value[Tree], new: Value[Tree], options: Value[Tree]) -> Value[Tree]:
    """The new value in the place of the old one, or of one piece of it."""
    delimiter = word(options, "delimiter")
    if not delimiter:
        return _as_before(old, new)
    written, put = text(old), text(new)
    if not (isinstance(written, Known) and isinstance(put, Known)):
        return Unknown(OPEN, new.place)
    parts, index = written.value.split(delimiter), _position(options)
    if index < 0:
        parts.insert(0, put.value)
    elif index >= len(parts):
        parts.append(put.value)
    else:
        parts[index] = put.value
    return Known(delimiter.join(parts), put.place)


def _as_before(old: Value[Tree], new: Value[Tree]) -> Value[Tree]:
    """The new value with the type of the old one: a text that goes where a number was is read as one."""
    match old, new:
        case Known(str()), Known(bool() | int() | float()):
            return text(new)
        case Known(bool() | int() | float() as before), Known(str(content), place):
            leaf = plain(content)
            return Known(leaf, place) if leaf is not None and type(leaf) is type(before) else new
        case _:
            return new
