"""Terraform's date and time functions; none of them looks at the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from astrovet.terraform.values.conversion import as_text
from astrovet.terraform.values.refusal import RefusedError, UndecidedError

_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_MICROSECONDS = {"us": 1, "µs": 1, "μs": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000}
_VERB = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")


def formatdate(pattern: Any, timestamp: Any) -> str:
    moment = _moment(timestamp)
    whole, written, position = as_text(pattern), list[str](), 0
    for verb in _VERB.finditer(whole):
        if verb.start() != position:
            break
        position = verb.end()
        if verb[1] is not None:
            written.append(verb[1].replace("''", "'"))
        else:
            written.append(_verb(verb[0], moment) if verb[2] else verb[0])
    if position != len(whole):
        raise RefusedError("the format of a date is none")
    return "".join(written)


def _verb(verb: str, moment: datetime) -> str:
    twelve = moment.hour % 12 or 12
    offset = moment.strftime("%z")
    verbs = {
        "YY": f"{moment.year % 100:02d}",
        "YYYY": f"{moment.year:04d}",
        "M": str(moment.month),
        "MM": f"{moment.month:02d}",
        "MMM": _MONTHS[moment.month - 1][:3],
        "MMMM": _MONTHS[moment.month - 1],
        "D": str(moment.day),
        "DD": f"{moment.day:02d}",
        "EEE": _DAYS[moment.weekday()][:3],
        "EEEE": _DAYS[moment.weekday()],
        "h": str(moment.hour),
        "hh": f"{moment.hour:02d}",
        "H": str(twelve),
        "HH": f"{twelve:02d}",
        "AA": "AM" if moment.hour < 12 else "PM",
        "aa": "am" if moment.hour < 12 else "pm",
        "m": str(moment.minute),
        "mm": f"{moment.minute:02d}",
        "s": str(moment.second),
        "ss": f"{moment.second:02d}",
        "Z": "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}",
        "ZZZ": "UTC" if offset == "+0000" else offset,
        "ZZZZ": offset,
        "ZZZZZ": f"{offset[:3]}:{offset[3:]}",
    }
    if verb not in verbs:
        raise RefusedError("the format of a date is none")
    return verbs[verb]


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def timeadd(timestamp: Any, duration: Any) -> str:
    try:
        moment = _moment(timestamp) + _duration(as_text(duration))
    except OverflowError:
        raise UndecidedError("a date is beyond what astrovet calculates with") from None
    zone = moment.strftime("%z")
    return moment.strftime("%Y-%m-%dT%H:%M:%S").zfill(19) + ("Z" if zone == "+0000" else f"{zone[:3]}:{zone[3:]}")


def timecmp(one: Any, other: Any) -> int:
    left, right = _moment(one), _moment(other)
    return (left > right) - (left < right)


def _moment(timestamp: Any) -> datetime:
    match = _TIMESTAMP.fullmatch(as_text(timestamp))
    if match is None:
        raise RefusedError("the text is no date and time as RFC 3339 has them")
    if len(match[7] or "") > 6:
        raise UndecidedError("a date is more exact than astrovet calculates with")
    zone = timedelta(hours=int(match[10] or 0), minutes=int(match[11] or 0)) * (-1 if match[9] == "-" else 1)
    try:
        moment = datetime.strptime(f"{match[0][:19]}+0000", "%Y-%m-%dT%H:%M:%S%z")
        return moment.replace(microsecond=int((match[7] or "0").ljust(6, "0")), tzinfo=timezone(zone))
    except ValueError:
        raise UndecidedError("the text is no date and time that astrovet reads") from None


def _duration(text: str) -> timedelta:
    unsigned = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    parts = list(_DURATION.finditer(unsigned))
    if unsigned == "0":
        return timedelta()
    if not parts or "".join(part[0] for part in parts) != unsigned:
        raise RefusedError("the text is no duration")
    total = sum(_microseconds(parts))
    return timedelta(microseconds=-total if text.startswith("-") else total)


def _microseconds(parts: list[re.Match[str]]) -> Iterator[int]:
    from decimal import Decimal

    for part in parts:
        exact = Decimal(part[1]) * _MICROSECONDS.get(part[2], 0)
        if part[2] == "ns" or exact != exact.to_integral_value():
            raise UndecidedError("a duration is more exact than astrovet calculates with")
        yield int(exact)
