"""The pre-commit hook, as a team uses it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

AGENTS = ROOT / "fixtures" / "rules" / "xcom-values-stay-in-astro"
PUBLISHED = ("linter", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


def git(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """One git command as somebody whose own settings do not matter."""
    return subprocess.run(
        ["git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", *arguments],
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def repository(folder: Path) -> Path:
    """A new git repository with all that already lies in the folder."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    assert git(folder, "commit", "--allow-empty", "--quiet", "--message=beginning").returncode == 0
    return folder


@pytest.mark.slow
@pytest.mark.network
def test_a_bad_values_file_blocks_the_commit(tmp_path: Path) -> None:
    astrovet = tmp_path / "astrovet"
    astrovet.mkdir()
    for name in PUBLISHED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, astrovet / name)
    revision = git(repository(astrovet), "rev-parse", "HEAD").stdout.strip()

    team = repository(tmp_path / "a team")
    environment = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    (team / ".pre-commit-config.yaml").write_text(
        f"repos: [{{repo: {astrovet}, rev: {revision}, hooks: [{{id: astrovet}}]}}]\n"
    )
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=team, capture_output=True, check=True)

    (team / "helm").mkdir()
    (team / "helm" / "values.yaml").write_text((AGENTS / "bad-no-threshold" / "values.yaml").read_text())
    git(team, "add", "--all")
    blocked = git(team, "commit", "--message=agents", environment=environment)
    assert blocked.returncode != 0
    assert "REX008" in blocked.stdout

    (team / "helm" / "values.yaml").unlink()
    (team / "mkdocs.yaml").write_text("site_name: runbooks\nnav: [index.md]\n")
    git(team, "add", "--all")
    passed = git(team, "commit", "--message=runbooks", environment=environment)
    assert passed.returncode == 0, passed.stdout
    assert "Passed" in passed.stdout
