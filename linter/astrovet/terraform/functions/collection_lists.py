"""Terraform's collection functions of lists, and those of any collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.functions.arguments import (
    Arguments,
    element_of,
    holds_sensitive,
    items_of,
    keys_of,
    one_of,
)
from astrovet.terraform.values.common_type import common_type, converted, loosened, set_text, unified
from astrovet.terraform.values.conversion import (
    as_bool,
    as_integer,
    as_list,
    as_number,
    as_text,
    from_decimal,
    to_decimal,
)
from astrovet.terraform.values.equality import same
from astrovet.terraform.values.plain_data import any_sensitive, listed, moved, plain
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.texts import graphemes
from astrovet.terraform.values.types import BOOL, DYNAMIC, NUMBER, OPEN, STRING, unify
from astrovet.value import Absent, Known, List, Map, Tree, Type, Unknown, Value

MAX_RANGE = 1024
"""Terraform's own limit."""


def alltrue(arguments: Arguments, place: Place) -> Value[Tree]:
    return _settled_by(False, arguments, place)


def anytrue(arguments: Arguments, place: Place) -> Value[Tree]:
    return _settled_by(True, arguments, place)


def _settled_by(deciding: bool, arguments: Arguments, place: Place) -> Value[Tree]:
    """One element that decides is enough, whatever those are that are not known."""
    lost: Unknown | None = None
    for item in items_of(arguments[0]):
        match item:
            case Unknown():
                lost = lost or item
            case Known() | Absent():
                if (isinstance(item, Known) and as_bool(plain(item))) is deciding:
                    return Known(deciding, place, holds_sensitive(arguments), written=False)
    if lost is not None:
        raise UndecidedError.because_of(lost)
    return Known(not deciding, place, holds_sensitive(arguments), written=False)


def coalesce(arguments: Arguments, place: Place) -> Value[Tree]:
    values = unified(arguments)
    for index, value in enumerate(values):
        match value:
            case Known("") | Absent():
                continue
            case Unknown(prefix=""):
                lost = one_of(value, place, values[index:])
                return replace(lost, type=common_type(values), is_never_null=True)
            case Known() | Unknown():
                return value
    raise RefusedError("every argument is null or empty")


def chunklist(arguments: Arguments, place: Place) -> Value[Tree]:
    items = unified(items_of(arguments[0]))
    size = as_integer(plain(arguments[1]))
    if size < 0:
        raise RefusedError("the size is negative")
    size = size or len(items) or 1
    inner = common_type(items) if items else DYNAMIC
    chunks = [listed(items[start : start + size], place, element=inner) for start in range(0, len(items), size)]
    return listed(chunks, place, sensitive=any_sensitive(arguments), element=Type("list", (inner,)))


def coalescelist(arguments: Arguments, _: Place) -> Value[Tree]:
    for value in arguments:
        if items_of(value):
            return value
    raise RefusedError("every list is empty")


def compact(texts: Any) -> list[str]:
    return [as_text(text) for text in as_list(texts) if text is not None and as_text(text)]


def concat(arguments: Arguments, place: Place) -> Value[Tree]:
    """Of lists alone the elements are converted to one type."""
    items = [item for argument in arguments for item in items_of(argument)]
    lists = [argument.value for argument in arguments if isinstance(argument, Known)]
    elements = [tree.element for tree in lists if isinstance(tree, List) and tree.element is not None]
    element = unify(elements) if len(elements) == len(arguments) else None
    if element is not None:
        items = [converted(item, element) for item in items]
    elif OPEN in elements:
        items = list(map(loosened, items))
    return listed(items, place, sensitive=any_sensitive(arguments), element=element)


def contains(arguments: Arguments, place: Place) -> Value[Tree]:
    if isinstance(arguments[1], Absent):
        raise RefusedError("an argument is null")
    results = [same(item, arguments[1]) for item in items_of(arguments[0])]
    if True not in results and None in results:
        raise UndecidedError("whether an element is the one looked for is not known")
    return Known(True in results, place, holds_sensitive(arguments), written=False)


def distinct(arguments: Arguments, place: Place) -> Value[Tree]:
    by_text: dict[str, Value[Tree]] = {}
    for item in unified(items_of(arguments[0])):
        by_text.setdefault(set_text(plain(item)), item)
    items = list(by_text.values())
    element = common_type(items) if items else DYNAMIC
    return listed(items, place, sensitive=any_sensitive(arguments), element=element)


def element(arguments: Arguments, place: Place) -> Value[Tree]:
    items = items_of(arguments[0])
    if isinstance(arguments[1], Unknown):
        return one_of(arguments[1], place, items)
    position = as_integer(plain(arguments[1]))
    if not items:
        raise RefusedError("the list has no such element")
    if position < 0:
        raise UndecidedError("what an index below zero means differs between versions of Terraform")
    return moved(items[position % len(items)], place, sensitive=any_sensitive(arguments))


def flatten(arguments: Arguments, place: Place) -> Value[Tree]:
    return listed(_flattened(items_of(arguments[0])), place, sensitive=any_sensitive(arguments))


def _flattened(items: Iterable[Value[Tree]]) -> list[Value[Tree]]:
    flat: list[Value[Tree]] = []
    for item in items:
        match item:
            case Known(List(is_open_set=True)):
                raise UndecidedError("the order of a set is not known")
            case Known(List() as tree):
                flat += _flattened(tree.items)
            case Unknown(prefix="", type=kind) as lost if kind not in {STRING, NUMBER, BOOL}:
                # It may be a list of any length.
                raise UndecidedError.because_of(lost)
            case Known() | Unknown() | Absent():
                flat.append(item)
    return flat


def index(arguments: Arguments, place: Place) -> Value[Tree]:
    for position, item in enumerate(items_of(arguments[0])):
        is_wanted = same(item, arguments[1])
        if is_wanted is None:
            raise UndecidedError("whether an element is the one looked for is not known")
        if is_wanted:
            return Known(position, place, holds_sensitive(arguments), written=False)
    raise RefusedError("no element is the one looked for")


def length(arguments: Arguments, place: Place) -> Value[Tree]:
    match arguments[0]:
        case Known(List() as tree):
            count = len(tree.items)
        case Known(Map() as tree):
            count = len(keys_of(tree))
        case Known(str(content)):
            count = len(graphemes(content))
        case Unknown() as lost:
            raise UndecidedError.because_of(lost)
        case Known() | Absent():
            raise RefusedError("an argument has no length")
    return Known(count, place, any_sensitive(arguments), written=False)


def matchkeys(arguments: Arguments, place: Place) -> Value[Tree]:
    values, keys, wanted = map(items_of, arguments)
    if len(values) != len(keys):
        raise RefusedError("the lists differ in length")
    texts = [set_text(plain(key)) for key in unified([*keys, *wanted])]
    texts_of_wanted = set(texts[len(keys) :])
    element = common_type(values) if values else DYNAMIC
    alike = [converted(value, element) for value in values]
    matching = [value for value, text in zip(alike, texts, strict=False) if text in texts_of_wanted]
    return listed(matching, place, sensitive=holds_sensitive(arguments), element=element)


def one(arguments: Arguments, place: Place) -> Value[Tree]:
    items = items_of(arguments[0])
    if len(items) > 1:
        raise RefusedError("the list has several elements")
    return moved(items[0], place, sensitive=any_sensitive(arguments)) if items else Absent(place, explicit=True)


def range_(*limits: Any) -> list[Any]:
    numbers = [to_decimal(as_number(limit)) for limit in limits]
    start, end = (to_decimal(0), numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) == 3 else to_decimal(1 if end >= start else -1)
    if start == end and step != 0:
        return []
    if step == 0 or (step > 0) != (end >= start):
        raise RefusedError("the step does not lead to the end")
    made: list[Any] = []
    while (start < end) if step > 0 else (start > end):
        made.append(from_decimal(start))
        start += step
        if len(made) > MAX_RANGE:
            raise RefusedError("the range is too long")
    return made


def reverse(arguments: Arguments, place: Place) -> Value[Tree]:
    return listed(
        reversed(items_of(arguments[0])), place, sensitive=any_sensitive(arguments), element=element_of(arguments[0])
    )


def slice_(arguments: Arguments, place: Place) -> Value[Tree]:
    items = items_of(arguments[0])
    start, end = as_integer(plain(arguments[1])), as_integer(plain(arguments[2]))
    if not 0 <= start <= end <= len(items):
        raise RefusedError("the list has no such part")
    sensitive = any_sensitive(arguments)
    return listed(items[start:end], place, sensitive=sensitive, element=element_of(arguments[0]))


def sort(arguments: Arguments, place: Place) -> Value[Tree]:
    """Where a text is not known it is not known what stands where, only how many there are."""
    texts = [converted(item, STRING) for item in items_of(arguments[0])]
    if any(isinstance(text, Absent) for text in texts):
        raise RefusedError("an element is null")
    lost = next((text for text in texts if isinstance(text, Unknown)), None)
    in_order = sorted(texts, key=plain) if lost is None else [replace(lost, prefix="")] * len(texts)
    return listed(in_order, place, sensitive=holds_sensitive(arguments), element=STRING)


def sum_(numbers: Any) -> float:
    from decimal import Context

    if not as_list(numbers):
        raise RefusedError("there is nothing to add up")
    exact = Context(prec=2000)
    total = exact.create_decimal(0)
    for number in numbers:
        total = exact.add(total, to_decimal(as_number(number)))
    result = from_decimal(total)
    if result is None:
        raise UndecidedError("the sum is not known exactly")
    return result
