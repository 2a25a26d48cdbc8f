"""The grammar of HCL's expressions: where one ends, and where Terraform would refuse it.

Nothing here recurses with the depth of the expression; all that is open stands on one stack.
"""

from __future__ import annotations

import re

from msgspec import Struct

from astrovet.formats.hcl.strings import escape_fault
from astrovet.formats.hcl.tokens import ENDS, IN_QUOTES, MAX_NESTING, MisreadError, TokenReader, closer_of, is_name

_BINARY = frozenset({"+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"})
_OPERANDS = frozenset({"string", "quote", "heredoc", "word", "number"})
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_ENDS_OF = {"if": "endif", "else": "endif", "for": "endfor"}
_FULL = "a new line is expected before this: the argument has its value already"
# Most arguments are this, alone on their line; it needs no grammar.
_SIMPLE = re.compile(
    r'"[^"\\\n$%]*"(?=\r?\n)|[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*(?=\r?\n)|[0-9]+(?=\r?\n)'
)


class _Level(Struct):
    """Something open: a bracket, a text or a template; at the bottom the expression itself."""

    kind: str
    """Its opening: `(`, `[`, `{`, `"`, `<<`, `${` or `%{`; "call", "index" and "for" for brackets of that use."""
    start: int = 0
    closer: str = ""
    ending: re.Pattern[str] = IN_QUOTES
    """Of a text: what can interrupt it."""
    phase: str = ""
    """What is being read: "key" or "value" of an object; "collection", "key", "item", "grouped" (after its
    `...`) or "condition" of a `for`; "splat" of an index `[*]`; "spread" after the `...` of a call."""
    fresh: bool = True
    """Nothing was read since the opening, or since the last separator: the closing may follow."""
    conditions: int = 0
    """Each `?` whose `:` is still to come."""
    directives: list[str] = []
    """Of a text: the `%{ if }` and `%{ for }` that are still to be ended."""


def pass_expression(reader: TokenReader, *, one_line: bool, after_operand: bool = False) -> int:
    """Go to the end of an expression: a line end (if `one_line`), a comma or a closing bracket.

    Returns the offset past its last token. Raises MisreadError where the grammar is broken. Two
    values in a row are refused, as Terraform does: the second one needs a line of its own.
    """
    simple = None if after_operand else _SIMPLE.match(reader.content, reader.position)
    if simple is not None:
        reader.position = simple.end()
        return reader.position
    return _Expression(reader, one_line=one_line, after_operand=after_operand).to_end()


class _Expression:
    """An expression read up to the reader's position."""

    __slots__ = ("after_operand", "callable", "levels", "one_line", "reader")

    def __init__(self, reader: TokenReader, *, one_line: bool, after_operand: bool) -> None:
        self.reader = reader
        self.one_line = one_line
        self.after_operand = after_operand
        self.callable = False
        self.levels = [_Level("")]

    def to_end(self) -> int:
        reader = self.reader
        end = reader.position
        while True:
            level = self.levels[-1]
            if level.kind in {'"', "<<"}:
                self._text(level)
            else:
                token = reader.take(past_newlines=not self._ends_with_line(level))
                if len(self.levels) == 1 and token.lastgroup in ENDS:
                    self._expect_complete(token, level)
                    reader.position = token.start()
                    return end
                if token.lastgroup == "end":
                    raise MisreadError(level.start, f"this bracket is never closed: `{level.closer}` is expected")
                if self.after_operand:
                    self._after_operand(token, level)
                else:
                    self._operand(token, level)
            end = reader.position

    def _ends_with_line(self, level: _Level) -> bool:
        if level.kind == "{":
            return level.phase == "value" or not level.fresh
        return level.kind == "" and self.one_line

    def _expect_complete(self, token: re.Match[str], level: _Level) -> None:
        if not self.after_operand:
            raise MisreadError(token.start(), "a value is expected here")
        if level.conditions:
            raise MisreadError(token.start(), "`:` and a second value are expected here")

    def _push(self, level: _Level) -> None:
        if len(self.levels) > MAX_NESTING:
            raise MisreadError(level.start, f"this is nested more than {MAX_NESTING} levels deep, which is not read")
        self.levels.append(level)
        self.after_operand = False
        self.callable = False

    def _pop(self) -> None:
        self.levels.pop()
        self.after_operand = True
        self.callable = False

    # --- where a value is expected

    def _operand(self, token: re.Match[str], level: _Level) -> None:
        fresh, level.fresh = level.fresh, False
        match token.lastgroup:
            case "word":
                if fresh and token[0] == "for" and level.kind in {"[", "{"} and level.phase != "value":
                    self._for_header(level)
                    return
                if not is_name(token[0]):
                    raise MisreadError(token.start(), "this character has no meaning in HCL")
                if "::" in token[0] and self.reader.peek()[0] != "(":
                    raise MisreadError(token.end(), "`(` is expected here: only functions have `::` in their names")
                self.after_operand = self.callable = True
            case "number":
                self.after_operand = True
            case "string":
                fault = escape_fault(token[0])
                if fault >= 0:
                    raise MisreadError(token.start() + fault, "this is no escape that HCL knows")
                self.after_operand = True
            case "quote":
                self._push(_Level('"', token.start(), '"'))
            case "heredoc":
                self._push(_Level("<<", token.start(), ending=closer_of(token)))
            case "open":
                self._push(_Level(token[0], token.start(), _CLOSERS[token[0]], phase="key" if token[0] == "{" else ""))
            case "operator" if token[0] in {"-", "!"}:
                pass
            case "operator" if token[0] == "*" and level.kind == "index" and fresh:
                self.after_operand = True
                level.phase = "splat"
            case "close" if token[0] != level.closer:
                raise MisreadError(token.start(), f"`{level.closer}` is expected here, not `{token[0]}`")
            case "close" if fresh and (level.kind in {"[", "call"} or (level.kind == "{" and level.phase == "key")):
                self._pop()
            case _:
                raise MisreadError(token.start(), "a value is expected here")

    def _for_header(self, level: _Level) -> None:
        """`for a, b in`, of which the first word was taken."""
        reader = self.reader
        token = reader.take(past_newlines=True)
        for _ in range(2):
            if token.lastgroup != "word":
                raise MisreadError(token.start(), "the name of a variable is expected here")
            token = reader.take(past_newlines=True)
            if token.lastgroup != "comma":
                break
            token = reader.take(past_newlines=True)
        if token[0] != "in":
            raise MisreadError(token.start(), "`in` is expected here")
        if level.kind != "%{":
            level.kind, level.phase = "for", "collection"

    # --- where a value is complete, or goes on

    def _after_operand(self, token: re.Match[str], level: _Level) -> None:
        is_callable, self.callable = self.callable, False
        text = token[0]
        match token.lastgroup:
            case _ if level.phase in {"splat", "spread"} and text != level.closer:
                raise MisreadError(token.start(), f"`{level.closer}` is expected here")
            case "operator" if text in _BINARY and level.phase != "grouped":
                self.after_operand = False
            case "operator":
                self._operator(token, level)
            case "splat":
                pass
            case "open" if text == "[":
                self._push(_Level("index", token.start(), "]"))
            case "open" if text == "(" and is_callable:
                self._push(_Level("call", token.start(), ")"))
            case "assign" if level.kind == "{" and level.phase == "key" and not level.conditions:
                level.phase, self.after_operand = "value", False
            case "comma" | "newline" if level.kind in {"[", "call", "{"} and level.phase != "key":
                self._expect_complete(token, level)
                level.fresh, self.after_operand = True, False
                level.phase = "key" if level.kind == "{" else ""
            case "word" if text == "if" and level.phase in {"item", "grouped"} and not level.conditions:
                level.phase, self.after_operand = "condition", False
            case "close":
                self._close(token, level)
            case kind if kind in _OPERANDS and level.kind == "":
                raise MisreadError(token.start(), _FULL)
            case _:
                raise MisreadError(token.start(), self._expected(level))

    def _operator(self, token: re.Match[str], level: _Level) -> None:
        match token[0]:
            case ".":
                name = self.reader.take()
                if name.lastgroup != "word" and not name[0].isdecimal():
                    raise MisreadError(name.start(), "a name is expected after the dot")
                self.callable = False
            case "?":
                level.conditions += 1
                self.after_operand = False
            case ":" if level.conditions:
                level.conditions -= 1
                self.after_operand = False
            case ":" if level.kind == "{" and level.phase == "key":
                level.phase, self.after_operand = "value", False
            case ":" if level.kind == "for" and level.phase == "collection":
                level.phase, self.after_operand = "key" if level.closer == "}" else "item", False
            case "=>" if level.kind == "for" and level.phase == "key" and not level.conditions:
                level.phase, self.after_operand = "item", False
            case "..." if level.kind == "for" and level.phase == "item" and level.closer == "}":
                level.phase = "grouped"
            case "..." if level.kind == "call":
                level.phase = "spread"
            case "~" if level.kind in {"${", "%{"} and self.reader.content.startswith("}", self.reader.position):
                pass
            case _:
                raise MisreadError(token.start(), _FULL if level.kind == "" else self._expected(level))

    def _close(self, token: re.Match[str], level: _Level) -> None:
        if token[0] != level.closer:
            raise MisreadError(token.start(), f"`{level.closer}` is expected here, not `{token[0]}`")
        self._expect_complete(token, level)
        if (level.kind == "{" and level.phase == "key") or (
            level.kind == "for" and level.phase not in {"item", "grouped", "condition"}
        ):
            raise MisreadError(token.start(), self._expected(level))
        self._pop()

    def _expected(self, level: _Level) -> str:
        """What can stand where a value is complete."""
        match level.kind, level.phase:
            case _ if level.conditions:
                return "`:` and a second value are expected here"
            case "{", "key":
                return "`=` or `:` is expected here"
            case "{", _:
                return "a new line, `,` or `}` is expected here"
            case "[" | "call", _:
                return f"`,` or `{level.closer}` is expected here"
            case "for", "collection":
                return "`:` is expected here"
            case "for", "key":
                return "`=>` is expected here"
            case "", _:
                return "a new line is expected here"
            case _:
                return f"`{level.closer}` is expected here"

    # --- texts

    def _text(self, level: _Level) -> None:
        """Go on in a text, to its end or to the next template."""
        reader = self.reader
        interruption = level.ending.search(reader.content, reader.position)
        if interruption is None or interruption.lastgroup == "newline":
            expected = (
                "a closing quote on the same line" if level.kind == '"' else "its end marker on a line of its own"
            )
            raise MisreadError(level.start, f"this text is never closed: {expected} is expected")
        reader.position = interruption.end()
        match interruption.lastgroup:
            case "end":
                if level.directives:
                    raise MisreadError(
                        interruption.start(), f"`%{{ {_ENDS_OF[level.directives[-1]]} }}` is expected before this"
                    )
                self._pop()
            case "invalid":
                raise MisreadError(interruption.start(), "this is no escape that HCL knows")
            case "template":
                if reader.content.startswith("~", reader.position):
                    reader.position += 1
                self._push(_Level(interruption[0], interruption.start(), "}"))
                if interruption[0] == "%{":
                    self._directive(level)
            case _:
                pass  # an escape

    def _directive(self, text: _Level) -> None:
        """The beginning of `%{ ... }`: `if`, `for`, or all of `else`, `endif` and `endfor`."""
        token = self.reader.take(past_newlines=True)
        innermost = text.directives[-1] if text.directives else ""
        match token[0]:
            case "if":
                text.directives.append("if")
            case "for":
                text.directives.append("for")
                self._for_header(self.levels[-1])
            case "else" if innermost == "if":
                text.directives[-1] = "else"
                self.after_operand = True
            case "endif" | "endfor" if token[0] == _ENDS_OF.get(innermost):
                text.directives.pop()
                self.after_operand = True
            case _:
                raise MisreadError(token.start(), "`if`, `for`, or the end of one that is open is expected here")
