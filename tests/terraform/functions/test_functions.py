"""Terraform's functions: equal to what `terraform console` said, or unknown; and what partly known arguments keep."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from astrovet.formats.text_file import TextFile
from astrovet.place import Place, inside
from astrovet.terraform.functions.filesystem import NoFiles
from astrovet.terraform.functions.table import FUNCTIONS, attempt, call, takes_attempts
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.parsing import parse
from astrovet.terraform.values.equality import same
from astrovet.terraform.values.plain_data import entries_of, from_plain, plain
from astrovet.terraform.values.types import BOOL, OPEN, STRING
from astrovet.terraform.values.unknowns import is_whole, refused_part
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, listed
from support import DATA, expect_of_file

PLACE = Place("main.tf", 3, 11, 3, 40, address="astro_deployment.this", pointer="name")
TEXT: dict[str, Any] = {"type": STRING, "is_never_null": True}
FLAG: dict[str, Any] = {"type": BOOL, "is_never_null": True}
UNDECIDED = DATA / "terraform-functions-undecided.json"
ANSWERS = msgspec.json.decode((DATA / "terraform-functions.json").read_bytes(), type=dict[str, dict[str, Any]])
# Terraform tells sets from lists and refuses sets here; what is refused has no plan.
SETS_AS_LISTS = {
    'concat(toset(["a"]), ["b"])',
    'coalescelist(toset([]), ["a"])',
    'element(toset(["b", "a"]), 0)',
    'slice(toset(["a"]), 0, 1)',
    'zipmap(["a"], toset(["x"]))',
}


class Variables(NoFiles):
    """`var.open` and `var.unset` are not known, `var.bucket` only from its beginning; `var.secret` is sensitive."""

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        match root, *steps:
            case "var", "open":
                return Unknown("no value for var.open", place, ("aws_s3_bucket.logs",))
            case "var", "unset":
                return Unknown("no value for var.unset", place, ("var.unset",), how="pass --var-file")
            case "var", "bucket":
                return Unknown("no value for var.region", place, prefix="s3://logs-")
            case "var", "secret":
                return Known("hunter2", place, sensitive=True, written=False)
            case _:
                return Unknown(f"nothing is called {root}", place)

    def file(self, path: str) -> TextFile | None:
        return TextFile.of(path, "content") if path == "./a.txt" else None

    def is_absent(self, path: str) -> bool:
        return path == "./no.txt"

    def below(self, folder: str) -> Sequence[str] | None:
        return ["a.txt", "b/c.yaml", "b/d.yml"] if folder == "." else None


def value_of(expression: str, place: Place = PLACE) -> Value[Tree]:
    """An expression evaluated."""
    return evaluate(parse(expression), Variables(), place)


def data_of(value: Value[Tree]) -> Any:
    """A value as data; what is unknown as its reason in angle brackets."""
    match value:
        case Unknown(why):
            return f"<{why}>"
        case Absent():
            return None
        case Known(Map() as tree):
            return {key: data_of(entry.value) for key, entry in tree.entries.items()}
        case Known(List() as tree):
            return [data_of(item) for item in tree.items]
        case Known(leaf):
            return leaf


def equal(one: Any, other: Any) -> bool:
    """Equality that tells true from 1 and "1", but not 1 from 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


LOST = Unknown("no value for var.open", PLACE, ("aws_s3_bucket.logs",))


def agrees(expression: str) -> bool:
    """Whether what is evaluated here is what Terraform answered; what is Unknown here always does."""
    value, answer = value_of(expression), ANSWERS[expression]
    if not is_whole(value):
        return True
    if "error" in answer:
        return expression in SETS_AS_LISTS
    # Numbers beyond 64 bits come out of the recorded JSON as floats.
    return equal(data_of(value), answer["value"])


def test_a_result_is_terraforms_or_unknown() -> None:
    assert len(ANSWERS) > 1000
    assert not [expression for expression in ANSWERS if not agrees(expression)]


def test_terraform_refuses_what_is_said_to_be_refused() -> None:
    """`try` and `can` go by it, so it has to be certain."""
    refused = [text for text in ANSWERS if refused_part(value_of(text)) is not None]
    assert len(refused) > 100
    assert not [text for text in refused if "error" not in ANSWERS[text]]


def test_what_is_left_undecided_and_why_is_as_recorded() -> None:
    """Every other expression is decided, as Terraform does; ASTROVET_WRITE_EXPECTED=1 records them anew."""
    pytest.importorskip("re2")
    undecided = {text: data_of(value) for text in ANSWERS if not is_whole(value := value_of(text))}
    expect_of_file(json.dumps(undecided, indent=2, ensure_ascii=False) + "\n", UNDECIDED)
    assert len(undecided) < len(ANSWERS) / 3


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_function_decides_a_recorded_expression(function: str) -> None:
    own = [
        expression
        for expression, answer in ANSWERS.items()
        if expression.startswith(f"{function}(") and "error" not in answer
    ]
    match function:
        case "sensitive":
            own = ['nonsensitive(sensitive("x"))']
        case "file" | "fileexists":
            own = [f'{function}("./a.txt")']
        case "templatefile":
            own = ['templatefile("./a.txt", {})']
        case "templatestring":
            own = ['templatestring("x", {})']
        case "fileset":
            own = ['fileset(".", "*")']
        case _ if function.startswith("file"):
            own = [f'{function}("./a.txt")']
        case _:
            pass
    assert any(is_whole(value_of(expression)) for expression in own)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("merge({a = 1}, {b = var.open})", {"a": 1, "b": "<no value for var.open>"}),
        ("merge({a = 1, b = 2}, var.open, {b = 3})", {"a": "<no value for var.open>", "b": 3}),
        ('lookup(merge(var.open, {a = 1}), "a", 2)', 1),
        ('lookup({a = 1, b = var.open}, "a", 2)', 1),
        ('lookup({a = "x"}, "b", var.open)', "<no value for var.open>"),
        ("concat([1, var.open], [2])", [1, "<no value for var.open>", 2]),
        ("flatten([[{a = var.open}], [{a = 1}]])", [{"a": "<no value for var.open>"}, {"a": 1}]),
        ('flatten([[var.bucket], ["x"]])', ["<no value for var.region>", "x"]),
        ("length([var.open, 1])", 2),
        ("length({a = var.open})", 1),
        ("element([var.open, 1], 1)", 1),
        ("keys({b = var.open, a = 1})", ["a", "b"]),
        ("values({b = var.open, a = 1})", [1, "<no value for var.open>"]),
        ('contains([var.open, "a"], "a")', True),
        ('contains([var.bucket, "a"], "b")', False),
        ('tolist(["a", var.open])', ["a", "<no value for var.open>"]),
        ("tolist([1, var.open])", [1, "<no value for var.open>"]),
        ("tolist([1, var.open])[0] == 2", False),
        ("tolist([1, var.open])[0] == 1", "<what is compared is not known>"),
        ("alltrue([var.open, false])", False),
        ("anytrue([var.open, true])", True),
        ("alltrue([var.open, true])", "<no value for var.open>"),
        ("var.open || true", True),
        ("var.open && false", False),
        ('startswith(var.bucket, "s3://")', True),
        ('strcontains(var.bucket, "logs")', True),
        ('strcontains(var.bucket, "eu")', "<no value for var.region>"),
        ('can(cidrhost("10.0.0.300/24", 0))', False),
        ('can(cidrhost("10.0.0.0/33", 0))', False),
        ('can(cidrhost("fd00::zz/64", 0))', False),
        ('can(cidrhost("10.0.0.0/24", 0))', True),
        ('can(regex("^a", "b"))', False),
        ('can(file("./no.txt"))', False),
        ('can(file("./b.txt"))', "<file reads a file that is not at hand>"),
        ('startswith(var.bucket, "gs://")', False),
        ('startswith(var.bucket, "s3://logs-eu")', "<no value for var.region>"),
        ("toset([var.open])", ["<no value for var.open>"]),
        ('tomap({a = "x", b = var.open})', {"a": "x", "b": "<no value for var.open>"}),
        ('zipmap(["a", "b"], [var.open, 1])', {"a": "<no value for var.open>", "b": 1}),
        ("slice([var.open, 1, 2], 1, 3)", [1, 2]),
        ("one([var.open])", "<no value for var.open>"),
        ("reverse([var.open, 1])", [1, "<no value for var.open>"]),
        ('coalesce("a", var.open)', "a"),
        ("coalescelist([var.open], [1])", ["<no value for var.open>"]),
        ('index(["a", var.open], "a")', 0),
        ('setproduct(["a"], [var.open])', [["a", "<no value for var.open>"]]),
        ('formatlist("%s-x", ["a", var.open])', ["a-x", "<no value for var.open>"]),
    ],
)
def test_what_does_not_depend_on_the_unknown_stays_known(expression: str, expected: Any) -> None:
    assert equal(data_of(value_of(expression)), expected)


@pytest.mark.parametrize(
    "expression",
    [
        "flatten([[var.open], [1]])",
        "concat(var.open, [1])",
        "distinct([var.open, 1])",
        'coalesce(var.open, "a")',
        'contains([var.open, "a"], "b")',
        "length(merge({a = 1}, var.open))",
        "keys(merge({a = 1}, var.open))",
        'lookup(merge({a = 1}, var.open), "b", 2)',
        'element([var.open, "b"], var.open)',
        "upper(var.open)",
        "jsonencode(var.open)",
        'index([var.open, "a"], "a")',
        'length(toset(["a", var.open]))',
        'tolist(toset(["a", var.open]))',
        'flatten([toset(["a", var.open])])',
        'setintersection(["a", var.open], ["a"])',
    ],
)
def test_what_depends_on_the_unknown_is_unknown_for_its_reason(expression: str) -> None:
    value = value_of(expression)
    assert isinstance(value, Unknown)
    assert value.why == "no value for var.open"
    assert "aws_s3_bucket.logs" in value.origins


@pytest.mark.parametrize("expression", ['toset(["b", var.open, "a"])', 'setunion([var.open], ["b", "a"])'])
def test_a_set_keeps_what_is_known_of_it(expression: str) -> None:
    value = value_of(expression)
    assert [item.value for item in listed(value) if isinstance(item, Known)] == ["a", "b"]
    assert [item.why for item in listed(value) if isinstance(item, Unknown)] == ["no value for var.open"]
    assert not isinstance(value_of(f"{expression} == toset([1, 2])"), Known)
    assert not isinstance(value_of(f"[for item in {expression} : item]"), Known)
    assert not isinstance(value_of(f"{expression}[*]"), Known)


@pytest.mark.parametrize(
    "expression",
    [
        "var.unset",
        '"x-${var.unset}"',
        "var.unset + 1",
        "var.unset == 1",
        "!var.unset",
        "var.unset ? 1 : 2",
        '["a", "b"][var.unset]',
        "[for item in var.unset : item]",
        "keys({for key in [var.unset] : key => 1})",
        "var.unset[*].id",
        "try(var.unset, 1)",
        "can(var.unset)",
        "upper(var.unset)",
        "jsonencode({a = var.unset})",
        "yamlencode({a = var.unset})",
        'format("%s", var.unset)',
        'join("-", ["a", var.unset])',
        "length(merge({}, var.unset))",
        "lookup({a = 1}, var.unset, 2)",
        'lookup(merge({a = 1}, var.unset), "b", 2)',
        "element([1, 2], var.unset)",
        'coalesce(var.unset, "a")',
        "flatten([var.unset])",
        "concat(var.unset, [])",
        "upper(concat([var.unset]...))",
        "rsadecrypt(var.unset...)",
    ],
)
def test_how_to_find_out_is_kept_with_the_reason(expression: str) -> None:
    value = value_of(expression)
    assert isinstance(value, Unknown)
    assert (value.why, value.how) == ("no value for var.unset", "pass --var-file")


@pytest.mark.parametrize("name", ["try", "core::try"])
def test_an_argument_is_evaluated_only_where_it_is_needed(name: str) -> None:
    asked: list[str] = []

    def argument(text: str) -> Callable[[], Value[Tree]]:
        def evaluated() -> Value[Tree]:
            asked.append(text)
            return Known(text, PLACE)

        return evaluated

    assert takes_attempts(name)
    assert attempt(name, [argument("a"), argument("b")], PLACE) == Known("a", PLACE)
    assert asked == ["a"]


def test_a_choice_between_an_unknown_and_a_known_value_can_be_something_else() -> None:
    for expression in ('coalesce(var.open, "a")', 'lookup(merge({a = 1}, var.open), "b", 2)'):
        value = value_of(expression)
        assert isinstance(value, Unknown)
        assert value.origins == ("aws_s3_bucket.logs", "")


@pytest.mark.parametrize(
    ("expression", "prefix"),
    [
        ('join("-", ["a", "b", var.open, "c"])', "a-b-"),
        ('join("-", [var.bucket])', "s3://logs-"),
        ('format("%s/%s", "x", var.open)', "x/"),
        ('format("%s/x", var.bucket)', "s3://logs-"),
        ("jsonencode({a = 1, b = var.open})", '{"a":1,"b":'),
        ("jsonencode([var.bucket])", '["s3://logs-'),
        ("jsonencode(merge(var.open, {a = 1}))", "{"),
        ("upper(var.bucket)", ""),
        ("tostring(var.bucket)", "s3://logs-"),
        ("tonumber(var.bucket)", ""),
    ],
)
def test_an_unknown_text_keeps_its_beginning(expression: str, prefix: str) -> None:
    value = value_of(expression)
    assert isinstance(value, Unknown)
    assert value.prefix == prefix


@pytest.mark.parametrize(
    ("expression", "sensitive"),
    [
        ("upper(var.secret)", True),
        ('format("%s", var.secret)', True),
        ("jsonencode({a = [var.secret]})", True),
        ('sensitive("x")', True),
        ("nonsensitive(var.secret)", False),
        ("merge({a = var.secret}, {b = 1})", False),
        ('lookup(sensitive({a = "x"}), "a", "y")', True),
        ('element(["a", var.secret], 0)', False),
        ('upper("x")', False),
    ],
)
def test_sensitive_arguments_make_sensitive_results(expression: str, sensitive: bool) -> None:
    value = value_of(expression)
    assert isinstance(value, Known)
    assert value.sensitive is sensitive


def test_parts_of_a_result_keep_their_own_mark() -> None:
    value = value_of("merge({a = var.secret}, {b = 1})")
    marks = {key: part.sensitive for key in ("a", "b") if isinstance(part := at(value, key), Known)}
    assert marks == {"a": True, "b": False}


def test_every_part_of_a_result_stands_at_the_call_and_is_no_literal() -> None:
    value = value_of('merge({a = ["x"]}, {b = null})')
    item = at(value, "a", 0)
    assert isinstance(item, Known)
    assert item.place == inside(inside(PLACE, "a"), 0)
    assert not item.written
    assert at(value, "b") == Absent(inside(PLACE, "b"), explicit=True)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('file("./a.txt")', Known("content", PLACE)),
        ('fileexists("./a.txt")', Known(True, PLACE, written=False)),
        ('file("./b.txt")', Unknown("file reads a file that is not at hand", PLACE, **TEXT)),
        ('fileexists("./b.txt")', Unknown("fileexists reads a file that is not at hand", PLACE, **FLAG)),
        ("file(null)", Unknown("file is called without a path", PLACE, is_refused=True)),
        ('file("./no.txt")', Unknown("file reads a file that does not exist", PLACE, is_refused=True)),
        ('fileexists("./no.txt")', Known(False, PLACE, written=False)),
        ('join(",", fileset(".", "**/*.{yaml,yml}"))', Known("b/c.yaml,b/d.yml", PLACE, written=False)),
        ('join(",", fileset(".", "[a-c].t?t"))', Known("a.txt", PLACE, written=False)),
        ('join(",", fileset(".", "*"))', Known("a.txt", PLACE, written=False)),
        ('join(",", fileset(".", "b/**"))', Known("b/c.yaml,b/d.yml", PLACE, written=False)),
        ('fileset("/etc", "*")', Unknown("fileset looks into a folder that is not at hand", PLACE)),
        ('filemd5("./a.txt")', Known("9a0364b9e99bb480dd25e1f0284c8555", PLACE, written=False)),
        ("file(var.open)", replace(LOST, **TEXT)),
        ('file("./a.txt", 1)', Unknown("file: the number of arguments does not fit", PLACE, is_refused=True)),
        ('templatefile("./a.txt", {})', Known("content", PLACE, written=False)),
        ('templatefile("./b.txt", {})', Unknown("templatefile reads a file that is not at hand", PLACE, **TEXT)),
        ('templatefile("./a.txt", var.open)', replace(LOST, **TEXT)),
    ],
)
def test_files_of_the_module_are_read(expression: str, expected: Value[Tree]) -> None:
    assert value_of(expression) == expected


def test_without_a_module_no_file_is_read() -> None:
    lost = Unknown("file reads a file that is not at hand", PLACE, **TEXT)
    assert call("file", [Known("./a.txt", PLACE)], PLACE) == lost


def test_an_unknown_function_is_named() -> None:
    value = value_of('rsadecrypt("x", var.open)')
    why, origins = "astrovet does not evaluate the function rsadecrypt", ("aws_s3_bucket.logs",)
    assert value == Unknown(why, PLACE, origins, type=STRING, is_never_null=True)
    assert value_of("provider::aws::arn_parse(var.open)") == Unknown(
        "astrovet does not evaluate the function provider::aws::arn_parse", PLACE, origins
    )


@pytest.mark.parametrize(
    "expression",
    [
        "lower()",
        'lower("a", "b")',
        "range(1e9)",
        "pow(10, 1e6)",
        'indent(1e12, "a\\nb")',
        'format("%999999d", 1)',
        'jsondecode("1e999999999")',
        "setproduct(range(1000), range(1000))",
        'regex("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
        'regex("(?:[a-z]+)*1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
        'jsondecode(join("", [for _ in range(1000) : "["]))',
        'yamldecode("a: &a [x,x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b]'
        '\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\\nf: [*e,*e,*e,*e,*e,*e,*e,*e]")',
    ],
)
def test_what_fits_no_function_or_would_be_enormous_is_unknown(expression: str) -> None:
    assert isinstance(value_of(expression), Unknown)


def test_reasons_hold_no_value() -> None:
    for name in FUNCTIONS:
        for arguments in ([], ["hunter2"], ["hunter2", "hunter2"], ["hunter2"] * 3, [["hunter2"], 3], [{"hunter2": 1}]):
            result = call(name, [from_plain(argument, PLACE) for argument in arguments], PLACE)
            if isinstance(result, Unknown):
                assert "hunter2" not in result.why


A, B = Known("a", PLACE), Known("b", PLACE)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (A, A, True),
        (A, B, False),
        (Known(1, PLACE), Known(1.0, PLACE), True),
        (Known(1, PLACE), Known("1", PLACE), False),
        (Known(True, PLACE), Known(1, PLACE), False),
        (Known(0.1 + 0.2, PLACE), Known(0.3, PLACE), None),
        (Absent(PLACE), Absent(PLACE, explicit=True), True),
        (Absent(PLACE), A, False),
        (Absent(PLACE), LOST, None),
        (LOST, LOST, None),
        (Unknown("", PLACE, prefix="s3://"), Known("gs://x", PLACE), False),
        (Unknown("", PLACE, prefix="s3://"), Known("s3://x", PLACE), None),
        (Unknown("", PLACE, prefix="s3://"), Unknown("", PLACE, prefix="gs://"), False),
        (Known(List((A,)), PLACE), Known(List((A,)), PLACE), True),
        (Known(List((A,), element=STRING), PLACE), Known(List((A,)), PLACE), False),
        (Known(List((A,), element=OPEN), PLACE), Known(List((A,)), PLACE), None),
        (Known(1, PLACE, is_loose=True), Known("1", PLACE), None),
        (Known("1", PLACE, is_loose=True), Known(2, PLACE), False),
        (Unknown("", PLACE, is_never_null=True), Absent(PLACE), False),
        (Known(List((A,)), PLACE), Known(List((A, B)), PLACE), False),
        (Known(List((A, LOST)), PLACE), Known(List((B, A)), PLACE), False),
        (Known(List((A, LOST)), PLACE), Known(List((A, A)), PLACE), None),
        (Known(Map({}), PLACE), Known(Map({"a": Entry("a", PLACE, A)}), PLACE), False),
        (Known(Map({}, LOST), PLACE), Known(Map({"a": Entry("a", PLACE, A)}), PLACE), None),
        (Known(Map({}), PLACE), Known(List(()), PLACE), False),
    ],
)
def test_equality(one: Value[Tree], other: Value[Tree], expected: bool | None) -> None:
    assert same(one, other) is expected
    assert same(other, one) is expected


def test_entries_are_gone_through_in_terraforms_order() -> None:
    entries = entries_of(from_plain({"b": 1, "a": 2, "Z": 3}, PLACE, sensitive=True))
    assert entries is not None
    assert [(data_of(key), data_of(value)) for key, value in entries] == [("Z", 3), ("a", 2), ("b", 1)]
    assert all(isinstance(part, Known) and part.sensitive for entry in entries for part in entry)
    assert [data_of(key) for key, _ in entries_of(from_plain(["x", None], PLACE)) or []] == [0, 1]
    assert entries_of(LOST) is None
    assert entries_of(A) is None
    assert entries_of(Absent(PLACE)) is None


leaves = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8)
trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner))


@pytest.mark.slow
@settings(max_examples=150)
@given(trees)
def test_data_survives_the_way_through_a_value_json_and_yaml(data: Any) -> None:
    value = from_plain(data, PLACE)
    kept = plain(value)
    encoded = call("jsonencode", [value], PLACE)
    assert equal(data_of(call("jsondecode", [encoded], PLACE)), kept) or encoded == Absent(PLACE)
    written = call("yamlencode", [value], PLACE)
    if isinstance(written, Known):
        decoded = call("yamldecode", [written], PLACE)
        assert isinstance(decoded, Unknown) or equal(data_of(decoded), kept)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(trees, max_size=4))
def test_no_arguments_make_a_function_fail(name: str, arguments: list[Any]) -> None:
    place = Place("main.tf", 1, 1)
    result = call(name, [from_plain(argument, place) for argument in arguments], place)
    assert result.place == place
