"""Record what Airflow and its providers say of themselves, which the tables of the rules are held to.

Run it after a new version, with the wheels that the tables name as their sources:

    pip download --no-deps -d wheels apache-airflow-core==3.3.2 apache-airflow-task-sdk==1.3.2 …
    python tests/data/record_airflow.py wheels

Nothing of them is imported: the modules are parsed only.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).parent
FILES = re.compile(r"airflow/(?!example_dags|api_fastapi).*/?(secrets|bundles|fs|xcom|state_store)/\w+\.py")
"""The modules in which backends, bundles and file systems stand."""


def recorded(wheels: Path) -> dict[str, object]:
    """The versions, the schemes of file systems, and the constructors of classes."""
    packages: dict[str, str] = {}
    schemes: dict[str, list[str]] = {}
    classes: dict[str, dict[str, object]] = {}
    for wheel in sorted(wheels.glob("*.whl")):
        name, version, *_ = wheel.name.split("-")
        packages[name.replace("_", "-")] = version
        with ZipFile(wheel) as archive:
            for path in sorted(filter(FILES.fullmatch, archive.namelist())):
                module = path.removesuffix(".py").replace("/", ".")
                tree = ast.parse(archive.read(path))
                if names := schemes_of(tree):
                    schemes[module] = names
                classes |= {f"{module}.{name}": constructor for name, constructor in classes_of(tree)}
    return {"packages": packages, "schemes": schemes, "classes": classes}


def schemes_of(tree: ast.Module) -> list[str]:
    """The schemes that a module of a file system registers."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "schemes":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def classes_of(tree: ast.Module) -> Iterator[tuple[str, dict[str, object]]]:
    """Every class of a module, with what its constructor must and may be given."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            constructors = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
            yield node.name, arguments_of(constructors[0].args) if constructors else {"must": [], "may": []}


def arguments_of(arguments: ast.arguments) -> dict[str, object]:
    """The names that a constructor does not do without, and the others."""
    places = [argument.arg for argument in arguments.args[1:]]
    with_default = len(arguments.defaults)
    must = places[: len(places) - with_default]
    may = places[len(places) - with_default :]
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        (must if default is None else may).append(argument.arg)
    return {"must": must, "may": may}


if __name__ == "__main__":
    text = json.dumps(recorded(Path(sys.argv[1])), indent=1, sort_keys=True)
    (HERE / "airflow.json").write_text(text + "\n", encoding="utf-8")
