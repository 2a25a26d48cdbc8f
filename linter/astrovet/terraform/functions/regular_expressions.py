"""Terraform's regular expressions (RE2), for those patterns that Python's `re` certainly reads alike.

Every token of a pattern is looked at; one that means something else to Python, or could, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from astrovet.terraform.values.refusal import RefusedError

MAX_SUBJECT = 10_000
"""Python's `re` can take very long on long texts, RE2 never does."""
MAX_REPEATS = 1000

_FLAGS = re.compile(r"\(\?([ims]+)\)")
_ESCAPE = r"\\[dDsSwWnrtf]|\\[^A-Za-z0-9\s]"
_TOKEN = re.compile(
    rf"(?P<set>\[\^?\]?(?:{_ESCAPE}|[^\\\]\[])*\])"
    r"|(?P<open>\((?:\?:|\?P?<(?P<name>[A-Za-z_][A-Za-z0-9_]*)>)?)"
    r"|(?P<close>\))"
    r"|(?P<or>\|)"
    r"|(?P<repeat>(?P<sign>[*+?])\??|\{(?P<least>[0-9]{1,4})(?P<most>,[0-9]{0,4})?\}\??)"
    r"|(?P<anchor>[$^]|\\[AzbB])"
    rf"|(?P<literal>{_ESCAPE}|[^\\\[\](){{}}*+?|^$.])"
    r"|(?P<any>\.)"
    r"|(?P<brace>\})"
)
# Python warns that these will mean set operations inside brackets.
_SET_OPERATION = re.compile(r"--|&&|~~|\|\|")
_REFUSED = "astrovet does not evaluate this regular expression"


class _Group(Struct):
    """What is known of an open group while its tokens are read."""

    can_be_empty: bool = True
    """The alternative that is being read."""
    some_empty: bool = False
    """An alternative before it."""
    has_loop: bool = False
    begins_with: str = ""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """Python's reading of the pattern.

    Raises:
        RefusedError: it could read it differently from RE2, or take very long.
    """
    flags = _FLAGS.match(pattern)
    letters = flags[1] if flags else ""
    body = "".join(_translated(pattern[flags.end() if flags else 0 :], multiline="m" in letters))
    wanted = re.ASCII
    for letter, flag in (("i", re.IGNORECASE), ("m", re.MULTILINE), ("s", re.DOTALL)):
        wanted |= flag if letter in letters else re.NOFLAG
    if "i" in letters and not pattern.isascii():
        raise RefusedError(_REFUSED)
    try:
        expression = re.compile(body, wanted)
    except (re.error, OverflowError, RecursionError):
        raise RefusedError("the regular expression cannot be read") from None
    if expression.groupindex and len(expression.groupindex) != expression.groups:
        raise RefusedError("the regular expression has groups with and without names")
    return expression


def _translated(pattern: str, *, multiline: bool) -> Iterator[str]:
    groups = [_Group()]
    # What a repetition right here would repeat; None where there is nothing.
    repeatable: _Group | None = None
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise RefusedError(_REFUSED)
        position = token.end()
        group = groups[-1]
        match token.lastgroup:
            case "open":
                _first(group, token)
                groups.append(_Group())
                repeatable = None
            case "close":
                if len(groups) == 1:
                    raise RefusedError(_REFUSED)
                closed = groups.pop()
                closed.can_be_empty = closed.can_be_empty or closed.some_empty
                groups[-1].has_loop = groups[-1].has_loop or closed.has_loop
                repeatable = closed
            case "or":
                group.some_empty = group.some_empty or group.can_be_empty
                group.can_be_empty = True
                group.begins_with = "|"
                repeatable = None
            case "anchor":
                _first(group, token)
                repeatable = None
            case "repeat":
                _repeat(token, repeatable, group)
                repeatable = None
            case _:
                if token["set"] and _SET_OPERATION.search(token["set"]):
                    raise RefusedError(_REFUSED)
                _first(group, token)
                repeatable = _Group(can_be_empty=False)
        if repeatable is not None and not repeatable.can_be_empty and not _is_optional(pattern, position):
            groups[-1].can_be_empty = False
        yield _written_for_python(token, multiline=multiline)
    if len(groups) != 1:
        raise RefusedError(_REFUSED)


def _first(group: _Group, token: re.Match[str]) -> None:
    group.begins_with = group.begins_with or token.lastgroup or ""


def _is_optional(pattern: str, position: int) -> bool:
    """Whether what ends here may be left out, because of the repetition that follows."""
    following = _TOKEN.match(pattern, position)
    return following is not None and (following["sign"] in {"*", "?"} or following["least"] in {"0", "00"})


def _repeat(token: re.Match[str], repeated: _Group | None, group: _Group) -> None:
    if repeated is None:
        raise RefusedError(_REFUSED)
    most = token["most"] or ""
    if max(int(token["least"] or 0), int(most[1:] or 0)) > MAX_REPEATS:
        raise RefusedError(_REFUSED)
    endless = token["sign"] in {"*", "+"} or most == ","
    several = endless or (token["sign"] is None and token[0].rstrip("?") not in {"{0}", "{1}", "{0,1}"})
    # Python and RE2 disagree about groups in loops over nothing, and loops in loops can take for ever
    # unless each round begins with a letter of its own.
    if several and repeated.can_be_empty:
        raise RefusedError(_REFUSED)
    if several and repeated.has_loop and repeated.begins_with != "literal":
        raise RefusedError(_REFUSED)
    group.has_loop = group.has_loop or endless


def _written_for_python(token: re.Match[str], *, multiline: bool) -> str:
    text = token[0]
    if token["name"]:
        return f"(?P<{token['name']}>"
    if text == "\\z" or (text == "$" and not multiline):
        return r"\Z"
    return text


def matches(pattern: str, subject: str) -> Iterator[re.Match[str]]:
    """All matches, one after another, as Go finds them: no empty one right behind another.

    Raises:
        RefusedError: the pattern or the text is one that Python could treat differently.
    """
    expression = compiled(pattern)
    if len(subject) > MAX_SUBJECT or "\v" in subject or (expression.flags & re.IGNORECASE and not subject.isascii()):
        raise RefusedError(_REFUSED)
    position, previous_end = 0, -1
    while position <= len(subject):
        match = expression.search(subject, position)
        if match is None:
            return
        accepted = match.end() > position or match.start() != previous_end
        position = match.end() if match.end() > position else position + 1
        previous_end = match.end()
        if accepted:
            yield match


def result(match: re.Match[str]) -> object:
    """What `regex` gives for a match: its named groups, its groups, or all of it."""
    if match.re.groupindex:
        return match.groupdict()
    return list(match.groups()) if match.re.groups else match[0]


def replaced(subject: str, pattern: str, replacement: str) -> str:
    """Every match replaced; `$1`, `${1}` and `${name}` stand for groups, `$$` for a dollar sign.

    Raises:
        RefusedError: as for `matches`.
    """
    pieces: list[str] = []
    position = 0
    for match in matches(pattern, subject):
        pieces += [subject[position : match.start()], _expanded(replacement, match)]
        position = match.end()
    return "".join(pieces) + subject[position:]


def _expanded(replacement: str, match: re.Match[str]) -> str:
    def one(reference: re.Match[str]) -> str:
        if reference[0] == "$$":
            return "$"
        name = reference[1] or reference[2]
        if name.isdecimal():
            index = int(name)
            return (match[index] or "") if index <= match.re.groups else ""
        return (match[name] or "") if name in match.re.groupindex else ""

    return re.sub(r"\$\$|\$([A-Za-z0-9_]+)|\$\{([A-Za-z0-9_]+)\}", one, replacement)
