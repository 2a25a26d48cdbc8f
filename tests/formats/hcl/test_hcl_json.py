"""Terraform's JSON syntax: the same blocks, arguments and literals as in the native one, at exact places."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.document import ProblemKind
from astrovet.formats.hcl.json_syntax import scan_json, scan_json_variables
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Block, HclFile, expression_text, scan
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, Map, Unknown, at
from support import cut, plain


def clean(content: str) -> HclFile:
    file = scan_json("main.tf.json", content)
    assert file.problems == ()
    return file


def outline(block: Block) -> object:
    return (
        block.type,
        *block.labels,
        [attribute.name for attribute in block.body.attributes],
        [outline(inner) for inner in block.body.blocks],
    )


# --- structure


def test_a_file_is_found_with_exact_places() -> None:
    content = (
        "{\n"
        '  "resource": {\n'
        '    "astro_deployment": {\n'
        '      "this": {\n'
        '        "//": "of the claims team",\n'
        '        "name": "claims",\n'
        '        "timeouts": {"create": "5m"},\n'
        '        "lifecycle": {"prevent_destroy": true}\n'
        "      }\n"
        "    }\n"
        "  }\n"
        "}\n"
    )
    file = clean(content)
    (block,) = file.body.blocks
    assert (block.type, block.labels) == ("resource", ("astro_deployment", "this"))
    assert block.header == Place("main.tf.json", 4, 7, 4, 13)
    assert block.place == Place("main.tf.json", 4, 7, 9, 8)
    name, timeouts = block.body.attributes
    assert name.name_place == Place("main.tf.json", 6, 9, 6, 15, pointer="name")
    assert name.place == Place("main.tf.json", 6, 9, 6, 25, pointer="name")
    assert file.content[name.start : name.end] == '"claims"'
    assert literal(file, name) == Known("claims", Place("main.tf.json", 6, 17, 6, 25, pointer="name"))
    created = at(literal(file, timeouts), "create")
    assert created == Known("5m", Place("main.tf.json", 7, 32, 7, 36, pointer="timeouts.create"))
    (lifecycle,) = block.body.blocks
    assert cut(file.content, lifecycle.place) == '"lifecycle": {"prevent_destroy": true}'
    (comment,) = file.comments
    assert (comment.text, cut(file.content, comment.place)) == ("of the claims team", '"of the claims team"')


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"resource": {"a": {"x": {"k": 1}, "y": {}}, "b": {"x": {}}}}',
         [("resource", "a", "x", ["k"], []), ("resource", "a", "y", [], []), ("resource", "b", "x", [], [])]),
        ('{"resource": [{"a": {"x": {}}}, {"a": [{"y": {}}]}]}',
         [("resource", "a", "x", [], []), ("resource", "a", "y", [], [])]),
        ('{"resource": {"a": {"x": [{"k": 1}, {"l": 1}]}}}',
         [("resource", "a", "x", ["k"], []), ("resource", "a", "x", ["l"], [])]),
        ('{"provider": {"astro": [{"alias": "eu"}, {}]}}',
         [("provider", "astro", ["alias"], []), ("provider", "astro", [], [])]),
        ('[{"locals": {"a": 1}}, {"locals": [{"b": 1}, {"c": 1}]}]',
         [("locals", ["a"], []), ("locals", ["b"], []), ("locals", ["c"], [])]),
        ('{"locals": {"a": 1}, "locals": {"b": 1}}', [("locals", ["a"], []), ("locals", ["b"], [])]),
        ('{"resource": {"a": {"x": null}}, "variable": {}}', []),
        ('{"//": {"resource": 1}, "variable": {"v": {"type": "string", "//": 1, "validation": [{}, {}]}}}',
         [("variable", "v", ["type"], [("validation", [], []), ("validation", [], [])])]),
        ('{"resource": {"a": {"x": {"dynamic": {"env": {"for_each": [], "content": {"k": 1}}}, "tags": {}}}}}',
         [("resource", "a", "x", ["tags"], [("dynamic", "env", ["for_each"], [("content", ["k"], [])])])]),
        ('{"resource": {"a": {"x": {"env": [{"k": 1}, {}], "dynamic": [{"env": {"for_each": [], "content": {}}}]}}}}',
         [("resource", "a", "x", [],
           [("env", ["k"], []), ("env", [], []), ("dynamic", "env", ["for_each"], [("content", [], [])])])]),
        ('{"resource": {"a": {"x": {"spec": {"k": 1, "in": [{"dynamic": {"p": {"for_each": [], "content": {}}}}]}}}}}',
         [("resource", "a", "x", [],
           [("spec", ["k"], [("in", [], [("dynamic", "p", ["for_each"], [("content", [], [])])])])])]),
        ('{"resource": {"a": {"x": {"values": {"dynamic": {"p": {"for_each": []}}}, "v": {"dynamic": true}}}}}',
         [("resource", "a", "x", ["values", "v"], [])]),
        ('{"locals": {"spec": {"dynamic": {"p": {"for_each": [], "content": {}}}}}}', [("locals", ["spec"], [])]),
        ('{"resource": {"a": {"x": {"provisioner": [{"local-exec": {"command": "c"}}], "connection": {}}}}}',
         [("resource", "a", "x", [],
           [("provisioner", "local-exec", ["command"], []), ("connection", [], [])])]),
        ('{"terraform": {"required_version": "1", "required_providers": {"a": {}}, "backend": {"s3": {"key": "k"}}}}',
         [("terraform", ["required_version"],
           [("required_providers", ["a"], []), ("backend", "s3", ["key"], [])])]),
        ('{"check": {"c": {"data": {"a": {"x": {}}}, "assert": {"condition": true}}}}',
         [("check", "c", [], [("data", "a", "x", [], []), ("assert", ["condition"], [])])]),
        ('{"module": {"m": {"source": "./m", "lifecycle": {}}}}', [("module", "m", ["source", "lifecycle"], [])]),
    ],
)  # fmt: skip
def test_blocks_are_told_from_arguments(content: str, expected: object) -> None:
    assert [outline(block) for block in clean(content).body.blocks] == expected


def test_blocks_in_a_list_begin_at_their_own_brace() -> None:
    file = clean('{"provider": {"astro": [{},\n  {"alias": "eu"}]}}')
    assert [cut(file.content, block.place) for block in file.body.blocks] == ["{}", '{"alias": "eu"}']
    assert [(block.header.line, block.header.column) for block in file.body.blocks] == [(1, 25), (2, 3)]


def test_the_syntax_is_that_of_the_name() -> None:
    for name, content in (("a.tf", "locals {\n}\n"), ("a.tofu", "locals {}"), ("a.tf.json", '{"locals": {}}')):
        assert TextFile.of(name, content).hcl.body.blocks[0].type == "locals"
    assert TextFile.of("a.tofu.json", '{"locals": {}}').hcl.body.blocks[0].type == "locals"
    assert TextFile.of("a.tfvars.json", '{"locals": {}}').hcl.body.attributes[0].name == "locals"
    assert TextFile.of("prod.json", '{"locals": {}}').hcl.body.attributes[0].name == "locals"


# --- values


@pytest.mark.parametrize(
    ("written", "expression", "value"),
    [
        ('"plain"', '"plain"', "plain"),
        ('""', '""', ""),
        ('"${var.a}"', "var.a", "?"),
        ('"${~ var.a ~}"', "var.a", "?"),
        ('"${1 + 2}"', "1 + 2", "?"),
        ('"${[1,\\n2]}"', "([1,\n2]\n)", "?"),
        ('"a ${var.a}"', '"a ${var.a}"', "?"),
        ('"${var.a}${var.b}"', '"${var.a}${var.b}"', "?"),
        ('"%{ if var.a }x%{ endif }"', '"%{ if var.a }x%{ endif }"', "?"),
        ('"$${a} %%{b} 5%"', '"$${a} %%{b} 5%"', "${a} %{b} 5%"),
        (r'"${var.a == \"}\" ? \"x\" : \"y\"}"', 'var.a == "}" ? "x" : "y"', "?"),
        (r'"q\" b\\ n\n s\/ u\u00e9 p\ud83d\ude00 h\ud800"', '"q\\" b\\\\ n\\u000a s/ ué p\U0001f600 h\ufffd"',
         'q" b\\ n\n s/ ué p\U0001f600 h\ufffd'),
        (r'"\\n ${\"a\\n\"}"', r'"\\n ${"a\n"}"', "?"),
        ("12", "12", 12),
        ("-1.50", "-1.50", -1.5),
        ("1.0", "1.0", 1),
        ("1E2", "1E2", 100),
        ("1e999", "1e999", "?"),
        ("true", "true", True),
        ("null", "null", None),
        ("[]", "[]", []),
        ('[1, ["${a.b}"], {}]', "[1, [a.b], {}]", [1, ["?"], {}]),
        ('{"a": {"//": 1}, "b c": "${d}"}', '{"a" = {"//" = 1}, "b c" = d}', {"a": {"//": 1}, "b c": "?"}),
        ('{"${var.k}": 1, "$${k}": 2}', '{"${var.k}" = 1, "$${k}" = 2}', {"${k}": 2, "?": "?"}),
    ],
)  # fmt: skip
def test_a_value_is_an_expression_of_the_native_syntax(written: str, expression: str, value: object) -> None:
    file = clean(f'{{"locals": {{"x": {written}}}}}')
    (attribute,) = file.body.blocks[0].body.attributes
    text = expression_text(file, attribute)
    assert text == expression
    data = plain(literal(file, attribute))
    assert data == value
    assert type(data) is type(value)
    native = scan("main.tf", f"x = {text}\n")
    assert native.problems == ()
    assert expression_text(native, native.body.attributes[0]) == text
    assert plain(literal(native, native.body.attributes[0])) == value


@pytest.mark.parametrize(
    ("content", "expression"),
    [
        ('{"variable": {"v": {"type": "list(string)"}}}', "list(string)"),
        ('{"variable": {"v": {"type": "${list(string)}"}}}', "list(string)"),
        ('{"variable": {"v": {"default": "${foo}"}}}', '"$${foo}"'),
        ('{"variable": {"v": {"default": {"%{k}": ["$${foo}"]}}}}', '{"%%{k}" = ["$$${foo}"]}'),
        ('{"module": {"m": {"source": "./${m}"}}}', '"./$${m}"'),
        ('{"module": {"m": {"providers": {"astro": "astro.eu"}}}}', '{"astro" = astro.eu}'),
        ('{"resource": {"a": {"b": {"depends_on": ["c.d", "module.e"]}}}}', "[c.d, module.e]"),
        ('{"resource": {"a": {"b": {"provider": "astro.eu"}}}}', "astro.eu"),
        ('{"resource": {"a": {"b": {"type": "DEDICATED"}}}}', '"DEDICATED"'),
        ('{"moved": {"from": "a.b[0]"}}', "a.b[0]"),
        ('{"terraform": {"required_version": ">= ${x}"}}', '">= $${x}"'),
    ],
)
def test_texts_mean_what_they_mean_to_terraform_there(content: str, expression: str) -> None:
    file = clean(content)
    (attribute,) = file.body.blocks[0].body.attributes
    assert expression_text(file, attribute) == expression


def test_every_key_and_value_has_its_place_and_pointer() -> None:
    file = clean('{"locals": {"env": [\n  {"key": "A", "my key": "${var.a}"},\n  null\n]}}')
    value = literal(file, file.body.blocks[0].body.attributes[0])
    first = at(value, 0)
    assert isinstance(first, Known)
    assert isinstance(first.value, Map)
    assert first.place == Place("main.tf.json", 2, 3, 2, 37, pointer="env[0]")
    key = first.value.entries["key"]
    assert key == Entry(
        "key",
        Place("main.tf.json", 2, 4, 2, 9, pointer="env[0].key"),
        Known("A", Place("main.tf.json", 2, 11, 2, 14, pointer="env[0].key")),
    )
    unknown = at(value, 0, "my key")
    assert isinstance(unknown, Unknown)
    assert unknown.place == Place("main.tf.json", 2, 26, 2, 36, pointer='env[0]["my key"]')
    assert at(value, 1) == Absent(Place("main.tf.json", 3, 3, 3, 7, pointer="env[1]"), explicit=True)


def test_texts_of_variable_files_are_taken_as_they_are() -> None:
    file = scan_json_variables("x.tfvars.json", '{"//": "c", "resource": "${a}", "list": ["%{b}"]}')
    assert file.problems == ()
    assert {attribute.name: plain(literal(file, attribute)) for attribute in file.body.attributes} == {
        "resource": "${a}",
        "list": ["%{b}"],
    }


# --- problems: the places are those of `terraform validate -json` (1.11.4), unless said otherwise


@pytest.mark.parametrize(
    ("content", "line", "column", "says"),
    [
        ('{"locals":{"x":1,}}', 1, 18, "a key"),  # Terraform: the comma, 1:17
        ('{"locals":{"x":[1 2]}}', 1, 19, "`,` or `]`"),  # Terraform: one further
        ('{"locals":{"x":[,1]}}', 1, 17, "a value"),
        ('{"locals":{"x":tru}}', 1, 16, "a value"),
        ('{"locals":{"x":01}}', 1, 16, "a value"),
        ('{"locals":{"x":1.}}', 1, 16, "a value"),
        ('{"locals":{"x":1}} x', 1, 20, "nothing"),
        ('{"locals":{"x":"a\tb"}}', 1, 16, "no JSON"),  # Terraform: the tab
        ('{"locals":{"x":"a\nb"}}', 1, 16, "no JSON"),
        ('{"locals":{"x":"\\q"}}', 1, 16, "no JSON"),
        ("{\n  'locals': {}\n}", 2, 3, "a key in double quotes"),
        ('{"locals" {}}', 1, 11, "`:`"),
        ('{"locals":{"x":1}', 1, 18, "`,` or `}`"),  # Terraform: the bracket never closed, 1:1
        ('{"locals":[1}', 1, 13, "`,` or `]`"),
        ("", 1, 1, "a value"),
        ('"text"', 1, 1, "the file has to hold an object"),
        ('{"locals":{"x":"${"}}', 1, 16, "in this text: "),
        ('{"locals":{"x":"a ${}"}}', 1, 16, "in this text: a value"),
        ('{"locals":{"x":{"k":["%{ if a }"]}}}', 1, 22, "in this text: `%{ endif }`"),
        ('{"locals":{"x":{"${a b}":1}}}', 1, 17, "in this text: `}`"),
        ('{"resource":{"//":"c"}}', 1, 19, "content of a `resource` block"),
        ('{"resource":{"a":{"x":"s"}}}', 1, 23, "content of a `resource` block"),
        ('{"locals":[{}, 1]}', 1, 16, "content of a `locals` block"),
        ("[" * 50_000, 1, 451, "levels deep"),
    ],
)
def test_what_terraform_cannot_read_is_a_problem_at_its_place(content: str, line: int, column: int, says: str) -> None:
    (problem,) = scan_json("main.tf.json", content).problems
    assert problem.kind is ProblemKind.UNREADABLE
    assert (problem.place.line, problem.place.column) == (line, column)
    assert problem.why.startswith(f"line {line}, column {column}: ")
    assert says in problem.why


@pytest.mark.parametrize(
    ("content", "first", "second"),
    [
        ('{"locals": {"a": 1,\n "a": 2}}', (1, 13), (2, 2)),
        ('{"resource": {"r": {"x": {"m": {"a": 1,\n "a": 2}}}}}', (1, 33), (2, 2)),
    ],
)
def test_a_key_set_twice_is_a_problem_with_both_places(
    content: str, first: tuple[int, int], second: tuple[int, int]
) -> None:
    (problem,) = scan_json("main.tf.json", content).problems
    assert problem.kind is ProblemKind.DUPLICATE_KEY
    assert (problem.place.line, problem.place.column) == second
    assert [(note.place.line, note.place.column) for note in problem.related] == [first]


def test_what_stood_before_a_problem_is_kept() -> None:
    file = scan_json("main.tf.json", '{"resource": {"a": {"x": {"k": "v", "l": [1, 2')
    assert [outline(block) for block in file.body.blocks] == [("resource", "a", "x", ["k", "l"], [])]
    assert len(file.problems) == 1


def test_no_message_holds_a_value() -> None:
    for content in (
        '{"locals": {"a": "canary',
        '{"locals": {"a": canary}}',
        '{"locals": {"a": "canary" "canary"}}',
        '{"locals": {"a": "${canary"}}',
        '{"locals": "canary"}',
    ):
        (problem,) = scan_json("main.tf.json", content).problems
        assert "canary" not in problem.why + problem.how


def test_deep_nesting_is_read() -> None:
    file = clean('{"locals": {"x": ' + "[" * 400 + "]" * 400 + "}}")
    (attribute,) = file.body.blocks[0].body.attributes
    assert expression_text(file, attribute).count("[") == 400
    value = literal(file, attribute)
    assert isinstance(at(value, *[0] * 199), Known)
    assert isinstance(at(value, *[0] * 250), Unknown)


def test_deep_blocks_are_read() -> None:
    deep = '{"dynamic": {"x": {"content": ' * 80 + '{"k": ' + '{"a": ' * 190 + "1" + "}" * 190 + "}" + "}}}" * 80
    (block,) = clean('{"resource": {"r": {"x": ' + deep + "}}}").body.blocks
    for _ in range(80):
        (block,) = block.body.blocks[0].body.blocks
    assert [attribute.name for attribute in block.body.attributes] == ["k"]


# --- properties

leaves = st.one_of(st.none(), st.booleans(), st.integers(-999, 999), st.text(max_size=8), st.sampled_from(["${", "%{"]))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=8,
)


@pytest.mark.slow
@given(st.dictionaries(st.text(max_size=5), trees, max_size=4), st.booleans(), st.sampled_from([None, 2]))
@settings(max_examples=150)
def test_what_was_written_is_read_back(tree: dict[str, object], ascii_only: bool, indent: int | None) -> None:
    tree.pop("//", None)
    content = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)
    file = scan_json_variables("x.tfvars.json", content)
    assert file.problems == ()
    assert {attribute.name: plain(literal(file, attribute)) for attribute in file.body.attributes} == tree
    for attribute in file.body.attributes:
        assert json.loads(cut(file.content, attribute.name_place)) == attribute.name
        assert json.loads(file.content[attribute.start : attribute.end]) == tree[attribute.name]
        native = scan("x.tfvars", f"x = {expression_text(file, attribute)}\n")
        assert plain(literal(native, native.body.attributes[0])) == tree[attribute.name]


WORDS = r'{ } [ ] , : 1 -2.5 null true "a" "${a}" "${" "//" "resource" "a\"'
pieces = st.sampled_from([*WORDS.split(), "\n", "\x00", '"'])


@given(st.lists(pieces, max_size=30).map("".join))
@settings(max_examples=400)
def test_no_text_breaks_the_reader_and_json_is_told_from_what_is_none(content: str) -> None:
    file = scan_json_variables("x.tfvars.json", content)
    try:
        valid = isinstance(json.loads(content), dict)
    except ValueError:
        valid = False
    unreadable = any(problem.kind is ProblemKind.UNREADABLE for problem in file.problems)
    assert unreadable != (valid or is_list_of_objects(content))
    scan_json("x.tf.json", content)


def is_list_of_objects(content: str) -> bool:
    try:
        read = json.loads(content)
    except ValueError:
        return False
    return read is None or (isinstance(read, list) and all(isinstance(item, dict | None) for item in read))
