"""What an unquoted YAML scalar means to Helm: go-yaml v2's rules, then a way through JSON."""

from __future__ import annotations

import re

from astrovet.value import Leaf

TYPES = {"int": int, "bool": bool, "float": float, "null": type(None)}
_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
# The digits are those of 64 bits, so that a long run of digits costs nothing.
_INTEGER = (
    r"([-+]?)(?:0[bB]0*(?P<b>[01]{1,64})|0[xX]0*(?P<x>[0-9a-fA-F]{1,16})"
    r"|0[oO]0*(?P<o>[0-7]{1,22})|0+(?P<z>[0-7]{1,22})|(?P<d>0|[1-9][0-9]{0,19}))"
)
_BASES = {"b": 2, "x": 16, "o": 8, "z": 8, "d": 10}
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"

_FRACTION = r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?"


def plain_to_newer(content: str) -> Leaf | None:
    """Resolve an unquoted scalar by go-yaml v3's rules, which take `yes`, `no`, `on`, `off`, `y` and `n` for text."""
    leaf = plain(content)
    return content if isinstance(leaf, bool) and content.lower() not in ("true", "false") else leaf


def plain(content: str) -> Leaf | None:
    """Resolve an unquoted scalar by go-yaml v2's rules; None is null. Dates stay text."""
    if content in _WORDS:
        return _WORDS[content]
    first = content[0]
    if first == ".":
        number = float(content) if re.fullmatch(_FRACTION, content) else None
    elif first in "+-0123456789":
        digits = content.replace("_", "")
        integer = _integer(digits)
        if integer is not None:
            return integer
        number = float(digits) if re.fullmatch(_FLOAT, digits) else None
    else:
        return content
    return content if number is None or number in (float("inf"), float("-inf")) else number


def _integer(digits: str) -> int | None:
    """Go's strconv.ParseInt with base 0; a number without a sign may use all 64 bits."""
    written = re.fullmatch(_INTEGER, digits)
    if written is None or written.lastgroup is None:
        return None
    number = int(written[written.lastgroup], _BASES[written.lastgroup])
    if written[1]:
        number = -number if written[1] == "-" else number
        return number if -(2**63) <= number < 2**63 else None
    return number if number < 2**64 else None


def as_json(number: int | float) -> int | float:
    """The number that is left after Helm's way through JSON, where every number is a float."""
    if abs(number) <= 2**53:
        return int(number) if number == int(number) else number
    through = float(number)
    return int(through) if abs(through) < 1e21 else through


def float_key(number: float) -> str:
    """A float as a key: Go's shortest text of 32 bits (`1.10` is `1.1`, `1e6` is `1e+06`)."""
    from struct import pack, unpack

    try:
        single: float = unpack("f", pack("f", number))[0]
    except OverflowError:
        single = number * float("inf")
    if single != single:
        return ".nan"
    if single in (float("inf"), float("-inf")):
        return ".inf" if single > 0 else "-.inf"
    for decimals in range(9):
        text = f"{single:.{decimals}e}"
        if unpack("f", pack("f", float(text)))[0] == single:
            break
    exponent = int(text.partition("e")[2])
    return f"{single:.{max(decimals - exponent, 0)}f}" if -4 <= exponent < 6 else text
