"""The picture of the architecture for Mermaid, which GitHub and GitLab draw in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astrovet.reports.escape import visible
from astrovet.reports.estate.contents import EstateContents
from astrovet.reports.estate.picture import PLANE_TITLES, Arrow, Box, BoxKind, Picture

SHAPES = {BoxKind.STORE: ("[(", ")]"), BoxKind.WORLD: ("((", "))"), BoxKind.ENTRANCE: ("[/", "/]")}
"""How a kind of box is drawn; others are rectangles."""

FAILED = "classDef failed fill:#fde8e8,stroke:#c01c28,stroke-width:3px,color:#1d1d1f"
FAILED_LINE = "stroke:#c01c28,stroke-width:3px"


def render(contents: EstateContents) -> str:
    """The picture alone."""
    return mermaid(contents.picture)


def mermaid(picture: Picture) -> str:
    """A flowchart that ends in a newline; nothing of a name can be read as Mermaid, HTML or Markdown."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield "flowchart TB"
    for plane in picture.planes():
        yield f'  subgraph {plane}["{_text(PLANE_TITLES[plane])}"]'
        for box in picture.boxes_in(plane):
            inner = picture.boxes_in(plane, box.key)
            if inner:
                yield f'    subgraph {box.key}["{_label(box)}"]'
                yield from (f"      {_box(box_inside)}" for box_inside in inner)
                yield "    end"
            else:
                yield f"    {_box(box)}"
        yield "  end"
    yield from (f"  {_arrow(arrow)}" for arrow in picture.arrows)
    failed_arrows = [str(index) for index, arrow in enumerate(picture.arrows) if arrow.failed]
    if failed_arrows:
        yield f"  linkStyle {','.join(failed_arrows)} {FAILED_LINE}"
    failed = [box.key for box in picture.boxes if box.failed]
    if failed:
        yield f"  {FAILED}"
        yield f"  class {','.join(failed)} failed"


def _box(box: Box) -> str:
    opening, closing = SHAPES.get(box.kind, ("[", "]"))
    return f'{box.key}{opening}"{_label(box)}"{closing}'


def _label(box: Box) -> str:
    failed = [f"({box.failed})"] if box.failed else []
    first = " ".join([_text(box.title), *failed])
    return "<br/>".join([first, *(f"{_text(fact.what)}: {_text(fact.value)}" for fact in box.facts)])


def _arrow(arrow: Arrow) -> str:
    line = "-->" if arrow.is_certain else "-.->"
    return f'{arrow.source} {line}|"{_text(arrow.what)}"| {arrow.target}'


def _text(text: str) -> str:
    """Every sign that Mermaid, HTML or Markdown might read as one of its own, as Mermaid's numbered entity."""
    return re.sub(r"[^\w .,:()/+'\[\]-]", lambda sign: f"#{ord(sign[0])};", visible(text), flags=re.ASCII)
