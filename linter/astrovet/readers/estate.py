"""From the bytes of all files to one linked estate. Pure: the command line reads the files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.document import Document, InputKind, Problem, ProblemKind
from astrovet.formats.text_file import TextFile
from astrovet.guard import Guard
from astrovet.helm.conventions import is_kustomization
from astrovet.helm.deployment_file import begins_as_deployment_file, may_be_deployment_file
from astrovet.helm.release import REFUSED
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import Deployment, Twin
from astrovet.model.estate import Estate, Input
from astrovet.model.identity import CloudIdentity
from astrovet.model.kubernetes import KubernetesObject, PodTemplate
from astrovet.model.network import KubernetesCluster
from astrovet.model.storage import ObjectStore
from astrovet.place import Place
from astrovet.readers.agent.deployment_links import link_agents
from astrovet.readers.agent.helm_inputs import HelmInputs, ValuesFacts
from astrovet.readers.kubernetes.labels import may_run_agents
from astrovet.readers.source_file import Role, SourceFile, TerraformSources, faulty, is_dockerfile, may_be_manifest
from astrovet.terraform.file_names import SOURCES
from astrovet.terraform.plan.printed import is_printed, may_be_terraform

if TYPE_CHECKING:
    from astrovet.readers.yaml_files import YamlFile
    from astrovet.terraform.plan.resources import Terraform

_YAML_ENDINGS = (".yaml", ".yml", "helmfile.yaml.gotmpl")
_MANIFEST = re.compile(rb"^apiVersion[ \t]*:", re.MULTILINE)
"""What an object of Kubernetes has in YAML."""
_OTHER_ENDINGS = (*SOURCES, ".json")


class Reading(Struct, frozen=True):
    """The estate, and what later steps need of the inputs."""

    estate: Estate
    plans: tuple[Terraform, ...] = ()
    contents: dict[str, TextFile] = {}
    """The values files and the sources, by path, for snippets and comments."""
    behind: tuple[Terraform, ...] = ()
    """Sources that were asked for what plans leave open."""
    sources_of: Mapping[str, tuple[str, ...]] = {}
    """The folders of the root modules that plans were made from, by their paths."""
    consulted: frozenset[str] = frozenset()
    """The YAML files that something was looked up in, whether or not they are inputs."""


def build(
    files: Sequence[SourceFile],
    start: str,
    sources: TerraformSources | None = None,
    helm: HelmInputs | None = None,
    guard: Guard | None = None,
) -> Reading:
    """Read all files and link what they hold.

    A file that cannot be used becomes an input with a problem; the others are read in full. Without
    `sources`, the Terraform sources among the files are evaluated. `guard` keeps which links could not be made.
    """
    guard, budget = guard or Guard(), Budget()
    if sources is None:
        sources = TerraformSources(tuple(file for file in files if file.path.endswith(SOURCES)))
    templates = [file for file in files if file.is_template]
    files = [file for file in files if not file.is_template]
    of_projects = [file for file in files if is_dockerfile(file.path)]
    files = [file for file in files if not is_dockerfile(file.path)]
    what = "told what kind of files these are"
    of_yaml = [file for file in files if file.role is not Role.PLAN and guard.run(what, False, _may_be_values, file)]
    kept = {id(file) for file in of_yaml}
    of_cli = guard.run("looked for deployment files", (), _deployment_files, of_yaml, budget)
    deployed = {file.path for file in of_cli}
    of_yaml = [file for file in of_yaml if file.path not in deployed]
    of_helm = ValuesFacts()
    if of_yaml:
        from astrovet.readers.agent.values_files import read_values_files  # plans alone need nothing of Helm's

        of_helm = read_values_files(of_yaml, helm or HelmInputs(), budget, guard)
    others = [file for file in files if id(file) not in kept and file.role is not Role.BESIDE]
    broken = [Input(file.path, InputKind.UNRECOGNISED, (faulty(file),), file.is_named) for file in others if file.fault]
    plans = [file for file in others if guard.run(what, False, _may_be_plan, file)]
    estate, inputs = Estate(), [*of_helm.inputs, *broken]
    plans_read: tuple[Terraform, ...] = ()
    behind: tuple[Terraform, ...] = ()
    sources_of: Mapping[str, tuple[str, ...]] = {}
    contents = dict(of_helm.contents)
    only_read: tuple[Deployment, ...] = ()
    agents = of_helm.agents
    spots: tuple[BlindSpot, ...] = ()
    if plans or sources.files:
        # most commits have no such file
        from astrovet.readers.terraform_files import TerraformReading, read_terraform_files

        reading = guard.run(
            "read Terraform", TerraformReading(), read_terraform_files, plans, sources, of_helm.agents, guard, budget,
            guard.run("looked for files of values", {}, _paths_of, of_helm),
        )  # fmt: skip
        estate, plans_read, only_read, behind = reading.estate, reading.plans, reading.only_read, reading.told
        inputs = [file for file in inputs if file.named or file.path not in reading.templates]
        spots, sources_of = reading.blind_spots, reading.sources_of
        inputs += reading.inputs
        contents.update(reading.contents)
        loose = guard.run(
            "told files of values from layers", agents, _not_given, of_helm, reading.documents, reading.templates
        )
        agents = (*loose, *estate.of(Agent))
    if of_cli:
        from astrovet.readers.astro.deployment_files import deployments as of_files

        written, read = guard.run("read deployment files", (Estate(), ()), of_files, of_cli, estate)
        estate, inputs = estate + written, [*inputs, *read]
        contents.update((file.path, file.file.file) for file in of_cli)
    if any(map(may_run_agents, (file.data for file in of_yaml))):
        from astrovet.readers.agent.rendered_agents import rendered_agents

        what = "read agents that Helm rendered"
        agents = (*agents, *guard.kept(what, rendered_agents, of_yaml, of_helm, agents))
    twins = {twin.running.place for twin in estate.of(Twin)}
    deployments = tuple(one for one in (*estate.of(Deployment), *only_read) if one.place not in twins)
    serves = {identity: said.deployment for identity, said in of_helm.declared.items()}
    agents = guard.run("linked agents", agents, link_agents, agents, deployments, serves, guard)
    if estate.of(CloudIdentity):
        from astrovet.readers.clouds.identity import with_uses

        identities = estate.of(CloudIdentity)
        used = guard.run("linked identities of clouds", identities, with_uses, identities, agents)
        estate = estate.with_all(CloudIdentity, used)
    estate = estate.with_all(Agent, agents)
    if estate.of(KubernetesCluster):
        from astrovet.readers.clouds.agents_clusters import with_hosts

        runs_in = {identity: said.cluster for identity, said in of_helm.declared.items()}
        estate = guard.run("looked for the clusters of agents", estate, with_hosts, estate, runs_in)
    if estate.of(ObjectStore):
        from astrovet.readers.unseen_stores import told_apart

        estate = guard.run("looked for the stores of agents", estate, told_apart, estate)
    if of_helm.declared:
        from astrovet.readers.agent.declared_names import misspelt  # many configurations declare no agents

        inputs += guard.run("looked up declared names", (), misspelt, of_helm.declared.values(), deployments, estate)
    unlinked: tuple[Estate, list[Input]] = estate, []
    estate, manifests = guard.run("read manifests", unlinked, _with_manifests, of_yaml, estate, of_helm)
    inputs = _with_refusals(_with_bugs(inputs, manifests), agents)
    known_paths = {known.path for known in inputs}
    judged = [manifest for manifest in manifests if manifest.path not in known_paths]
    shown = (of_helm.yaml_files.get(manifest.path) for manifest in judged)  # none of what an overlay makes
    contents.update((yaml_file.path, yaml_file.file.file) for yaml_file in shown if yaml_file is not None)
    order = {file.path: number for number, file in enumerate(files)}
    everything = sorted((*inputs, *judged), key=lambda file: order.get(file.path, len(order)))
    notes = tuple(guard.kept("collected remarks", _notes, everything, agents))
    told = Estate(Place(start), (*everything, *of_helm.platforms), notes=notes)
    estate = told + estate
    if of_projects:
        from astrovet.readers.astro.project import projects  # many repositories have none

        estate += guard.run("read Astro projects", Estate(), projects, of_projects)
    if not estate.is_empty:
        spots += guard.run("looked for what the inputs do not show", (), _implied, estate)
    if estate.of(PodTemplate):
        from astrovet.readers.blind_spots import unjudged_pods

        spots += tuple(guard.kept("looked at rendered agents", unjudged_pods, estate))
    if templates:
        from astrovet.helm.charts.agent import AGENT_CHART  # few charts have any
        from astrovet.readers.blind_spots import unrendered

        if estate.of(Agent) or any(AGENT_CHART.encode() in file.data for file in templates):
            spots += tuple(guard.kept("looked at templates", unrendered, templates))
    if estate.of(Agent):
        spots += tuple(_not_at_hand(estate.of(Agent), plans_read, of_yaml, of_helm, guard))
    return Reading(estate.with_objects(*spots), plans_read, contents, behind, sources_of, of_helm.consulted)


def _not_at_hand(
    agents: Sequence[Agent],
    plans: Sequence[Terraform],
    of_yaml: Sequence[SourceFile],
    of_helm: ValuesFacts,
    guard: Guard,
) -> Iterator[BlindSpot]:
    """What is put into clusters beside the agents, and is in no input."""
    from astrovet.readers.kubernetes import unread_charts, unread_objects

    what, files = "looked for objects that are not at hand", of_helm.yaml_files
    yield from guard.kept(what, unread_objects.unread_in_terraform, plans)
    yield from guard.kept(what, unread_charts.missing_charts_of_terraform, plans, files, agents)
    if files:
        yield from guard.kept(what, unread_objects.unread_in_folders, of_yaml, files, agents)
        yield from guard.kept(what, unread_charts.missing_dependencies, files, agents)
        yield from guard.kept(what, unread_charts.missing_parts_of_helmfile, files, agents)
        yield from guard.kept(what, unread_charts.missing_charts_of_helmfile, files, agents)
    if of_helm.overlays is not None and of_helm.overlays.overlays:
        yield from guard.kept(what, unread_objects.unread_in_overlays, of_helm.overlays, agents)


def _implied(estate: Estate) -> tuple[BlindSpot, ...]:
    if not estate.has_execution_plane:
        return ()
    from astrovet.readers.blind_spots import implied

    return tuple(implied(estate))


def _deployment_files(files: Sequence[SourceFile], budget: Budget) -> tuple[YamlFile, ...]:
    candidates = [file for file in files if may_be_deployment_file(file.data)]
    if not candidates:
        return ()
    from astrovet.readers.astro.deployment_files import deployment_files

    return deployment_files(candidates, budget)


def _may_be_plan(file: SourceFile) -> bool:
    """Sources are no plans: these are evaluated together, by their root modules."""
    if file.fault:
        return False
    if file.role is Role.PLAN:
        return True
    return not file.path.endswith(SOURCES) and (file.role is not Role.FOUND or may_be_terraform(file.data))


def _may_be_values(file: SourceFile) -> bool:
    """YAML by its name; by its content where the name does not tell, as for standard input."""
    if file.role is Role.VALUES or file.path.endswith(_YAML_ENDINGS):
        return True
    if begins_as_deployment_file(file.data) and not file.path.endswith(SOURCES):
        return True
    if file.path.endswith(".json") and not file.path.endswith(SOURCES):
        return may_be_manifest(file.data) and not may_be_terraform(file.data)
    if is_kustomization(file.path):
        return True
    if file.role is not Role.NAMED or file.path.endswith(_OTHER_ENDINGS):
        return False
    if may_be_deployment_file(file.data) and not may_be_terraform(file.data):
        return True
    if _MANIFEST.search(file.data) or (may_be_manifest(file.data) and not may_be_terraform(file.data)):
        return True
    from astrovet.helm.charts.recognition import may_matter

    if not may_matter(file.data):
        return False
    content = file.file.content.lstrip()
    return content != "" and not content.startswith(("{", "[")) and not is_printed(content)


def _not_given(of_helm: ValuesFacts, documents: frozenset[str], templates: frozenset[str]) -> tuple[Agent, ...]:
    """The agents without those of a values file that a release of the run is given: it is judged as that layer.

    A template is no values file as it stands, whatever it is called; what is filled into it makes it one.
    """
    given = {path for path, file in of_helm.contents.items() if file.content.strip() in documents} if documents else ()
    of_files = (agent for agent in of_helm.agents if agent.id not in templates)
    return tuple(agent for agent in of_files if agent.how or agent.id not in given)


def _paths_of(of_helm: ValuesFacts) -> dict[str, str]:
    """The files that hold values of agents, by what they hold; of several the first one."""
    return {file.content.strip(): path for path, file in reversed(of_helm.contents.items())}


def _with_manifests(files: Sequence[SourceFile], estate: Estate, of_helm: ValuesFacts) -> tuple[Estate, list[Input]]:
    """What Terraform declares inside clusters, and what manifests do; with the manifests that were judged."""
    agents = estate.of(Agent)
    if not files and not agents and not any(isinstance(subject, KubernetesObject) for subject in estate.objects):
        return estate, []
    from astrovet.readers.kubernetes.manifest_files import judged_files, with_manifests

    data = {file.path: file.data for file in files if file.role is not Role.BESIDE and not file.fault}
    named = [file.path for file in files if file.is_named]
    broken: list[Problem] = []
    yaml_files, overlays = of_helm.yaml_files, of_helm.overlays
    made = overlays.made() if overlays is not None else {}
    parts = overlays.parts if overlays is not None else frozenset()
    named += [path for path, overlay in made.items() if not overlay.parts.isdisjoint(named)]
    read_from = {path: content for path, content in data.items() if path not in parts}
    read_from.update((path, overlay.data) for path, overlay in made.items() if not overlay.parts.isdisjoint(data))

    def read(path: str) -> Sequence[Document]:
        if path in made:
            return made[path].documents()
        if not yaml_files[path].documents:
            broken.extend(problem for problem in yaml_files[path].problems if problem.kind is ProblemKind.UNREADABLE)
        return yaml_files[path].documents

    estate = with_manifests(estate, agents, read_from, named, read, broken.append)
    judged = [yaml_files[path] for path in sorted(judged_files(estate) & data.keys())]
    inputs = [
        Input(yaml_file.path, InputKind.KUBERNETES, yaml_file.problems, yaml_file.file.is_named) for yaml_file in judged
    ]
    return estate, [*inputs, *(Input(bug.place.path, InputKind.KUBERNETES, (bug,)) for bug in broken)]


def _with_bugs(inputs: Sequence[Input], manifests: Sequence[Input]) -> list[Input]:
    """The inputs with what is wrong of ours in the same files, seen as manifests."""
    bugs: dict[str, list[Problem]] = {}
    for manifest in manifests:
        bugs.setdefault(manifest.path, []).extend(problem for problem in manifest.problems if problem.is_bug)
    return [replace(file, problems=(*file.problems, *bugs.get(file.path, ()))) for file in inputs]


def _with_refusals(inputs: Sequence[Input], agents: Sequence[Agent]) -> list[Input]:
    """The inputs with the assignments in them that Helm refuses: nothing is installed with these."""
    refused: dict[str, list[Problem]] = {}
    paths = {file.path for file in inputs}
    for agent in agents:
        unread = agent.unread
        if unread is not None and unread.why.startswith(REFUSED):
            # A flag stands in no file: it is told of the last one that it goes over.
            path = unread.place.path if unread.place.path in paths else agent.id.rpartition(" + ")[2]
            problem = Problem(ProblemKind.WRONG_TYPE, unread.why, "correct the assignment", unread.place)
            refused.setdefault(path, []).append(problem)
    return [
        replace(file, problems=(*file.problems, *dict.fromkeys(refused.get(file.path, ())))) if refused else file
        for file in inputs
    ]


def _notes(inputs: Sequence[Input], agents: Sequence[Agent]) -> list[str]:
    notes: list[str] = []
    for file in inputs:
        notes.extend(
            f"{file.path}: {problem.why}; {problem.how}"
            for problem in file.problems
            if problem.kind is ProblemKind.REMARK
        )
    notes.extend(
        f"{agent.id}: judged as Helm renders it; its values tell more (helm get values RELEASE -n NAMESPACE -o yaml)"
        for agent in agents
        if agent.is_rendered
    )
    return notes
