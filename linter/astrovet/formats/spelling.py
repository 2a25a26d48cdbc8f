"""Which known name a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(wrong: str, known: Sequence[str]) -> str | None:
    """The known name that was probably meant: another spelling in capitals, else one or two slips away."""
    lower = wrong.lower()
    letters = set(lower)
    slips: dict[str, int] = {}
    for name in known:
        allowed, meant = _slips_allowed(wrong, name), name.lower()
        # Most names are too long, too short, or of other letters: that is seen without comparing them.
        if abs(len(lower) - len(meant)) <= allowed and len(letters.difference(meant)) <= allowed:
            apart = distance(lower, meant)
            if apart <= allowed:
                slips[name] = apart
    return min(slips, key=lambda name: slips[name], default=None)


def _slips_allowed(wrong: str, known: str) -> int:
    """Fewer in short names: `envs` is a slip for `env`, and `vpa` is something else than `hpa`."""
    if len(known) < 4:
        return 1 if len(wrong) > len(known) else 0
    return 1 if len(known) < 6 else 2


def distance(one: str, other: str) -> int:
    """How many letters are added, left out, replaced or swapped with their neighbour between two names."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for row_number, letter in enumerate(one, 1):
        before, above, row = row, before, [row_number]
        for column, target in enumerate(other, 1):
            best = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + (letter != target))
            if row_number > 1 and column > 1 and letter == other[column - 2] and one[row_number - 2] == target:
                best = min(best, above[column - 2] + 1)
            row.append(best)
    return row[-1]
