"""The types of values, and the one type that Terraform finds for several.

The rules are those of Terraform's own library of types, go-cty (`convert.Unify`, `convert.GetConversionUnsafe`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from astrovet.value import Absent, Known, List, Map, Tree, Type, Unknown, Value

STRING, NUMBER, BOOL = Type("string"), Type("number"), Type("bool")
DYNAMIC = Type("dynamic")
OPEN = Type("open")
DOUBTFUL = Type("open", (DYNAMIC,))
"""What values have in common of which the settled ones have nothing in common."""
TEXTS = Type("list", (STRING,))

_LEAVES = frozenset({"string", "number", "bool"})


def type_of(value: Value[Tree]) -> Type:
    """The type that Terraform gives a value."""
    match value:
        case Unknown():
            return value.type or OPEN
        case Absent():
            return value.type or DYNAMIC
        case Known(is_loose=True) | Known(Map(element=Type("open"))) | Known(List(element=Type("open"))):
            return OPEN
        case Known(Map() as tree):
            if tree.element is not None:
                return Type("map", (tree.element,))
            if tree.unlisted is not None:
                return OPEN
            keys = tuple(sorted(tree.entries))
            return Type("object", tuple(type_of(tree.entries[key].value) for key in keys), keys)
        case Known(List() as tree):
            if tree.element is not None:
                return Type("set" if tree.is_set else "list", (tree.element,))
            return Type("tuple", tuple(map(type_of, tree.items)))
        case Known(bool()):
            return BOOL
        case Known(str()):
            return STRING
        case Known():
            return NUMBER


def part_of(of: Type, steps: Sequence[str | int]) -> Type | None:
    """The type behind steps into values of this type; None where that is not settled, or there is none."""
    for step in steps:
        if of.name in {"list", "map", "set"}:
            of = of.parts[0]
        elif of.name == "object" and step in of.keys:
            of = of.parts[of.keys.index(str(step))]
        elif of.name == "tuple" and isinstance(step, int) and step < len(of.parts):
            of = of.parts[step]
        else:
            return None
    return None if is_open(of) else of


def is_open(of: Type) -> bool:
    """Whether the type or a part of it is not settled."""
    return of.name == "open" or any(map(is_open, of.parts))


def is_doubtful(of: Type) -> bool:
    """Whether there may be no such type."""
    return of == DOUBTFUL or any(map(is_doubtful, of.parts))


def is_dynamic(of: Type) -> bool:
    """Whether the type or a part of it is that of a null without a type."""
    return of.name == "dynamic" or any(map(is_dynamic, of.parts))


def unify(types: Iterable[Type]) -> Type | None:
    """The one type to which values of all these types are converted; None where Terraform has none.

    Where it depends on a type that is not settled, it is open too.
    """
    distinct = list(dict.fromkeys(types))
    present = [kind for kind in distinct if kind != DYNAMIC]
    if len(present) <= 1:
        return present[0] if present else DYNAMIC
    common = _unify(present)
    # With a null among them Terraform hopes for types that turn out to be alike.
    return DYNAMIC if common is None and DYNAMIC in distinct else common


def _unify(present: Sequence[Type]) -> Type | None:
    names = {kind.name for kind in present}
    if "open" in names:
        # Whatever the open one is: beside a text it is a text, or Terraform refuses it.
        settled = unify([kind for kind in present if kind.name != "open"])
        return STRING if settled == STRING else DOUBTFUL if settled is None else OPEN
    if names <= _LEAVES:
        return STRING if "string" in names else None
    if names == {"object"}:
        return _structure("object", "map", present, alike=len({kind.keys for kind in present}) == 1)
    if names == {"tuple"}:
        return _structure("tuple", "list", present, alike=len({len(kind.parts) for kind in present}) == 1)
    for collection, structure in (("map", "object"), ("list", "tuple"), ("set", "set")):
        if names <= {collection, structure}:
            return _collection(collection, present)
    if names <= {"set", "list", "tuple"}:
        wanted = sorted((kind for kind in present if kind.name != "tuple"), key=lambda kind: kind.name)
        return next((want for want in wanted if all(can_convert(kind, want) for kind in present)), None)
    return None


def _structure(structure: str, collection: str, types: Sequence[Type], *, alike: bool) -> Type | None:
    """Objects or tuples of one shape become another of it, others a map or a list."""
    if not alike:
        return _collection(collection, types)
    columns = [unify(column) for column in zip(*(kind.parts for kind in types), strict=True)]
    parts = tuple(part for part in columns if part is not None)
    return Type(structure, parts, types[0].keys) if len(parts) == len(columns) else None


def _collection(name: str, types: Sequence[Type]) -> Type | None:
    parts = [part for kind in types for part in kind.parts]
    element = DYNAMIC if has_untyped_null(parts) else unify(parts)
    return None if element is None else Type(name, (element,))


def has_untyped_null(types: Collection[Type]) -> bool:
    """Whether a null without a type stands beside a list or a map: Terraform does not make one type of these."""
    return DYNAMIC in types and any(of.name not in {*_LEAVES, "dynamic", "open"} for of in types)


def can_convert(given: Type, wanted: Type) -> bool:
    """Whether Terraform tries to convert the one type to the other; a value can still be refused."""
    if given == wanted or {given.name, wanted.name} & {"dynamic", "open"}:
        return True
    match given.name, wanted.name:
        case (("number" | "bool"), "string"):
            return True
        case "string", ("number" | "bool"):
            return True
        case (("list" | "set" | "tuple"), ("list" | "set")) if wanted.parts[0] == DYNAMIC:
            return unify(given.parts) is not None
        case (("object" | "map"), "map") if wanted.parts[0] == DYNAMIC:
            return unify(given.parts) is not None
        case (("list" | "set" | "tuple"), ("list" | "set")) | (("object" | "map"), "map"):
            return all(can_convert(part, wanted.parts[0]) for part in given.parts)
        case "tuple", "tuple":
            return len(given.parts) == len(wanted.parts) and all(map(can_convert, given.parts, wanted.parts))
        case "object", "object":
            parts = dict(zip(given.keys, given.parts, strict=True))
            pairs = zip(wanted.keys, wanted.parts, strict=True)
            return all(key in parts and can_convert(parts[key], part) for key, part in pairs)
        case "map", "object":
            return all(can_convert(given.parts[0], part) for part in wanted.parts)
        case _:
            return False
