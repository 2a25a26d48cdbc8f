"""Comments of HCL and YAML that speak to astrovet: `# astrovet: ignore[REX008] until=2027-01-31 reason="…"`.

A comment on a line of its own is for what begins on the next line, a comment behind something for what
begins on its own line: an argument or a key with its whole value, an item of a list, a block with all
that is in it. `ignore-file[…]` is for the whole file, wherever it stands. A comment that begins with
`astrovet:` and is not understood is a problem, never silence.

`# astrovet: requires hipaa, audit-retention=365d` declares what must hold: in HCL of the outermost block that
it stands above, behind or in, in YAML of the whole file.

Where something ends is told by brackets in HCL and by indentation in YAML, so that YAML inside a text (a
heredoc, a block scalar) has comments too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from astrovet.declared.days import is_day
from astrovet.document import Problem, ProblemKind, may_speak
from astrovet.place import Place
from astrovet.secrecy import pattern_kind
from astrovet.terraform.file_names import NATIVE

IGNORE, IGNORE_FILE, REQUIRES = "ignore", "ignore-file", "requires"
VERBS = (IGNORE, IGNORE_FILE, REQUIRES)
OPTIONS = ("reason", "owner", "until")

FORM = '# astrovet: ignore[REX008] until=2027-01-31 reason="why it is accepted"'
_WRITE = f"write it as: {FORM}"
_WRITE_REQUIRED = "write it as: # astrovet: requires hipaa, audit-retention=365d"
_BEARERS = ("resource", "data", "module")
"""Blocks of Terraform of which something can be required."""

# Compiled where they are first needed: most runs have no such comment.
_SPEAKS = r"(?i)astrovet(?:\s*:|(?=\s+(?:ignore|requires)[\w-]*\s*\[))\s*(?P<said>.*)"
_YAML_COMMENT = r"(?i)(?:^|(?<=\s))#+\s*(?P<text>astrovet\b.*)"
_HCL_COMMENT = r"(?i)(?:^[\s#*/]*|(?<=\s)(?:#+|//)\s*)(?P<text>astrovet\b.*)"
_HEAD = r"(?i)(?:^|(?<=\s))(?:#+|//)\s*astrovet\s*:\s*ignore(?:-file)?\[[\w ,-]{1,200}\]"
_WORD = r"[A-Za-z][A-Za-z0-9_-]{0,60}"
_OPTION = (
    rf"""[\s,;]*(?P<key>{_WORD})\s*=\s*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'"""
    r"""|(?P<bare>[^\s"',;][^\s,;]*))(?=[\s,;]|\Z)"""
)


class Annotation(Struct, frozen=True):
    """A waiver in a comment."""

    rules: tuple[str, ...]
    """Ids, names and prefixes of ids, as written."""
    options: Mapping[str, str]
    place: Place
    lines: tuple[int, int]
    """The first and the last line that it is for."""


class RequiredWords(Struct, frozen=True):
    """What a comment requires, as written."""

    words: Mapping[str, str]
    """Names of requirements, each with its value, which most have not."""
    place: Place
    lines: tuple[int, int]
    """The first and the last line that it is for."""


class _Said(Struct, frozen=True):
    """What a comment says to astrovet, and the line that it is said of."""

    text: str
    place: Place
    target: int
    """0: nothing begins there."""
    is_text: bool
    """It stands in YAML, or in a text of an HCL file, where indentation tells what belongs together."""


class _Fault(Exception):  # noqa: N818
    """A comment is not understood."""

    def __init__(self, message: str, remedy: str, kind: ProblemKind = ProblemKind.WRONG_TYPE) -> None:
        super().__init__(message)
        self.message, self.remedy, self.kind = message, remedy, kind


Read: TypeAlias = tuple[tuple[Annotation, ...], tuple[Problem, ...]]


def read_annotations(path: str, content: str) -> Read:
    """The waivers in a file's comments, and what is wrong with those that are not understood."""
    if path.endswith(".json") or not may_speak(content):
        return (), ()
    content = content.removeprefix("\ufeff")
    lines = _lines(content)
    found, problems = [], []
    for said in _said(path, content, lines):
        try:
            annotation = _understood(said, content, lines)
        except _Fault as fault:
            problems.append(Problem(fault.kind, fault.message, fault.remedy, said.place))
        else:
            found += [annotation] if annotation is not None else []
    return tuple(found), tuple(problems)


def read_required(path: str, content: str) -> tuple[tuple[RequiredWords, ...], tuple[Problem, ...]]:
    """The requirements in a file's comments, and what is wrong with those that are not understood."""
    if path.endswith(".json") or not may_speak(content):
        return (), ()
    content = content.removeprefix("\ufeff")
    lines = _lines(content)
    found: list[RequiredWords] = []
    problems: list[Problem] = []
    for said in _said(path, content, lines):
        verb, rest = _verb(said)
        if verb != REQUIRES:
            continue
        try:
            lines_for = _bearer(said, path, content) if path.endswith(NATIVE) else (1, len(lines))
            found.append(RequiredWords(_required(rest), said.place, lines_for))
        except _Fault as fault:
            problems.append(Problem(fault.kind, fault.message, fault.remedy, said.place, is_grave=True))
    return tuple(found), tuple(problems)


def heads(lines: Sequence[str]) -> Iterator[Place]:
    """Where the waivers of a text begin, up to the bracket behind the rules: what may be shown of them."""
    for number, line in enumerate(lines, start=1):
        found = re.search(_HEAD, line) if may_speak(line) else None
        if found is not None and pattern_kind(found[0]) is None:
            yield _place("", number, found.start(), found.end())


# --- where comments are, and of which line they speak


def _lines(content: str) -> list[str]:
    return [line.rstrip("\r") for line in content.split("\n")]


def _said(path: str, content: str, lines: Sequence[str]) -> Iterator[_Said]:
    return _in_hcl(path, content, lines) if path.endswith(NATIVE) else _in_yaml(path, lines)


def _in_yaml(path: str, lines: Sequence[str], passed: frozenset[int] = frozenset()) -> Iterator[_Said]:
    """What `#` comments say, those of lines passed over left out."""
    for number, line in enumerate(lines, start=1):
        is_silent = number in passed or not may_speak(line)
        comment = None if is_silent else re.search(_YAML_COMMENT, line)
        if comment is None or _is_quoted(line[: comment.start()]):
            continue
        is_alone = not line[: comment.start()].strip()
        target = _next(number, lines, _is_yaml_comment) if is_alone else number
        yield _Said(comment["text"], _place(path, number, comment.start(), len(line)), target, is_text=True)


def _in_hcl(path: str, content: str, lines: Sequence[str]) -> Iterator[_Said]:
    from astrovet.formats.hcl import structure as hcl  # plans and values have none

    comments = [comment.place for comment in hcl.scan(path, content).comments]
    whole = {number for place in comments if _is_alone(place, lines) for number in _numbers(place)}

    def is_comment(number: int, _: str) -> bool:
        return number in whole

    for place in comments:
        for number in _numbers(place):
            line = lines[number - 1]
            start = place.column - 1 if number == place.line else 0
            end = place.end_column - 1 if number == place.end_line else len(line)
            found = re.search(_HCL_COMMENT, line[start:end]) if may_speak(line) else None
            if found is not None:
                alone = number in whole
                target = _next(place.end_line, lines, is_comment) if alone else place.line
                text = found["text"].rstrip().removesuffix("*/").rstrip()
                yield _Said(text, _place(path, number, start, end), target, is_text=False)
    touched = frozenset(number for place in comments for number in _numbers(place))
    yield from (said for said in _in_yaml(path, lines, touched) if _is_yaml_comment(0, lines[said.place.line - 1]))


def _is_alone(place: Place, lines: Sequence[str]) -> bool:
    before, after = lines[place.line - 1][: place.column - 1], lines[place.end_line - 1][place.end_column - 1 :]
    return not before.strip() and not after.strip()


def _numbers(place: Place) -> range:
    return range(place.line, place.end_line + 1)


def _place(path: str, number: int, start: int, end: int) -> Place:
    return Place(path, number, start + 1, number, end + 1)


def _next(number: int, lines: Sequence[str], is_comment: Callable[[int, str], bool]) -> int:
    """The line below that is no comment; 0 where it is empty, so that nothing begins there."""
    for below in range(number + 1, len(lines) + 1):
        if not is_comment(below, lines[below - 1]):
            return below if lines[below - 1].strip() else 0
    return 0


def _is_yaml_comment(_: int, line: str) -> bool:
    return line.lstrip().startswith("#")


def _is_quoted(before: str) -> bool:
    """Whether the beginning of a line ends within quotes."""
    opening = ""
    for index, character in enumerate(before):
        if opening:
            opening = "" if character == opening else opening
        elif character in "\"'" and before[index - 1 : index] in ("", " ", "\t", "[", "{", ","):
            opening = character
    return bool(opening)


# --- how far it goes


def _covered(said: _Said, content: str, lines: Sequence[str]) -> tuple[int, int]:
    if said.target == 0:
        remedy = f"put it directly above what it is for, or on its line; {IGNORE_FILE}[…] is for the whole file"
        raise _Fault("nothing begins on the line below this comment: it covers nothing", remedy)
    end = _end_by_indentation(lines, said.target) if said.is_text else _end_by_brackets(content, said.target)
    return said.target, end


def _end_by_indentation(lines: Sequence[str], first: int) -> int:
    """The last line of the key or the item that begins here: what follows is deeper, or its list."""
    indent, is_item = _indent(lines[first - 1]), _is_item(lines[first - 1])
    last = first
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        if not line.strip() or _is_yaml_comment(number, line):
            continue
        is_inside = _indent(line) > indent or (not is_item and _indent(line) == indent and _is_item(line))
        if not is_inside:
            break
        last = number
    return last


def _bearer(said: _Said, path: str, content: str) -> tuple[int, int]:
    """The lines of the outermost block that a comment stands above, behind or in."""
    from astrovet.formats.hcl import structure as hcl

    for block in hcl.scan(path, content).body.blocks:
        first, last = block.place.line, block.place.end_line
        if block.type in _BEARERS and (first <= said.place.line <= last or said.target == first):
            return first, last
    message = "this comment is on no resource, data source or module call: nothing is required by it"
    raise _Fault(message, "put it directly above such a block, or into it")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_item(line: str) -> bool:
    return line.lstrip().startswith("- ") or line.strip() == "-"


def _end_by_brackets(content: str, first: int) -> int:
    """The last line of what begins here: of a block or a value its closing bracket's."""
    from astrovet.formats.hcl.structure import lines_of
    from astrovet.formats.hcl.tokens import OPENINGS, MisreadError, TokenReader

    lines = lines_of("", content)
    reader = TokenReader(content, lines, lines.offset(first, 1))
    try:
        while (token := reader.take()).lastgroup not in {"newline", "end"}:
            if token.lastgroup in OPENINGS:
                reader.pass_enclosed(token)
    except MisreadError:
        return first
    return max(first, lines.place(token.start(), token.start()).line)


# --- what it says


def _understood(said: _Said, content: str, lines: Sequence[str]) -> Annotation | None:
    """The waiver; None for what is no waiver and none of our business here.

    Raises _Fault for what is not understood.
    """
    speaks = re.match(_SPEAKS, said.text)
    if speaks is None:
        return None  # it only mentions the name
    if not speaks[0][len("astrovet") :].lstrip().startswith(":"):
        raise _Fault("a colon is missing behind `astrovet`", _WRITE)
    verb, rest = _verb(said)
    if verb == REQUIRES:
        return None
    if verb not in VERBS:
        raise _unknown(verb, VERBS, "word that astrovet knows")
    rules, rest = _rules(rest)
    options = _options(rest)
    covered = (1, len(lines)) if verb == IGNORE_FILE else _covered(said, content, lines)
    return Annotation(rules, options, said.place, covered)


def _verb(said: _Said) -> tuple[str, str]:
    """The word behind `astrovet:`, and what follows it; empty where there is none."""
    speaks = re.match(_SPEAKS, said.text)
    text = speaks["said"] if speaks is not None else ""
    found = re.match(_WORD, text)
    verb = found[0] if found else ""
    return verb.lower(), text[len(verb) :].lstrip()


def _required(text: str) -> dict[str, str]:
    inner = text[1:-1] if text.startswith("[") and text.rstrip().endswith("]") else text
    words = [each for each in re.split(r"[\s,]+", inner) if each]
    if not words:
        raise _Fault("no requirement is named", _WRITE_REQUIRED)
    if not all(re.fullmatch(rf"{_WORD}(?:=\w+)?", each) for each in words):
        raise _Fault("something else than names of requirements stands here", _WRITE_REQUIRED)
    return {name.lower(): value for name, _, value in (each.partition("=") for each in words)}


def _rules(text: str) -> tuple[tuple[str, ...], str]:
    """The rules in brackets, and what follows them."""
    inner, closing, rest = text[1:].partition("]")
    if not text.startswith("["):
        raise _Fault("the rules are not named in brackets", _WRITE)
    if not closing:
        raise _Fault("the bracket around the rules is never closed", _WRITE)
    rules = tuple(filter(None, re.split(r"[\s,]+", inner)))
    if not rules:
        raise _Fault("no rule is named in the brackets", _WRITE)
    if not all(re.fullmatch(_WORD, each) for each in rules):
        raise _Fault("the brackets hold something else than ids, names and prefixes of rules", _WRITE)
    return tuple(dict.fromkeys(rules)), rest


def _options(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    position = 0
    while text[position:].strip(" \t,;"):
        found = re.compile(_OPTION).match(text, position)
        if found is None:
            raise _Fault("what follows the rules is not understood", 'a text of several words is quoted: reason="…"')
        key = found["key"].lower()
        if key not in OPTIONS:
            raise _unknown(key, OPTIONS, "part of a waiver")
        if key in options:
            raise _Fault(f"`{key}` stands here twice", "keep one of the two")
        quoted = found["double"] if found["double"] is not None else found["single"]
        options[key] = found["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted).strip()
        position = found.end()
    if options.get("until") and not is_day(options["until"]):
        raise _Fault("`until` is no day of the calendar", "write it as until=2027-01-31")
    return options


def _unknown(word: str, known: Sequence[str], what: str) -> _Fault:
    """A word that is none of the known ones; it is shown only where it is nearly one of them."""
    from difflib import get_close_matches  # only on the way to an error

    near = get_close_matches(word, known, n=1)
    hint = f"`{word}` is no {what}; did you mean `{near[0]}`?" if near else f"no {what} stands here"
    return _Fault(hint if near else f"{hint}; known are {', '.join(known)}", _WRITE, ProblemKind.UNKNOWN_KEY)
