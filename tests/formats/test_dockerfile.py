"""Dockerfiles as Docker reads them: continued lines, comments, here-documents and both forms of `ENV`."""

from __future__ import annotations

import pytest

from astrovet.formats.dockerfile import assignments, instructions


def read(content: str) -> list[tuple[str, str]]:
    return [(one.keyword, " ".join(one.text.split())) for one in instructions("Dockerfile", content)]


def assigned(content: str) -> list[tuple[str, str | None, int, int]]:
    return [
        (given.name, given.value, given.place.line, given.place.column)
        for one in instructions("Dockerfile", content)
        for given in assignments(one, content)
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("from a\nRUN b\n", [("FROM", "a"), ("RUN", "b")]),
        ("# ENV A=1\nFROM a # b\n", [("FROM", "a # b")]),
        ("RUN a \\\n  # not this \\\n\n  b\nUSER c", [("RUN", "a b"), ("USER", "c")]),
        ("RUN a \\\r\n  b\r\nUSER c\r\n", [("RUN", "a b"), ("USER", "c")]),
        ("# escape=`\nRUN a `\n  b\nUSER c\\\nRUN d", [("RUN", "a b"), ("USER", "c\\"), ("RUN", "d")]),
        ("RUN <<EOF\nENV A=1\nEOF\nUSER c", [("RUN", "<<EOF ENV A=1 EOF"), ("USER", "c")]),
        ("RUN <<EOF\nENV A=1\n", [("RUN", "<<EOF ENV A=1")]),
        ("ENV A=<<EOF\nUSER c", [("ENV", "A=<<EOF"), ("USER", "c")]),
        ("", []),
    ],
)
def test_instructions(content: str, expected: list[tuple[str, str]]) -> None:
    assert read(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("ENV A=1 B=2", [("A", "1", 1, 7), ("B", "2", 1, 11)]),
        ("ENV A=1 \\\n    B='2 3'", [("A", "1", 1, 7), ("B", "2 3", 2, 7)]),
        ('ENV A="b \\" c"', [("A", 'b " c', 1, 7)]),
        ("ENV A b c \n", [("A", "b c", 1, 7)]),
        ("ARG A\nARG B=\n", [("A", None, 1, 5), ("B", "", 2, 7)]),
        ("ARG A B=1\n", [("A", None, 1, 5), ("B", "1", 1, 9)]),
        ("ENV A\n", [("A", None, 1, 5)]),
    ],
)
def test_assignments(content: str, expected: list[tuple[str, str | None, int, int]]) -> None:
    assert assigned(content) == expected
