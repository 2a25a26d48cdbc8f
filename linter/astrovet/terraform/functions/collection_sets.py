"""Terraform's collection functions of sets."""

from __future__ import annotations

from itertools import product
from math import prod

from astrovet.budget import Budget
from astrovet.place import Place
from astrovet.terraform.functions.arguments import Arguments, element_of, items_of
from astrovet.terraform.values.common_type import as_set, common_type, converted, one_type, set_text, unified
from astrovet.terraform.values.plain_data import any_sensitive, listed, plain
from astrovet.terraform.values.types import DYNAMIC
from astrovet.value import Known, List, Tree, Type, Value


def setintersection(arguments: Arguments, place: Place) -> Value[Tree]:
    element, (first, *others) = _sets(arguments)
    texts_of_others = [{set_text(plain(item)) for item in other} for other in others]
    kept = [item for item in first if all(set_text(plain(item)) in texts for texts in texts_of_others)]
    return as_set(kept, place, sensitive=any_sensitive(arguments), element=element)


def setproduct(budget: Budget, arguments: Arguments, place: Place) -> Value[Tree]:
    """Of lists a list in their order; with a set among them a set, which goes in its own."""
    columns = [unified(items_of(argument)) for argument in arguments]
    budget.elements.spend(prod(map(len, columns)) * len(columns))
    rows = [listed(row, place) for row in product(*columns)]
    sensitive = any_sensitive(arguments)
    if any(isinstance(argument, Known) and _is_set(argument.value) for argument in arguments):
        return as_set(rows, place, sensitive=sensitive)
    return listed(rows, place, sensitive=sensitive, element=common_type(rows) if rows else DYNAMIC)


def _is_set(tree: Tree) -> bool:
    return isinstance(tree, List) and tree.is_set


def setsubtract(arguments: Arguments, place: Place) -> Value[Tree]:
    element, (first, second) = _sets(arguments)
    without = {set_text(plain(item)) for item in second}
    kept = [item for item in first if set_text(plain(item)) not in without]
    return as_set(kept, place, sensitive=any_sensitive(arguments), element=element)


def setunion(arguments: Arguments, place: Place) -> Value[Tree]:
    element, sets = _sets(arguments)
    return as_set(
        [item for items in sets for item in items], place, sensitive=any_sensitive(arguments), element=element
    )


def _sets(arguments: Arguments) -> tuple[Type, list[list[Value[Tree]]]]:
    """The elements of each argument, all converted to one type, which comes first."""
    sets = [unified(items_of(argument)) for argument in arguments]
    types = [element_of(argument) or common_type(items) for argument, items in zip(arguments, sets, strict=True)]
    element = one_type(types)
    return element, [[converted(item, element) for item in items] for items in sets]
