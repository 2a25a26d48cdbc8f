"""Documents of which some scalars are not known: YAML in a text with `${ … }` in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, may_hold_document

_MARK = re.compile("\ue000([0-9]+)\ue001")
"""What stands in the text for a part that is not known: characters that nobody writes."""

_BEHIND_A_KEY = re.compile(
    r" *(?:- +)*(?:(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'#{\[][^\n{\[#]*?): +|- +)(?:[\"'].*|[^{\[\n]*)", re.DOTALL
)
"""A line up to what is put in as a scalar, or as a part of one: whatever that is, it changes nothing around it."""


LONGEST_LINE = 2_000
"""Up to what is put in; behind longer ones nothing is taken for a scalar."""


def half_known(parts: Sequence[str | Unknown], place: Place, *, sensitive: bool, written: bool) -> Known[Tree] | None:
    """The map that a text holds as YAML, where what is unknown can only be a scalar of it; None else."""
    if not may_hold_document("".join(part for part in parts if isinstance(part, str))):
        return None
    text, lost, inline = "", list[Unknown](), set[int]()
    for part in parts:
        if isinstance(part, str):
            if _MARK.search(part):
                return None
            text += part
            continue
        line = text.rpartition("\n")[2]
        if len(line) <= LONGEST_LINE and (line.lstrip().startswith("#") or _BEHIND_A_KEY.fullmatch(line)):
            inline.add(len(lost))
        text += f"\ue000{len(lost)}\ue001"
        lost.append(part)
    from astrovet.formats.embedded import embedded_yaml

    documents = embedded_yaml(Known(text, place, sensitive, written))
    if len(documents) != 1 or documents[0].problems:
        return None
    root = documents[0].root
    if not isinstance(root, Known) or not isinstance(root.value, Map) or not all(_fits(root, inline)):
        return None
    filled = _with_unknowns(root, lost)
    return filled if isinstance(filled, Known) else None


def _fits(value: Value[Tree], inline: set[int]) -> Iterator[bool]:
    """Whether each mark is a part of a scalar: on the line of its key, or within a text of several lines."""
    match value:
        case Known(Map(entries)):
            for key, entry in entries.items():
                yield not _MARK.search(key)
                yield from _fits(entry.value, inline)
        case Known(List(items)):
            for item in items:
                yield from _fits(item, inline)
        case Known(str(text)):
            for mark in _MARK.finditer(text):
                yield int(mark[1]) in inline or "\n" in text
        case Known() | Unknown() | Absent():
            pass


def _with_unknowns(value: Value[Tree], lost: Sequence[Unknown]) -> Value[Tree]:
    match value:
        case Known(Map(entries) as tree):
            children = {
                key: Entry(key, entry.key_place, _with_unknowns(entry.value, lost), entry.replaced)
                for key, entry in entries.items()
            }
            return replace(value, value=replace(tree, entries=children))
        case Known(List(items) as tree):
            return replace(value, value=replace(tree, items=tuple(_with_unknowns(item, lost) for item in items)))
        case Known(str(text)) if (mark := _MARK.search(text)) is not None:
            part = lost[int(mark[1])]
            begin = text[: mark.start()] + part.prefix
            return Unknown(part.why, value.place, part.origins, begin, how=part.how, is_never_null=True)
        case Known() | Unknown() | Absent():
            return value
