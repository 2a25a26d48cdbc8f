"""The attributes of an instance as the sources write them, each part at its place and with its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from astrovet.formats.hcl.structure import Attribute, HclFile, expression_text
from astrovet.place import Place, inside
from astrovet.terraform.source.declared import Declared
from astrovet.terraform.source.modules import Names
from astrovet.terraform.source.references import references
from astrovet.terraform.values.unknowns import after_apply
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value


class SourceAttributes:
    """The attributes of an instance as the sources write them, evaluated where they are asked for."""

    def __init__(self, declared: Declared, names: Names, address: str) -> None:
        self._declared, self._names, self._address = declared, names, address

    def value(self, name: str, place: Place) -> Value[Tree]:
        """The value of an attribute; what the author did not write is known only after apply."""
        if not self.writes(name):  # most of what readers ask for: nothing is evaluated
            return after_apply(f"{self._address}.{name}", inside(place, name), (self._address,))
        value = self._names.value(self._declared, name)
        if isinstance(value, Known) and not value.written and _is_literal(self.references(name)):
            value = as_written(value)
        return addressed(value, place, name)

    def writes(self, name: str) -> bool:
        """Whether the author wrote this attribute."""
        return self._declared.attribute(name) is not None or bool(self._declared.blocks(name))

    def references(self, name: str) -> tuple[str, ...]:
        """What the author's expression for an attribute refers to, locals followed to what they stand for."""
        return tuple(
            dict.fromkeys(self._references_of(argument for argument in self._arguments() if argument[0] == name))
        )

    def all_references(self) -> tuple[str, ...]:
        """What any of the author's expressions refers to."""
        return tuple(dict.fromkeys(self._references_of(self._arguments())))

    def references_below(self, word: str) -> tuple[str, ...]:
        """What the expressions of the attributes refer to that have a word in their names, at any depth."""
        named = (argument for argument in self._all_arguments() if word in argument[0])
        return tuple(dict.fromkeys(self._references_of(named)))

    def lists_dynamic_blocks(self) -> bool:
        """Whether what is said to be unwritten is surely not written by a `dynamic` block either."""
        return True

    def is_settled(self) -> bool:
        """Sources never show what a provider computes."""
        return False

    def texts(self) -> Iterator[str]:
        """Ids are not in the sources."""
        yield from ()

    def sensitive_texts(self) -> Iterator[str]:
        """Every text that comes from a sensitive variable."""
        instance = self._names.instance
        for part in instance.each or ():
            yield from _sensitive(part)
        for name in self._declared.attributes():
            # What makes the instances is evaluated for the block; each of them told its own part of it above.
            if name not in {"count", "for_each"} or instance.doubt is not None:
                yield from _sensitive(self._names.value(self._declared, name))

    def _arguments(self) -> Iterator[tuple[str, HclFile, Attribute]]:
        for name in self._declared.attributes():
            argument = self._declared.attribute(name)
            if argument is not None:
                yield (name, *argument)
        for kind in self._declared.block_kinds():
            for file, block in self._declared.blocks(kind):
                pending = [block.body]
                while pending:
                    body = pending.pop()
                    yield from ((kind, file, attribute) for attribute in body.attributes)
                    pending.extend(inner.body for inner in body.blocks)

    def _all_arguments(self) -> Iterator[tuple[str, HclFile, Attribute]]:
        for file, attribute in self._declared.all_attributes():
            yield attribute.name, file, attribute

    def _references_of(self, arguments: Iterable[tuple[str, HclFile, Attribute]]) -> Iterator[str]:
        module = self._names.module
        for _, file, attribute in arguments:
            key = (module.folder.path, expression_text(file, attribute))
            known = module.project.referred
            if key not in known:
                known[key] = tuple(references(file, attribute, module.folder))
            yield from known[key]


def _is_literal(references: Sequence[str]) -> bool:
    """Whether an expression says all by itself, as a plan's configuration is understood too."""
    return all(reference.startswith("path.") for reference in references)


def as_written(value: Value[Tree]) -> Value[Tree]:
    """The value with all that is known of it marked as written out: functions only put it together."""
    match value:
        case Known(Map(entries) as tree, place, sensitive):
            children = {key: replace(entry, value=as_written(entry.value)) for key, entry in entries.items()}
            return Known(replace(tree, entries=children), place, sensitive)
        case Known(List(items) as tree, place, sensitive):
            return Known(replace(tree, items=tuple(map(as_written, items))), place, sensitive)
        case Known(document=document):
            encoded = as_written(document) if document is not None else None
            return replace(value, written=True, document=encoded)
        case Unknown() | Absent():
            return value


def addressed(value: Value[Tree], resource: Place, pointer: str) -> Value[Tree]:
    """The value with the instance's address, and its environment, in its places."""

    def move(place: Place) -> Place:
        below = place.pointer if place.pointer.startswith(pointer) else pointer
        return replace(
            place, address=resource.address, pointer=below, environment=resource.environment, root=resource.root
        )

    match value:
        case Known(Map(entries) as tree, place, sensitive, written):
            moved = {
                key: type(entry)(key, move(entry.key_place), addressed(entry.value, resource, pointer))
                for key, entry in entries.items()
            }
            return Known(replace(tree, entries=moved), move(place), sensitive, written)
        case Known(List(items) as tree, place, sensitive, written):
            children = tuple(addressed(item, resource, pointer) for item in items)
            return Known(replace(tree, items=children), move(place), sensitive, written)
        case (Known() | Unknown()) as leaf:
            encoded = addressed(leaf.document, resource, pointer) if leaf.document is not None else None
            return replace(leaf, place=move(leaf.place), document=encoded)
        case Absent(place):
            return replace(value, place=move(place))


def _sensitive(value: Value[Tree]) -> Iterator[str]:
    match value:
        case Known(Map(entries)):
            for key, entry in entries.items():
                if key not in {"key", "name"}:
                    yield from _sensitive(entry.value)
        case Known(List(items)):
            for item in items:
                yield from _sensitive(item)
        case Known(str(content), _, True):
            yield content
        case Unknown(document=Known() as encoded) | Known(document=Known() as encoded):
            yield from _sensitive(encoded)
        case Known() | Unknown() | Absent():
            pass
