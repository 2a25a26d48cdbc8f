"""A case of `fixtures/`: files as a user has them, and `runs.txt`, which says what astrovet tells of them.

`runs.txt` reads like a terminal. A line that begins with `$` is a command, the lines below it are what it prints:

    $ cp ../bad-never-expires/main.tf .
    $ astrovet scan .
    main.tf:12:3: AST010 high the token never expires
    $ astrovet scan --plan plan.json
    main.tf:12:3: AST010 high the token never expires

There are two commands: `cp` (with or without `-r`) takes files from another case, so that a file stands once;
`astrovet` is a run. A case without `runs.txt` has one run, `astrovet scan .`, which says nothing.
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

NAME = "runs.txt"


class Run(NamedTuple):
    """What is given to astrovet, command and all, and the lines that are expected of it."""

    arguments: tuple[str, ...]
    lines: tuple[str, ...]


DEFAULT = (Run(("scan", "."), ()),)
"""The runs of a case that has no file for them."""


class Case(NamedTuple):
    """A folder of fixtures."""

    folder: Path
    copies: tuple[tuple[str, ...], ...]
    """The operands of every `cp`: what is copied, and to where."""
    runs: tuple[Run, ...]


def read(folder: Path) -> Case:
    """The case in a folder."""
    file = folder / NAME
    copies: list[tuple[str, ...]] = []
    runs: list[Run] = []
    if not file.is_file():
        return Case(folder, (), DEFAULT)
    for line in file.read_text("utf-8").splitlines():
        match shlex.split(line.removeprefix("$ ")) if line.startswith("$ ") else None:
            case ["cp", *operands]:
                copies.append(tuple(operand for operand in operands if operand != "-r"))
            case ["astrovet", *arguments]:
                runs.append(Run(tuple(arguments), ()))
            case None if runs:
                runs[-1] = runs[-1]._replace(lines=(*runs[-1].lines, line))
            case _:
                raise ValueError(f"{file}: neither `$ cp …` nor `$ astrovet …`, nor a line below one: {line}")
    return Case(folder, tuple(copies), tuple(runs))


def take_copies(case: Case, to: Path) -> None:
    """Puts into a folder what the case takes from others, as its `cp` would."""
    for *sources, target in case.copies:
        into = target.endswith("/") or (to / target).is_dir()
        for source in (case.folder / source for source in sources):
            copy = to / target / source.name if into else to / target
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy, dirs_exist_ok=True)
            else:
                shutil.copy(source, copy)


def lay_out(case: Case, to: Path) -> None:
    """Makes `to` the folder that the runs of a case are made in: its files, and what it takes from others."""
    shutil.copytree(case.folder, to, symlinks=True, ignore=shutil.ignore_patterns(NAME))
    take_copies(case, to)


def write(case: Case, printed: list[list[str]]) -> None:
    """Writes what the runs of a case print into its `runs.txt`; there is none where nothing is to be said."""
    lines = [f"$ cp {'-r ' if _has_folder(case, copy) else ''}{shlex.join(copy)}" for copy in case.copies]
    for run, output in zip(case.runs, printed, strict=True):
        lines += [f"$ astrovet {shlex.join(run.arguments)}", *output]
    file = case.folder / NAME
    if lines == ["$ astrovet scan ."]:
        file.unlink(missing_ok=True)
    else:
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _has_folder(case: Case, copy: tuple[str, ...]) -> bool:
    return any((case.folder / source).is_dir() for source in copy[:-1])
