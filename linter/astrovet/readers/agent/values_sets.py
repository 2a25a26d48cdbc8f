"""Which files and flags make the values of one agent: by hand, by the configuration, by a file of another tool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.helm.charts.agent import AGENT_CHART
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.charts.platform import is_platform_chart
from astrovet.helm.charts.recognition import recognise
from astrovet.helm.layers import combine, path_of
from astrovet.helm.release import Layer, Setting, ValuesFile
from astrovet.place import Place
from astrovet.readers.agent.helm_inputs import AgentLayers
from astrovet.readers.agent.wrapped_releases import WrappedRelease
from astrovet.readers.source_file import SourceFile
from astrovet.readers.yaml_files import YamlFiles
from astrovet.value import Absent, Known, Tree, Unknown, Value

if TYPE_CHECKING:
    from astrovet.helm.kustomize.patches import Change


class ValuesSet(Struct, frozen=True):
    """The layers of one agent."""

    id: str
    layers: tuple[Layer, ...]
    how: str
    """Why they belong together."""
    files: tuple[str, ...]
    """Every file that has to do with it."""
    is_agent: bool = False
    """It is one, whatever its values look like."""
    is_platform: bool = False
    """It is a release of Private Cloud, whatever its values look like."""
    must_exist: bool = False
    """A file that is not there is an error of who declared the set."""
    place: Place | None = None
    """Where it is declared; None: where its values begin."""
    complete: bool | None = None
    """Whether the layers are all that Helm is given; None: judged by what they set."""
    version: Value[str] | None = None
    namespace: Value[str] | None = None
    cluster: Known[str] | None = None
    """What calls the cluster that it is put into, where that is another one than the tool's own."""
    declared: AgentLayers | None = None
    """The entry of the configuration that declares it."""
    changes: tuple[Change, ...] = ()
    """Patches over what the chart renders."""


def set_by_hand(files: Sequence[SourceFile], settings: tuple[Setting, ...]) -> ValuesSet:
    paths = tuple(file.path for file in files)
    layers: list[Layer] = [ValuesFile((path,), Place(path)) for path in paths]
    return ValuesSet(" + ".join(paths), (*layers, *settings), "by -f", paths)


def declared_set(agent: AgentLayers, yaml_files: YamlFiles) -> ValuesSet:
    return ValuesSet(
        id=agent.name,
        layers=agent.layers,
        how=f"as {agent.place.path} declares",
        files=tuple(files_of(agent.layers, yaml_files)),
        is_agent=True,
        must_exist=True,
        complete=True,
        declared=agent,
    )


def set_of_release(wrapped: WrappedRelease, yaml_files: YamlFiles) -> ValuesSet | None:
    """A release that a file of another tool declares; None where it is of a chart that is not judged."""
    release = wrapped.release
    is_agent = isinstance(release.chart, Known) and AGENT_CHART in release.chart.value
    is_platform = isinstance(release.chart, Known) and is_platform_chart(release.chart.value)
    if not is_agent and not is_platform:
        root = combine(release.layers, yaml_files.values_of, yaml_files.text, yaml_files.budget)
        kind = recognise(root).kind
        # Of a patch of something elsewhere a few keys have to do.
        is_part = wrapped.is_built and not wrapped.complete
        is_agent = kind is ChartKind.AGENT or (is_part and kind is ChartKind.AGENT_FRAGMENT)
        is_platform = kind is ChartKind.PLATFORM
    if not is_agent and not is_platform:
        return None
    return ValuesSet(
        id=release.id,
        layers=release.layers,
        how=f"by the {release.tool}" + (" and what patches it" if len(wrapped.paths) > 1 else ""),
        files=tuple(dict.fromkeys((*wrapped.paths, *files_of(release.layers, yaml_files)))),
        is_agent=is_agent,
        is_platform=is_platform,
        place=release.place,
        complete=wrapped.complete,
        version=release.version if isinstance(release.version, Known) else None,
        namespace=release.namespace,
        cluster=release.cluster,
        changes=release.changes,
    )


def files_of(layers: Sequence[Layer], yaml_files: YamlFiles) -> Iterator[str]:
    """The files of a set that are there."""
    for layer in layers:
        if isinstance(layer, ValuesFile):
            path = path_of(layer, yaml_files.values_of)
            if path is not None:
                yield path


def shown_layer(layer: Layer, yaml_files: YamlFiles) -> str:
    """Where a layer is, for people."""
    match layer:
        case ValuesFile(paths, place):
            return path_of(layer, yaml_files.values_of) or next(iter(paths), str(place))
        case Setting(place=place) | Known(_, place) | Unknown(_, place) | Absent(place):
            return str(place)


def first_line(root: Value[Tree], files: Sequence[str]) -> Place:
    """The first key of the last file: where a finding about the whole set points."""
    place = root.place
    if not files or place.path != files[-1] or not place.has_lines:
        return Place(files[-1]) if files else place
    return Place(place.path, place.line, place.column, place.line, place.column + 1)
