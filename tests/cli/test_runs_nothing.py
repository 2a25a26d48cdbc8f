"""Nothing of a scanned repository is run: no module that lies in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT, write

NAMES = ("click", "msgspec", "jsonschema", "lark", "hcl2", "ruamel", "difflib", "hashlib", "json", "tomllib")


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("-P",), ("-I",)], ids=lambda options: "".join(options) or "plain")
def test_modules_in_the_working_directory_are_not_imported(options: tuple[str, ...], repository: Path) -> None:
    for name in NAMES:
        write(f"{name}.py", "open('ran', 'w').close()\n")
    write("main.tf", 'resource "astro_deployment" "d" {\n  name = upper("d")\n}\n')
    write(".astrovet.yaml", "version: 1\n")
    command = [sys.executable, *options, "-m", "astrovet", "scan", ".", "--fail-on=never"]
    environment = {} if "-I" in options else {"PYTHONPATH": f"{ROOT}/linter:{ROOT}/rules"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "main.tf" in done.stdout
    assert not Path("ran").exists()
