"""Terraform's collection functions of lists, and those of any collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from astrovet.place import Place
from astrovet.terraform.functions.arguments import (
    Arguments,
    holds_sensitive,
    items_of,
    keys_of,
    one_of,
)
from astrovet.terraform.values.common_type import alike, may_convert, set_text, unified
from astrovet.terraform.values.conversion import (
    as_bool,
    as_integer,
    as_list,
    as_number,
    as_text,
    as_texts,
    from_decimal,
    to_decimal,
)
from astrovet.terraform.values.equality import same
from astrovet.terraform.values.plain_data import any_sensitive, listed, moved, plain
from astrovet.terraform.values.refusal import RefusedError
from astrovet.terraform.values.texts import graphemes
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

MAX_RANGE = 1024
"""Terraform's own limit."""


def alltrue(flags: Any) -> bool:
    return False not in _flags(flags)


def anytrue(flags: Any) -> bool:
    return True in _flags(flags)


def _flags(flags: Any) -> list[bool]:
    return [flag is not None and as_bool(flag) for flag in as_list(flags)]


def coalesce(arguments: Arguments, place: Place) -> Value[Tree]:
    values = unified(arguments)
    for index, value in enumerate(values):
        match value:
            case Known("") | Absent():
                continue
            case Unknown(prefix=""):
                return one_of(value, place, values[index:])
            case Known() | Unknown():
                return value
    raise RefusedError("every argument is null or empty")


def coalescelist(arguments: Arguments, _: Place) -> Value[Tree]:
    for value in arguments:
        if items_of(value):
            return value
    raise RefusedError("every list is empty")


def compact(texts: Any) -> list[str]:
    return [as_text(text) for text in as_list(texts) if text is not None and as_text(text)]


def concat(arguments: Arguments, place: Place) -> Value[Tree]:
    items = [item for argument in arguments for item in items_of(argument)]
    # Of lists that may all be typed the elements are converted to one type; a literal has none.
    all_typed = all(
        isinstance(argument, Known) and not argument.written and alike(items_of(argument)) for argument in arguments
    )
    if all_typed and len(arguments) > 1 and may_convert(items):
        raise RefusedError("whether the elements are converted to one type is not known")
    return listed(items, place, sensitive=any_sensitive(arguments))


def contains(arguments: Arguments, place: Place) -> Value[Tree]:
    if isinstance(arguments[1], Absent):
        raise RefusedError("an argument is null")
    results = [same(item, arguments[1]) for item in items_of(arguments[0])]
    if True not in results and None in results:
        raise RefusedError("whether an element is the one looked for is not known")
    return Known(True in results, place, holds_sensitive(arguments), written=False)


def distinct(arguments: Arguments, place: Place) -> Value[Tree]:
    by_text: dict[str, Value[Tree]] = {}
    for item in unified(items_of(arguments[0])):
        by_text.setdefault(set_text(plain(item)), item)
    return listed(by_text.values(), place, sensitive=any_sensitive(arguments))


def element(arguments: Arguments, place: Place) -> Value[Tree]:
    items = items_of(arguments[0])
    if isinstance(arguments[1], Unknown):
        return one_of(arguments[1], place, items)
    position = as_integer(plain(arguments[1]))
    if not items or position < 0:
        raise RefusedError("the list has no such element")
    return moved(items[position % len(items)], place, sensitive=any_sensitive(arguments))


def flatten(arguments: Arguments, place: Place) -> Value[Tree]:
    return listed(_flattened(items_of(arguments[0])), place, sensitive=any_sensitive(arguments))


def _flattened(items: Iterable[Value[Tree]]) -> list[Value[Tree]]:
    flat: list[Value[Tree]] = []
    for item in items:
        match item:
            case Known(List() as tree):
                flat += _flattened(tree.items)
            case Unknown(prefix="") as lost:
                # It may be a list of any length.
                raise RefusedError.because_of(lost)
            case Known() | Unknown() | Absent():
                flat.append(item)
    return flat


def index(arguments: Arguments, place: Place) -> Value[Tree]:
    for position, item in enumerate(items_of(arguments[0])):
        is_wanted = same(item, arguments[1])
        if is_wanted is None:
            raise RefusedError("whether an element is the one looked for is not known")
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
        case _:
            raise RefusedError("an argument has no length that is known")
    return Known(count, place, any_sensitive(arguments), written=False)


def matchkeys(arguments: Arguments, place: Place) -> Value[Tree]:
    values, keys, wanted = map(items_of, arguments)
    if len(values) != len(keys):
        raise RefusedError("the lists differ in length")
    texts = [set_text(plain(key)) for key in unified([*keys, *wanted])]
    texts_of_wanted = set(texts[len(keys) :])
    matching = [value for value, text in zip(unified(values), texts, strict=False) if text in texts_of_wanted]
    return listed(matching, place, sensitive=holds_sensitive(arguments))


def one(arguments: Arguments, place: Place) -> Value[Tree]:
    items = items_of(arguments[0])
    if len(items) > 1:
        raise RefusedError("the list has several elements")
    return moved(items[0], place, sensitive=any_sensitive(arguments)) if items else Absent(place, explicit=True)


def range_(*limits: Any) -> list[Any]:
    numbers = [to_decimal(as_number(limit)) for limit in limits]
    start, end = (to_decimal(0), numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) == 3 else to_decimal(1 if end >= start else -1)
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
    return listed(reversed(items_of(arguments[0])), place, sensitive=any_sensitive(arguments))


def slice_(arguments: Arguments, place: Place) -> Value[Tree]:
    items = items_of(arguments[0])
    start, end = as_integer(plain(arguments[1])), as_integer(plain(arguments[2]))
    if not 0 <= start <= end <= len(items):
        raise RefusedError("the list has no such part")
    return listed(items[start:end], place, sensitive=any_sensitive(arguments))


def sort(texts: Any) -> list[str]:
    return sorted(as_texts(texts))


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
        raise RefusedError("the sum is not known exactly")
    return result
