"""What the generators of an `ApplicationSet` give, where their data stands in the file: lists, matrix and merge.

A generator gives sets of parameters, and each set fills in the placeholders of the template: fasttemplate's
`{{ key }}`, or Go's with `goTemplate: true`, of which only the plain `{{ .key }}` is filled in here. A placeholder
without a parameter stays (argoproj/argo-cd, applicationset/generators/{list,matrix,merge}.go and
applicationset/utils/utils.go, 2026-11). What asks a cluster, a repository or a service gives nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from astrovet.helm.release import Layer
from astrovet.helm.wrappers.objects import is_true
from astrovet.helm.wrappers.placeholders import is_filled_in
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, listed, text

Parameters = Mapping[str, Known[str]]
"""The texts of one set, by their names; the name of a nested one has dots."""

PATCHED = "the ApplicationSet changes its template's source for some applications"

MOST = 500
"""Sets of one ApplicationSet; where more are made, none is looked at."""

_FAST = re.compile(r"\{\{([^{}\n]*)\}\}")
_GO = re.compile(r"\{\{\s*\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}")
_PLAIN_NUMBER = 10**6
"""From here on Go writes a number of JSON with an exponent."""
_EMPTY = ("", "0", "false")
"""Texts of values that Argo CD may take for missing ones where it merges."""


def generated(root: Value[Tree]) -> tuple[tuple[Value[Tree], ...], bool]:
    """The templates of an ApplicationSet, filled in with each set of parameters, and whether these are all."""
    is_go = is_true(at(root, "spec", "goTemplate"))
    generators = at(root, "spec", "generators")
    given = [_parameters(generator, is_go) for generator in listed(generators)]
    sets = [parameters for several in given for parameters in several or ()]
    if len(sets) > MOST or not (isinstance(generators, Known) and isinstance(generators.value, List)):
        return (), False
    template = at(root, "spec", "template")
    applications = tuple(_filled(template, parameters, _GO if is_go else _FAST) for parameters in sets)
    return applications, None not in given


def _parameters(generator: Value[Tree], is_go: bool) -> Sequence[Parameters] | None:
    """The sets of parameters of one generator; None where they do not stand here."""
    kinds: Mapping[str, Callable[[Value[Tree], bool], Sequence[Parameters] | None]]
    kinds = {"list": _of_list, "matrix": _of_matrix, "merge": _of_merge}
    match generator:
        case Known(Map(entries, None)) if len(entries) == 1:
            (kind, entry), *_ = entries.items()
            return kinds[kind](entry.value, is_go) if kind in kinds else None
        case Known() | Unknown() | Absent():
            return None  # a `selector` too: it leaves sets out


def _of_list(generator: Value[Tree], is_go: bool) -> Sequence[Parameters] | None:
    elements = at(generator, "elements")
    if not isinstance(elements, Known) or not isinstance(at(generator, "elementsYaml"), Absent):
        return None
    sets: list[Parameters] = []
    for element in listed(elements):
        pairs = list(_texts(element, "", is_go))
        if any(known is None for _, known in pairs):
            return None
        sets.append({name: known for name, known in pairs if known is not None})
    return sets if len(sets) <= MOST else None


def _texts(value: Value[Tree], name: str, is_go: bool) -> Iterator[tuple[str, Known[str] | None]]:
    """The texts in an element, by the names that a template has for them; None for what is not known or refused."""
    match value:
        case Known(Map(entries, None)) if is_go or name in {"", "values"}:
            for key, entry in entries.items():
                yield from _texts(entry.value, f"{name}.{key}" if name else key, is_go)
        case Known(str(content), place, sensitive, written) if name and not is_filled_in(content):
            yield name, Known(content, place, sensitive, written, value.layout)
        case Known(bool(flag), place) if name and is_go:
            yield name, Known("true" if flag else "false", place)
        case Known(int(number), place) if name and is_go and abs(number) < _PLAIN_NUMBER:
            yield name, Known(str(number), place)
        case Known(List() | float() | int()) | Absent() if name and is_go:
            pass  # there, but not for a plain placeholder, which stays as it is
        case Known() | Unknown() | Absent():
            yield name, None


def _children(generator: Value[Tree], is_go: bool) -> list[Sequence[Parameters]] | None:
    children = [_parameters(child, is_go) for child in listed(at(generator, "generators"))]
    known = [child for child in children if child is not None]
    return known if len(known) == len(children) >= 2 else None


def _of_matrix(generator: Value[Tree], is_go: bool) -> Sequence[Parameters] | None:
    """Each set of the first generator with each set of the second; Argo CD takes no more than two."""
    children = _children(generator, is_go)
    if children is None or len(children) > 2 or len(children[0]) * len(children[1]) > MOST:
        return None
    sets = []
    for first in children[0]:
        for second in children[1]:
            both = {**second, **first}
            if any(_differs(first, second, name) for name in second):
                return None  # refused, or the first one's, as the kind of template and the values are
            sets.append(both)
    return sets


def _of_merge(generator: Value[Tree], is_go: bool) -> Sequence[Parameters] | None:
    """The first generator's sets, with the parameters of later sets over them that have the same merge keys."""
    children = _children(generator, is_go)
    keys = [key.value for key in listed(at(generator, "mergeKeys")) if isinstance(key, Known)]
    if children is None or not keys or len(keys) != len(listed(at(generator, "mergeKeys"))):
        return None
    by_key = [_by_key(child, [str(key) for key in keys]) for child in children]
    if any(len(sets) != len(child) for sets, child in zip(by_key, children, strict=True)):
        return None  # two sets with the same keys, which is refused
    merged = by_key[0]
    for sets in by_key[1:]:
        for key in sets.keys() & merged.keys():
            if is_go and any(known.value in _EMPTY for known in sets[key].values()):
                return None
            merged[key] = {**merged[key], **sets[key]}
    return list(merged.values())


def _by_key(sets: Sequence[Parameters], keys: Sequence[str]) -> dict[tuple[str | None, ...], Parameters]:
    return {tuple(known.value if (known := one.get(key)) else None for key in keys): one for one in sets}


def _differs(first: Parameters, second: Parameters, name: str) -> bool:
    return name in first and first[name].value != second[name].value


def _filled(value: Value[Tree], parameters: Parameters, placeholder: re.Pattern[str]) -> Value[Tree]:
    """A template with the placeholders filled in that have a parameter."""
    match value:
        case Known(Map(entries, unlisted)):
            filled = {
                key: Entry(key, entry.key_place, _filled(entry.value, parameters, placeholder))
                for key, entry in entries.items()
            }
            return replace(value, value=Map(filled, unlisted))
        case Known(List(items, is_set)):
            return replace(value, value=List(tuple(_filled(item, parameters, placeholder) for item in items), is_set))
        case Known(str(content), place, sensitive, written, layout) if "{{" in content:
            return _filled_text(Known(content, place, sensitive, written, layout), parameters, placeholder)
        case Known() | Unknown() | Absent():
            return value


def _filled_text(value: Known[str], parameters: Parameters, placeholder: re.Pattern[str]) -> Known[str]:
    content = value.value
    whole = placeholder.fullmatch(content)
    if whole and whole[1].strip() in parameters:
        return parameters[whole[1].strip()]
    filled, pieces, end = "", [(0, 0)], 0
    sensitive, is_one_line = value.sensitive, True
    for match in placeholder.finditer(content):
        if (parameter := parameters.get(match[1].strip())) is None:
            continue
        filled += content[end : match.start()]
        pieces.append((len(filled), match.start()))
        filled += parameter.value
        end = match.end()
        pieces.append((len(filled), end))
        sensitive = sensitive or parameter.sensitive
        is_one_line = is_one_line and "\n" not in parameter.value
    filled += content[end:]
    layout = value.layout.part(pieces, len(filled)) if value.layout is not None and is_one_line else None
    return replace(value, value=filled, sensitive=sensitive, layout=layout)


def patches(root: Value[Tree]) -> tuple[Layer, ...]:
    """An unknown layer over all where something changes the source of the template."""
    changes: list[Value[Tree]] = []
    match text(at(root, "spec", "templatePatch")):
        case Known(content) as patch if "source" in content:
            changes.append(patch)
        case Unknown() as unknown:
            changes.append(unknown)
        case Known() | Absent():
            pass
    for generator in listed(at(root, "spec", "generators")):
        changes += _source_changes(generator)
    return tuple(Unknown(PATCHED, change.place) for change in changes[:1])


def _source_changes(generator: Value[Tree]) -> Iterator[Value[Tree]]:
    """The sources in a generator's own template, which go over the template of the ApplicationSet."""
    match generator:
        case Known(Map(entries)):
            for entry in entries.values():
                spec = at(entry.value, "template", "spec")
                changes = (at(spec, key) for key in ("source", "sources", "sourceHydrator"))
                yield from (change for change in changes if isinstance(change, Known))
        case Known() | Unknown() | Absent():
            pass
