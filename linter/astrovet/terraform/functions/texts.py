"""Terraform's functions on texts, numbers and addresses, as functions of plain data.

All raise RefusedError where Terraform does, and where its answer is not certain.
"""

from __future__ import annotations

import math
import re
from typing import Any

from astrovet.terraform.functions.patterns import matches, replaced, result
from astrovet.terraform.functions.plain_data import (
    RefusedError,
    as_bool,
    as_integer,
    as_number,
    as_text,
    from_decimal,
    to_decimal,
)

MAX_LENGTH = 100_000
MAX_RANGE = 1024
# Python strips more than Go, which goes by Unicode's White_Space.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def graphemes(text: str) -> list[str]:
    """The characters as Terraform counts them, which is by what a reader sees as one."""
    if "\r" in text or (not text.isascii() and any(character >= "\u0300" for character in text)):
        raise RefusedError("astrovet does not count the characters of this text")
    return list(text)


def strings(data: Any) -> list[str]:
    """A list of texts."""
    return [as_text(item) for item in items(data)]


def items(data: Any) -> list[Any]:
    """A list."""
    if isinstance(data, list):
        return data
    raise RefusedError("an argument is no list")


def lower(text: Any) -> str:
    return _by_letter(as_text(text), str.lower)


def upper(text: Any) -> str:
    return _by_letter(as_text(text), str.upper)


def title(text: Any) -> str:
    found, before = "", " "
    for character in as_text(text):
        begins = not (before.isalnum() or before == "_") and (before.isascii() or before.isspace())
        found += _by_letter(character, str.title) if begins else character
        before = character
    return found


def _by_letter(text: str, change: Any) -> str:
    """Go changes one letter for one letter, Python may make two of one."""
    if text.isascii():
        return str(change(text))
    changed = [change(character) for character in text]
    if any(len(each) != 1 for each in changed):
        raise RefusedError("a letter has no other case that is one letter")
    return "".join(changed)


def trim(text: Any, characters: Any) -> str:
    return as_text(text).strip(as_text(characters))


def trimspace(text: Any) -> str:
    return as_text(text).strip(_SPACE)


def trimprefix(text: Any, prefix: Any) -> str:
    return as_text(text).removeprefix(as_text(prefix))


def trimsuffix(text: Any, suffix: Any) -> str:
    return as_text(text).removesuffix(as_text(suffix))


def startswith(text: Any, prefix: Any) -> bool:
    return as_text(text).startswith(as_text(prefix))


def endswith(text: Any, suffix: Any) -> bool:
    return as_text(text).endswith(as_text(suffix))


def strcontains(text: Any, part: Any) -> bool:
    return as_text(part) in as_text(text)


def chomp(text: Any) -> str:
    return as_text(text).rstrip("\r\n")


def indent(spaces: Any, text: Any) -> str:
    width = as_integer(spaces)
    if not 0 <= width <= MAX_LENGTH:
        raise RefusedError("the indentation is none")
    return as_text(text).replace("\n", "\n" + " " * width)


def strrev(text: Any) -> str:
    return "".join(reversed(graphemes(as_text(text))))


def substr(text: Any, offset: Any, length: Any) -> str:
    letters = graphemes(as_text(text))
    start, count = as_integer(offset), as_integer(length)
    start = max(start + len(letters), 0) if start < 0 else start
    return "".join(letters[start:] if count < 0 else letters[start : start + count])


def split(separator: Any, text: Any) -> list[str]:
    mark, whole = as_text(separator), as_text(text)
    return whole.split(mark) if mark else list(whole)


def replace(text: Any, part: Any, replacement: Any) -> str:
    """A part between slashes is a regular expression."""
    whole, wanted, new = as_text(text), as_text(part), as_text(replacement)
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        return replaced(whole, wanted[1:-1], new)
    return whole.replace(wanted, new)


def regex(pattern: Any, text: Any) -> Any:
    for match in matches(as_text(pattern), as_text(text)):
        return result(match)
    raise RefusedError("the regular expression matches nothing")


def regexall(pattern: Any, text: Any) -> list[Any]:
    return [result(match) for match in matches(as_text(pattern), as_text(text))]


def compact(texts: Any) -> list[str]:
    return [as_text(each) for each in items(texts) if each is not None and as_text(each)]


def sort(texts: Any) -> list[str]:
    return sorted(strings(texts))


def basename(path: Any) -> str:
    text = as_text(path)
    if not text:
        return "."
    return text.rstrip("/").rpartition("/")[2] or "/"


def dirname(path: Any) -> str:
    from posixpath import normpath

    folder = normpath("".join(as_text(path).rpartition("/")[:2]) or ".")
    return folder[1:] if folder.startswith("//") else folder


def urlencode(text: Any) -> str:
    from urllib.parse import quote_plus

    return quote_plus(as_text(text))


def base64encode(text: Any) -> str:
    from base64 import b64encode

    return b64encode(as_text(text).encode()).decode()


def base64decode(text: Any) -> str:
    from base64 import b64decode

    try:
        return b64decode(as_text(text).replace("\n", "").replace("\r", ""), validate=True).decode()
    except ValueError:
        raise RefusedError("the text is no Base64 of a text") from None


def base64sha256(text: Any) -> str:
    from base64 import b64encode

    return b64encode(bytes.fromhex(sha256(text))).decode()


def md5(text: Any) -> str:
    return _digest("md5", text)


def sha1(text: Any) -> str:
    return _digest("sha1", text)


def sha256(text: Any) -> str:
    return _digest("sha256", text)


def sha512(text: Any) -> str:
    return _digest("sha512", text)


def _digest(algorithm: str, text: Any) -> str:
    import hashlib

    return hashlib.new(algorithm, as_text(text).encode(), usedforsecurity=False).hexdigest()


def parseint(text: Any, base: Any) -> int:
    radix = as_integer(base)
    if not isinstance(text, str) or not 2 <= radix <= 62 or len(text) > MAX_RANGE:
        raise RefusedError("the text is no whole number")
    digits = text.lstrip("+-") if text[:1] in "+-" and text[1:2] not in {"+", "-"} else text
    number = 0
    for digit in digits:
        number = number * radix + _digit(digit, radix)
    if not digits or (number == 0 and text.startswith("-")):
        raise RefusedError("the text is no whole number")
    return -number if text.startswith("-") else number


def _digit(digit: str, radix: int) -> int:
    letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    found = letters.find(digit if radix > 36 else digit.lower())
    if not 0 <= found < radix:
        raise RefusedError("the text is no whole number")
    return found


def minimum(*numbers: Any) -> float:
    return min(as_number(each) for each in numbers)


def maximum(*numbers: Any) -> float:
    return max(as_number(each) for each in numbers)


def absolute(number: Any) -> float:
    return abs(as_number(number))


def ceil(number: Any) -> int:
    return math.ceil(as_number(number))


def floor(number: Any) -> int:
    return math.floor(as_number(number))


def signum(number: Any) -> int:
    whole = as_integer(number)
    return (whole > 0) - (whole < 0)


def power(base: Any, exponent: Any) -> float:
    """Terraform calculates it with floats of 64 bits."""
    try:
        number = float(as_number(base)) ** float(as_number(exponent))
    except (OverflowError, ZeroDivisionError):
        raise RefusedError("the power is no number") from None
    if isinstance(number, complex):
        raise RefusedError("the power is no number")
    from decimal import Decimal

    found = from_decimal(Decimal(repr(number)))
    if found is None:
        raise RefusedError("the power is not known exactly")
    return found


def total(numbers: Any) -> float:
    from decimal import Context

    if not items(numbers):
        raise RefusedError("there is nothing to add up")
    exact = Context(prec=2000)
    amount = exact.create_decimal(0)
    for each in items(numbers):
        amount = exact.add(amount, to_decimal(as_number(each)))
    found = from_decimal(amount)
    if found is None:
        raise RefusedError("the sum is not known exactly")
    return found


def number_range(*limits: Any) -> list[Any]:
    numbers = [to_decimal(as_number(each)) for each in limits]
    start, end = (to_decimal(0), numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) == 3 else to_decimal(1 if end >= start else -1)
    if step == 0 or (step > 0) != (end >= start):
        raise RefusedError("the step does not lead to the end")
    found: list[Any] = []
    while (start < end) if step > 0 else (start > end):
        found.append(from_decimal(start))
        start += step
        if len(found) > MAX_RANGE:
            raise RefusedError("the range is too long")
    return found


def alltrue(flags: Any) -> bool:
    return False not in _flags(flags)


def anytrue(flags: Any) -> bool:
    return True in _flags(flags)


def _flags(flags: Any) -> list[bool]:
    return [each is not None and as_bool(each) for each in items(flags)]


def transpose(lists: Any) -> dict[str, list[str]]:
    if not isinstance(lists, dict):
        raise RefusedError("an argument is no map")
    found: dict[str, list[str]] = {}
    for key, texts in sorted(lists.items()):
        for text in strings(texts):
            found.setdefault(text, []).append(key)
    return found


def cidrsubnet(prefix: Any, newbits: Any, number: Any) -> str:
    network = _network(prefix)
    more, index = as_integer(newbits), as_integer(number)
    length = network.prefixlen + more
    if not 0 <= more <= 32 or length > network.max_prefixlen or not 0 <= index < 2**more:
        raise RefusedError("the range has no such subnet")
    first = int(network.network_address) + (index << (network.max_prefixlen - length))
    return f"{_address(network, first)}/{length}"


def cidrsubnets(prefix: Any, *newbits: Any) -> list[str]:
    network = _network(prefix)
    found: list[str] = []
    position, end = int(network.network_address), int(network.broadcast_address)
    for each in newbits:
        more = as_integer(each)
        length = network.prefixlen + more
        if not 1 <= more <= 32 or length > network.max_prefixlen:
            raise RefusedError("the range has no such subnet")
        size = 1 << (network.max_prefixlen - length)
        position = -(-position // size) * size
        if position + size - 1 > end:
            raise RefusedError("the range has no room for all subnets")
        found.append(f"{_address(network, position)}/{length}")
        position += size
    return found


def cidrhost(prefix: Any, number: Any) -> str:
    network = _network(prefix)
    index = as_integer(number)
    first, last = int(network.network_address), int(network.broadcast_address)
    address = first + index if index >= 0 else last + 1 + index
    if not first <= address <= last:
        raise RefusedError("the range has no such address")
    return _address(network, address)


def cidrnetmask(prefix: Any) -> str:
    network = _network(prefix)
    if network.version != 4:
        raise RefusedError("an IPv6 range has no mask")
    return str(network.netmask)


def _network(prefix: Any) -> Any:
    from ipaddress import ip_network

    text = as_text(prefix)
    if not re.fullmatch(r"[0-9a-fA-F:.]+/(0|[1-9][0-9]{0,2})", text):
        raise RefusedError("the text is no CIDR range")
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise RefusedError("the text is no CIDR range that astrovet reads") from None
    if network.version == 6 and "." in text:
        raise RefusedError("the text is no CIDR range that astrovet reads")
    return network


def _address(network: Any, number: int) -> str:
    from ipaddress import IPv4Address, IPv6Address

    if network.version == 4:
        return str(IPv4Address(number))
    address = IPv6Address(number)
    if address.ipv4_mapped is not None:
        raise RefusedError("the range has IPv4 addresses in IPv6 form")
    return str(address)
