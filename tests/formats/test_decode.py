"""Bytes to text: marks, and bytes that are no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrovet.document import ProblemKind
from astrovet.formats.decode import decode


def test_utf8_needs_no_word() -> None:
    text = decode("values.yaml", "name: Zoë 𝒳\n".encode())
    assert text.content == "name: Zoë 𝒳\n"
    assert text.problems == ()


@pytest.mark.parametrize(
    ("mark", "codec", "named"),
    [
        (b"\xef\xbb\xbf", "utf-8", "UTF-8 with a byte-order mark"),
        (b"\xff\xfe", "utf-16-le", "UTF-16"),
        (b"\xfe\xff", "utf-16-be", "UTF-16"),
        (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
        (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    ],
)
def test_a_mark_is_read_and_told(mark: bytes, codec: str, named: str) -> None:
    text = decode("plan.json", mark + '{"é": "𝒳"}'.encode(codec))
    assert text.content == '{"é": "𝒳"}'
    (odd,) = text.problems
    assert odd.kind is ProblemKind.ODD_ENCODING
    assert named in odd.why
    assert "Out-File -Encoding utf8" in odd.how


def test_an_empty_file_is_empty_text() -> None:
    assert decode("values.yaml", b"").content == ""
    assert decode("values.yaml", b"").problems == ()


@pytest.mark.parametrize(
    ("data", "offset", "line", "column"),
    [
        (b"a: 1\nb: \xff\n", 8, 2, 4),
        (b"a: 1\nb: \x00\n", 8, 2, 4),
        ("é: 1\né".encode() + b"\xc3", 8, 2, 2),
        (b"\xef\xbb\xbfa\x00", 4, 1, 2),
        (b"\xff\xfea\x00\n\x00b\x00\x00\x00", 8, 2, 2),
        (b"\xff\xfea\x00b", 4, 1, 2),
        (b"PK\x03\x04\x00\x00", 4, 1, 5),
    ],
)
def test_bytes_that_are_no_text_name_the_offset(data: bytes, offset: int, line: int, column: int) -> None:
    text = decode("values.yaml", data)
    assert text.content == ""
    (problem,) = text.problems
    assert problem.kind is ProblemKind.UNREADABLE
    assert f"at offset {offset} " in problem.why
    assert (problem.place.line, problem.place.column) == (line, column)


def test_the_content_is_never_quoted() -> None:
    (problem,) = decode("values.yaml", b"agentToken: canary-4711\xff").problems
    assert "canary" not in problem.why + problem.how


@given(st.binary(max_size=40))
def test_any_bytes_give_text_or_a_problem(data: bytes) -> None:
    text = decode("f", data)
    assert text.content or not data or text.problems
    assert "\0" not in text.content


@given(st.text().filter(lambda text: "\0" not in text and not text.startswith("\ufeff")))
def test_text_survives(content: str) -> None:
    assert decode("f", content.encode()).content == content
