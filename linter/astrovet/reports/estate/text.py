"""The model for people: a block for each object, a line for each value."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.reports.escape import visible
from astrovet.reports.estate.contents import EstateContents
from astrovet.reports.estate.inventory import Described, Field, Knowledge


def render(contents: EstateContents) -> str:
    """All objects; a text that ends in a newline."""
    lines = [line for described in contents.objects for line in _block(described)] or ["nothing of Astro was found"]
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
        case Knowledge.KNOWN:
            said = f"{field.name} = {field.says}"
        case Knowledge.UNKNOWN:
            said = f"{field.name} is unknown: {field.says}"
        case Knowledge.ABSENT:
            said = f"{field.name} is not set" + (f"; default: {field.says}" if field.says else "")
    return f"{said}  ({field.place})" if field.place.path else said
