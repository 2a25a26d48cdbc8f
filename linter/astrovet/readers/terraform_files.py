"""From the bytes of Terraform's files to the part of the estate that they tell.

Loaded only where a run has such files: most commits have none.
"""

from __future__ import annotations

import posixpath
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.document import InputKind, Problem, ProblemKind, bug
from astrovet.formats.text_file import TextFile
from astrovet.guard import Guard
from astrovet.helm.api_groups import ARGO_APPLICATION
from astrovet.model.access import RootModule
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate, Input, together
from astrovet.model.network import KubernetesCluster
from astrovet.readers.agent import helm_release
from astrovet.readers.agent.release_links import release_link
from astrovet.readers.agent.token_uses import TokenUses
from astrovet.readers.astro.links_between_plans import link_facts
from astrovet.readers.astro.resources import AstroFacts, read_facts
from astrovet.readers.astro.secret_origins import by_address, is_unclear, with_told
from astrovet.readers.blind_spots import missing_modules
from astrovet.readers.clouds.data_plane import looked_up_clusters, read_data_plane
from astrovet.readers.clouds.identity import referred_identities
from astrovet.readers.clouds.outputs_named import kept_in
from astrovet.readers.plan_sources import copied, made_from, without_copies
from astrovet.readers.source_file import PLAN_LIMIT, SourceFile, TerraformSources, unreadable
from astrovet.terraform.plan.printed import binary_plan, is_binary_plan, read_terraform
from astrovet.terraform.plan.resources import Terraform, read
from astrovet.terraform.resource import Resource

if TYPE_CHECKING:
    from astrovet.terraform.source.environment import Environment
    from astrovet.terraform.source.project import Project


class TerraformReading(Struct, frozen=True):
    """What Terraform's files say."""

    estate: Estate = Estate()
    """Their objects, linked to each other. Its agents are those of releases, not linked to deployments yet."""
    inputs: tuple[Input, ...] = ()
    plans: tuple[Terraform, ...] = ()
    contents: dict[str, TextFile] = {}
    """The sources, by path."""
    only_read: tuple[Deployment, ...] = ()
    """Deployments that the files refer to, and do not manage."""
    told: tuple[Terraform, ...] = ()
    """Sources behind the plans that were asked for what these leave open."""
    sources_of: Mapping[str, tuple[str, ...]] = {}
    """The folders of the root modules that plans were made from, by their paths."""
    documents: frozenset[str] = frozenset()
    """The texts of values that releases of the agent chart get as a whole, without the space around them."""
    templates: frozenset[str] = frozenset()
    """The paths of files that the sources read as templates."""
    blind_spots: tuple[BlindSpot, ...] = ()


OF_MANIFESTS = ("kubernetes_manifest", "kubectl_manifest", ARGO_APPLICATION)
"""The types of resources that hold an object of Kubernetes as it stands, or an Application of Argo CD."""


class _Facts(Struct, frozen=True):
    """What one plan, state or root module contributes: all of it, or nothing where a reader breaks."""

    terraform: Terraform
    astro: AstroFacts
    data_plane: Estate
    agents: list[Agent]
    documents: frozenset[str]
    """The texts of values that its releases of the agent chart get as a whole."""


class _Parts:
    """What the files contribute, while they are read one after the other."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self.paths = paths
        """The files of values, by what they hold."""
        self.inputs: list[Input] = []
        self.plans: list[Terraform] = []
        self.facts: list[AstroFacts] = []
        self.agents: list[list[Agent]] = []
        """Of each plan."""
        self.data_planes: list[Estate] = []
        self.root_modules: list[RootModule] = []
        self.contents: dict[str, TextFile] = {}
        self.told: list[Terraform] = []
        self.documents: set[str] = set()
        self.templates: set[str] = set()
        self.made_from: Mapping[str, Sequence[int]] = {}
        """The numbers of the plans that were made from each root module."""

    def add_input(self, file: SourceFile, kind: InputKind, problems: Sequence[Problem] = ()) -> None:
        self.inputs.append(Input(file.path, kind, tuple(problems), file.is_named))

    def so_far(self, agents: Sequence[Agent]) -> Estate:
        """What was read up to now, and these agents."""
        of_astro = (facts.estate for facts in self.facts)
        own = (agent for of_plan in self.agents for agent in of_plan)
        return together((*of_astro, *self.data_planes)).with_objects(*agents, *own)

    def sources_of(self) -> dict[str, tuple[str, ...]]:
        """The root modules that each plan was made from."""
        made = self.made_from.items()
        own = (tuple(root or "." for root, numbers in made if number in numbers) for number in range(len(self.plans)))
        return {plan.path: roots for plan, roots in zip(self.plans, own, strict=True)}

    def add_facts(self, facts: _Facts) -> None:
        self.plans.append(facts.terraform)
        self.facts.append(facts.astro)
        self.data_planes.append(facts.data_plane)
        self.agents.append(facts.agents)
        self.documents |= facts.documents


def read_terraform_files(
    plans: Sequence[SourceFile],
    sources: TerraformSources,
    agents: Sequence[Agent],
    guard: Guard,
    budget: Budget,
    paths: Mapping[str, str] = {},
) -> TerraformReading:
    """Read plans and states, and evaluate the sources that none of the plans covers.

    A file that cannot be used becomes an input with a problem; the others are read in full. Sources
    concern us where they have to do with Astro, or name a store that one of these agents uses.
    """
    parts = _Parts(paths)
    folders = {posixpath.dirname(file.path) for file in sources.files}
    for file, original in without_copies(plans, folders):
        try:
            _read_plan(file, original, parts)
        except Exception as error:  # noqa: BLE001  see `bug`
            parts.add_input(file, InputKind.UNRECOGNISED, [bug(file.path, error)])
    if sources.files:
        guard.run("looked for root modules", None, _read_sources, sources, parts, agents, budget)
    linked = guard.run("linked objects of Astro", tuple(parts.facts), link_facts, parts.facts)
    estate = together(facts.estate for facts in linked)
    managed = {deployment.place for deployment in estate.of(Deployment)}
    known = (subject for facts in linked for subject in facts.identities[Deployment].values())
    only_read = (
        deployment for deployment in known if isinstance(deployment, Deployment) and deployment.place not in managed
    )
    releases = Estate(objects=tuple(agent for agents in parts.agents for agent in agents))
    estate = together([estate + releases, *parts.data_planes]).with_objects(*parts.root_modules)
    own = [facts.estate.of(Deployment) for facts in linked]
    return TerraformReading(
        estate=estate,
        inputs=tuple(parts.inputs),
        plans=tuple(parts.plans),
        contents=parts.contents,
        only_read=tuple(only_read),
        told=tuple(parts.told),
        sources_of=parts.sources_of(),
        documents=frozenset(parts.documents),
        templates=frozenset(parts.templates),
        blind_spots=tuple(guard.kept("looked for modules", missing_modules, zip(parts.plans, own, strict=True))),
    )


def _read_plan(file: SourceFile, original: SourceFile | None, parts: _Parts) -> None:
    """A plan or a state; of a copy only what kind it is."""
    if is_binary_plan(file.data):
        parts.add_input(file, InputKind.UNRECOGNISED, [binary_plan(file.path)])
        return
    if len(file.data) > PLAN_LIMIT.size:
        problem = unreadable(file.path, PLAN_LIMIT.why, PLAN_LIMIT.how)
        parts.add_input(file, InputKind.UNRECOGNISED, [problem])
        return
    decoded = file.file.decoded
    if any(problem.kind is ProblemKind.UNREADABLE for problem in decoded.problems):
        parts.add_input(file, InputKind.UNRECOGNISED, decoded.problems)
        return
    terraform = read(file.path, read_terraform(file.path, decoded.content))
    if terraform.kind is InputKind.UNRECOGNISED or original is None:
        parts.add_input(file, terraform.kind, (*decoded.problems, *terraform.problems))
    else:
        parts.add_input(file, terraform.kind, [copied(file, original)])
    if terraform.kind is not InputKind.UNRECOGNISED and original is None:
        parts.add_facts(_facts_of(terraform, parts.paths))


def _facts_of(terraform: Terraform, paths: Mapping[str, str]) -> _Facts:
    """What a plan, a state or a root module's sources say, in the words of the model."""
    facts = read_facts(terraform)
    documents = frozenset(document.strip() for document in _documents_of(terraform))
    agents = list(_agents(terraform, facts, {}, paths))
    data_plane = read_data_plane(terraform)
    if "helm_release" in terraform.types:
        from astrovet.readers.platform.helm_release import platforms  # most plans install nothing with Helm

        data_plane = data_plane.with_objects(*platforms(terraform))
    return _Facts(terraform, facts, data_plane, agents, documents)


def _only(facts: _Facts, data_plane: Estate) -> _Facts:
    """What counts of a root module that was read for its sake; where that is little, so do modules not at hand."""
    is_whole = bool(data_plane.of(KubernetesCluster))
    terraform = facts.terraform if is_whole else replace(facts.terraform, missing=())
    return replace(facts, data_plane=data_plane, terraform=terraform)


def _documents_of(terraform: Terraform) -> Iterator[str]:
    yield from helm_release.documents_of(terraform)
    if ARGO_APPLICATION in terraform.types:
        from astrovet.readers.agent.argocd_provider import documents_of

        yield from documents_of(terraform)


def _agents(
    terraform: Terraform, facts: AstroFacts, told: Mapping[str, Resource], paths: Mapping[str, str]
) -> Iterator[Agent]:
    """The agents of the releases. `told` has releases of the sources, by address, for what a plan leaves open."""
    references = terraform.references
    uses = TokenUses(terraform, references)
    releases = helm_release.agent_releases(terraform)
    for release, agent in zip(releases, helm_release.agents(terraform, told, paths), strict=True):
        agent = replace(
            agent,
            identities=referred_identities(release, references),
            clusters=looked_up_clusters(terraform, references, release),
            doubt=release.doubt,
        )
        agent = uses.in_release(agent, release)
        link = release_link(release, references, facts.estate.of(Deployment))
        yield replace(agent, deployment=link) if link is not None else agent
    if any(kind in OF_MANIFESTS for kind in terraform.types):
        from astrovet.readers.agent.releases_in_terraform import agents_in_manifests

        yield from agents_in_manifests(terraform, paths)


def _read_sources(sources: TerraformSources, parts: _Parts, agents: Sequence[Agent], budget: Budget) -> None:
    """Evaluate the root modules that no plan covers and that have to do with Astro, or make its agents' cluster."""
    from astrovet.readers.further_roots import further_roots, store_names
    from astrovet.terraform.source.project import Project
    from astrovet.terraform.source.root_modules import concerns_astro, root_modules, tree_of

    files = {file.path: file for file in sources.files}
    contents = {path: file.file for path, file in files.items() if not file.fault}
    stores = frozenset(name for agent in agents for name in store_names(agent))
    everything: Mapping[str, TextFile] = ChainMap(contents, sources.others)  # type: ignore[arg-type]
    project = Project(everything, budget, sources.listing, sources.installed)
    others: list[str] = []

    def read(root: str, what: Callable[[Estate], Estate] | None = None) -> None:
        try:
            folders = tree_of(project, root)
            if sources.folders is None or not sources.folders.isdisjoint(folders):
                _read_root_module(root, folders, project, sources, files, parts, what)
        except Exception as error:  # noqa: BLE001  see `bug`
            first = min(project.contents(root))
            parts.add_input(files[first], InputKind.TERRAFORM_SOURCE, [bug(first, error)])

    roots = root_modules(project)
    if parts.plans:
        parts.made_from = made_from(project, roots, parts.plans, sources.covered)
    for root in roots:
        if root in sources.named or concerns_astro(project, root, stores):
            read(root)
        else:
            others.append(root)
    for root, part in further_roots(project, others, lambda: parts.so_far(agents)):
        read(root, part)
    parts.templates |= project.templates


def _read_root_module(
    root: str,
    folders: Sequence[str],
    project: Project,
    sources: TerraformSources,
    files: Mapping[str, SourceFile],
    parts: _Parts,
    what: Callable[[Estate], Estate] | None,
) -> None:
    """Evaluate a root module, or ask it for what the plans that were made from it leave open."""
    from astrovet.readers.astro.root_module import read_root
    from astrovet.terraform.source.resources import read_root_module
    from astrovet.terraform.source.root_modules import named_templates
    from astrovet.terraform.source.state_of_root import state_of

    environments = sources.environments.get(root or ".", (sources.environment,))
    covering = parts.made_from.get(root, ())
    if covering:
        project.templates.update(path for folder in folders for path in named_templates(project, folder, root))
        _ask(project, root, environments[0], covering, parts)
        state = state_of(project.folder(root), environments[0].workspace)
        for number in covering:
            parts.data_planes[number] = kept_in(parts.data_planes[number], state)
        parts.root_modules.append(read_root(project, root, [parts.plans[number] for number in covering], folders))
        return
    uses = [read_root_module(project, root, environment) for environment in environments]
    facts = [_facts_of(use, parts.paths) for use in uses]
    if what is not None:
        facts = [_only(told, what(told.data_plane)) for told in facts]
        if not any(told.data_plane.objects for told in facts):
            return
    root_module = read_root(project, root, uses, folders)
    problems = tuple(dict.fromkeys(problem for use in uses for problem in use.problems))
    for path in (path for folder in folders for path in project.contents(folder)):
        if path not in parts.contents:
            file = files[path].file
            parts.add_input(files[path], InputKind.TERRAFORM_SOURCE, [*file.decoded.problems, *_about(problems, path)])
            parts.contents[path] = file
    for path in sorted({problem.place.path for problem in problems} - set(parts.contents)):
        parts.add_input(files[path], InputKind.TERRAFORM_SOURCE, _about(problems, path))
    given = (
        path for environment in environments for path in (*project.automatic_files(root or "."), *environment.var_files)
    )
    parts.contents.update({path: files[path].file for path in given if path in files and not files[path].fault})
    parts.root_modules.append(root_module)
    for of_environment in facts:
        parts.add_facts(of_environment)


def _ask(project: Project, root: str, environment: Environment, covering: Sequence[int], parts: _Parts) -> None:
    """What the plans of a root module leave open and its sources tell."""
    from astrovet.terraform.source.resources import read_root_module

    unclear = [number for number in covering if is_unclear(parts.facts[number])]
    half_known = [number for number in covering if helm_release.is_unclear(parts.plans[number])]
    if unclear or half_known:
        told = read_root_module(project, root, environment)
        parts.told.append(told)
        for number in unclear:
            parts.facts[number] = with_told(parts.facts[number], by_address(read_facts(told)))
        written = {release.address: release for release in helm_release.agent_releases(told)}
        for number in half_known:
            parts.agents[number] = list(_agents(parts.plans[number], parts.facts[number], written, parts.paths))


def _about(problems: Sequence[Problem], path: str) -> list[Problem]:
    return [problem for problem in problems if problem.place.path == path]
