"""What is wrong with a configuration, by the JSON Schema that ships with the package, in words and with places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from astrovet.declared.configuration import ConfigProblem
from astrovet.place import Place, step
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at


def schema() -> Any:
    """The JSON Schema of the configuration."""
    import json
    from pathlib import Path

    return json.loads(Path(__file__).with_name("configuration.schema.json").read_text("utf-8"))


def problems_of(content: Any, root: Value[Tree]) -> Iterator[ConfigProblem]:
    """What the schema refuses, in words, each at its place."""
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(schema()).iter_errors(content):
        path = tuple(error.absolute_path)
        place = at(root, *path).place
        if error.validator == "additionalProperties":
            known = sorted(error.schema["properties"])
            for key in error.instance:
                if key not in known:
                    message = f"unknown key {key!r}{_suggestion(key, known)}"
                    yield problem_at(key_place(root, (*path, key)), path, message)
        elif error.validator == "anyOf":
            is_days = isinstance(error.instance, dict) and "audit-retention" in error.instance
            inner = next(cause for cause in error.context if cause.schema_path[0] == int(is_days))
            what = inner.schema.get("title", "")
            yield problem_at(place, path, _refusal(inner.validator, inner.validator_value, inner.instance, what))
        else:
            what = error.schema.get("title", "")
            yield problem_at(place, path, _refusal(error.validator, error.validator_value, error.instance, what))


def problem_at(place: Place, path: Sequence[str | int], message: str) -> ConfigProblem:
    """In TOML, where no more than the table's place is known, it is told by the path of its key too."""
    from functools import reduce

    is_exact = place.has_lines and not place.path.endswith(".toml")
    return ConfigProblem(place, message if is_exact else f"{reduce(step, path, 'tool.astrovet')}: {message}")


def _refusal(constraint: str, value: Any, instance: Any, what: str) -> str:
    """What a constraint of the schema asks for; `what` is the schema's title."""
    match constraint:
        case "enum" if isinstance(instance, str):
            return f"unknown {what} {instance!r}{_suggestion(instance, value)}"
        case "enum":
            return f"the name of a {what} is expected here; known are {', '.join(value)}"
        case "required":
            return f"the key {', '.join(repr(key) for key in value if key not in instance)} is missing"
        case "const":
            return f"this has to be {value!r}"
        case "type" if isinstance(value, list):
            return f"{' or '.join(_TYPES[name] for name in value)} is expected here"
        case "type":
            return f"{_TYPES.get(value, value)} is expected here"
        case "pattern":
            return "a number of days is expected here, as 365d"
        case "minimum":
            return f"this has to be at least {value}"
        case "minLength" | "minItems":
            return "this must not be empty"
        case _:
            return f"this breaks the schema's {constraint!r}"


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


def key_place(root: Value[Tree], path: Sequence[str | int]) -> Place:
    match at(root, *path[:-1]):
        case Known(Map() as tree) if path[-1] in tree.entries:
            return tree.entries[str(path[-1])].key_place
        case Known(_, place) | Unknown(_, place) | Absent(place):
            return place
