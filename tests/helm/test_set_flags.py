"""`--set-json`, `--set-file`, `--set-literal`, judged by Helm's own parser; and settings of every kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.release import Setting, SettingKind
from astrovet.helm.set_flags import FLAG_ORDER, apply_setting, set_file, set_json, set_literal
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at
from support import plain

HERE = Place("deploy.sh", 4, 3, 4, 20)
NOTHING = Absent(Place("values.yaml"))
UNKNOWN = Unknown("a later step fills it in", Place("app.yaml"))
FILES = {"ca.pem": "-----BEGIN\nx,y\n", "a,b.txt": "comma", "empty.txt": ""}


def values(content: str) -> Value[Tree]:
    return read_yaml("values.yaml", content)[0].root


def replaced(root: Value[Tree], key: str) -> list[Any]:
    assert isinstance(root, Known)
    assert isinstance(root.value, Map)
    return [plain(value) for value in root.value.entries[key].replaced]


# None: Helm refuses it.
JSON: dict[str, Any] = {
    "a=1": {"a": 1},
    'a={"b":[1,null,"x,y"]},c=true': {"a": {"b": [1, None, "x,y"]}, "c": True},
    'a.b\\.c="x"': {"a": {"b.c": "x"}},
    "a=": {"a": None},
    "a= ,b=1": {"a": None, "b": 1},
    "a=null": {"a": None},
    "a=1 b=2": {"a": 1, "b": 2},
    "a=truex=1": {"a": True, "x": 1},
    "a=1, b=2": {"a": 1, " b": 2},
    "a=\u00a01": {"a": 1},
    "a=1,": {"a": 1},
    "a[1].b=true": {"a": [None, {"b": True}]},
    "a[1]=": {"a": [None, None]},
    'a={"x":1},a.y=2': {"a": {"x": 1, "y": 2}},
    'a=[{"x":1}],a[0].y=2': {"a": [{"x": 1, "y": 2}]},
    'a={"x":1,"x":2}': {"a": {"x": 2}},
    'a={"x":1},a={"y":2}': {"a": {"y": 2}},
    "a=1.0,b=1.5e3,c=-0.25": {"a": 1, "b": 1500, "c": -0.25},
    "a=9007199254740993": {"a": 9007199254740992},
    'a="\\ud83d\\ude00\\ud800x",b={"\\udc00":1}': {"a": "\U0001f600\ufffdx", "b": {"\ufffd": 1}},
    "": {},
    "a=nope": None,
    "a='x'": None,
    "a=x": None,
    "a={": None,
    "a={1,2}": None,
    "a=1}": None,
    "a=01": None,
    "a=1.": None,
    "a=1.e=5": None,
    "a=1e=5": None,
    "a=-": None,
    "a=1e400": None,
    "a=NaN": None,
    "a=[Infinity]": None,
    "a=tru": None,
    'a="\t"': None,
    "a,b=1": None,
    "a=1,,b=2": None,
    "a.=1": None,
    "a=1,a.b=2": None,
    "a=,a.b=2": None,
    "a[-1]=1": None,
    "a[65537]=1": None,
}


@pytest.mark.parametrize(("argument", "expected"), JSON.items())
def test_json(argument: str, expected: Any) -> None:
    root = set_json(NOTHING, argument, HERE)
    assert isinstance(root, Unknown) if expected is None else (plain(root) or {}) == expected


@pytest.mark.parametrize(("argument", "expected"), JSON.items())
def test_the_cases_of_json_are_what_helm_says(argument: str, expected: Any) -> None:
    helm = pytest.importorskip("helm_python")
    if expected is None:
        with pytest.raises(helm.HelmValuesError):
            helm.parse_set_json(argument)
    else:
        assert helm.parse_set_json(argument) == expected


@pytest.mark.parametrize(
    ("before", "argument", "expected"),
    [  # helm/helm at v4.2.3 (commit 43e8b7feece8), pkg/strvals/parser_test.go, TestParseJSON.
        (
            "outer: {inner1: overwrite, inner2: value2}",
            'outer.inner1="1",outer.inner3=3,outer.inner4=true,outer.inner5="true"',
            {"outer": {"inner1": "1", "inner2": "value2", "inner3": 3, "inner4": True, "inner5": "true"}},
        ),
        (
            "outer: {inner1: {x: overwrite}, inner2: value2, inner3: [overwrite]}",
            'outer.inner1={"a":"1","b":2,"c":[1,2,3]},outer.inner3=["new value 1","new value 2"],'
            'outer.inner4={"aa":"1","bb":2,"cc":[1,2,3]},outer.inner5=[{"A":"1","B":2,"C":[1,2,3]}]',
            {
                "outer": {
                    "inner1": {"a": "1", "b": 2, "c": [1, 2, 3]},
                    "inner2": "value2",
                    "inner3": ["new value 1", "new value 2"],
                    "inner4": {"aa": "1", "bb": 2, "cc": [1, 2, 3]},
                    "inner5": [{"A": "1", "B": 2, "C": [1, 2, 3]}],
                }
            },
        ),
        (
            "outer: {inner1: {x: overwrite}, inner2: value2}",
            'outer.inner1=,outer.inner3={"aa":"1","bb":2,"cc":[1,2,3]},outer.inner3.cc[1]=null',
            {"outer": {"inner1": None, "inner2": "value2", "inner3": {"aa": "1", "bb": 2, "cc": [1, None, 3]}}},
        ),
        ("", 'outer.inner4={"aa":"1"},outer.inner5={"A":"1","B":2,"C":[1,2,3]}]', None),
        # The same commit, pkg/cli/values/options_test.go, TestMergeValuesCLI.
        ("", '{"foo": {"bar": "baz"}}', {"foo": {"bar": "baz"}}),
        ("", "foo.bar=[1,2,3]", {"foo": {"bar": [1, 2, 3]}}),
        ("", "{invalid", None),
    ],
)
def test_cases_of_helms_tests_for_json(before: str, argument: str, expected: Any) -> None:
    root = set_json(values(before), argument, HERE)
    assert isinstance(root, Unknown) if expected is None else plain(root) == expected


def test_an_object_as_the_whole_argument_is_merged_like_a_file() -> None:
    before = values("a: {x: 1, z: [1]}\nb: 1\n")
    after = set_json(before, ' {"a": {"x": 2, "w": null}, "c": "1,2"} ', HERE)
    assert plain(after) == {"a": {"x": 2, "z": [1], "w": None}, "b": 1, "c": "1,2"}
    assert after.place == before.place
    assert at(after, "a", "x").place == HERE
    assert at(after, "a", "z").place == at(before, "a", "z").place
    assert plain(set_json(NOTHING, "{}", HERE)) == {}
    assert isinstance(set_json(before, '{"a": 1} x', HERE), Unknown)


def test_an_object_under_a_name_replaces_what_is_there() -> None:
    after = set_json(values("a: {x: 1}\n"), 'a={"z":2}', HERE)
    assert plain(after) == {"a": {"z": 2}}
    assert replaced(after, "a") == [{"x": 1}]


def test_json_that_nests_too_deep_is_refused() -> None:
    for depth in (200, 100_000):
        assert isinstance(set_json(NOTHING, "a=" + "[" * depth + "]" * depth, HERE), Unknown)
    assert isinstance(set_json(NOTHING, "a=" + "[" * 50 + "]" * 50, HERE), Known)


def test_marks_reach_the_values_of_json() -> None:
    for argument in ('a={"b":["x"]}', '{"a":{"b":["x"]}}'):
        root = set_json(values("c: 1"), argument, HERE, sensitive=True, written=False)
        for value in (at(root, "a"), at(root, "a", "b"), at(root, "a", "b", 0)):
            assert isinstance(value, Known)
            assert (value.sensitive, value.written) == (True, False)
        assert isinstance(root, Known)
        assert (root.sensitive, root.written) == (False, True)


# helm/helm at v4.2.3 (commit 43e8b7feece8), pkg/strvals/literal_parser_test.go, TestParseLiteral.
# None: Helm refuses it.
LITERAL: dict[str, Any] = {
    "name": None,
    "name=": {"name": ""},
    "name=value": {"name": "value"},
    "long_int_string=1234567890": {"long_int_string": "1234567890"},
    "boolean=true": {"boolean": "true"},
    "is_null=null": {"is_null": "null"},
    "zero=0": {"zero": "0"},
    "name1=null,name2=value2": {"name1": "null,name2=value2"},
    "name1=value,,,tail": {"name1": "value,,,tail"},
    "leading_zeros=00009": {"leading_zeros": "00009"},
    "name=one two three": {"name": "one two three"},
    "outer.inner=value": {"outer": {"inner": "value"}},
    "outer.middle.inner=value": {"outer": {"middle": {"inner": "value"}}},
    "name1.name2": None,
    "name1.name2=": {"name1": {"name2": ""}},
    "name1.=name2": None,
    "name1.,name2": None,
    "name1={value1,value2}": {"name1": "{value1,value2}"},
    "list[0]=foo": {"list": ["foo"]},
    "list[0].foo=bar": {"list": [{"foo": "bar"}]},
    "list[-30].hello=world": None,
    "list[3]=bar": {"list": [None, None, None, "bar"]},
    "illegal[0]name.foo=bar": None,
    "noval[0]=": {"noval": [""]},
    "nested[0][0]=1": {"nested": [["1"]]},
    "nested[1][1]=1": {"nested": [None, [None, "1"]]},
    "name1.name2[0].foo=bar": {"name1": {"name2": [{"foo": "bar"}]}},
    "name1.name2[1].foo=bar": {"name1": {"name2": [None, {"foo": "bar"}]}},
    "]={}].": {"]": "{}]."},
    "name=val,val": {"name": "val,val"},
    "name=val.val": {"name": "val.val"},
    "name=val=val": {"name": "val=val"},
    "name=val$val": {"name": "val$val"},
    "name=(value": {"name": "(value"},
    "name=value)": {"name": "value)"},
    "name=(value)": {"name": "(value)"},
    "name={value": {"name": "{value"},
    "name=value}": {"name": "value}"},
    "name={value}": {"name": "{value}"},
    "name={value1,value2}": {"name": "{value1,value2}"},
    "name=val\\val": {"name": "val\\val"},
    "name=val\\\\val": {"name": "val\\\\val"},
    "name=val\\\\\\val": {"name": "val\\\\\\val"},
    "name={val,.?*v\\0a!l)some": {"name": "{val,.?*v\\0a!l)some"},
    "name=em%GT)tqUDqz,i-\\h+Mbqs-!:.m\\\\rE=mkbM#rR}@{-k@": {
        "name": "em%GT)tqUDqz,i-\\h+Mbqs-!:.m\\\\rE=mkbM#rR}@{-k@",
    },
    # From TestParseLiteralNestedLevels there.
    ".".join(f"name{level}" for level in range(1, 33)) + "=value": None,
    # Our own.
    "a,b=1": {"a,b": "1"},
    "a\\.b=1": {"a\\": {"b": "1"}},
    "a=one\ntwo": {"a": "one\ntwo"},
    "": {},
}


@pytest.mark.parametrize(("argument", "expected"), LITERAL.items())
def test_literal(argument: str, expected: Any) -> None:
    root = set_literal(NOTHING, argument, HERE)
    assert isinstance(root, Unknown) if expected is None else (plain(root) or {}) == expected


@pytest.mark.parametrize(("argument", "expected"), LITERAL.items())
def test_the_cases_of_literal_are_what_helm_says(argument: str, expected: Any) -> None:
    helm = pytest.importorskip("helm_python")
    if expected is None:
        with pytest.raises(helm.HelmValuesError):
            helm.parse_set_literal(argument)
    else:
        assert helm.parse_set_literal(argument) == expected


@pytest.mark.parametrize(
    ("before", "arguments", "expected"),
    [  # TestParseLiteralInto of the same file.
        (
            "outer: {inner1: overwrite, inner2: value2}",
            ["outer.inner1=value1,outer.inner3=value3,outer.inner4=4"],
            {"outer": {"inner1": "value1,outer.inner3=value3,outer.inner4=4", "inner2": "value2"}},
        ),
        (
            "",
            ["listOuter[0][0].type=listValue", "listOuter[0][0].status=alive"],
            {"listOuter": [[{"type": "listValue", "status": "alive"}]]},
        ),
        (
            "",
            ["listOuter[0][0].type=listValue", "listOuter[1][0].status=alive"],
            {"listOuter": [[{"type": "listValue"}], [{"status": "alive"}]]},
        ),
        (
            "listOuter: [[[{exited: old}]]]",
            ["listOuter[0][1][0].type=listValue", "listOuter[0][0][1].status=alive"],
            {"listOuter": [[[{"exited": "old"}, {"status": "alive"}], [{"type": "listValue"}]]]},
        ),
    ],
)
def test_cases_of_helms_tests_for_literal_over_values(before: str, arguments: list[str], expected: Any) -> None:
    root = values(before)
    for argument in arguments:
        root = set_literal(root, argument, HERE)
    assert plain(root) == expected


# Helm's own cases of TestParseFile and TestParseIntoFile are the first one; the others are ours.
FROM_FILES: dict[str, Any] = {
    "name1=ca.pem": {"name1": FILES["ca.pem"]},
    "a.b[0]=ca.pem,c=empty.txt": {"a": {"b": [FILES["ca.pem"]]}, "c": ""},
    "a={ca.pem,empty.txt}": {"a": [FILES["ca.pem"], ""]},
    "a=a\\,b.txt": {"a": "comma"},
    "a=ca.pem,": {"a": FILES["ca.pem"]},
    "a": None,
    "a={ca.pem": None,
    "a..b=ca.pem": None,
}


@pytest.mark.parametrize(("argument", "expected"), FROM_FILES.items())
def test_file(argument: str, expected: Any) -> None:
    root = set_file(NOTHING, argument, HERE, FILES.get)
    assert isinstance(root, Unknown) if expected is None else plain(root) == expected


@pytest.mark.parametrize(("argument", "expected"), FROM_FILES.items())
def test_the_cases_of_files_are_what_helm_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argument: str, expected: Any
) -> None:
    helm = pytest.importorskip("helm_python")
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    if expected is None:
        with pytest.raises(helm.HelmValuesError):
            helm.parse_set_file(argument)
    else:
        assert helm.parse_set_file(argument) == expected


def test_a_file_that_is_not_here_leaves_its_value_open() -> None:
    root = set_file(values("a: 1\nb: 2\n"), "a=missing.txt,c={ca.pem,missing.txt}", HERE, FILES.get)
    missing = at(root, "a")
    assert isinstance(missing, Unknown)
    assert missing.place == HERE
    assert plain(at(root, "b")) == 2
    assert plain(at(root, "c")) == [FILES["ca.pem"], "?"]
    assert replaced(root, "a") == [1]


def test_marks_reach_the_content_of_a_file() -> None:
    value = at(set_file(NOTHING, "a=ca.pem", HERE, FILES.get, sensitive=True, written=False), "a")
    assert isinstance(value, Known)
    assert (value.value, value.place.path, value.place.line) == (FILES["ca.pem"], "ca.pem", 1)
    assert (value.sensitive, value.written) == (True, False)


def setting(kind: SettingKind, name: str, value: Value[Tree] | str) -> Setting:
    return Setting(kind, name, Known(value, Place("app.yaml", 9, 5)) if isinstance(value, str) else value, HERE)


@pytest.mark.parametrize(
    ("kind", "argument", "expected"),
    [
        (SettingKind.TYPED, "a=1,b=true", {"a": 1, "b": True}),
        (SettingKind.TEXT, "a=1,b=true", {"a": "1", "b": "true"}),
        (SettingKind.JSON, "a=[1,2],b=true", {"a": [1, 2], "b": True}),
        (SettingKind.JSON, '{"a": 1}', {"a": 1}),
        (SettingKind.LITERAL, "a=1,b=true", {"a": "1,b=true"}),
        (SettingKind.FILE, "a=ca.pem,b=empty.txt", {"a": FILES["ca.pem"], "b": ""}),
    ],
)
def test_the_argument_of_a_flag(kind: SettingKind, argument: str, expected: Any) -> None:
    root = apply_setting(NOTHING, setting(kind, "", argument), FILES.get)
    assert plain(root) == expected
    assert at(root, "a").place == HERE or at(root, "a").place.path == "ca.pem"


# The texts of argoproj/argo-cd (commit 37ee0097cf85), util/helm/helm_test.go, TestHelmArgCleaner, and what
# Helm makes of them after that; the last two were `,,,,,\,` and `\,,\\,,` there.
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("val", "val"),
        ("bar", "bar"),
        ("not, clean", "not, clean"),
        ("a\\,b,c", "a,b,c"),
        ("{a,b,c}", ["a", "b", "c"]),
        (",,,,,\\,", ",,,,,,"),
    ],
)
def test_a_comma_to_the_right_of_a_name_is_no_separator(content: str, expected: Any) -> None:
    assert plain(at(apply_setting(NOTHING, setting(SettingKind.TEXT, "a.b", content), FILES.get), "a", "b")) == expected


def test_a_comma_after_two_backslashes_is_a_separator() -> None:
    """Argo CD takes the second backslash for the comma's own, and Helm does not; then it refuses the rest."""
    assert isinstance(apply_setting(NOTHING, setting(SettingKind.TYPED, "a", "\\,,\\\\,,"), FILES.get), Unknown)


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (SettingKind.TYPED, "1", 1),
        (SettingKind.TYPED, "true,x", "true,x"),
        (SettingKind.TYPED, "{1,x}", [1, "x"]),
        (SettingKind.TEXT, "null", "null"),
        (SettingKind.JSON, '{"x": [1, 2], "y": null}', {"x": [1, 2], "y": None}),
        (SettingKind.LITERAL, "a\\,b,{c}", "a\\,b,{c}"),
        (SettingKind.FILE, "a,b.txt", "comma"),
        (SettingKind.FILE, "missing.txt", "?"),
    ],
)
def test_a_value_under_a_name(kind: SettingKind, content: str, expected: Any) -> None:
    root = apply_setting(values("workers: [{name: x}]"), setting(kind, "workers[0].value", content), FILES.get)
    assert plain(root) == {"workers": [{"name": "x", "value": expected}]}


def test_a_whole_value_is_set_as_it_is() -> None:
    tree = values("x: [1, {z: 2}]")
    root = apply_setting(values("a: {z: 1}\n"), setting(SettingKind.WHOLE, "a.b\\.c", tree), FILES.get)
    assert plain(root) == {"a": {"z": 1, "b.c": {"x": [1, {"z": 2}]}}}
    assert at(root, "a", "b.c", "x").place == at(tree, "x").place
    assert isinstance(apply_setting(NOTHING, setting(SettingKind.WHOLE, "", tree), FILES.get), Unknown)


def test_a_whole_null_takes_away_and_a_missing_value_sets_nothing() -> None:
    before = values("a: 1\n")
    for kind in SettingKind:
        assert apply_setting(before, setting(kind, "a", Absent(HERE)), FILES.get) == before
        dropped = at(apply_setting(before, setting(kind, "a", Absent(HERE, explicit=True)), FILES.get), "a")
        assert isinstance(dropped, Absent)
        assert str(dropped.earlier) == "values.yaml:1:1"


@pytest.mark.parametrize("kind", SettingKind)
def test_an_unknown_value_leaves_its_name_open(kind: SettingKind) -> None:
    root = apply_setting(values("a: {b: 1}\nc: 2\n"), setting(kind, "a.b", UNKNOWN), FILES.get)
    assert at(root, "a", "b") == UNKNOWN
    assert plain(at(root, "c")) == 2


@pytest.mark.parametrize("kind", FLAG_ORDER)
def test_an_unknown_argument_leaves_all_open_that_no_later_one_settles(kind: SettingKind) -> None:
    root = apply_setting(values("a: 1\n"), setting(kind, "", UNKNOWN), FILES.get)
    assert at(root, "a") == UNKNOWN
    assert at(root, "never") == UNKNOWN
    assert plain(at(apply_setting(root, setting(SettingKind.TYPED, "", "a=2"), FILES.get), "a")) == 2


def test_a_map_where_text_belongs_leaves_the_name_open() -> None:
    root = apply_setting(values("c: 1\n"), setting(SettingKind.TYPED, "a", values("x: 1")), FILES.get)
    assert plain(root) == {"c": 1, "a": "?"}


def test_a_number_is_as_good_as_its_text() -> None:
    number: Value[Tree] = Known(8, HERE, sensitive=True, written=False)
    assert at(apply_setting(NOTHING, setting(SettingKind.TYPED, "a", number), FILES.get), "a") == number
    text = at(apply_setting(NOTHING, setting(SettingKind.TEXT, "a", number), FILES.get), "a")
    assert text == Known("8", HERE, sensitive=True, written=False)


def test_helm_has_one_order_of_flags() -> None:
    given = {
        SettingKind.TYPED: "a=1,b=1,c=1,d=1,e=1",
        SettingKind.JSON: '{"a": "json", "b": "json", "c": "json", "d": "json", "e": "json"}',
        SettingKind.LITERAL: "e=literal",
        SettingKind.FILE: "d=a\\,b.txt,e=empty.txt",
        SettingKind.TEXT: "c=text,d=text,e=text",
    }
    root: Value[Tree] = NOTHING
    for kind in FLAG_ORDER:
        root = apply_setting(root, setting(kind, "", given.pop(kind)), FILES.get)
    assert not given
    assert plain(root) == {"a": 1, "b": 1, "c": "text", "d": "comma", "e": "literal"}


ARGUMENTS = [argument for table in (JSON, LITERAL, FROM_FILES) for argument, known in table.items() if known is None]


@pytest.mark.parametrize("kind", FLAG_ORDER)
@pytest.mark.parametrize("argument", ARGUMENTS)
def test_a_refusal_never_quotes_the_argument(kind: SettingKind, argument: str) -> None:
    hidden = argument.replace("name", "canary").replace("a", "canary").replace("1", "canary")
    root = apply_setting(NOTHING, setting(kind, "", hidden), FILES.get)
    if isinstance(root, Unknown):
        assert "canary" not in root.why
        assert root.place == HERE


PIECES = st.sampled_from(
    [
        *("a", "b", ".", "[0]", "[1]", "=", "=", ",", "{", "}", "[", "]", "\\", '"', ":", "-", "e"),
        *(" ", "\t", "\u2003", "1", "1.5", "null", "true", '"x"', '{"a":', '{"a":1}', "[1,2]"),
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=10).map("".join), st.sampled_from([SettingKind.JSON, SettingKind.LITERAL]))
def test_helm_agrees_on_any_argument(argument: str, kind: SettingKind) -> None:
    helm = pytest.importorskip("helm_python")
    if kind is SettingKind.JSON and argument.lstrip().startswith("{"):
        return  # the whole argument is read as one object, by another function of Helm's
    root = apply_setting(NOTHING, setting(kind, "", argument), FILES.get)
    parse = helm.parse_set_json if kind is SettingKind.JSON else helm.parse_set_literal
    try:
        expected = parse(argument)
    except helm.HelmValuesError:
        assert isinstance(root, Unknown)
        return
    if not isinstance(root, Unknown):
        assert (plain(root) or {}) == expected
    else:  # stricter: an empty name, or an end in the middle of a name
        assert "is empty" in root.why or "has no value" in root.why or "index" in root.why


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(-1e30, 1e30) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@settings(max_examples=200)
@given(TREES, st.booleans())
def test_helm_agrees_on_any_json(tree: Any, escaped: bool) -> None:
    helm = pytest.importorskip("helm_python")
    json = pytest.importorskip("json")
    argument = f"a={json.dumps(tree, ensure_ascii=escaped)},b=1"
    ours, helms = plain(set_json(NOTHING, argument, HERE)), helm.parse_set_json(argument)
    assert json.dumps(floats(ours), sort_keys=True) == json.dumps(floats(helms), sort_keys=True)


def floats(value: Any) -> Any:
    """Every number as the float that it is to Helm; zero has no sign."""
    match value:
        case dict():
            return {key: floats(inner) for key, inner in value.items()}
        case list():
            return [floats(item) for item in value]
        case bool() | str() | None:
            return value
        case _:
            return float(value) + 0.0
