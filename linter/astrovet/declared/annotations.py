"""Comments of HCL and YAML that speak to astrovet: `# astrovet: ignore[REX008] until=2027-01-31 reason="…"`.

`comments` says of what a comment speaks; `ignore-file[…]` is for the whole file, wherever it stands. A comment
that begins with `astrovet:` and is not understood is a problem, never silence.

`# astrovet: requires hipaa, audit-retention=365d` declares what must hold: in HCL of the outermost block that
it stands above, behind or in, in YAML of the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from astrovet.declared.comments import Remark, Speech, place_on, speech_of
from astrovet.declared.days import is_day
from astrovet.document import Problem, ProblemKind, may_speak
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.secrecy import pattern_kind

IGNORE, IGNORE_FILE, REQUIRES = "ignore", "ignore-file", "requires"
VERBS = (IGNORE, IGNORE_FILE, REQUIRES)
OPTIONS = ("reason", "owner", "until")

FORM = '# astrovet: ignore[REX008] until=2027-01-31 reason="why it is accepted"'
_WRITE = f"write it as: {FORM}"
_WRITE_REQUIRED = "write it as: # astrovet: requires hipaa, audit-retention=365d"
# Compiled where they are first needed: most runs have no such comment.
_SPEAKS = r"(?i)astrovet(?:\s*:|(?=\s+(?:ignore|requires)[\w-]*\s*\[))\s*(?P<said>.*)"
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


class _Fault(Exception):  # noqa: N818
    """A comment is not understood."""

    def __init__(self, message: str, remedy: str, kind: ProblemKind = ProblemKind.WRONG_TYPE) -> None:
        super().__init__(message)
        self.message, self.remedy, self.kind = message, remedy, kind


class Comments(Struct, frozen=True):
    """What the comments of one file say, and what is wrong with those that are not understood."""

    waivers: tuple[Annotation, ...] = ()
    required: tuple[RequiredWords, ...] = ()
    not_waivers: tuple[Problem, ...] = ()
    """Problems of what was to be a waiver, or is nothing that astrovet knows."""
    not_required: tuple[Problem, ...] = ()
    """Problems of what was to be required."""


def read_comments(file: TextFile) -> Comments:
    """The waivers and the requirements in a file's comments."""
    speech = speech_of(file)
    waivers: list[Annotation] = []
    required: list[RequiredWords] = []
    not_waivers: list[Problem] = []
    not_required: list[Problem] = []
    for said in speech.said:
        try:
            waiver = _waiver(said, speech)
            waivers += [waiver] if waiver is not None else []
        except _Fault as fault:
            not_waivers.append(Problem(fault.kind, fault.message, fault.remedy, said.place))
        try:
            words = _required_words(said, speech)
            required += [words] if words is not None else []
        except _Fault as fault:
            not_required.append(Problem(fault.kind, fault.message, fault.remedy, said.place, is_grave=True))
    return Comments(tuple(waivers), tuple(required), tuple(not_waivers), tuple(not_required))


def heads(lines: Sequence[str]) -> Iterator[Place]:
    """Where the waivers of a text begin, up to the bracket behind the rules: what may be shown of them."""
    for number, line in enumerate(lines, start=1):
        head = re.search(_HEAD, line) if may_speak(line) else None
        if head is not None and pattern_kind(head[0]) is None:
            yield place_on("", number, head.start(), head.end())


# --- what it says


def _waiver(said: Remark, speech: Speech) -> Annotation | None:
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
    covered = speech.whole if verb == IGNORE_FILE else speech.covered(said)
    if covered is None:
        remedy = f"put it directly above what it is for, or on its line; {IGNORE_FILE}[…] is for the whole file"
        raise _Fault("nothing begins on the line below this comment: it covers nothing", remedy)
    return Annotation(rules, options, said.place, covered)


def _required_words(said: Remark, speech: Speech) -> RequiredWords | None:
    """What a comment requires; None for one that requires nothing.

    Raises _Fault for what is not understood.
    """
    verb, rest = _verb(said)
    if verb != REQUIRES:
        return None
    bearer = speech.bearer(said)
    if bearer is None:
        message = "this comment is on no resource, data source or module call: nothing is required by it"
        raise _Fault(message, "put it directly above such a block, or into it")
    return RequiredWords(_required(rest), said.place, bearer)


def _verb(said: Remark) -> tuple[str, str]:
    """The word behind `astrovet:`, and what follows it; empty where there is none."""
    speaks = re.match(_SPEAKS, said.text)
    text = speaks["said"] if speaks is not None else ""
    word = re.match(_WORD, text)
    verb = word[0] if word else ""
    return verb.lower(), text[len(verb) :].lstrip()


def _required(text: str) -> dict[str, str]:
    inner = text[1:-1] if text.startswith("[") and text.rstrip().endswith("]") else text
    words = [word for word in re.split(r"[\s,]+", inner) if word]
    if not words:
        raise _Fault("no requirement is named", _WRITE_REQUIRED)
    if not all(re.fullmatch(rf"{_WORD}(?:=\w+)?", word) for word in words):
        raise _Fault("something else than names of requirements stands here", _WRITE_REQUIRED)
    return {name.lower(): value for name, _, value in (word.partition("=") for word in words)}


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
    if not all(re.fullmatch(_WORD, rule) for rule in rules):
        raise _Fault("the brackets hold something else than ids, names and prefixes of rules", _WRITE)
    return tuple(dict.fromkeys(rules)), rest


def _options(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    position = 0
    while text[position:].strip(" \t,;"):
        option = re.compile(_OPTION).match(text, position)
        if option is None:
            raise _Fault("what follows the rules is not understood", 'a text of several words is quoted: reason="…"')
        key = option["key"].lower()
        if key not in OPTIONS:
            raise _unknown(key, OPTIONS, "part of a waiver")
        if key in options:
            raise _Fault(f"`{key}` stands here twice", "keep one of the two")
        quoted = option["double"] if option["double"] is not None else option["single"]
        options[key] = option["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted).strip()
        position = option.end()
    if options.get("until") and not is_day(options["until"]):
        raise _Fault("`until` is no day of the calendar", "write it as until=2027-01-31")
    return options


def _unknown(word: str, known: Sequence[str], what: str) -> _Fault:
    """A word that is none of the known ones; it is shown only where it is nearly one of them."""
    from difflib import get_close_matches  # only on the way to an error

    near = get_close_matches(word, known, n=1)
    hint = f"`{word}` is no {what}; did you mean `{near[0]}`?" if near else f"no {what} stands here"
    return _Fault(hint if near else f"{hint}; known are {', '.join(known)}", _WRITE, ProblemKind.UNKNOWN_KEY)
