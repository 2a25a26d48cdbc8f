"""The HCL scanner: structure, exact places, literals, and files that are no HCL."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.document import ProblemKind
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Attribute, Body, scan
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at
from support import cut, plain


def span(place: Place) -> tuple[int, int, int, int]:
    return place.line, place.column, place.end_line, place.end_column


def value_of(expression: str) -> Value[Tree]:
    file = scan("main.tf", f"a = {expression}\n")
    assert file.problems == ()
    return literal(file, file.body.attributes[0])


def attributes(body: Body) -> list[Attribute]:
    collected = list(body.attributes)
    for block in body.blocks:
        collected += attributes(block.body)
    return collected


# --- structure


def test_a_file_is_found_with_exact_places() -> None:
    file = scan(
        "infra/main.tf",
        "# the deployment\n"
        'resource "astro_deployment" this {\n'
        '  name = "a"   # why\n'
        "  remote_execution = {\n"
        "    enabled = true\n"
        "  }\n"
        "  timeouts {\n"
        "    create = /* long */ 5\n"
        "  }\n"
        "}\n"
        'provider "aws" { region = "x" }\n',
    )
    assert file.problems == ()
    deployment, provider = file.body.blocks
    assert (deployment.type, deployment.labels) == ("resource", ("astro_deployment", "this"))
    assert deployment.header == Place("infra/main.tf", 2, 1, 2, 33)
    assert span(deployment.place) == (2, 1, 10, 2)
    name, remote = deployment.body.attributes
    assert name.name_place == Place("infra/main.tf", 3, 3, 3, 7, pointer="name")
    assert name.place == Place("infra/main.tf", 3, 3, 3, 13, pointer="name")
    assert file.content[name.start : name.end] == '"a"'
    assert span(remote.place) == (4, 3, 6, 4)
    (timeouts,) = deployment.body.blocks
    assert timeouts.labels == ()
    assert span(timeouts.header) == (7, 3, 7, 11)
    assert span(timeouts.body.attributes[0].place) == (8, 5, 8, 26)
    assert (provider.type, provider.labels) == ("provider", ("aws",))
    assert span(provider.place) == (11, 1, 11, 32)
    assert cut(file.content, provider.body.attributes[0].place) == 'region = "x"'
    assert [(comment.text, span(comment.place)) for comment in file.comments] == [
        ("the deployment", (1, 1, 1, 17)),
        ("why", (3, 16, 3, 21)),
        ("long", (8, 14, 8, 24)),
    ]


@pytest.mark.parametrize(
    "expression",
    [
        '"plain"',
        '"}"',
        r'"a \" } \\"',
        '"${var.a}"',
        '"${join(",", [for k, v in var.m : "${k}=${v["x"]}"])} }"',
        '"%{ if var.a == "}" }yes%{ else }no%{ endif }"',
        '"$${not a template} 100% $"',
        '"${\n  var.a\n}"',
        "[\n  1, # one }\n  2, /* ] */\n]",
        "{\n  a = 1\n  // }\n  b = [{}]\n}",
        'merge(local.a, {\n  b = "c"\n})',
        'var.a ? "x" : { b = 1 }["b"]',
        "var.a == 1 && !var.b || var.c >= 2 && -1 != var.d",
        "{ for k, v in var.m : k => v if v != null }",
        "aws_subnet.a.*.id",
        "aws_subnet.a[*].id",
        "var.list.0",
        "concat(var.a...)",
        "a-b / 2",
        '<<EOT\nplain } " text\nEOT',
        '<<-EOT\n    a ${join(",", ["EOT"])} b\n    ${var.x}\n    EOT',
        "<<A\n${<<B\ninner }\nB\n}\nA",
        "<<A\nA) is not the end\nAB\n  A",
        "[<<A\nx\nA\n, 2]",
        "été",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_expression_ends_where_the_argument_ends(expression: str, newline: str) -> None:
    expression = expression.replace("\n", newline)
    file = scan("main.tf", f"block {{{newline}  a = {expression}{newline}  b = 2{newline}}}{newline}c = 3")
    assert file.problems == ()
    (block,) = file.body.blocks
    first, second = block.body.attributes
    assert file.content[first.start : first.end] == expression
    assert cut(file.content, first.place) == f"a = {expression}"
    assert cut(file.content, second.place) == "b = 2"
    assert cut(file.content, file.body.attributes[0].place) == "c = 3"


def test_line_ends_and_byte_order_marks_shift_nothing() -> None:
    file = scan("main.tf", '\ufeffa = 1 # x\r\nb "é" {\r\n}\r\n')
    assert file.problems == ()
    assert span(file.body.attributes[0].place) == (1, 1, 1, 6)
    assert file.comments[0].text == "x"
    assert span(file.comments[0].place) == (1, 7, 1, 10)
    assert file.body.blocks[0].labels == ("é",)
    assert span(file.body.blocks[0].place) == (2, 1, 3, 2)


def test_an_argument_set_twice_is_a_problem_with_both_places() -> None:
    file = scan("main.tf", 'b {\n  token = "one"\n  other {\n    token = 1\n  }\n  token = "two"\n}\n')
    (problem,) = file.problems
    assert problem.kind is ProblemKind.DUPLICATE_KEY
    assert span(problem.place) == (6, 3, 6, 8)
    assert [span(note.place) for note in problem.related] == [(2, 3, 2, 8)]
    assert "one" not in problem.why
    assert "two" not in problem.why
    assert [attribute.name for attribute in file.body.blocks[0].body.attributes] == ["token", "token"]


@pytest.mark.parametrize(
    ("content", "line", "column", "says"),
    [
        ("a = 1 b = 2\n", 1, 7, "a new line is expected"),
        ("a = 1, b = 2\n", 1, 6, "a new line is expected"),
        ("p { a = 1 b = 2 }\n", 1, 11, "a new line is expected"),
        ('a = "x" "y"\n', 1, 9, "a new line is expected"),
        ("a = b = 2\n", 1, 7, "a new line is expected"),
        ("a =\n", 1, 4, "a value is expected"),
        ("a = 1 +\n", 1, 8, "a value is expected"),
        ("ok = 1\nb {\n  a = [1,\n}\n", 4, 1, "`]` is expected here, not `}`"),
        ("ok = 1\nb {\n  a = (1\n", 3, 7, "`)` is expected"),
        ("ok = 1\nb {\n  a = 1\n", 2, 1, "`}` is expected"),
        ("}\n", 1, 1, "closes nothing"),
        ('a = "open\n', 1, 5, "closing quote on the same line"),
        ('a = "${b\n', 1, 6, "`}` is expected"),
        ("a = <<EOT\ntext\n", 1, 5, "its end marker"),
        ("a = <<EOT\ntext\nEOT", 3, 4, "a new line is expected behind"),
        ("a = << EOT\n", 1, 5, "no meaning"),
        ("/* never\nclosed", 1, 1, "`*/` is expected"),
        ("resource\n", 1, 9, "`=`, a label or `{`"),
        ('resource "a"\n{}\n', 1, 13, "a label or `{`"),
        ('resource "${a}" {}\n', 1, 10, "a label or `{`"),
        ("b {} c {}\n", 1, 6, "a new line is expected"),
        ('"a" = 1\n', 1, 1, "the name of an argument"),
        ("b {}\n\x00\n", 2, 1, "no meaning"),
        ("a\u00a0= 1\n", 1, 1, "no name"),
    ],
)
def test_what_is_no_hcl_is_a_problem_at_its_place(content: str, line: int, column: int, says: str) -> None:
    (problem,) = scan("main.tf", content).problems
    assert problem.kind is ProblemKind.UNREADABLE
    assert (problem.place.line, problem.place.column) == (line, column)
    assert problem.why.startswith(f"line {line}, column {column}: ")
    assert says in problem.why


def test_what_stood_before_a_problem_is_kept() -> None:
    file = scan("main.tf", "one { a = 1 }\ntwo {\n  b = 2\n  inner {\n    c = 3\n    d = ]\n  }\n}\nlost = 1\n")
    assert len(file.problems) == 1
    one, two = file.body.blocks
    assert [attribute.name for attribute in attributes(one.body) + attributes(two.body)] == ["a", "b", "c"]
    assert file.body.attributes == ()


def test_no_message_holds_a_value() -> None:
    for content in ('token = "canary" "canary"', "token = [canary", 'token = "canary', "canary", 'a = "canary"\na = 1'):
        for problem in scan("main.tf", content).problems:
            assert "canary" not in problem.why + problem.how


def test_deep_nesting_is_read_and_deeper_nesting_is_a_problem() -> None:
    deep = scan(
        "main.tf",
        "b {\n" * 400 + "a = " + "[" * 400 + "]" * 400 + '\nt = "' + '${"' * 400 + '"}' * 400 + '"' + "\n}" * 400,
    )
    assert deep.problems == ()
    body = deep.body
    for _ in range(400):
        body = body.blocks[0].body
    assert [attribute.name for attribute in body.attributes] == ["a", "t"]
    assert isinstance(literal(deep, body.attributes[0]), Known)
    for content in ("a = " + "[" * 50_000, "b {\n" * 50_000, 'a = "' + '${"' * 50_000):
        (problem,) = scan("main.tf", content).problems
        assert "levels deep" in problem.why


# --- literals


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"x"', "x"),
        ('""', ""),
        (r'"a\n\r\t\"\\ \u00e9\U0001F600"', 'a\n\r\t"\\ é\U0001f600'),
        (r'"\ud800"', "\ufffd"),
        ('"$${a} %%{b} $5 100%"', "${a} %{b} $5 100%"),
        ("12", 12),
        ("-1", -1),
        ("1.5e1", 15),
        ("0.25", 0.25),
        ("true", True),
        ("false", False),
        ("[]", []),
        ("{}", {}),
        ('[1, "b",\n # two\n true,\n]', [1, "b", True]),
        ('{ a = 1, "b.c" : 2\n d = null\n 3 = [{}] }', {"a": 1, "b.c": 2, "d": None, "3": [{}]}),
        ("<<EOT\n  a\n\n $${x}\n EOT", "  a\n\n ${x}\n"),
        ("<<-EOT\n    a\n\n      b\n  EOT", "a\n\n  b\n"),
        ("<<EOT\nEOT", ""),
        ('[var.a, "b", 1 + 2, [each.key, 3]]', ["?", "b", "?", ["?", 3]]),
        ('{ a = var.a, b = "c", d = "x${var.y}" }', {"a": "?", "b": "c", "d": "?"}),
        ("{ (var.k) = 1, b = 2 }", {"b": 2, "?": "?"}),
        ('{ "${var.k}" = 1, b = 2 }', {"b": 2, "?": "?"}),
        ("[for x in var.a : x]", "?"),
        ("{ a = [for x in y : x], b = { for k, v in y : k => v }, c = 1 }", {"a": "?", "b": "?", "c": 1}),
        ("{ for k, v in var.a : k => v }", "?"),
        ('["a"][0]', "?"),
        ('"a" == "b" ? 1 : 2', "?"),
        ("var.a", "?"),
        ("- 1 - 2", "?"),
        ("<<EOT\n${var.a}\nEOT", "?"),
        ("9" * 5000, "?"),
        ("1e999", "?"),
        ("{ a.b = 1 }", "?"),
    ],
)
def test_literals_are_read_and_the_rest_is_unknown(expression: str, expected: object) -> None:
    value = plain(value_of(expression))
    assert value == expected
    assert type(value) is type(expected)  # 1 is not true


def test_a_literal_is_read_down_to_a_depth_and_unknown_below() -> None:
    value = value_of("[" * 300 + "]" * 300)
    assert isinstance(at(value, *[0] * 199), Known)
    assert isinstance(at(value, *[0] * 250), Unknown)


def test_every_key_and_value_has_its_place_and_pointer() -> None:
    file = scan(
        "main.tf",
        "environment_variables = [\n"
        '  { key = "DB_URI", value = var.uri, is_secret = false }, # first\n'
        '  { "my key" = <<-X\n'
        "      text\n"
        "    X\n"
        "  },\n"
        "]\n",
    )
    value = literal(file, file.body.attributes[0])
    assert isinstance(value, Known)
    assert value.place == Place("main.tf", 1, 25, 7, 2, pointer="environment_variables")
    first = at(value, 0)
    assert isinstance(first, Known)
    assert isinstance(first.value, Map)
    assert span(first.place) == (2, 3, 2, 57)
    entry = first.value.entries["is_secret"]
    assert entry.key_place == Place("main.tf", 2, 38, 2, 47, pointer="environment_variables[0].is_secret")
    assert entry.value == Known(False, Place("main.tf", 2, 50, 2, 55, pointer="environment_variables[0].is_secret"))
    unknown = at(value, 0, "value")
    assert isinstance(unknown, Unknown)
    assert unknown.place == Place("main.tf", 2, 29, 2, 36, pointer="environment_variables[0].value")
    heredoc = at(value, 1, "my key")
    place = Place("main.tf", 3, 16, 5, 6, pointer='environment_variables[1]["my key"]')
    assert heredoc == Known("text\n", place)


def test_null_is_absent_and_written() -> None:
    assert value_of("null") == Absent(Place("main.tf", 1, 5, 1, 9, pointer="a"), explicit=True)


# --- properties

names = st.from_regex(r"[a-z_][a-z0-9_-]{0,5}", fullmatch=True).filter(
    lambda name: name not in {"for", "null", "true", "false"}
)
leaves = st.one_of(st.booleans(), st.integers(-999, 999), st.text(max_size=8), st.none())
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=8,
)


def quoted(text: str) -> str:
    shown = "".join(
        character if character.isprintable() and character not in '"\\' else f"\\U{ord(character):08x}"
        for character in text
    )
    return '"' + shown.replace("${", "$${").replace("%{", "%%{") + '"'


def written(tree: object) -> str:
    match tree:
        case None:
            return "null"
        case bool():
            return str(tree).lower()
        case str():
            return quoted(tree)
        case list():
            return "[" + ", ".join(map(written, tree)) + "]"
        case dict():
            return "{\n" + "\n".join(f"{quoted(key)} = {written(item)}" for key, item in tree.items()) + "\n}"
        case _:
            return str(tree)


@pytest.mark.slow
@given(st.dictionaries(names, trees, max_size=4), st.text(max_size=5))
@settings(max_examples=150)
def test_what_was_written_is_read_back(tree: dict[str, object], label: str) -> None:
    lines = [f"  {name} = {written(value)}" for name, value in tree.items()]
    file = scan("main.tf", f"resource {quoted(label)} b {{\n" + "\n".join(lines) + "\n}\n")
    assert file.problems == ()
    (block,) = file.body.blocks
    assert block.labels == (label, "b")
    assert {attribute.name: plain(literal(file, attribute)) for attribute in block.body.attributes} == tree
    for attribute, line in zip(block.body.attributes, lines, strict=True):
        assert cut(file.content, attribute.place) == line.strip()


WORDS = r'a b-1 = == { } [ ] ( ) " ${ %{ $${ \ # // /* */ <<E <<-E E , : ? . * - 1 1.5 null true for é => ...'
pieces = st.sampled_from([*WORDS.split(), "\n", "\r\n", " ", "\ufeff", "\x00", "<<E\n", "<<-E\n", "\nE\n"])


@given(st.lists(pieces, max_size=40).map("".join))
@settings(max_examples=400)
def test_no_text_breaks_the_scanner(content: str) -> None:
    file = scan("main.tf", content)
    for attribute in attributes(file.body):
        assert 0 <= attribute.start < attribute.end <= len(file.content)
        assert cut(file.content, attribute.place).endswith(file.content[attribute.start : attribute.end])
        assert cut(file.content, attribute.name_place) == attribute.name
        place = literal(file, attribute).place
        assert cut(file.content, place) == file.content[attribute.start : attribute.end]
    places = [comment.place for comment in file.comments]
    assert all((first.end_line, first.end_column) <= (second.line, second.column) for first, second in pairwise(places))
    assert sum(problem.kind is ProblemKind.UNREADABLE for problem in file.problems) <= 1
