"""What the entries of a configuration declare of the objects that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from astrovet.declared.configuration import Config, DeclaredByName
from astrovet.declared.lookup import Globs
from astrovet.model.deployment import Deployment
from astrovet.model.facts import Facts
from astrovet.model.requirement import Requirement
from astrovet.model.subject import Subject
from astrovet.value import Absent, Known, Unknown


class Scope(Struct, frozen=True):
    """The requirements of one subject."""

    requires: frozenset[Requirement] = frozenset()
    unsure: Mapping[Requirement, str] = {}
    """Requirements that may hold too, and why that cannot be told."""
    facts: Facts = Facts()
    """What else is declared of it."""
    perhaps: Mapping[str, Facts] = {}
    """What else may be declared of it, by why that cannot be told."""

    def __or__(self, other: Scope) -> Scope:
        if not other.requires and not other.unsure and not other.perhaps and other.facts == NO_FACTS:
            return self
        requires = self.requires | other.requires
        unsure = {name: why for name, why in {**self.unsure, **other.unsure}.items() if name not in requires}
        return Scope(requires, unsure, self.facts | other.facts, {**self.perhaps, **other.perhaps})


NO_FACTS = Facts()


def declared_in(config: Config) -> frozenset[Requirement]:
    """All requirements of a configuration."""
    entries = [entry.requires for entry in (*config.deployments, *config.workspaces)]
    return config.requires.union(*entries, *(use.requires for use in config.environments))


def covers(entry: DeclaredByName, subject: Subject) -> bool | Unknown:
    """Whether an entry is about an object; Unknown where that depends on a name that is not known."""
    if _matches(entry.match, subject.id) or _matches(entry.match, subject.block):
        return True
    match subject.name:
        case Known(name):
            return _matches(entry.match, name)
        case Unknown() as unknown:
            return unknown
        case Absent():
            return False


class Entries:
    """What entries declare, asked by the objects that they are about."""

    def __init__(self, entries: Sequence[DeclaredByName]) -> None:
        self._entries = entries
        self._globs = Globs((number, entry.match) for number, entry in enumerate(entries))
        self._together: dict[frozenset[int], Scope] = {}

    def about(self, subject: Subject, what: str) -> Scope:
        """What all entries together say of an object."""
        if isinstance(subject.name, Unknown):
            scope = Scope()
            for entry in self._entries:
                scope |= covered(entry, what, subject)
            return scope
        covering = self._covering(subject)
        if covering not in self._together:
            scope = Scope()
            for number in sorted(covering):
                scope |= Scope(self._entries[number].requires, facts=self._entries[number].facts)
            self._together[covering] = scope
        return self._together[covering]

    def naming(self, subject: Subject) -> Sequence[DeclaredByName]:
        """The entries that are about an object, or may be."""
        if isinstance(subject.name, Unknown):
            return [entry for entry in self._entries if covers(entry, subject) is not False]
        return [self._entries[number] for number in sorted(self._covering(subject))]

    def _covering(self, subject: Subject) -> frozenset[int]:
        names = (subject.name.value,) if isinstance(subject.name, Known) else ()
        return frozenset(self._globs.meaning((subject.id, subject.block, *names)))


def of_one_unseen(config: Config, called: str) -> Scope:
    """What a configuration says of a deployment that no input shows: by its name, where that is known at least."""
    scope = Scope()
    for entry in config.deployments:
        if not called:
            reason = f"whether `{entry.match}` covers its deployment cannot be told: no input shows that"
            scope |= Scope(unsure=dict.fromkeys(entry.requires, reason))
        elif _matches(entry.match, called):
            scope |= Scope(entry.requires, facts=entry.facts)
    for entry in config.workspaces:
        reason = f"whether `{entry.match}` covers the workspace of its deployment cannot be told: no input shows that"
        scope |= Scope(unsure=dict.fromkeys(entry.requires, reason))
    return scope


def covered(entry: DeclaredByName, what: str, subject: Subject) -> Scope:
    """What an entry says of an object."""
    match covers(entry, subject):
        case True:
            return Scope(entry.requires, facts=entry.facts)
        case Unknown() as unknown:
            reason = f"whether `{entry.match}` covers {what} depends on its name: {unknown.in_full}"
            return _perhaps(entry, reason)
        case False:
            return Scope()


def _perhaps(entry: DeclaredByName, reason: str) -> Scope:
    """What an entry says of an object that it may be about."""
    return Scope(
        unsure=dict.fromkeys(entry.requires, reason), perhaps={} if entry.facts == NO_FACTS else {reason: entry.facts}
    )


def in_workspace(entry: DeclaredByName, deployment: Deployment) -> Scope:
    """What an entry says of a deployment's workspace."""
    match deployment.workspace.to:
        case Known(workspace):
            return covered(entry, "its workspace", workspace)
        case Unknown() as unknown:
            reason = f"whether `{entry.match}` covers its workspace cannot be told: {unknown.in_full}"
            return _perhaps(entry, reason)
        case Absent():
            return Scope()


def _matches(pattern: str, text: str) -> bool:
    """A glob; an address with its keys in brackets also matches itself."""
    return pattern == text or fnmatchcase(text, pattern)
