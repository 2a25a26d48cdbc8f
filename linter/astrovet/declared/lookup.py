"""Which of many globs mean a text, and which of many stretches of lines hold a place, without asking each of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterable, Iterator
from fnmatch import translate
from itertools import accumulate

from astrovet.place import Place


class Globs:
    """Globs by number. A text is also meant by a glob that reads the same: an address has its keys in brackets."""

    def __init__(self, globs: Iterable[tuple[int, str]], *, with_classes: bool = True) -> None:
        """Without classes brackets mean themselves."""
        self._numbers: dict[str, list[int]] = {}
        for number, glob in globs:
            self._numbers.setdefault(glob, []).append(number)
        signs = frozenset("*?[" if with_classes else "*?")
        self._patterns = {
            glob: re.compile(translate(glob if with_classes else glob.replace("[", "[[]")))
            for glob in self._numbers
            if not signs.isdisjoint(glob)
        }

    def meaning(self, texts: Collection[str]) -> set[int]:
        """The numbers of those that mean one of these texts."""
        globs = {text for text in texts if text in self._numbers}
        globs.update(glob for glob, pattern in self._patterns.items() if any(map(pattern.match, texts)))
        return {number for glob in globs for number in self._numbers[glob]}


class Stretches:
    """Stretches of lines of files, with what they are about."""

    def __init__(self, stretches: Iterable[tuple[Hashable, int, int, int]]) -> None:
        """Of each its file, or what else tells it from others, its first and its last line, and its number."""
        by_file: dict[Hashable, list[tuple[int, int, int]]] = {}
        for file, first, last, number in stretches:
            by_file.setdefault(file, []).append((first, last, number))
        self._by_file = {file: sorted(stretches_there) for file, stretches_there in by_file.items()}
        self._reach = {
            file: list(accumulate((last for _, last, _ in there), max)) for file, there in self._by_file.items()
        }

    def holding(self, file: Hashable, place: Place) -> Iterator[int]:
        """The numbers of those that hold the line of a place."""
        stretches, reach = self._by_file.get(file, []), self._reach.get(file, [])
        position = bisect_right(stretches, place.line, key=_first) - 1
        while position >= 0 and reach[position] >= place.line:
            _, last, number = stretches[position]
            if last >= place.line:
                yield number
            position -= 1


def _first(stretch: tuple[int, int, int]) -> int:
    return stretch[0]
