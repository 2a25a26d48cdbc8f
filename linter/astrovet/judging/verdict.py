"""What a rule says of a subject, and what a run says in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Note
from astrovet.model.severity import Severity
from astrovet.place import Place
from astrovet.value import Absent, Known, Unknown


class Fail(Struct, frozen=True):
    """The subject breaks the rule."""

    place: Place
    message: str
    """What is wrong with this subject; never holds a value that may be secret."""
    remedy: str
    """What to do here."""
    severity: Severity | None = None
    """Where this failure weighs less or more than the rule's own severity."""
    related: tuple[Note, ...] = ()
    about: str = ""
    """What tells two failures of one subject apart (a variable's name); part of the fingerprint."""
    is_raised: bool = True
    """Declared requirements raise its severity, as the rule says. False for a minor clause of such a rule."""
    under: tuple[str, ...] = ()
    """For whose sake it fails, where these are not all declared requirements that the rule supports."""


class Undecided(Struct, frozen=True):
    """The inputs do not show whether the subject keeps the rule."""

    why: str
    place: Place
    about: str = ""
    how: str = ""
    """How to find out, where there is a way."""
    under: tuple[str, ...] = ()
    """For whose sake it matters, where these are not all declared requirements that the rule supports."""


class NotApplicable(Struct, frozen=True):
    """The rule does not speak about this subject."""

    why: str


class Pass(Struct, frozen=True):
    """The subject keeps the rule."""

    law: str


Outcome: TypeAlias = Fail | Undecided | NotApplicable
Verdicts: TypeAlias = Iterator[Outcome]
"""What a check yields. A check that yields nothing passes its subject."""


def fail(
    place: Place | Absent,
    message: str,
    *,
    remedy: str,
    severity: Severity | None = None,
    related: tuple[Note, ...] = (),
    about: str = "",
    is_raised: bool = True,
    under: Iterable[str] = (),
) -> Fail:
    """The subject breaks the rule at this place.

    For an absence also where an earlier layer of Helm values had it, if one had.
    """
    if isinstance(place, Absent):
        return Fail(
            place.place, message, remedy, severity, (*_earlier(place), *related), about, is_raised, tuple(under)
        )
    return Fail(place, message, remedy, severity, related, about, is_raised, tuple(under))


def _earlier(absent: Absent) -> tuple[Note, ...]:
    if absent.earlier is None:
        return ()
    what = "takes it away" if absent.explicit else "replaces the whole list"
    return (Note(f"an earlier layer sets it here; a later one {what}", absent.earlier),)


def undecided(unknown: Unknown, about: str = "", *, under: Iterable[str] = ()) -> Undecided:
    """The rule cannot be decided because this value is unknown."""
    return Undecided(unknown.why, unknown.place, about, unknown.how, tuple(under))


def fail_if_written(known: Known[Any], message: str, *, remedy: str, about: str = "") -> Outcome:
    """The subject breaks the rule by what stands in the input itself, at the place where that stands.

    Undecided where the text came through a reference: then nobody but the sources can tell whether it
    is a literal.
    """
    origin = known.written_at
    if origin is None and known.written:
        return fail(known.place, message, remedy=remedy, about=about)
    if origin is not None:
        place = known.place
        literal = replace(
            origin, address=place.address, pointer=place.pointer, environment=place.environment, root=place.root
        )
        return fail(literal, message, remedy=remedy, about=about, related=(Note("it comes here by name", place),))
    why = "this secret comes through a reference, and nothing shows whether a literal stands behind it"
    return Undecided(why, known.place, about, "look there")


def not_applicable(why: str) -> NotApplicable:
    """The rule does not speak about this subject."""
    return NotApplicable(why)


def first_gap_only(outcomes: Iterable[Outcome]) -> Verdicts:
    """The failures; where nothing fails, one undecided outcome in place of many.

    For a part of a set of values, of which nearly everything is unknown for one and the same reason.
    """
    gap: Undecided | None = None
    failed = False
    for outcome in outcomes:
        if isinstance(outcome, Undecided):
            gap = gap or outcome
        else:
            failed = failed or isinstance(outcome, Fail)
            yield outcome
    if gap is not None and not failed:
        yield gap


class VerdictKind(StrEnum):
    """The things that can be said of a rule and a subject."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    BASELINE = "baseline"
    """A failure that was there when astrovet was adopted: the baseline of the run has it."""
    PASS = "pass"  # noqa: S105  a verdict, not a password
    NOT_APPLICABLE = "not-applicable"


class Acceptance(Struct, frozen=True):
    """Why a failure does not count: what its waiver says, and where."""

    reason: str
    owner: str
    until: str
    place: Place
    is_comment: bool = True
    """It stands in a source; otherwise in the configuration."""


class Verdict(Struct, frozen=True):
    """One rule's word on one subject; many instances of one source block share a verdict."""

    rule: str
    name: str
    kind: VerdictKind
    severity: Severity
    subject: str
    """The address or path of the subject; of the block where there are several instances."""
    subject_kind: str
    message: str
    """What is wrong; for an unknown verdict why it cannot be told, for not-applicable why not."""
    why: str
    """The rule's reason, in a sentence or two."""
    remedy: str
    place: Place
    requirements: tuple[str, ...] = ()
    """Declared requirements for whose sake the rule ran or its severity rose."""
    sources: tuple[str, ...] = ()
    related: tuple[Note, ...] = ()
    instances: tuple[str, ...] = ()
    """The instances concerned, where the subject is a block with more than one."""
    fingerprint: str = ""
    """Survives moved lines; tells the same finding in two runs."""
    waiver: Acceptance | None = None
    """Of a waived failure."""
    how: str = ""
    """Of an unknown verdict: how to find out, where there is a way."""

    @property
    def text(self) -> str:
        """The message and, where something is open, how to find out."""
        return f"{self.message}; {self.how}" if self.how else self.message


class InputSummary(Struct, frozen=True):
    """One line of "what was looked at"."""

    path: str
    kind: str
    problem: str | None


class SubjectSummary(Struct, frozen=True):
    """A judged deployment, agent or other object."""

    kind: str
    id: str
    name: str | None
    model: str | None
    requires: tuple[str, ...]
    links: tuple[LinkSummary, ...] = ()
    layers: tuple[str, ...] = ()
    """Of an agent: the files and settings that its values come from, in Helm's order."""
    together: str = ""
    """Of an agent: why its layers belong together; empty for a file alone."""


class LinkSummary(Struct, frozen=True):
    """Where a link of a subject leads, or why that is unknown."""

    to: str
    target: str | None
    candidates: tuple[str, ...]
    how: str
    why: str | None


class Unseen(Struct, frozen=True):
    """Something that rests on no input of the run; the fields are the keys of the report's JSON."""

    what: str
    how: str
    place: Place
    rules: tuple[str, ...]
    """Those that it could decide."""
    subjects: tuple[str, ...]
    """What rests on it; empty where nobody can tell."""
    counts: bool
    """It makes the run undecided; else nothing that is declared rests on it, and it is only told."""


class Report(Struct, frozen=True):
    """The outcome of a run, before any format."""

    verdicts: tuple[Verdict, ...]
    """Sorted: worst first, then by place."""
    inputs: tuple[InputSummary, ...]
    subjects: tuple[SubjectSummary, ...]
    rules_run: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """What the reader must know besides: remarks on inputs, requirements that nothing judged."""
    input_error: bool = False
    """An input could not be used, or there was nothing to check: exit status 2."""
    nothing_to_check: bool = False
    unseen: tuple[Unseen, ...] = ()
    baseline: str = ""
    """The path of the baseline that the run was held against; empty where there was none."""

    def of(self, kind: VerdictKind) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.kind is kind)
