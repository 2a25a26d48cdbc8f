"""The values of variables that stand in `.tfvars` files."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from msgspec import Struct

from astrovet.document import Problem, ProblemKind
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Block, HclFile
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.source.project import Project
from astrovet.value import Tree, Unknown, Value


class Variables(Struct, frozen=True):
    """What the variables of a root module are set to."""

    values: Mapping[str, Value[Tree]]
    """By the variable's name; each part at its place in the file that has the last word."""
    problems: tuple[Problem, ...] = ()
    unread: Unknown | None = None
    """What all others are, where a file that may set them could not be read."""


def read_variables(files: Mapping[str, TextFile] | Project, folder: str, var_files: Sequence[str]) -> Variables:
    """The values for the root module in `folder`, from the files that Terraform reads there.

    `files` are those of the project, by displayed path. As with Terraform, `terraform.tfvars` comes first, then
    `terraform.tfvars.json`, then `*.auto.tfvars` and `*.auto.tfvars.json` by name, then `var_files` in
    their order, wherever they stand; a later file replaces the whole value of an earlier one.

    Never raises: a file that is not there or that Terraform would refuse is a problem, and what was
    read of it counts. What else it may set is unknown, whatever earlier files say.
    """
    project = files if isinstance(files, Project) else Project(files)
    by_path = project.by_path
    values: dict[str, Value[Tree]] = {}
    problems: list[Problem] = []
    unread: Unknown | None = None
    for path in (*project.automatic_files(posixpath.normpath(folder)), *map(posixpath.normpath, var_files)):
        if path not in by_path:
            problems.append(_missing(path))
            unread = _unread(path)
            values = dict.fromkeys(values, unread)
            continue
        file = by_path[path].hcl
        problems += file.problems
        if any(problem.kind is ProblemKind.UNREADABLE for problem in file.problems):
            unread = _unread(path)
            values = dict.fromkeys(values, unread)
        problems += (_misplaced(block) for block in file.body.blocks)
        values |= _values(file)
    return Variables(values, tuple(problems), unread)


def _unread(path: str) -> Unknown:
    return Unknown(f"{path} could not be read, and may set it", Place(path), how="see what is said of that file")


def _values(file: HclFile) -> dict[str, Value[Tree]]:
    """The first value where a file sets a variable twice, which is a problem already."""
    return {attribute.name: literal(file, attribute) for attribute in reversed(file.body.attributes)}


def _missing(path: str) -> Problem:
    return Problem(
        ProblemKind.UNREADABLE,
        "this variable file is not there, or could not be read",
        "check the path: after --var-file it counts from the working directory, in a configuration from its folder",
        Place(path),
    )


def _misplaced(block: Block) -> Problem:
    return Problem(
        ProblemKind.UNREADABLE,
        f"line {block.header.line}, column {block.header.column}: a block stands where only values of variables can",
        "write `name = value`; variables are declared in `.tf` files",
        block.header,
    )
