"""What twice the input costs: a scan of many of one thing, against a scan of twice as many.

    python bench/growth.py [--check] [--only GLOB]

The two are run in turn, several times, each in a process of its own; the least processor time of each counts, less
that of a scan of nearly nothing. Twice as many may take LIMIT times as long: 2 is linear, 4 quadratic. --check
exits with 1 above the limit.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

LIMIT = 2.3
RUNS = 3
LEAST = 0.2
"""Seconds below which a time is no measure."""
COMMAND = (sys.executable, "-P", "-c", "from astrovet.cli import main; main()", "scan", ".", "--exit-zero")

Files = Mapping[str, str]


def deployment(name: str = "d", more: str = "", value: str = "") -> str:
    """A deployment that has a name and little else."""
    return f'resource "astro_deployment" "{name}" {{\n  name = {value or chr(34) + name + chr(34)}\n{more}}}\n'


VALUES = "resourceNamePrefix: a\nagentToken: not-a-real-token-1\ncommonEnv: []\n"
COMMENT = '# astrovet: ignore[AST001] reason="for this bench"\n'
WAIVER = '  - {rule: AST001, at: "*", reason: for this bench alone, until: 2027-01-31}\n'


def comments(count: int) -> Files:
    return {"main.tf": COMMENT * count + deployment()}


def comments_in_yaml(count: int) -> Files:
    return {"values.yaml": COMMENT.replace("AST001", "REX013") * count + VALUES}


def comments_on_blocks(count: int) -> Files:
    return {
        "main.tf": "".join(COMMENT.replace("AST001", "AST002") + deployment(f"d{number}") for number in range(count))
    }


def waivers(count: int) -> Files:
    return {"main.tf": deployment(), ".astrovet.yaml": "version: 1\nwaivers:\n" + WAIVER * count}


def declarations(count: int) -> Files:
    entry = '  - {match: "*", requires: [hipaa]}\n'
    return {"main.tf": deployment(), ".astrovet.yaml": "version: 1\ndeployments:\n" + entry * count}


def requirements(count: int) -> Files:
    block = "# astrovet: requires hipaa\n"
    return {"main.tf": "".join(block + deployment(f"d{number}") for number in range(count))}


def anchors(count: int) -> Files:
    return {"values.yaml": VALUES + "".join(f"k{number}: &a{number} x\n" for number in range(count))}


def documents(count: int) -> Files:
    return {"values.yaml": "---\n" * count + VALUES}


def values_files(count: int) -> Files:
    return {f"a{number}/values.yaml": VALUES for number in range(count)}


def values_files_of_a_folder(count: int) -> Files:
    return {f"values-{number}.yaml": VALUES for number in range(count)}


def root_modules(count: int) -> Files:
    return {f"m{number}/main.tf": deployment() for number in range(count)}


def modules(count: int) -> Files:
    calls = "".join(f'module "m{number}" {{\n  source = "./m"\n}}\n' for number in range(count))
    return {"main.tf": calls, "m/main.tf": deployment()}


def missing_modules(count: int) -> Files:
    calls = (f'module "m{number}" {{\n  source = "./m{number}"\n}}\n' for number in range(count))
    return {"main.tf": "".join(calls) + deployment()}


def files_of_a_module(count: int) -> Files:
    return {f"f{number}.tf": deployment(f"d{number}") for number in range(count)}


def instances(count: int) -> Files:
    every = f'  for_each = toset([for i in range({count}) : "x${{i}}"])\n'
    return {"main.tf": deployment("d", every, "each.value")}


def chained_locals(count: int) -> Files:
    """Chains of 24 locals, each of which asks the one before it twice; one value more at the end of each."""

    def local(chain: int, number: int) -> str:
        before = f"local.c{chain}_{number - 1}"
        return f'  c{chain}_{number} = length({before}) > 9 ? "x" : "${{{before}}}y"\n'

    chains = "".join(
        f'  c{chain}_0 = "x"\n' + "".join(local(chain, number) for number in range(1, 24)) for chain in range(count)
    )
    asked = "".join(deployment(f"d{chain}", value=f"local.c{chain}_23") for chain in range(count))
    return {"main.tf": f"locals {{\n{chains}}}\n{asked}"}


def instances_of_a_map(count: int) -> Files:
    """One block for each key of a map that is written out, and asks it by its key."""
    keys = "".join(f'    k{number} = "n{number}"\n' for number in range(count))
    every = "  for_each = local.all\n"
    return {"main.tf": f"locals {{\n  all = {{\n{keys}  }}\n}}\n" + deployment("d", every, "local.all[each.key]")}


def keys_of_a_map(count: int) -> Files:
    keys = "".join(f'    k{number} = "n{number}"\n' for number in range(count))
    return {"main.tf": f"locals {{\n  all = {{\n{keys}  }}\n}}\n" + deployment(value="local.all.k7")}


def texts_of_a_map(count: int) -> Files:
    """Each of them with a part that is filled in."""
    keys = "".join(f'    k{number} = "n{number}-${{var.stage}}"\n' for number in range(count))
    asked = deployment(value="local.all.k7")
    return {"main.tf": f'variable "stage" {{}}\nlocals {{\n  all = {{\n{keys}  }}\n}}\n{asked}'}


def levels_of_modules(count: int) -> Files:
    """Modules that call two instances of the next one, each with objects of a declared type."""
    of_type = 'variable "all" {\n  type = map(object({ name = string, size = optional(number, 1) }))\n}\n'
    call = 'module "next" {\n  source   = "./next"\n  for_each = toset(["a", "b"])\n  all      = var.all\n}\n'
    given = "".join(f'    k{number} = {{ name = "n{number}" }}\n' for number in range(count))
    asked = deployment("d", "  for_each = var.all\n", "each.value.name")
    return {
        "main.tf": f'module "top" {{\n  source = "./top"\n  all = {{\n{given}  }}\n}}\n',
        "top/main.tf": of_type + call,
        "top/next/main.tf": of_type + asked,
    }


def blocks(count: int) -> Files:
    return {"main.tf": "".join(deployment(f"d{number}", "  mode = var.mode\n") for number in range(count))}


def other_files(count: int) -> Files:
    return {"main.tf": deployment(), **{f"docs/{number}.yaml": "a: 1\n" for number in range(count)}}


CASES: dict[str, tuple[Callable[[int], Files], int]] = {
    "comments": (comments, 3000),
    "comments-in-yaml": (comments_in_yaml, 3000),
    "comments-on-blocks": (comments_on_blocks, 500),
    "waivers": (waivers, 600),
    "declarations": (declarations, 4000),
    "requirements": (requirements, 400),
    "anchors": (anchors, 15000),
    "documents": (documents, 20000),
    "values-files": (values_files, 400),
    "values-files-of-a-folder": (values_files_of_a_folder, 400),
    "missing-modules": (missing_modules, 1000),
    "root-modules": (root_modules, 700),
    "modules": (modules, 500),
    "files-of-a-module": (files_of_a_module, 500),
    "instances": (instances, 500),
    "chained-locals": (chained_locals, 40),
    "instances-of-a-map": (instances_of_a_map, 1000),
    "keys-of-a-map": (keys_of_a_map, 8000),
    "texts-of-a-map": (texts_of_a_map, 2000),
    "levels-of-modules": (levels_of_modules, 150),
    "blocks": (blocks, 1600),
    "other-files": (other_files, 4000),
}


def written(folder: Path, files: Files) -> Path:
    """The folder with these files in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


def seconds(folder: Path) -> float:
    """Processor time of a scan."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(COMMAND, cwd=folder, capture_output=True, env=os.environ, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode not in {0, 2}:
        raise SystemExit(f"{folder}: exit {run.returncode}: {run.stderr.decode()[-300:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help=f"exit with 1 above a ratio of {LIMIT}")
    parser.add_argument("--only", default="*", metavar="GLOB")
    options = parser.parse_args()
    grown = []
    with tempfile.TemporaryDirectory() as top:
        smallest = written(Path(top, "base"), {"main.tf": deployment(), "values.yaml": VALUES})
        base = min(seconds(smallest) for _ in range(RUNS))
        for name in fnmatch.filter(CASES, options.only):
            files, count = CASES[name]
            once = written(Path(top, name, "once"), files(count))
            twice = written(Path(top, name, "twice"), files(2 * count))
            pairs = [(seconds(once), seconds(twice)) for _ in range(RUNS)]
            less, more = (min(times) - base for times in zip(*pairs, strict=True))
            ratio = more / max(less, LEAST)
            grown += [name] if ratio > LIMIT else []
            print(f"{name:20} x{ratio:.2f}  {count:>6}: {less:.2f} s  {2 * count:>6}: {more:.2f} s", flush=True)
    if grown:
        print(f"more than {LIMIT} times as long: {', '.join(grown)}")
    return int(options.check and bool(grown))


if __name__ == "__main__":
    sys.exit(main())
