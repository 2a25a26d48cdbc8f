"""A reader that breaks costs what it was reading, never what the others find.

Every file, every plan and every root module is read under a guard, as every rule judges under one. What
escapes a reader is a bug of ours: it becomes a problem of the file, and the run ends as an internal error.
"""

from __future__ import annotations

from astrovet.document import Problem, ProblemKind
from astrovet.place import Place


def bug(path: str, error: Exception) -> Problem:
    """What to say of a file over which a reader broke: the error's name and our line, never a value."""
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
