"""The one gate to the disk: what a repository may make astrovet read, and how what it may not is told."""

from __future__ import annotations

import json
import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import astrovet, write

CANARY = "zq-outside-canary"
OUTSIDE = "lies outside of the repository that is scanned"
TERRAFORM = (
    f'resource "astro_deployment" "outside" {{\n  name = "{CANARY}"\n  type = "STANDARD"\n'
    f'  environment_variables = [{{ key = "{CANARY}_PASSWORD", value = "x", is_secret = false }}]\n}}\n'
)
VALUES = f"resourceNamePrefix: {CANARY}\nnamespace: {CANARY}\nagentToken: not-a-real-token\n"
OWN = (
    'variable "name" { default = "own" }\n'
    'resource "astro_deployment" "own" {\n  name = var.name\n  type = "STANDARD"\n}\n'
)
RESOURCE = {
    "address": "astro_deployment.own",
    "mode": "managed",
    "type": "astro_deployment",
    "name": "own",
    "provider_name": "registry.terraform.io/astronomer/astro",
}
SETTINGS = {"name": "own", "type": "STANDARD"}
PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "planned_values": {"root_module": {"resources": [{**RESOURCE, "schema_version": 0, "values": SETTINGS}]}},
    "resource_changes": [{**RESOURCE, "change": {"actions": ["create"], "before": None, "after": SETTINGS}}],
    "configuration": {"root_module": {"module_calls": {"m": {"source": "../out", "module": {}}}}},
}


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository, which is the working directory, with a file of its own; beside it what is none of its business."""
    write(tmp_path / "out" / "x.tf", TERRAFORM)
    write(tmp_path / "out" / "v.yaml", VALUES)
    write(tmp_path / "out" / "t.tfvars", f'name = "{CANARY}"\n')
    write(tmp_path / "out" / "plan.json", json.dumps(PLAN).replace('"own"', f'"{CANARY}"'))
    write(tmp_path / "out" / "prefix", CANARY)
    write(tmp_path / "repo" / ".git" / "HEAD", "ref: refs/heads/main\n")
    write(tmp_path / "repo" / "main.tf", OWN)
    monkeypatch.chdir(tmp_path / "repo")


def scan(*words: str) -> tuple[int, dict[str, Any]]:
    result = astrovet("scan", *words, "--format=json")
    return result.exit_code, json.loads(result.stdout)


def problems(report: dict[str, Any]) -> dict[str, str]:
    """What is told of inputs that could not be used."""
    return {file["path"]: file["problem"] for file in report["inputs"] if file["problem"]}


def refused(path: str, why: str, *words: str) -> None:
    """A scan does not read this file or folder, and says so; the model shows nothing of it either."""
    status, report = scan(*words)
    assert status == 2
    assert path in problems(report)
    assert why in problems(report)[path]
    assert CANARY not in json.dumps(report)
    assert any(path == verdict["place"]["path"] and verdict["rule"] == "INP001" for verdict in report["verdicts"])
    if "--hook" not in words:
        shown = astrovet("model", *words, "--format=json")
        assert shown.exit_code == 2
        assert CANARY not in shown.output
        assert f"{path}: this" in shown.stderr


def read(*words: str) -> None:
    """A scan reads what lies outside."""
    _, report = scan(*words)
    assert problems(report) == {}
    assert CANARY in astrovet("model", *words, "--format=json").stdout


# --- outside of the repository


@pytest.mark.parametrize("name", ["y.tf", "values.yaml", "terraform.tfvars", "plan.json"])
def test_a_link_that_leads_out(name: str) -> None:
    target = {"y.tf": "x.tf", "values.yaml": "v.yaml", "terraform.tfvars": "t.tfvars"}.get(name, name)
    Path(name).symlink_to(f"../out/{target}")
    refused(name, OUTSIDE, ".")
    read(".", "--include-outside", "../out")


def test_a_link_to_a_folder_on_the_way() -> None:
    Path("linked").symlink_to("../out")
    write("main.tf", 'module "m" {\n  source = "./linked"\n}\n')
    refused("linked", OUTSIDE, ".")
    read(".", "--include-outside", "../out")


def test_a_module() -> None:
    write("main.tf", f'{OWN}\nmodule "m" {{\n  source = "../out"\n}}\n')
    refused("../out", OUTSIDE, ".")
    (verdict,) = (told for told in scan(".")[1]["verdicts"] if told["rule"] == "INP001")
    assert [(note["message"], note["place"]["path"], note["place"]["line"]) for note in verdict["related"]] == [
        ("called from here", "main.tf", 8)
    ]
    read(".", "--include-outside", "../out")


def test_a_configured_variable_file() -> None:
    write(".astrovet.yaml", "environments: [{name: p, root: ., var-files: [../out/t.tfvars]}]\n")
    refused("../out/t.tfvars", OUTSIDE, ".")
    read(".", "--include-outside", "../out")


WRAPPERS = {
    ".astrovet.yaml": "agents: [{name: p, values: [../out/v.yaml]}]\n",
    "helmfile.yaml": (
        "releases:\n- name: a\n  chart: astronomer/astro-remote-execution-agent\n  values: [../out/v.yaml]\n"
    ),
    "kustomization.yaml": (
        "helmCharts:\n- name: astro-remote-execution-agent\n  repo: https://helm.astronomer.io\n"
        "  valuesFile: ../out/v.yaml\n"
    ),
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_layer_of_values(wrapper: str) -> None:
    write(wrapper, WRAPPERS[wrapper])
    refused("../out/v.yaml", OUTSIDE, ".")
    read(".", "--include-outside", "../out")


def test_a_layer_that_is_not_there_is_no_secret_of_the_outside() -> None:
    write("helmfile.yaml", WRAPPERS["helmfile.yaml"].replace("v.yaml", "none.yaml"))
    assert problems(scan(".")[1]) == {}


def test_a_file_that_an_expression_reads() -> None:
    write("main.tf", OWN.replace("var.name", 'file("${path.module}/../out/t.tfvars")'))
    assert CANARY not in astrovet("model", ".", "--format=json").stdout
    assert problems(scan(".")[1]) == {}  # what depends on it is undecided; a key in one's home is no fault
    read(".", "--include-outside", "../out")


def test_sources_beside_a_plan() -> None:
    Path("main.tf").unlink()
    write("plan.json", json.dumps(PLAN))
    Path("x.tf").symlink_to("../out/x.tf")
    status, report = scan("--plan=plan.json")
    assert status == 2
    assert set(problems(report)) == {"x.tf", "../out"}  # the second is a module that the plan calls


def test_folders_of_installed_modules() -> None:
    write("plan.json", json.dumps(PLAN | {"configuration": {}}))
    write(".terraform/modules/modules.json", json.dumps({"Modules": [{"Key": "m", "Dir": "../out"}]}))
    refused("../out", OUTSIDE, "--plan=plan.json")


def test_a_link_that_git_gives_to_the_hook() -> None:
    Path("values.yaml").symlink_to("../out/v.yaml")
    refused("values.yaml", OUTSIDE, "--hook", "values.yaml", "main.tf")
    Path("linked").symlink_to("../out")
    refused("linked/x.tf", OUTSIDE, "--hook", "linked")


def test_a_file_of_a_setting() -> None:
    """What it sets is unknown, not empty."""
    chart = "astronomer/astro-remote-execution-agent"
    write("values.yaml", VALUES.replace(CANARY, "own"))
    setting = "{name: namespace, file: ../out/prefix}"
    write("helmfile.yaml", f"releases:\n- name: a\n  chart: {chart}\n  values: [values.yaml]\n  set: [{setting}]\n")
    refused("../out/prefix", OUTSIDE, ".")
    shown = json.loads(astrovet("model", ".", "--format=json").stdout)
    (agent,) = (thing for thing in shown["objects"] if thing["kind"] == "agent")
    assert [field["state"] for field in agent["fields"] if field["name"] == "namespace"] == ["unknown"]


def test_settings_of_the_outside_do_not_hold() -> None:
    """Nor do they end the run."""
    write("../out/.astrovet.yaml", "requires: [nonsense]\n")
    write("main.tf", f'{OWN}\nmodule "m" {{\n  source = "../out"\n}}\n')
    refused("../out", OUTSIDE, ".")


def test_settings_beside_a_plan(tmp_path: Path) -> None:
    write(tmp_path / "out" / "pyproject.toml", "[tool.astrovet]\n")
    write("plans/plan.json", json.dumps(PLAN | {"configuration": {}}))
    Path("plans/pyproject.toml").symlink_to("../../out/pyproject.toml")
    status, report = scan("--plan=plans/plan.json")
    assert status == 2
    assert OUTSIDE in problems(report)["plans/pyproject.toml"]


@pytest.mark.parametrize("name", [".astrovet.yaml", "pyproject.toml"])
def test_a_configuration(name: str, tmp_path: Path) -> None:
    write(tmp_path / "out" / name, {".astrovet.yaml": "requires: [hipaa]\n"}.get(name, "[tool.astrovet]\n"))
    Path(name).symlink_to(f"../out/{name}")
    result = astrovet("scan", ".", "--format=concise")
    assert result.exit_code == 2
    assert name in result.output
    assert OUTSIDE in result.output


def test_a_configuration_above_what_is_scanned_where_there_is_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "above" / ".astrovet.yaml", "requires: [hipaa]\n")
    write(tmp_path / "above" / "infra" / "main.tf", OWN)
    monkeypatch.chdir(tmp_path / "above" / "infra")
    result = astrovet("scan", ".")
    assert result.exit_code == 2
    assert OUTSIDE in result.output
    monkeypatch.chdir(tmp_path / "above")  # where the user works
    assert "hipaa" in astrovet("scan", "infra", "--show=unknown").output


def test_without_a_repository_the_scanned_folder_is_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "loose" / "main.tf", 'module "m" {\n  source = "../out"\n}\n')
    monkeypatch.chdir(tmp_path / "loose")
    refused("../out", OUTSIDE, ".")


# --- what may be read


def test_links_and_modules_inside_of_the_repository() -> None:
    write("modules/m/x.tf", TERRAFORM.replace(f'"{CANARY}"', "var.name", 1) + 'variable "name" {}\n')
    write("env/main.tf", 'variable "name" {}\nmodule "m" {\n  source = "../modules/m"\n  name = var.name\n}\n')
    write("common.tfvars", f'name = "{CANARY}"\n')
    Path("env/terraform.tfvars").symlink_to("../common.tfvars")
    read("env")


@pytest.mark.parametrize(
    "words",
    [
        ("--plan=../out/plan.json",),
        ("--values=../out/v.yaml",),
        (".", "--var-file=../out/t.tfvars"),
        ("../out/v.yaml",),
        ("../out",),
        ("linked.yaml",),
        ("linked",),
        ("-f", "own.yaml", "--set-file", "resourceNamePrefix=../out/prefix"),
    ],
    ids=lambda words: " ".join(words),
)
def test_what_the_user_names(words: tuple[str, ...]) -> None:
    Path("linked.yaml").symlink_to("../out/v.yaml")
    Path("linked").symlink_to("../out")
    write("own.yaml", VALUES.replace(CANARY, "own"))
    assert CANARY in astrovet("model", *words, "--format=json").stdout


def test_a_neighbour_outside_of_the_repository_is_none(tmp_path: Path) -> None:
    """Nobody named the folder above, so there is nothing to tell."""
    write("values.yaml", VALUES.replace(CANARY, "own"))
    write(tmp_path / "values-prod.yaml", VALUES)
    assert problems(scan("values.yaml")[1]) == {}
    assert CANARY not in astrovet("model", "values.yaml", "--format=json").stdout


# --- what is no regular file


def other(path: str, kind: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        Path(path).symlink_to("/dev/zero")


KINDS = ("pipe", "device")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["y.tf", "y.yaml", "y.json", "terraform.tfvars"])
def test_found_in_a_walk(name: str, kind: str) -> None:
    other(name, kind)
    refused(name, "was not read", ".")


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_called_module(kind: str) -> None:
    write("main.tf", 'module "m" {\n  source = "./.hidden"\n}\n')
    other(".hidden/y.tf", kind)
    refused(".hidden/y.tf", "was not read", ".")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["y.tf", ".terraform/modules/modules.json"])
def test_beside_a_plan(name: str, kind: str) -> None:
    write("plan.json", json.dumps(PLAN | {"configuration": {}}))
    other(name, kind)
    refused(name, "was not read", "--plan=plan.json")


@pytest.mark.parametrize("kind", KINDS)
def test_a_neighbour_of_a_file_in_the_hook(kind: str) -> None:
    write("values.yaml", VALUES.replace(CANARY, "own"))
    other("values-prod.yaml", kind)
    refused("values-prod.yaml", "was not read", "--hook", "values.yaml")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_an_expression(kind: str) -> None:
    write("main.tf", OWN.replace("var.name", 'file("${path.module}/f")'))
    other("f", kind)
    assert scan(".")[0] == 0


@pytest.mark.parametrize("name", [".astrovet.yaml", "pyproject.toml"])
@pytest.mark.parametrize("kind", KINDS)
def test_in_the_place_of_a_configuration(name: str, kind: str) -> None:
    other(name, kind)
    result = astrovet("scan", ".", "--format=concise")
    assert result.exit_code == 2
    assert "was not read" in result.output


@pytest.mark.parametrize("words", [("a.yaml",), ("--values=/dev/zero",), ("--plan=/dev/zero",), ("--config=a.yaml",)])
def test_named_by_the_user(words: tuple[str, ...]) -> None:
    other("a.yaml", "pipe")
    result = astrovet("scan", *words)
    assert result.exit_code == 2
    assert "was not read" in result.output


def test_a_device_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening alone can do something: a tape rewinds."""
    other("y.tf", "device")
    real = os.open

    def watched(path: Any, *arguments: Any, **named: Any) -> int:
        assert not str(path).endswith(("y.tf", "zero"))
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, "open", watched)
    refused("y.tf", "was not read", ".", "--include-outside=/dev")


def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at it and its opening."""
    other("y.tf", "pipe")
    real = os.stat

    def stale(path: Any, *arguments: Any, **named: Any) -> os.stat_result:
        return real("main.tf" if str(path).endswith("y.tf") else path, *arguments, **named)

    monkeypatch.setattr(os, "stat", stale)
    refused("y.tf", "this is a pipe", ".")


# --- pipes that the user names, and sizes


@pytest.fixture
def endless() -> Iterator[str]:
    """A pipe into which somebody writes for as long as it is read."""
    os.mkfifo("endless")

    def fill() -> None:
        try:
            with open("endless", "wb", buffering=0) as stream:
                while True:
                    stream.write(b"# nothing\n" * 5000)
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=fill, daemon=True)
    writer.start()
    yield "endless"
    writer.join(10)
    assert not writer.is_alive()


def test_a_pipe_that_the_user_names_is_read() -> None:
    """`-f <(sops -d values.yaml)`."""
    ends = os.pipe()
    os.write(ends[1], VALUES.encode())
    os.close(ends[1])
    result = astrovet("model", "-f", f"/dev/fd/{ends[0]}", "--format=json")
    os.close(ends[0])
    assert CANARY in result.stdout


def test_a_pipe_is_not_read_for_ever(endless: str) -> None:
    status, report = scan("-f", endless)
    assert status == 2
    assert problems(report) == {endless: "the file is larger than 8 MiB"}


@pytest.mark.parametrize(
    ("name", "head", "size", "limit"),
    [
        ("y.tf", b"#", 16, "16 MiB"),
        ("y.tfvars", b"#", 16, "16 MiB"),
        ("values.yaml", b"agentToken: a\nresourceNamePrefix: a\n#", 8, "8 MiB"),
        ("plan.json", b'{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{', 256, "256 MiB"),
    ],
)
def test_what_is_too_large_is_told_and_not_read(name: str, head: bytes, size: int, limit: str) -> None:
    write(name, head)
    os.truncate(name, (size << 20) + 1)
    tracemalloc.start()
    status, report = scan(".")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 << 20
    assert status == 2
    assert problems(report) == {name: f"the file is larger than {limit}"}
    assert {"main.tf", name} <= {file["path"] for file in report["inputs"]}


def test_a_large_file_that_is_none_of_ours_is_passed_over() -> None:
    write("other.yaml", "# nothing of Astro")
    os.truncate("other.yaml", (8 << 20) + 1)
    assert problems(scan(".")[1]) == {}


def test_standard_input_has_a_limit() -> None:
    result = astrovet("scan", "-f", "-", "--format=json", stdin=b"#" * ((8 << 20) + 1))
    assert "the file is larger than 8 MiB" in problems(json.loads(result.stdout))["stdin"]
