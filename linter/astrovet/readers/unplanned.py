"""Blocks that stand in the sources of a plan, and that the plan was made without: it is older than they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import AgentToken, ApiToken, Cluster, Deployment, Workspace
from astrovet.model.identity import CloudIdentity
from astrovet.model.kubernetes import BESIDE_AGENTS
from astrovet.model.link import several
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.storage import ObjectStore
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.blind_spots import OF_TERRAFORM
from astrovet.terraform.address import block_address
from astrovet.terraform.plan.behind import Candidate
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.plan.shapes import ConfiguredModule
from astrovet.terraform.source.declared import Declared, Folder
from astrovet.terraform.source.project import Project
from astrovet.terraform.source.root_modules import called_folder

HOLD: Mapping[str, tuple[type[Subject], ...]] = {
    "astro_": (Deployment, Cluster, Workspace, ApiToken, AgentToken),
    "helm_release": (Agent,),
    "kubernetes_": BESIDE_AGENTS,
    "kubectl_": BESIDE_AGENTS,
    **dict.fromkeys(("aws_eks_", "google_container_", "azurerm_kubernetes_"), (KubernetesCluster,)),
    **dict.fromkeys(
        (
            "aws_security_group",
            "aws_vpc_security_group_ingress",
            "google_compute_firewall",
            "azurerm_network_security_",
        ),
        (InboundPath,),
    ),
    **dict.fromkeys(("aws_s3_", "google_storage_", "azurerm_storage_"), (ObjectStore,)),
    **dict.fromkeys(("aws_iam_", "google_service_account", "google_project_iam", "azurerm_role_"), (CloudIdentity,)),
}
"""What a block may make, by how its type begins."""

_HEADER = re.compile(r'^[ \t]*(?:resource|module)[ \t]+"([^"\n]+)"(?:[ \t]+"([^"\n]+)")?', re.MULTILINE)


def unplanned(plans: Iterable[tuple[Terraform, Candidate]], deployments: Sequence[Deployment]) -> Iterator[BlindSpot]:
    """One for each folder of sources; a block that one of its plans or states has is planned."""
    of_folder: dict[str, tuple[Candidate, list[Terraform]]] = {}
    for plan, candidate in plans:
        of_folder.setdefault(candidate.folder, (candidate, []))[1].append(plan)
    for folder, (candidate, made) in of_folder.items():
        new = dict(_new_blocks(candidate, made))
        if new:
            paths = {plan.path for plan in made}
            yield BlindSpot(
                id=f"blocks after {made[0].path}",
                what=f"{several(tuple(plan.path for plan in made))} was made without {several(tuple(new))},"
                f" which the sources in {folder} declare",
                how="make the plan again",
                place=next(iter(new.values()))[0],
                decides=tuple(dict.fromkeys(kind for _, kinds in new.values() for kind in kinds)),
                concerns=tuple(deployment for deployment in deployments if deployment.place.path in paths),
            )


def kinds_of(kind: str) -> tuple[type[Subject], ...]:
    """What a block of a type may make."""
    return next((kinds for start, kinds in HOLD.items() if kind.startswith(start)), ())


def are_its_sources(folder: Folder, planned: Collection[str]) -> bool:
    """Whether most of what plans make outside of modules stands in a folder: a name or two are alike by chance."""
    here = {block_address("", *key) for key in folder.resources}
    outside = {block for block in planned if not block.startswith("module.")}
    return len(here & outside) * 2 >= len(outside)


def may_be_newer(plan: Terraform, candidate: Candidate) -> bool:
    """Whether a file names a block that is nowhere in a plan: only then it is worth a scan."""
    planned = {(resource.type, resource.name) for resource in plan.resources} | {
        label for module in _modules(plan) for label in _labels(module)
    }
    return any(path.endswith(".json") for path in candidate.files) or any(
        (first, second) not in planned
        for file in candidate.files.values()
        for first, second in _HEADER.findall(file.content)
    )


def _modules(plan: Terraform) -> Iterator[ConfiguredModule]:
    pending = [plan.configuration.root_module] if plan.configuration is not None else []
    while pending:
        module = pending.pop()
        yield module
        pending.extend(call.module for call in module.module_calls.values())


def _labels(module: ConfiguredModule) -> Iterator[tuple[str, str]]:
    yield from ((kind, name) for _, kind, name in module.blocks)
    yield from ((name, "") for name in module.module_calls)


def _new_blocks(
    candidate: Candidate, plans: Sequence[Terraform]
) -> Iterator[tuple[str, tuple[Place, tuple[type[Subject], ...]]]]:
    """The addresses of blocks that no plan has, each with its place and what it may make."""
    project = Project(dict(candidate.files))
    planned = {resource.block for plan in plans for resource in plan.resources}
    settled = tuple(plan.configuration.root_module for plan in plans if plan.configuration is not None)
    root = "" if candidate.folder == "." else candidate.folder
    pending = [(root, "", settled)] if are_its_sources(project.folder(root), planned) else []
    seen: set[tuple[str, str]] = set()
    while pending:
        path, prefix, modules = pending.pop()
        if (path, prefix) in seen or prefix.count("module.") > len(project.folders):
            continue
        seen.add((path, prefix))
        folder = project.folder(path)
        for (mode, kind, name), declared in folder.resources.items():
            kinds = kinds_of(kind)
            address = f"{prefix}{kind}.{name}"
            is_planned = address in planned or any((mode, kind, name) in module.blocks for module in modules)
            if mode == "managed" and kinds and not is_planned and not (not modules and _may_be_none(declared)):
                yield address, (declared.header, kinds)
        for name, declared in folder.calls.items():
            inner = tuple(module.module_calls[name].module for module in modules if name in module.module_calls)
            address = f"{prefix}module.{name}"
            if modules and not inner:
                yield address, (declared.header, OF_TERRAFORM)
                continue
            target = called_folder(path, declared)
            is_made = any(block.startswith(f"{address}.") for block in planned)
            if target is not None and (inner or is_made):
                pending.append((target, f"{address}.", inner))


def _may_be_none(declared: Declared) -> bool:
    """Whether a block may make nothing, so that a state need not have it."""
    return declared.attribute("count") is not None or declared.attribute("for_each") is not None
