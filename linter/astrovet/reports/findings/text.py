"""What a person reads: each finding with its source line, why it matters and what to do."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.reports.escape import visible
from astrovet.reports.findings import concise
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.selection import listed_for_people
from astrovet.reports.findings.source import source_of
from astrovet.reports.findings.summary import conclusion, count, looked_at, remarks, statistics
from astrovet.reports.home import manual_url

Line: TypeAlias = tuple[tuple[str, str] | tuple[str, str, str], ...]
"""Stretches of text, each with a style, and perhaps where it leads. Text is made harmless where a line is painted."""

_CODES = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "info": "34",
    "unknown": "35",
    "strong": "1",
    "faint": "2",
}
_GUTTER = 4
"""Room for line numbers; arrows and remarks stand in line with them."""
_INSTANCES_NAMED = 3
_NARROWEST = 40
_ON_REQUEST = {
    VerdictKind.WAIVED: "Waived:",
    VerdictKind.BASELINE: "In the baseline:",
    VerdictKind.PASS: "Passed:",
    VerdictKind.NOT_APPLICABLE: "Not applicable:",
}


def render(report: Report, display: Display) -> str:
    """Findings, undecided verdicts, what `show` asks for, notes, and the sum.

    Quiet leaves out the list of undecided verdicts and what was looked at, never their number.
    """
    quiet = display.verbosity < 0
    listed = listed_for_people(report, display)
    unknowns = tuple(verdict for verdict in listed if verdict.kind is VerdictKind.UNKNOWN)
    hide_unknowns = quiet and VerdictKind.UNKNOWN not in display.show
    blocks = [
        *_findings([verdict for verdict in listed if verdict.kind is VerdictKind.FAIL], display),
        *([] if hide_unknowns else _undecided(unknowns, display)),
        *_on_request(listed),
        [line for note in remarks(report, display) for line in _wrapped("note: ", display.width, note)],
        [((line, ""),) for line in statistics(report)] if display.statistics else [],
        _closing(report, display, quiet=quiet, where="not listed: quiet" if hide_unknowns else "see above"),
    ]
    painted = ("".join(_paint(line, color=display.color) + "\n" for line in block) for block in blocks)
    return "\n".join(block for block in painted if block)


FEW = 6
"""Of more rules than these, only the ids are listed."""


def _findings(verdicts: Iterable[Verdict], display: Display) -> Iterator[Iterable[Line]]:
    """Each finding; a rule gives its reason once."""
    explained: set[str] = set()
    for verdict in verdicts:
        yield _finding(verdict, display, with_reason=verdict.rule not in explained)
        explained.add(verdict.rule)


def _finding(verdict: Verdict, display: Display, *, with_reason: bool) -> Iterator[Line]:
    yield from _headline(verdict, display)
    yield _arrow(verdict)
    yield from _source(verdict, display)
    if with_reason:
        yield from _remark("why", display, *verdict.why.split("\n"))
    yield from _remark("fix", display, *verdict.remedy.split("\n"))
    yield from _remark("required by", display, ", ".join(verdict.requirements))
    yield from _circumstances(verdict, display)
    if display.verbosity > 0:
        yield from _remark("sources", display, ", ".join(verdict.sources))


def _headline(verdict: Verdict, display: Display) -> Iterator[Line]:
    """What is wrong, wrapped; what follows the first line is set in, so that the eye finds the next finding."""
    label, name = f"{verdict.severity}[{verdict.rule}]", f" {verdict.name}: "
    indent = " " * _GUTTER
    words = _broken(verdict.text, max(display.width, _NARROWEST), " " * len(label + name), indent)
    first, *others = words or ("",)
    yield (label, verdict.severity.value, _manual(verdict.rule, display)), (name, "strong"), (first.strip(), "")
    yield from (((line, ""),) for line in others)


def _broken(text: str, width: int, first: str, others: str) -> list[str]:
    return textwrap.wrap(
        visible(text),
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _manual(rule: str, display: Display) -> str:
    """Where the manual of a rule is kept; empty where the terminal shows no links."""
    return next((manual_url(known) for known in display.rules if known.id == rule), "") if display.links else ""


def _source(verdict: Verdict, display: Display) -> Iterator[Line]:
    """The line that the finding is about, masked and underlined, where there is one and its text is at hand."""
    shown = source_of(verdict, display)
    if shown is None:
        return
    bar = f"{'':{_GUTTER}} |"
    yield ((bar, "faint"),)
    for number, text in enumerate(shown.lines, start=shown.line):
        yield ((f"{number:{_GUTTER}} | ", "faint"), (_spaced(text), ""))
        if number == shown.line:
            indent = " " * len(_spaced(text[: shown.start]))
            carets = "^" * max(1, len(_spaced(text[shown.start : shown.end])))
            yield ((f"{bar} {indent}", "faint"), (carets, verdict.severity.value))


def _spaced(text: str) -> str:
    return text.replace("\t", "    ")


def _undecided(verdicts: Iterable[Verdict], display: Display) -> Iterator[Iterable[Line]]:
    """One block for all the rules that stay open at one place for one reason."""
    groups: dict[tuple[Line, ...], list[str]] = {}
    for verdict in verdicts:
        body = (
            _arrow(verdict),
            *_remark("undecided", display, verdict.text),
            *_circumstances(verdict, display),
        )
        groups.setdefault(body, []).append(f"{verdict.rule} {verdict.name}")
    for body, rules in groups.items():
        yield (*_wrapped("? ", display.width, ", ".join(_listed(rules)), style="unknown"), *body)


def _listed(rules: Sequence[str]) -> Iterator[str]:
    """Each rule once; of many rules only the ids."""
    times = Counter(rules)
    for rule in times if len(times) <= FEW else sorted(times):
        label = rule if len(times) <= FEW else rule.partition(" ")[0]
        yield f"{label} (×{times[rule]})" if times[rule] > 1 else label


def _on_request(verdicts: tuple[Verdict, ...]) -> Iterator[Iterable[Line]]:
    for kind, title in _ON_REQUEST.items():
        lines = [((f"  {concise.line(verdict)}", ""),) for verdict in verdicts if verdict.kind is kind]
        if lines:
            yield (((title, "strong"),), *lines)


def _closing(report: Report, display: Display, *, quiet: bool, where: str) -> Iterator[Line]:
    if not quiet:
        yield from _wrapped("", display.width, looked_at(report))
    yield from _wrapped("", display.width, conclusion(report, display, where), style="strong")


def _arrow(verdict: Verdict) -> Line:
    """Where it is, and in brackets what the place does not say: the subject, the path inside a resource."""
    place = verdict.place
    details = [] if verdict.subject in _said(verdict) else [verdict.subject]
    if place.pointer and not place.has_lines:
        details.append(place.pointer)
    return (
        (f"{' ' * _GUTTER}--> ", "faint"),
        (str(place), ""),
        (f" ({', '.join(details)})" if details else "", "faint"),
    )


def _said(verdict: Verdict) -> tuple[str, ...]:
    place = verdict.place
    address = () if place.has_lines else (place.address,)
    return (place.path, "run", "", *address)


def _circumstances(verdict: Verdict, display: Display) -> Iterator[Line]:
    for note in verdict.related:
        yield from _remark("also", display, f"{note.place} {note.message}")
    if len(verdict.instances) > 1:  # a single one stands beside the place
        named = verdict.instances if display.verbosity > 0 else verdict.instances[:_INSTANCES_NAMED]
        more = len(verdict.instances) - len(named)
        listed = ", ".join(named) + (f" and {more} more" if more else "")
        yield from _remark(count(len(verdict.instances), "instance"), display, listed)


def _remark(label: str, display: Display, *paragraphs: str) -> Iterator[Line]:
    """`= label: text`, wrapped; nothing where there is no text."""
    if any(paragraphs):
        yield from _wrapped(f"{' ' * (_GUTTER + 1)}= {label}: ", display.width, *paragraphs, lead_style="strong")


def _wrapped(lead: str, width: int, *paragraphs: str, style: str = "", lead_style: str = "") -> Iterator[Line]:
    """The paragraphs below their lead, wrapped."""
    room = max(width, _NARROWEST) - len(lead)
    lines = [
        line
        for paragraph in paragraphs
        for line in textwrap.wrap(visible(paragraph), room, break_long_words=False, break_on_hyphens=False)
    ]
    for index, line in enumerate(lines):
        yield ((lead if index == 0 else " " * len(lead), lead_style or style), (line, style))


def _paint(line: Line, *, color: bool) -> str:
    return "".join(_painted(*piece, color=color) for piece in line).rstrip()


def _painted(text: str, style: str, link: str = "", *, color: bool) -> str:
    code = _CODES.get(style)
    shown = f"\x1b[{code}m{visible(text)}\x1b[0m" if color and code and text else visible(text)
    return f"\x1b]8;;{link}\x1b\\{shown}\x1b]8;;\x1b\\" if link else shown
