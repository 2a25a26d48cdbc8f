"""For which chart the values of a platform are: its version where somebody says it, else what their keys tell."""

from __future__ import annotations

import re
from functools import partial

from astrovet.helm.charts.platform import PLATFORM_CHART
from astrovet.helm.charts.platform_keys import RENAMED, Renamed, layout_of, path_of
from astrovet.helm.charts.platform_settings import CHARTS
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, listed, text


def generation_of(version: Value[str], root: Value[Tree]) -> int | None:
    """The generation, by the chart's version or by the keys; None where neither tells."""
    said = _generation(version.value) if isinstance(version, Known) else None
    if said is not None:
        return said
    layout = layout_of(root)
    # A plane alone may be of 1.x or of 2.x.
    return None if layout == 1 and not any(map(partial(_is_flag, root), RENAMED)) else layout


def _is_flag(root: Value[Tree], flag: Renamed) -> bool:
    """Whether a flag stands under its older name, which 2.x no longer takes."""
    match at(root, *path_of(flag.old)):
        case Known(content):
            return not flag.was_flag or isinstance(content, bool)
        case Unknown() | Absent():
            return False


def _generation(version: str) -> int | None:
    """The generation that the first number of a version tells; None of a range that may reach into others."""
    if re.search(r"[<>|,]|\s-\s|!=", version) is not None:
        return None
    first = re.search(r"\d+", version)
    number = int(first[0]) if first is not None and len(first[0]) < len("1000") else len(CHARTS)
    return number if number < len(CHARTS) else None


def chart_of(version: Value[str], generation: int | None, place: Place) -> Value[str]:
    """What the values are for, as people call it."""
    match version:
        case Known(said) if _generation(said) is not None:
            return version
        case Known() | Unknown() | Absent():
            pass
    if generation is None:
        return Unknown("nothing tells for which version of the chart the values are", place, how="pin the version")
    return Known("0.3x" if generation == 0 else f"{generation}.x", place, written=False)


def defaults_of(generation: int | None) -> str:
    """Whose defaults hold, for people."""
    return "the chart's default" if generation is None else f"the default of chart {CHARTS[generation]}"


def version_in(chart: Value[Tree]) -> Value[str]:
    """The version of the platform's chart that a `Chart.yaml` or a `requirements.yaml` asks for."""
    for dependency in listed(at(chart, "dependencies")):
        name = text(at(dependency, "name"))
        if isinstance(name, Known) and name.value == PLATFORM_CHART:
            return text(at(dependency, "version"))
    return Absent(chart.place)


def is_of_chart_itself(chart: Value[Tree]) -> bool:
    """Whether a `Chart.yaml` is that of the platform's chart: the values beside it are no installation."""
    if not (isinstance(chart, Known) and isinstance(chart.value, Map)):
        return False
    name = text(at(chart, "name"))
    return isinstance(name, Known) and name.value == PLATFORM_CHART
