"""Why a YAML text cannot be read, in our own words: the parsers' texts can quote the file."""

from __future__ import annotations

import re
from typing import Any

from astrovet.document import Note, Problem, ProblemKind
from astrovet.place import Place

LINE_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"
"""What YAML 1.1 breaks lines at."""

CORRECT = "correct the text there; `helm template` refuses it too"
FLATTEN = "astrovet does not follow it any further: split the file, or write less of it with anchors"
TEMPLATE = "this is not YAML: template text (`{{ … }}`) stands in it"
RENDER_FIRST = "render it first (`helm template`, helmfile, envsubst) and scan what comes out"


class Refused(Exception):  # noqa: N818 - the way out of a half-read file, not an error of ours
    """The text cannot be read; ends up as an UNREADABLE problem."""

    def __init__(self, line: int, column: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message, self.remedy = line, column, message, remedy


def refusal(mark: Any, message: str, remedy: str) -> Refused:
    return Refused(mark.line + 1, mark.column + 1, message, remedy)


# Patterns are texts: `re` compiles and keeps those that are used, and starting up stays fast.
_CONTROL = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_CONTROL_IN_ASCII = "[^\t\n\r\x20-\x7e]"


def refuse_control_characters(content: str) -> None:
    character = re.search(_CONTROL_IN_ASCII if content.isascii() else _CONTROL, content)
    if character:
        lines = re.split(LINE_BREAK, content[: character.start()])
        what = "an invisible byte-order mark" if character[0] == "\ufeff" else "a character that YAML does not allow"
        message = f"{what} (U+{ord(character[0]):04X}) stands in the text"
        raise Refused(len(lines), len(lines[-1]) + 1, message, "remove it")


# What the parsers say, by a stable part of it, in our words: their own texts can quote the file.
_SENTENCES = (
    ("cannot start any token", "a character stands here that no value begins with; put the text in quotes"),
    ("expected ':'", "a key that ends in a colon (`key: value`) was expected"),
    ("mapping values are not allowed", "a colon makes a second key here; quote the text, or indent the map below it"),
    ("mapping keys are not allowed", "a key cannot stand here"),
    ("entries are not allowed", "a list item (`- `) cannot stand here"),
    ("expected key", "a key of the map above was expected: the indentation fits no line above"),
    ("expected <block end>", "a key of the map above was expected: the indentation fits no line above"),
    ("expected '-'", "an item (`- `) of the list above was expected: the indentation fits no line above"),
    ("',' or ']'", "a comma or `]` was expected"),
    ("',' or '}'", "a comma or `}` was expected"),
    ("end of stream", "the text ends before its closing quote"),
    ("escape", "a backslash in double quotes begins no escape that YAML knows; use single quotes"),
    ("hexdecimal", "hexadecimal digits were expected after the backslash"),
    ("node content", "a value was expected"),
    ("document start", "the end of the document was expected, or `---` before the next one"),
    ("undefined tag handle", "a tag uses a handle that no `%TAG` line defines"),
    ("incompatible YAML", "Helm reads YAML 1.1 only; remove the `%YAML` line"),
)


def explain(content: str, error: Any) -> Refused:
    """Say in our own words what the parser found, without a word of the file."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = re.split(LINE_BREAK, content)
    around = {number - 1 for number in (line, error.context_mark.line + 1 if error.context_mark else line)}
    near = [lines[number] for number in around if number < len(lines)]
    if any("{{" in text or "{%" in text for text in near):
        return Refused(line, column, TEMPLATE, RENDER_FIRST)
    before = lines[line - 1][:column] if line <= len(lines) else ""
    if before.endswith("\t") or any("\t" in text[: len(text) - len(text.lstrip())] for text in near):
        return Refused(line, column, "a tab stands where YAML takes spaces only", "replace the tab by spaces")
    said = str(error.problem)
    sentence = next((ours for theirs, ours in _SENTENCES if theirs in said), "the text does not fit YAML's grammar")
    return Refused(line, column, f"this is not YAML: {sentence}", CORRECT)


def as_problem(path: str, refused: Refused) -> Problem:
    place = Place(path, refused.line, refused.column, refused.line, refused.column + 1)
    return Problem(ProblemKind.UNREADABLE, refused.message, refused.remedy, place)


def refuse_slashes(content: str, event: Any) -> None:
    """The escape of a slash in double quotes is one of YAML 1.2; go-yaml v2 has none."""
    source = content[event.start_mark.index : event.end_mark.index]
    if re.search(r"(?<!\\)(?:\\\\)*\\/", source):
        raise refusal(event.start_mark, "a text has the escape of a slash, which Helm refuses", CORRECT)


def duplicate(key: str, second: Place, first: Place) -> Problem:
    """A key that stands twice in one map."""
    return Problem(
        ProblemKind.DUPLICATE_KEY,
        f"the key `{key}` stands twice in one map; Helm takes the last one without a word",
        "keep one of the two",
        second,
        (Note("it stands here first", first),),
    )
