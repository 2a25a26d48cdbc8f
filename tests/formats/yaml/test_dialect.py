"""Where go-yaml and the C parser differ: files are read as Helm reads them, by the fast parser."""

from __future__ import annotations

import pytest

from astrovet.document import ProblemKind
from astrovet.formats.yaml import dialect
from astrovet.formats.yaml.documents import read_yaml
from astrovet.value import Known, at
from support import plain

TAKEN = [
    'a: "it\\\'s"\nb: "\\\\"\nc: [x:y, "\'"]\n',
    "a: {url: http://example.com:80/x, image: nginx:1.2}\nb: 'a:b'\n",
    "a: {image:\tagent:7}\nb: c\t# a comment\n",
    "a: [x::1, a::b]\n",
    'a: ["one:two", {b:1}]\n',
]
REFUSED = ['a: "teams\\/claims"\n', "a: {docs: http://wiki.example.com/?page=agents}\n", '"a\\/b": 1\n']


@pytest.mark.parametrize("content", TAKEN)
def test_what_helm_takes_is_taken(content: str) -> None:
    helm = pytest.importorskip("helm_python")
    pytest.importorskip("_ruamel_yaml")
    (document,) = read_yaml("values.yaml", content)
    assert plain(document.root) == helm.values_from_yaml(content)


@pytest.mark.parametrize("content", REFUSED)
def test_what_helm_refuses_is_refused(content: str) -> None:
    helm = pytest.importorskip("helm_python")
    pytest.importorskip("_ruamel_yaml")
    with pytest.raises(helm.HelmValuesError):
        helm.values_from_yaml(content)
    (document,) = read_yaml("values.yaml", content)
    assert [problem.kind for problem in document.problems] == [ProblemKind.UNREADABLE]


def test_places_are_those_of_the_file() -> None:
    pytest.importorskip("_ruamel_yaml")
    (document,) = read_yaml("values.yaml", "a: {url: http://example.com:80/x, 'b': 1}\nc: \"it\\'s {}\"\n")
    value = at(document.root, "a", "b")
    assert (value.place.line, value.place.column, value.place.end_column) == (1, 40, 41)
    value = at(document.root, "c")
    assert isinstance(value, Known)
    assert value.value == "it's {}"
    assert (value.place.line, value.place.column) == (2, 4)


def test_a_text_with_the_stand_ins_of_its_own_keeps_them() -> None:
    (document,) = read_yaml("values.yaml", f"a: [{dialect.COLON}, x:y]\n")
    assert plain(document.root) == {"a": [dialect.COLON, "x:y"]}
    (document,) = read_yaml("values.yaml", f'a: "x{dialect.APOSTROPHE}y"\n')
    assert plain(document.root) == {"a": f"x{dialect.APOSTROPHE}y"}


def test_words_that_newer_readers_take_for_text() -> None:
    content = "a: no\nb: Yes\nc: true\nd: n\n"
    (document,) = read_yaml("helmfile.yaml", content, is_newer=True)
    assert plain(document.root) == {"a": "no", "b": "Yes", "c": True, "d": "n"}
    (document,) = read_yaml("values.yaml", content)
    assert plain(document.root) == {"a": False, "b": True, "c": True, "d": False}
