"""The picture of the architecture as SVG, to stand inside an HTML page.

All boxes stand in one column, so that the picture can be read on a phone; arrows run beside them, out
of the boxes' way: what is called from inside on the left, what comes in from outside on the right. All
arrows to one target share a lane. Colours are those of the text around it, whether light or dark; only
a failure is red, and says so in words too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from astrovet.reports.escape import visible
from astrovet.reports.estate.picture import PLANE_TITLES, Arrow, Box, BoxKind, Picture, Plane

STYLE = """\
.picture{display:block;width:100%;max-width:46rem;height:auto;color:inherit;font:13px/1.3 system-ui,sans-serif}
.picture text{fill:currentColor}
.picture .plane{fill:currentColor;fill-opacity:.05;stroke:currentColor;stroke-opacity:.35}
.picture .plane-title{font-weight:700;font-size:14px}
.picture .box{fill:currentColor;fill-opacity:.06;stroke:currentColor;stroke-opacity:.7}
.picture .store .box{stroke-dasharray:none;fill-opacity:.14}
.picture .title{font-weight:600}
.picture .fact{font-size:12px}
.picture .unknown{font-style:italic}
.picture .line{fill:none;stroke:currentColor;stroke-opacity:.7;stroke-width:1.5}
.picture .head{fill:currentColor}
.picture .unsure .line{stroke-dasharray:5 4}
.picture .failed>.box,.picture .failed>.line{stroke:#d1242f;stroke-opacity:1;stroke-width:2.5}
.picture .failed>.head{fill:#d1242f}
"""

COLUMN = 300
"""The width of a box."""
LANE = 9
EDGE = 14
"""From the edge of a plane to its first lane, and from its last lane to the boxes."""
MAX_LANES = 90
"""The width that all lanes of one side share."""
PADDING = 8
ROW = 17
GAP = 14
TITLE_LETTERS, FACT_LETTERS = 34, 42
"""What fits into a line of a box, in letters."""
ROUND = {BoxKind.STORE: 14, BoxKind.WORLD: 20, BoxKind.DEPLOYMENT: 4, BoxKind.AGENT: 4}
"""How round the corners of a kind of box are."""
LEGEND = (
    "An arrow points at what is called.",
    "A broken arrow: the inputs do not prove it.",
    "Red: a rule failed.",
)


class _Line(NamedTuple):
    text: str
    style: str


class _Placed(NamedTuple):
    """A box, or a plane, and where it stands."""

    top: int
    height: int
    left: int
    width: int


class _Side(NamedTuple):
    """The lanes on one side, by the target that each leads to."""

    lanes: dict[str, int]
    width: int


def svg(picture: Picture) -> str:
    """One `<svg>` element with its own style and without scripts; it needs nothing from elsewhere.

    It is meant to stand once in a page. Its classes are `picture` and what is below it.
    """
    outward = _side([arrow for arrow in picture.arrows if not arrow.is_inbound])
    inward = _side([arrow for arrow in picture.arrows if arrow.is_inbound])
    width = outward.width + COLUMN + inward.width
    places: dict[str, _Placed] = {}
    drawn: list[str] = []
    top = 1
    for plane in picture.planes():
        top = _plane(picture, plane, top, outward.width, width, places, drawn) + GAP
    drawn.extend(_arrows(picture, places, outward, inward, width))
    drawn.extend(_text(EDGE, top + ROW * row, "fact", text) for row, text in enumerate(LEGEND, 1))
    height = top + ROW * (len(LEGEND) + 1)
    summary = escape(visible(_summary(picture)))
    return (
        f'<svg class="picture" viewBox="0 0 {width} {height}" role="img" aria-label="{summary}">'
        f"<title>{summary}</title><style>{STYLE}</style>{''.join(drawn)}</svg>"
    )


def _summary(picture: Picture) -> str:
    """The picture in a sentence, for those who do not see it."""
    parts = []
    for plane in picture.planes():
        names = [box.title for box in picture.boxes if box.plane is plane]
        more = f" and {len(names) - 12} more" if len(names) > 12 else ""
        parts.append(f"{PLANE_TITLES[plane]}: {', '.join(names[:12])}{more}")
    failed = [box.title for box in picture.boxes if box.failed]
    if failed:
        parts.append(f"A rule failed for: {', '.join(failed[:12])}" + (" and others" if len(failed) > 12 else ""))
    return ". ".join(["The architecture", *parts]) + "."


def _side(arrows: list[Arrow]) -> _Side:
    targets = list(dict.fromkeys(arrow.target for arrow in arrows))
    step = min(LANE, MAX_LANES / max(len(targets), 1))
    lanes = {target: EDGE + round(step * index) for index, target in enumerate(targets)}
    return _Side(lanes, max(lanes.values(), default=0) + EDGE)


def _plane(
    picture: Picture, plane: Plane, top: int, left: int, width: int, places: dict[str, _Placed], drawn: list[str]
) -> int:
    """Draw a plane and what stands in it; gives where it ends."""
    at = len(drawn)
    bottom = top + ROW + 2 * PADDING
    for box in picture.boxes_in(plane):
        bottom = _box(picture, box, bottom, left, COLUMN, places, drawn) + GAP
    places[plane] = _Placed(top + PADDING, ROW, 1, width - 2)
    title = PLANE_TITLES[plane]
    drawn.insert(
        at,
        f'<g><title>{escape(title)}</title><rect class="plane" x="1" y="{top}" width="{width - 2}" '
        f'height="{bottom - top}" rx="6"/>{_text(left, top + PADDING + ROW - 4, "plane-title", title)}</g>',
    )
    return bottom


def _box(
    picture: Picture, box: Box, top: int, left: int, width: int, places: dict[str, _Placed], drawn: list[str]
) -> int:
    """Draw a box and what stands in it; gives where it ends."""
    at = len(drawn)
    lines = list(_lines(box))
    bottom = top + 2 * PADDING + ROW * len(lines)
    for inner in picture.boxes_in(box.plane, box.key):
        bottom = _box(picture, inner, bottom, left + PADDING, width - 2 * PADDING, places, drawn) + PADDING
    places[box.key] = _Placed(top, bottom - top, left, width)
    texts = "".join(
        _text(left + PADDING + 2, top + PADDING + ROW * row - 4, line.style, line.text)
        for row, line in enumerate(lines, 1)
    )
    style = f"{box.kind} failed" if box.failed else str(box.kind)
    drawn.insert(
        at,
        f'<g class="{style}"><title>{escape(visible(_told(box)))}</title><rect class="box" x="{left}" y="{top}" '
        f'width="{width}" height="{bottom - top}" rx="{ROUND.get(box.kind, 0)}"/>{texts}</g>',
    )
    return bottom


def _lines(box: Box) -> Iterator[_Line]:
    """What a box says, each line short enough to fit."""
    for text in _fitting(visible(box.title), TITLE_LETTERS):
        yield _Line(text, "title")
    for fact in box.facts:
        for text in _fitting(f"{visible(fact.what)}: {visible(fact.value)}", FACT_LETTERS):
            yield _Line(text, "fact" if fact.is_known else "fact unknown")
    if box.failed:
        yield _Line(f"a rule failed ({box.failed})", "title")


def _fitting(text: str, letters: int) -> list[str]:
    """The text in lines, broken at spaces and at the signs within a name, else where it must be."""
    fit = letters if text.isascii() else letters // 2  # the letters of other scripts may be twice as wide
    lines = [""]
    for part in re.findall(rf"[^\s._/-]{{1,{fit - 1}}}[\s._/-]?|[\s._/-]", text):
        if len(lines[-1]) + len(part.rstrip()) > fit:
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines]


def _told(box: Box) -> str:
    facts = [f"{fact.what}: {fact.value}" for fact in box.facts]
    failed = [f"a rule failed ({box.failed})"] if box.failed else []
    return "; ".join([f"{box.kind} {box.title}", *facts, *failed])


def _arrows(picture: Picture, places: dict[str, _Placed], outward: _Side, inward: _Side, width: int) -> Iterator[str]:
    """Out of the box to its lane, along it, and into the target; each from a height of its own."""
    titles: dict[str, str] = {plane: PLANE_TITLES[plane] for plane in Plane}
    titles.update((box.key, box.title) for box in picture.boxes)
    left_of, used = outward.width, dict[tuple[str, bool], int]()
    for arrow in picture.arrows:
        source, target = places.get(arrow.source), places.get(arrow.target)
        if source is None or target is None:
            continue
        number = used[arrow.source, arrow.is_inbound] = used.get((arrow.source, arrow.is_inbound), 0) + 1
        start = source.top + min(6 + 6 * number, source.height - 4)
        end = target.top + min(target.height // 2, 20)
        if arrow.is_inbound:
            lane = width - inward.lanes[arrow.target]
            begin, finish, tip = source.left + source.width, target.left + target.width, 7
            if arrow.target in set(Plane):
                finish = left_of + COLUMN // 2
        else:
            lane, begin, finish, tip = outward.lanes[arrow.target], source.left, target.left, -7
        styles = [name for name, holds in (("failed", arrow.failed), ("unsure", not arrow.is_certain)) if holds]
        told = f"{titles[arrow.source]} to {titles[arrow.target]}: {arrow.what}"
        told += f"; a rule failed ({arrow.failed})" if arrow.failed else ""
        yield (
            f'<g class="{" ".join(["arrow", *styles])}"><title>{escape(visible(told))}</title>'
            f'<path class="line" d="M{begin} {start}H{lane}V{end}H{finish + tip}"/>'
            f'<path class="head" d="M{finish} {end}l{tip} -4v8z"/></g>'
        )


def _text(x: int, y: int, style: str, text: str) -> str:
    return f'<text class="{style}" x="{x}" y="{y}">{escape(visible(text))}</text>'
