"""From what rules say of subjects to verdicts: what is said of one place in the sources is one verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

try:  # hashlib is heavy to load; the standard library's `random` goes the same way
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

from msgspec import Struct

from astrovet.declared.commented import Locate
from astrovet.document import Note
from astrovet.guard import Guard
from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import (
    Acceptance,
    Fail,
    NotApplicable,
    Outcome,
    Pass,
    Undecided,
    Verdict,
    VerdictKind,
)
from astrovet.model.severity import Severity
from astrovet.model.subject import Subject, label
from astrovet.model.waiver import Waiver
from astrovet.place import WORKING_DIRECTORY, Place, Root
from astrovet.secrecy import without_secrets

SHOWN = frozenset({VerdictKind.FAIL, VerdictKind.UNKNOWN, VerdictKind.WAIVED})
"""The verdicts whose places people look at."""


class Said(Struct, frozen=True, dict=True):
    """What one rule says of one subject: the one record between a check and the verdicts."""

    rule: Rule
    subject: Subject
    outcome: Outcome | Pass
    severity: Severity
    requirements: tuple[str, ...]
    """Declared requirements for whose sake the rule ran or its severity rose."""
    waiver: Waiver | None = None
    """That covers it, and counts."""
    unheeded: tuple[Note, ...] = ()
    """The waivers that cover it and do not count, each with the reason."""

    @cached_property
    def kind(self) -> VerdictKind:
        match self.outcome:
            case Fail():
                return VerdictKind.FAIL if self.waiver is None else VerdictKind.WAIVED
            case Undecided():
                return VerdictKind.UNKNOWN
            case NotApplicable():
                return VerdictKind.NOT_APPLICABLE
            case Pass():
                return VerdictKind.PASS

    @cached_property
    def place(self) -> Place:
        match self.outcome:
            case Fail(place=place) | Undecided(place=place):
                return place
            case NotApplicable() | Pass():
                return self.subject.place

    @cached_property
    def about(self) -> str:
        match self.outcome:
            case Fail(about=about) | Undecided(about=about):
                return about
            case NotApplicable() | Pass():
                return ""

    @property
    def related(self) -> tuple[Note, ...]:
        return self.outcome.related if isinstance(self.outcome, Fail) else ()

    @property
    def words(self) -> tuple[str, str, str]:
        """What is wrong or open, how to find out, and what to do."""
        match self.outcome:
            case Fail(message=message, remedy=remedy):
                return message, "", remedy
            case Undecided(why=why, how=how):
                return why, how, ""
            case NotApplicable(why=why):
                return why, "", ""
            case Pass(law):
                return law, "", ""


def places(said: Said, locate: Locate) -> Iterator[Place]:
    """The finding's own, its subject's block where that is one of Terraform, and the calls that lead there."""
    block = (said.subject.place,) if said.subject.place.address else ()
    for place in (said.place, *block):
        source, calls = locate(place)
        yield from (place, source, *(note.place for note in calls))


def verdicts(said: Iterable[Said], locate: Locate, guard: Guard, root: Root = WORKING_DIRECTORY) -> tuple[Verdict, ...]:
    """The verdicts of a run, the worst first, then by place.

    `root` is that of the repository; all paths are seen from the working directory.
    """
    made = (
        guard.run(f"worded what {group[0].rule.id} says", None, _verdict, group, locate, root)
        for group in _grouped(said, locate, guard)
    )
    whole = [verdict for verdict in made if verdict is not None]
    return tuple(guard.run("put the findings in order", whole, sorted, whole, key=by_weight))


def _grouped(said: Iterable[Said], locate: Locate, guard: Guard) -> Iterator[list[Said]]:
    """What is said of one place in the sources, together.

    Whoever has it from there: the instances of a block, those of a module that is called twice, the
    agents that share a layer.
    """
    groups: dict[tuple[object, ...], list[Said]] = {}
    for statement in said:
        alone = (id(statement),)
        key = guard.run(f"put together what {statement.rule.id} says", alone, _shared, statement, locate)
        groups.setdefault(key, []).append(statement)
    yield from groups.values()


def _shared(statement: Said, locate: Locate) -> tuple[object, ...]:
    """What is the same in all that is told together."""
    kind, place = statement.kind, statement.place
    source = locate(place)[0] if kind in SHOWN else place
    is_together = statement.subject.is_one_with_its_block and place == statement.subject.place
    has_place = source.has_lines and not is_together
    where = (source.path, source.line, source.column) if has_place else (statement.subject.block,)
    return (
        statement.rule.id, where, place.path, kind, statement.severity, statement.words, place.pointer,
        statement.about, statement.requirements, statement.waiver, statement.unheeded,
        "" if kind in SHOWN else place.root,  # of those that are shown the calls that lead there tell it
    )  # fmt: skip


def _verdict(group: list[Said], locate: Locate, root: Root) -> Verdict:
    alike = sorted(group, key=lambda said: said.subject.id)  # whatever the order in which the inputs have them
    first = alike[0]
    is_shown = first.kind in SHOWN
    ids = tuple(dict.fromkeys(label(said.subject) for said in group))
    place = locate(first.place)[0] if is_shown else first.place
    ways = (locate(said.place)[1] for said in alike) if is_shown else ()
    calls = tuple(dict.fromkeys(note for way in ways for note in way))
    related = tuple(Note(note.message, locate(note.place)[0]) for note in first.related)
    message, how, remedy = first.words
    return Verdict(
        rule=first.rule.id,
        name=first.rule.name,
        kind=first.kind,
        severity=first.severity,
        subject=first.subject.block if len(ids) > 1 else ids[0],
        subject_kind=first.subject.shown_kind,
        message=message,
        how=how,
        why=first.rule.why,
        remedy=remedy,
        place=place,
        requirements=first.requirements,
        sources=first.rule.sources,
        related=(*related, *calls, *first.unheeded),
        instances=() if ids == (first.subject.block,) else ids,
        fingerprint=_fingerprint(first, ids, _home(first.place, place, calls), root),
        waiver=_acceptance(first.waiver) if first.waiver is not None else None,
    )


def _acceptance(waiver: Waiver) -> Acceptance:
    """What people wrote in a waiver, without what may be a secret in it."""
    reason, owner = (without_secrets(text) for text in (waiver.reason, waiver.owner))
    return Acceptance(reason, owner, waiver.until, waiver.place, waiver.is_comment)


def _home(place: Place, source: Place, calls: Sequence[Note]) -> str:
    """The folder of the root module, so that two of them with equal addresses are told apart.

    A plan may lie anywhere, so where the sources are known, theirs counts.
    """
    if not place.address:
        return ""
    outermost = calls[-1].place if calls else source
    return outermost.path.rpartition("/")[0]


def _fingerprint(said: Said, ids: tuple[str, ...], home: str, root: Root) -> str:
    """Of the rule, the block and what the finding is about; never of lines or wordings.

    Paths count from the root of the repository: it is the same finding wherever the run is started.
    """
    pointer = "" if said.about else said.place.pointer
    names = [said.subject.block, *sorted(ids)]
    if not root.is_here:
        paths = (said.subject.place.path, *said.subject.named_files)
        names = list(map(root.names(paths), names))
        home = "" if not said.place.address else root.path(home or ".").removeprefix(".")
    parts = ("1", home, said.rule.id, names[0], pointer, said.about, *names[1:])
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


_KINDS = {kind: rank for rank, kind in enumerate(VerdictKind)}


def by_weight(verdict: Verdict) -> tuple[object, ...]:
    """The order of verdicts: the worst first, then by place."""
    place = verdict.place
    return (
        _KINDS[verdict.kind], verdict.severity.rank, place.path, place.line, place.column, verdict.rule,
        verdict.subject, verdict.message,
    )  # fmt: skip
