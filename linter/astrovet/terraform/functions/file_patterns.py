"""Patterns of file names as `fileset` takes them: `*`, `**`, `?`, `[a-z]`, `{yaml,yml}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from astrovet.terraform.values.refusal import UndecidedError

MAX_STEPS = 30
"""Parts of a pattern. Each takes time that grows with the length of a name, and no more."""

_STEP = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|\{[^{}*?\[\\]*\}|[^*?\[{\\]+")


def steps_of(pattern: str) -> Sequence[str]:
    """The parts of a pattern.

    Raises:
        UndecidedError: it has forms that are not read here.
    """
    steps = [step[0] for step in _STEP.finditer(pattern)]
    if "".join(steps) != pattern or len(steps) > MAX_STEPS:
        raise UndecidedError("astrovet does not evaluate this pattern of files")
    return steps


def matches(steps: Iterable[str], name: str) -> bool:
    """Whether a path is one that the pattern means."""
    positions = {0}
    for step in steps:
        positions = {after for position in positions for after in _after(step, name, position, positions)}
    return len(name) in positions


def _after(step: str, name: str, position: int, positions: set[int]) -> Iterator[int]:
    """Where the match can go on, behind one step from a position; what another position yields too may be missing."""
    match step[0]:
        case "*":
            if position > 0 and position - 1 in positions and name[position - 1] != "/" and step != "**/":
                return  # the position before yields all of these
            yield position
            for index in range(position, len(name)):
                if step == "*" and name[index] == "/":
                    return
                if step != "**/" or name[index] == "/":
                    yield index + 1
        case "?":
            if position < len(name) and name[position] != "/":
                yield position + 1
        case "[":
            inverted = step[1] in "!^"
            if position < len(name) and name[position] != "/" and _in_class(step, name[position]) is not inverted:
                yield position + 1
        case "{":
            for choice in step[1:-1].split(","):
                if name.startswith(choice, position):
                    yield position + len(choice)
        case _:
            if name.startswith(step, position):
                yield position + len(step)


def _in_class(step: str, character: str) -> bool:
    inner = step[1:-1].lstrip("!^")
    ranges = re.findall(r"(.)-(.)|(.)", inner, re.DOTALL)
    return any(single == character or (low and low <= character <= high) for low, high, single in ranges)
