"""What is said of every case in `fixtures/` stays the same: by all rules, with and without requirements, and the model.

Only digests are kept, in `tests/data/digests.txt`: this is a net below the tests that show what they expect. Where it
catches something, `python bench/revisions.py REVISION --only CASE` shows the difference; after a deliberate change
`make expected` writes the digests anew.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import cases
from astrovet import __version__
from support import DATA, FIXTURES, TODAY, WRITES_EXPECTED, astrovet

DIGESTS = DATA / "digests.txt"
FOLDERS = sorted(path for path in FIXTURES.glob("rules/*/*") if path.is_dir())
FOLDERS += sorted(
    path for kind in ("plans", "precision", "projects") for path in (FIXTURES / kind).iterdir() if path.is_dir()
)
STRICT = "--require=hipaa,pci,dora,gdpr,no-vendor-inbound,customer-data-plane,private-connectivity,audit-retention"
OF_RULES = ("--require", "--select", "--ignore", "--rules", "--fail-on", "--show", "--today")


def name(folder: Path) -> str:
    return folder.relative_to(FIXTURES).as_posix()


def digest(*words: str) -> str:
    """Of what a command writes, without what any new rule would change."""
    result = astrovet(*words, "--format", "json", *(("--today", TODAY) if words[0] == "scan" else ()))
    text = result.stdout.replace(__version__, "…")
    if text.startswith("{"):
        said = json.loads(text)
        said.pop("summary", None)
        text = json.dumps(said)
    return hashlib.sha256(f"{result.exit_code} {text} {result.stderr}".encode()).hexdigest()[:10]


def recorded() -> dict[str, str]:
    lines = DIGESTS.read_text("utf-8").splitlines() if DIGESTS.is_file() else []
    return {case: digests for case, _, digests in (line.partition(" ") for line in lines)}


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_everything_that_is_said_of_a_case_is_as_before(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / folder.name
    cases.lay_out(cases.read(folder), here)
    monkeypatch.chdir(here)
    digests: list[str] = []
    for run in cases.read(folder).runs:
        command, *arguments = run.arguments
        if command == "scan":
            of_model = [word for word in arguments if not word.startswith(OF_RULES)]
            digests += [digest(*run.arguments), digest(*run.arguments, STRICT), digest("model", *of_model)]
    digests = list(dict.fromkeys(digests))
    if WRITES_EXPECTED:
        known = {case: known for case, known in recorded().items() if (FIXTURES / case).is_dir()}
        lines = sorted({**known, name(folder): " ".join(digests)}.items())
        DIGESTS.write_text("".join(f"{case} {said}\n" for case, said in lines), "utf-8")
    assert " ".join(digests) == recorded().get(name(folder)), f"python bench/revisions.py main --only {name(folder)}"
