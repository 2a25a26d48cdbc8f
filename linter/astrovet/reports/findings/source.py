"""The line of a file that a finding is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from astrovet.judging.verdict import Verdict
from astrovet.reports.findings.display import Display

if TYPE_CHECKING:
    from astrovet.reports.findings.snippet import Snippet

_LANGUAGES: Mapping[str, Literal["hcl", "yaml"]] = {
    "tf": "hcl",
    "tofu": "hcl",
    "tfvars": "hcl",
    "hcl": "hcl",
    "yaml": "yaml",
    "yml": "yaml",
}


def source_of(verdict: Verdict, display: Display) -> Snippet | None:
    """The line that the finding is about, masked, where there is one and its text is at hand."""
    file = display.contents.get(verdict.place.path)
    language = _LANGUAGES.get(verdict.place.path.rpartition(".")[2].lower())
    if file is None or language is None or not verdict.place.has_lines:
        return None
    from astrovet.reports.findings.snippet import snippet  # it brings the parsers along

    return snippet(verdict.place, file, language)
