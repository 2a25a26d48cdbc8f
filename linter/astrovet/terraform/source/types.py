"""Values of variables converted to their declared types, as Terraform converts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from astrovet.place import Place, inside
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.expressions import Call, Constant, Expression, ListOf, Name, ObjectOf
from astrovet.terraform.source.names import NoNames
from astrovet.terraform.values.common_type import common_type, converted
from astrovet.terraform.values.conversion import as_bool, as_number, as_text
from astrovet.terraform.values.plain_data import from_plain, listed, mapped, moved
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.types import DYNAMIC, OPEN, STRING
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Known, Leaf, List, Map, Tree, Type, Unknown, Value

MISFIT = "it does not fit the variable's type"
_ANY = Name("any")
_OLD_NAMES = {"list": Call("list", (_ANY,)), "map": Call("map", (_ANY,)), "set": Call("set", (_ANY,))}
_LEAVES: dict[str, Callable[[Tree], Leaf]] = {"string": as_text, "number": as_number, "bool": as_bool}


def convert(value: Value[Tree], constraint: Expression, place: Place) -> Value[Tree]:
    """The value as a variable of this type holds it, all of it at `place`.

    Null fits every type, and unknown parts stay unknown. What does not fit is Unknown.
    """
    try:
        return moved(_convert(value, constraint, place), place)
    except UndecidedError as error:
        return error.unknown(place) if error.is_refused else unknown(error.why, place, value, how=error.how)
    except RecursionError:
        return unknown("the value is nested too deeply", place, value)


def _convert(value: Value[Tree], constraint: Expression, place: Place) -> Value[Tree]:
    match value:
        case Absent():
            return value if constraint == _ANY else replace(value, type=type_named(constraint))
        case Unknown():
            if constraint == _ANY:
                return value
            wanted = type_named(constraint)
            return replace(value, type=wanted, prefix=value.prefix if wanted == STRING else "")
        case Known():
            return _known(value, constraint, place)


def _known(value: Known[Tree], constraint: Expression, place: Place) -> Value[Tree]:
    match constraint:
        case Name("any"):
            return value
        case Name(name) | Constant(str(name)) if name in _LEAVES:
            leaf = _leaf(name, value.value)
            if type(leaf) is type(value.value) and leaf == value.value and not value.is_loose:
                return value
            return from_plain(leaf, place, sensitive=value.sensitive)
        case Name(name) | Constant(str(name)) if name in _OLD_NAMES:
            return _known(value, _OLD_NAMES[name], place)
        case Call("list", (element,)):
            elements, kind = _elements(_items(value), element, place)
            return listed(elements, place, sensitive=value.sensitive, element=kind)
        case Call("set", (element,)):
            elements, kind = _elements(_items(value), element, place)
            return converted(listed(elements, place, sensitive=value.sensitive), Type("set", (kind,)))
        case Call("map", (element,)):
            return _map(value, element, place)
        case Call("tuple", (ListOf(elements),)):
            items = _items(value)
            if len(items) != len(elements):
                raise RefusedError(MISFIT)
            values = [_convert(item, element, place) for item, element in zip(items, elements, strict=True)]
            return listed(values, place, sensitive=value.sensitive)
        case Call("object", (ObjectOf() as attributes,)):
            return _object(value, attributes, place)
        case _:
            raise UndecidedError("astrovet does not read the variable's type")


def _leaf(name: str, tree: Tree) -> Leaf:
    try:
        return _LEAVES[name](tree)
    except UndecidedError:
        raise RefusedError(MISFIT) from None


def _items(value: Known[Tree]) -> tuple[Value[Tree], ...]:
    if isinstance(value.value, List):
        if value.value.is_open_set:
            raise UndecidedError("the order of a set is not known")
        return value.value.items
    raise RefusedError(MISFIT)


def _elements(values: Sequence[Value[Tree]], element: Expression, place: Place) -> tuple[list[Value[Tree]], Type]:
    """The elements of a collection, and their type: the one that it names, or the one that all have in common."""
    elements = [_convert(value, element, place) for value in values]
    if not _leaves_open(element):
        return elements, type_named(element) or OPEN
    kind = common_type(elements) if elements else DYNAMIC
    return [converted(value, kind) for value in elements], kind


def type_named(constraint: Expression) -> Type | None:
    """The type that a constraint names; None where it leaves that or a part of it to the value."""
    match constraint:
        case Name(name) | Constant(str(name)) if name in _LEAVES:
            return Type(name)
        case Call("optional", (inner, *_)):
            return type_named(inner)
        case Call("list" | "set" | "map" as name, (inner,)):
            part = type_named(inner)
            return Type(name, (part,)) if part is not None else None
        case Call("tuple", (ListOf(elements),)):
            parts = [part for part in map(type_named, elements) if part is not None]
            return Type("tuple", tuple(parts)) if len(parts) == len(elements) else None
        case Call("object", (ObjectOf(entries),)):
            named = {
                str(key.value): part
                for key, value in entries
                if isinstance(key, Constant) and (part := type_named(value)) is not None
            }
            keys = tuple(sorted(named))
            return Type("object", tuple(named[key] for key in keys), keys) if len(named) == len(entries) else None
        case _:
            return None


def _leaves_open(constraint: Expression) -> bool:
    """Whether the type of an element is for Terraform to find."""
    match constraint:
        case Name("any" | "list" | "map" | "set"):
            return True
        case Call("object", (ObjectOf(entries),)):
            return any(_leaves_open(attribute) for _, attribute in entries)
        case Call("tuple", (ListOf(elements),)):
            return any(map(_leaves_open, elements))
        case Call("list" | "set" | "map" | "optional", (element, *_)):
            return _leaves_open(element)
        case _:
            return False


def _map(value: Known[Tree], element: Expression, place: Place) -> Value[Tree]:
    if not isinstance(value.value, Map):
        raise RefusedError(MISFIT)
    tree = value.value
    values, kind = _elements([entry.value for entry in tree.entries.values()], element, place)
    elements = dict(zip(tree.entries, values, strict=True))
    return mapped(elements, place, unlisted=tree.unlisted, sensitive=value.sensitive, element=kind)


def _object(value: Known[Tree], attributes: ObjectOf, place: Place) -> Value[Tree]:
    """Attributes that the type does not name are dropped."""
    if not isinstance(value.value, Map):
        raise RefusedError(MISFIT)
    tree = value.value
    values: dict[str, Value[Tree]] = {}
    for name, constraint in attributes.entries:
        if not isinstance(name, Constant) or not isinstance(name.value, str):
            raise UndecidedError("astrovet does not read the variable's type")
        key = name.value
        given = tree.entries[key].value if key in tree.entries else tree.unlisted
        values[key] = _attribute(given, constraint, inside(place, key))
    return mapped(values, place, sensitive=value.sensitive)


def _attribute(given: Value[Tree] | None, constraint: Expression, place: Place) -> Value[Tree]:
    """The value of an attribute; one that may be left out (None) has its default, or null."""
    match constraint, given:
        case Call("optional", (wanted, default)), Absent() | None:
            return _convert(evaluate(default, NoNames("a default"), place), wanted, place)
        case Call("optional"), Absent() | None:
            return Absent(place, explicit=True, type=type_named(constraint))
        case _, None:
            raise RefusedError(MISFIT)
        case Call("optional", (wanted, *_)), Known() | Unknown():
            return _convert(given, wanted, place)
        case _, Known() | Unknown() | Absent():
            return _convert(given, constraint, place)
