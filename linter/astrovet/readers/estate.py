"""From the bytes of all files to one linked estate. Pure: the command line reads the files."""

from __future__ import annotations

import posixpath
from collections import ChainMap
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Document, InputKind, Problem, ProblemKind
from astrovet.environment import NONE, Environment
from astrovet.helm.chart import ChartKind, ChartMatch, may_matter, recognise
from astrovet.helm.merge import merge
from astrovet.inputs.decode import decode
from astrovet.inputs.terraform_files import SOURCES
from astrovet.inputs.terraform_json import binary_plan, is_binary_plan, is_printed, may_be_terraform, read_terraform
from astrovet.inputs.yaml_text import read_yaml
from astrovet.model.agent import Agent
from astrovet.model.estate import Estate, Input
from astrovet.place import Place
from astrovet.readers import helm_release
from astrovet.readers.agent import read_agent
from astrovet.readers.data_plane import DataPlane, read_data_plane
from astrovet.readers.join import link_agents, link_facts, release_link
from astrovet.readers.terraform import TerraformFacts, read_facts
from astrovet.terraform.plan import Terraform, block_address, read
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, text

if TYPE_CHECKING:
    from astrovet.terraform.modules import Project

PLAN_SIZE_LIMIT = 256 * 1024 * 1024
VALUES_SIZE_LIMIT = 8 * 1024 * 1024

_YAML_ENDINGS = (".yaml", ".yml")
_OTHER_ENDINGS = (*SOURCES, ".json")


class Role(StrEnum):
    """How a file came into the run."""

    PLAN = "plan"
    """Given with --plan: a plan or a state."""
    VALUES = "values"
    """Given with --values: one layer of the one set."""
    NAMED = "named"
    """Named as a path."""
    FOUND = "found"
    """Found below a folder: it need not concern us."""


class SourceFile(Struct, frozen=True):
    """A file as it was read."""

    path: str
    data: bytes
    role: Role
    fault: str = ""
    """Why it could not be read from the disk."""
    is_alone: bool = False
    """It was named itself, not found below a folder."""


class TerraformSources(Struct, frozen=True):
    """The Terraform sources of a run."""

    files: tuple[SourceFile, ...] = ()
    """Sources and variable files."""
    others: Mapping[str, str] = {}
    """Further files that expressions read, by path."""
    environment: Environment = NONE
    """What is given by hand, and holds for every root module."""
    environments: Mapping[str, tuple[Environment, ...]] = {}
    """For each of which to evaluate a root module, by its folder; for all others there is `environment`."""
    folders: frozenset[str] | None = None
    """Judge only root modules that these folders belong to; None: all."""
    covered: frozenset[str] = frozenset()
    """Root modules that a plan was made from, wherever the plan lies."""


class Reading(Struct, frozen=True):
    """The estate, and what later steps need of the inputs."""

    estate: Estate
    plans: tuple[Terraform, ...] = ()
    contents: dict[str, str] = {}
    """Text of the values files, for snippets."""


class _Parts:
    """What the files contribute, while they are read one after the other."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.plans: list[Terraform] = []
        self.facts: list[TerraformFacts] = []
        self.agents: list[Agent] = []
        self.data_planes: list[DataPlane] = []
        self.contents: dict[str, str] = {}
        self.platforms: list[str] = []

    def add_input(self, file: SourceFile, kind: InputKind, problems: Sequence[Problem] = ()) -> None:
        self.inputs.append(Input(file.path, kind, tuple(problems), file.role is not Role.FOUND))


def build(files: Sequence[SourceFile], start: str, sources: TerraformSources | None = None) -> Reading:
    """Read all files and link what they hold.

    A file that cannot be used becomes an input with a problem; the others are read in full. Without
    `sources`, the Terraform sources among the files are evaluated.
    """
    if sources is None:
        sources = TerraformSources(tuple(file for file in files if file.path.endswith(SOURCES)))
    parts = _Parts()
    layers = [file for file in files if file.role is Role.VALUES]
    for file in files:
        if file.role is not Role.VALUES:
            _read_file(file, parts)
    if layers:
        _read_layers(layers, parts)
    if sources.files:
        _read_sources(sources, parts)
    linked = link_facts(parts.facts)
    deployments = tuple(each for facts in linked for each in facts.deployments)
    agents = link_agents(tuple(parts.agents), deployments, _ids(parts.plans))
    estate = Estate(
        place=Place(start),
        inputs=tuple(parts.inputs),
        workspaces=tuple(each for facts in linked for each in facts.workspaces),
        clusters=tuple(each for facts in linked for each in facts.clusters),
        deployments=deployments,
        agents=agents,
        agent_tokens=tuple(each for facts in linked for each in facts.agent_tokens),
        api_tokens=tuple(each for facts in linked for each in facts.api_tokens),
        providers=tuple(each for facts in linked for each in facts.providers),
        inbound_paths=tuple(each for plane in parts.data_planes for each in plane.inbound_paths),
        kubernetes_clusters=tuple(each for plane in parts.data_planes for each in plane.kubernetes_clusters),
        object_stores=tuple(each for plane in parts.data_planes for each in plane.object_stores),
        exposed_services=tuple(each for plane in parts.data_planes for each in plane.exposed_services),
        ingresses=tuple(each for plane in parts.data_planes for each in plane.ingresses),
        network_policies=tuple(each for plane in parts.data_planes for each in plane.network_policies),
        other_objects=sum(facts.other_objects for facts in linked) + len(parts.platforms),
        notes=tuple(_notes(parts)),
    )
    return Reading(estate, tuple(parts.plans), parts.contents)


def _read_file(file: SourceFile, parts: _Parts) -> None:
    if file.fault:
        parts.add_input(file, InputKind.UNRECOGNISED, [_faulty(file)])
    elif file.role is Role.PLAN:
        _read_plan(file, parts)
    elif _may_be_values(file):
        _read_values(file, parts)
    elif file.path.endswith(SOURCES):
        pass  # these are evaluated together, by their root modules
    elif file.role is not Role.FOUND or may_be_terraform(file.data):
        _read_plan(file, parts)


def _may_be_values(file: SourceFile) -> bool:
    """YAML by its name; by its content where the name does not tell, as for standard input."""
    if file.path.endswith(_YAML_ENDINGS):
        return True
    if file.role is not Role.NAMED or file.path.endswith(_OTHER_ENDINGS) or not may_matter(file.data):
        return False
    content = decode(file.path, file.data).content.lstrip()
    return content != "" and not content.startswith(("{", "[")) and not is_printed(content)


def _read_plan(file: SourceFile, parts: _Parts) -> None:
    if is_binary_plan(file.data):
        parts.add_input(file, InputKind.UNRECOGNISED, [binary_plan(file.path)])
        return
    if len(file.data) > PLAN_SIZE_LIMIT:
        remedy = "split the root module, or plan parts of it"
        problem = _unreadable(file.path, f"the file is larger than {PLAN_SIZE_LIMIT >> 20} MiB", remedy)
        parts.add_input(file, InputKind.UNRECOGNISED, [problem])
        return
    decoded = decode(file.path, file.data)
    if any(problem.kind is ProblemKind.UNREADABLE for problem in decoded.problems):
        parts.add_input(file, InputKind.UNRECOGNISED, decoded.problems)
        return
    terraform = read(file.path, read_terraform(file.path, decoded.content))
    parts.add_input(file, terraform.kind, (*decoded.problems, *terraform.problems))
    if terraform.kind is InputKind.UNRECOGNISED:
        return
    _take_facts(terraform, parts)


def _take_facts(terraform: Terraform, parts: _Parts) -> None:
    """What a plan, a state or a root module's sources say, into the model."""
    facts = read_facts(terraform)
    parts.plans.append(terraform)
    parts.facts.append(facts)
    parts.data_planes.append(read_data_plane(terraform))
    for release, agent in zip(helm_release.agent_releases(terraform), helm_release.agents(terraform), strict=True):
        link = release_link(terraform, release, facts.deployments)
        parts.agents.append(replace(agent, deployment=link) if link is not None else agent)


def _read_sources(sources: TerraformSources, parts: _Parts) -> None:
    """Evaluate the root modules that no plan covers and that have to do with Astro."""
    from astrovet.terraform.modules import Project
    from astrovet.terraform.roots import concerns_astro, root_modules, tree_of
    from astrovet.terraform.sources import read_root_module

    files = {file.path: file for file in sources.files}
    decoded = {path: decode(path, file.data) for path, file in files.items() if not file.fault}
    contents = {path: found.content for path, found in decoded.items()}
    project = Project(ChainMap(contents, sources.others))  # type: ignore[arg-type]
    for root in root_modules(project):
        folders = tree_of(project, root)
        wanted = sources.folders is None or not sources.folders.isdisjoint(folders)
        if not wanted or not concerns_astro(project, root) or _is_covered(root, project, sources, parts.plans):
            continue
        environments = sources.environments.get(root or ".", (sources.environment,))
        uses = [read_root_module(project, root, each) for each in environments]
        found = tuple(dict.fromkeys(problem for use in uses for problem in use.problems))
        for path in (path for folder in folders for path in project.contents(folder)):
            if path not in parts.contents:
                problems = [*decoded[path].problems, *_about(found, path)]
                parts.add_input(files[path], InputKind.TERRAFORM_SOURCE, problems)
                parts.contents[path] = contents[path]
        for path in sorted({problem.place.path for problem in found} - set(parts.contents)):
            parts.add_input(files[path], InputKind.TERRAFORM_SOURCE, _about(found, path))
        for use in uses:
            _take_facts(use, parts)


def _is_covered(root: str, project: Project, sources: TerraformSources, plans: Sequence[Terraform]) -> bool:
    """Whether one of the plans was made from this root module: the plan knows more."""
    folder = project.folder(root)
    blocks = {f"module.{name}" for name in folder.calls}
    blocks |= {block_address("", mode, kind, name) for mode, kind, name in folder.resources}
    return any(
        root in {posixpath.dirname(plan.path), *sources.covered}
        and any(".".join(each.block.split(".")[:2]) in blocks or each.block in blocks for each in plan.resources)
        for plan in plans
        if plan.kind is not InputKind.TERRAFORM_SOURCE
    )


def _about(problems: Sequence[Problem], path: str) -> list[Problem]:
    return [problem for problem in problems if problem.place.path == path]


def _read_values(file: SourceFile, parts: _Parts) -> None:
    if file.role is Role.FOUND and not may_matter(file.data):
        return
    documents, problems = _parse(file, parts)
    if not documents:
        parts.add_input(file, InputKind.UNRECOGNISED, problems)
        return
    root, match = _most_telling(documents)
    named = file.role is not Role.FOUND
    if match.kind is ChartKind.AGENT or (match.kind is ChartKind.AGENT_FRAGMENT and named):
        parts.add_input(file, InputKind.AGENT_VALUES, problems)
        identity = file.path if not match.path else f"{file.path}#{'.'.join(match.path)}"
        values = at(root, *match.path)
        parts.agents.append(read_agent(identity, identity, values, _first_line(values, file.path)))
        return
    kind, problem = _not_judged(match, root, file.path)
    if kind is InputKind.PLATFORM_VALUES:
        parts.platforms.append(file.path)
    told = named or match.kind in {ChartKind.NOT_AGENT_FORMAT, ChartKind.AGENT_FRAGMENT}
    if kind is not InputKind.UNRECOGNISED or told:  # else it only mentions a key of the chart
        parts.add_input(file, kind, (*_remarks(problems), *((problem,) if problem is not None and told else ())))


def _most_telling(documents: Sequence[Document]) -> tuple[Value[Tree], ChartMatch]:
    """The document that holds agent values, else the first: a stream of manifests may have them further down."""
    matches = [(document.root, recognise(document.root)) for document in documents]
    return next((each for each in matches if each[1].kind is ChartKind.AGENT), matches[0])


def _read_layers(files: Sequence[SourceFile], parts: _Parts) -> None:
    """The files of --values: one set, merged in their order. Of several documents Helm reads the first."""
    layers = [(file, *_parse(file, parts)) for file in files]
    roots = [documents[0].root for _, documents, _ in layers if documents]
    if len(roots) < len(files):  # what the others say together cannot be told, and the run says so
        for file, documents, problems in layers:
            parts.add_input(file, InputKind.AGENT_VALUES if documents else InputKind.UNRECOGNISED, problems)
        return
    root, last = merge(roots), files[-1].path
    match = recognise(root)
    if match.kind in {ChartKind.AGENT, ChartKind.AGENT_FRAGMENT}:
        for file, _, problems in layers:
            parts.add_input(file, InputKind.AGENT_VALUES, problems)
        identity = " + ".join(file.path for file in files)
        values = at(root, *match.path)
        parts.agents.append(read_agent(identity, identity, values, _first_line(values, last)))
        return
    kind, problem = _not_judged(match, root, last)
    for file, _, problems in layers:
        mine = (problem,) if problem is not None and problem.place.path == file.path else ()
        parts.add_input(file, kind, (*_remarks(problems), *mine))
    if kind is InputKind.PLATFORM_VALUES:
        parts.platforms.append(last)


def _parse(file: SourceFile, parts: _Parts) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """The documents of a YAML file, none where it cannot be used, and what is wrong with it."""
    if file.fault:
        return (), (_faulty(file),)
    if is_binary_plan(file.data):
        return (), (binary_plan(file.path),)
    if file.role is Role.VALUES and may_be_terraform(file.data):
        remedy = f"give it with --plan: astrovet scan --plan {file.path}"
        message = "this is a Terraform plan or state, where Helm values are expected"
        return (), (Problem(ProblemKind.NOT_THIS_CHART, message, remedy, Place(file.path)),)
    if len(file.data) > VALUES_SIZE_LIMIT:
        message = f"the file is larger than {VALUES_SIZE_LIMIT >> 20} MiB"
        return (), (_unreadable(file.path, message, "no values file is as large; check what it is"),)
    decoded = decode(file.path, file.data)
    if any(problem.kind is ProblemKind.UNREADABLE for problem in decoded.problems):
        return (), decoded.problems
    parts.contents[file.path] = decoded.content
    documents = read_yaml(file.path, decoded.content)
    problems = (*decoded.problems, *(problem for each in documents for problem in each.problems))
    if any(problem.kind is ProblemKind.UNREADABLE for problem in problems):
        return (), problems
    if not decoded.content.strip() and file.role is not Role.FOUND:
        return (), (*problems, _unreadable(file.path, "the file is empty", "write values into it, or leave it out"))
    return documents, problems


def _remarks(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """What is left to say of a file that is not judged."""
    return tuple(problem for problem in problems if problem.kind is ProblemKind.REMARK)


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
            what = "it is a Kubernetes manifest"
            return InputKind.KUBERNETES, other(what, "give the values file; manifests are not judged by this version")
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


def _first_line(root: Value[Tree], path: str) -> Place:
    """The first key of the values: where a finding about the whole set points."""
    place = root.place
    if place.path != path or not place.has_lines:
        return Place(path)
    return Place(path, place.line, place.column, place.line, place.column + 1)


def _faulty(file: SourceFile) -> Problem:
    return _unreadable(file.path, file.fault, "check the name, and that you may read it")


def _unreadable(path: str, message: str, remedy: str) -> Problem:
    return Problem(ProblemKind.UNREADABLE, message, remedy, Place(path))


def _ids(plans: Sequence[Terraform]) -> dict[str, str]:
    """Known deployment ids, to addresses."""
    found: dict[str, str] = {}
    for plan in plans:
        for resource in plan.resources:
            if resource.type == "astro_deployment":
                identity = text(resource.computed("id"))
                if isinstance(identity, Known):
                    found[identity.value] = resource.address
    return found


def _notes(parts: _Parts) -> list[str]:
    notes: list[str] = []
    for each in parts.inputs:
        notes.extend(
            f"{each.path}: {problem.message}; {problem.remedy}"
            for problem in each.problems
            if problem.kind is ProblemKind.REMARK
        )
    notes.extend(
        f"{path}: these are values of Astro Private Cloud; this version recognises them and has no rules for them yet"
        for path in parts.platforms
    )
    return notes
