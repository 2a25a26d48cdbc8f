"""Texts with `${ … }` and `%{ … }` in them: heredocs, template files, quoted texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from astrovet.formats.hcl.strings import unquote
from astrovet.formats.hcl.tokens import Lines, MisreadError, TokenReader
from astrovet.terraform.source.expressions import Call, Conditional, Constant, Expression, For, Opaque, Template

Parser = Callable[[str], Expression]

_WORD = re.compile(r"\w+")
_IN = re.compile(r"\s+in\b")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OPENING = re.compile(r"\$\$\{|%%\{|([$%])\{")
_OPENING_IN_QUOTES = re.compile(r"\\.|\$\$\{|%%\{|([$%])\{")


class _Piece(Struct, frozen=True):
    """A part of a template as it is written: a text, an interpolation or a directive."""

    kind: str
    """`text`, `${`, or the word that a directive begins with."""
    content: str


def template(text: str, parse: Parser, *, flush: bool = False, quoted: bool = False) -> Expression:
    """The text as an expression; `flush` as a heredoc that begins with `<<-`, `quoted` as what stands in quotes."""
    pieces = list(_pieces(text, quoted=quoted))
    if flush:
        pieces = _flushed(pieces)
    parts, rest = _Reader(pieces, parse).parts(0, ())
    return parts if rest == len(pieces) else Opaque("a directive (`%{ … }`) in a text is not closed")


def joined(parts: list[Expression]) -> Expression:
    """A text; of one interpolation alone the value itself, as Terraform takes it."""
    texts = [part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str)]
    if len(texts) == len(parts):
        return Constant("".join(texts))
    return parts[0] if len(parts) == 1 else Template(tuple(parts))


def _as_text(content: Expression) -> Expression:
    """What stands between directives is a text, even where it is one interpolation alone."""
    is_text = isinstance(content, Constant) and isinstance(content.value, str)
    return content if is_text or isinstance(content, Template | Opaque) else Template((content,))


class _Reader(Struct, frozen=True):
    """Goes through the pieces of one template."""

    pieces: list[_Piece]
    parse: Parser

    def parts(self, position: int, until: tuple[str, ...]) -> tuple[Expression, int]:
        """The template from a position to one of these directives, or to the end."""
        pieces, parts = self.pieces, list[Expression]()
        while position < len(pieces) and pieces[position].kind not in until:
            piece = pieces[position]
            match piece.kind:
                case "text":
                    parts.append(Constant(piece.content.replace("$${", "${").replace("%%{", "%{")))
                case "quoted":
                    parts.append(Constant(piece.content))
                case "${":
                    parts.append(self.parse(piece.content))
                case "if":
                    if_true, position = self.parts(position + 1, ("else", "endif"))
                    if_false: Expression = Constant("")
                    if position < len(pieces) and pieces[position].kind == "else":
                        if_false, position = self.parts(position + 1, ("endif",))
                    parts.append(Conditional(self.parse(piece.content), _as_text(if_true), _as_text(if_false)))
                case "for":
                    names, *rest = _IN.split(piece.content, maxsplit=1)
                    first, _, second = (name.strip() for name in names.partition(","))
                    body, position = self.parts(position + 1, ("endfor",))
                    parts.append(Call("join", (Constant(""), For(first, second, self.parse("".join(rest)), body))))
                case _:
                    return Opaque("a directive (`%{ … }`) in a text is not understood"), len(pieces)
            if position >= len(pieces):
                return Opaque("a directive (`%{ … }`) in a text is not closed"), len(pieces)
            position += 1
        return joined(parts) if parts else Constant(""), position


def _pieces(text: str, *, quoted: bool) -> Iterator[_Piece]:
    """The pieces of a template, each line of its text one, without the white space that `~` takes away."""
    reader = TokenReader(text, Lines("", (0,)))
    position, is_trimmed = 0, False
    for opening in (_OPENING_IN_QUOTES if quoted else _OPENING).finditer(text):
        if opening[1] is None or opening.start() < position:
            continue
        reader.position = opening.end() - 1
        try:
            reader.pass_enclosed(reader.take())
        except MisreadError:
            yield _Piece("", "")
            return
        inner = text[opening.end() : reader.position - 1]
        yield from _texts(text[position : opening.start()], quoted, start=is_trimmed, end=inner.startswith("~"))
        is_trimmed, position = inner.endswith("~"), reader.position
        inner = inner.strip("~").strip()
        if opening[1] == "$":
            yield _Piece("${", inner)
        else:
            word = _WORD.match(inner)
            yield _Piece(word[0], inner[word.end() :].strip()) if word is not None else _Piece("", "")
    yield from _texts(text[position:], quoted, start=is_trimmed, end=False)


def _texts(text: str, quoted: bool, *, start: bool, end: bool) -> Iterator[_Piece]:
    """The lines of a literal text; a `~` beside it takes white space, but never beyond the line."""
    lines = _LINE.findall(text)
    if quoted:
        content = unquote(text)
        if content is None:
            yield _Piece("", "")
            return
        lines = [content] if content else []
    if start and lines:
        lines[0] = lines[0].lstrip()
    if end and lines:
        lines[-1] = lines[-1].rstrip()
    for line in lines:
        yield _Piece("quoted" if quoted else "text", line)


def _flushed(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces less the white space that all lines begin with; a line that begins with a template has none."""
    begins = True
    least: int | None = None
    starts: list[int] = []
    for number, piece in enumerate(pieces):
        if begins:
            begins = False
            spaces = 0
            if piece.kind == "text":
                spaces = len(piece.content) - len(piece.content.lstrip())
                starts.append(number)
            if piece.kind != "text" or piece.content.strip() or not piece.content.endswith("\n"):
                least = spaces if least is None else min(least, spaces)
            else:
                starts.pop()
        if piece.kind == "text" and piece.content.endswith("\n"):
            begins = True
    flushed = list(pieces)
    for number in starts:
        flushed[number] = replace(pieces[number], content=pieces[number].content[least or 0 :])
    return flushed
