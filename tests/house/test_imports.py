"""Who imports whom, read from the source, and what a command loads, seen while it runs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

import astrovet
from astrovet.reports.formats import SCAN
from astrovet_rules import FAMILIES
from support import ROOT

FIXTURES = ROOT / "fixtures"
AGENTS = FIXTURES / "rules" / "xcom-values-stay-in-astro"
ESTATE = FIXTURES / "projects" / "claims-platform"

LAYERS = (
    ("airflow", "place", "value", "budget", "docstrings", "document", "guard", "harmless", "secrecy"),
    ("formats",),
    ("terraform",),
    ("helm",),
    ("model",),
    ("readers",),
    ("declared",),
    ("requirements",),
    ("judging",),
    ("reports",),
    ("cli", "__main__"),
)
"""The layers of the engine, lowest first: a module or a package. Imports only go down, or stay inside a package."""

PURE = {
    "__future__", "collections", "enum", "functools", "ipaddress", "itertools", "msgspec", "operator", "re", "typing",
    "urllib",
}  # fmt: skip
"""What a rule may import besides the front door: nothing that reads, writes, or looks at the machine or the clock."""


class Import(NamedTuple):
    """One import statement's target, where it stands, and whether only type checkers see it."""

    module: str
    target: str
    line: int
    typing_only: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def modules(folder: Path) -> dict[str, Path]:
    """The modules of a package, by their dotted names."""
    by_name = {}
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        by_name[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return by_name


ENGINE = modules(ROOT / "linter" / "astrovet")
PACK = modules(ROOT / "rules" / "astrovet_rules")


def imports(module: str, path: Path) -> Iterator[Import]:
    """All imports of a module, those inside functions too; `from package import module` is one of the module."""
    tree = ast.parse(path.read_text("utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                targets = [alias.name for alias in names]
            case ast.ImportFrom(package, names):
                assert node.level == 0, f"{module}:{node.lineno}: imports are written in full"
                deeper = [f"{package}.{alias.name}" for alias in names]
                targets = [target if target in ENGINE or target in PACK else str(package) for target in deeper]
            case _:
                continue
        yield from (Import(module, target, node.lineno, id(node) in hidden) for target in dict.fromkeys(targets))


@cache
def of_engine() -> tuple[Import, ...]:
    return tuple(statement for module, path in ENGINE.items() for statement in imports(module, path))


@cache
def of_pack() -> tuple[Import, ...]:
    return tuple(statement for module, path in PACK.items() for statement in imports(module, path))


LISTS = {"astrovet_rules", *(family.module for family in FAMILIES)}
"""The modules that list rules, or families of them."""


def layer(module: str) -> int:
    """The number of the layer that an engine's module belongs to, the lowest first."""
    name = module.removeprefix("astrovet.").partition(".")[0]
    return next(number for number, names in enumerate(LAYERS) if name in names)


def inside(target: str, package: str) -> bool:
    return target == package or target.startswith(f"{package}.")


def test_every_module_has_a_layer_and_every_layer_a_module() -> None:
    tops = {module.split(".")[1] for module in ENGINE if module != "astrovet"}
    assert tops == {name for names in LAYERS for name in names}
    assert len(LAYERS) <= 12


def test_imports_only_go_down() -> None:
    inner = [
        statement
        for statement in of_engine()
        if statement.target.startswith("astrovet.") and statement.module != "astrovet"
    ]
    assert len(inner) > 100
    assert not [str(statement) for statement in inner if layer(statement.target) > layer(statement.module)]


def test_there_is_no_circle() -> None:
    graph: dict[str, set[str]] = {module: set() for module in ENGINE}
    for statement in of_engine():
        if statement.module != "astrovet" and statement.target in ENGINE and statement.target != "astrovet":
            graph[statement.module].add(statement.target)
    assert set(TopologicalSorter(graph).static_order()) == set(ENGINE)


def test_the_engine_takes_from_the_front_door_only_the_version() -> None:
    """And the front door loads nothing before it is asked."""
    taken = {
        (module, name.name)
        for module, path in ENGINE.items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "astrovet"
        for name in node.names
        if f"astrovet.{name.name}" not in ENGINE
    }
    assert {name for _, name in taken} == {"__version__"}
    front = [
        statement
        for statement in of_engine()
        if statement.module == "astrovet" and statement.target.startswith("astrovet.")
    ]
    assert all(statement.typing_only for statement in front)


def test_the_engine_never_imports_a_pack() -> None:
    assert not [str(statement) for statement in of_engine() if inside(statement.target, "astrovet_rules")]


def is_rule(module: str) -> bool:
    """Whether a module of the pack defines a rule; the others are tables, or what rules of a family share."""
    return any(isinstance(value, astrovet.Rule) for value in vars(import_module(module)).values())


def may_be_imported(statement: Import) -> bool:
    """The front door, pure libraries, tables, what settings mean, what a family's rules share; never another rule."""
    family = statement.module.rpartition(".")[0]
    shared = statement.target in PACK and inside(statement.target, family) and not is_rule(statement.target)
    pure = statement.target.partition(".")[0] in PURE
    return (
        statement.target in {"astrovet", "astrovet.airflow"}
        or pure
        or statement.target.startswith(("astrovet_rules.tables.", "astrovet_rules.settings."))
        or shared
    )


def test_rules_import_only_the_front_door_and_their_tables() -> None:
    assert any(statement.target == "astrovet" for statement in of_pack())
    others = [
        str(statement) for statement in of_pack() if statement.module not in LISTS and not may_be_imported(statement)
    ]
    assert not others, "a rule imports from `astrovet`, from tables, and what its family shares; see may_be_imported"


def test_the_families_list_all_rules_and_do_nothing_else() -> None:
    listed = {statement.target for statement in of_pack() if statement.module in LISTS}
    rules = {module for module in PACK if is_rule(module)}
    assert listed == {"astrovet", *rules}, "RULES in `__init__.py` of a family lists its rules, and nothing else"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.module)
def test_a_family_says_what_its_rules_judge(family: astrovet.Family) -> None:
    """Or else a rule would not be loaded where it has something to judge."""
    rules = import_module(family.module).RULES
    judged, said = {kind for rule in rules for kind in rule.on}, {*family.on, *family.where_declared}
    names = ", ".join(sorted(kind.__name__ for kind in judged ^ said))
    assert judged == said, f"enter {names} in `on` of {family.module}, rules/astrovet_rules/__init__.py, or take it out"
    assert not set(family.on) & set(family.where_declared)


HEAVY = (
    "asyncio", "concurrent", "dataclasses", "difflib", "dulwich", "email", "hcl2", "http", "importlib.metadata",
    "importlib.resources", "jinja2", "json", "jsonschema", "lark", "logging", "multiprocessing", "pathlib", "random",
    "socket", "sqlite3", "ssl", "subprocess", "tempfile", "tomllib", "unittest", "urllib.request", "yaml",
    "zipfile",
)  # fmt: skip
"""Libraries that no scan without a configuration needs."""

YAML = ("ruamel", "_ruamel_yaml")

WATCH = """
import atexit, sys
before = set(sys.modules)
atexit.register(lambda: print(*sorted(set(sys.modules) - before), sep="\\n", file=sys.stderr))
from astrovet.cli import main
main()
"""


def loaded(*arguments: str, status: int = 0) -> set[str]:
    """The modules that a command has loaded when it is done."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "linter"), str(ROOT / "rules")))}
    done = subprocess.run(
        [sys.executable, "-P", "-c", WATCH, *arguments],
        cwd=FIXTURES,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return set(done.stderr.splitlines())


def among(names: set[str], packages: tuple[str, ...]) -> set[str]:
    return {name for name in names for package in packages if inside(name, package)}


WRITING = {"astrovet.cli.streams", "astrovet.harmless"}
"""What every command writes with."""


def test_the_version_loads_nothing_else() -> None:
    imported = loaded("--version")
    assert not among(imported, ("click", "msgspec", "re", "typing"))
    assert among(imported, ("astrovet", "astrovet_rules")) == {"astrovet", "astrovet.cli", *WRITING}


def test_the_help_loads_no_command() -> None:
    imported = loaded("--help")
    needed = {"astrovet", "astrovet.cli", "astrovet.cli.app", "astrovet.docstrings", *WRITING}
    assert among(imported, ("astrovet", "msgspec")) == needed


@pytest.mark.parametrize("form", [name for name in SCAN.names if name != "html"])
def test_a_scan_of_plans_loads_no_more_than_it_needs(form: str) -> None:
    plans = [f"--plan=plans/{name}/plan.json" for name in ("dedicated-phi", "standard-two-deployments")]
    imported = loaded("scan", "--exit-zero", "--require=hipaa", f"--format={form}", *plans)
    assert "astrovet.readers.astro.resources" in imported
    assert not among(imported, (*HEAVY, *YAML))


@pytest.mark.parametrize("form", [name for name in SCAN.names if name != "html"])
def test_a_scan_of_values_loads_no_more_than_it_needs(form: str) -> None:
    values = [str(AGENTS / name / "values.yaml") for name in ("good-zero", "bad-one-worker")]
    imported = loaded("scan", "--exit-zero", f"--format={form}", *values)
    assert among(imported, YAML)
    assert not among(
        imported, (*HEAVY, "astrovet.formats.hcl.structure", "astrovet.cli.sources", "astrovet.judging.waivers")
    )


def test_a_configuration_is_checked_against_its_schema() -> None:
    values = str(ESTATE / "helm" / "values.yaml")
    assert among(loaded("scan", "--exit-zero", values), ("jsonschema",))


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_only_the_page_for_auditors_loads_templates(form: str) -> None:
    imported = loaded("report", f"--format={form}", "--plan=plans/dedicated-phi/plan.json")
    assert bool(among(imported, ("jinja2", "markupsafe"))) is (form == "html")


@pytest.mark.parametrize("arguments", [("rules",), ("rules", "--format=json"), ("explain", "REX008")])
def test_the_catalogue_loads_no_reader(arguments: tuple[str, ...]) -> None:
    imported = loaded(*arguments)
    assert "astrovet_rules" in imported
    readers = (
        "astrovet.readers",
        "astrovet.terraform",
        "astrovet.helm",
        "astrovet.judging.engine",
        "astrovet.reports.findings",
        "astrovet.reports.estate",
        "astrovet.reports.evidence",
    )
    assert not among(imported, (*HEAVY, *YAML, *readers, "astrovet.formats.yaml.documents"))
