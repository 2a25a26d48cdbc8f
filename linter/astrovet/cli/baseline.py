"""Baselines as files: read, held against, and written."""

from __future__ import annotations

import os

import msgspec
from msgspec.structs import replace

from astrovet.cli.bounds import displayed, repository_of
from astrovet.cli.files import Disk
from astrovet.cli.judging import Judged
from astrovet.cli.reading import Read
from astrovet.cli.streams import tell, write_file
from astrovet.declared.configuration import ConfigError, ConfigProblem
from astrovet.declared.scope import configs_of
from astrovet.judging.baseline import Accepted, HeldAgainst, Whereabouts, baseline_of, held_against, in_order, told
from astrovet.judging.engine import with_notes
from astrovet.judging.packs import find
from astrovet.judging.verdict import Report, VerdictKind
from astrovet.place import Place
from astrovet.reports.escape import json_text

VERSION = 1


class Baseline(msgspec.Struct, frozen=True):
    """What a baseline's file holds."""

    baseline: int
    """The version of this format."""
    findings: tuple[Accepted, ...]


def read_baseline(name: str, disk: Disk) -> tuple[Accepted, ...]:
    """What the file of this name accepts.

    Raises ConfigError where it is no baseline: nothing is to look new or accepted for a slip.
    """
    file = disk.file(name, is_named=True)
    if file.fault:
        how = file.how or "`--write-baseline` makes one"
        raise ConfigError([ConfigProblem(Place(file.path), f"the baseline cannot be used: {file.fault}; {how}")])
    try:
        read = msgspec.json.decode(file.data, type=Baseline)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ConfigError(
            [ConfigProblem(Place(file.path), "this is no baseline; `--write-baseline` makes one")]
        ) from None
    if read.baseline != VERSION:
        what = f"this baseline has version {read.baseline}; this astrovet reads {VERSION}"
        raise ConfigError([ConfigProblem(Place(file.path), what)])
    return read.findings


def with_baseline(
    baseline: tuple[Accepted, ...], name: str, seen: Read, outcome: Judged, *, is_whole: bool
) -> tuple[Judged, HeldAgainst]:
    """What came of judging, held against a baseline. Of a part of a run nobody can say what is fixed."""
    contents, top = seen.contents, repository_of(".")

    def was_looked_at(path: str) -> bool:
        whole = os.path.join(top, path)
        return displayed(whole) in contents or not os.path.exists(whole)

    held = held_against(
        baseline,
        outcome.judgement.report,
        displayed(name),
        never=_never_accepted(outcome),
        was_looked_at=was_looked_at,
        root=seen.root,
    )
    report = with_notes(held.report, outcome.judgement.redact.record(tuple(told(held)))) if is_whole else held.report
    return replace(outcome, judgement=replace(outcome.judgement, report=report)), held


def adopted(seen: Read, outcome: Judged) -> tuple[Accepted, ...]:
    """Today's findings as a baseline."""
    never = _never_accepted(outcome)
    fails = outcome.judgement.report.of(VerdictKind.FAIL)
    return baseline_of((fail for fail in fails if fail.rule not in never), seen.root)


def _never_accepted(outcome: Judged) -> frozenset[str]:
    """The rules of which no baseline holds a finding: those that no waiver covers either."""
    always = (rule.id for rule in outcome.rules if rule.never_waived or rule.stops_the_run)
    configured = (
        rule.id
        for config in configs_of(outcome.estate, outcome.config_of)
        for named in config.rules.never_waive
        for rule in find(outcome.rules, named.value)
    )
    return frozenset((*always, *configured))


def write_baseline(name: str, held: HeldAgainst) -> str:
    """Write what a baseline has that is not fixed; gives what is to be said where that fails.

    Where not everything could be read nothing is written: what was not judged would look fixed, or new later.
    """
    path = displayed(name)
    if held.report.input_error:
        return f"the baseline {path} is not written, for not all inputs could be used; --exclude leaves one out"
    findings = held.of(Whereabouts.THERE, Whereabouts.UNTOLD)
    try:
        write_file(name, json_text(Baseline(VERSION, in_order(findings))))
    except OSError as error:
        return f"the baseline {path} cannot be written: {error.strerror}"
    tell(f"{path}: {len(findings)} accepted{_left_out(held.report)}")
    return ""


def _left_out(report: Report) -> str:
    """What the baseline does not accept: what is new, what none can accept, and what is undecided."""
    fails, unknowns = report.of(VerdictKind.FAIL), report.of(VerdictKind.UNKNOWN)
    rules = ", ".join(dict.fromkeys(verdict.rule for verdict in fails))
    parts = [
        f"{len(fails)} not ({rules})" if fails else "",
        f"{len(unknowns)} undecided, which no baseline accepts" if unknowns else "",
    ]
    return "".join(f"; {part}" for part in parts if part)
