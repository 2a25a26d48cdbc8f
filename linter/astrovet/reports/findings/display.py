"""How people and machines want the findings of a scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.formats.text_file import TextFile
from astrovet.judging.rulebook import Rule
from astrovet.model.severity import Severity
from astrovet.place import Root

if TYPE_CHECKING:
    from astrovet.reports.estate.picture import Picture


class Checkout(Struct, frozen=True):
    """The repository that a run looks at, and its revision."""

    origin: str
    """The address that it came from, without credentials."""
    branch: str = ""
    commit: str = ""


class Display(Struct, frozen=True):
    """What a renderer may know besides the report."""

    color: bool = False
    verbosity: int = 0
    """-1 is quiet, 1 and more tell more."""
    statistics: bool = False
    """How often each rule fails, too."""
    links: bool = False
    """The terminal shows links: a rule's id leads to its manual."""
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
    open_results: bool = False
    """In SARIF, undecided verdicts are results, too."""
    checkout: Checkout | None = None
    """For SARIF; None where nothing tells where the repository came from."""
    picture: Picture | None = None
    """The architecture, for the formats that show it."""
    width: int = 100
    """Columns to wrap prose to."""
