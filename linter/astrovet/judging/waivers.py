"""Waivers: which there are, which of them covers a failure, and what has become of each in the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec.structs import replace

from astrovet.declared.annotations import OPTIONS, Comments
from astrovet.declared.configuration import Config, WaiverPolicy
from astrovet.declared.lookup import Globs, Stretches
from astrovet.document import Note, Problem, ProblemKind
from astrovet.judging.grouping import Said
from astrovet.judging.packs import no_such_rule
from astrovet.judging.rulebook import Rule
from astrovet.judging.settings import ids, rulings
from astrovet.model.agent import Agent
from astrovet.model.deployment import AgentToken
from astrovet.model.estate import Estate, with_problems
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.subject import Subject
from astrovet.model.waiver import Waiver, WaiverUse
from astrovet.place import Place
from astrovet.value import Absent, Known, Unknown

# --- which there are


def with_waivers(
    estate: Estate, comments: Mapping[str, Comments], configured: Iterable[Waiver], rules: Sequence[Rule]
) -> Estate:
    """The estate with all waivers, and with what is wrong with those in comments as problems of their files.

    Args:
        estate: what the inputs say.
        comments: those that speak to astrovet, by the path of their file.
        configured: the waivers of the configurations.
        rules: all rules there are.
    """
    commented: list[Waiver] = []
    problems: dict[str, tuple[Problem, ...]] = {}
    for path, said in comments.items():
        waivers, wrong = _named(said, rules)
        commented += waivers
        if waivers or wrong:
            problems[path] = wrong
    return with_problems(estate, problems).with_objects(*commented, *configured)


def _named(said: Comments, rules: Sequence[Rule]) -> tuple[list[Waiver], tuple[Problem, ...]]:
    """The waivers in a file's comments, without words that mean no rule; and what is wrong with any."""
    problems = said.not_waivers
    numbers: Counter[tuple[str, ...]] = Counter()
    waivers: list[Waiver] = []
    for annotation in said.waivers:
        wrong = [word for word in annotation.rules if not ids(rules, word)]
        problems += tuple(_no_rule(word, rules, annotation.place) for word in wrong)
        known = tuple(word for word in annotation.rules if word not in wrong)
        if known:
            numbers[known] += 1
            reason, owner, until = (annotation.options.get(name, "") for name in OPTIONS)
            waivers.append(
                Waiver(annotation.place, known, reason, owner, until, annotation.lines, number=numbers[known])
            )
    return waivers, problems


def _no_rule(word: str, rules: Sequence[Rule], place: Place) -> Problem:
    message, hint = no_such_rule(rules, word)
    return Problem(ProblemKind.UNKNOWN_KEY, f"{message}: nothing is waived by it; {hint}", "name a rule", place)


# --- which covers a failure


class Ledger:
    """All waivers, and what they were found to cover so far."""

    def __init__(
        self, waivers: Sequence[Waiver], rules: Sequence[Rule], config_of: Callable[[str], Config], today: str
    ) -> None:
        self._waivers = waivers
        self._rules = rules
        self._config_of = config_of
        self._today = today
        self._ids = {
            word: ids(rules, word) for word in dict.fromkeys(word for waiver in waivers for word in waiver.rules)
        }
        self._coverage = _Coverage(waivers, self._ids)
        self._never_waived = cache(lambda path: rulings(config_of(path), rules).never_waived)
        self._uses = [WaiverUse() for _ in waivers]
        self._idle = [set(waiver.rules) for waiver in waivers]

    def answer(
        self,
        failure: Said,
        places: tuple[Place, ...],
        related: tuple[Place, ...],
        requires: frozenset[Requirement],
        *,
        may_be_waived: bool,
    ) -> tuple[Waiver | None, tuple[Note, ...]]:
        """The waiver that counts for a failure, and those that cover it and do not, each with the reason.

        A comment counts before the configuration, and the narrowest comment first.

        Args:
            failure: what the rule says.
            places: its own, its subject's block, and the module calls that lead to either.
            related: those that it names besides.
            requires: what is declared for its subject.
            may_be_waived: whether the rule can be waived at all.
        """
        covering = self._covering(failure, places, related)
        unheeded: list[Note] = []
        accepted: Waiver | None = None
        for number in sorted(covering, key=lambda number: _width(self._waivers[number])):
            waiver = self._waivers[number]
            lacks = gaps(waiver, failure.severity, self._policy(waiver))
            self._note(number, failure, lacks, requires)
            why = self._refusal(waiver, lacks, requires) if may_be_waived else f"{failure.rule.id} is never waived"
            if why:
                unheeded.append(Note(f"a waiver for it stands here, and does not count: {why}", waiver.place))
            elif accepted is None:
                accepted = waiver
        return (accepted, ()) if accepted is not None else (None, tuple(unheeded))

    def settled(self, ran: frozenset[str], undecided: frozenset[str], estate: Estate) -> tuple[Waiver, ...]:
        """The waivers with what has become of them, when all failures have been answered.

        Args:
            ran: the ids of the rules that ran.
            undecided: those that left something undecided.
            estate: what was judged.
        """
        settled = []
        present = self._coverage.present(estate)
        for number, (waiver, use, idle) in enumerate(zip(self._waivers, self._uses, self._idle, strict=True)):
            refused = tuple(word for word in waiver.rules if self._is_refused(word, waiver))
            could = waiver.is_in_run or number in present
            told = tuple(
                word
                for word in waiver.rules
                if could and word in idle and word not in refused
                if self._ids[word] <= ran and not self._ids[word] & undecided
            )
            lacks = use.lacks or gaps(waiver, Severity.INFO, self._policy(waiver))
            settled.append(replace(waiver, use=replace(use, idle=told, refused=refused, lacks=lacks)))
        return tuple(settled)

    def _covering(self, failure: Said, places: tuple[Place, ...], related: tuple[Place, ...]) -> list[int]:
        """The numbers of the waivers that cover a failure."""
        numbers = self._coverage.comments(failure.rule.id, places, related)
        entries = self._coverage.entries(failure.rule.id, failure.subject, places, related)
        holding = [{self._config_of(place.path).path for place in meant} for meant in (places, (*places, *related))]
        numbers |= {number for number, is_meant in entries if self._waivers[number].place.path in holding[is_meant]}
        return sorted(numbers)

    def _note(self, number: int, failure: Said, lacks: tuple[str, ...], requires: frozenset[Requirement]) -> None:
        use = self._uses[number]
        self._uses[number] = replace(
            use,
            findings=use.findings + 1,
            lacks=tuple(dict.fromkeys((*use.lacks, *lacks))),
            requires=use.requires | requires,
        )
        self._idle[number] -= {word for word in self._idle[number] if failure.rule.id in self._ids[word]}

    def _refusal(self, waiver: Waiver, lacks: tuple[str, ...], requires: frozenset[Requirement]) -> str:
        """Why a waiver does not count for a failure that it covers; empty where it does."""
        if waiver.has_ended(self._today):
            return f"it ended on {waiver.until}"
        if lacks and requires:
            missing = " and no ".join(_WORDS.get(name, name) for name in lacks)
            return f"it has no {missing}, and {' and '.join(sorted(requires))} is declared"
        return ""

    def _is_refused(self, word: str, waiver: Waiver) -> bool:
        """Whether a word names a rule, and not one among others, that is never waived."""
        never = self._never_waived(waiver.place.path)
        return any(word.upper() == rule.id or word.lower() == rule.name for rule in self._rules if rule.id in never)

    def _policy(self, waiver: Waiver) -> WaiverPolicy:
        return self._config_of(waiver.place.path).waiver_policy


_WORDS = {"until": "date"}


def gaps(waiver: Waiver, severity: Severity, policy: WaiverPolicy) -> tuple[str, ...]:
    """What a waiver of a finding of this severity has to have and does not."""
    wanted = {
        "reason": len(waiver.reason) < policy.reason_length,
        "owner": not waiver.owner and _is_from(policy.owner, severity),
        "until": not waiver.until and _is_from(policy.until, severity),
    }
    return tuple(name for name, is_missing in wanted.items() if is_missing)


def _is_from(threshold: Severity | None, severity: Severity) -> bool:
    return threshold is not None and severity.rank <= threshold.rank


def _width(waiver: Waiver) -> tuple[bool, int]:
    first, last = waiver.lines
    return not waiver.is_comment, last - first


class _Coverage:
    """Which waivers are for which rules and places. Nothing here goes through all of them."""

    def __init__(self, waivers: Sequence[Waiver], ids_of: Mapping[str, frozenset[str]]) -> None:
        stretches: list[tuple[Hashable, int, int, int]] = []
        entries: dict[tuple[str, bool], list[int]] = {}
        for number, waiver in enumerate(waivers):
            meant = {rule for word in waiver.rules if len(ids_of[word]) == 1 for rule in ids_of[word]}
            for rule in frozenset[str]().union(*(ids_of[word] for word in waiver.rules)):
                # A prefix names no finding in particular, so one that only mentions its place is not meant.
                key = rule, rule in meant
                if waiver.is_comment:
                    stretches.append(((*key, waiver.place.path), *waiver.lines, number))
                else:
                    entries.setdefault(key, []).append(number)
        self._stretches = Stretches(stretches)
        self._entries = {key: _Entries(waivers, numbers) for key, numbers in entries.items()}
        elsewhere = [number for number, waiver in enumerate(waivers) if not waiver.is_in_run and not waiver.is_comment]
        self._elsewhere = _Entries(waivers, elsewhere)

    def comments(self, rule: str, places: tuple[Place, ...], related: tuple[Place, ...]) -> set[int]:
        """The comments that hold one of these places; only those that mean the rule hold a related one."""
        asked = ((False, places), (True, (*places, *related)))
        return {
            number
            for is_meant, of in asked
            for place in of
            for number in self._stretches.holding((rule, is_meant, place.path), place)
        }

    def entries(
        self, rule: str, subject: Subject, places: tuple[Place, ...], related: tuple[Place, ...]
    ) -> Iterator[tuple[int, bool]]:
        """The entries whose globs mean one of these places or the subject, and whether they mean the rule itself."""
        for is_meant, of in ((False, places), (True, (*places, *related))):
            entries = self._entries.get((rule, is_meant))
            yield from ((number, is_meant) for number in (entries.about(subject, of) if entries is not None else ()))

    def present(self, estate: Estate) -> set[int]:
        """Of the entries that are for more than this run, those that mean something in it."""
        if self._elsewhere.is_empty:
            return set()
        subjects = (subject for kind in estate.kinds() if kind is not Waiver for subject in estate.of(kind))
        return {number for subject in subjects for number in self._elsewhere.about(subject, (subject.place,))}


class _Entries:
    """Entries of configurations, by their globs. Brackets mean themselves there."""

    def __init__(self, waivers: Sequence[Waiver], numbers: Sequence[int]) -> None:
        def globs(texts: Callable[[Waiver], tuple[str, ...]]) -> Globs:
            all_globs = ((number, glob.rstrip("/")) for number in numbers for glob in texts(waivers[number]))
            return Globs(all_globs, with_classes=False)

        self.is_empty = not numbers
        self._paths = globs(lambda waiver: waiver.paths)
        self._at = globs(lambda waiver: waiver.at)

    def about(self, subject: Subject, places: Iterable[Place]) -> set[int]:
        """The numbers of those that mean a file, an address or a name of this finding, or what it stands in."""
        paths = {above for place in places for above in _and_above(place.path, "/")}
        names = {above for place in places for above in _and_above(place.address, "[.]|\\[")} | set(_names(subject))
        return self._paths.meaning(paths) | self._at.meaning(names)


def _and_above(text: str, separator: str) -> Iterator[str]:
    """A path or an address, and all that it stands in."""
    yield text
    yield from (text[: sign.start()] for sign in re.finditer(separator, text))


def _names(subject: Subject) -> Iterator[str]:
    """What people call a subject; an agent also by the deployment that it serves."""
    yield from (subject.id, subject.block)
    match subject.name:
        case Known(name, sensitive=False):
            yield name
        case Known() | Unknown() | Absent():
            pass
    if isinstance(subject, Agent | AgentToken):
        match subject.deployment.to:
            case Known(deployment):
                yield from _names(deployment)
            case Unknown() | Absent():
                pass
