"""Terraform's string functions.

What only regular expressions need is loaded with the first of them: its patterns take time to compile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from astrovet.budget import Budget
from astrovet.place import Place
from astrovet.terraform.functions.arguments import Arguments, holds_sensitive, items_of, put_together, text_of
from astrovet.terraform.functions.formatting import format_pieces
from astrovet.terraform.values.conversion import as_integer, as_text
from astrovet.terraform.values.plain_data import listed
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.texts import graphemes
from astrovet.terraform.values.types import STRING
from astrovet.value import Absent, Known, List, Tree, Unknown, Value

# Python strips more than Go, which goes by Unicode's White_Space.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def chomp(text: Any) -> str:
    return as_text(text).rstrip("\r\n")


def endswith(text: Any, suffix: Any) -> bool:
    return as_text(text).endswith(as_text(suffix))


def format_(budget: Budget, arguments: Arguments, place: Place) -> Value[Tree]:
    return put_together(budget, format_pieces(text_of(arguments[0]), arguments[1:]), arguments, place)


def formatlist(budget: Budget, arguments: Arguments, place: Place) -> Value[Tree]:
    template, *fillings = arguments
    lists = [filling.value for filling in fillings if isinstance(filling, Known) and isinstance(filling.value, List)]
    lengths = {len(tree.items) for tree in lists}
    if len(lengths) > 1:
        raise RefusedError("the lists differ in length")
    columns: list[Sequence[Value[Tree]]] = []
    for filling in fillings:
        match filling:
            case Known(List() as tree):
                columns.append(tree.items)
            case Known():
                columns.append([filling] * next(iter(lengths), 1))
            case Unknown() as lost:
                raise UndecidedError.because_of(lost)
            case Absent():
                columns.append([filling] * next(iter(lengths), 1))
    pattern = text_of(template)
    rows: list[tuple[Value[Tree], ...]] = list(zip(*columns, strict=True)) if columns else [()]
    texts = [put_together(budget, format_pieces(pattern, row), (template, *row), place) for row in rows]
    return listed(texts, place, element=STRING)


def indent(budget: Budget, spaces: Any, text: Any) -> str:
    width = as_integer(spaces)
    if width < 0:
        raise RefusedError("the indentation is none")
    whole = as_text(text)
    budget.characters.spend(width * (1 + whole.count("\n")))
    return whole.replace("\n", "\n" + " " * width)


def join(budget: Budget, arguments: Arguments, place: Place) -> Value[Tree]:
    separator = text_of(arguments[0])
    pieces: list[str | Unknown] = []
    for item in (item for argument in arguments[1:] for item in items_of(argument)):
        if pieces:
            pieces.append(separator)
        match item:
            case Unknown() as lost:
                pieces += [lost.prefix, lost]
            case Known() | Absent():
                pieces.append(text_of(item))
    return put_together(budget, pieces, arguments, place)


def lower(text: Any) -> str:
    return _by_letter(as_text(text), str.lower)


def upper(text: Any) -> str:
    return _by_letter(as_text(text), str.upper)


def title(text: Any) -> str:
    titled: list[str] = []
    before = " "
    for character in as_text(text):
        begins = not (before.isalnum() or before == "_") and (before.isascii() or before.isspace())
        titled.append(_by_letter(character, str.title) if begins else character)
        before = character
    return "".join(titled)


def _by_letter(text: str, change: Callable[[str], str]) -> str:
    """Go changes one letter for one letter, Python may make two of one."""
    if text.isascii():
        return change(text)
    changed = [character if character == "ß" else change(character) for character in text]
    if any(len(letter) != 1 for letter in changed):
        raise UndecidedError("a letter has no other case that is one letter")
    return "".join(changed)


def regex(budget: Budget, pattern: Any, text: Any) -> Any:
    from astrovet.terraform.functions.regular_expressions import matches

    for match in matches(budget, as_text(pattern), as_text(text)):
        return match.result
    raise RefusedError("the regular expression matches nothing")


def regexall(budget: Budget, pattern: Any, text: Any) -> list[Any]:
    from astrovet.terraform.functions.regular_expressions import matches

    return [match.result for match in matches(budget, as_text(pattern), as_text(text))]


def replace(budget: Budget, text: Any, part: Any, replacement: Any) -> str:
    """A part between slashes is a regular expression."""
    whole, wanted, new = as_text(text), as_text(part), as_text(replacement)
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        from astrovet.terraform.functions.regular_expressions import replaced

        return replaced(budget, whole, wanted[1:-1], new)
    count = whole.count(wanted) if wanted else len(whole) + 1
    budget.characters.spend(len(whole) + count * len(new))
    return whole.replace(wanted, new)


def split(separator: Any, text: Any) -> list[str]:
    mark, whole = as_text(separator), as_text(text)
    return whole.split(mark) if mark else list(whole)


def startswith(arguments: Arguments, place: Place) -> Value[Tree]:
    """The known beginning of a text may be enough."""
    prefix = text_of(arguments[1])
    match arguments[0]:
        case Unknown(prefix=begin) as lost:
            if not begin.startswith(prefix) and prefix.startswith(begin):
                raise UndecidedError.because_of(lost)
        case known:
            begin = text_of(known)
    return Known(begin.startswith(prefix), place, holds_sensitive(arguments), written=False)


def strcontains(arguments: Arguments, place: Place) -> Value[Tree]:
    """The known beginning of a text may be enough."""
    part = text_of(arguments[1])
    match arguments[0]:
        case Unknown(prefix=begin) as lost:
            if part not in begin:
                raise UndecidedError.because_of(lost)
        case known:
            begin = text_of(known)
    return Known(part in begin, place, holds_sensitive(arguments), written=False)


def strrev(text: Any) -> str:
    return "".join(reversed(graphemes(as_text(text))))


def substr(text: Any, offset: Any, length: Any) -> str:
    letters = graphemes(as_text(text))
    start, count = as_integer(offset), as_integer(length)
    start = max(start + len(letters), 0) if start < 0 else start
    return "".join(letters[start:] if count < 0 else letters[start : start + count])


def trim(text: Any, characters: Any) -> str:
    return as_text(text).strip(as_text(characters))


def trimprefix(text: Any, prefix: Any) -> str:
    return as_text(text).removeprefix(as_text(prefix))


def trimspace(text: Any) -> str:
    return as_text(text).strip(_SPACE)


def trimsuffix(text: Any, suffix: Any) -> str:
    return as_text(text).removesuffix(as_text(suffix))
