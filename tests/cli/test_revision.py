"""The project and the revision that a report for auditors names: read from `.git`, without git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from astrovet.cli.files import Disk
from astrovet.cli.revision import checkout_at, project_at
from astrovet.reports.evidence.evidence import Project
from astrovet.reports.findings.display import Checkout
from support import astrovet, write

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "fedcba9876543210fedcba9876543210fedcba98"

with_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def project(folder: Path | str = ".") -> Project | None:
    return project_at(str(folder), Disk())


def git(folder: Path, *words: str) -> str:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": os.environ["PATH"]}
    people = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")
    done = subprocess.run(
        ["git", *people, *words], cwd=folder, env=settings, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    """A repository that git made."""
    folder = tmp_path / "claims"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


@with_git
def test_a_branch_loose_and_packed(claims: Path) -> None:
    commit = git(claims, "rev-parse", "HEAD")
    assert project(claims) == Project("claims", "main", commit)
    git(claims, "switch", "-q", "-c", "team/x")
    git(claims, "pack-refs", "--all")
    (claims / "infra").mkdir()
    assert project(claims / "infra") == Project("claims", "team/x", commit)


@with_git
def test_no_branch_no_commit(claims: Path, tmp_path: Path) -> None:
    commit = git(claims, "rev-parse", "HEAD")
    git(claims, "checkout", "-q", "--detach")
    assert project(claims) == Project("claims", "", commit)
    (tmp_path / "new").mkdir()
    git(tmp_path / "new", "init", "-q")
    assert project(tmp_path / "new") == Project("new")
    assert project(tmp_path) is None


@with_git
def test_a_further_work_tree_and_a_submodule(claims: Path, tmp_path: Path) -> None:
    commit = git(claims, "rev-parse", "HEAD")
    git(claims, "worktree", "add", "-q", "-b", "review", str(tmp_path / "elsewhere"))
    assert project(tmp_path / "elsewhere") == Project("claims", "review", commit)
    whole = tmp_path / "whole"
    whole.mkdir()
    git(whole, "init", "-q")
    git(whole, "submodule", "--quiet", "add", str(claims), "inner")
    assert project(whole / "inner") == Project("claims", "main", commit)


@with_git
def test_a_work_tree_says_nothing_of_a_repository_that_it_is_none_of(claims: Path, tmp_path: Path) -> None:
    inner = tmp_path / "any" / "worktrees" / "review"
    write(str(inner / "HEAD"), "ref: refs/heads/main\n")
    write(str(inner / "commondir"), f"{claims}/.git\n")
    write(str(tmp_path / "elsewhere" / ".git"), f"gitdir: {inner}\n")
    assert project(tmp_path / "elsewhere") == Project("review", "", "")


@pytest.mark.parametrize(
    "url",
    ["https://user:secret@example.com/acme/claims-infra.git", "git@example.com:claims-infra", "/srv/claims-infra/"],
)
def test_it_is_called_as_its_origin_is(url: str, repository: Path) -> None:
    write(".git/HEAD", "ref: refs/heads/main\n")
    write(".git/config", f'[core]\n\tbare = false\n[remote "origin"]\n\tfetch = x\n\turl = {url}\n[branch "main"]\n')
    assert project() == Project("claims-infra")


@pytest.mark.parametrize(
    "head",
    [
        "ref: refs/heads/../../../secret",
        "ref: refs/heads/<script>\x1b",
        "ref: refs/tags/../config",
        "a password",
        "x" * 5000,
        b"\xff\xfe",
    ],
)
def test_what_is_not_of_gits_form_is_not_shown(head: str | bytes, repository: Path) -> None:
    write(repository.parent / "secret", f"{COMMIT}\n")
    write(".git/HEAD", head)
    write(".git/config", f'[remote "origin"]\n\turl = {chr(27)}x/<b>\n')
    assert project() == Project(repository.name)


def test_a_file_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "HEAD", f"{COMMIT}\n")
    write(tmp_path / "here" / ".git", "gitdir: ../elsewhere\n")
    assert project(tmp_path / "here") is None
    write(tmp_path / "other" / ".git", "nothing of git's\n")
    assert project(tmp_path / "other") is None


def test_pipes_are_not_waited_for(repository: Path) -> None:
    write(".git/HEAD", "ref: refs/heads/main\n")
    (repository / ".git" / "refs" / "heads").mkdir(parents=True)
    os.mkfifo(repository / ".git" / "refs" / "heads" / "main")
    os.mkfifo(repository / ".git" / "config")
    assert project() == Project(repository.name)


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_reports_name_it(form: str, repository: Path) -> None:
    write("main.tf", 'resource "astro_workspace" "a" {\n  name = "a"\n}\n')
    write(".git/HEAD", "ref: refs/heads/main\n")
    write(
        ".git/packed-refs",
        f"# pack-refs with: peeled fully-peeled sorted\n{OTHER} refs/heads/mai\n{COMMIT} refs/heads/main\n",
    )
    write(".git/config", '[remote "origin"]\n\turl = git@example.com:acme/claims.git\n')
    text = astrovet("report", "--format", form).stdout
    assert COMMIT in text
    assert OTHER not in text
    if form == "json":
        assert json.loads(text)["project"] == {"name": "claims", "branch": "main", "commit": COMMIT}
    else:
        assert "Evidence for claims: nothing declared" in text
    write(".git/HEAD", "")
    assert COMMIT not in astrovet("report", "--format", form).stdout


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://github.com/acme/claims.git", "https://github.com/acme/claims.git"),
        ("https://me:s3cret@git.example.com:8443/acme/claims", "https://git.example.com:8443/acme/claims"),
        ("https://x-access-token@github.com/acme/claims", "https://github.com/acme/claims"),
        ("git@github.com:acme/claims.git", "ssh://github.com/acme/claims.git"),
        ("ssh://git@git.example.com:7999/a/claims.git", "ssh://git.example.com:7999/a/claims.git"),
        ("https://github.com/acme/claims?token=s3cret", None),
        ("../claims", None),
        ("/srv/git/claims.git", None),
        ("file:///srv/git/claims.git", None),
        ("", None),
    ],
)
def test_where_a_repository_came_from(address: str, shown: str | None, repository: Path) -> None:
    write(".git/HEAD", "ref: refs/heads/main\n")
    write(".git/refs/heads/main", COMMIT + "\n")
    if address:
        write(".git/config", f'[remote "origin"]\n\turl = {address}\n')
    assert checkout_at(".", Disk()) == (Checkout(shown, "main", COMMIT) if shown is not None else None)
    run = json.loads(astrovet("scan", "--exit-zero", "--ignore=INP011", "--format=sarif").stdout)["runs"][0]
    assert ("versionControlProvenance" in run) is (shown is not None)


def test_outside_of_a_repository_nothing_is_told(tmp_path: Path) -> None:
    assert checkout_at(str(tmp_path), Disk()) is None
