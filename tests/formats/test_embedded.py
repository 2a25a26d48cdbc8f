"""YAML in a text: every place in it is one of the file that holds the text."""

from __future__ import annotations

import json

import pytest

from astrovet.document import Document
from astrovet.formats.embedded import embedded_yaml
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import scan
from astrovet.formats.json_text import json_text
from astrovet.formats.yaml.documents import read_yaml
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at
from support import cut

INNER = 'a:\n  - b: "x: y"\n  - |\n    {"c": true}\nd:\n'


def inner(value: Value[Tree]) -> tuple[Document, ...]:
    assert isinstance(value, Known)
    assert isinstance(value.value, str)
    return embedded_yaml(value)  # type: ignore[arg-type]


def in_yaml(content: str) -> tuple[Document, ...]:
    return inner(at(read_yaml("app.yaml", content)[0].root, "spec", "values"))


def in_hcl(content: str) -> tuple[Document, ...]:
    file = scan("main.tf", content)
    return inner(literal(file, file.body.attributes[0]))


def indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in text.rstrip("\n").split("\n"))


@pytest.mark.parametrize(
    "content",
    [
        "spec:\n  values: |\n" + indented(INNER, "    "),
        "spec:\n  values: |4-\n" + indented(INNER, "      "),
        "spec:\n  values: " + json.dumps(INNER) + "\n",
    ],
    ids=["literal", "explicit indent", "double quoted"],
)
def test_every_place_is_one_of_the_file(content: str) -> None:
    (document,) = in_yaml(content)
    assert isinstance(document.root, Known)
    assert isinstance(document.root.value, Map)
    assert cut(content, document.root.value.entries["a"].key_place) == "a"
    value = at(document.root, "a", 0, "b")
    assert cut(content, value.place).replace("\\", "") == '"x: y"'
    assert value.place.pointer == "spec.values.a[0].b"
    missing = at(document.root, "d")
    assert isinstance(missing, Absent)
    assert cut(content, missing.place) == "d"
    deeper = json_text(at(document.root, "a", 1))
    assert cut(content, at(deeper.content, "c").place) == "true"
    assert at(deeper.content, "c").place.pointer == "spec.values.a[1].c"


def test_in_single_quotes_a_line_break_is_written_as_two() -> None:
    (document,) = in_yaml("spec: {values: 'a: \"x: y\"\n\n  d:\n\n\n  e: true'}\n")
    assert at(document.root, "e").place == Place("app.yaml", 6, 6, 6, 10, pointer="spec.values.e")


def test_golden_positions() -> None:
    (document,) = in_yaml("spec:\n  values: |\n" + indented(INNER, "    "))
    assert at(document.root, "a", 0, "b").place == Place("app.yaml", 4, 12, 4, 18, pointer="spec.values.a[0].b")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("values = <<EOT\na:\n  b: true\nEOT\n", (3, 6, 3, 10)),
        ("values = <<-EOT\n    a:\n\n      b: true\n  EOT\n", (4, 10, 4, 14)),
        ("values = <<-EOT\n    # $${X} and %%{if}\n    a: {c: '$${X}', b: true}\n    EOT\n", (3, 24, 3, 28)),
        ('values = "a:\\n  b: true\\n"\n', (1, 20, 1, 24)),
        ('values = "{\\"a\\": {\\"x\\": \\"$${X}\\", \\"b\\": true}}"\n', (1, 45, 1, 49)),
    ],
)
def test_texts_of_terraform(content: str, place: tuple[int, int, int, int]) -> None:
    value = at(in_hcl(content)[0].root, "a", "b")
    assert isinstance(value, Known)
    assert value.value is True
    assert (value.place.line, value.place.column, value.place.end_line, value.place.end_column) == place
    assert cut(content, value.place) == "true"


def test_windows_line_ends_in_terraform_have_the_place_of_the_whole_text() -> None:
    value = at(in_hcl("values = <<EOT\r\na:\r\n  b: true\r\nEOT\r\n")[0].root, "a", "b")
    assert (value.place.line, value.place.pointer) == (1, "values.a.b")


def test_without_a_layout_every_place_is_that_of_the_whole_text() -> None:
    place = Place("plan.json", address="helm_release.agent", pointer="values[0]")
    (document,) = embedded_yaml(Known("- a: 1\n", place, sensitive=True, written=False))
    expected = Place("plan.json", address="helm_release.agent", pointer="values[0][0].a")
    assert at(document.root, 0, "a") == Known(1, expected, sensitive=True, written=False)


def test_problems_and_their_notes_are_moved() -> None:
    (document,) = in_yaml("spec:\n  values: |\n    a: 1\n    a: 2\n")
    (problem,) = document.problems
    assert (problem.place.line, problem.place.column, problem.place.pointer) == (4, 5, "spec.values.a")
    assert (problem.related[0].place.line, problem.related[0].place.column) == (3, 5)


def test_what_is_no_yaml_says_where() -> None:
    (document,) = in_yaml("spec:\n  values: |\n    a: [\n    b: {{ x }}\n")
    assert isinstance(document.root, Unknown)
    assert document.problems[0].place.line == 4
    assert document.root.place == document.problems[0].place


def test_all_documents_of_a_text_are_read_and_none_of_an_empty_one() -> None:
    first, second = in_yaml("spec:\n  values: |\n    a: 1\n    ---\n    b: 2\n")
    assert at(first.root, "a").place.line == 3
    assert at(second.root, "b").place.line == 5
    assert isinstance(in_yaml("spec:\n  values: ''\n")[0].root, Absent)
