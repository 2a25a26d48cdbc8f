"""CSV as Terraform reads it, which is as Go's `encoding/csv` does (RFC 4180)."""

from __future__ import annotations

import re

from astrovet.terraform.values.refusal import RefusedError

_FIELD = re.compile(r'"((?:[^"]|"")*+)"(,|\n|\Z)|([^",\n]*+)(,|\n|\Z)')


def read_csv(text: str) -> list[list[str]]:
    """The rows; empty lines are none.

    Raises:
        RefusedError: a quote stands where none may.
    """
    content = text.replace("\r\n", "\n").removesuffix("\r")
    rows: list[list[str]] = []
    row: list[str] = []
    position = 0
    while position < len(content) or row:
        if not row and content.startswith("\n", position):
            position += 1
            continue
        field = _FIELD.match(content, position)
        if field is None:
            raise RefusedError("the text is no CSV")
        row.append(field[1].replace('""', '"') if field[1] is not None else field[3])
        position = field.end()
        if (field[2] or field[4]) != ",":
            rows.append(row)
            row = []
    return rows
