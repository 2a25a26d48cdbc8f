"""The YAML reader: places, scalars as Helm reads them, and texts that it must refuse."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.budget import MAX_DEPTH
from astrovet.document import Document, Problem, ProblemKind
from astrovet.formats.yaml.documents import read_yaml
from astrovet.formats.yaml.events import Events, c_events, pure_events
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Unknown, at
from support import cut
from support import plain as as_python

UNKNOWN = object()
plain = partial(as_python, unknown=lambda _: UNKNOWN)
"""An Unknown leaf equals everything."""

BOTH = pytest.mark.parametrize("events", [c_events, pure_events])


def one(content: str, events: Events | None = None) -> Document:
    (document,) = read_yaml("values.yaml", content, events=events)
    return document


def unreadable(content: str, events: Events | None = None) -> Problem:
    document = read_yaml("values.yaml", content, events=events)[-1]
    assert isinstance(document.root, Unknown)
    (problem,) = [problem for problem in document.problems if problem.kind is ProblemKind.UNREADABLE]
    return problem


def same(ours: Any, helms: Any) -> bool:
    if ours is UNKNOWN:
        return True
    if isinstance(ours, dict) and isinstance(helms, dict):
        return ours.keys() == helms.keys() and all(same(ours[key], helms[key]) for key in ours)
    if isinstance(ours, list) and isinstance(helms, list):
        return len(ours) == len(helms) and all(map(same, ours, helms))
    if isinstance(ours, int | float) and isinstance(helms, int | float) and abs(ours) > 2**53:
        return float(ours) == float(helms)  # one float, two ways to print it
    return type(ours) is type(helms) and bool(ours == helms)


def span(place: Place) -> tuple[int, int, int, int]:
    return place.line, place.column, place.end_line, place.end_column


VALUES = """\
# the agents of team A
resourceNamePrefix: "team-a"   # quoted
secretBackend: airflow.Backend
commonEnv:
  - name: REGION
    value: us-east-1
  - name: "Zoë 𝒳"
    value: 'x'
image:
agentToken: ~
dags: |
  [
    1
  ]

workers: [{name: a, syncSlots: 20}, {name: 𝒳, hpa: {}}]
folded: >-
  one
  two
long: one
  two
shared: &shared
  cpu: 1
mine: *shared
tagged: &t !!str 12
block:
  inner: |
    one

list: &l
  - - a
    - b
"""


@BOTH
@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("resourceNamePrefix",), '"team-a"'),
        (("secretBackend",), "airflow.Backend"),
        (("commonEnv", 0, "value"), "us-east-1"),
        (("commonEnv", 1), "name: \"Zoë 𝒳\"\n    value: 'x'"),
        (("commonEnv", 1, "name"), '"Zoë 𝒳"'),
        (("agentToken",), "~"),
        (("dags",), "|\n  [\n    1\n  ]"),
        (("workers",), "[{name: a, syncSlots: 20}, {name: 𝒳, hpa: {}}]"),
        (("workers", 1), "{name: 𝒳, hpa: {}}"),
        (("workers", 1, "hpa"), "{}"),
        (("workers", 0, "syncSlots"), "20"),
        (("block",), "inner: |\n    one"),
        (("folded",), ">-\n  one\n  two"),
        (("long",), "one\n  two"),
        (("shared",), "cpu: 1"),
        (("mine",), "cpu: 1"),
        (("tagged",), "12"),
        (("list",), "- - a\n    - b"),
        (("list", 0), "- a\n    - b"),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_place_is_exactly_the_text_of_its_value(
    events: Events, path: tuple[str | int, ...], text: str, line_break: str, mark: str
) -> None:
    document = one(mark + VALUES.replace("\n", line_break), events)
    assert document.problems == ()
    assert cut(VALUES, at(document.root, *path).place) == text


@BOTH
def test_golden_positions(events: Events) -> None:
    root = one(VALUES, events).root
    value = at(root, "commonEnv", 1, "value")
    assert span(value.place) == (8, 12, 8, 15)
    assert value.place.pointer == "commonEnv[1].value"
    assert value.place.path == "values.yaml"
    assert span(root.place) == (2, 1, 32, 8)
    assert isinstance(root, Known)
    assert isinstance(root.value, Map)
    assert span(root.value.entries["image"].key_place) == (9, 1, 9, 6)
    assert root.value.entries["image"].key_place.pointer == "image"
    match at(root, "commonEnv", 1):
        case Known(Map(entries)):
            assert span(entries["name"].key_place) == (7, 5, 7, 9)
        case other:
            pytest.fail(f"{type(other)}")


@BOTH
def test_both_parsers_give_the_same_tree(events: Events) -> None:
    assert one(VALUES, events) == one(VALUES)


@BOTH
def test_nulls_are_absent_and_explicit(events: Events) -> None:
    root = one("image:\ntoken: ~\nlist:\n- null\n", events).root
    assert at(root, "image") == Absent(Place("values.yaml", 1, 1, 1, 6, pointer="image"), explicit=True)
    assert at(root, "token") == Absent(Place("values.yaml", 2, 8, 2, 9, pointer="token"), explicit=True)
    assert at(root, "list", 0) == Absent(Place("values.yaml", 4, 3, 4, 7, pointer="list[0]"), explicit=True)
    missing = at(root, "nothing")
    assert isinstance(missing, Absent)
    assert not missing.explicit


@BOTH
@pytest.mark.parametrize("content", ["", "# only a comment\n", "\n\n"])
def test_an_empty_file_is_one_absent_document(events: Events, content: str) -> None:
    assert one(content, events) == Document("values.yaml", Absent(Place("values.yaml", 1, 1, 1, 1)))


@BOTH
def test_a_stream_gives_one_document_each(events: Events) -> None:
    first, second, third = read_yaml("values.yaml", "a: &x 1\n---\nb: 2\n--- [3]\n", events=events)
    assert [plain(document.root) for document in (first, second, third)] == [{"a": 1}, {"b": 2}, [3]]
    assert span(at(second.root, "b").place) == (3, 4, 3, 5)


@BOTH
def test_documents_before_a_broken_one_are_kept(events: Events) -> None:
    first, second = read_yaml("values.yaml", "a: 1\na: 2\n---\nb: [\n", events=events)
    assert plain(first.root) == {"a": 2}
    assert [problem.kind for problem in first.problems] == [ProblemKind.DUPLICATE_KEY]
    assert [problem.kind for problem in second.problems] == [ProblemKind.UNREADABLE]


@BOTH
def test_an_anchor_does_not_reach_the_next_document(events: Events) -> None:
    assert "anchor" in unreadable("a: &x 1\n---\nb: *x\n", events).why


# What Helm makes of these is the expectation: see test_helm_agrees.
ACCEPTED = [
    "a: y\nb: Y\nc: yes\nd: Yes\ne: YES\nf: on\ng: On\nh: ON\ni: true\nj: True\nk: TRUE\n",
    "a: n\nb: N\nc: no\nd: No\ne: NO\nf: off\ng: Off\nh: OFF\ni: false\nj: False\nk: FALSE\n",
    "a: yEs\nb: tRue\nc: nULL\nd: oN\n",
    "a: ~\nb: null\nc: Null\nd: NULL\ne:\nf: ''\ng: \"\"\n",
    "a: 'yes'\nb: \"1\"\nc: '~'\nd: '1.5'\ne: |\n  1\nf: >-\n  true\n",
    "a: 0o17\nb: 017\nc: 0x1F\nd: 0b11\ne: 1_000\nf: 08\ng: 0_7\nh: -0x1f\ni: +12\nj: -0b11\nk: 1__0\n",
    "a: 0\nb: -0\nc: 00\nd: 0x\ne: 0b\nf: 0o8\ng: 0XfF\nh: 0B1\ni: 0O7\nj: _1\nk: 1_\nl: '-'\n",
    "a: 9007199254740993\nb: 9223372036854775807\nc: 9223372036854775808\nd: -9223372036854775808\n",
    "a: 18446744073709551615\nb: 18446744073709551616\nc: +18446744073709551615\nd: -9223372036854775809\n",
    "a: 0xffffffffffffffff\nb: 0x1ffffffffffffffff\nc: 0777777777777777777777777\nd: 0b" + "1" * 65 + "\n",
    "a: 123456789012345678901234567890\nb: " + "9" * 5000 + "\nc: 0" + "0" * 5000 + "7\n",
    "a: 1e3\nb: 1.5\nc: .5\nd: 5.\ne: 1_0.5\nf: 1.5e400\ng: -1.5E-3\nh: 1e21\ni: 1e20\nj: 1e-7\nk: .e5\nl: .\n",
    "a: 1.0\nb: -0.0\nc: 100000000000000000000000.0\nd: 1e\ne: 1.2.3\ng: 1e+\nh: 1.5e-400\n",
    "a: .5_5\nb: .5_\nc: .5__5\nd: .5e1_0\ne: .5_e1\nf: ._5\ng: .1_2e3\nh: .5e400\n",
    "a: 2001-01-01\nb: 2001-12-14t21:59:43.10-05:00\nc: 2001-12-14 21:59:43\nd: 12:30:45\ne: 1:30\n",
    "a: !!str 1\nb: !!int '1'\nc: !!bool yes\nd: !!null ''\ne: !!float 1\nf: !!binary aGVsbG8=\n",
    "a: ! 1\nb: !!str\nc: !!str ~\nd: !!float '1.5'\ne: !!timestamp 2001-01-01\nf: !!null ~\n",
    "a: !!map {x: 1}\nb: !!seq [x]\nc: !!set {x, z}\nd: !!omap [a: 1]\ne: !own {x: 1}\nf: !own [1]\n",
    "a: !vault x\nb: !<tag:yaml.org,2002:str> 1\nc: !!binary '//8='\n",
    "yes: 1\n",
    "true: 1\ny: 2\n",
    "1: a\n1.5: b\n017: c\n0x10: d\n",
    "1.10: a\n1e6: b\n123456.0: c\n0.0001: d\n0.00001: e\n1e40: f\n-.inf: g\n.nan: h\n16777217.0: i\n-1e-7: j\n",
    "'yes': 1\n? long\n: 2\n2001-01-01: 3\n!!str 1: 4\n!own k: 5\n",
    "a: 1\na: 2\n",
    "1: a\n'1': a\n",
    "a: &x {b: 1, c: 2}\nd:\n  c: 9\n  <<: *x\n",
    "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 9\n",
    "x: &x {b: 1, c: 1}\nz: &z {b: 2, d: 2}\nd:\n  <<: [*x, *z]\n",
    "x: &x {b: 1}\nz: &z {b: 2}\nd:\n  <<: *x\n  <<: *z\n",
    "x: &x {b: {c: 1}}\nz: &z {<<: *x, e: 1}\nd:\n  <<: [{f: 1}, *z]\n  b: {g: 1}\n",
    "'<<': {a: 1}\nb: <<\n",
    "<<: {a: 1}\nb: 2\n",
    "!!merge <<: {a: 1}\nb: 2\n",
    "a: &x 1\nb: *x\nc: &x 2\nd: *x\n",
    "&k key: 1\nb: *k\n? *k\n: 2\n",
    "a: &x\nb: *x\n",
    "a: =\n=: 1\n",
    "a:\tb\n",
    "a: b\r\nc: |\r\n  d\r\n  e\r\n",
    "a: >\n  one\n  two\n\n  three\n\n",
    "a: |+\n  x\n\nb: |-\n  x\nc: |2\n    x\n",
    "a: 'it''s'\nb: \"t\\tn\\n\\u00e9\\x41\"\nc: it's # comment\nd: a#b\n",
    "a: [\n1,\n2\n]\nb: {c: [d, {e: f}], g: http://x/y}\nh: [i: 1, j]\n",
    "x: {a:1, 'b':2}\nimages: [nginx:1.2, redis:7]\n",
    "a:\n- b\n - c\n",
    "a:\n- - 1\n  - 2\n-  - 3\n",
    "\ufeffa: 1\n",
    "---\na: 1\n...\n---\nb: 2\n",
    "%YAML 1.1\n---\na: 1\n",
    "a: b\u2028c: d\n",
    "é: 𝒳\n",
]

REFUSED = [
    "a: [1, 2\n",
    "a: {b\n",
    "a: b: c\n",
    "a: 1\n b: 2\n",
    "- a\nb: c\n",
    "a:\n\tb: 1\n",
    "a: 'x\n",
    'a: "\\q"\n',
    'a: "\\xZZ"\n',
    "a: @x\n",
    "a: %x\n",
    "a: `x`\n",
    "a: *x\n",
    "a: &x [*x]\n",
    "a: &x {b: {c: *x}}\n",
    "~: 1\n",
    ": 1\n",
    "{[1]: 2}\n",
    "{{a: 1}: 2}\n",
    "a: {{ .Values.x }}\n",
    "{{- if .Values.x }}\na: 1\n{{- end }}\n",
    "a: {% if x %}\n",
    "a: .inf\n",
    "a: [-.inf]\n",
    "a: .NaN\n",
    "a: !!int x\n",
    "a: !!int 1.5\n",
    "a: !!bool x\n",
    "a: !!null x\n",
    "a: !!float x\n",
    "a: !!binary '%'\n",
    "<<: 1\n",
    "<<:\n",
    "<<: [1]\n",
    "x: &x [{a: 1}]\nb:\n  <<: *x\n",
    "x: &x 1\nb:\n  <<: *x\n",
    "a: !e!foo 1\n",
    "%YAML 1.2\n---\na: 1\n",
    "a: \x01\n",
    "a: 1\nb\n",
]


@BOTH
@pytest.mark.parametrize("content", ACCEPTED)
def test_helm_agrees(content: str, events: Events) -> None:
    helm = pytest.importorskip("helm_python")
    if events is pure_events and ":\t" in content:
        pytest.skip("a documented limit of the Python parser")
    first = read_yaml("values.yaml", content, events=events)[0]
    assert ProblemKind.UNREADABLE not in [problem.kind for problem in first.problems]
    helms = helm.values_from_yaml(content)
    assert same(plain(first.root), helms), (plain(first.root), helms)


@BOTH
@pytest.mark.parametrize("content", REFUSED)
def test_helm_refuses_what_we_refuse(content: str, events: Events) -> None:
    helm = pytest.importorskip("helm_python")
    with pytest.raises(helm.HelmValuesError):
        helm.values_from_yaml(content)
    problem = unreadable(content, events)
    assert problem.place.has_lines
    assert problem.how


TOKENS = st.sampled_from(
    (
        "a¦b¦yes¦<<¦*x¦&x ¦&y ¦: ¦:⏎¦:¦- ¦⏎¦⏎  ¦⏎    ¦[¦]¦{¦}¦, ¦,¦'¦\"¦|⏎¦>⏎¦? ¦ #c¦1¦0x1F¦017¦1.5¦1e3¦.inf¦~¦null"
        "¦!!str ¦!!int ¦!v ¦---⏎¦...⏎¦\t¦ ¦\r⏎¦é¦𝒳¦%¦@¦\\n¦- a⏎¦a: 1⏎¦k:⏎  "
    )
    .replace("⏎", "\n")
    .split("¦")
)


@settings(max_examples=300)
@given(st.sampled_from(["", "a: ", "k:\n  "]), st.lists(TOKENS, max_size=12).map("".join))
def test_helm_agrees_on_any_text(start: str, rest: str) -> None:
    helm = pytest.importorskip("helm_python")
    content = start + rest + "\n"
    documents = read_yaml("values.yaml", content)
    problems = [problem for document in documents for problem in document.problems]
    try:
        helms = helm.values_from_yaml(content)
    except helm.HelmValuesError as error:
        if "into Go value of type" not in str(error):  # a list or text at the top: ours to read
            assert ProblemKind.UNREADABLE in [problem.kind for problem in problems]
        return
    first = documents[0]
    if isinstance(first.root, Unknown):
        # Stricter: Helm stops at the end of the first document, and forgets what a second key replaces.
        assert any(text in content for text in ("{", "---", "...")) or content.count(":") > 2
    else:
        assert same(plain(first.root) or {}, helms), (plain(first.root), helms)


KEYS = st.text("abcyn01é𝒳 :#", min_size=1, max_size=6)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=12))
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))


@settings(max_examples=100)
@given(st.dictionaries(KEYS, TREES, max_size=4), st.sampled_from([True, False, None]))
def test_what_a_yaml_writer_wrote_is_read_as_helm_reads_it(tree: dict[str, Any], flow: bool | None) -> None:
    helm = pytest.importorskip("helm_python")
    yaml = pytest.importorskip("yaml")
    content = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow)
    expected = helm.values_from_yaml(content)
    # A documented limit of the Python parser.
    has_odd_breaks = any(character in content for character in "\x85\u2028\u2029")
    for events in (c_events,) if has_odd_breaks else (c_events, pure_events):
        document = one(content, events)
        assert document.problems == ()
        assert same(plain(document.root) or {}, expected)


@BOTH
def test_a_key_that_stands_twice(events: Events) -> None:
    document = one("workers:\n- name: a\n  image: x\n  name: b\nyes: 1\ntrue: 2\n", events)
    assert plain(document.root) == {"workers": [{"name": "b", "image": "x"}], "true": 2}
    name, yes = document.problems
    assert (name.kind, span(name.place)) == (ProblemKind.DUPLICATE_KEY, (4, 3, 4, 7))
    assert name.place.pointer == "workers[0].name"
    assert [span(note.place) for note in name.related] == [(2, 3, 2, 7)]
    assert "`name`" in name.why
    assert span(yes.place) == (6, 1, 6, 5)


@BOTH
def test_a_merge_key_is_no_duplicate_and_keeps_places(events: Events) -> None:
    document = one("base: &b\n  cpu: 1\n  ram: 2\nmine:\n  <<: *b\n  cpu: 3\n", events)
    assert document.problems == ()
    assert plain(at(document.root, "mine")) == {"cpu": 3, "ram": 2}
    assert span(at(document.root, "mine", "ram").place) == (3, 8, 3, 9)
    assert span(at(document.root, "mine", "cpu").place) == (6, 8, 6, 9)


@BOTH
def test_a_tag_of_a_tool_leaves_the_value_open(events: Events) -> None:
    value = at(one("agentToken: !vault |\n  canary\n", events).root, "agentToken")
    assert isinstance(value, Unknown)
    assert "canary" not in value.why
    assert value.place.line == 1


@BOTH
@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        ("a: [1, 2\nb: 3\n", 2, 2, "comma or `]`"),
        ("a: {b: 1\n", 2, 1, "comma or `}`"),
        ("a: b: c\n", 1, 5, "colon"),
        ("a: 1\n b: 2\n", 2, 3, "colon"),
        ("- a\nb: c\n", 2, 1, "indentation"),
        ("a:\n\tb: 1\n", 2, 1, "tab"),
        ("a:\n  b: 1\n \tc: 1\n", 3, 2, "tab"),
        ("a: 'x\n", 2, 1, "quote"),
        ("b: 1\na: @x\n", 2, 4, "quotes"),
        ("a: {{ .Values.x }}\n", 1, 5, "template"),
        ("{{- if .Values.x }}\na: 1\n", 1, 2, "template"),
        ("a: b\ufeff\n", 1, 5, "U+FEFF"),
        ("b: 1\na: *x\n", 2, 4, "anchor"),
        ("a: &x [*x]\n", 1, 8, "itself"),
        ("é: \x01\n", 1, 4, "U+0001"),
        ("a: 1\nb: .inf\n", 2, 4, "infinity"),
    ],
)
def test_a_refusal_says_where_and_what(events: Events, content: str, line: int, column: int, words: str) -> None:
    problem = unreadable(content, events)
    assert words in problem.why
    assert (problem.place.line, problem.place.column) == (line, column)


@BOTH
def test_templates_and_tabs_say_what_to_do(events: Events) -> None:
    assert "render it first" in unreadable("a: {{ .Values.x }}\n", events).how
    assert "spaces" in unreadable("a:\n\tb: 1\n", events).how


@BOTH
@pytest.mark.parametrize("content", REFUSED)
def test_a_refusal_never_quotes_the_file(events: Events, content: str) -> None:
    with_canary = content.replace("x", "canary").replace("q", "\N{CYRILLIC SMALL LETTER ZHE}")
    problem = unreadable("first: canary\n" + with_canary if content[0] not in "-{%" else with_canary, events)
    assert "canary" not in problem.why + problem.how
    assert "\N{CYRILLIC SMALL LETTER ZHE}" not in problem.why + problem.how


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: " * 100_000,
        "".join("  " * depth + "a:\n" for depth in range(2_000)),
        "a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
    ],
)
def test_deep_nesting_is_refused_quickly(events: Events, content: str) -> None:
    begin = time.process_time()
    assert unreadable(content, events).place.line >= 1
    assert time.process_time() - begin < 60  # seconds, where a quadratic reader takes hours


def test_nesting_up_to_the_limit_is_read() -> None:
    assert one("[" * MAX_DEPTH + "]" * MAX_DEPTH).problems == ()


@BOTH
def test_a_bomb_of_aliases_is_refused_where_it_grows_too_large(events: Events) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 9)]
    problem = unreadable("\n".join(lines), events)
    assert "aliases" in problem.why
    assert problem.place.line == 5


def test_a_bomb_of_merge_keys_is_refused() -> None:
    lines = ["a0: &a0 {" + ", ".join(f"k{number}: 1" for number in range(100)) + "}"]
    lines += [f"a{level}: &a{level}\n  <<: [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 9)]
    assert "aliases" in unreadable("\n".join(lines)).why


def test_aliases_that_nest_too_deep_are_refused() -> None:
    half = "[" * 60 + "]" * 60
    content = f"a: &a {half}\nb: {'[' * 60}*a{']' * 60}\n"
    assert unreadable(content).place.line == 2


def test_a_modest_use_of_aliases_is_read() -> None:
    content = "env: &env\n- name: A\n  value: b\nworkers:\n" + "- env: *env\n" * 500
    document = one(content)
    assert document.problems == ()
    assert len(plain(at(document.root, "workers"))) == 500


def test_without_the_c_parser_the_python_parser_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = one(VALUES)
    monkeypatch.setitem(__import__("sys").modules, "_ruamel_yaml", None)
    with pytest.raises(ImportError):
        list(c_events("a: 1"))
    assert one(VALUES) == expected


@settings(max_examples=150)
@given(st.text(max_size=30) | st.lists(TOKENS, max_size=12).map("".join))
def test_no_text_makes_the_reader_raise(content: str) -> None:
    for events in (c_events, pure_events):
        for document in read_yaml("values.yaml", content, events=events):
            assert document.path == "values.yaml"
            for problem in document.problems:
                assert problem.place.has_lines


def test_a_byte_order_mark_may_begin_any_document() -> None:
    """Helm 4 merges the documents of a file; each is read by itself (`Chart.load`, compared in November 2026)."""
    documents = read_yaml("f.yaml", "\ufeffa: 1\n---\n\ufeffb: 2\n--- \r\n\ufeffc: 3\n")
    assert [plain(document.root) for document in documents] == [{"a": 1}, {"b": 2}, {"c": 3}]
    assert [str(at(documents[1].root, "b").place), documents[1].problems] == ["f.yaml:3:4", ()]
