"""From YAML files to agents: sets of them merged as Helm does it, single ones, and what the others are."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import ParamSpec, TypeVar

from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.document import InputKind, Problem, ProblemKind, bug
from astrovet.formats.text_file import TextFile
from astrovet.guard import Guard
from astrovet.helm.charts import faults
from astrovet.helm.charts.agent_keys import is_layer
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.charts.recognition import ChartMatch, may_matter, recognise
from astrovet.helm.conventions import pairs
from astrovet.helm.dependencies import is_left_out
from astrovet.helm.layers import combine, path_of
from astrovet.helm.release import Layer, Release, Setting, ValuesFile
from astrovet.helm.wrappers import may_be_wrapper
from astrovet.model.agent import Agent
from astrovet.model.estate import Input
from astrovet.model.platform import Platform
from astrovet.place import Place
from astrovet.readers.agent.agent import in_namespace, read_agent
from astrovet.readers.agent.helm_inputs import AgentLayers, HelmInputs, ValuesFacts
from astrovet.readers.agent.layer_faults import key_faults, missing, several_documents
from astrovet.readers.agent.overlays import Overlay, Overlays
from astrovet.readers.agent.values_sets import (
    ValuesSet,
    declared_set,
    first_line,
    set_by_hand,
    set_of_release,
    shown_layer,
)
from astrovet.readers.agent.wrapped_releases import wrapped_releases
from astrovet.readers.source_file import Role, SourceFile
from astrovet.readers.yaml_files import YamlFile, YamlFiles, is_map
from astrovet.value import Absent, Tree, Unknown, Value, at

T = TypeVar("T")
P = ParamSpec("P")

AGENT_KINDS = frozenset({ChartKind.AGENT, ChartKind.AGENT_FRAGMENT})


def read_values_files(files: Sequence[SourceFile], given: HelmInputs, budget: Budget, guard: Guard) -> ValuesFacts:
    """Group the files, merge each group, and read its agents.

    Args:
        files: YAML files; those of --values are one set, in their order.
        given: what else is known of them.
        budget: of the run.
        guard: keeps what broke that is no single file's.
    """
    reader = _Reader(files, given, budget, guard)
    guard.run("read values", None, reader.read)
    return ValuesFacts(
        tuple(reader.agents),
        tuple(reader.inputs.values()),
        reader.contents,
        tuple(reader.platforms),
        reader.declared,
        reader.yaml_files,
        reader.overlays,
        reader.yaml_files.consulted,
    )


class _Reader:
    """Collects what the files give, group after group."""

    def __init__(self, files: Sequence[SourceFile], given: HelmInputs, budget: Budget, guard: Guard) -> None:
        self.guard = guard
        self.files = files
        self.given = given
        self.yaml_files = YamlFiles(files, given.others, budget)
        self.roles = {file.path: file.role for file in files}
        self.agents: list[Agent] = []
        self.inputs: dict[str, Input] = {}
        self.contents: dict[str, TextFile] = {}
        self.platforms: list[Platform] = []
        self.declared: dict[str, AgentLayers] = {}
        self.overlays = guard.run(
            "looked for overlays", Overlays((), self.yaml_files), Overlays, files, self.yaml_files
        )
        self.taken: set[str] = set()
        """Files that belong to a set, so that they are not judged by themselves."""

    def read(self) -> None:
        loose = [file for file in self.files if file.role is not Role.VALUES]
        by_hand = [file for file in self.files if file.role is Role.VALUES]
        if by_hand:
            self.add(set_by_hand(by_hand, self.given.settings))
        for agent in self.given.agents:
            declared = self.guarded((agent.place.path,), declared_set, agent, self.yaml_files)
            if declared is not None:
                self.add(declared)
        for overlay in self.overlays.overlays:
            self.guarded(overlay.kustomizations, self._add_overlay, overlay)
        loose_ones = [file for file in loose if file.path not in self.overlays.parts]
        looked_at = [
            yaml_file for file in loose_ones if (yaml_file := self.guarded((file.path,), self._looked_at, file))
        ]
        what, folders = "read what installs agents", self.overlays.folders
        for release in self.guard.kept(what, wrapped_releases, looked_at, self._releases_of, folders):
            wrapped = self.guarded(release.paths, set_of_release, release, self.yaml_files)
            if wrapped is not None and self.concerns(wrapped):
                self.add(wrapped)
        left = [yaml_file for yaml_file in looked_at if yaml_file.path not in self.taken]
        layered: set[str] = set()
        paths = [file.path for file in loose]
        for values_set in self.guard.kept("paired values files by their names", self._by_names, looked_at, paths):
            layered.update(values_set.files)
            if values_set.files[-1] not in self.taken and self.concerns(values_set):
                self.add(values_set)
        for yaml_file in left:
            if yaml_file.path not in layered and self.roles[yaml_file.path] is not Role.BESIDE:
                self.guarded((yaml_file.path,), self.add_single, yaml_file)

    def _looked_at(self, file: SourceFile) -> YamlFile | None:
        """The file, where it may concern agents. What it is for is asked already here: where that breaks, it is out."""
        if not (file.is_named or may_concern(file.data)):
            return None
        yaml_file = self.yaml_files[file.path]
        _, _ = yaml_file.recognised
        return yaml_file

    def guarded(self, paths: Sequence[str], read: Callable[P, T], *what: P.args, **how: P.kwargs) -> T | None:
        """What a reader makes of files; where it breaks over them, nothing, and the last one says so."""
        try:
            return read(*what, **how)
        except Exception as error:  # noqa: BLE001  see `bug`
            self.taken.update(paths)
            for path in paths:
                yaml_file = self.yaml_files.find(path)
                if yaml_file is not None:
                    self.add_input(yaml_file, InputKind.UNRECOGNISED)
            known = self.inputs.get(paths[-1], Input(paths[-1], InputKind.UNRECOGNISED))
            self.inputs[known.path] = replace(known, problems=(*known.problems, bug(known.path, error)))
            return None

    def concerns(self, values_set: ValuesSet) -> bool:
        """Whether the run is about a set: a file beside a named one brings no agent of its own into it."""
        return any(self.roles.get(path, Role.BESIDE) is not Role.BESIDE for path in values_set.files)

    def _add_overlay(self, overlay: Overlay) -> None:
        """The agents that an overlay makes."""
        if not any(may_concern(self.yaml_files.data(path)) for path in overlay.files):
            return
        for path in filter(self._is_broken, overlay.files):
            self.add_input(self.yaml_files[path], InputKind.UNRECOGNISED)
        for release in self.overlays.releases(overlay):
            wrapped = set_of_release(release, self.yaml_files)
            if wrapped is not None and self.concerns(wrapped):
                self.add(wrapped)
                self.taken.update(overlay.texts)

    def _releases_of(self, yaml_file: YamlFile) -> Sequence[Release]:
        return self.guarded((yaml_file.path,), self.overlays.releases_in, yaml_file) or ()

    def _by_names(self, yaml_files: Sequence[YamlFile], paths: Sequence[str]) -> Iterator[ValuesSet]:
        """The sets that the names of files show."""
        recognised = {
            yaml_file.path: yaml_file.recognised[1]
            for yaml_file in yaml_files
            if yaml_file.recognised[1].kind in AGENT_KINDS
        }
        if not recognised:
            return
        inner = (path for match in recognised.values() for path in (match.path, *match.also))
        subcharts = frozenset(path[0] for path in inner if path)

        def fits(path: str) -> bool:
            yaml_file = self.yaml_files.find(path)
            if path in recognised or yaml_file is None:
                return path in recognised
            return self.guarded((path,), _may_be_layer, yaml_file, subcharts) is True

        for pair in pairs(recognised, paths, lambda path: path in recognised or self._is_broken(path)):
            for path in {pair.base, pair.overlay} - recognised.keys():
                # By its name it is a layer, which must be told; the other one is judged by itself.
                self.add_input(self.yaml_files[path], InputKind.UNRECOGNISED)
        for pair in pairs(recognised, paths, fits):
            files = (pair.base, pair.overlay)
            layers = tuple(ValuesFile((path,), Place(path)) for path in files)
            yield ValuesSet(" + ".join(files), layers, f"by their names, for {pair.environment}", files)

    def _is_broken(self, path: str) -> bool:
        """Whether a file was read and is no YAML."""
        yaml_file = self.yaml_files.find(path)
        if yaml_file is None or yaml_file.documents or yaml_file.file.fault:
            return False
        return any(problem.kind is ProblemKind.UNREADABLE for problem in yaml_file.problems)

    def add(self, values_set: ValuesSet) -> None:
        """Merge a set and read its agents."""
        self.guarded(values_set.files or (values_set.id,), self._add, values_set)

    def _add(self, values_set: ValuesSet) -> None:
        files = self.yaml_files
        root = combine(values_set.layers, files.values_of, files.text, files.budget)
        match = recognise(root)
        if isinstance(root, Unknown):  # Helm refuses a setting: the layers before it tell whose values these are
            before = _without_settings(values_set.layers)
            match = recognise(combine(before, files.values_of, files.text, files.budget))
        self.taken.update(values_set.files)
        if values_set.is_platform or (match.kind is ChartKind.PLATFORM and not values_set.is_agent):
            self._add_platform(values_set, match, root)
            return
        known = [self.yaml_files[path] for path in values_set.files if self.yaml_files.find(path) is not None]
        if (
            not values_set.is_agent
            and match.kind not in AGENT_KINDS
            and all(yaml_file.documents for yaml_file in known)
        ):
            self.add_unjudged(known, match, root)
            return
        paths = (match.path, *match.also) if match.kind in AGENT_KINDS else ((),)
        wrong = (*key_faults(values_set, paths, self.yaml_files), *several_documents(values_set, self.yaml_files))
        for yaml_file in known:
            kind = InputKind.AGENT_VALUES if yaml_file.documents else InputKind.UNRECOGNISED
            self.add_input(yaml_file, kind, tuple(problem for problem in wrong if problem.place.path == yaml_file.path))
        for layer in values_set.layers if values_set.must_exist else ():
            if isinstance(layer, ValuesFile) and path_of(layer, self.yaml_files.values_of) is None:
                self.inputs[layer.paths[0]] = missing(layer)
        for inner in self._installed(paths, root, values_set.files):
            identity = values_set.id if len(paths) == 1 else f"{values_set.id}#{'.'.join(inner)}"
            values = at(root, *inner)
            host_network: Value[bool] = Absent(values.place)
            if values_set.changes:
                from astrovet.helm.rendered import changed  # few tools do so

                effects = changed(values, values_set.changes)
                values, host_network = effects.values, effects.host_network
            agent = read_agent(
                identity,
                identity,
                values,
                values_set.place or first_line(values, values_set.files),
                complete=values_set.complete,
                chart_version=values_set.version,
                layers=tuple(shown_layer(layer, self.yaml_files) for layer in values_set.layers),
                how=values_set.how,
            )
            agent = replace(agent, host_network=host_network, other_cluster=values_set.cluster)
            self.agents.append(in_namespace(agent, values_set.namespace))
            if values_set.declared is not None:
                self.declared[identity] = values_set.declared

    def add_single(self, yaml_file: YamlFile) -> None:
        """A file that belongs to no other one."""
        if not yaml_file.documents:
            if yaml_file.file.is_named or may_matter(yaml_file.file.data):
                self.add_input(yaml_file, InputKind.UNRECOGNISED)
            return
        root, match = yaml_file.recognised
        is_agent = match.kind is ChartKind.AGENT or (match.kind is ChartKind.AGENT_FRAGMENT and yaml_file.file.is_named)
        if match.kind is ChartKind.PLATFORM:
            self._add_platform(ValuesSet(yaml_file.path, (), "", (yaml_file.path,)), match, root)
            return
        if not is_agent:
            self.add_unjudged([yaml_file], match, root)
            return
        paths = (match.path, *match.also)
        self.add_input(
            yaml_file,
            InputKind.AGENT_VALUES,
            tuple(problem for path in paths for problem in faults(ChartKind.AGENT, at(root, *path))),
        )
        for path in self._installed(paths, root, (yaml_file.path,)):
            identity = yaml_file.path if not path else f"{yaml_file.path}#{'.'.join(path)}"
            values = at(root, *path)
            self.agents.append(read_agent(identity, identity, values, first_line(values, (yaml_file.path,))))

    def _add_platform(self, values_set: ValuesSet, match: ChartMatch, root: Value[Tree]) -> None:
        """An installation of Private Cloud, or what is wrong with its files."""
        from astrovet.readers.platform.installations import installations  # few runs have one

        inner = (match.path, *match.also) if match.kind is ChartKind.PLATFORM else ((),)
        read = installations(values_set, inner, root, self.yaml_files)
        self.platforms.extend(read.platforms)
        for path in values_set.files:
            yaml_file = self.yaml_files.find(path)
            if yaml_file is not None:
                kind = InputKind.PLATFORM_VALUES if yaml_file.documents else InputKind.UNRECOGNISED
                self.add_input(yaml_file, kind, tuple(wrong for wrong in read.faults if wrong.place.path == path))

    def _installed(
        self, paths: Sequence[tuple[str, ...]], root: Value[Tree], files: Sequence[str]
    ) -> Iterator[tuple[str, ...]]:
        """Where values are that count: not those of a dependency that the umbrella chart beside them leaves out."""
        charts = [posixpath.join(posixpath.dirname(path), "Chart.yaml") for path in files]
        umbrellas = [yaml_file.values for path in dict.fromkeys(charts) if (yaml_file := self.yaml_files.find(path))]
        for inner in paths:
            if not (inner and any(is_left_out(chart, inner[0], root) for chart in umbrellas)):
                yield inner

    def add_unjudged(self, yaml_files: Sequence[YamlFile], match: ChartMatch, root: Value[Tree]) -> None:
        """Files that hold no agent values: what they are, and what to say where they were given as such."""
        from astrovet.readers.agent.not_agent_values import what_it_is

        last = yaml_files[-1]
        kind, problem = what_it_is(match, root, last.path)
        named = any(yaml_file.file.is_named for yaml_file in yaml_files)
        told = named or match.kind in {ChartKind.NOT_AGENT_FORMAT, ChartKind.AGENT_FRAGMENT}
        if kind is InputKind.KUBERNETES and last.file.role is not Role.VALUES:
            problem = None  # it is judged as what it is, where it concerns agents
        if not told:
            return  # it only mentions a key of the chart
        for yaml_file in yaml_files:
            mine = problem is not None and problem.place.path == yaml_file.path
            self.add_input(yaml_file, kind, (problem,) if problem is not None and mine else ())

    def add_input(self, yaml_file: YamlFile, kind: InputKind, more: tuple[Problem, ...] = ()) -> None:
        problems = yaml_file.problems
        if kind is not InputKind.AGENT_VALUES and yaml_file.documents:
            problems = tuple(problem for problem in problems if problem.kind is ProblemKind.REMARK)
        known = self.inputs.get(yaml_file.path)  # a file can belong to several sets
        if known is None:
            if yaml_file.is_text:
                self.contents[yaml_file.path] = yaml_file.file.file
            known = Input(yaml_file.path, kind, problems, yaml_file.file.is_named)
        self.inputs[yaml_file.path] = replace(known, problems=tuple(dict.fromkeys((*known.problems, *more))))


def may_concern(data: bytes) -> bool:
    """Whether a file's bytes may hold values of agents, or what installs them."""
    return may_matter(data) or may_be_wrapper(data)


def _without_settings(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    return tuple(layer for layer in layers if not isinstance(layer, Setting))


def _may_be_layer(yaml_file: YamlFile, subcharts: Collection[str] = ()) -> bool:
    """Whether a file that lies beside agent values may be a layer of them, under the key of a subchart too."""
    root, match = yaml_file.recognised
    if match.kind in AGENT_KINDS:
        return True
    if match.kind is not ChartKind.OTHER or not yaml_file.documents:
        return False
    own = [at(root, key) for key in subcharts] if is_map(root) else []
    return is_layer(root) or any(is_layer(values) for values in own if is_map(values))
