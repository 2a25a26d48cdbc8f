"""From the bytes of all files to one linked estate. Pure: the command line reads the files."""

from __future__ import annotations

import posixpath
from collections import ChainMap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.environment import NONE, Environment
from astrovet.helm.chart import may_matter
from astrovet.inputs.decode import decode
from astrovet.inputs.terraform_files import SOURCES
from astrovet.inputs.terraform_json import binary_plan, is_binary_plan, is_printed, may_be_terraform, read_terraform
from astrovet.model.agent import Agent
from astrovet.model.estate import Estate, Input
from astrovet.model.kubernetes import KubernetesObjects
from astrovet.place import Place
from astrovet.readers import helm_release
from astrovet.readers.data_plane import DataPlane, read_data_plane
from astrovet.readers.join import link_agents, link_facts, release_link
from astrovet.readers.kubernetes_files import judged_files, with_manifests
from astrovet.readers.sheets import Sheets
from astrovet.readers.source_file import Role, SourceFile, faulty, unreadable
from astrovet.readers.terraform import TerraformFacts, read_facts
from astrovet.readers.values_files import HelmInputs, read_values_files
from astrovet.terraform.plan import Terraform, block_address, read
from astrovet.value import Known, text

if TYPE_CHECKING:
    from astrovet.terraform.modules import Project

PLAN_SIZE_LIMIT = 256 * 1024 * 1024

_YAML_ENDINGS = (".yaml", ".yml")
_OTHER_ENDINGS = (*SOURCES, ".json")


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

    def add_input(self, file: SourceFile, kind: InputKind, problems: Sequence[Problem] = ()) -> None:
        self.inputs.append(Input(file.path, kind, tuple(problems), file.is_named))


def build(
    files: Sequence[SourceFile],
    start: str,
    sources: TerraformSources | None = None,
    helm: HelmInputs | None = None,
) -> Reading:
    """Read all files and link what they hold.

    A file that cannot be used becomes an input with a problem; the others are read in full. Without
    `sources`, the Terraform sources among the files are evaluated.
    """
    if sources is None:
        sources = TerraformSources(tuple(file for file in files if file.path.endswith(SOURCES)))
    parts = _Parts()
    of_yaml = [file for file in files if file.role is not Role.PLAN and _may_be_values(file)]
    of_helm = read_values_files(of_yaml, helm or HelmInputs())
    parts.agents.extend(of_helm.agents)
    parts.contents.update(of_helm.contents)
    parts.inputs.extend(of_helm.inputs)
    for file in files:
        if file not in of_yaml:
            _read_file(file, parts)
    if sources.files:
        _read_sources(sources, parts)
    linked = link_facts(parts.facts)
    deployments = tuple(each for facts in linked for each in facts.deployments)
    agents = link_agents(tuple(parts.agents), deployments, _ids(parts.plans), of_helm.declared_deployments)
    order = {file.path: number for number, file in enumerate(files)}
    kubernetes = _kubernetes(of_yaml, agents, parts, of_helm.sheets)
    estate = Estate(
        place=Place(start),
        inputs=tuple(sorted(parts.inputs, key=lambda each: order.get(each.path, len(order)))),
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
        kubernetes=kubernetes,
        other_objects=sum(facts.other_objects for facts in linked) + len(of_helm.platforms),
        notes=tuple(_notes(parts, of_helm.platforms)),
    )
    return Reading(estate, tuple(parts.plans), parts.contents)


def _read_file(file: SourceFile, parts: _Parts) -> None:
    if file.role is Role.BESIDE:
        pass  # only values files belong to others by their names
    elif file.fault:
        parts.add_input(file, InputKind.UNRECOGNISED, [faulty(file)])
    elif file.role is Role.PLAN:
        _read_plan(file, parts)
    elif file.path.endswith(SOURCES):
        pass  # these are evaluated together, by their root modules
    elif file.role is not Role.FOUND or may_be_terraform(file.data):
        _read_plan(file, parts)


def _may_be_values(file: SourceFile) -> bool:
    """YAML by its name; by its content where the name does not tell, as for standard input."""
    if file.role is Role.VALUES or file.path.endswith(_YAML_ENDINGS):
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
        problem = unreadable(file.path, f"the file is larger than {PLAN_SIZE_LIMIT >> 20} MiB", remedy)
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


def _kubernetes(
    files: Sequence[SourceFile], agents: Sequence[Agent], parts: _Parts, sheets: Sheets
) -> KubernetesObjects:
    """What Terraform declares inside clusters, and what manifests do."""
    declared = sum((plane.kubernetes for plane in parts.data_planes), KubernetesObjects())
    data = {file.path: file.data for file in files if file.role is not Role.BESIDE and not file.fault}
    named = [file.path for file in files if file.is_named]
    objects = with_manifests(declared, agents, data, named, lambda path: sheets[path].documents)
    known = {each.path for each in parts.inputs}
    for path in sorted(judged_files(objects) & data.keys() - known):
        parts.add_input(sheets[path].file, InputKind.KUBERNETES, sheets[path].problems)
        parts.contents[path] = sheets[path].content
    return objects


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


def _notes(parts: _Parts, platforms: Sequence[str]) -> list[str]:
    notes: list[str] = []
    for each in parts.inputs:
        notes.extend(
            f"{each.path}: {problem.message}; {problem.remedy}"
            for problem in each.problems
            if problem.kind is ProblemKind.REMARK
        )
    notes.extend(
        f"{path}: these are values of Astro Private Cloud; this version recognises them and has no rules for them yet"
        for path in platforms
    )
    return notes
