"""Reports for code hosts, which see all paths from the root of the repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from astrovet.judging.grouping import by_weight
from astrovet.judging.verdict import InputSummary, Report
from astrovet.place import Place, Root

R = TypeVar("R")

_NAMES = ("subject", "instances", "subjects")
"""The fields that hold names of objects; those of agents and root modules are paths."""


def seen_from_root(report: Report, root: Root) -> Report:
    """The report as a run in the root of the repository would have made it."""
    if root.is_here:
        return report
    paths = {summary.path for summary in report.inputs} | {verdict.place.path for verdict in report.verdicts}
    moved = _moved(report, root, root.names(paths))
    return replace(moved, verdicts=tuple(sorted(moved.verdicts, key=by_weight)))


def _moved(record: R, root: Root, named: Callable[[str], str]) -> R:
    """The record with the paths in it seen from the root of the repository, those of inputs in its names too."""
    match record:
        case Place() | InputSummary():
            path = root.path(record.path) if record.path else ""
            return cast("R", replace(record, path=path))
        case Struct():
            moved = {
                name: _named(getattr(record, name), named)
                if name in _NAMES
                else _moved(getattr(record, name), root, named)
                for name in record.__struct_fields__
            }
            return cast("R", replace(record, **moved))
        case tuple():
            return cast("R", tuple(_moved(item, root, named) for item in record))
        case _:
            return record


def _named(names: object, named: Callable[[str], str]) -> object:
    match names:
        case str():
            return named(names)
        case tuple():
            return tuple(_named(name, named) for name in names)
        case _:
            return names
