"""Terraform's `format`: verbs as its own library (cty) fills them, which is nearly as Go does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from astrovet.terraform.functions.json_texts import json_string, json_text
from astrovet.terraform.values.conversion import as_bool, as_integer, as_number, as_text, to_decimal
from astrovet.terraform.values.plain_data import plain
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.texts import graphemes
from astrovet.value import Absent, Known, Tree, Unknown, Value

MAX_WIDTH = 1000
_VERB = re.compile(r"%(?:%|([-+ #0]*)([0-9]{1,4})?(?:\.([0-9]{1,4}))?(?:\[([0-9]{1,3})\])?([a-zA-Z]))")


def format_pieces(pattern: str, arguments: Sequence[Value[Tree]]) -> Iterator[str | Unknown]:
    """The filled text piece by piece, unknown arguments among them.

    Raises:
        UndecidedError: a verb does not fit its argument, or its result is not certain.
    """
    position, following, most_used = 0, 0, 0
    for verb in _VERB.finditer(pattern):
        yield _literal(pattern[position : verb.start()])
        position = verb.end()
        if verb[0] == "%%":
            yield "%"
            continue
        index = int(verb[4]) - 1 if verb[4] else following
        if not 0 <= index < len(arguments):
            raise RefusedError("there are fewer arguments than verbs")
        following = index + 1
        most_used = max(most_used, following)
        match arguments[index]:
            case Unknown() as lost:
                if verb[5] in "sv" and not verb[2]:
                    yield lost.prefix
                yield lost
            case Absent():
                raise UndecidedError("what null becomes in a text differs between versions of Terraform")
            case Known() as known:
                yield _filled(verb, known)
    yield _literal(pattern[position:])
    if most_used < len(arguments):
        raise RefusedError("there are more arguments than verbs")


def _literal(text: str) -> str:
    if "%" in text:
        raise UndecidedError("astrovet does not evaluate this format")
    return text


def _filled(verb: re.Match[str], value: Known[Tree]) -> str:
    flags, letter = verb[1], verb[5]
    if int(verb[2] or 0) > MAX_WIDTH or int(verb[3] or 0) > MAX_WIDTH or (" " in flags and letter not in "dboxXf"):
        raise UndecidedError("astrovet does not evaluate this format")
    if "#" in flags and (flags, letter) != ("#", "v"):
        raise UndecidedError("astrovet does not evaluate this format")
    match letter:
        case "t":
            return as_text(as_bool(plain(value)))
        case "d" | "b" | "o" | "x" | "X" if not verb[3]:
            return _padded(verb, _signed(flags, as_integer(plain(value)), letter))
        case "f":
            return _padded(verb, _fixed(flags, as_number(plain(value)), int(verb[3] or 6)))
        case "g" if not verb[3] and flags in {"", "-"}:
            return _padded(verb, _shortest(as_number(plain(value))))
        case "s":
            text, most = as_text(plain(value)), int(verb[3] or 0)
            return _padded(verb, "".join(graphemes(text)[:most]) if most else text)
        case "q" if not verb[3]:
            return _padded(verb, json_string(as_text(plain(value))))
        case "v" if not verb[3] and flags in {"", "-", "#"}:
            return _padded(verb, json_text(value) if flags == "#" else _default(value))
        case _:
            raise UndecidedError("astrovet does not evaluate this format")


def _default(value: Known[Tree]) -> str:
    leaf = value.value
    if isinstance(leaf, int | float) and not isinstance(leaf, bool):
        return _shortest(as_number(leaf))
    return as_text(leaf) if isinstance(leaf, str | bool) else json_text(value)


def _padded(verb: re.Match[str], text: str) -> str:
    missing = int(verb[2] or 0) - len(graphemes(text)) if verb[2] else 0
    if missing <= 0:
        return text
    if "-" in verb[1]:
        if "0" in verb[1]:
            raise UndecidedError("astrovet does not evaluate this format")
        return text + " " * missing
    if "0" not in verb[1]:
        return " " * missing + text
    sign = text[:1] if verb[5] in "dboxXf" and text[:1] in {"+", "-", " "} else ""
    return sign + "0" * missing + text.removeprefix(sign)


def _sign(flags: str, negative: bool) -> str:
    return "-" if negative else "+" if "+" in flags else " " if " " in flags else ""


def _signed(flags: str, number: int, letter: str) -> str:
    return _sign(flags, number < 0) + format(abs(number), letter)


def _fixed(flags: str, number: float, places: int) -> str:
    """Decimal places, where Terraform's number of 512 bits and the decimal one surely round alike."""
    from decimal import ROUND_HALF_EVEN, Decimal, localcontext

    exact = to_decimal(number)
    with localcontext(prec=2000):
        scaled = abs(exact).scaleb(places)
        is_half = scaled % 1 == Decimal("0.5")
        if is_half and Decimal(number) != exact:
            raise UndecidedError("how a number is rounded is not certain")
        rounded: Any = abs(exact).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return _sign(flags, number < 0) + format(rounded, "f")


def _shortest(number: float) -> str:
    """All digits; with an exponent from a million on and below a ten-thousandth."""
    exact = to_decimal(number)
    if exact.is_zero():
        return "0"
    exponent = exact.adjusted()
    if -4 <= exponent < 6:
        return as_text(number)
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0")
    mantissa = digits[0] + ("." + digits[1:] if digits[1:] else "")
    return f"{'-' if number < 0 else ''}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
