"""Reports for code hosts, which see all paths from the root of the repository."""

from __future__ import annotations

from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from astrovet.judging.grouping import by_weight, from_root
from astrovet.judging.verdict import InputSummary, Report
from astrovet.place import Place

R = TypeVar("R")


def seen_from_root(report: Report, here: str) -> Report:
    """The report as a run in the root of the repository would have made it.

    `here` is the way from there to the working directory.
    """
    if here == ".":
        return report
    moved = _moved(report, here)
    return replace(moved, verdicts=tuple(sorted(moved.verdicts, key=by_weight)))


def _moved(record: R, here: str) -> R:
    """The record with the paths in it seen from the root of the repository."""
    match record:
        case Place() | InputSummary():
            path = from_root(record.path, here) if record.path else ""
            return cast("R", replace(record, path=path))
        case Struct():
            moved = {name: _moved(getattr(record, name), here) for name in record.__struct_fields__}
            return cast("R", replace(record, **moved))
        case tuple():
            return cast("R", tuple(_moved(item, here) for item in record))
        case _:
            return record
