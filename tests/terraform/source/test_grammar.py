"""The tables of the grammar: data, made from what is installed, and used only where they fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from astrovet.terraform.source import grammar
from astrovet.terraform.source.parsing import parse
from make_grammar import tables, written

TEXTS = (
    'upper("a")',
    "[for k, v in local.m : v.id if k != null]",
    '{ (var.key) = "${a.b[0].c}-x", d : [1, 2.5, -3] }',
    "a ? b.*.c : d[*].e",
    "<<-EOT\n  a ${b}\n  EOT\n",
)


@pytest.fixture(autouse=True)
def _loaded_anew() -> Any:
    """Each test loads the tables itself, and leaves none of its own behind."""
    for cached in (grammar.hcl_parser, parse):
        cached.cache_clear()
    yield
    for cached in (grammar.hcl_parser, parse):
        cached.cache_clear()


@pytest.mark.slow
def test_the_file_is_what_the_script_makes() -> None:
    assert Path(grammar.TABLES).read_bytes() == written(tables()), "run `make grammar`"


def test_it_holds_plain_data_for_what_is_installed() -> None:
    content = json.loads(Path(grammar.TABLES).read_text("utf-8"))
    assert content["made_for"] == grammar.fingerprint()
    assert b"\x00" not in Path(grammar.TABLES).read_bytes()


@pytest.mark.slow
def test_the_tables_read_what_the_grammar_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    by_tables = list(map(parse, TEXTS))
    monkeypatch.setattr(grammar, "from_tables", lambda _: grammar.built())
    for cached in (grammar.hcl_parser, parse):
        cached.cache_clear()
    assert list(map(parse, TEXTS)) == by_tables


def test_tables_for_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """With another lark or grammar, the parser is built from the grammar that is there."""
    built: list[str] = []
    monkeypatch.setattr(grammar, "fingerprint", lambda: "lark 99, grammar 00")
    monkeypatch.setattr(grammar, "built", lambda: built.append("built"))
    grammar.hcl_parser()
    assert built == ["built"]


def test_a_table_that_is_no_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in the file's place is read as JSON, whatever it is."""
    (tmp_path / "grammar.json").write_bytes(b"\x80\x04cos\nsystem\n.")
    monkeypatch.setattr(grammar, "TABLES", str(tmp_path / "grammar.json"))
    with pytest.raises(msgspec.DecodeError):
        grammar.hcl_parser()
