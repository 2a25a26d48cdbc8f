"""The source line under a finding, with everything masked that might be a secret.

What may be shown is listed, never what must be hidden: keys, block headers, names of environment
variables, plain references and harmless values, each where the parser found it, and the punctuation
between them. The rest of the line is `…`. A wrong place can therefore cost a key, but show no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from astrovet.declared.annotations import heads
from astrovet.document import ProblemKind
from astrovet.formats.embedded import embedded_yaml
from astrovet.formats.json_text import json_text
from astrovet.formats.text_file import TextFile
from astrovet.place import Layout, Place
from astrovet.secrecy import is_variable_name, pattern_kind, showable, showable_as
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

if TYPE_CHECKING:
    from astrovet.formats.hcl import structure as hcl

Language: TypeAlias = Literal["yaml", "hcl"]

MASK = "…"
WIDTH = 160
"""Longer lines are cut, around what is underlined."""


class Snippet(Struct, frozen=True):
    """Lines of a file as they may be printed, with a stretch of the first one to underline."""

    line: int
    """The number of the first line."""
    lines: tuple[str, ...]
    start: int
    """Where the underline begins in the first line as shown, 0-based."""
    end: int
    """One past where it ends."""


def snippet(place: Place, file: TextFile, language: Language) -> Snippet | None:
    """The line where `place` begins, masked; None where the place has no line of this file."""
    lines = _lines(file, language)
    if not 0 < place.line <= len(lines):
        return None
    line = lines[place.line - 1]
    known = _known_spans(file, language)
    spans = [
        span
        for part, is_shown in known.by_line.get(place.line, ())
        for span in _on_line(part, place.line, line, is_shown())
    ]
    if not spans and known.unreadable:
        spans = _leading_key(line)
    cells = _cells(line, spans)
    end_column = place.end_column if place.end_line == place.line else len(line.rstrip()) + 1
    return _cut(place.line, cells, place.column - 1, end_column - 1)


# --- what the parsers found


class _Span(Struct, frozen=True, gc=False):
    """A stretch of one line, 0-based, that the parser knows."""

    start: int
    end: int
    is_shown: bool


_Part: TypeAlias = tuple[Place, Callable[[], bool]]
"""What the parser found at a place, and whether it may be shown: asked only for the lines that are printed."""
_Places: TypeAlias = Iterator[_Part]


class _Spans(Struct, frozen=True):
    by_line: dict[int, list[_Part]]
    unreadable: bool


def _yes() -> bool:
    return True


def _no() -> bool:
    return False


# `name: X` beside one of these is the name of a variable, not the value of something.
_NAMING_KEYS = ("name", "key")
_BESIDE_NAMES = ("value", "valueFrom", "value_from", "is_secret")

# Texts under these keys are YAML to the chart, to Argo CD and to whatever mounts a ConfigMap.
_YAML_KEYS = ("config", "values")
_YAML_ENDINGS = (".yaml", ".yml")
_MAX_TEXTS = 3
"""Texts within one another that are read as YAML."""

_TRAVERSAL = r"[A-Za-z_][\w-]*+(?:\.[A-Za-z_][\w-]*+|\[(?:[0-9]{1,6}|\*)\]|\.\*)++"


@lru_cache(maxsize=64)  # findings are sorted by severity first, so that a file comes back
def _known_spans(file: TextFile, language: Language) -> _Spans:
    lines = _lines(file, language)
    if language == "hcl":
        problems, places = file.hcl.problems, _in_hcl(file.hcl, lines)
    else:
        problems = tuple(problem for document in file.yaml for problem in document.problems)
        read = [document.root for document in file.yaml if not isinstance(document.root, Unknown)]
        places = chain(((head, _yes) for head in heads(lines)), *(_in_tree(root, lines) for root in read))
    by_line: dict[int, list[_Part]] = {}
    for place, is_shown in places:
        for number in range(max(place.line, 1), min(place.end_line, len(lines)) + 1):
            by_line.setdefault(number, []).append((place, is_shown))
    return _Spans(by_line, any(problem.kind is ProblemKind.UNREADABLE for problem in problems))


def _in_hcl(file: hcl.HclFile, lines: list[str]) -> _Places:
    from astrovet.formats.hcl import literals as hcl_literal

    shown = {(head.line, head.column): head for head in heads(lines)}
    for comment in file.comments:
        head = shown.get((comment.place.line, comment.place.column))
        if head is not None:
            yield head, _yes
        yield (replace(comment.place, column=head.end_column) if head is not None else comment.place), _no
    pending = [file.body]
    while pending:
        body = pending.pop()
        for attribute in body.attributes:
            yield attribute.name_place, _yes
            yield from _in_tree(hcl_literal.literal(file, attribute), lines, attribute.name)
        for block in body.blocks:
            if pattern_kind(_source(block.header, lines)) is None:
                yield block.header, _yes
            pending.append(block.body)


def _in_tree(root: Value[Tree], lines: list[str], key: str = "", depth: int = 0) -> _Places:
    """Every key and every leaf below `root`, which stands at `key`, with whether it may be shown."""
    pending = [(key, root)]
    while pending:
        key, value = pending.pop()
        match _json_in(value):
            case Known(Map() as tree):
                variable = _variable_named(tree)
                for entry in tree.entries.values():
                    yield entry.key_place, partial(_is_key, _source(entry.key_place, lines), entry.key)
                    if variable is not None and entry.key in _NAMING_KEYS and _is_variable(entry.value, lines):
                        yield entry.value.place, _yes
                    else:
                        pending.append((variable if variable and entry.key == "value" else entry.key, entry.value))
            case Known(List() as tree):
                pending.extend((key, item) for item in tree.items)
            case Known(str()) as text if depth < _MAX_TEXTS and isinstance(document := _yaml_in(key, text), Known):
                for place, is_shown in _in_tree(document, lines, key, depth + 1):
                    yield place, partial(_is_surely, is_shown, _source(place, lines))
            case Known(_, place):
                yield place, partial(_is_value, key, _source(place, lines))
            case Unknown(_, place):
                yield place, partial(_is_traversal, _source(place, lines))
            case Absent(place):  # where nothing at all is written, the place is that of the key
                if showable(_source(place, lines)):
                    yield place, _yes


def _variable_named(tree: Map) -> str | None:
    """The variable that a map sets, empty where its name is not known; None for any other map."""
    if not any(key in tree.entries for key in _BESIDE_NAMES):
        return None
    names = (tree.entries[key].value for key in _NAMING_KEYS if key in tree.entries)
    return next((name.value for name in names if isinstance(name, Known) and isinstance(name.value, str)), "")


def _json_in(value: Value[Tree]) -> Value[Tree]:
    """The map or list that a text holds as JSON, where that has places of its own; else the value."""
    match value:
        case Known(str(), layout=Layout()):
            content = json_text(value).content
            return content if isinstance(content, Known) and isinstance(content.value, Map | List) else value
        case Known() | Unknown() | Absent():
            return value


def _yaml_in(key: str, text: Known[str]) -> Known[Tree] | None:
    """The map that a text holds as YAML, where its key says so and that has places of its own."""
    if text.layout is None or not (key in _YAML_KEYS or key.endswith(_YAML_ENDINGS)):
        return None
    first, *others = embedded_yaml(text)
    match first.root:
        case Known(Map()) as root if not others and not first.problems:
            return root
        case Known() | Unknown() | Absent():
            return None


def _is_surely(is_shown: Callable[[], bool], source: str) -> bool:
    """Whether what may be shown of a file may be shown of a text too, which could be no YAML at all.

    Not with a digit in it, which a secret would have.
    """
    is_sure = not any(character.isdigit() for character in source) or showable(_unquoted(source))
    return is_sure and is_shown()


def _is_value(key: str, source: str) -> bool:
    return showable_as(key, _unquoted(source))


def _is_traversal(source: str) -> bool:
    return re.fullmatch(_TRAVERSAL, source) is not None


def _is_key(source: str, key: str) -> bool:
    """Whether the source at a key's place is that key (`on` is the key `true`), and no secret in its stead."""
    return (_unquoted(source) == key and pattern_kind(key) is None) or showable(source)


def _is_variable(value: Value[Tree], lines: list[str]) -> bool:
    return is_variable_name(_unquoted(_source(value.place, lines)))


def _source(place: Place, lines: list[str]) -> str:
    """The text at a place of one line; for more lines, something that is never shown."""
    if place.line != place.end_line or not 0 < place.line <= len(lines):
        return "\n"
    return lines[place.line - 1][place.column - 1 : place.end_column - 1]


def _unquoted(source: str) -> str:
    width = _quotes(source)
    return source[width : len(source) - width]


def _quotes(source: str) -> int:
    """How many characters make each of the two quotes around it: more than one where they are escaped."""
    quoted = re.fullmatch(r"""(\\*["'])[^\n]*\1""", source)
    return len(quoted[1]) if quoted else 0


def _on_line(place: Place, number: int, line: str, is_shown: bool) -> Iterator[_Span]:
    """What of a place stands on one of its lines."""
    start = place.column - 1 if number == place.line else len(line) - len(line.lstrip())
    end = place.end_column - 1 if number == place.end_line else len(line.rstrip())
    if not is_shown:  # the quotes may be seen
        width = _quotes(line[start:end])
        start, end = start + width, end - width
    if start < end:
        yield _Span(start, end, is_shown)


def _leading_key(line: str) -> list[_Span]:
    """The key at the start of a line that no parser could read. No digits: a secret would have some."""
    key = re.match(r"\s*+(?:- +)?([A-Za-z][A-Za-z_-]{0,40})(?= *[:=](?:\s|\Z))", line)
    return [_Span(key.start(1), key.end(1), is_shown=True)] if key else []


@lru_cache(maxsize=4)
def _lines(file: TextFile, language: Language) -> list[str]:
    """The lines as the parser of the language counts them."""
    content = file.content.removeprefix("\ufeff")
    return re.split("\r?\n" if language == "hcl" else "\r\n|[\n\r\x85\u2028\u2029]", content)


# --- masking


def _cells(line: str, spans: list[_Span]) -> list[str]:
    """What each character of the line is shown as: itself, its escape, or `…` once for a masked run."""
    verdicts: list[bool | None] = [None] * len(line)
    for span in sorted(spans, key=lambda span: not span.is_shown):  # what is hidden has the last word
        verdicts[span.start : span.end] = [span.is_shown] * (min(span.end, len(line)) - span.start)
    _judge_rest(line, verdicts)
    return [
        _visible(character) if verdict else "" if index and not verdicts[index - 1] else MASK
        for index, (character, verdict) in enumerate(zip(line, verdicts, strict=True))
    ]


def _judge_rest(line: str, verdicts: list[bool | None]) -> None:
    """Between the spans: punctuation is shown; anything else is hidden from its first to its last character."""
    start = 0
    while start < len(line):
        end = start + 1
        if verdicts[start] is None:
            while end < len(line) and verdicts[end] is None:
                end += 1
            stretch = line[start:end]
            first = start + len(stretch) - len(stretch.lstrip(" \t-:=,{}[]\"'\\"))
            last = max(first, start + len(stretch.rstrip(" \t,{}[]")))
            verdicts[start:end] = [True] * (first - start) + [False] * (last - first) + [True] * (end - last)
        start = end
    for blank in re.finditer(r"\s+", line):  # two masked runs with nothing but white space between are one
        if False in verdicts[blank.start() - 1 : blank.start()] and False in verdicts[blank.end() : blank.end() + 1]:
            verdicts[blank.start() : blank.end()] = [False] * len(blank[0])


def _visible(character: str) -> str:
    """The character; what moves the cursor, turns the writing direction or is not to be seen, as its escape."""
    if character.isprintable() or character == "\t":
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _cut(number: int, cells: list[str], start: int, end: int) -> Snippet:
    """The cells as one line of at most `WIDTH` columns, the stretch from `start` to `end` underlined."""
    offsets = [0]
    for cell in cells:
        offsets.append(offsets[-1] + len(cell))
    text = "".join(cells)
    start = max(0, min(start, len(cells) - 1))
    while start > 0 and cells[start] == "":  # within a masked run: the run's first cell holds its `…`
        start -= 1
    end = max(start, min(end, len(cells)))
    first, last = offsets[start], offsets[end]
    if len(text) > WIDTH:
        left = max(0, min(first - WIDTH // 4, len(text) - WIDTH))
        right = left + WIDTH
        text = (
            (MASK if left else "")
            + text[left + bool(left) : right - (right < len(text))]
            + (MASK if right < len(text) else "")
        )
        first, last = first - left, min(last - left, WIDTH)
    return Snippet(number, (text,), first, last)
