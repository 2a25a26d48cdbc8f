"""No credential is shown as a key, a setting, a name or a word of people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from astrovet.secrecy import Redactor, without_credentials, without_value
from support import astrovet

TOKEN = "ghp_Zq7VbN2mKx9RtL4wYc8PdH3sJf6GaE1uTo5i"
SHAPES = (
    TOKEN,
    "AKIAJ8MU687RCCBX2Q4T",
    "postgres://u:0123456789abcdef@h.example.com/x",
    "hvs.0123456789abcdef0123456789",
    "xoxb-0123456789abcdef012345",
    "https://x.blob.example.com/c?se=2027-01-01&sig=0123456789abcdef0123456789abcdef",
)
COMMANDS = (
    ("scan", ".", "-v"),
    ("scan", ".", "--format=concise"),
    ("scan", ".", "--format=json", "--show=pass,unknown,waived,not-applicable"),
    ("scan", ".", "--format=sarif"),
    ("model", "."),
    ("model", ".", "--format=json"),
    ("model", ".", "--format=mermaid"),
    ("report", ".", "--require=hipaa"),
    ("report", ".", "--require=hipaa", "--format=json"),
    ("report", ".", "--require=hipaa", "--format=markdown"),
)
VALUES = "resourceNamePrefix: a\nagentToken: not-a-real-token-1\ncommonEnv: []\n"
UNTIL = "until: 2027-01-31"
DEPLOYMENT = """\
resource "astro_deployment" "d" {
  for_each = toset([var.v])
  name     = each.key
  type     = "STANDARD"
  environment_variables = [{ key = "A_PASSWORD", value = "x-not-real", is_secret = false }]
}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("value", ["zq10d088k14577", "x7", 'quo\\"ted ${1}'.replace("${1}", "one")])
def test_a_sensitive_value_is_no_key(words: tuple[str, ...], value: str) -> None:
    written = value if value.startswith("quo") else json.dumps(value)[1:-1]
    Path("main.tf").write_text(f'variable "v" {{\n  default = "{written}"\n  sensitive = true\n}}\n{DEPLOYMENT}')
    done = astrovet(*words)
    assert done.exit_code in (0, 1)
    assert "astro_deployment.d" in done.output or words[0] != "scan"
    assert f'["{value}"]' not in done.output
    assert f'[\\"{value}\\"]' not in done.output
    assert "zq10d088k1" not in done.output


@pytest.mark.slow
@pytest.mark.parametrize("secret", SHAPES)
def test_a_credential_is_no_key_setting_or_word(secret: str) -> None:
    quoted = json.dumps(secret)
    Path("values.yaml").write_text(f"{VALUES}{quoted}: 1\n{quoted}: 2\n")
    Path(".astrovet.yaml").write_text(
        f"version: 1\nwaivers:\n  - {{rule: REX013, at: values.yaml, reason: {quoted}, owner: {quoted}, {UNTIL}}}\n"
        f"attestations:\n  - {{what: baa, owner: a@b.example, signed: 2026-03-01, evidence: {quoted}, {UNTIL}}}\n"
    )
    for words in (*COMMANDS, ("config",)):
        done = astrovet(*words)
        assert done.exit_code in (0, 1)
        assert secret not in done.output, words
        assert secret[8:] not in done.output, words


@pytest.mark.slow
@pytest.mark.parametrize("secret", SHAPES)
@pytest.mark.parametrize("flag", ["--set", "--set-string", "--set-literal", "--set-json", "--set-file"])
def test_a_setting_without_a_name_is_not_shown(flag: str, secret: str) -> None:
    Path("values.yaml").write_text(VALUES)
    for words in (("scan", "--show=unknown", "-v"), ("report", "--require=hipaa"), ("model",)):
        done = astrovet(*words, "-f", "values.yaml", flag, secret)
        assert secret[8:] not in done.output, words


def test_what_is_set_without_a_name_may_be_any_secret() -> None:
    Path("values.yaml").write_text(VALUES)
    for words in (("scan", "--show=unknown"), ("report", "--require=hipaa"), ("model",)):
        assert "zq6ee0ebk490" not in astrovet(*words, "-f", "values.yaml", "--set-string", "zq6ee0ebk490").output


@pytest.mark.parametrize(
    "words", [("scan", f"{TOKEN}.yaml", "-v"), ("scan", f"--format={TOKEN}"), ("scan", "--config", TOKEN)]
)
def test_what_is_said_on_standard_error_holds_no_credential(words: tuple[str, ...]) -> None:
    Path(f"{TOKEN}.yaml").write_text(VALUES)
    done = astrovet(*words)
    assert "(secret)" in done.stderr
    assert TOKEN not in done.output


def test_what_agents_are_set_to_is_not_shown() -> None:
    Path("values.yaml").write_text(VALUES)
    Path(".astrovet.yaml").write_text(
        'version: 1\nagents:\n  - {name: a, values: [values.yaml], set: ["agentToken=zq6ee0ebk490", zq6ee0ebk490]}\n'
    )
    done = astrovet("config")
    assert "agents[0].set = [agentToken=…, …]" in done.stdout
    assert "zq6ee0ebk490" not in done.stdout


def test_keys_and_no_other_words_are_hidden() -> None:
    redact = Redactor(["production", "ab"])
    assert redact.named('production/main.tf: astro_deployment.production["production"]["ab"]') == (
        'production/main.tf: astro_deployment.production["(secret)"]["(secret)"]'
    )
    assert redact.pointer("tags.production[0].abc") == "tags.(secret)[0].abc"
    assert redact.pointer('tags["a production"].ab') == 'tags["(secret)"].(secret)'


@pytest.mark.parametrize("secret", SHAPES)
def test_what_looks_like_a_credential_is_taken_out(secret: str) -> None:
    assert without_credentials(f"the key `{secret}` is set twice") == "the key `(secret)` is set twice"
    assert without_value(secret if "=" not in secret else secret.replace("=", "")) == "…"
    assert without_value(f"{TOKEN}=x") == "(secret)=…"
