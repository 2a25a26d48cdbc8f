"""How people and machines want the findings of a scan."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from astrovet.formats.text_file import TextFile
from astrovet.judging.rulebook import Rule
from astrovet.model.severity import Severity
from astrovet.place import Root


class Display(Struct, frozen=True):
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
    root: Root = Root()
    """That of the repository."""
    width: int = 100
    """Columns to wrap prose to."""
