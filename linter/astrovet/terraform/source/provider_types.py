"""Attributes as a provider's schema has them, where that is known: what references to a resource see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from astrovet.place import Place, inside
from astrovet.terraform.source.marks import completed_later
from astrovet.terraform.source.named_ids import NAMED
from astrovet.terraform.values.common_type import converted, loosened
from astrovet.terraform.values.refusal import UndecidedError
from astrovet.terraform.values.types import BOOL, NUMBER, OPEN, STRING
from astrovet.terraform.values.unknowns import after_apply
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Type, Unknown, Value, text

_TYPES = {
    "string": STRING,
    "number": NUMBER,
    "bool": BOOL,
    "set(string)": Type("set", (STRING,)),
    "map(string)": Type("map", (STRING,)),
}


class Schema(Struct, frozen=True):
    """An attribute, or all those of a type of resource."""

    type: str = "object"
    unset: str = "computed"
    """What it holds where it is left out."""
    attributes: Mapping[str, Schema] = {}
    """Of an object, or of the elements of a set of objects."""


def schema_of(kind: str) -> Schema | None:
    """The schema of a type of resource; None where it is not known."""
    if not kind.startswith("astro_"):
        return None
    from astrovet.terraform.source.astro_schemas import SCHEMAS

    if kind not in SCHEMAS:
        return None
    lines = [line.split() for line in SCHEMAS[kind].splitlines() if line.strip()]
    return _schema("object", "computed", {path.replace("[]", ""): (what, unset) for path, what, unset in lines}, "")


def _schema(what: str, unset: str, rows: Mapping[str, tuple[str, str]], prefix: str) -> Schema:
    names = [path for path in rows if path.startswith(prefix) and "." not in path[len(prefix) :]]
    return Schema(what, unset, {path[len(prefix) :]: _schema(*rows[path], rows, f"{path}.") for path in names})


META_ARGUMENTS = frozenset({"count", "depends_on", "for_each", "provider"})
"""Arguments of Terraform itself, which are no attributes of the resource."""

UNTYPED = frozenset({"terraform_data"})
"""Types of resources whose attributes have the type of what they are set to."""


def as_provided(value: Value[Tree], kind: str, schema: Schema | None, name: str) -> Value[Tree]:
    """An argument as a reference sees it: with the type that the provider's schema gives it.

    Where the schema is not known, neither is the type.
    """
    attribute = schema.attributes.get(name) if schema is not None else None
    if attribute is not None:
        return provided(value, attribute, value.place)
    return value if kind in UNTYPED else loosened(value)


def decided_later(held: Value[Tree], schema: Schema | None) -> bool:
    """Whether the provider gives a value that the author does not; what a schema leaves out is null."""
    return isinstance(held, Absent) and not (held.explicit and schema is not None)


def reached(value: Value[Tree], kind: str, schema: Schema | None) -> Value[Tree]:
    """What steps into an attribute lead to; where its schema is not known, it need not have the shape as written."""
    is_sure = schema is not None or kind in UNTYPED
    return value if is_sure or not isinstance(value, Unknown) else replace(value, is_refused=False)


def named_by(later: Unknown, what: tuple[str | int, ...], argument: Callable[[str], Value[Tree]]) -> Value[Tree]:
    """What is computed later, where it is made of a name that the author wrote."""
    name, before = NAMED.get(what, ("", "")) if len(what) == 2 else ("", "")
    if not name:
        return later
    match text(argument(name)):
        case Known(content, _, sensitive):
            return Known(f"{before}{content}", later.place, sensitive, written=False)
        case Unknown(prefix=prefix):
            return replace(later, prefix=f"{before}{prefix}")
        case Absent():
            return later


def identified(later: Unknown) -> Unknown:
    """The id of a resource, which providers give as a text to each."""
    return replace(later, type=STRING, is_never_null=True)


def with_additions(value: Value[Tree], kind: str, address: str) -> Value[Tree]:
    """An argument as a reference sees it, with what the provider adds to its objects after apply."""
    return value if kind in UNTYPED else completed_later(value, address)


def whole(
    value: Callable[[str], Value[Tree]],
    written: Iterable[str],
    kind: str,
    schema: Schema | None,
    address: str,
    place: Place,
) -> Value[Tree]:
    """All attributes of an instance; what its provider computes is known only after apply."""
    arguments = (name for name in written if name not in META_ARGUMENTS)
    names = dict.fromkeys((*arguments, *(schema.attributes if schema is not None else ())))
    held_by = {name: as_provided(value(name), kind, schema, name) for name in names}
    entries = {
        name: Entry(name, inside(place, name), with_additions(held, kind, address))
        for name, held in held_by.items()
        if not isinstance(held, Absent) or held.explicit
    }
    for name in (name for of, name in NAMED if of == kind and name not in entries):
        later = after_apply(f"{address}.{name}", place, (address,))
        entries[str(name)] = Entry(str(name), inside(place, str(name)), named_by(later, (kind, name), value))
    own = inside(place, "id")
    entries.setdefault("id", Entry("id", own, identified(after_apply(f"{address}.id", own, (address,)))))
    return Known(Map(entries, after_apply(address, place, (address,))), place, written=False)


def provided(value: Value[Tree], schema: Schema, place: Place) -> Value[Tree]:
    """What an attribute holds that is set to this; Absent without being null where the provider decides."""
    match value:
        case Absent():
            return _unset(schema, place)
        case Unknown():
            return replace(value, type=_TYPES.get(schema.type))
        case Known(Map() as tree) if schema.type == "object" and schema.attributes:
            return replace(value, value=replace(tree, entries=_entries(tree, schema, place)))
        case Known(List(items)) if schema.type == "set(object)":
            return replace(value, value=List(tuple(_element(item, schema, place) for item in items), element=OPEN))
        case Known():
            wanted = _TYPES.get(schema.type)
            try:
                return converted(value, wanted) if wanted is not None else loosened(value)
            except UndecidedError:
                return loosened(value)


def _element(item: Value[Tree], schema: Schema, place: Place) -> Value[Tree]:
    return provided(item, replace(schema, type="object"), place)


def _entries(tree: Map, schema: Schema, place: Place) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for name, attribute in schema.attributes.items():
        below = inside(place, name)
        given = tree.entries.get(name)
        if given is None and tree.unlisted is not None:
            continue  # it may be among the keys that are not known
        held = provided(given.value if given is not None else Absent(below), attribute, below)
        if not isinstance(held, Absent) or held.explicit:
            entries[name] = Entry(name, given.key_place if given is not None else below, held)
    return entries


def _unset(schema: Schema, place: Place) -> Value[Tree]:
    match schema.unset:
        case "empty":
            return Known(List((), is_set=True, element=STRING), place, written=False)
        case "false":
            return Known(False, place, written=False)
        case "computed":
            return Absent(place)
        case _:
            return Absent(place, explicit=True, type=_TYPES.get(schema.type))
