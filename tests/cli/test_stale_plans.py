"""A plan that is older than its sources does not hide what was added to them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, astrovet

PROJECT = ROOT / "fixtures" / "projects" / "claims-platform"
NEW = 'resource "aws_s3_bucket" "new" {\n  bucket = "tarn-new"\n}\n'
CALLS = (("--plan", "terraform/plan.json"), (".",), ("terraform",), ("terraform/plan.json",))


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(PROJECT, tmp_path / "project"))
    Path(".git").mkdir()


def scanned(*paths: str) -> Any:
    return json.loads(astrovet("scan", *paths, "--format", "json").stdout)


def stale(*paths: str) -> list[str]:
    return [gap["what"] for gap in scanned(*paths)["unseen"] if "made without" in gap["what"]]


def add(text: str, file: str = "terraform/main.tf") -> None:
    path = Path(file)
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text("utf-8") if path.exists() else "") + text)


@pytest.mark.parametrize("paths", CALLS)
def test_a_block_that_was_added_since_is_told(paths: tuple[str, ...]) -> None:
    assert stale(*paths) == []
    add(NEW)
    told = "terraform/plan.json was made without aws_s3_bucket.new, which the sources in terraform declare"
    assert stale(*paths) == [told]


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_cloudwatch_log_group" "new" {}\n',
        'data "aws_s3_bucket" "new" {\n  bucket = "x"\n}\n',
        f"/*\n{NEW}*/\n",
        'locals {\n  text = <<-EOT\n    resource "aws_s3_bucket" "new" {}\n  EOT\n}\n',
        'output "new" {\n  value = "x"\n}\n',
    ],
)
def test_what_makes_nothing_that_is_judged_is_not_told(text: str) -> None:
    add(text)
    assert stale("--plan", "terraform/plan.json") == []


def test_a_block_in_json_is_told_too() -> None:
    add(json.dumps({"resource": {"aws_s3_bucket": {"new": {"bucket": "tarn-new"}}}}), "terraform/new.tf.json")
    assert "aws_s3_bucket.new," in stale("--plan", "terraform/plan.json")[0]
    Path("terraform/new.tf.json").write_text(json.dumps({"locals": {"bucket": "tarn-new"}}))
    assert stale("--plan", "terraform/plan.json") == []


def test_a_module_that_was_added_since_is_told() -> None:
    add('module "new" {\n  source = "./new"\n}\n')
    add(NEW, "terraform/new/main.tf")
    assert "module.new," in stale("--plan", "terraform/plan.json")[0]


def test_the_sources_of_another_root_module_are_not_held_against_a_plan() -> None:
    text = Path("terraform/main.tf").read_text("utf-8")
    first = text.index('resource "')
    Path("other").mkdir()
    Path("other/main.tf").write_text(text[first : text.index("\n}\n", first) + 3] + NEW)
    Path("terraform/plan.json").rename("other/plan.json")
    assert stale("--plan", "other/plan.json") == []


def test_a_state_need_not_have_what_may_make_nothing() -> None:
    plan = json.loads(Path("terraform/plan.json").read_text("utf-8"))
    state = {"format_version": "1.0", "terraform_version": "1.9.0", "values": plan["planned_values"]}
    Path("terraform/state.json").write_text(json.dumps(state))
    assert stale("--plan", "terraform/state.json") == []
    add(NEW.replace("{\n", "{\n  count = var.new ? 1 : 0\n"))
    assert stale("--plan", "terraform/state.json") == []
    add(NEW.replace('"new"', '"newer"'))
    assert len(stale("--plan", "terraform/state.json")) == 1


@pytest.mark.parametrize(("folder", "paths"), [("terraform", (".",)), ("terraform", ("..",)), ("helm", ("..",))])
def test_it_is_told_wherever_it_is_called_from(
    folder: str, paths: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(NEW)
    monkeypatch.chdir(folder)
    assert len(stale(*paths)) == 1


def test_one_of_several_plans_is_enough() -> None:
    add(NEW)
    plan = json.loads(Path("terraform/plan.json").read_text("utf-8"))
    bucket = {"address": "aws_s3_bucket.new", "mode": "managed", "type": "aws_s3_bucket", "name": "new"}
    plan["configuration"]["root_module"]["resources"].append(bucket)
    Path("terraform/newer.json").write_text(json.dumps(plan))
    assert stale("--plan", "terraform/newer.json") == []
    assert stale("--plan", "terraform/newer.json", "--plan", "terraform/plan.json") == []


def changed(*paths: str) -> list[str]:
    return [gap["what"] for gap in scanned(*paths)["unseen"] if "was made before" in gap["what"]]


def test_what_another_root_module_says_of_the_same_names_is_no_change() -> None:
    text = Path("terraform/main.tf").read_text("utf-8")
    first = text.index('resource "astro_deployment" "intake"')
    block = text[first : text.index("\n}\n", first) + 3]
    Path("other").mkdir()
    Path("other/main.tf").write_text(block.replace("is_high_availability  = true", "is_high_availability = false"))
    Path("terraform/plan.json").rename("other/plan.json")
    assert changed("--plan", "other/plan.json") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  is_high_availability  = true\n", "  is_high_availability  = false\n"),
        ("  is_high_availability  = true\n", ""),
        ("  is_high_availability  = true\n", "  is_high_availability  = true\n  is_hibernating = true\n"),
        ('["198.51.100.17/32", "198.51.100.18/32"]', '["0.0.0.0/0"]'),
        ("    enabled                   = true\n", "    enabled = false\n"),
        ("= astro_cluster.claims.id\n", "= var.cluster_id\n"),
        ("= astro_cluster.claims.id\n", "= local.clusters[0]\n"),
        ("= astro_cluster.claims.id\n", "= data.astro_cluster.claims.id\n"),
        ("  is_high_availability  = true\n", "  is_high_availability = var.stage == each.key\n"),
    ],
    ids=[
        "another value",
        "an argument is gone",
        "an argument is new",
        "a list within references",
        "a flag within them",
        "a variable",
        "a local value",
        "data",
        "an expression in place of a value",
    ],
)
def test_a_block_that_was_changed_since_is_told(before: str, after: str) -> None:
    assert changed("--plan", "terraform/plan.json") == []
    file = Path("terraform/main.tf")
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after))
    told = "terraform/plan.json was made before astro_deployment.intake changed in terraform"
    assert changed("--plan", "terraform/plan.json") == [told]
    assert changed(".") == [told]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["198.51.100.17/32", "198.51.100.18/32"]', '[ # both\n "198.51.100.18/32", "198.51.100.17/32" ]'),
        ("  is_high_availability  = true\n", "  # it must stand a failure\n  is_high_availability=true\n"),
        (
            "  is_high_availability  = true\n",
            "  is_high_availability  = true\n  lifecycle {\n    prevent_destroy = true\n  }\n",
        ),
        ("= astro_cluster.claims.id\n", "= one([for one in [astro_cluster.claims] : one.id])\n"),
        ("= astro_cluster.claims.id\n", '= "${astro_cluster.claims.id}" # path.module\n'),
    ],
)
def test_what_says_the_same_in_other_words_is_no_change(before: str, after: str) -> None:
    file = Path("terraform/main.tf")
    file.write_text(file.read_text("utf-8").replace(before, after))
    assert changed("--plan", "terraform/plan.json") == []


def test_broken_sources_of_a_plan_are_told() -> None:
    add("}\n")
    verdicts = scanned("--plan", "terraform/plan.json")["verdicts"]
    assert ("INP001", "terraform/main.tf") in {(verdict["rule"], verdict["place"]["path"]) for verdict in verdicts}
