"""Evidence as Markdown, for pull requests and the summaries of workflow steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from astrovet.judging.verdict import Verdict
from astrovet.place import Place
from astrovet.reports.escape import visible
from astrovet.reports.estate.mermaid import mermaid
from astrovet.reports.estate.picture import Picture
from astrovet.reports.evidence.evidence import SHARED, Attested, Evidence, RequirementChecks, Row, RuleFindings
from astrovet.reports.evidence.words import (
    DISCLAIMER,
    NONE_DECLARED,
    SIGNS,
    alike,
    heading,
    headline,
    joined,
    label,
    model,
    named,
    numbers,
    packs,
    revision,
    short,
    silent,
    spans,
    title,
)
from astrovet.reports.findings.summary import accepted, count

ROWS = 60
"""Deployments that the overview lists; the others are counted."""

PLACES = 5
"""Places that one finding lists; the others are counted."""

DRAWING = 40_000
"""Characters of a picture; GitHub refuses to draw one above 50,000."""

Lines = Iterator[str]


def render(evidence: Evidence, picture: Picture) -> str:
    """The report, with the picture in Mermaid's language."""
    return "\n".join(_lines(evidence, mermaid(picture))).rstrip("\n") + "\n"


def _lines(evidence: Evidence, drawing: str) -> Lines:
    origin = evidence.origin
    yield f"# {SIGNS[evidence.standing]} {_text(heading(evidence))}"
    yield ""
    yield _text(headline(evidence))
    yield ""
    yield f"As of {_text(origin.today)}, by astrovet {_text(origin.version)}. {DISCLAIMER}"
    yield ""
    if revision(evidence):
        yield _text(revision(evidence))
        yield ""
    if not evidence.requirements:
        yield _text(NONE_DECLARED)
        yield ""
    yield from _overview(evidence)
    yield from _picture(drawing)
    for part in evidence.parts:
        yield from _part(part)
    yield from _attestations(evidence)
    yield from _responsibilities(evidence)
    yield from _waivers(evidence)
    yield from _unseen(evidence)
    yield from _questions(evidence)
    yield from _inputs(evidence)


def _overview(evidence: Evidence) -> Lines:
    yield "## Overview"
    yield ""
    shown, hidden = evidence.rows[:ROWS], len(evidence.rows) - ROWS
    heads = ("deployment", "model", *evidence.requirements, "worst")
    yield from _table(heads, (_row(row, evidence.requirements) for row in shown))
    if hidden > 0:
        yield f"And {count(hidden, 'more row', 'more rows')}, none of them worse; `--format html` has all."
        yield ""


def _row(row: Row, requirements: Sequence[str]) -> tuple[str, ...]:
    cells = {cell.requirement: short(cell) for cell in row.cells}
    name = _text(label(row)) if row.kind == SHARED else f"**{_text(label(row))}**"
    return (name, _text(model(row)), *(cells.get(name, "–") for name in requirements), row.worst or "–")


def _picture(drawing: str) -> Lines:
    yield "## Picture"
    yield ""
    if len(drawing) > DRAWING:
        yield "The picture is too large for GitHub; `astrovet model --format mermaid` has it."
    else:
        yield f"```mermaid\n{drawing.rstrip()}\n```"
    yield ""


def _part(part: RequirementChecks) -> Lines:
    yield f"## {SIGNS[part.standing]} {_text(title(part.requirement))}: {numbers(part.count)}"
    yield ""
    for check in part.checks:
        yield from _check(check)
    kept = [check for check in part.checks if check.count.passes]
    if kept:
        yield f"<details><summary>{count(len(kept), 'check')} with passes</summary>"
        yield ""
        rows = ((check.rule, _text(check.law), str(check.count.passes), _rests_on(check)) for check in kept)
        yield from _table(("check", "what it demands", "passes", "sources"), rows)
        yield "</details>"
        yield ""
    if part.silent:
        yield _text(silent(part))
        yield ""


def _check(check: RuleFindings) -> Lines:
    """What is not a pass."""
    groups = list(alike(check))
    if not groups:
        return
    yield f"**{SIGNS[check.standing]} {_text(check.rule)}** {_text(check.law)}"
    yield ""
    for group in groups:
        severity = f", {group.first.severity}" if group.standing in {"fails", "waived"} else ""
        yield f"- **{group.standing}{severity}:** {_text(group.first.text)}"
        shown = [_where(finding.verdict) for finding in group.findings[:PLACES]]
        more = len(group.findings) - PLACES
        yield f"  - {'; '.join(shown)}" + (f"; and {more} more" if more > 0 else "")
        if group.first.waiver is not None:
            yield f"  - accepted: {_text(accepted(group.first.waiver))}"
        elif group.first.remedy:
            yield f"  - to do: {_text(group.first.remedy)}"
    if check.supports:
        yield f"- supports: {_text('; '.join(check.supports))}"
    yield f"- sources: {_rests_on(check)}"
    yield ""


def _where(verdict: Verdict) -> str:
    return f"{_code(named(verdict))} at {_place(verdict.place)}"


def _rests_on(check: RuleFindings) -> str:
    return _text(joined(source.tag for source in check.sources))


def _attestations(evidence: Evidence) -> Lines:
    if not evidence.attestations:
        return
    yield "## Attestations"
    yield ""
    heads = ("what", "standing", "for the sake of", "who acts", "owner", "signed", "until", "evidence")
    yield from _table(heads, map(_attested, evidence.attestations))


def _attested(attested: Attested) -> tuple[str, ...]:
    return (
        _text(attested.what),
        attested.standing,
        _text(joined(attested.asked_by)),
        _text(joined(attested.parties)),
        _text(attested.owner or "–"),
        _text(attested.signed or "–"),
        _text(attested.until or "–"),
        _text(attested.evidence or "–"),
    )


def _responsibilities(evidence: Evidence) -> Lines:
    yield "## Responsibilities"
    yield ""
    yield "<details><summary>Who answers for what</summary>"
    yield ""
    rows = ((duty.party, _text(duty.what), _text(joined(duty.models)), duty.source) for duty in evidence.duties)
    yield from _table(("who", "what", "models", "source"), rows)
    yield "</details>"
    yield ""


def _waivers(evidence: Evidence) -> Lines:
    if not evidence.waived:
        return
    yield "## Waivers"
    yield ""
    rows = (
        (verdict.rule, _code(named(verdict)), _text(waiver.reason or "no reason is given"), _text(waiver.owner or "–"),
         _text(waiver.until or "no end"), _place(waiver.place))
        for verdict in evidence.waived if (waiver := verdict.waiver) is not None
    )  # fmt: skip
    yield from _table(("rule", "of", "reason", "owner", "until", "where"), rows)


def _unseen(evidence: Evidence) -> Lines:
    if not evidence.unseen:
        return
    yield "## Not seen"
    yield ""
    rows = (
        (_text(gap.what), _place(gap.place), _text(gap.how), _text(joined(gap.rules) if gap.counts else "–"))
        for gap in evidence.unseen
    )
    yield from _table(("what", "where", "to see it", "leaves open"), rows)


def _questions(evidence: Evidence) -> Lines:
    if not evidence.questions:
        return
    yield "## What could not be decided"
    yield ""
    rows = (
        (_text(asked.why), _text(asked.how), str(len(asked.verdicts)), _text(joined(_rules(asked.verdicts))))
        for asked in evidence.questions
    )
    yield from _table(("why", "how to decide it", "verdicts", "rules"), rows)


def _rules(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(verdict.rule for verdict in verdicts))


def _inputs(evidence: Evidence) -> Lines:
    origin = evidence.origin
    yield "## Inputs"
    yield ""
    yield from (f"- {_text(note)}" for note in evidence.notes)
    if evidence.notes:
        yield ""
    yield f"{_text(packs(evidence))}; {count(len(evidence.rules_run), 'rule')} ran. To make this report again:"
    yield ""
    yield f"    {visible(origin.command)}"
    yield ""
    yield "<details><summary>Files and their contents' hashes</summary>"
    yield ""
    rows = (
        (_code(file.path), _text(file.kind), _code(file.sha256) if file.sha256 else _text(file.problem))
        for file in origin.files
    )
    yield from _table(("file", "kind", "sha256"), rows)
    yield "</details>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _place(place: Place) -> str:
    return _code(str(place))


def _text(text: str) -> str:
    """Nothing in it is a mark of Markdown; what stands between backticks is code."""
    return "".join(_code(piece) if is_code else _plain(piece) for piece, is_code in spans(text))


def _code(text: str) -> str:
    return f"<code>{_plain(text)}</code>" if text else ""


def _plain(text: str) -> str:
    """As GitHub shows it letter by letter: it reads marks inside of HTML too. Names are not to be called (`@team`)."""
    harmless = (
        visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;&#8203;")
    )
    return re.sub(r"([\\`*_{}\[\]#|~!$])", r"\\\1", harmless.replace("&#", "\0")).replace("\0", "&#")
