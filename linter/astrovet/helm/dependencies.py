"""Whether an umbrella chart installs a dependency: `condition` and `tags` of its Chart.yaml (Helm, charts, 2026-11)."""

from __future__ import annotations

from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, listed, text


def is_left_out(chart: Value[Tree], name: str, values: Value[Tree]) -> bool:
    """Whether values leave out the dependency of this name, or alias: for sure, not perhaps.

    The first path of `condition` that the values have decides; without one, all `tags` are false.
    """
    for dependency in listed(at(chart, "dependencies")) if _is_map(chart) else ():
        called = [text(at(dependency, key)) for key in ("alias", "name")]
        own = next((value.value for value in called if isinstance(value, Known)), "")
        if own == name:
            return _is_off(dependency, values)
    return False


def _is_off(dependency: Value[Tree], values: Value[Tree]) -> bool:
    condition = text(at(dependency, "condition"))
    for path in condition.value.split(",") if isinstance(condition, Known) else ():
        match _below(values, path.strip().split(".")):
            case Known(bool(flag)):
                return not flag
            case Unknown():
                return False
            case Known() | Absent():
                pass
    tags = [text(tag) for tag in listed(at(dependency, "tags"))]
    said = [_below(values, ["tags", tag.value]) for tag in tags if isinstance(tag, Known)]
    flags = [flag for flag in said if not isinstance(flag, Absent)]
    return bool(flags) and all(isinstance(flag, Known) and flag.value is False for flag in flags)


def _below(values: Value[Tree], path: list[str]) -> Value[Tree]:
    for key in path:
        if isinstance(values, Known) and not _is_map(values):
            return Absent(values.place)
        values = at(values, key)
    return values


def _is_map(value: Value[Tree]) -> bool:
    return isinstance(value, Known) and isinstance(value.value, Map)
