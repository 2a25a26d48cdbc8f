"""500 Terraform files, two thirds of them without anything of Astro: what evaluating costs above reading and scanning.

    python bench/terraform_sources.py [--check]

Prints the medians of paired runs in one process each, and their ratio; --check exits with 1 above the limit.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 3.0
RUNS = 5
ROOTS = 50
"""Root modules of ten files each; every third one declares something of Astro."""

ASTRO = """
resource "astro_workspace" "team_{n}" {{
  for_each              = local.teams
  name                  = "${{each.key}}-{n}"
  description           = "team ${{each.value.owner}}"
  cicd_enforced_default = true
}}
resource "astro_deployment" "team_{n}" {{
  for_each              = local.teams
  name                  = "${{each.key}}-{n}"
  type                  = "STANDARD"
  workspace_id          = astro_workspace.team_{n}[each.key].id
  is_cicd_enforced      = each.value.prod
  environment_variables = [
    {{ key = "ENV", value = each.value.prod ? "prod" : "dev", is_secret = false }},
    {{ key = "DB_PASSWORD", value = var.password, is_secret = true }},
  ]
}}
"""
LOCALS = """
variable "password" { sensitive = true }
locals { teams = { for name in ["risk", "claims"] : name => { owner = upper(name), prod = name == "risk" } } }
"""
OTHER = """
resource "aws_s3_bucket" "data_{n}" {{
  bucket = "acme-${{var.region}}-data-{n}"
  tags   = merge(local.tags, {{ Name = "data-{n}" }})
}}
resource "aws_iam_role" "role_{n}" {{
  name               = "role-{n}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole" }}]
  }})
}}
"""

AS_THE_COMMAND = """
import gc, pathlib, sys, time
sys.path[:0] = {path!r}
from astrovet.cli import GARBAGE
gc.set_threshold(GARBAGE)
"""
SCAN_ONLY = """
from astrovet.formats.hcl.structure import scan
begin = time.perf_counter()
for file in sorted(pathlib.Path({folder!r}).rglob("*.tf")):
    scan(str(file), file.read_text())
print(time.perf_counter() - begin)
"""
WHOLE = """
from astrovet.cli.bounds import bounds_of
from astrovet.cli.files import Disk
from astrovet.model.deployment import Deployment
from astrovet.readers.estate import build
from astrovet.readers import terraform_files as terraform_inputs
from astrovet.readers.source_file import TerraformSources
from astrovet.terraform.source import modules, root_modules as roots, resources as sources, variable_files as tfvars
from astrovet.terraform.source.parsing import parse
parse("a + 1")  # the grammar and the modules are loaded: fixed costs of each process
begin = time.perf_counter()
disk = Disk(bounds=bounds_of(({folder!r},)))
files = tuple(disk.with_called_modules(list(disk.below({folder!r}, ()))))
estate = build(files, ".", TerraformSources(files)).estate
print(time.perf_counter() - begin)
assert len(estate.of(Deployment)) >= 100, len(estate.of(Deployment))
"""


def write_repository(folder: Path) -> int:
    """Fifty root modules; gives the number of files."""
    files = 0
    for root in range(ROOTS):
        home = folder / f"live/root{root:02}"
        home.mkdir(parents=True)
        for number in range(10):
            is_astro = root % 3 == 0
            text = ASTRO.format(n=number) if is_astro and number < 4 else OTHER.format(n=number)
            if number == 0:
                text += LOCALS if is_astro else ""
                text += 'variable "region" { default = "eu" }\nlocals { tags = { owner = "data" } }\n'
            (home / f"part{number}.tf").write_text(text)
            files += 1
    return files


def run(script: str, folder: Path) -> float:
    root = Path(__file__).parent.parent
    path = [str(root / "linter"), str(root / "rules")]
    code = (AS_THE_COMMAND + script).format(path=path, folder=str(folder))
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(result.stdout)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_repository(folder)
        pairs = [(run(SCAN_ONLY, folder), run(WHOLE, folder)) for _ in range(RUNS + 1)][1:]
    scan, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(second / first for first, second in pairs)
    print(f"{files} files: reading and scanning {scan * 1000:.0f} ms, judging's whole reading {whole * 1000:.0f} ms")
    print(f"ratio {ratio:.1f}, limit {LIMIT:.0f}")
    if "--check" in sys.argv and ratio > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
