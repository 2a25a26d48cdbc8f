"""Where the characters of a YAML text stand in its file, whatever style it is written in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.formats.yaml.documents import read_yaml
from astrovet.formats.yaml.layout import layout_of
from astrovet.place import Layout
from astrovet.value import Known, at


def text_of(content: str) -> Known[str]:
    """The text under the key `k`."""
    text = at(read_yaml("x.yaml", content)[0].root, "k")
    assert isinstance(text, Known)
    assert isinstance(text.value, str)
    return text  # type: ignore[return-value]


def layout(content: str) -> Layout:
    text_layout = text_of(content).layout
    assert text_layout is not None
    return text_layout


def seen(content: str) -> str:
    """What stands at the place of each character of the text; a line's end is `¶`."""
    lines = content.replace("\r\n", "\n").split("\n")
    known = text_of(content)
    assert known.layout is not None
    places = [known.layout.at(offset) for offset in range(len(known.value))]
    return "".join((lines[line - 1] + "¶")[column - 1] for line, column in places)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("k: '{\"a\": 1}'\n", '{"a": 1}'),
        ("k: '{\"it''s\":\n   1}'\n", '{"it\'s":¶1}'),
        ("k: '{\"a\":\n\n\n   1}'\n", '{"a":¶¶1}'),
        ('k: "{\\"a\\": \\u0031}"\n', r"{\a\: \}"),
        ('k: "{\\"a\\": \\\n   \\t 1}"\n', r"{\a\: \ 1}"),
        ('k: "[1,\n\n   2]"\n', "[1,¶2]"),
        ("k: plain\n\n  text: no\n", None),
        ("k: plain\n\n  text\n", None),
        ("k: |\n  o: e\n   two\n\n  three\n", "o: e¶ two¶¶three¶"),
        ("k: |-\n  o: e\n  two\n\n", "o: e¶two"),
        ("k: |+\n  o: e\n\n\nl: 1\n", "o: e¶¶¶"),
        ("k: |2\n    o: e\n  two\n", "  o: e¶two¶"),
        ("k: |2-  # a comment\n    o: e\n   \n  two\n", "  o: e¶ ¶two"),
        ("k: &a !!str |\n  o: e\n", "o: e¶"),
        ("k: >\n  o: e\n  two\n\n  three\n    four\n\n  five\n", "o: e¶two¶three¶  four¶¶five¶"),
        ("k: >-\n\n  o: e\n\n\n  two\n\n", "¶o: e¶¶two"),
        ("k: >+2\n    o: e\n  two\n\n", "  o: e¶two¶¶"),
        ("k: |\n  o: e\n  two", "o: e¶two"),
        ("k: |\r\n  o: e\r\n  two\r\n", "o: e¶two¶"),
        ("a: &x '[1]'\nk: *x\n", "[1]"),
        ("k:\n  [1]\n", None),
        ("k: 'only text'\n", None),
        ("k: !!binary |\n  W10=\n", None),
        ("k: 'a\u2028  b\n\n  c'\n", None),
    ],
)
def test_what_stands_at_each_place(content: str, expected: str | None) -> None:
    root = read_yaml("x.yaml", content)[0].root
    if expected is None:
        assert getattr(at(root, "k"), "layout", None) is None
    else:
        assert seen(content) == expected


def test_golden_positions() -> None:
    assert layout('k: "{\\"a\\":\n  1}"\n').runs == ((0, 1, 5), (2, 1, 8), (4, 1, 11), (6, 2, 3))
    assert layout("k: |\n  a: 1\n\n  b: 2\n").runs == ((0, 2, 3), (5, 3, 1), (6, 4, 3))


def test_a_source_that_does_not_say_the_text_has_no_layout() -> None:
    assert layout_of("other", "'text'", "'", 1, 1) is None
    assert layout_of("text and more", "'text'", "'", 1, 1) is None
    assert layout_of("text", "'text and more'", "'", 1, 1) is None
    assert layout_of("one\n", "|\n  two\n", "|", 1, 1) is None


# --- whatever the text, in every style

WORDS = st.text(st.sampled_from("ab{}[]:,#é𝒳'\"\\ \n\t-"), max_size=30)


def quoted(text: str) -> str:
    return "k: " + json.dumps(text, ensure_ascii=False) + "\n"


def literal(text: str) -> str:
    return "k: |2+\n" + "".join(f"  {line}\n" if line else "\n" for line in text.split("\n"))


@settings(max_examples=200)
@given(WORDS.map(lambda text: "{" + text), st.sampled_from([quoted, literal]))
def test_each_character_stands_where_the_layout_says(text: str, write: object) -> None:
    assert callable(write)
    check(write(text))


@settings(max_examples=300)
@given(
    st.sampled_from(["k: >2-\n", "k: >2+\n", "k: |2\n", "k: '\n", 'k: "\n', "k: &a !!str '{\n"]),
    st.lists(
        st.tuples(st.sampled_from(["", "  ", "    ", "\t"]), st.sampled_from(["", "{", "a: b", "c ", "é''", "''"]))
    ),
)
def test_each_character_of_text_of_many_lines_stands_where_the_layout_says(
    start: str, lines: list[tuple[str, str]]
) -> None:
    body = "".join(f"  {indent}{text}\n" for indent, text in lines)
    closing = start.rstrip("\n{")[-1]
    check(start + body + (f"  {closing}\n" if closing in "'\"" else ""))


def check(content: str) -> None:
    """Each character but the escapes stands at its place; texts that are no document have no places."""
    known = at(read_yaml("x.yaml", content)[0].root, "k")
    if not isinstance(known, Known) or not isinstance(known.value, str) or known.layout is None:
        return
    lines = content.split("\n")
    for offset, character in enumerate(known.value):
        line, column = known.layout.at(offset)
        there = (lines[line - 1] + "\n")[column - 1]
        assert there in (character, "\\") or (character == " " and there in "\n \t")


@settings(max_examples=200)
@given(WORDS.map(lambda text: "{" + text), st.sampled_from([quoted, literal]))
def test_no_such_text_is_without_a_layout(text: str, write: object) -> None:
    assert callable(write)
    known = at(read_yaml("x.yaml", write(text))[0].root, "k")
    assert isinstance(known, Known)
    assert known.layout is not None
