"""A reader of HCL's expressions: it knows all of the language that people write, and is quick.

What it does not know, or takes for no HCL, is left to python-hcl2, which is slow and reads less of the language but
tells what is none.
"""

from __future__ import annotations

from functools import reduce

from astrovet.formats.hcl.literals import MAX_DIGITS, number
from astrovet.formats.hcl.strings import unquote
from astrovet.formats.hcl.tokens import OPENINGS, Lines, TokenReader
from astrovet.terraform.source.expressions import (
    ELEMENT,
    Attribute,
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    For,
    Index,
    ListOf,
    Name,
    ObjectOf,
    Splat,
    Unary,
)
from astrovet.terraform.source.templates import Parser, template

_BINDING = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
"""How closely an operator binds."""
_WORDS = {"true": True, "false": False, "null": None}


class UnfitError(Exception):
    """What stands here is left to another reader."""


def read(text: str, parse: Parser) -> Expression:
    """The expression that a text holds; `parse` reads those in templates.

    Raises:
        UnfitError, MisreadError: it is none that is read here.
    """
    reader = _Reader(text, parse)
    expression = reader.expression()
    if reader.kind != "end":
        raise UnfitError
    return expression


class _Reader:
    """One token ahead; a line break is passed over, except between the entries of an object."""

    def __init__(self, text: str, parse: Parser) -> None:
        self._reader, self._parse = TokenReader(text, Lines("", (0,))), parse
        self._breaks_count = False
        self._token = self._reader.take(past_newlines=True)

    def _next(self) -> str:
        """Take the token ahead; gives its text."""
        taken = self._token[0]
        self._token = self._reader.take(past_newlines=not self._breaks_count)
        return taken

    @property
    def ahead(self) -> str:
        """The text of the token ahead."""
        return self._token[0]

    @property
    def kind(self) -> str | None:
        """Its kind."""
        return self._token.lastgroup

    def _past(self, token: str) -> None:
        if self.ahead != token or self.kind in OPENINGS - {"open"}:
            raise UnfitError
        self._next()

    def _is(self, token: str) -> bool:
        """Whether this sign or word is ahead; it is taken then."""
        if self.ahead != token or self.kind in {"string", "quote", "heredoc", "end"}:
            return False
        self._next()
        return True

    def expression(self) -> Expression:
        condition = self._operation(1)
        if not self._is("?"):
            return condition
        if_true = self.expression()
        self._past(":")
        return Conditional(condition, if_true, self.expression())

    def _operation(self, least: int) -> Expression:
        """Operands and the operators between them that bind as closely as `least`, or more so."""
        left = self._signed()
        while self.kind == "operator" and (binding := _BINDING.get(self.ahead, 0)) >= least:
            operator = self._next()
            left = Binary(operator, left, self._operation(binding + 1))
        return left

    def _signed(self) -> Expression:
        if self.kind == "operator" and self.ahead in {"-", "!"}:
            sign = self._next()
            return Unary(sign, self._signed())
        return self._term()

    def _term(self) -> Expression:
        return self._traversed(self._primary())

    def _traversed(self, term: Expression) -> Expression:
        """A term with all steps and splats that follow it."""
        while self.ahead in {".", "[", ".*"} and self.kind in {"operator", "open", "splat"}:
            if self.kind == "splat":
                self._next()
                term = Splat(term, self._steps("."))
            elif self._is_splat_ahead():
                for sign in ("[", "*", "]"):
                    self._past(sign)
                steps = self._steps(".[")
                if self._is_splat_ahead() or self.kind == "splat":  # it belongs to each element
                    element: Expression = ELEMENT
                    return Splat(term, (), self._traversed(reduce(_stepped, steps, element)))
                term = Splat(term, steps)
            else:
                term = _stepped(term, self._step())
        return term

    def _is_splat_ahead(self) -> bool:
        return self.ahead == "[" and self.kind == "open" and self._reader.peek()[0] == "*"

    def _steps(self, signs: str) -> tuple[Expression | str, ...]:
        """Steps that begin with one of these signs: those that a splat takes on each element."""
        steps: list[Expression | str] = []
        while self.ahead and self.ahead in signs and self.kind in {"operator", "open"} and not self._is_splat_ahead():
            steps.append(self._step())
        return tuple(steps)

    def _step(self) -> Expression | str:
        if self._is("."):
            if self.kind == "word":
                return self._next()
            if self.kind == "number" and self.ahead.isdecimal() and len(self.ahead) <= MAX_DIGITS:
                return Constant(int(self._next()))
            raise UnfitError
        return self._enclosed("[", "]")

    def _enclosed(self, opening: str, closing: str) -> Expression:
        breaks, self._breaks_count = self._breaks_count, False
        self._past(opening)
        inner = self.expression()
        return self._closed(inner, closing, breaks=breaks)

    def _closed(self, inner: Expression, closing: str, *, breaks: bool) -> Expression:
        """What stands before a closing bracket, behind which line breaks count as they did."""
        if self.ahead != closing or self.kind != "close":
            raise UnfitError
        self._breaks_count = breaks
        self._next()
        return inner

    def _primary(self) -> Expression:
        match self.kind:
            case "word":
                return self._word()
            case "string" | "quote" | "heredoc":
                return self._text()
            case "number":
                return self._number()
            case "open":
                match self.ahead:
                    case "(":
                        return self._enclosed("(", ")")
                    case "[":
                        return self._list()
                    case _:
                        return self._object()
            case _:
                raise UnfitError

    def _word(self) -> Expression:
        word = self._next()
        if self.ahead != "(" or self.kind != "open":
            return Constant(_WORDS[word]) if word in _WORDS else Name(word)
        breaks, self._breaks_count = self._breaks_count, False
        self._next()
        arguments: list[Expression] = []
        is_spread = False
        while not (self.ahead == ")" and self.kind == "close"):
            arguments.append(self.expression())
            is_spread = self._is("...")
            if not self._is(",") or is_spread:
                break
        return self._closed(Call(word.removeprefix("core::"), tuple(arguments), is_spread), ")", breaks=breaks)

    def _text(self) -> Expression:
        if self.kind == "string":
            content = unquote(self.ahead[1:-1])
            if content is None:
                raise UnfitError
            self._next()
            return Constant(content)
        start, kind = self._token.start(), self.kind
        self._reader.pass_enclosed(self._token)
        source = self._reader.content[start : self._reader.position]
        self._next()
        if kind == "quote":
            return template(source[1:-1], self._parse, quoted=True)
        return template(heredoc_body(source), self._parse, flush=source.startswith("<<-"))

    def _number(self) -> Expression:
        value = number(self.ahead)
        if value is None:
            raise UnfitError
        self._next()
        return Constant(value)

    def _list(self) -> Expression:
        breaks, self._breaks_count = self._breaks_count, False
        self._past("[")
        if self.ahead == "for" and self.kind == "word":
            return self._closed(self._for(is_object=False), "]", breaks=breaks)
        items: list[Expression] = []
        while not (self.ahead == "]" and self.kind == "close"):
            items.append(self.expression())
            if not self._is(","):
                break
        return self._closed(ListOf(tuple(items)), "]", breaks=breaks)

    def _object(self) -> Expression:
        breaks, self._breaks_count = self._breaks_count, False
        self._past("{")
        if self.ahead == "for" and self.kind == "word" and self._reader.peek()[0] not in {"=", ":"}:
            return self._closed(self._for(is_object=True), "}", breaks=breaks)
        entries: list[tuple[Expression, Expression]] = []
        while not (self.ahead == "}" and self.kind == "close"):
            key = self._key()
            if self.ahead not in {"=", ":"} or self.kind not in {"assign", "operator"}:
                raise UnfitError
            self._next()
            self._breaks_count = True
            entries.append((key, self.expression()))
            is_parted = self.kind in {"newline", "comma"}
            self._breaks_count = False
            if not is_parted:
                break
            self._next()
            if self.kind == "comma":
                raise UnfitError
        return self._closed(ObjectOf(tuple(entries)), "}", breaks=breaks)

    def _key(self) -> Expression:
        if self.kind == "word" and self._reader.peek()[0] in {"=", ":"}:
            return Constant(self._next())
        if self.kind in {"string", "quote", "number", "word"}:
            return self._term()
        return self._enclosed("(", ")")

    def _for(self, *, is_object: bool) -> For:
        self._past("for")
        first = self._name()
        second = self._name() if self._is(",") else ""
        self._past("in")
        iterable = self.expression()
        self._past(":")
        key = None
        value = self.expression()
        if is_object:
            self._past("=>")
            key, value = value, self.expression()
        is_grouped = is_object and self._is("...")
        condition = self.expression() if self._is("if") else None
        return For(first, second, iterable, value, key, condition, is_grouped)

    def _name(self) -> str:
        if self.kind != "word":
            raise UnfitError
        return self._next()


def _stepped(term: Expression, step: Expression | str) -> Expression:
    return Attribute(term, step) if isinstance(step, str) else Index(term, step)


def heredoc_body(text: str) -> str:
    """The lines of a heredoc without those of its markers."""
    rest = text.partition("\n")[2]
    return rest[: rest.rstrip().rfind("\n") + 1] if "\n" in rest.rstrip() else ""
