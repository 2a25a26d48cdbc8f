"""`astrovet compare`: every outcome, for plans, folders and revisions; it gates on what is worse alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from support import FIXTURES, ROOT, TODAY, astrovet, plan_text, write

RULES = FIXTURES / "rules" / "xcom-values-stay-in-astro"
BAD = (RULES / "bad-no-threshold" / "values.yaml").read_text()
GOOD = (RULES / "good-zero" / "values.yaml").read_text()
STANDARD = 'resource "astro_deployment" "claims" {\n  name = "claims"\n  type = "STANDARD"\n}\n'
DEDICATED = STANDARD.replace("STANDARD", "DEDICATED")
OPEN = 'variable "type" {}\n' + STANDARD.replace('"STANDARD"', "var.type")
WAIVED = '# astrovet: ignore[REQ001] until=2026-12-31 reason="moved in January"\n' + STANDARD

with_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def compare(*words: str, only: str = "REX008,REQ001,INP") -> Result:
    return astrovet("compare", "--today", TODAY, f"--select={only}", *words)


def changes(*words: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(compare("--format=json", *words).stdout)
    assert content["schema"] == 1
    return content


def rules(verdicts: list[dict[str, Any]]) -> list[str]:
    return [verdict["rule"] for verdict in verdicts]


def both(before: str, after: str, name: str = "main.tf") -> None:
    write(f"old/{name}", before)
    write(f"new/{name}", after)


LISTS = ("opened", "heavier", "unknowable", "closed", "accepted", "decided")


@pytest.mark.parametrize(
    ("before", "after", "change", "status"),
    [
        (DEDICATED, STANDARD, "opened", 1),
        (WAIVED, STANDARD, "opened", 1),
        (STANDARD, DEDICATED, "closed", 0),
        (STANDARD, WAIVED, "accepted", 0),
        (DEDICATED, OPEN, "unknowable", 0),
        (STANDARD, OPEN, "unknowable", 0),
        (OPEN, DEDICATED, "decided", 0),
        (STANDARD, STANDARD, "stayed", 0),
        (DEDICATED, DEDICATED, "", 0),
        (OPEN, OPEN, "", 0),
        ("", STANDARD, "opened", 1),
        (STANDARD, 'resource "astro_deployment" "a" {\n  name = "a"\n  type = "DEDICATED"\n}\n', "closed", 0),
    ],
)
def test_each_outcome(before: str, after: str, change: str, status: int, repository: Path) -> None:
    both(before, after)
    made = changes("old", "new", "--require=hipaa")
    assert {name for name in LISTS if made[name]} == ({change} if change and change != "stayed" else set())
    assert made["stayed"] == (change == "stayed")
    assert all(rules(made[name]) == ["REQ001"] for name in LISTS if made[name])
    assert compare("old", "new", "--require=hipaa").exit_code == status


def test_what_was_undecided_and_fails_now_is_opened_and_decided(repository: Path) -> None:
    both(OPEN, STANDARD)
    made = changes("old", "new", "--require=hipaa")
    assert (rules(made["opened"]), rules(made["decided"])) == (["REQ001"], ["REQ001"])


def test_what_weighs_more_is_worse(repository: Path) -> None:
    both(BAD, BAD, "values.yaml")
    write("old/.astrovet.yaml", "version: 1\n")
    write("new/.astrovet.yaml", "version: 1\nrules: {severity: {REX008: critical}}\n")
    made = changes("old", "new")
    assert [(one["rule"], one["severity"], one["was"]) for one in made["heavier"]] == [("REX008", "critical", "high")]
    result = compare("old", "new")
    assert result.exit_code == 1
    assert "(was high)" in result.stdout
    assert "makes 1 finding worse" in result.stdout
    assert compare("new", "old").exit_code == 0


def test_it_says_it_in_words(repository: Path) -> None:
    both(GOOD, BAD, "a/values.yaml")
    both(BAD, GOOD, "b/values.yaml")
    both(DEDICATED, OPEN)
    text = compare("old", "new", "--require=hipaa").stdout
    assert text.startswith("Opens:\n  a/values.yaml:9:1: REX008 critical ")
    assert "\nMakes unknowable:\n  main.tf:4:10: REQ001 unknown no value for var.type" in text
    assert "\nCloses:\n  b/values.yaml:9:1: REX008 critical " in text
    assert text.splitlines()[-1].startswith(
        "From old to new: opens 1 finding (1 critical), makes 1 verdict unknowable, closes 1 finding (1 critical)"
    )
    markdown = compare("old", "new", "--require=hipaa", "--format=markdown").stdout
    assert markdown.startswith("## astrovet\n\nFrom old to new: opens 1 finding")
    assert "### Opens\n\n    a/values.yaml:9:1: REX008 critical " in markdown
    assert "From old to old: changes no finding" in compare("old", "old").stdout


def test_a_long_comment_has_an_end(repository: Path) -> None:
    blocks = [STANDARD.replace('"claims" {', f'"c{number}" {{') for number in range(230)]
    both("", "".join(blocks))
    markdown = compare("old", "new", "--require=hipaa", "--format=markdown").stdout
    assert markdown.count("REQ001") == 200
    assert "… 30 lines more" in markdown


def test_gates(repository: Path) -> None:
    both(DEDICATED, OPEN)
    assert compare("old", "new", "--require=hipaa", "--fail-on-unknown").exit_code == 1
    both(GOOD, BAD, "values.yaml")
    assert compare("old", "new", "--fail-on=critical").exit_code == 0
    assert compare("old", "new", "--fail-on=never").exit_code == 0
    assert compare("old", "new", "--exit-zero").exit_code == 0
    assert compare("old", "new").exit_code == 1


def test_folders_of_other_names_and_moved_lines_change_nothing(repository: Path) -> None:
    write("a/infra/main.tf", STANDARD)
    write("deep/er/infra/deployments.tf", "\n\n" + STANDARD)
    made = changes("a", "deep/er", "--require=hipaa")
    assert (made["stayed"], [made[name] for name in LISTS]) == (1, [[]] * len(LISTS))


def test_a_requirement_that_is_dropped_is_said(repository: Path) -> None:
    both(STANDARD, STANDARD)
    write("old/.astrovet.yaml", "version: 1\nrequires: [hipaa]\n")
    result = compare("old", "new")
    assert "note: the change no longer requires hipaa of astro_deployment.claims" in result.stdout
    assert "Closes:" in result.stdout
    assert "- the change no longer requires" in compare("old", "new", "--format=markdown").stdout
    assert "no longer requires" not in compare("new", "old").stdout


# --- plans


def plan(path: str, kind: str) -> None:
    text = plan_text({"astro_deployment.claims": {"name": "claims", "type": kind}})
    write(path, text.replace("hashicorp/any", "astronomer/astro"))


def test_two_plans_wherever_they_lie(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    plan(str(elsewhere / "base.json"), "STANDARD")
    plan("infra/plan.json", "STANDARD")
    write(".astrovet.yaml", "version: 1\nrequires: [hipaa]\n")
    made = changes(str(elsewhere / "base.json"), "infra/plan.json")
    assert (made["stayed"], made["opened"], made["notes"]) == (1, [], [])  # held against one configuration
    assert made["head"] == "infra/plan.json"
    plan("infra/plan.json", "DEDICATED")
    assert rules(changes(str(elsewhere / "base.json"), "infra/plan.json")["closed"]) == ["REQ001"]


def test_a_configuration_can_be_named_for_both(repository: Path) -> None:
    plan("a/plan.json", "DEDICATED")
    plan("b/plan.json", "STANDARD")
    write("settings.yaml", "version: 1\nrequires: [hipaa]\n")
    assert rules(changes("a/plan.json", "b/plan.json", "--config=settings.yaml")["opened"]) == ["REQ001"]
    assert changes("a/plan.json", "b/plan.json")["opened"] == []


def test_a_plan_against_a_folder(repository: Path) -> None:
    plan("a/plan.json", "DEDICATED")
    write("b/main.tf", STANDARD)
    assert rules(changes("a/plan.json", "b", "--require=hipaa")["opened"]) == ["REQ001"]


# --- what cannot be compared


def test_a_broken_side_is_no_comparison(repository: Path) -> None:
    both(GOOD, BAD + "a: [\n", "values.yaml")
    result = compare("old", "new")
    assert result.exit_code == 2
    assert "new: values.yaml: " in result.stderr
    assert "what is missing on one side looks opened or closed" in result.stderr


def test_nothing_on_either_side_is_an_error_and_on_one_is_none(repository: Path) -> None:
    os.makedirs("empty")
    write("new/values.yaml", BAD)
    assert compare("empty", "empty").exit_code == 2
    assert rules(changes("empty", "new")["opened"]) == ["REX008"]
    assert rules(changes("new", "empty")["closed"]) == ["REX008"]
    assert compare("new", "empty").exit_code == 0


def test_slips_are_told(repository: Path) -> None:
    write("values.yaml", GOOD)
    assert compare(".", ".", only="REX88").exit_code == 2
    write(".astrovet.yaml", "versio: 1\n")
    assert compare(".", ".").exit_code == 2
    assert compare("values.yaml", "values.yaml").exit_code == 2


def test_a_rule_that_breaks_is_a_bug(repository: Path) -> None:
    write("values.yaml", GOOD)
    write(
        "pack.py",
        '"""A law.\n\n## Why\nSo.\n\n## Fix\nDo.\n"""\nfrom astrovet import Agent, Severity, rule\n\n\n'
        '@rule("AAA001", "breaks", on=Agent, severity=Severity.HIGH, sources=[])\n'
        "def breaks(agent, context):\n    raise ValueError\n    yield\n\n\nRULES = [breaks]\n",
    )
    result = compare(".", ".", "--rules=pack.py", only="AAA")
    assert result.exit_code == 3
    assert "internal error in the rule AAA001" in result.stderr


# --- revisions


def git(*words: str) -> str:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": os.environ["PATH"]}
    people = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(["git", *people, *words], env=settings, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(message: str) -> str:
    git("add", "-A")
    git("commit", "-q", "-m", message)
    return git("rev-parse", "HEAD")


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A repository with three commits; the working directory."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    commits = []
    for kind in (DEDICATED, STANDARD, DEDICATED):
        write("infra/main.tf", kind)
        write("other/values.yaml", GOOD)
        commits.append(commit("x"))
        write("x", kind + str(len(commits)))
    return commits


@with_git
@pytest.mark.parametrize(
    ("base", "head", "change"),
    [
        ("{0}", "{1}", "opened"),
        ("{1}", "{2}", "closed"),
        ("main~1", "main", "closed"),
        ("HEAD~2", "HEAD^", "opened"),
        ("HEAD^1~1", "HEAD~", "opened"),
        ("v1", "main", ""),
        ("{0:.7}", "{1}", "opened"),
    ],
)
def test_two_revisions(base: str, head: str, change: str, history: list[str]) -> None:
    git("tag", "-a", "v1", "-m", "v1", history[0])
    git("gc", "-q")
    made = changes(base.format(*history), head.format(*history), "--require=hipaa")
    assert {name for name in LISTS if made[name]} == ({change} if change else set())


@with_git
def test_a_revision_against_the_working_directory(history: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    write("infra/main.tf", STANDARD)
    made = changes("main", "--require=hipaa")
    assert (made["base"], made["head"], rules(made["opened"])) == (f"main ({history[2][:10]})", ".", ["REQ001"])
    assert changes(history[2], "--require=hipaa")["base"] == history[2]
    monkeypatch.chdir("infra")
    made = changes("main", "--require=hipaa")
    assert (rules(made["opened"]), made["opened"][0]["place"]["path"]) == (["REQ001"], "main.tf")
    os.makedirs("../young")
    monkeypatch.chdir("../young")
    write("values.yaml", BAD)
    assert rules(changes("main")["opened"]) == ["REX008"]


@with_git
def test_links_and_odd_files_of_a_revision(history: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    write(outside / "values.yaml", BAD)
    os.symlink("../other/values.yaml", "infra/values.yaml")
    os.symlink(outside / "values.yaml", "far.yaml")
    commit("links")
    result = compare("HEAD", "HEAD")
    assert "far.yaml: this lies outside of the repository" in result.stderr
    assert result.exit_code == 2
    assert compare("HEAD", "HEAD", "--exclude=far.yaml").exit_code == 0


@with_git
@pytest.mark.parametrize(
    ("revision", "told"),
    [
        ("nowhere", "no file, folder, branch, tag or commit is called 'nowhere'"),
        ("main~9", "goes back further than the history does"),
        ("main^3", "goes back further than the history does"),
        ("", "is called ''"),
    ],
)
def test_a_revision_that_is_not_there(revision: str, told: str, history: list[str]) -> None:
    result = compare(revision)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


@with_git
def test_a_clone_that_lacks_objects_says_so(history: list[str]) -> None:
    tree = git("rev-parse", f"{history[0]}:infra")
    os.remove(f".git/objects/{tree[:2]}/{tree[2:]}")
    result = compare(history[0])
    assert result.exit_code == 2
    assert "a shallow or partial clone lacks some" in " ".join(result.stderr.split())


def test_outside_of_a_repository_there_is_no_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "git repository to find 'main' in" in " ".join(compare("main").stderr.split())


@with_git
def test_paths_that_lead_out_are_not_written(history: list[str]) -> None:
    from dulwich.objects import Blob, Commit, ObjectID, Tree
    from dulwich.repo import Repo

    with Repo(".") as repository:
        blob = Blob.from_string(BAD.encode())
        inner = Tree()
        inner.add(b"values.yaml", 0o100644, blob.id)
        tree = Tree()
        for name in (b"..", b".git", b".GIT", b"a"):
            tree.add(name, 0o040000, inner.id)
        tree.add(b"module", 0o160000, ObjectID(b"0" * 40))
        made = Commit()
        made.tree = tree.id
        made.author = made.committer = b"a <a@example.com>"
        made.author_time = made.commit_time = 0
        made.author_timezone = made.commit_timezone = 0
        made.message = b"x"
        for thing in (blob, inner, tree, made):
            repository.object_store.add_object(thing)
        revision = made.id.decode()
    closed = changes(revision, "HEAD")["closed"]
    assert [verdict["place"]["path"] for verdict in closed] == ["a/values.yaml"]


@with_git
@pytest.mark.usefixtures("history")
def test_no_program_is_run_and_nothing_is_left_behind(tmp_path_factory: pytest.TempPathFactory) -> None:
    left = tmp_path_factory.mktemp("left")
    program = (
        "import os, sys\n"
        "told = []\n"
        "watched = ('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn', 'os.fork', 'socket.connect')\n"
        "sys.addaudithook(lambda event, _: told.append(event) if event in watched else None)\n"
        "import tempfile\n"
        f"tempfile.tempdir = {str(left)!r}\n"
        "sys.argv = ['astrovet', 'compare', 'HEAD~1', '--require=hipaa', '--select=REQ001']\n"
        "from astrovet.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    status = end.code\n"
        "assert (told, status) == ([], 0), (told, status)\n"
    )
    path = os.pathsep.join((str(ROOT / "linter"), str(ROOT / "rules")))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "closes 1 finding" in done.stdout
    assert list(left.iterdir()) == []
