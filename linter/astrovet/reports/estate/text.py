"""The model for people: a block for each object, a line for each value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from astrovet.reports.escape import visible
from astrovet.reports.estate.inventory import Described, Field, State


def render(objects: Sequence[Described]) -> str:
    """All objects; a text that ends in a newline."""
    lines = [line for each in objects for line in _block(each)] or ["nothing of Astro was found"]
    return "\n".join(visible(line) for line in lines) + "\n"


def _block(described: Described) -> Iterator[str]:
    named = f" ({described.title})" if described.title != described.id else ""
    yield f"{described.kind} {described.id}{named}  {described.place}"
    if len(described.layers) > 1:
        yield f"  values of {', '.join(described.layers)}"
    yield from (f"  {_line(field)}" for field in described.fields)
    yield ""


def _line(field: Field) -> str:
    match field.state:
        case State.KNOWN:
            said = f"{field.name} = {field.says}"
        case State.UNKNOWN:
            said = f"{field.name} is unknown: {field.says}"
        case State.ABSENT:
            said = f"{field.name} is not set" + (f"; default: {field.says}" if field.says else "")
    return f"{said}  ({field.place})" if field.place.path else said
