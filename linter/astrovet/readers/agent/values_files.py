"""From YAML files to agents: which files belong together, merged as Helm does it, and what the others are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.helm.charts import faults
from astrovet.helm.charts.agent import AGENT_CHART
from astrovet.helm.charts.agent_keys import is_layer
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.charts.recognition import ChartMatch, may_matter, recognise
from astrovet.helm.conventions import pairs
from astrovet.helm.layers import combine, found
from astrovet.helm.release import Layer, Setting, ValuesFile
from astrovet.helm.wrappers import may_be_wrapper
from astrovet.model.agent import Agent
from astrovet.model.estate import Input
from astrovet.model.platform import Platform
from astrovet.place import Place
from astrovet.readers.agent.agent import in_namespace, read_agent
from astrovet.readers.agent.wrapped_releases import wrapped_releases
from astrovet.readers.kubernetes.manifests import word
from astrovet.readers.source_file import Role, SourceFile, unreadable
from astrovet.readers.yaml_files import Sheet, Sheets
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at

AGENT_KINDS = frozenset({ChartKind.AGENT, ChartKind.AGENT_FRAGMENT})


class AgentLayers(Struct, frozen=True):
    """The layers of the values of an agent that the configuration declares."""

    name: str
    layers: tuple[Layer, ...]
    deployment: str
    """The name or the address of the deployment that it serves; empty where nothing is said."""
    place: Place


class HelmInputs(Struct, frozen=True):
    """What is known of values files besides the files themselves."""

    settings: tuple[Setting, ...] = ()
    """Given by hand (`--set` and the like), over the files of --values."""
    agents: tuple[AgentLayers, ...] = ()
    others: Mapping[str, str] = {}
    """Files that are no inputs by themselves and that wrappers and declared agents name, by path."""


class ValuesFacts(Struct, frozen=True):
    """What all YAML files say together."""

    agents: tuple[Agent, ...]
    inputs: tuple[Input, ...]
    contents: dict[str, str]
    """The text of each input, for snippets."""
    platforms: tuple[Platform, ...]
    declared_deployments: dict[str, str]
    """What the configuration says of an agent's deployment, by the agent's id."""
    sheets: Sheets
    """The files, parsed."""


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
    must_exist: bool = False
    """A file that is not there is an error of who declared the set."""
    place: Place | None = None
    """Where it is declared; None: where its values begin."""
    complete: bool | None = None
    """Whether the layers are all that Helm is given; None: judged by what they set."""
    version: Value[str] | None = None
    namespace: Value[str] | None = None
    deployment: str = ""


def read_values_files(files: Sequence[SourceFile], given: HelmInputs) -> ValuesFacts:
    """Group the files, merge each group, and read its agents.

    Args:
        files: YAML files; those of --values are one set, in their order.
        given: what else is known of them.
    """
    reader = _Reader(files, given)
    reader.read()
    return ValuesFacts(
        tuple(reader.agents),
        tuple(reader.inputs.values()),
        reader.contents,
        tuple(reader.platforms),
        reader.declared,
        reader.sheets,
    )


class _Reader:
    """Collects what the files give, group after group."""

    def __init__(self, files: Sequence[SourceFile], given: HelmInputs) -> None:
        self.files = files
        self.given = given
        self.sheets = Sheets(files, given.others)
        self.roles = {file.path: file.role for file in files}
        self.agents: list[Agent] = []
        self.inputs: dict[str, Input] = {}
        self.contents: dict[str, str] = {}
        self.platforms: list[Platform] = []
        self.declared: dict[str, str] = {}
        self.taken: set[str] = set()
        """Files that belong to a set, so that they are not judged by themselves."""

    def read(self) -> None:
        loose = [file for file in self.files if file.role is not Role.VALUES]
        by_hand = [file for file in self.files if file.role is Role.VALUES]
        if by_hand:
            self.add(_by_hand(by_hand, self.given.settings))
        for agent in self.given.agents:
            self.add(_declared(agent, self.sheets))
        looked_at = [self.sheets[file.path] for file in loose if _is_looked_at(file)]
        for one in _wrapped(looked_at, self.sheets):
            if self.concerns(one):
                self.add(one)
        left = [sheet for sheet in looked_at if sheet.path not in self.taken]
        layered: set[str] = set()
        for one in self._by_names(looked_at, [file.path for file in loose]):
            layered.update(one.files)
            if one.files[-1] not in self.taken and self.concerns(one):
                self.add(one)
        for sheet in left:
            if sheet.path not in layered and self.roles[sheet.path] is not Role.BESIDE:
                self.add_single(sheet)

    def concerns(self, one: ValuesSet) -> bool:
        """Whether the run is about a set: a file beside a named one brings no agent of its own into it."""
        return any(self.roles.get(path, Role.BESIDE) is not Role.BESIDE for path in one.files)

    def _by_names(self, sheets: Sequence[Sheet], paths: Sequence[str]) -> Iterator[ValuesSet]:
        """The sets that the names of files show."""
        recognised = {sheet.path: sheet.recognised[1] for sheet in sheets if sheet.recognised[1].kind in AGENT_KINDS}
        if not recognised:
            return

        def fits(path: str) -> bool:
            sheet = self.sheets.get(path)
            return path in recognised or (sheet is not None and _may_be_layer(sheet))

        for pair in pairs(recognised, paths, fits):
            files = (pair.base, pair.overlay)
            layers = tuple(ValuesFile((path,), Place(path)) for path in files)
            yield ValuesSet(" + ".join(files), layers, f"by their names, for {pair.environment}", files)

    def add(self, one: ValuesSet) -> None:
        """Merge a set and read its agents."""
        root = combine(one.layers, self.sheets.values, self.sheets.text)
        match = recognise(root)
        if isinstance(root, Unknown):  # Helm refuses a setting: the layers before it tell whose values these are
            match = recognise(combine(_without_settings(one.layers), self.sheets.values, self.sheets.text))
        self.taken.update(one.files)
        known = [self.sheets[path] for path in one.files if self.sheets.get(path) is not None]
        if not one.is_agent and match.kind not in AGENT_KINDS and all(sheet.documents for sheet in known):
            self.add_unjudged(known, match, root)
            return
        paths = (match.path, *match.also) if match.kind in AGENT_KINDS else ((),)
        wrong = (*_key_faults(one, paths, self.sheets), *_several_documents(one, self.sheets))
        for sheet in known:
            kind = InputKind.AGENT_VALUES if sheet.documents else InputKind.UNRECOGNISED
            self.add_input(sheet, kind, tuple(each for each in wrong if each.place.path == sheet.path))
        for layer in one.layers if one.must_exist else ():
            if isinstance(layer, ValuesFile) and found(layer, self.sheets.values) is None:
                self.inputs[layer.paths[0]] = _missing(layer)
        for inner in paths:
            identity = one.id if len(paths) == 1 else f"{one.id}#{'.'.join(inner)}"
            values = at(root, *inner)
            agent = read_agent(
                identity,
                identity,
                values,
                one.place or _first_line(values, one.files),
                complete=one.complete,
                chart_version=one.version,
                layers=tuple(_shown(layer, self.sheets) for layer in one.layers),
                how=one.how,
            )
            self.agents.append(in_namespace(agent, one.namespace))
            if one.deployment:
                self.declared[identity] = one.deployment

    def add_single(self, sheet: Sheet) -> None:
        """A file that belongs to no other one."""
        if not sheet.documents:
            if sheet.file.is_named or may_matter(sheet.file.data):
                self.add_input(sheet, InputKind.UNRECOGNISED)
            return
        root, match = sheet.recognised
        is_agent = match.kind is ChartKind.AGENT or (match.kind is ChartKind.AGENT_FRAGMENT and sheet.file.is_named)
        if not is_agent:
            self.add_unjudged([sheet], match, root)
            return
        paths = (match.path, *match.also)
        self.add_input(
            sheet,
            InputKind.AGENT_VALUES,
            tuple(each for path in paths for each in faults(ChartKind.AGENT, at(root, *path))),
        )
        for path in paths:
            identity = sheet.path if not path else f"{sheet.path}#{'.'.join(path)}"
            values = at(root, *path)
            self.agents.append(read_agent(identity, identity, values, _first_line(values, (sheet.path,))))

    def add_unjudged(self, sheets: Sequence[Sheet], match: ChartMatch, root: Value[Tree]) -> None:
        """Files that hold no agent values: what they are, and what to say where they were given as such."""
        last = sheets[-1]
        kind, problem = _not_judged(match, root, last.path)
        named = any(sheet.file.is_named for sheet in sheets)
        told = named or match.kind in {ChartKind.NOT_AGENT_FORMAT, ChartKind.AGENT_FRAGMENT}
        obsolete: tuple[Problem, ...] = ()
        if kind is InputKind.PLATFORM_VALUES:
            values = at(root, *match.path)
            identity = "#".join(filter(None, (last.path, ".".join(match.path))))
            name, plane = word(at(values, "global", "baseDomain")), word(at(values, "global", "plane", "mode"))
            place = _first_line(values, (last.path,))
            self.platforms.append(Platform(identity, identity, place, name, plane))
            obsolete = faults(match.kind, values)
        if kind is InputKind.KUBERNETES and last.file.role is not Role.VALUES:
            problem = None  # it is judged as what it is, where it concerns agents
        if not told and kind is not InputKind.PLATFORM_VALUES:
            return  # it only mentions a key of the chart
        for sheet in sheets:
            mine = (problem,) if problem is not None and told else ()
            self.add_input(sheet, kind, tuple(each for each in (*mine, *obsolete) if each.place.path == sheet.path))

    def add_input(self, sheet: Sheet, kind: InputKind, more: tuple[Problem, ...] = ()) -> None:
        problems = sheet.problems
        if kind is not InputKind.AGENT_VALUES and sheet.documents:
            problems = tuple(problem for problem in problems if problem.kind is ProblemKind.REMARK)
        known = self.inputs.get(sheet.path)  # a file can belong to several sets
        if known is None:
            self.contents[sheet.path] = sheet.content
            known = Input(sheet.path, kind, problems, sheet.file.is_named)
        self.inputs[sheet.path] = replace(known, problems=tuple(dict.fromkeys((*known.problems, *more))))


def _several_documents(one: ValuesSet, sheets: Sheets) -> Iterator[Problem]:
    """Layers with more than one document: which of them count depends on the Helm that is used."""
    for path in _files(one.layers, sheets):
        documents = sheets[path].documents
        if len(documents) > 1:
            message = f"it holds {len(documents)} documents; Helm 3 takes the first one, and so does this scan"
            remedy = "Helm 4 merges them all: put them together, or into files of their own"
            yield Problem(ProblemKind.REMARK, message, remedy, documents[1].root.place)


def _key_faults(one: ValuesSet, paths: Sequence[tuple[str, ...]], sheets: Sheets) -> tuple[Problem, ...]:
    """What is wrong with the keys of each layer, for a chart of the set's version where it is known."""
    release = one.version.value if isinstance(one.version, Known) else ""
    wrong: list[Problem] = []
    for layer in one.layers:
        match layer:
            case ValuesFile():
                file = None if layer.encrypted else found(layer, sheets.values)
                tree = sheets.values(file) if file is not None else None
            case Known() | Unknown() | Absent():
                tree = layer
            case Setting():
                tree = None
        if tree is not None:
            wrong.extend(each for path in paths for each in faults(ChartKind.AGENT, at(tree, *path), release))
    return tuple(wrong)


def _is_looked_at(file: SourceFile) -> bool:
    return file.is_named or may_matter(file.data) or may_be_wrapper(file.data)


def _by_hand(files: Sequence[SourceFile], settings: tuple[Setting, ...]) -> ValuesSet:
    paths = tuple(file.path for file in files)
    layers: list[Layer] = [ValuesFile((path,), Place(path)) for path in paths]
    return ValuesSet(" + ".join(paths), (*layers, *settings), "by -f", paths)


def _declared(agent: AgentLayers, sheets: Sheets) -> ValuesSet:
    return ValuesSet(
        id=agent.name,
        layers=agent.layers,
        how=f"as {agent.place.path} declares",
        files=tuple(_files(agent.layers, sheets)),
        is_agent=True,
        must_exist=True,
        complete=True,
        deployment=agent.deployment,
    )


def _missing(layer: ValuesFile) -> Input:
    path = layer.paths[0]
    message = f"there is no such file, and {layer.place} names it as a layer of an agent's values"
    problem = unreadable(path, message, "correct the name there")
    return Input(path, InputKind.UNRECOGNISED, (problem,), named=True)


def _wrapped(looked_at: Sequence[Sheet], sheets: Sheets) -> Iterator[ValuesSet]:
    """The releases of the agent chart that files of other tools declare."""
    for each in wrapped_releases(looked_at):
        release = each.release
        is_agent = isinstance(release.chart, Known) and AGENT_CHART in release.chart.value
        if not is_agent:
            root = combine(release.layers, sheets.values, sheets.text)
            is_agent = recognise(root).kind is ChartKind.AGENT
        if is_agent:
            yield ValuesSet(
                id=release.id,
                layers=release.layers,
                how=f"by the {release.tool}" + (" and what patches it" if len(each.paths) > 1 else ""),
                files=tuple(dict.fromkeys((*each.paths, *_files(release.layers, sheets)))),
                is_agent=True,
                place=release.place,
                complete=each.complete,
                version=release.version if isinstance(release.version, Known) else None,
                namespace=release.namespace,
            )


def _without_settings(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    return tuple(layer for layer in layers if not isinstance(layer, Setting))


def _files(layers: Sequence[Layer], sheets: Sheets) -> Iterator[str]:
    """The files of a set that are there."""
    for layer in layers:
        if isinstance(layer, ValuesFile):
            path = found(layer, sheets.values)
            if path is not None:
                yield path


def _may_be_layer(sheet: Sheet) -> bool:
    """Whether a file that lies beside agent values may be a layer of them."""
    root, match = sheet.recognised
    if match.kind in AGENT_KINDS:
        return True
    return match.kind is ChartKind.OTHER and bool(sheet.documents) and is_layer(root)


def _shown(layer: Layer, sheets: Sheets) -> str:
    match layer:
        case ValuesFile(paths, place):
            return found(layer, sheets.values) or next(iter(paths), str(place))
        case Setting(place=place) | Known(_, place) | Unknown(_, place) | Absent(place):
            return str(place)


def _first_line(root: Value[Tree], files: Sequence[str]) -> Place:
    """The first key of the last file: where a finding about the whole set points."""
    place = root.place
    if not files or place.path != files[-1] or not place.has_lines:
        return Place(files[-1]) if files else place
    return Place(place.path, place.line, place.column, place.line, place.column + 1)


def _not_judged(match: ChartMatch, root: Value[Tree], path: str) -> tuple[InputKind, Problem | None]:
    """What a YAML file is that holds no agent values, and what to say where it was given as such."""
    place = _first_signal(match, root) or Place(path)
    chart = "the chart astronomer/astro-remote-execution-agent"

    def other(what: str, remedy: str) -> Problem:
        return Problem(ProblemKind.NOT_THIS_CHART, f"this is not a values file of {chart}: {what}", remedy, place)

    match match.kind:
        case ChartKind.PLATFORM:
            return InputKind.PLATFORM_VALUES, None
        case ChartKind.KUBERNETES:
            return InputKind.KUBERNETES, other(
                "it is a Kubernetes manifest", "name it without -f; manifests are judged"
            )
        case ChartKind.AIRFLOW:
            return InputKind.UNRECOGNISED, other("it has the keys of the Apache Airflow chart", "leave this file out")
        case ChartKind.AIRFLOW_DEPLOYMENT:
            what = "it has the keys of a Private Cloud deployment's Airflow chart"
            return InputKind.UNRECOGNISED, other(what, "leave this file out")
        case ChartKind.ASTRO_DEPLOYMENT_FILE:
            what = "it is a deployment file of the Astro CLI"
            return InputKind.UNRECOGNISED, other(what, "leave this file out")
        case ChartKind.NOT_AGENT_FORMAT:
            keys = ", ".join(match.signals)
            remedy = "compare with `helm show values astronomer/astro-remote-execution-agent`"
            return InputKind.UNRECOGNISED, other(f"it takes something else in {keys}", remedy)
        case ChartKind.AGENT_FRAGMENT:
            message = "a few keys look like agent values, too few to judge the file by itself"
            remedy = f"if it is a layer of agent values, give all layers: astrovet scan -f base.yaml -f {path}"
            return InputKind.UNRECOGNISED, Problem(ProblemKind.REMARK, message, remedy, place)
        case _:
            return InputKind.UNRECOGNISED, other("it has none of its keys", "give the values file that Helm gets")


def _first_signal(match: ChartMatch, root: Value[Tree]) -> Place | None:
    """The first key that told what the values are."""
    key = match.signals[0].partition(".")[0] if match.signals else ""
    match at(root, *match.path):
        case Known(Map(entries)) if key in entries:
            return entries[key].key_place
        case Known() | Unknown() | Absent():
            return None
