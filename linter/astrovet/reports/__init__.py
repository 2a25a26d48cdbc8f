"""The formats of a report: each is one pure function from a report to text.

A format's module is imported only when that format is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeAlias, cast

from msgspec import Struct

from astrovet.formats.text_file import TextFile
from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import Report
from astrovet.model.severity import Severity


class Settings(Struct, frozen=True):
    """What a renderer may know besides the report."""

    color: bool = False
    verbosity: int = 0
    """-1 is quiet, 1 and more tell more."""
    show: frozenset[str] = frozenset()
    """Kinds of verdicts to list that are left out by default: "pass", "not-applicable", "waived"."""
    min_severity: Severity = Severity.INFO
    """What people read leaves out findings below this, and says how many; machines get all."""
    version: str = ""
    """The version of astrovet."""
    rules: tuple[Rule, ...] = ()
    contents: Mapping[str, TextFile] = {}
    """The files that findings point at, by path; one may be missing."""
    width: int = 100
    """Columns to wrap prose to."""


Renderer: TypeAlias = Callable[[Report, Settings], str]

FORMATS: Mapping[str, str] = {
    "text": "astrovet.reports.findings.text",
    "concise": "astrovet.reports.findings.concise",
    "json": "astrovet.reports.findings.json_report",
    "sarif": "astrovet.reports.findings.sarif",
}
"""Each format and the module whose `render` writes it."""


def renderer(name: str) -> Renderer:
    """The function that writes this format. Raises KeyError where `FORMATS` has no such name."""
    return cast("Renderer", import_module(FORMATS[name]).render)
