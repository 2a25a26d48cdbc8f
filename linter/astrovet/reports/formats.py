"""The output formats of every command. A new format is a module with a function `render`, and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Generic, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astrovet.judging.comparison import Comparison
    from astrovet.judging.rulebook import Rule
    from astrovet.judging.verdict import Report
    from astrovet.reports.estate.contents import EstateContents
    from astrovet.reports.estate.picture import Picture
    from astrovet.reports.evidence.evidence import Evidence
    from astrovet.reports.findings.display import Display
    from astrovet.requirements.advice import Advice

Given = ParamSpec("Given")
"""What the formats of a command are made from."""


class Formats(Generic[Given]):
    """The formats of one command by their names, the default first; each with the module that renders it."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self.modules = modules

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.modules)

    def render(self, name: str, *given: Given.args, **named: Given.kwargs) -> str:
        """The text in the format of this name. Only that format's module is imported."""
        text: str = import_module(self.modules[name]).render(*given, **named)
        return text


SCAN: Formats[[Report, Display]] = Formats(
    {
        "text": "astrovet.reports.findings.text",
        "concise": "astrovet.reports.findings.concise",
        "json": "astrovet.reports.findings.json",
        "sarif": "astrovet.reports.findings.sarif",
        "junit": "astrovet.reports.findings.junit",
        "github": "astrovet.reports.findings.github",
        "gitlab": "astrovet.reports.findings.gitlab",
        "markdown": "astrovet.reports.findings.markdown",
        "html": "astrovet.reports.findings.html",
    }
)
COMMANDS = frozenset({"github"})
"""The formats of a scan whose lines are commands for a runner."""
PICTURED = frozenset({"markdown", "html"})
"""Those that show the picture of the architecture."""
REPORT: Formats[[Evidence, Picture]] = Formats(
    {
        "html": "astrovet.reports.evidence.html",
        "markdown": "astrovet.reports.evidence.markdown",
        "json": "astrovet.reports.evidence.json",
    }
)
MODEL: Formats[[EstateContents]] = Formats(
    {
        "text": "astrovet.reports.estate.text",
        "json": "astrovet.reports.estate.json",
        "mermaid": "astrovet.reports.estate.mermaid",
    }
)
ADVISE: Formats[[Advice]] = Formats(
    {
        "text": "astrovet.reports.advice.text",
        "json": "astrovet.reports.advice.json",
        "markdown": "astrovet.reports.advice.markdown",
    }
)
RULES: Formats[[Sequence[Rule]]] = Formats(
    {
        "text": "astrovet.reports.catalogue.text",
        "json": "astrovet.reports.catalogue.json",
        "markdown": "astrovet.reports.catalogue.markdown",
    }
)

COMPARE: Formats[[Comparison, str]] = Formats(
    {
        "text": "astrovet.reports.comparison.text",
        "json": "astrovet.reports.comparison.json",
        "markdown": "astrovet.reports.comparison.markdown",
    }
)

FORMATS: Mapping[str, Formats[...]] = {
    "scan": SCAN,
    "compare": COMPARE,
    "report": REPORT,
    "model": MODEL,
    "advise": ADVISE,
    "rules": RULES,
}
"""By command."""
