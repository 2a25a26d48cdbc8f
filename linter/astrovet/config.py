"""`.astrovet.yaml`: what the user declares. Parsed with places, checked against the JSON Schema that
ships with the package, then turned into frozen settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from astrovet.inputs.decode import decode
from astrovet.inputs.yaml_text import read_yaml
from astrovet.place import Place
from astrovet.requirements.names import Requirement
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at

FILE_NAME = ".astrovet.yaml"
PYPROJECT = "pyproject.toml"
PYPROJECT_TABLE = b"[tool.astrovet"


class Declaration(Struct, frozen=True):
    """What the deployments of a name must satisfy."""

    match: str
    requires: frozenset[Requirement] = frozenset()


class Config(Struct, frozen=True):
    """The settings that hold for an input."""

    path: str = ""
    """The file they come from; empty without one."""
    requires: frozenset[Requirement] = frozenset()
    """What every deployment must satisfy."""
    deployments: tuple[Declaration, ...] = ()
    token_days: int | None = None


class ConfigProblem(Struct, frozen=True):
    """One thing wrong with a configuration file."""

    place: Place
    message: str


class ConfigError(Exception):
    """A configuration file cannot be used; `problems` says what is wrong, and where."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__(f"{len(problems)} problems in the configuration")
        self.problems = tuple(problems)


def read_config(path: str, data: bytes) -> Config:
    """The settings of a `.astrovet.yaml`, or of `[tool.astrovet]` in a pyproject.toml.

    Raises ConfigError for text that does not parse and for anything that the schema refuses.
    """
    if path.endswith(".toml"):
        return _checked(path, _from_pyproject(path, data), Absent(Place(path)))
    decoded = decode(path, data)
    document = read_yaml(path, decoded.content)[0]
    problems = [
        ConfigProblem(problem.place, f"{problem.message}; {problem.remedy}")
        for problem in (*decoded.problems, *document.problems)
        if problem.kind != "remark"
    ]
    if problems:
        raise ConfigError(problems)
    return _checked(path, _plain(document.root), document.root)


def _from_pyproject(path: str, data: bytes) -> Any:
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigError([ConfigProblem(Place(path), "this is not valid TOML")]) from None
    return table.get("tool", {}).get("astrovet", {})


def _checked(path: str, content: Any, root: Value[Tree]) -> Config:
    if content is None:
        return Config(path)
    problems = sorted(_problems(content, root), key=lambda problem: (problem.place.line, problem.message))
    if problems:
        raise ConfigError(problems)
    return Config(
        path=path,
        requires=_requirements(content.get("requires")),
        deployments=tuple(
            Declaration(item["match"], _requirements(item.get("requires"))) for item in content.get("deployments", ())
        ),
        token_days=content.get("limits", {}).get("token-days"),
    )


def _requirements(names: Sequence[str] | None) -> frozenset[Requirement]:
    return frozenset(Requirement(name) for name in names or ())


def schema() -> Any:
    """The JSON Schema of the configuration."""
    import json
    from pathlib import Path

    return json.loads(Path(__file__).with_name("config.schema.json").read_text("utf-8"))


def _problems(content: Any, root: Value[Tree]) -> Iterator[ConfigProblem]:
    """What the schema refuses, in words, each at its place."""
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(schema()).iter_errors(content):
        path = tuple(error.absolute_path)
        match error.validator:
            case "additionalProperties":
                known = sorted(error.schema["properties"])
                for key in error.instance:
                    if key not in known:
                        message = f"unknown key {key!r}{_suggestion(key, known)}"
                        yield ConfigProblem(_key_place(root, (*path, key)), message)
            case "enum":
                known = error.schema["enum"]
                message = f"unknown requirement{_suggestion(str(error.instance), known)}"
                yield ConfigProblem(_place(root, path), message)
            case "required":
                missing = [key for key in error.validator_value if key not in error.instance]
                yield ConfigProblem(_place(root, path), f"the key {', '.join(map(repr, missing))} is missing")
            case "const":
                yield ConfigProblem(_place(root, path), f"this has to be {error.validator_value!r}")
            case "type":
                expected = _TYPES.get(error.validator_value, error.validator_value)
                yield ConfigProblem(_place(root, path), f"{expected} is expected here")
            case _:
                yield ConfigProblem(_place(root, path), f"this breaks the schema's {error.validator!r}")


_TYPES: Mapping[str, str] = {
    "object": "a map",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
}


def _suggestion(wrong: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(wrong.lower(), known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


def _place(root: Value[Tree], path: Sequence[str | int]) -> Place:
    return at(root, *path).place


def _key_place(root: Value[Tree], path: Sequence[str | int]) -> Place:
    match at(root, *path[:-1]):
        case Known(Map() as tree) if path[-1] in tree.entries:
            return tree.entries[str(path[-1])].key_place
        case Known(_, place) | Unknown(_, place) | Absent(place):
            return place


def _plain(value: Value[Tree]) -> Any:
    """The tree as Python's own maps and lists, as jsonschema takes it."""
    match value:
        case Known(Map() as tree):
            return {key: _plain(entry.value) for key, entry in tree.entries.items()}
        case Known(List() as tree):
            return [_plain(item) for item in tree.items]
        case Known(leaf):
            return leaf
        case Unknown() | Absent():
            return None
