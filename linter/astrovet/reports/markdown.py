"""What reports in Markdown share: texts that GitHub shows letter by letter, tables, the list of what was not seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from astrovet.judging.verdict import Unseen
from astrovet.place import Place
from astrovet.reports.escape import spans, visible

Lines: TypeAlias = Iterator[str]


def not_seen(gaps: Iterable[Unseen]) -> Lines:
    """What no input shows, and what would show it."""
    rows = (
        (text(gap.what), located(gap.place), text(gap.how), text(", ".join(gap.rules) if gap.counts else "–"))
        for gap in gaps
    )
    yield from table(("what", "where", "to see it", "leaves open"), rows)


DRAWING = 40_000
"""Characters of a picture; GitHub refuses to draw one above 50,000."""


def picture(drawing: str) -> Lines:
    """A picture in Mermaid's language, and an empty line."""
    if len(drawing) > DRAWING:
        yield "The picture is too large for GitHub; `astrovet model --format mermaid` has it."
    else:
        yield f"```mermaid\n{drawing.rstrip()}\n```"
    yield ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    """A table, and an empty line."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def located(place: Place) -> str:
    """A place, as code."""
    return code(str(place))


def text(said: str) -> str:
    """Nothing in it is a mark of Markdown; what stands between backticks is code."""
    return "".join(code(piece) if is_code else _plain(piece) for piece, is_code in spans(said))


def code(said: str) -> str:
    """A text as code; nothing where it is empty."""
    return f"<code>{_plain(said)}</code>" if said else ""


def _plain(text: str) -> str:
    """As GitHub shows it letter by letter: it reads marks inside of HTML too. Names are not to be called (`@team`)."""
    harmless = (
        visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;&#8203;")
    )
    return re.sub(r"([\\`*_{}\[\]#|~!$])", r"\\\1", harmless.replace("&#", "\0")).replace("\0", "&#")
