"""The source line under a finding shows where it stands, and never a value."""

from __future__ import annotations

import json
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.document import ProblemKind
from astrovet.formats.hcl.structure import scan
from astrovet.formats.text_file import TextFile
from astrovet.formats.yaml.documents import read_yaml
from astrovet.place import Place
from astrovet.reports.findings.snippet import MASK, WIDTH, Snippet, snippet
from astrovet.value import Known

Language = Literal["yaml", "hcl"]

CANARY = "CANARY_7f3a"


def show(content: str, line: int, language: Language, column: int = 1, end_column: int = 2) -> Snippet:
    shown = snippet(Place("x", line, column, line, end_column), TextFile.of("x", content), language)
    assert shown is not None
    return shown


def all_lines(content: str, language: Language) -> list[str]:
    return [show(content, line, language).lines[0] for line in range(1, content.count("\n") + 2)]


VALUES = """\
commonEnv:  # the agents
  - name: AWS_SECRET_ACCESS_KEY
    value: "hunter2"
  - {name: LOG_LEVEL, value: INFO, other: hunter2}
secretBackend: airflow.secrets.local_filesystem.LocalFilesystemBackend
enabled: true
ports: [443, "0.0.0.0/0", hunter2]
text: |
  key: hunter2
  more hunter2
nothing: null
empty:
on: off
twice: hunter2
twice: 'hunter2 and more'
"""

VALUES_SHOWN = [
    "commonEnv:  …",
    "  - name: AWS_SECRET_ACCESS_KEY",
    '    value: "…"',
    "  - {name: LOG_LEVEL, value: INFO, other: …}",
    "secretBackend: airflow.secrets.local_filesystem.LocalFilesystemBackend",
    "enabled: true",
    'ports: [443, "0.0.0.0/0", …]',
    "text: …",
    "  …",
    "  …",
    "nothing: null",
    "empty:",
    "on: off",
    "…",
    "twice: '…'",
    "",
]

SOURCE = """\
resource "astro_deployment" "main" { # hunter2
  name       = "hunter2"
  type       = "STANDARD" // hunter2
  cluster_id = astro_cluster.main.id
  note       = "${var.x}-hunter2"
  replicas   = -1
  environment_variables = [{
    key       = "API_TOKEN", value = "hunter2", is_secret = false
  }]
  text = <<-EOT
    key = "hunter2"
    EOT
  made = merge({ a = "hunter2" }, var.y)
  tags = { a = "hunter2", (var.x) = true }
  open = ["0.0.0.0/0", var.cidr, module.a["hunter2"].b]
}
"""

SOURCE_SHOWN = [
    'resource "astro_deployment" "main" { …',
    '  name       = "…"',
    '  type       = "STANDARD" …',
    "  cluster_id = astro_cluster.main.id",
    '  note       = "…"',
    "  replicas   = -1",
    "  environment_variables = [{",
    '    key       = "API_TOKEN", value = "…", is_secret = false',
    "  }]",
    "  text = …",
    "    …",
    "    …",
    "  made = …",
    '  tags = { a = "…", … }',
    '  open = ["0.0.0.0/0", var.cidr, …]',
    "}",
    "",
]


def test_each_line_of_a_values_file() -> None:
    for shown, expected in zip(all_lines(VALUES, "yaml"), VALUES_SHOWN, strict=True):
        assert shown == expected


def test_each_line_of_a_terraform_file() -> None:
    assert all_lines(SOURCE, "hcl") == SOURCE_SHOWN


@pytest.mark.parametrize(
    ("column", "end_column", "underlined"),
    [(5, 10, "value"), (12, 21, '"…"'), (13, 15, "…"), (5, 21, 'value: "…"')],
)
def test_the_underline_follows_the_masked_text(column: int, end_column: int, underlined: str) -> None:
    shown = show(VALUES, 3, "yaml", column, end_column)
    assert shown.line == 3
    assert shown.lines[0][shown.start : shown.end] == underlined


def test_a_place_of_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    shown = snippet(Place("x", 8, 7, 10, 15), TextFile.of("x", VALUES), "yaml")
    assert shown is not None
    assert shown.lines == ("text: …",)
    assert shown.lines[0][shown.start : shown.end] == "…"


@pytest.mark.parametrize("line", [0, 17, 1000])
def test_a_place_without_a_line_has_no_snippet(line: int) -> None:
    assert snippet(Place("x", line, 1, line, 2), TextFile.of("x", VALUES), "yaml") is None


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert all_lines("\ufeff" + VALUES.replace("\n", "\r\n"), "yaml") == all_lines(VALUES, "yaml")
    assert all_lines("\ufeff" + SOURCE.replace("\n", "\r\n"), "hcl") == all_lines(SOURCE, "hcl")


def test_the_line_breaks_of_yaml_count_as_its_parser_counts_them() -> None:
    content = "a: 'x\u2028  y\x85  z'\nb: true\n"
    assert show(content, 4, "yaml").lines == ("b: true",)


def test_nothing_that_moves_the_cursor_reaches_the_terminal() -> None:
    shown = show('"a\u202e\u200bb": true\n', 1, "yaml", 1, 7)
    assert shown.lines == ('"a\\u202e\\u200bb": true',)
    assert shown.lines[0][shown.start : shown.end] == '"a\\u202e\\u200bb"'
    assert show("resource \x1b[31m {\n", 1, "hcl").lines == ("… {",)
    assert show('a = "\x1b]0;owned\x07"\n', 1, "hcl").lines == ('a = "…"',)


def test_tabs_are_kept() -> None:
    assert show("a {\n\tb\t= true\n}\n", 2, "hcl").lines == ("\tb\t= true",)


@pytest.mark.parametrize("position", [0, 20, 39])
def test_a_long_line_is_cut_around_the_underline(position: int) -> None:
    keys = [f"key_number_{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(40)]
    line = "{" + ", ".join(f"{key}: true" for key in keys) + "}"
    column = line.index(keys[position]) + 1
    shown = show(line, 1, "yaml", column, column + len(keys[position]))
    assert len(shown.lines[0]) <= WIDTH
    assert shown.lines[0][shown.start : shown.end] == keys[position]
    assert shown.lines[0].startswith(MASK) is (position > 0)
    assert shown.lines[0].endswith(MASK) is (position < 39)


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        ('password: "CANARY_7f3a\n', 1, 'password: "…'),
        ("a: [CANARY_7f3a\nb: CANARY_7f3a\n", 2, "b: …"),
        ("- secret: {{ CANARY_7f3a }}\n", 1, "- secret: {{ … }}"),
        ("a: |\n  CANARY_7f3a: x\nb: [\n", 2, "  …"),
        ("a: CANARY_7f3a: x\n", 1, "a: …"),
        ("{CANARY_7f3a\n", 1, "{…"),
    ],
)
def test_of_a_line_that_cannot_be_read_only_the_key_is_shown(content: str, line: int, expected: str) -> None:
    assert show(content, line, "yaml").lines == (expected,)


def test_terraform_that_cannot_be_read_shows_what_stood_before_the_fault() -> None:
    content = 'a = true\nb = <<EOT\nCANARY_7f3a\npassword = "CANARY_7f3a"\n'
    assert all_lines(content, "hcl") == ["a = true", "b = …", "…", 'password = "…', ""]


def test_a_secret_in_the_place_of_a_key_is_masked() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    assert show(f"{token}: true\n", 1, "yaml").lines == ("…: true",)
    assert show("https://u:hunter2@h/x: true\n", 1, "yaml").lines == ("…: true",)
    assert show(f'resource "x" "{token}" {{\n}}\n', 1, "hcl").lines == ("… {",)
    assert show(f'a = {{ "{token}" = true }}\n', 1, "hcl").lines == ('a = { "…" = true }',)
    assert show(f"- name: {token}\n  value: x\n", 1, "yaml").lines == ("- name: …",)


def test_a_name_is_shown_only_beside_a_value() -> None:
    assert show("- name: FOO\n", 1, "yaml").lines == ("- name: …",)
    assert show("- name: foo bar\n  value: x\n", 1, "yaml").lines == ("- name: …",)


DOCUMENTS = """\
kwargs: '{"token": "hunter2", "class": "airflow.secrets.local_filesystem.LocalFilesystemBackend", "on": true}'
twice: "{\\"extra\\": \\"{\\\\\\"anon\\\\\\": true, \\\\\\"key\\\\\\": \\\\\\"hunter2\\\\\\"}\\", \\"x\\": [1]}"
bundles: >-
  [{"name": "hunter2", "kwargs": {"repo_url":
  "hunter2 and
  hunter2", "empty": ""}}]
config: |
  api:  # hunter2
    - name: HUNTER
      value: hunter2
    - {json: '{"token": "hunter2"}'}
text: |
  hunter2: hunter2
broken: '{"hunter2": '
hunter.yaml: |
  hunter2: [
x.yml: |
  hunter2: 8080
  a: |
    hunter2
"""

DOCUMENTS_SHOWN = [
    """kwargs: '{"token": "…", "class": "airflow.secrets.local_filesystem.LocalFilesystemBackend", "on": true}'""",
    r'''twice: "{\"extra\": \"{\\\"anon\\\": true, \\\"key\\\": \\\"…\\\"}\", \"x\": [1]}"''',
    "bundles: …",
    '  [{"name": "…", "kwargs": {"repo_url":',
    "  …",
    '  …, "empty": ""}}]',
    "config: …",
    "  api:  …",
    "    - name: HUNTER",
    "      value: …",
    """    - {json: '{"token": "…"}'}""",
    "text: …",
    "  …",
    "broken: '…'",
    "hunter.yaml: …",
    "  …",
    "x.yml: …",
    "  …: 8080",
    "  a: …",
    "    …",
    "",
]


def test_each_line_of_documents_inside_texts() -> None:
    assert all_lines(DOCUMENTS, "yaml") == DOCUMENTS_SHOWN


def test_documents_inside_texts_of_terraform() -> None:
    content = """values = [<<-EOT
    a: hunter2
    b: '{"token": "hunter2", "c": true}'
    EOT
  , "{\\"token\\": \\"hunter2\\"}"]
other = <<EOT
hunter2: hunter2
EOT
"""
    assert all_lines(content, "hcl") == [
        "values = […",
        "    a: …",
        """    b: '{"token": "…", "c": true}'""",
        "    …",
        r"""  , "{\"token\": \"…\"}"]""",
        "other = …",
        "…",
        "…",
        "",
    ]


def test_a_secret_in_the_place_of_a_key_inside_json_is_masked() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    assert show(f"a: '{{\"{token}\": true}}'\n", 1, "yaml").lines == ("a: '{\"…\": true}'",)


def test_an_alias_shows_nothing_of_its_anchor() -> None:
    content = "a: &a CANARY_7f3a\nb:\n  - name: *a\n    value: *a\n"
    assert all_lines(content, "yaml") == ["a: …", "b:", "  - name: …", "    value: …", ""]


# --- whatever the document, a canary never shows

WORDS = st.sampled_from([CANARY, f"x {CANARY} y", f"{CANARY}-{CANARY}", f"é{CANARY}", f"a{CANARY}: b", f"# {CANARY}"])


def yaml_leaf(text: str) -> st.SearchStrategy[str]:
    """Texts of one value, as it may follow `key: `, in a block of its own depth."""
    plain = text.replace(": ", ":").replace("# ", "")
    document = json.dumps({"a": text, "b": [text, {"c d": text}, json.dumps([{"e": text}])]})
    return st.sampled_from(
        [
            plain, f"'{text}'", json.dumps(text), json.dumps(text, ensure_ascii=False), f"&anchor {plain}",
            f"!vault '{text}'", f"!!str {plain}", f"{plain}\n      {plain} more",
            f"'{text}\n      {text}'",
            f"|\n      {text}\n      key: {text}", f">-\n      {text}\n\n      {text}", f"|2+\n      {text}\n\n",
            f"[{plain}, '{text}', {{k: {plain}}}]", f"{{name: FOO, value: '{text}', <<: {{k: {plain}}}}}",
            f"true # {text}",
            f"443 #{text}",
            f"\n      # {text}\n      a: {plain}", f"\n      - {plain}\n      - - {plain}", f"~ # {text}",
            f"{plain} # {text}",
            f"'{document}'", json.dumps(document), f"|\n      {document}", f">2-\n      {document}",
            f"'{document}'".replace(", ", ",\n      "), f">\n      {document}".replace(", ", ",\n\n      "),
            json.dumps(document).replace(", ", ",\\\n      \\ "),
            f"|\n      k: '{document}' # {text}\n      l: {plain}",
        ]
    )  # fmt: skip


YAML = st.lists(
    st.tuples(st.sampled_from(["a", "name", "key", "on", "a b", "'q'", "config"]), WORDS.flatmap(yaml_leaf)),
    min_size=1,
    max_size=5,
).map(lambda pairs: "root:\n" + "".join(f"    {key}: {leaf}\n" for key, leaf in pairs))
BROKEN_YAML = st.sampled_from(["", "]", '"', "{{ x }}\n", "\t- x: [\n", "*gone\n", "- ", "---\n", "'", "a: |\n b"])


def assert_no_canary(content: str, language: Language, column: int, width: int) -> None:
    for line in range(1, content.count("\n") + 2):
        for text in show(content, line, language, column, column + width).lines:
            assert "7f3a" not in text
            assert "CANARY" not in text


@pytest.mark.slow
@given(YAML, st.integers(1, 40), st.integers(1, 60))
@settings(max_examples=300)
def test_no_line_of_yaml_shows_a_canary(content: str, column: int, width: int) -> None:
    assert all(isinstance(document.root, Known) for document in read_yaml("", content))
    assert_no_canary(content, "yaml", column, width)


@given(BROKEN_YAML, YAML, BROKEN_YAML, st.integers(1, 40), st.integers(1, 60))
@settings(max_examples=200)
def test_no_line_of_broken_yaml_shows_a_canary(before: str, body: str, after: str, column: int, width: int) -> None:
    assert_no_canary(before + body + after, "yaml", column, width)


def hcl_value(text: str) -> st.SearchStrategy[str]:
    quoted = json.dumps(text, ensure_ascii=False)
    document = json.dumps({"a": text, "b": [text, {"c d": text}, json.dumps([{"e": text}])]})
    return st.sampled_from(
        [
            json.dumps(document), f"<<EOT\n{document}\nEOT", f"<<-EOT\n    {document}\n  EOT",
            f"<<-EOT\n    k: '{document}' # {text}\n      x\n  EOT",
            quoted, f"[{quoted}, {{ a = {quoted} }}]", f"{{ name = {quoted}, (var.x) = {quoted} }}", f"upper({quoted})",
            f'"${{var.x}} {text}"', f'"${{lower({quoted})}}"', f"<<EOT\n{text}\nkey = {text}\nEOT",
            f"<<-EOT\n    {text} ${{var.x}}\n  EOT", f"true # {text}", f"true // {text}", f"/* {text} */ true",
            f"true /* {text}\n{text} */", f"var.x == {quoted} ? {quoted} : null", f"var.x[{quoted}]",
            f"[for x in [{quoted}] : x]", f"(\n{quoted}\n)", f"-{quoted}", f"[\n  # {text}\n  {quoted},\n]",
        ]
    )  # fmt: skip


HCL = st.lists(
    st.tuples(st.sampled_from(["a", "name", "values", "value", "key"]), WORDS.flatmap(hcl_value)),
    min_size=1,
    max_size=5,
).map(lambda pairs: 'block "label" {\n' + "".join(f"  {key} = {value}\n" for key, value in pairs) + "}\n")
BROKEN_HCL = st.sampled_from(["", "}\n", '"\n', "/* \n", "a = <<EOT\n", "x = [\n", "x = {{ y }}\n", 'a = "${\n'])


@pytest.mark.slow
@given(HCL, st.integers(1, 40), st.integers(1, 60))
@settings(max_examples=300)
def test_no_line_of_terraform_shows_a_canary(content: str, column: int, width: int) -> None:
    assert all(problem.kind is ProblemKind.DUPLICATE_KEY for problem in scan("", content).problems)
    assert_no_canary(content, "hcl", column, width)


@given(BROKEN_HCL, HCL, BROKEN_HCL, st.integers(1, 40), st.integers(1, 60))
@settings(max_examples=200)
def test_no_line_of_broken_terraform_shows_a_canary(
    before: str, body: str, after: str, column: int, width: int
) -> None:
    assert_no_canary(before + body + after, "hcl", column, width)


@given(st.text(max_size=80), st.integers(-2, 9), st.integers(-2, 30), st.integers(-2, 9), st.integers(-2, 30))
@settings(max_examples=300)
def test_any_place_in_any_text_gives_a_printable_line(text: str, line: int, column: int, end: int, last: int) -> None:
    for language in ("yaml", "hcl"):
        shown = snippet(Place("x", line, column, end, last), TextFile.of("x", text), language)
        if shown is not None:
            (line_shown,) = shown.lines
            assert all(character.isprintable() or character == "\t" for character in line_shown)
            assert 0 <= shown.start <= shown.end <= len(line_shown) <= WIDTH
