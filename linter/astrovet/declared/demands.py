"""Requirements that comments in the inputs declare: `# astrovet: requires hipaa, audit-retention=365d`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from astrovet.declared.annotations import Comments, RequiredWords
from astrovet.document import Problem, ProblemKind
from astrovet.model.demand import Demand
from astrovet.model.estate import Estate, with_problems
from astrovet.model.requirement import Requirement
from astrovet.secrecy import pattern_kind

_DAYS = r"[1-9][0-9]{0,4}d"
"""As in the configuration's schema."""


def with_demands(estate: Estate, comments: Mapping[str, Comments]) -> Estate:
    """The estate with what comments require, and with what is wrong with them as problems of their files.

    Args:
        estate: what the inputs say.
        comments: those that speak to astrovet, by the path of their file.
    """
    demands: list[Demand] = []
    problems: dict[str, tuple[Problem, ...]] = {}
    for path, said in comments.items():
        slips = (_slip(words, name, value) for words in said.required for name, value in words.words.items())
        wrong = (*said.not_required, *(slip for slip in slips if slip is not None))
        asked = [_demand(words) for words in said.required]
        demands += [demand for demand in asked if demand.requires]
        if asked or wrong:
            problems[path] = wrong
    if not problems:
        return estate
    return replace(with_problems(estate, problems), demands=tuple(demands))


def _demand(said: RequiredWords) -> Demand:
    """What a comment requires, names that mean nothing left out."""
    names = frozenset(Requirement(name) for name in said.words if name in Requirement.names())
    days = said.words.get(Requirement.AUDIT_RETENTION, "")
    return Demand(said.place, names, int(days[:-1]) if re.fullmatch(_DAYS, days) else None, said.lines)


def _slip(said: RequiredWords, name: str, value: str) -> Problem | None:
    known = Requirement.names()
    if name in known:
        takes = name == Requirement.AUDIT_RETENTION
        if not value or (takes and re.fullmatch(_DAYS, value)):
            return None
        message = "`audit-retention` takes days, as in 365d" if takes else f"`{name}` takes no value"
        return Problem(ProblemKind.WRONG_TYPE, message, "correct the comment", said.place, is_grave=True)
    from difflib import get_close_matches  # only on the way to an error

    near = get_close_matches(name, known, n=1)
    shown = f"`{name}` is no requirement" if near or pattern_kind(name) is None else "no requirement stands here"
    hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
    message = f"{shown}: nothing is required by it; {hint}"
    return Problem(ProblemKind.UNKNOWN_KEY, message, "name a requirement", said.place, is_grave=True)
