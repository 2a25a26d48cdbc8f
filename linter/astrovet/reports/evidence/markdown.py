"""Evidence as Markdown, for pull requests and the summaries of workflow steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from astrovet.judging.verdict import Verdict
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
    title,
)
from astrovet.reports.findings.summary import accepted, count
from astrovet.reports.markdown import Lines, code, located, not_seen, picture, table, text

ROWS = 60
"""Deployments that the overview lists; the others are counted."""

PLACES = 5
"""Places that one finding lists; the others are counted."""


def render(evidence: Evidence, drawn: Picture) -> str:
    """The report, with the picture in Mermaid's language."""
    return "\n".join(_lines(evidence, mermaid(drawn))).rstrip("\n") + "\n"


def _lines(evidence: Evidence, drawing: str) -> Lines:
    origin = evidence.origin
    yield f"# {SIGNS[evidence.standing]} {text(heading(evidence))}"
    yield ""
    yield text(headline(evidence))
    yield ""
    yield f"As of {text(origin.today)}, by astrovet {text(origin.version)}. {DISCLAIMER}"
    yield ""
    if revision(evidence):
        yield text(revision(evidence))
        yield ""
    if not evidence.requirements:
        yield text(NONE_DECLARED)
        yield ""
    yield from _overview(evidence)
    yield "## Picture"
    yield ""
    yield from picture(drawing)
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
    yield from table(heads, (_row(row, evidence.requirements) for row in shown))
    if hidden > 0:
        yield f"And {count(hidden, 'more row', 'more rows')}, none of them worse; `--format html` has all."
        yield ""


def _row(row: Row, requirements: Sequence[str]) -> tuple[str, ...]:
    cells = {cell.requirement: short(cell) for cell in row.cells}
    name = text(label(row)) if row.kind == SHARED else f"**{text(label(row))}**"
    return (name, text(model(row)), *(cells.get(name, "–") for name in requirements), row.worst or "–")


def _part(part: RequirementChecks) -> Lines:
    yield f"## {SIGNS[part.standing]} {text(title(part.requirement))}: {numbers(part.count)}"
    yield ""
    for check in part.checks:
        yield from _check(check)
    kept = [check for check in part.checks if check.count.passes]
    if kept:
        yield f"<details><summary>{count(len(kept), 'check')} with passes</summary>"
        yield ""
        rows = ((check.rule, text(check.law), str(check.count.passes), _rests_on(check)) for check in kept)
        yield from table(("check", "what it demands", "passes", "sources"), rows)
        yield "</details>"
        yield ""
    if part.silent:
        yield text(silent(part))
        yield ""


def _check(check: RuleFindings) -> Lines:
    """What is not a pass."""
    groups = list(alike(check))
    if not groups:
        return
    yield f"**{SIGNS[check.standing]} {text(check.rule)}** {text(check.law)}"
    yield ""
    for group in groups:
        severity = f", {group.first.severity}" if group.standing in {"fails", "waived"} else ""
        yield f"- **{group.standing}{severity}:** {text(group.first.text)}"
        shown = [_where(finding.verdict) for finding in group.findings[:PLACES]]
        more = len(group.findings) - PLACES
        yield f"  - {'; '.join(shown)}" + (f"; and {more} more" if more > 0 else "")
        if group.first.waiver is not None:
            yield f"  - accepted: {text(accepted(group.first.waiver))}"
        elif group.first.remedy:
            yield f"  - to do: {text(group.first.remedy)}"
    if check.supports:
        yield f"- supports: {text('; '.join(check.supports))}"
    yield f"- sources: {_rests_on(check)}"
    yield ""


def _where(verdict: Verdict) -> str:
    return f"{code(named(verdict))} at {located(verdict.place)}"


def _rests_on(check: RuleFindings) -> str:
    return text(joined(source.tag for source in check.sources))


def _attestations(evidence: Evidence) -> Lines:
    if not evidence.attestations:
        return
    yield "## Attestations"
    yield ""
    heads = ("what", "standing", "for the sake of", "who acts", "owner", "signed", "until", "evidence")
    yield from table(heads, map(_attested, evidence.attestations))


def _attested(attested: Attested) -> tuple[str, ...]:
    return (
        text(attested.what),
        attested.standing,
        text(joined(attested.asked_by)),
        text(joined(attested.parties)),
        text(attested.owner or "–"),
        text(attested.signed or "–"),
        text(attested.until or "–"),
        text(attested.evidence or "–"),
    )


def _responsibilities(evidence: Evidence) -> Lines:
    yield "## Responsibilities"
    yield ""
    yield "<details><summary>Who answers for what</summary>"
    yield ""
    rows = ((duty.party, text(duty.what), text(joined(duty.models)), duty.source) for duty in evidence.duties)
    yield from table(("who", "what", "models", "source"), rows)
    yield "</details>"
    yield ""


def _waivers(evidence: Evidence) -> Lines:
    if not evidence.waived:
        return
    yield "## Waivers"
    yield ""
    rows = (
        (verdict.rule, code(named(verdict)), text(waiver.reason or "no reason is given"), text(waiver.owner or "–"),
         text(waiver.until or "no end"), located(waiver.place))
        for verdict in evidence.waived if (waiver := verdict.waiver) is not None
    )  # fmt: skip
    yield from table(("rule", "of", "reason", "owner", "until", "where"), rows)


def _unseen(evidence: Evidence) -> Lines:
    if evidence.unseen:
        yield "## Not seen"
        yield ""
        yield from not_seen(evidence.unseen)


def _questions(evidence: Evidence) -> Lines:
    if not evidence.questions:
        return
    yield "## What could not be decided"
    yield ""
    rows = (
        (text(asked.why), text(asked.how), str(len(asked.verdicts)), text(joined(_rules(asked.verdicts))))
        for asked in evidence.questions
    )
    yield from table(("why", "how to decide it", "verdicts", "rules"), rows)


def _rules(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(verdict.rule for verdict in verdicts))


def _inputs(evidence: Evidence) -> Lines:
    origin = evidence.origin
    yield "## Inputs"
    yield ""
    yield from (f"- {text(note)}" for note in evidence.notes)
    if evidence.notes:
        yield ""
    yield f"{text(packs(evidence))}; {count(len(evidence.rules_run), 'rule')} ran. To make this report again:"
    yield ""
    yield f"    {visible(origin.command)}"
    yield ""
    yield "<details><summary>Files and their contents' hashes</summary>"
    yield ""
    rows = (
        (code(file.path), text(file.kind), code(file.sha256) if file.sha256 else text(file.problem))
        for file in origin.files
    )
    yield from table(("file", "kind", "sha256"), rows)
    yield "</details>"
