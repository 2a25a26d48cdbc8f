"""Terraform's regular expressions, by the library that Terraform's own follow: RE2, which takes linear time.

A pattern stands in the scanned code, and Python's `re` can take for ever over one. Where RE2 is not installed,
patterns that are plain texts are decided, and all others are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from astrovet.budget import Budget
from astrovet.terraform.values.refusal import RefusedError, UndecidedError

MAX_MEMORY = 1 << 20
"""For one compiled pattern; it bounds how long each character of a text can take."""
WORK_OF_CHARACTER = 100
"""Characters times instructions of a pattern that count as much as one character that is put together."""

_SIGNS = frozenset("\\.+*?()|[]{}^$")
_NOT_INSTALLED = "regular expressions are not evaluated, because the library google-re2 is not installed"
# Go reads these otherwise than RE2: one byte of a character; an empty class.
_READ_OTHERWISE = re.compile(r"(?:[^\\]|^)(?:\\\\)*\\C")
# Neither of them has these.
_LOOKS_AROUND = re.compile(r"(?:[^\\]|^)(?:\\\\)*\(\?(?:[=!]|<[=!])")
_REFERENCE = re.compile(r"\$\$|\$([A-Za-z0-9_]+)|\$\{([A-Za-z0-9_]+)\}")


class Match(Struct, frozen=True):
    """Where a pattern matches, and what its groups hold: None for one that takes no part."""

    start: int
    end: int
    whole: str
    groups: Sequence[str | None] = ()
    names: Mapping[str, int] = {}
    """The numbers of named groups, counted from 1."""

    def group(self, reference: str) -> str:
        """What `$reference` stands for in a replacement; nothing where there is no such group."""
        number = int(reference) if reference.isdecimal() else self.names.get(reference, -1)
        if number == 0:
            return self.whole
        return (self.groups[number - 1] if 0 < number <= len(self.groups) else None) or ""

    @property
    def result(self) -> object:
        """What `regex` gives for it: its named groups, its groups, or all of it."""
        if self.names:
            return {name: self.groups[number - 1] for name, number in self.names.items()}
        return list(self.groups) if self.groups else self.whole


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    try:
        import re2
    except ImportError:
        raise UndecidedError(_NOT_INSTALLED, "install astrovet[re2]") from None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    if _READ_OTHERWISE.search(pattern):
        raise UndecidedError("astrovet does not evaluate this regular expression")
    try:
        expression = re2.compile(pattern, options)
    except re2.error:
        error = RefusedError if _LOOKS_AROUND.search(pattern) else UndecidedError
        raise error("the regular expression cannot be read") from None
    if expression.groupindex and len(expression.groupindex) != expression.groups:
        raise UndecidedError("the regular expression has groups with and without names")
    return expression


def matches(budget: Budget, pattern: str, subject: str) -> Iterator[Match]:
    """All matches, one after another, as Go finds them: no empty one right behind another.

    Raises:
        UndecidedError: the pattern is none, or it is not decided without RE2.
        ExhaustedError: it takes too long.
    """
    previous_end = -1
    for match in _plain(pattern, subject) if _SIGNS.isdisjoint(pattern) else _found(budget, pattern, subject):
        if match.end > match.start or match.start != previous_end:
            yield match
        previous_end = match.end


def _plain(pattern: str, subject: str) -> Iterator[Match]:
    """Those of a pattern without any sign."""
    start = subject.find(pattern)
    while start >= 0:
        end = start + len(pattern)
        yield Match(start, end, pattern)
        start = subject.find(pattern, max(end, start + 1))


def _found(budget: Budget, pattern: str, subject: str) -> Iterator[Match]:
    expression = _compiled(pattern)
    work = expression.programsize
    budget.characters.spend(1 + len(subject) * work // WORK_OF_CHARACTER)
    names = dict(sorted(expression.groupindex.items()))
    for match in expression.finditer(subject):
        yield Match(match.start(), match.end(), match.group(), match.groups(), names)
        # The next match is looked for in all that follows.
        budget.characters.spend(1 + (len(subject) - match.end()) * work // WORK_OF_CHARACTER)


def replaced(budget: Budget, subject: str, pattern: str, replacement: str) -> str:
    """Every match replaced; `$1`, `${1}` and `${name}` stand for groups, `$$` for a dollar sign.

    Raises:
        UndecidedError, ExhaustedError: as for `matches`.
    """
    pieces: list[str] = []
    position = 0
    for match in matches(budget, pattern, subject):
        for piece in (subject[position : match.start], *_expanded(replacement, match)):
            budget.characters.spend(len(piece))
            pieces.append(piece)
        position = match.end
    return "".join(pieces) + subject[position:]


def _expanded(replacement: str, match: Match) -> Iterator[str]:
    position = 0
    for reference in _REFERENCE.finditer(replacement):
        yield replacement[position : reference.start()]
        yield "$" if reference[0] == "$$" else match.group(reference[1] or reference[2])
        position = reference.end()
    yield replacement[position:]
