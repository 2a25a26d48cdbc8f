"""Bytes to text.

UTF-8 is expected. Text that says in its byte-order mark that it is something else is read all the
same, and its encoding is a problem of its own: PowerShell's `>` writes UTF-16.
"""

from __future__ import annotations

from msgspec import Struct

from astrovet.document import Problem, ProblemKind
from astrovet.place import Place


class Text(Struct, frozen=True):
    """The text of a file, without a byte-order mark."""

    path: str
    content: str
    """Empty where the bytes are not text."""
    problems: tuple[Problem, ...] = ()


# The mark of UTF-32 begins with the mark of UTF-16, so the longer ones come first.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with a byte-order mark"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)

_WRITE_UTF8 = "write it as UTF-8; in PowerShell, end the command with `| Out-File -Encoding utf8 <file>`"
_WRITE_WITHOUT_MARK = "write it without the mark: in PowerShell 7, with `| Out-File -Encoding utf8NoBOM <file>`"


def decode(path: str, data: bytes) -> Text:
    """Read bytes as text.

    Never raises: bytes that are no text give empty content and an UNREADABLE problem at the first
    byte that does not fit.
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            remedy = _WRITE_WITHOUT_MARK if codec == "utf-8" else _WRITE_UTF8
            message = f"the file is {name}; it was read all the same"
            odd = Problem(ProblemKind.ODD_ENCODING, message, remedy, Place(path))
            return _decode(path, data, len(mark), codec, (odd,))
    return _decode(path, data, 0, "utf-8", ())


def _decode(path: str, data: bytes, start: int, codec: str, problems: tuple[Problem, ...]) -> Text:
    body = data[start:]
    try:
        content = body.decode(codec)
    except UnicodeDecodeError as error:
        before, offset, what = body[: error.start].decode(codec), error.start, "does not fit the encoding"
    else:
        if "\0" not in content:
            return Text(path, content, problems)
        before = content[: content.index("\0")]
        offset, what = len(before.encode(codec)), "is NUL, which no text contains"
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    problem = Problem(
        ProblemKind.UNREADABLE,
        f"the file is not text: the byte at offset {start + offset} {what}",
        _WRITE_UTF8,
        Place(path, line, column, line, column + 1),
    )
    return Text(path, "", (problem,))
