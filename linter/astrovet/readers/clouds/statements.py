"""How the policies of Amazon write their statements."""

from __future__ import annotations

from astrovet.value import Absent, Known, List, Tree, Unknown, Value, listed


def one_or_more(value: Value[Tree]) -> tuple[Value[Tree], ...]:
    """A policy writes one item with or without the brackets of a list."""
    match value:
        case Known(List()):
            return listed(value)
        case Known() | Unknown():
            return (value,)
        case Absent():
            return ()
