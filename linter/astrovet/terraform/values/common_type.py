"""Values converted to a type, the one type of several values, and the order of a set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.values.conversion import as_bool, as_number, as_text, parse_number
from astrovet.terraform.values.plain_data import listed, plain
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.types import (
    DYNAMIC,
    OPEN,
    STRING,
    can_convert,
    has_untyped_null,
    is_doubtful,
    is_dynamic,
    is_open,
    type_of,
    unify,
)
from astrovet.terraform.values.unknowns import is_whole, unknown
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Type, Unknown, Value

NO_COMMON_TYPE = "the values have no common type"


def common_type(values: Sequence[Value[Tree]]) -> Type:
    """The one type of these values.

    Raises:
        RefusedError: Terraform has none.
    """
    return one_type(map(type_of, values))


def one_type(types: Iterable[Type]) -> Type:
    """The type that values of these types have in common.

    Raises:
        RefusedError: Terraform has none.
    """
    wanted = unify(types)
    if wanted is None:
        raise RefusedError(NO_COMMON_TYPE)
    if is_doubtful(wanted):
        raise UndecidedError("whether the values have a common type is not known")
    return wanted


def unified(values: Sequence[Value[Tree]]) -> list[Value[Tree]]:
    """The values converted to one type, as the elements of a list are.

    Raises:
        RefusedError: Terraform has no such type.
    """
    wanted = common_type(values)
    return [converted(value, wanted) for value in values]


def converted(value: Value[Tree], wanted: Type) -> Value[Tree]:
    """The value as Terraform converts it to a type; it stays where it stands.

    Raises:
        RefusedError: it cannot be converted.
    """
    if wanted.name == "dynamic":
        return value
    match value:
        case Unknown() if value.is_refused or wanted.name == "open":
            return value
        case Unknown():
            if value.type is not None and not can_convert(value.type, wanted):
                raise RefusedError(NO_COMMON_TYPE)
            settled = None if is_dynamic(wanted) else wanted
            return replace(value, type=settled, prefix=value.prefix if wanted == STRING else "")
        case Absent():
            if value.type is not None and not can_convert(value.type, wanted):
                raise RefusedError(NO_COMMON_TYPE)
            return replace(value, type=wanted)
        case Known():
            return _known(value, wanted)


def _known(value: Known[Tree], wanted: Type) -> Value[Tree]:
    tree = value.value
    match wanted.name, tree:
        case "open", _:
            return loosened(value)
        case (("string" | "number" | "bool"), Map(unlisted=Unknown())):  # of no type of its own, as it is not known
            raise UndecidedError("a value of which not all is known is converted")
        case "string", _:
            return replace(value, value=as_text(tree), is_loose=False)
        case "number", str() | int() | float():
            return replace(value, value=as_number(tree), is_loose=False)
        case "bool", str() | bool():
            return replace(value, value=as_bool(tree), is_loose=False)
        case (("list" | "set"), List()):
            return _collected(value, tree, wanted)
        case "tuple", List(items, is_set=False) if len(items) == len(wanted.parts):
            elements = tuple(map(converted, items, wanted.parts))
            return replace(value, value=List(elements))
        case "map", Map():
            element = _element(wanted, [entry.value for entry in tree.entries.values()], tree.element)
            entries = {key: _entry(entry, element) for key, entry in tree.entries.items()}
            return replace(value, value=Map(entries, tree.unlisted, element))
        case "object", Map():
            return _object(value, tree, wanted)
        case _:
            raise RefusedError("a value cannot be converted to the type that is expected")


def _collected(value: Known[Tree], tree: List, wanted: Type) -> Value[Tree]:
    if wanted.parts[0] == DYNAMIC and tree.element is None and has_untyped_null([type_of(item) for item in tree.items]):
        raise RefusedError(NO_COMMON_TYPE)
    element = _element(wanted, tree.items, tree.element)
    elements = [converted(item, element) for item in tree.items]
    if wanted.name == "list":
        if tree.is_open_set:
            lost = unknown("the order of a set is not known", value.place, value)
            return replace(lost, type=None if is_open(element) else Type("list", (element,)), is_never_null=True)
        return replace(value, value=List(tuple(elements), element=element))
    return replace(value, value=List(_distinct(elements), is_set=True, element=element))


def _element(wanted: Type, values: Sequence[Value[Tree]], earlier: Type | None) -> Type:
    """The type of a collection's elements; where any will do, the one that they have in common."""
    if wanted.parts[0].name != "dynamic":
        return wanted.parts[0]
    return earlier or common_type(values)


def _entry(entry: Entry, wanted: Type) -> Entry:
    return Entry(entry.key, entry.key_place, converted(entry.value, wanted), entry.replaced)


def _object(value: Known[Tree], tree: Map, wanted: Type) -> Value[Tree]:
    """Attributes that the type does not name are dropped."""
    parts = dict(zip(wanted.keys, wanted.parts, strict=True))
    entries = {key: _entry(entry, parts[key]) for key, entry in tree.entries.items() if key in parts}
    for key in parts.keys() - entries.keys():
        if tree.unlisted is None:
            raise RefusedError("a value lacks an attribute of the type that is expected")
        entries[key] = Entry(key, value.place, converted(tree.unlisted, parts[key]))
    return replace(value, value=Map(entries))


def loosened(value: Value[Tree]) -> Value[Tree]:
    """The value where its type is not settled: a number may turn out to be a text, a text to be a number."""
    match value:
        case Known(Map(entries) as tree):
            children = {key: replace(entry, value=loosened(entry.value)) for key, entry in entries.items()}
            return replace(value, value=replace(tree, entries=children, element=OPEN))
        case Known(List(items) as tree):
            return replace(value, value=replace(tree, items=tuple(map(loosened, items)), element=OPEN))
        case Known(str(content)):
            return replace(value, is_loose=content in {"true", "false"} or parse_number(content) is not None)
        case Known():
            return replace(value, is_loose=True)
        case Unknown() | Absent():
            return replace(value, type=None)


def as_set(
    values: Sequence[Value[Tree]], place: Place, *, sensitive: bool = False, element: Type | None = None
) -> Value[Tree]:
    """The set of these values: of one type, sorted as Terraform goes through it, each once.

    With `element` they have that type already, which a set without any has too.

    Raises:
        RefusedError: they have no common type.
        UndecidedError: what is in them is not known.
    """
    if element is None:
        element = common_type(values) if values else DYNAMIC
        values = [converted(value, element) for value in values]
    return listed(_distinct(values), place, sensitive=sensitive, is_set=True, element=element)


def _distinct(elements: Sequence[Value[Tree]]) -> tuple[Value[Tree], ...]:
    if len(elements) <= 1:
        return tuple(elements)
    by_text: dict[str, tuple[Any, Value[Tree]]] = {}
    lost: list[Value[Tree]] = []
    for element in elements:
        if not is_whole(element):
            lost.append(element)
            continue
        data = plain(element)
        by_text.setdefault(set_text(data, type_of(element)), (data, element))
    texts = sorted(by_text, key=lambda text: _set_order(text, by_text[text][0]))
    return (*(by_text[text][1] for text in texts), *lost)


def _set_order(text: str, data: Any) -> tuple[bool, float, str]:
    """Null comes last, numbers stand in their order, texts in that of their letters, the rest in that of its text."""
    number = data if isinstance(data, int | float) else 0
    return data is None, number, data if isinstance(data, str) else text


def set_text(data: Any, of: Type = OPEN) -> str:
    """The text by which Terraform tells and orders the elements of a set that are lists or maps.

    Only of a map the keys stand in it; of what has no known type here they stand behind it.
    """
    if data is None:
        return "~"
    if isinstance(data, bool):
        return "T" if data else "F"
    if isinstance(data, str):
        return '"' + data.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(data, int | float):
        return as_text(data)
    if isinstance(data, dict) and of.name == "map":
        pairs = (f"{set_text(key)}:{set_text(value, of.parts[0])};" for key, value in sorted(data.items()))
        return "{" + "".join(pairs) + "}"
    if isinstance(data, dict):
        parts = dict(zip(of.keys, of.parts, strict=True)) if of.name == "object" else {}
        values = (f"{set_text(value, parts.get(key, OPEN))};" for key, value in sorted(data.items()))
        return "{" + "".join(values) + "}" + "".join(sorted(data))
    kinds = of.parts if of.name == "tuple" else of.parts[:1] * len(data) or [OPEN] * len(data)
    return "[" + "".join(f"{set_text(*pair)};" for pair in zip(data, kinds, strict=True)) + "]"
