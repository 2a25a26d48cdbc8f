"""Terraform's collection functions of sets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

from astrovet.budget import Budget
from astrovet.place import Place
from astrovet.terraform.functions.arguments import Arguments, items_of
from astrovet.terraform.values.common_type import as_set, set_text, unified
from astrovet.terraform.values.plain_data import any_sensitive, listed, plain
from astrovet.terraform.values.refusal import RefusedError
from astrovet.terraform.values.unknowns import is_whole
from astrovet.value import Known, Tree, Value


def setintersection(arguments: Arguments, place: Place) -> Value[Tree]:
    first, *others = _sets(arguments)
    texts_of_others = [{set_text(plain(item)) for item in other} for other in others]
    kept = [item for item in first if all(set_text(plain(item)) in texts for texts in texts_of_others)]
    return as_set(kept, place, sensitive=any_sensitive(arguments))


def setproduct(budget: Budget, arguments: Arguments, place: Place) -> Value[Tree]:
    columns = [unified(items_of(argument)) for argument in arguments]
    budget.elements.spend(prod(map(len, columns)) * len(columns))
    rows = [listed(row, place) for row in product(*columns)]
    result = listed(rows, place, sensitive=any_sensitive(arguments))
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


def setsubtract(arguments: Arguments, place: Place) -> Value[Tree]:
    first, second = _sets(arguments)
    without = {set_text(plain(item)) for item in second}
    kept = [item for item in first if set_text(plain(item)) not in without]
    return as_set(kept, place, sensitive=any_sensitive(arguments))


def setunion(arguments: Arguments, place: Place) -> Value[Tree]:
    return as_set([item for items in _sets(arguments) for item in items], place, sensitive=any_sensitive(arguments))


def _sets(arguments: Arguments) -> list[list[Value[Tree]]]:
    """The elements of each argument, all converted to one type."""
    sets = [unified(items_of(argument)) for argument in arguments]
    converted = iter(unified([item for items in sets for item in items]))
    return [[next(converted) for _ in items] for items in sets]
