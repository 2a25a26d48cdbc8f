"""The environment variables of a deployment."""

from __future__ import annotations

from astrovet.model.variables import EnvironmentVariable
from astrovet.place import Place
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, items, text


def environment(value: Value[Tree]) -> Value[tuple[EnvironmentVariable, ...]]:
    """The variables that `environment_variables` lists."""
    listed = items(value)
    match listed:
        case Known(listed_items, place):
            return Known(tuple(_variable(variable, place) for variable in listed_items), place)
        case Unknown() | Absent():
            return listed


def _variable(item: Value[Tree], around: Place) -> EnvironmentVariable:
    return EnvironmentVariable(
        name=text(at(item, "key")),
        value=text(at(item, "value")),
        place=item.place if isinstance(item, Known) else around,
        is_secret=boolean(at(item, "is_secret")),
    )
