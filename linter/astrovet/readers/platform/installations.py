"""The installations of Private Cloud that a set of values makes."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.document import Problem
from astrovet.helm.charts.platform_keys import faults
from astrovet.model.platform import Platform
from astrovet.readers.agent.values_sets import ValuesSet, first_line
from astrovet.readers.platform.generation import is_of_chart_itself, version_in
from astrovet.readers.platform.values import read_platform
from astrovet.value import Absent, Known, Tree, Value, at

if TYPE_CHECKING:
    from astrovet.readers.yaml_files import YamlFiles

CHART_FILES = ("Chart.yaml", "requirements.yaml")


class Installations(Struct, frozen=True):
    """What was read, and what is wrong with the keys."""

    platforms: tuple[Platform, ...] = ()
    faults: tuple[Problem, ...] = ()


def installations(
    values_set: ValuesSet, paths: Sequence[tuple[str, ...]], root: Value[Tree], yaml_files: YamlFiles
) -> Installations:
    """The installations below these keys of the values; none in the values that the chart itself comes with."""
    charts = _charts_beside(values_set.files, yaml_files)
    if any(map(is_of_chart_itself, charts)):
        return Installations()
    said = values_set.version or next(filter(_is_known, map(version_in, charts)), Absent(root.place))
    platforms: list[Platform] = []
    problems: list[Problem] = []
    for path in paths:
        values = at(root, *path)
        # Layers that only belong together are named for the last of them.
        name = values_set.id if values_set.place else values_set.files[-1]
        identity = "#".join(filter(None, (name, ".".join(path))))
        place = values_set.place or first_line(values, values_set.files)
        platforms.append(read_platform(identity, values, place, said))
        problems.extend(faults(values, said.value if isinstance(said, Known) else ""))
    return Installations(tuple(platforms), tuple(problems))


def _is_known(value: Value[str]) -> bool:
    return isinstance(value, Known)


def _charts_beside(files: Sequence[str], yaml_files: YamlFiles) -> list[Value[Tree]]:
    """The files beside the values that say which chart they are for."""
    folders = dict.fromkeys(posixpath.dirname(path) for path in files)
    paths = (posixpath.join(folder, name) for folder in folders for name in CHART_FILES)
    return [yaml_file.values for path in paths if (yaml_file := yaml_files.find(path)) is not None]
