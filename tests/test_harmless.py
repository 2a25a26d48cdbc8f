"""No file name, message or value speaks to the terminal or to the runner."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrovet.harmless import harmless
from support import astrovet

HOSTILE = (
    "\n::error file=x::PWN",
    "##[group]PWN",
    "##vso[task]",
    "\x1b[31mred\x07",
    "a\u202eb\u2066c",
    "\x9b31m\x85",
    "\u2028::x::",
)


def plain(text: str) -> bool:
    """Nothing in it is more than letters on lines of its own."""
    lines = text.split("\n")
    return not any(line.strip().startswith("::") or "##[" in line or "##vso[" in line for line in lines) and all(
        character.isprintable() or character in "\n\t\u00a0\u3000" for character in text
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_each_hostile_text_is_harmless(text: str) -> None:
    assert plain(harmless(text))
    assert plain(harmless(text, is_line=True))
    assert "\n" not in harmless(text, is_line=True)


def test_colours_stay_where_they_are_ours() -> None:
    assert harmless("\x1b[1;31mred\x1b[0m\n", colored=True) == "\x1b[1;31mred\x1b[0m\n"
    assert harmless("\x1b[2Jgone \x1b]0;title\x07", colored=True) == r"\u001b[2Jgone \u001b]0;title\u0007"
    assert harmless("\x1b[31mred") == r"\u001b[31mred"


@given(st.text())
def test_json_stays_the_same_json(text: str) -> None:
    written = json.dumps({"a": text, "##[x": "::"}, ensure_ascii=False, indent=2)
    assert json.loads(harmless(written)) == {"a": text, "##[x": "::"}


@given(st.text("a: \t\u00a0\u2003#[vso]\n"))
def test_no_line_begins_as_a_command(text: str) -> None:
    assert not any(line.strip().startswith("::") for line in harmless(text).split("\n"))


@pytest.fixture
def hostile_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for text in HOSTILE:
        Path(f"{text}.yaml").write_text("resourceNamePrefix: a\nagentToken: t\ncommonEnv: [\n")
        Path(f"{text}ok.yaml").write_text("resourceNamePrefix: a\nagentToken: t\ncommonEnv: []\n")


@pytest.mark.usefixtures("hostile_names")
@pytest.mark.parametrize(
    "words",
    [
        ("scan", ".", "-v"),
        ("scan", ".", "--format=sarif"),
        ("model", "."),
        ("model", ".", "--format=mermaid"),
        ("report", ".", "--require=hipaa"),
        ("scan", "\n::error::no such.yaml"),
        ("scan", "--format=\n::error::no such format"),
        ("scan", ".", "--output=x=\n::error::no such format"),
    ],
)
def test_hostile_names_reach_no_stream(words: tuple[str, ...]) -> None:
    done = astrovet(*words)
    assert done.stdout + done.stderr
    assert plain(done.stdout)
    assert plain(done.stderr)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_settings_reach_no_stream(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quoted = json.dumps(text)
    waiver = f'{{rule: REX016, at: "*", reason: {quoted}, owner: {quoted}, until: 2027-01-31}}'
    Path(".astrovet.yaml").write_text(f"version: 1\nwaivers:\n  - {waiver}\n")
    done = astrovet("config")
    assert "waivers[0].reason" in done.stdout
    assert plain(done.stdout)
    Path("main.tf").write_text('resource "astro_deployment" "d" {}\n')
    Path(".astrovet.yaml").write_text(f"version: 1\nenvironments: [{{name: {quoted}, root: {quoted}}}]\n")
    done = astrovet("scan", ".")
    assert done.exit_code == 2
    assert plain(done.stderr)
