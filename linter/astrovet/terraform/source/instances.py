"""The instances that `count` and `for_each` make of a block, and which of them a reference means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from astrovet.budget import Budget, ExhaustedError
from astrovet.formats.hcl.strings import quoted
from astrovet.formats.hcl.structure import Attribute, HclFile
from astrovet.place import Place
from astrovet.terraform.source.declared import Declared
from astrovet.terraform.values.plain_data import entries_of
from astrovet.terraform.values.steps import refused
from astrovet.terraform.values.types import is_open
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, integer, text


class Instance(Struct, frozen=True):
    """One of the instances of a block: its key, and what `each` and `count` are for it."""

    key: str | int | None = None
    each: tuple[Value[Tree], Value[Tree]] | None = None
    count: Value[Tree] | None = None
    doubt: Unknown | None = None
    """Why the instances are not known; this one then stands for all of them."""
    is_made: bool = False
    """There surely is one, though the doubt keeps its key open."""

    @property
    def lack(self) -> Unknown | None:
        """Why there may be none at all."""
        return None if self.is_made else self.doubt

    @property
    def suffix(self) -> str:
        match self.key:
            case None:
                return ""
            case int(number):
                return f"[{number}]"
            case name:
                return f'["{quoted(name)}"]'


def expanded(
    declared: Declared, argument: Callable[[HclFile, Attribute], Value[Tree]], budget: Budget
) -> tuple[Instance, ...]:
    """The instances that `count` or `for_each` makes; one that stands for all where they are too many."""
    try:
        return tuple(_expanded(declared, argument, budget))
    except ExhaustedError as error:
        return (Instance(doubt=error.unknown(declared.header)),)


def _expanded(
    declared: Declared, argument: Callable[[HclFile, Attribute], Value[Tree]], budget: Budget
) -> Iterator[Instance]:
    count, for_each = declared.attribute("count"), declared.attribute("for_each")
    if count is not None:
        match integer(argument(*count)):
            case Known(number) if number >= 0:
                budget.instances.spend(number)
                for index in range(number):
                    yield Instance(index, count=Known(index, declared.header, written=False))
            case Unknown() as lost:
                yield Instance(doubt=lost)
            case Known(_, place) | Absent(place):
                yield Instance(doubt=Unknown("the count is no number that can be expanded", place))
        return
    if for_each is None:
        yield Instance()
        return
    over = argument(*for_each)
    pairs = entries_of(over)
    if pairs is None:
        yield Instance(doubt=unknown("which instances there are is not known", declared.header, over))
        return
    budget.instances.spend(len(pairs))
    is_map = isinstance(over, Known) and isinstance(over.value, Map)
    for key, value in pairs:
        named = text(key if is_map else value)
        match named:
            case Known(name):
                yield Instance(name, each=(named, value))
            case Unknown() | Absent():
                yield Instance(
                    doubt=unknown("the key of an instance is not known", declared.header, named), is_made=True
                )
    if isinstance(over, Known) and isinstance(over.value, Map) and over.value.unlisted is not None:
        yield Instance(doubt=over.value.unlisted)


def not_to_be_expanded(made_by: Value[Tree], *, is_count: bool) -> str:
    """Why Terraform refuses a known value as `count` or `for_each`; empty where it may take it.

    The instances of such a block are judged all the same, for what is meant is mostly plain.
    """
    if is_count:
        number = integer(made_by)
        if isinstance(made_by, Unknown) or (isinstance(number, Known) and number.value >= 0):
            return ""
        return "the count is no whole number from 0 up"
    match made_by:
        case Known(Map()) | Known(List(is_set=True, items=())) | Unknown():
            return ""
        case Known(List(element=element)) if element is not None and is_open(element):
            return ""
        case Known(List(is_set=True, items=items)):
            is_of_texts = all(isinstance(item, Unknown | Known) and _may_be_text(item) for item in items)
            return "" if is_of_texts else "for_each takes a set of texts only, without null"
        case Known() | Absent():
            return "for_each takes a map, or a set of texts"


def _may_be_text(item: Known[Tree] | Unknown) -> bool:
    return isinstance(item, Unknown) or isinstance(item.value, str)


def one_or_all(
    declared: Declared,
    instances: tuple[Instance, ...],
    steps: Sequence[str | int],
    read: Callable[[Instance, Sequence[str | int]], Value[Tree]],
    place: Place,
) -> Value[Tree]:
    """What a reference to a block with several instances means: one by its key, or all of them."""
    if len(instances) == 1 and instances[0].key is None:
        only = instances[0]
        if only.doubt is not None:
            # The key that the reference gives stands before the attribute; which instance it means is not known.
            rest = steps[1:] if steps and isinstance(steps[0], int) else steps
            meant = read(only, rest)
            return (
                unknown(only.doubt.why, place, meant, how=only.doubt.how) if not isinstance(meant, Unknown) else meant
            )
        return read(only, steps)
    if steps:
        for instance in instances:
            if instance.key == steps[0]:
                return read(instance, steps[1:])
        lost = next((instance.doubt for instance in instances if instance.doubt is not None), None)
        return lost or refused("there is no such instance", place)
    values = [(instance, read(instance, ())) for instance in instances]
    if declared.attribute("for_each") is None:
        return Known(List(tuple(value for _, value in values)), place, written=False)
    entries = {
        str(instance.key): Entry(str(instance.key), place, value)
        for instance, value in values
        if instance.key is not None
    }
    lost = next((instance.doubt for instance in instances if instance.doubt is not None), None)
    return Known(Map(entries, lost), place, written=False)
