"""Terraform's functions.

What a function decides equals Terraform's answer; everything else is Unknown with a reason. Functions
that need all of their arguments work on plain data; those that go through lists and maps keep what is
known of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any, TypeAlias

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.functions import texts
from astrovet.terraform.functions.encoding import json_pieces, read_json, read_yaml, yaml_text
from astrovet.terraform.functions.formatting import format_pieces
from astrovet.terraform.functions.plain_data import (
    RefusedError,
    alike,
    as_bool,
    as_integer,
    as_number,
    as_set,
    as_text,
    entries_of,
    from_plain,
    is_marked,
    listed,
    mapped,
    may_convert,
    moved,
    plain,
    same,
    set_text,
    unified,
)
from astrovet.terraform.unknowns import is_whole, unknown
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

__all__ = ["call", "entries_of", "from_plain", "plain", "same"]

MAX_ITEMS = 20_000
"""Lists longer than this are not made."""

Arguments: TypeAlias = Sequence[Value[Tree]]
Function: TypeAlias = Callable[[Arguments, Place], Value[Tree]]


def call(name: str, arguments: Arguments, place: Place) -> Value[Tree]:
    """The result of a function, all of it at `place`; Unknown where it is not certain."""
    function = FUNCTIONS.get(name.removeprefix("core::"))
    if function is None:
        return Unknown(f"astrovet does not evaluate the function {name}", place, unknown("", place, *arguments).origins)
    try:
        return moved(function(arguments, place), place)
    except RefusedError as error:
        return unknown(f"{name}: {error}", place, *arguments)
    except RecursionError:
        return unknown(f"{name}: the value is nested too deeply", place, *arguments)


def _whole(function: Callable[..., Any], least: int, most: int | None = None) -> Function:
    """A function of plain data, for this many arguments (without `most`: exactly `least`; -1: any more)."""

    def over_values(arguments: Arguments, place: Place) -> Value[Tree]:
        _expect(arguments, least, most)
        data = [plain(argument) for argument in arguments]
        if None in data:
            raise RefusedError("an argument is null")
        return from_plain(function(*data), place, sensitive=any(map(is_marked, arguments)))

    return over_values


def _expect(arguments: Arguments, least: int, most: int | None = None) -> None:
    if len(arguments) < least or (most != -1 and len(arguments) > (most or least)):
        raise RefusedError("the number of arguments does not fit")


def _top_marked(arguments: Arguments) -> bool:
    return any(isinstance(argument, Known) and argument.sensitive for argument in arguments)


def _items(value: Value[Tree]) -> tuple[Value[Tree], ...]:
    match value:
        case Known(List() as tree):
            return tree.items
        case Unknown(why):
            raise RefusedError(why)
        case Known() | Absent():
            raise RefusedError("an argument is no list")


def _map(value: Value[Tree]) -> Map:
    match value:
        case Known(Map() as tree):
            return tree
        case Unknown(why):
            raise RefusedError(why)
        case Known() | Absent():
            raise RefusedError("an argument is no map")


def _listed_keys(tree: Map) -> list[str]:
    """All keys, in Terraform's order."""
    if tree.unlisted is not None:
        raise RefusedError(tree.unlisted.why)
    return sorted(tree.entries)


def _text(value: Value[Tree]) -> str:
    return as_text(plain(value))


def _texts(value: Value[Tree]) -> list[str]:
    return [_text(item) for item in _items(value)]


def _one_of(why: str, place: Place, choices: Iterable[Value[Tree]]) -> Unknown:
    """Unknown which of these it is."""
    found = list(choices)
    settled = ("",) if any(not isinstance(choice, Unknown) for choice in found) else ()
    return Unknown(why, place, (*unknown("", place, *found).origins, *settled))


# Texts


def _joined(pieces: Iterable[str | Unknown], arguments: Arguments, place: Place) -> Value[Tree]:
    """A text of these pieces; where one is unknown, Unknown with what stands before it."""
    found: list[str] = []
    for piece in pieces:
        if isinstance(piece, Unknown):
            lost = unknown(piece.why, place, *arguments)
            return Unknown(piece.why, place, lost.origins, "".join(found))
        found.append(piece)
    return from_plain("".join(found), place, sensitive=any(map(is_marked, arguments)))


def _jsonencode(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    if isinstance(arguments[0], Unknown):
        # It may be a text, but also null, a list or a map.
        return unknown("", place, *arguments)
    return _with_document(_joined(json_pieces(arguments[0]), arguments, place), arguments[0])


def _yamlencode(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    if not is_whole(arguments[0]):
        return _with_document(unknown("", place, *arguments), arguments[0])
    encoded = from_plain(yaml_text(arguments[0]), place, sensitive=is_marked(arguments[0]))
    return _with_document(encoded, arguments[0])


def _with_document(encoded: Value[Tree], tree: Value[Tree]) -> Value[Tree]:
    """An encoded text keeps what it encodes: what is known of its parts, and where these stand."""
    match encoded, tree:
        case Known() | Unknown(), Known(Map() | List()):
            return replace(encoded, document=tree)
        case _:
            return encoded


def _format(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1, -1)
    return _joined(format_pieces(_text(arguments[0]), arguments[1:]), arguments, place)


def _formatlist(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1, -1)
    lengths = {
        len(each.value.items) for each in arguments[1:] if isinstance(each, Known) and isinstance(each.value, List)
    }
    if len(lengths) > 1:
        raise RefusedError("the lists differ in length")
    columns: list[Sequence[Value[Tree]]] = []
    for argument in arguments[1:]:
        match argument:
            case Known(List() as tree):
                columns.append(tree.items)
            case Known():
                columns.append([argument] * next(iter(lengths), 1))
            case Unknown(why):
                raise RefusedError(why)
            case Absent():
                raise RefusedError("an argument is null")
    pattern = _text(arguments[0])
    rows: list[tuple[Value[Tree], ...]] = list(zip(*columns, strict=True)) if columns else [()]
    return listed([_joined(format_pieces(pattern, row), (*arguments[:1], *row), place) for row in rows], place)


def _join(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 2, -1)
    separator = _text(arguments[0])
    pieces: list[str | Unknown] = []
    for item in (item for argument in arguments[1:] for item in _items(argument)):
        if pieces:
            pieces.append(separator)
        match item:
            case Unknown() as lost:
                pieces += [lost.prefix, lost]
            case Known() | Absent():
                pieces.append(_text(item))
    return _joined(pieces, arguments, place)


# Conversions


def _tostring(arguments: Arguments, place: Place) -> Value[Tree]:
    return _converted(as_text, arguments, place)


def _tonumber(arguments: Arguments, place: Place) -> Value[Tree]:
    return _converted(as_number, arguments, place)


def _tobool(arguments: Arguments, place: Place) -> Value[Tree]:
    return _converted(as_bool, arguments, place)


def _converted(conversion: Callable[[Any], Any], arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    match arguments[0]:
        case Known(leaf, sensitive=sensitive):
            return from_plain(conversion(leaf), place, sensitive=sensitive)
        case Unknown() as lost:
            return lost if conversion is as_text else replace(lost, prefix="")
        case Absent():
            return arguments[0]


def _tolist(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    if isinstance(arguments[0], Absent):
        return arguments[0]
    return listed(unified(_items(arguments[0])), place, sensitive=_top_marked(arguments))


def _toset(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    if isinstance(arguments[0], Absent):
        return arguments[0]
    return as_set(_items(arguments[0]), place, sensitive=_top_marked(arguments))


def _tomap(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    if isinstance(arguments[0], Absent):
        return arguments[0]
    tree = _map(arguments[0])
    values = [entry.value for entry in tree.entries.values()]
    if tree.unlisted is not None and not alike([*values, tree.unlisted]):
        raise RefusedError("the type of the values is not known")
    made = dict(zip(tree.entries, unified(values), strict=True))
    return mapped(made, place, unlisted=tree.unlisted, sensitive=_top_marked(arguments))


def _sensitive(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    return moved(arguments[0], place, sensitive=True)


def _nonsensitive(arguments: Arguments, _: Place) -> Value[Tree]:
    _expect(arguments, 1)
    match arguments[0]:
        case Known() as known:
            return replace(known, sensitive=False)
        case Unknown() | Absent():
            return arguments[0]


# Lists


def _concat(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1, -1)
    lists = [_items(argument) for argument in arguments]
    # Of lists that may all be typed the elements are converted to one type; a literal has none.
    all_typed = all(isinstance(each, Known) and not each.written and alike(_items(each)) for each in arguments)
    every = [item for items in lists for item in items]
    if all_typed and len(lists) > 1 and may_convert(every):
        raise RefusedError("whether the elements are converted to one type is not known")
    return listed(every, place, sensitive=_top_marked(arguments))


def _flatten(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    return listed(_flattened(_items(arguments[0])), place, sensitive=_top_marked(arguments))


def _flattened(items: Iterable[Value[Tree]]) -> list[Value[Tree]]:
    found: list[Value[Tree]] = []
    for item in items:
        match item:
            case Known(List() as tree):
                found += _flattened(tree.items)
            case Unknown(why, prefix=""):
                # It may be a list of any length.
                raise RefusedError(why)
            case Known() | Unknown() | Absent():
                found.append(item)
    return found


def _distinct(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    found: dict[str, Value[Tree]] = {}
    for item in unified(_items(arguments[0])):
        found.setdefault(set_text(plain(item)), item)
    return listed(found.values(), place, sensitive=_top_marked(arguments))


def _coalesce(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1, -1)
    values = unified(arguments)
    for index, value in enumerate(values):
        match value:
            case Known("") | Absent():
                continue
            case Unknown(prefix=""):
                return _one_of(value.why, place, values[index:])
            case Known() | Unknown():
                return value
    raise RefusedError("every argument is null or empty")


def _coalescelist(arguments: Arguments, _: Place) -> Value[Tree]:
    _expect(arguments, 1, -1)
    for value in arguments:
        if _items(value):
            return value
    raise RefusedError("every list is empty")


def _contains(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 2)
    if isinstance(arguments[1], Absent):
        raise RefusedError("an argument is null")
    results = [same(item, arguments[1]) for item in _items(arguments[0])]
    if True not in results and None in results:
        raise RefusedError("whether an element is the one looked for is not known")
    return Known(True in results, place, any(map(is_marked, arguments)), written=False)


def _index(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 2)
    for position, item in enumerate(_items(arguments[0])):
        equal = same(item, arguments[1])
        if equal is None:
            raise RefusedError("whether an element is the one looked for is not known")
        if equal:
            return Known(position, place, any(map(is_marked, arguments)), written=False)
    raise RefusedError("no element is the one looked for")


def _length(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    sensitive = _top_marked(arguments)
    match arguments[0]:
        case Known(List() as tree):
            return Known(len(tree.items), place, sensitive, written=False)
        case Known(Map() as tree):
            return Known(len(_listed_keys(tree)), place, sensitive, written=False)
        case Known(str(content)):
            return Known(len(texts.graphemes(content)), place, sensitive, written=False)
        case _:
            raise RefusedError("an argument has no length that is known")


def _element(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 2)
    items = _items(arguments[0])
    if isinstance(arguments[1], Unknown):
        return _one_of(arguments[1].why, place, items)
    index = as_integer(plain(arguments[1]))
    if not items or index < 0:
        raise RefusedError("the list has no such element")
    return moved(items[index % len(items)], place, sensitive=_top_marked(arguments))


def _slice(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 3)
    items = _items(arguments[0])
    start, end = as_integer(plain(arguments[1])), as_integer(plain(arguments[2]))
    if not 0 <= start <= end <= len(items):
        raise RefusedError("the list has no such part")
    return listed(items[start:end], place, sensitive=_top_marked(arguments))


def _reverse(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    return listed(reversed(_items(arguments[0])), place, sensitive=_top_marked(arguments))


def _one(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    items = _items(arguments[0])
    if len(items) > 1:
        raise RefusedError("the list has several elements")
    return moved(items[0], place, sensitive=_top_marked(arguments)) if items else Absent(place, explicit=True)


def _matchkeys(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 3)
    values, keys, wanted = (_items(argument) for argument in arguments)
    if len(values) != len(keys):
        raise RefusedError("the lists differ in length")
    compared = [set_text(plain(each)) for each in unified([*keys, *wanted])]
    searched = set(compared[len(keys) :])
    found = [value for value, key in zip(unified(values), compared, strict=False) if key in searched]
    return listed(found, place, sensitive=any(map(is_marked, arguments)))


# Sets


def _setproduct(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 2, -1)
    columns = [unified(_items(argument)) for argument in arguments]
    size = 1
    for column in columns:
        size *= len(column)
    if size > MAX_ITEMS:
        raise RefusedError("the product is too large")
    rows = [listed(row, place) for row in product(*columns)]
    result = listed(rows, place, sensitive=_top_marked(arguments))
    if any(map(_may_be_set, arguments, columns)) and (
        not is_whole(result) or plain(as_set(rows, place)) != plain(result)
    ):
        # With a set among them Terraform makes a set, which goes in another order.
        raise RefusedError("the order of the product is not known")
    return result


def _may_be_set(value: Value[Tree], elements: Sequence[Value[Tree]]) -> bool:
    if not isinstance(value, Known) or value.written:
        return False
    return not is_whole(value) or plain(as_set(elements, value.place)) == plain(value)


def _setunion(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1, -1)
    every = [item for each in _sets(arguments) for item in each]
    return as_set(every, place, sensitive=_top_marked(arguments))


def _setintersection(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1, -1)
    sets = _sets(arguments)
    others = [{set_text(plain(item)) for item in each} for each in sets[1:]]
    kept = [item for item in sets[0] if all(set_text(plain(item)) in other for other in others)]
    return as_set(kept, place, sensitive=_top_marked(arguments))


def _setsubtract(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 2)
    first, second = _sets(arguments)
    without = {set_text(plain(item)) for item in second}
    kept = [item for item in first if set_text(plain(item)) not in without]
    return as_set(kept, place, sensitive=_top_marked(arguments))


def _sets(arguments: Arguments) -> list[list[Value[Tree]]]:
    """The elements of each argument, all converted to one type."""
    sets = [unified(_items(argument)) for argument in arguments]
    every = iter(unified([item for each in sets for item in each]))
    return [[next(every) for _ in each] for each in sets]


# Maps


def _merge(arguments: Arguments, place: Place) -> Value[Tree]:
    """Later keys win; a map that is not known may replace any earlier key, and add others."""
    values: dict[str, Value[Tree]] = {}
    unlisted: Unknown | None = None
    for argument in arguments:
        match argument:
            case Known(Map() as tree):
                more = tree.unlisted
                settled = {key: entry.value for key, entry in tree.entries.items()}
            case Unknown():
                more, settled = replace(argument, prefix=""), {}
            case Absent():
                continue
            case Known():
                raise RefusedError("an argument is no map")
        if more is not None:
            values = {key: unknown(more.why, place, more, earlier) for key, earlier in values.items()}
            unlisted = more if unlisted is None else unknown(unlisted.why, place, unlisted, more)
        values.update(settled)
    return mapped(values, place, unlisted=unlisted, sensitive=_top_marked(arguments))


def _lookup(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 2, 3)
    tree = _map(arguments[0])
    values = [entry.value for entry in tree.entries.values()]
    if isinstance(arguments[1], Unknown):
        return _one_of(arguments[1].why, place, [*values, *arguments[2:]])
    key = _text(arguments[1])
    sensitive = _top_marked(arguments[:2])
    if key in tree.entries:
        return moved(tree.entries[key].value, place, sensitive=sensitive)
    if tree.unlisted is not None:
        return _one_of(tree.unlisted.why, place, [tree.unlisted, *arguments[2:]])
    if len(arguments) == 2:
        raise RefusedError("the map has no such key")
    # The default is converted to the type of the values where the map has one, which a literal has not.
    literal = isinstance(arguments[0], Known) and arguments[0].written
    if not literal and alike(values) and may_convert([*values, arguments[2]]):
        raise RefusedError("whether the default is converted is not known")
    return moved(arguments[2], place, sensitive=sensitive)


def _keys(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    return from_plain(list(_listed_keys(_map(arguments[0]))), place, sensitive=_top_marked(arguments))


def _values(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 1)
    tree = _map(arguments[0])
    found = [tree.entries[key].value for key in _listed_keys(tree)]
    return listed(found, place, sensitive=_top_marked(arguments))


def _zipmap(arguments: Arguments, place: Place) -> Value[Tree]:
    _expect(arguments, 2)
    keys, values = _texts(arguments[0]), _items(arguments[1])
    if len(keys) != len(values):
        raise RefusedError("the lists differ in length")
    return mapped(dict(zip(keys, values, strict=True)), place, sensitive=any(map(is_marked, arguments[:1])))


FUNCTIONS: dict[str, Function] = {
    "abs": _whole(texts.absolute, 1),
    "alltrue": _whole(texts.alltrue, 1),
    "anytrue": _whole(texts.anytrue, 1),
    "base64decode": _whole(texts.base64decode, 1),
    "base64encode": _whole(texts.base64encode, 1),
    "base64sha256": _whole(texts.base64sha256, 1),
    "basename": _whole(texts.basename, 1),
    "ceil": _whole(texts.ceil, 1),
    "chomp": _whole(texts.chomp, 1),
    "cidrhost": _whole(texts.cidrhost, 2),
    "cidrnetmask": _whole(texts.cidrnetmask, 1),
    "cidrsubnet": _whole(texts.cidrsubnet, 3),
    "cidrsubnets": _whole(texts.cidrsubnets, 1, -1),
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _whole(texts.compact, 1),
    "concat": _concat,
    "contains": _contains,
    "dirname": _whole(texts.dirname, 1),
    "distinct": _distinct,
    "element": _element,
    "endswith": _whole(texts.endswith, 2),
    "flatten": _flatten,
    "floor": _whole(texts.floor, 1),
    "format": _format,
    "formatlist": _formatlist,
    "indent": _whole(texts.indent, 2),
    "index": _index,
    "join": _join,
    "jsondecode": _whole(lambda text: read_json(as_text(text)), 1),
    "jsonencode": _jsonencode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "lower": _whole(texts.lower, 1),
    "matchkeys": _matchkeys,
    "max": _whole(texts.maximum, 1, -1),
    "md5": _whole(texts.md5, 1),
    "merge": _merge,
    "min": _whole(texts.minimum, 1, -1),
    "nonsensitive": _nonsensitive,
    "one": _one,
    "parseint": _whole(texts.parseint, 2),
    "pow": _whole(texts.power, 2),
    "range": _whole(texts.number_range, 1, 3),
    "regex": _whole(texts.regex, 2),
    "regexall": _whole(texts.regexall, 2),
    "replace": _whole(texts.replace, 3),
    "reverse": _reverse,
    "sensitive": _sensitive,
    "setintersection": _setintersection,
    "setproduct": _setproduct,
    "setsubtract": _setsubtract,
    "setunion": _setunion,
    "sha1": _whole(texts.sha1, 1),
    "sha256": _whole(texts.sha256, 1),
    "sha512": _whole(texts.sha512, 1),
    "signum": _whole(texts.signum, 1),
    "slice": _slice,
    "sort": _whole(texts.sort, 1),
    "split": _whole(texts.split, 2),
    "startswith": _whole(texts.startswith, 2),
    "strcontains": _whole(texts.strcontains, 2),
    "strrev": _whole(texts.strrev, 1),
    "substr": _whole(texts.substr, 3),
    "sum": _whole(texts.total, 1),
    "title": _whole(texts.title, 1),
    "tobool": _tobool,
    "tolist": _tolist,
    "tomap": _tomap,
    "tonumber": _tonumber,
    "toset": _toset,
    "tostring": _tostring,
    "transpose": _whole(texts.transpose, 1),
    "trim": _whole(texts.trim, 2),
    "trimprefix": _whole(texts.trimprefix, 2),
    "trimspace": _whole(texts.trimspace, 1),
    "trimsuffix": _whole(texts.trimsuffix, 2),
    "upper": _whole(texts.upper, 1),
    "urlencode": _whole(texts.urlencode, 1),
    "values": _values,
    "yamldecode": _whole(lambda text: read_yaml(as_text(text)), 1),
    "yamlencode": _yamlencode,
    "zipmap": _zipmap,
}
