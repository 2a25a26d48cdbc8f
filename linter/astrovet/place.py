"""Where something stands: the file, the lines and columns, the Terraform address, the path inside a value."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace


class Place(Struct, frozen=True, gc=False):
    """A stretch of a file.

    Lines and columns are 1-based and count characters; `end_column` is one past the end. A format
    without lines (a Terraform plan) leaves `line` at 0 and is found again by `address` and `pointer`.
    """

    path: str
    """As the user would write it: relative to the working directory, with forward slashes."""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    address: str = ""
    """The Terraform address of the instance, e.g. `module.team["a"].astro_deployment.this[0]`."""
    pointer: str = ""
    """The path inside the file or the resource, e.g. `commonEnv[2].value`."""
    environment: str = ""
    """The environment of the configuration that a root module was evaluated for; empty without one."""
    root: str = ""
    """Inside of a module that was evaluated from sources: the folder of the root module that calls it. Two root
    modules may call one module by one name, and what they make is not the same."""

    @property
    def has_lines(self) -> bool:
        return self.line > 0

    def __str__(self) -> str:
        """`path:line:column`, or `path:address` where there are no lines."""
        if self.has_lines:
            return f"{self.path}:{self.line}:{self.column}"
        return f"{self.path}:{self.address}" if self.address else self.path


class Root(Struct, frozen=True):
    """The root of the repository, from which paths count that have to be the same wherever a run is started."""

    here: str = "."
    """The way from it to the working directory."""
    tops: tuple[str, ...] = ()
    """Where the working directory lies outside of the repository: its root, in all ways that paths may show it."""

    @property
    def is_here(self) -> bool:
        """Whether paths count from it as they are."""
        return self.here == "." and not self.tops

    def path(self, seen: str) -> str:
        """A path that is seen from the working directory, as it is seen from the root."""
        if not self.tops:
            return posixpath.normpath(posixpath.join(self.here, seen))
        if seen in self.tops:
            return "."
        top = next((top for top in self.tops if seen.startswith(f"{top.rstrip('/')}/")), "")
        return seen[len(top) :].lstrip("/") if top else seen

    def names(self, paths: Collection[str]) -> Callable[[str], str]:
        """What makes of a name with some of these paths in it, or of the name of their folder, how it is seen from
        the root.
        """
        known = set(paths) - {"", "."}
        folders = {posixpath.dirname(path) or "." for path in paths}
        longest = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
        pattern = re.compile(rf"(?<![\w./-])(?:{longest})(?![\w/-])" if longest else r"(?!)")

        def from_root(name: str) -> str:
            return self.path(name) if name in folders else pattern.sub(lambda match: self.path(match[0]), name)

        return from_root


WORKING_DIRECTORY = Root()

Run = tuple[int, int, int]
"""Characters side by side in one line: the offset of the first one in the text, its line and its column."""


class Layout(Struct, frozen=True, gc=False):
    """Where the characters of a text stand in its file, whatever quotes, escapes and indents are around them."""

    runs: tuple[Run, ...]
    """From the first character to the end of the text, in order. What follows an escape is a new run."""

    def at(self, offset: int) -> tuple[int, int]:
        """The line and the column of one character of the text."""
        first, line, column = self.runs[max(self._after(offset) - 1, 0)]
        return line, column + offset - first

    def place(self, text: Place, start: int, end: int, pointer: str) -> Place:
        """The place of the characters from `start` to before `end`, of a text that stands at `text`."""
        line, column = self.at(start)
        end_line, end_column = self.at(end)
        last_line, last_column = self.at(max(end - 1, start))
        if end_line != last_line:  # what follows is the first character of another line
            end_line, end_column = last_line, last_column + 1
        return replace(
            text, line=line, column=column, end_line=end_line, end_column=max(end_column, 1), pointer=pointer
        )

    def part(self, pieces: Sequence[tuple[int, int]], length: int) -> Layout:
        """The layout of another text, of `length` characters, that stands within this one.

        Each piece is an offset in the other text and the offset in this one where it stands; it goes
        on, character by character, to the next piece.
        """
        runs: list[Run] = []
        ends = [*(offset for offset, _ in pieces[1:]), length + 1]
        for (offset, start), end in zip(pieces, ends, strict=True):
            runs.append((offset, *self.at(start)))
            index = self._after(start)
            while index < len(self.runs) and self.runs[index][0] - start < end - offset:
                first, line, column = self.runs[index]
                runs.append((offset + first - start, line, column))
                index += 1
        return Layout(tuple(runs))

    def _after(self, offset: int) -> int:
        """The index of the first run that begins after this offset."""
        return bisect_right(self.runs, offset, key=_first)


def _first(run: Run) -> int:
    return run[0]


_SIGNS = str.maketrans("_-", "aa")


def step(pointer: str, key: str | int) -> str:
    """Extend a pointer by one key or index: `commonEnv` and 2 give `commonEnv[2]`."""
    if isinstance(key, int):
        return f"{pointer}[{key}]"
    if not key or not key.translate(_SIGNS).isalnum():
        escaped = key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{pointer}["{escaped}"]'
    return f"{pointer}.{key}" if pointer else key


def inside(place: Place, key: str | int) -> Place:
    """The same stretch, its pointer one key or index deeper."""
    return replace(place, pointer=step(place.pointer, key))
