"""A parsed file: its content at places, the comments in it, and what was wrong with it.

A problem is a fact to be judged (family INP), never a crash and never silence.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from astrovet.place import Place
from astrovet.value import Tree, Value


class InputKind(StrEnum):
    """What a file is, as written in the JSON report."""

    TERRAFORM_SOURCE = "terraform-source"
    TERRAFORM_PLAN = "terraform-plan"
    TERRAFORM_STATE = "terraform-state"
    DEPLOYMENT_FILE = "deployment-file"
    ASTRO_PROJECT = "astro-project"
    AGENT_VALUES = "agent-values"
    PLATFORM_VALUES = "platform-values"
    KUBERNETES = "kubernetes"
    CONFIGURATION = "configuration"
    UNRECOGNISED = "unrecognised"


class ProblemKind(StrEnum):
    """What can be wrong with an input; each kind is judged by one rule."""

    UNREADABLE = "unreadable"
    WRONG_TERRAFORM_OUTPUT = "wrong-terraform-output"
    INCOMPLETE_PLAN = "incomplete-plan"
    DUPLICATE_KEY = "duplicate-key"
    UNKNOWN_KEY = "unknown-key"
    WRONG_TYPE = "wrong-type"
    NOT_THIS_CHART = "not-this-chart"
    OBSOLETE_KEY = "obsolete-key"
    ODD_ENCODING = "odd-encoding"
    REMARK = "remark"  # worth a line, never a finding


class Note(Struct, frozen=True):
    """A second place that explains a first one."""

    message: str
    place: Place


class Problem(Struct, frozen=True):
    """Something wrong with a file. Neither text ever holds a value of the file."""

    kind: ProblemKind
    why: str
    """What is wrong and what was expected."""
    how: str
    """What to do about it, with the command where there is one."""
    place: Place
    related: tuple[Note, ...] = ()
    is_grave: bool = False
    """It weighs more than others of its kind: a credential, a backend or another control is concerned."""
    is_bug: bool = False
    """The file may be in order: a reader of ours broke over it."""


def bug(path: str, error: Exception) -> Problem:
    """What to say of a file over which a reader broke: the error's name and our line, never a value.

    Every file, every plan and every root module is read under a guard, as every rule judges under one: a
    reader that breaks costs what it was reading, never what the others find. The run ends as an internal error.

    What is nested or grown beyond all that can be walked through is no bug: the file asks for it.
    """
    if isinstance(error, RecursionError | MemoryError):
        why = "it is nested too deeply" if isinstance(error, RecursionError) else "it takes more memory than there is"
        how = "no file that people write does so; check what it is"
        return Problem(ProblemKind.UNREADABLE, f"{why}, so it is not judged", how, Place(path))
    return Problem(
        ProblemKind.UNREADABLE,
        f"astrovet itself failed while it read this ({type(error).__name__}{where(error)}), so it is not judged",
        "this is a bug of astrovet: please report it and, if you can, an input without secrets that shows it",
        Place(path),
        is_bug=True,
    )


def where(error: Exception) -> str:
    """The last line of ours on the way to an error; empty where there is none."""
    line, trail = "", error.__traceback__
    while trail is not None:
        _, ours, file = trail.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/astrovet/")
        if ours:
            line = f" at {file}:{trail.tb_lineno}"
        trail = trail.tb_next
    return line


class Comment(Struct, frozen=True):
    """A comment without its marker."""

    text: str
    place: Place


def may_speak(content: str) -> bool:
    """Whether a text can hold a comment that speaks to astrovet; the quick answer."""
    return "astrovet" in content or "ASTROVET" in content or "Astrovet" in content


class Document(Struct, frozen=True):
    """A file of text, parsed."""

    path: str
    root: Value[Tree]
    problems: tuple[Problem, ...] = ()
    comments: tuple[Comment, ...] = ()
