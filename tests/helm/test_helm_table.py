"""Layers of values, read and merged by us and by Helm itself.

Helm's part is done by its own Go library: `values.yaml` with one document for each file goes through
the same loading and merging as several `-f` do (`LoadValues` and `MergeMaps`, Helm 4), the result is
merged over the defaults of a chart, and a template prints what it then sees as `.Values`. Only there
counts what null is: a template cannot tell it from a missing key.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.merging import merge
from astrovet.place import Place
from astrovet.value import Entry, Known, Map, Tree, Unknown, Value, at
from support import plain

ONE_FILE = {
    "booleans of YAML 1.1": "a: yes\nb: No\nc: on\nd: OFF\ne: y\nf: N\ng: True\nh: FALSE\n",
    "words that are no booleans": "a: yEs\nb: oN\nc: tRue\nd: none\ne: enabled\n",
    "quoted booleans are text": "a: 'yes'\nb: \"true\"\nc: 'off'\n",
    "a boolean as a key": "yes: 1\nenv: {on: 2, 'on': 3}\n",
    "octal, old and new": "a: 0777\nb: 0o777\nc: 08\nd: '0777'\n",
    "hexadecimal and binary": "a: 0x1F\nb: 0b101\nc: -0x1f\n",
    "digits in groups": "a: 1_000\nb: 10_000.5\nc: 1__0\n",
    "whole numbers beyond 53 bits": "a: 9007199254740993\nb: 9223372036854775807\nc: 18446744073709551615\n",
    "whole numbers beyond 64 bits": "a: 18446744073709551616\nb: 123456789012345678901234567890\n",
    "an account number with a zero in front": "a: 012345678901\nb: 098765432109\nc: '012345678901'\n",
    "floats": "a: 1.0\nb: 1.5\nc: .5\nd: 5.\ne: -0.25\n",
    "floats with an exponent": "a: 1e3\nb: 1.5e-3\nc: 1e21\nd: 6.02E23\n",
    "a version that looks like a float": "a: 1.10\nb: '1.10'\nc: 3.1.0\n",
    "a commit that looks like a float": "a: 1234e5\nb: 12e3456\nc: '1234e5'\n",
    "dates and times": "a: 2024-01-31\nb: 2024-01-31T10:00:00Z\nc: 12:30\nd: 12:30:45\n",
    "nulls": "a:\nb: ~\nc: null\nd: Null\ne: ''\nf: {}\ng: []\n",
    "nulls inside": "a: {b: , c: 1}\nd: [~, 1]\n",
    "numbers as keys": "1: a\n1.5: b\n'2': c\n0x10: d\n",
    "anchors and aliases": "a: &x {cpu: 1, list: [1, 2]}\nb: *x\nc: [*x]\n",
    "an anchor on text": "a: &x hello\nb: *x\n",
    "a merge key": "base: &b {cpu: 1, ram: 2}\nmine:\n  <<: *b\n  cpu: 3\n",
    "a merge key after the key it gives": "base: &b {cpu: 1, ram: 2}\nmine:\n  cpu: 3\n  <<: *b\n",
    "several merge keys": "x: &x {a: 1, b: 1}\nz: &z {b: 2, c: 2}\nmine: {<<: [*x, *z]}\n",
    "a merge of a merge": "x: &x {a: {b: 1}}\nz: &z {<<: *x, c: 1}\nmine: {<<: *z, a: {d: 2}}\n",
    "the key twice": "image: one\nimage: two\n",
    "the key twice, a map each": "a: {x: 1}\na: {z: 2}\n",
    "text of several lines": "a: |\n  one\n  two\nb: >\n  one\n  two\n\n  three\n",
    "text of several lines, ends kept and cut": "a: |+\n  one\n\nb: |-\n  one\nc: >-\n  one\n  two\nd: |2\n    one\n",
    "JSON in a text": 'kwargs: |\n  {"conn_id": "s3", "threshold": 1024}\nflow: \'{"a": [1, 2]}\'\n',
    "JSON that is YAML": 'kwargs: {"conn_id": "s3", "threshold": 1024, "list": [true, null]}\n',
    "plain text over lines": "a: one\n  two\n  three\nb: [one\n  two, three]\n",
    "unicode": "team: Zoë\n'ключ': значение\nemoji: \"\\U0001F600 \u00e9\"\nwide: 𝒳\n",
    "a byte-order mark": "\ufeffimage: one\n",
    "line ends of Windows": "a: 1\r\nb: |\r\n  one\r\n  two\r\nc:\r\n  - x\r\n",
    "escapes in double quotes": 'a: "one\\ttwo\\n\\x41\\u00e9"\nb: "one \\\n  two"\n',
    "quotes in quotes": "a: 'it''s'\nb: \"say \\\"x\\\"\"\n",
    "comments": "# of the team\na: 1 # one\nb: x#y\nc: 'z # z'\n",
    "tags of YAML": "a: !!str 1\nb: !!int '1'\nc: !!bool yes\nd: !!float 1\ne: !!null ''\n",
    "binary": "a: !!binary aGVsbG8=\n",
    "lists not indented": "env:\n- name: A\n  value: 1\n- name: B\nnext: 1\n",
    "lists in lists": "a:\n- - 1\n  - 2\n- [3, {b: 4}]\n",
    "a complex key": "? image\n: one\n? env\n:\n  - a\n",
    "an address with a colon": "a: http://x:80/y\nb: [nginx:1.2]\nc: 10.0.0.0/8\nd: x:y\n",
    "dots in keys": "a.b: 1\neks.amazonaws.com/role-arn: arn:aws:iam::1:role/x\n",
    "a percent sign and a tilde in text": "a: 50%\nb: ~x\nc: x~\n",
    "an empty file": "",
    "only comments": "# nothing yet\n",
    "a document mark": "---\na: 1\n",
    "an end mark": "a: 1\n...\n",
}

FILES = {
    "a leaf over a leaf": ("image: one\nother: 1\n", "image: two\n"),
    "the type of a leaf changes": ("a: 1\nb: 'yes'\nc: x\n", "a: '1'\nb: yes\nc: [x]\n"),
    "a map over a map": ("a: {x: 1, z: {p: 1, q: 2}}\n", "a: {z: {q: 3, r: 4}}\n"),
    "an empty map over a map": ("a: {x: 1}\n", "a: {}\n"),
    "a map over an empty map": ("a: {}\n", "a: {x: 1}\n"),
    "a list over a list": ("env: [{name: A}, {name: B}]\n", "env: [{name: C}]\n"),
    "an empty list over a list": ("env: [{name: A}]\n", "env: []\n"),
    "a list over a map": ("a: {x: 1}\n", "a: [1]\n"),
    "a map over a list": ("a: [1]\n", "a: {x: 1}\n"),
    "a map over a leaf": ("a: one\n", "a: {x: 1}\n"),
    "a leaf over a map": ("a: {x: 1}\n", "a: one\n"),
    "an empty text over a map": ("a: {x: 1}\n", "a: ''\n"),
    "null over a leaf": ("a: one\nb: 1\n", "a:\n"),
    "null over a map": ("a: {x: 1}\nb: 1\n", "a: ~\n"),
    "null over a list": ("a: [1]\nb: 1\n", "a: null\n"),
    "null over nothing": ("b: 1\n", "a: null\n"),
    "null inside a map": ("a: {x: 1, z: 2}\n", "a: {x: }\n"),
    "null deep inside": ("a: {b: {c: {d: 1, e: 2}}}\n", "a: {b: {c: {d: null}}}\n"),
    "null, then a leaf": ("a: {x: 1}\n", "a:\n", "a: 2\n"),
    "null, then a map": ("a: {x: 1}\n", "a:\n", "a: {z: 2}\n"),
    "a leaf, then a map": ("a: {x: 1}\n", "a: 1\n", "a: {z: 2}\n"),
    "four files": ("a: 1\nb: 1\nc: 1\nd: 1\n", "b: 2\nc: 2\nd: 2\n", "c: 3\nd: 3\n", "d: 4\n"),
    "four files, one map": ("a: {w: 1}\n", "a: {x: 2}\n", "a: {y: 3, w: }\n", "a: {z: 4}\n"),
    "an empty file between": ("a: {x: 1}\n", "# nothing\n", "a: {z: 2}\n"),
    "a byte-order mark at the beginning of each": ("\ufeffa: 1\n", "\ufeffb: 2\n", "\ufeffc: 3\n"),
    "the same file twice": ("a: {x: [1]}\nb:\n", "a: {x: [1]}\nb:\n"),
    "an alias is not shared by what comes over it": ("x: &x {cpu: 1}\na: *x\nb: *x\n", "a: {cpu: 2}\n"),
    "a merge key is flat before the merge": ("x: &x {cpu: 1, ram: 1}\na: {<<: *x}\n", "a: {cpu: }\n"),
    "keys that are one after reading": ("yes: 1\n1: a\n", "true: 2\n'1': b\n"),
    "keys that differ in case": ("Image: a\n", "image: b\n"),
    "the base of an agent and its production": (
        "resourceNamePrefix: ~\nimage: registry/x:1\ncommonEnv:\n- name: AIRFLOW__CORE__XCOM_BACKEND\n  value: x\n"
        "workers:\n- name: default\n  replicas: 1\nsentinel: {enabled: true, resources: {cpu: 1}}\n",
        "resourceNamePrefix: claims\ncommonEnv:\n- name: OTHER\n  value: z\nsentinel: {resources: {memory: 1Gi}}\n",
    ),
}

DEFAULTS = {
    "defaults alone": ("a: 1\nb: {x: yes}\n",),
    "a file over defaults": ("a: 1\nb: {x: 1, z: 2}\n", "b: {x: 3}\n"),
    "null takes a default away": ("a: 1\nb: {x: 1, z: 2}\nc: [1]\n", "a:\nb: {x: }\nc: ~\n"),
    "null takes a default map away": ("probe: {httpGet: {path: /x}}\nb: 1\n", "probe: null\n"),
    "a map over a default leaf, with Helm's warning": ("a: one\n", "a: {x: 1}\n"),
    "a leaf over a default map": ("a: {x: 1}\n", "a: one\n"),
    "a map over a default null": ("a:\nb: {c: }\n", "a: {x: 1}\nb: {c: {d: 1}}\n"),
    "an empty map over default values": ("a: {x: 1}\n", "a: {}\n"),
    "an empty list over a default": ("a: [1]\n", "a: []\n"),
    "a null among the files, a map over it: the default is back": ("a: {x: 1}\n", "a:\n", "a: {z: 2}\n"),
    "a null among the files inside a map": ("a: {b: {c: 1, d: 2}}\n", "a: {b: }\n", "a: {b: {d: 3}}\n"),
    "false and zero over defaults": ("a: true\nb: 5\nc: x\n", "a: false\nb: 0\nc: ''\n"),
    "two files over defaults": ("a: {x: 1, y: 1, z: 1}\n", "a: {y: 2, z: 2}\n", "a: {z: 3}\n"),
}

UMBRELLA = {
    "the subchart's defaults alone": ("image: one\nb: {x: 1}\n", ""),
    "the parent's values for it": ("image: one\nb: {x: 1}\n", "agent: {image: two, b: {z: 2}}\n"),
    "a file over both": ("image: one\nb: {x: 1}\n", "agent: {image: two, b: {z: 2}}\n", "agent: {b: {x: 3}}\n"),
    "null of a file takes the subchart's default away": ("image: one\nb: {x: 1, z: 2}\n", "", "agent: {b: {x: }}\n"),
    "a file's value after the parent's null": ("image: one\n", "agent: {image: }\n", "agent: {image: two}\n"),
    "keys of the parent stay with it": ("image: one\n", "image: two\nagent: {b: 1}\n"),
    "a list over the subchart's": ("env: [{name: A}, {name: B}]\n", "agent: {env: [{name: C}]}\n"),
    "global reaches the subchart": ("image: one\n", "global: {registry: x}\n"),
    "global over the subchart's own": ("global: {registry: x, zone: a}\n", "global: {registry: z}\n"),
    "global over what the parent sets for it": ("a: 1\n", "global: {r: x}\nagent: {global: {r: z, s: 1}}\n"),
    "global merged in depth": ("global: {a: {b: 1, c: 1}}\n", "global: {a: {c: 2}}\n", "global: {a: {d: 3}}\n"),
}

CASES = len(ONE_FILE) + len(FILES) + len(DEFAULTS) + len(UMBRELLA)


def test_the_table_is_as_long_as_it_promises() -> None:
    assert CASES >= 60


HERE = Place("values.yaml")


def read(path: str, content: str) -> Value[Tree]:
    document = read_yaml(path, content)[0]
    assert not isinstance(document.root, Unknown)
    return document.root


def ours(defaults: str, files: tuple[str, ...]) -> Value[Tree]:
    layers = [read(f"values-{number}.yaml", content) for number, content in enumerate(files)]
    return merge((read("values.yaml", defaults), merge(layers)))


def normal(value: Any) -> Any:
    """As a template sees it: without nulls in maps, and every number a float."""
    match value:
        case dict():
            return {key: normal(inner) for key, inner in sorted(value.items()) if inner is not None}
        case list():
            return [normal(item) for item in value]
        case bool() | str() | None:
            return value
        case _:
            return float(value)


def as_json(value: Any) -> str:
    """For a comparison that tells `1` from `true`."""
    return json.dumps(normal(value or {}), ensure_ascii=False)


class Judge:
    """Helm, with a chart whose template prints its values, alone and as a subchart."""

    def __init__(self, folder: Path) -> None:
        self.helm = pytest.importorskip("helm_python")
        self.chart = folder
        self.subchart = folder / "charts" / "agent"
        write(self.chart, "parent")

    def files(self, *files: str) -> Any:
        """What Helm makes of several values files, before any chart."""
        (self.chart / "values.yaml").write_text("\n---\n".join(files), encoding="utf-8", newline="")
        with self.helm.Chart.load(self.chart) as chart:
            return chart.values

    def outcome(self, defaults: str, files: tuple[str, ...], chart: str = "parent") -> tuple[Any, Any]:
        """The values of the release, and what the templates of a chart see: `parent`, or `agent` below it."""
        given = self.files(*files)
        (self.chart / "values.yaml").write_text(defaults, encoding="utf-8", newline="")
        with self.helm.Chart.load(self.chart) as loaded:
            merged, rendered = loaded.merge_values(given), loaded.render(given)
        (printed,) = [text for path, text in rendered.items() if path.endswith(f"{chart}/templates/values.yaml")]
        return merged, json.loads(printed)

    def below(self, subchart: str, defaults: str, files: tuple[str, ...]) -> Any:
        """What the templates of a subchart with these defaults see."""
        write(self.subchart, "agent")
        (self.subchart / "values.yaml").write_text(subchart, encoding="utf-8", newline="")
        return self.outcome(defaults, files, "agent")[1]


def write(folder: Path, name: str) -> None:
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n")
    (folder / "templates" / "values.yaml").write_text("{{ .Values | toJson }}")


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    return Judge(tmp_path)


@pytest.mark.parametrize("content", ONE_FILE.values(), ids=ONE_FILE)
def test_helm_reads_the_same(judge: Judge, content: str) -> None:
    read_here = as_json(plain(read("values.yaml", content)))
    assert read_here == as_json(judge.helm.values_from_yaml(content))
    assert read_here == as_json(judge.files(content))
    assert read_here == as_json(judge.outcome("", (content,))[1])


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_helm_merges_files_the_same(judge: Judge, files: tuple[str, ...]) -> None:
    merged = as_json(plain(ours("", files)))
    assert merged == as_json(judge.files(*files))
    assert [merged, merged] == [as_json(values) for values in judge.outcome("", files)]


@pytest.mark.parametrize("layers", DEFAULTS.values(), ids=DEFAULTS)
def test_helm_merges_files_over_defaults_the_same(judge: Judge, layers: tuple[str, ...]) -> None:
    defaults, *files = layers
    merged = as_json(plain(ours(defaults, tuple(files))))
    assert [merged, merged] == [as_json(values) for values in judge.outcome(defaults, tuple(files))]


@pytest.mark.parametrize("layers", UMBRELLA.values(), ids=UMBRELLA)
def test_helm_gives_a_subchart_the_same(judge: Judge, layers: tuple[str, ...]) -> None:
    subchart, defaults, *files = layers
    parent = ours(defaults, tuple(files))
    shared = Known(Map({"global": Entry("global", HERE, at(parent, "global"))}), HERE)
    no_global = read("", "global: {}")
    seen = merge((no_global, read("charts/agent/values.yaml", subchart), at(parent, "agent"), shared))
    assert as_json(plain(seen)) == as_json(judge.below(subchart, defaults, tuple(files)))


def test_a_null_in_the_umbrellas_own_defaults(judge: Judge) -> None:
    """To us it takes the subchart's default away; Helm 4.2 does so only where a file mentions the subchart."""
    subchart, defaults = "image: one\n", "agent: {image: null}\n"
    ours_below = plain(merge((read("charts/agent/values.yaml", subchart), at(ours(defaults, ()), "agent"))))
    assert ours_below == {"image": None}
    assert "image" in judge.below(subchart, defaults, ())
    assert "image" not in judge.below(subchart, defaults, ("agent: {b: 1}\n",))


def test_the_first_document_of_a_file_is_read_like_helms_reader(judge: Judge) -> None:
    """For files of `-f`, Helm 3 stops there; Helm 4 merges all documents."""
    content = "a: 1\nb: 1\n---\nb: 2\n"
    documents = [plain(document.root) for document in read_yaml("values.yaml", content)]
    assert documents == [{"a": 1, "b": 1}, {"b": 2}]
    assert judge.helm.values_from_yaml(content) == documents[0]
    assert judge.files(content) == {"a": 1, "b": 2}


KEYS = st.sampled_from(["a", "b", "yes", "1", "é", "x.y"])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "x", "yes", "null", "~", "017", "0o17", "1e3", "1_0", "2024-01-31", "a: b", "é\n 𝒳", "- x"]),
)
MAPS = st.dictionaries(
    KEYS,
    st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3)),
    max_size=4,
)


@pytest.mark.slow
@settings(max_examples=250)
@given(MAPS, st.lists(MAPS, min_size=2, max_size=4))
def test_helm_agrees_on_any_layers(
    tmp_path_factory: pytest.TempPathFactory, defaults: dict[str, Any], files: list[dict[str, Any]]
) -> None:
    yaml = pytest.importorskip("yaml")
    chart = tmp_path_factory.getbasetemp() / "any-layers"
    judge = Judge(chart)
    first, *texts = [yaml.safe_dump(layer, allow_unicode=True) for layer in (defaults, *files)]
    assert as_json(plain(ours("", tuple(texts)))) == as_json(judge.files(*texts))
    merged = as_json(plain(ours(first, tuple(texts))))
    assert [merged, merged] == [as_json(values) for values in judge.outcome(first, tuple(texts))]
