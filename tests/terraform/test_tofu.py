"""Files that only OpenTofu reads: `x.tofu` stands for `x.tf`, and all others are further files of the module."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from astrovet.cli.app import app
from astrovet.terraform.file_names import is_override, module_files
from support import ROOT

TOKEN = """\
resource "astro_api_token" "{name}" {{
  name = "{name}"
  type = "WORKSPACE"
  roles = [{{ entity_id = "w", entity_type = "WORKSPACE", role = "WORKSPACE_MEMBER" }}]
{rest}}}
"""
ENDLESS = TOKEN.format(name="ci", rest="")
ENDING = TOKEN.format(name="ci", rest="  expiry_period_in_days = 30\n")
PLAN = ROOT / "fixtures" / "plans" / "modules-nested"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def scan(*arguments: str, form: str = "concise") -> str:
    done = CliRunner().invoke(app, ["scan", f"--format={form}", "--today=2026-11-22", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


@pytest.mark.parametrize(
    ("paths", "of_module"),
    [
        (("main.tf", "main.tofu"), ["main.tofu"]),
        (("main.tf.json", "main.tofu.json"), ["main.tofu.json"]),
        (("main.tf", "main.tofu.json"), ["main.tf", "main.tofu.json"]),
        (("main.tf.json", "main.tofu"), ["main.tf.json", "main.tofu"]),
        (("a/main.tf", "b/main.tofu"), ["a/main.tf", "b/main.tofu"]),
        (("x_override.tf", "x_override.tofu", "x.tf"), ["x_override.tofu", "x.tf"]),
        (("main.tofu", "terraform.tfvars", "tests/a.tofutest.hcl", "values.yaml"), ["main.tofu"]),
    ],
)
def test_which_files_make_up_a_module(paths: tuple[str, ...], of_module: list[str]) -> None:
    assert module_files(paths) == of_module


@pytest.mark.parametrize("name", ["override.tofu", "x_override.tofu", "override.tofu.json", "x_override.tofu.json"])
def test_override_files(name: str) -> None:
    assert is_override(f"infra/{name}")


def test_a_tofu_file_is_a_file_of_the_module() -> None:
    Path("main.tofu").write_text(ENDLESS)
    Path("variables.tf").write_text('variable "a" {}\n')
    for arguments in ((".",), ("main.tofu",), ("--hook", "main.tofu"), ("--hook", "variables.tf")):
        assert "main.tofu:1:1: AST006" in scan(*arguments), arguments


def test_a_tofu_file_stands_for_the_tf_file_of_its_name() -> None:
    Path("main.tf").write_text(ENDLESS)
    assert "main.tf:1:1: AST006" in scan(".")
    Path("main.tofu").write_text(ENDING)
    for arguments in ((".",), ("main.tf",), ("main.tofu",)):
        assert "AST006" not in scan(*arguments), arguments
    Path("main.tf").write_text(ENDING)
    Path("main.tofu").write_text("\n" + ENDLESS)
    assert "main.tofu:2:1: AST006" in scan(".")


def test_json_syntax_and_overrides() -> None:
    Path("main.tf").write_text(ENDLESS)
    Path("more.tofu.json").write_text(json.dumps({"resource": {"astro_api_token": {"more": {"name": "m"}}}}))
    assert "more.tofu.json:1:35: AST006" in scan(".")
    Path("a_override.tofu").write_text('resource "astro_api_token" "ci" {\n  expiry_period_in_days = 30\n}\n')
    assert "main.tf:1:1: AST006" not in scan(".")


def test_a_module_in_tofu_files_is_followed() -> None:
    Path("main.tofu").write_text('module "team" {\n  source = "./team"\n  days   = 4000\n}\n')
    Path("team").mkdir()
    Path("team/main.tofu").write_text(
        'variable "days" {}\n' + TOKEN.format(name="ci", rest="  expiry_period_in_days = var.days\n")
    )
    assert "AST006" in scan(".")
    assert "called from here" in scan(".", form="json")


def test_comments_and_lines_of_a_tofu_file_count() -> None:
    Path("main.tofu").write_text('# astrovet: ignore[AST006] reason="until the new pipeline runs"\n' + ENDLESS)
    assert "AST006" not in scan(".")
    assert "Waived:" in scan(".", "--show=waived", form="text")
    Path("main.tofu").write_text(ENDLESS)
    assert '1 | resource "astro_api_token" "ci" {' in scan(".", form="text")


def test_a_plan_is_located_in_tofu_files(tmp_path: Path) -> None:
    shutil.copytree(PLAN, tmp_path, dirs_exist_ok=True)
    before = scan("--plan=plan.json", "--require=hipaa")
    assert "main.tf:" in before
    for path in list(tmp_path.rglob("*.tf")):
        path.rename(path.with_suffix(".tofu"))
    assert scan("--plan=plan.json", "--require=hipaa") == before.replace(".tf:", ".tofu:")
