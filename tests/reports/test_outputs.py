"""What every command writes of whole projects, letter for letter, in the formats that people and tools read.

The files are in `tests/data/outputs/`. ASTROVET_WRITE_EXPECTED=1 writes them anew: after a deliberate change, and to
read the difference.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from astrovet import __version__
from support import DATA, FIXTURES, TODAY, astrovet, expect_of_file, write

OUTPUTS = DATA / "outputs"
ALL = "--show=unknown,waived,pass"
STRICT = (
    "--require=hipaa,pci,dora,gdpr,soc2,no-vendor-inbound,customer-execution-plane,private-connectivity,audit-retention"
)

CLAIMS = "projects/claims-platform"
MODELS = (
    CLAIMS,
    "projects/bank-remote-execution",
    "projects/insurer-hosted",
    "projects/resources-dedicated",
    "precision/aws-remote-execution-platform",
    "precision/azure-agents",
    "precision/google-gke-agents",
    "precision/hosted-dedicated-insurer",
    "plans/data-plane-azure",
    "plans/data-plane-gcp",
    "plans/google-and-azure",
    "plans/remote-exec-aws-good",
)
PICTURES = sorted(
    f"{folder}/{path.name}" for folder in ("projects", "precision") for path in (FIXTURES / folder).iterdir()
)

COMMANDS = {
    "claims-scan.txt": (CLAIMS, "scan", "-v", ALL),
    "claims-scan.json": (CLAIMS, "scan", "--format=json", ALL),
    "claims-scan.sarif": (CLAIMS, "scan", "--format=sarif"),
    "claims-report.html": (CLAIMS, "report", "--format=html"),
    "claims-report.md": (CLAIMS, "report", "--format=markdown", STRICT),
    "claims-model.json": (CLAIMS, "model", "--format=json"),
    "bank-scan.txt": ("projects/bank-remote-execution", "scan", "--show=unknown,waived", STRICT),
    "cloud-report.md": ("projects/societe-private-cloud", "report", "--format=markdown"),
    "insurer-report.md": ("projects/insurer-hosted", "report", "--format=markdown", STRICT),
    **{f"model-{folder.partition('/')[2]}.txt": (folder, "model") for folder in MODELS},
    **{
        f"model-{folder.partition('/')[2]}.mmd": (folder, "model", "--format=mermaid")
        for folder in PICTURES
        if not folder.endswith(".md")
    },
    "advise.txt": (CLAIMS, "advise", "--require=hipaa"),
    "advise.json": (CLAIMS, "advise", "--require=hipaa,pci,no-vendor-inbound", "--format=json"),
    "advise.md": (CLAIMS, "advise", "--require=dora,customer-execution-plane", "--format=markdown"),
}


@pytest.fixture(autouse=True)
def _alike_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TF_WORKSPACE", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


def essence(name: str, text: str) -> str:
    """An output without what says nothing of the project: the version, other rules, the looks of a page."""
    text = re.sub(r"\b\d+ rules", "… rules", text)
    text = text.replace(f"astrovet {__version__}", "astrovet …").replace(f'"{__version__}"', '"…"')
    if name.endswith(".sarif"):
        log = json.loads(text)
        for run in log["runs"]:
            driver, judged = run["tool"]["driver"], {result["ruleId"] for result in run["results"]}
            assert all(driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
            driver["rules"] = [rule for rule in driver["rules"] if rule["id"] in judged]
            for entry in (*driver["rules"], *run["results"]):
                entry.pop("help", None)
                entry.pop("ruleIndex", None)
        return json.dumps(log, indent=1, ensure_ascii=False) + "\n"
    return re.sub(r"(<(style|script)[^>]*>).*?(</\2>)", r"\1…\3", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", COMMANDS)
def test_an_output_is_the_same_letter_for_letter(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, command, *options = COMMANDS[name]
    here = FIXTURES / folder
    if command in {"scan", "report"}:  # paths and fingerprints count from the root of the repository
        here = shutil.copytree(here, tmp_path / here.name)
        write(here / ".git" / "HEAD", "ref: refs/heads/main\n")
        write(here / ".git" / "refs" / "heads" / "main", "0123456789abcdef0123456789abcdef01234567\n")
    monkeypatch.chdir(here)
    day = ["--today", TODAY] if command in {"scan", "report"} else []
    result = astrovet(command, *options, *day)
    assert result.exit_code in {0, 1}, result.output
    expect_of_file(essence(name, result.stdout), OUTPUTS / name)


def test_nothing_else_lies_beside_them() -> None:
    assert {path.name for path in OUTPUTS.iterdir()} == set(COMMANDS)
