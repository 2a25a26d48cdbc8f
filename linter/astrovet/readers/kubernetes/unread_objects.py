"""Objects that something puts into the agents' clusters and of which the inputs do not show what they are."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from astrovet.helm.api_groups import ARGO, FLUX_FOLDERS
from astrovet.helm.kustomize.trees import word
from astrovet.helm.wrappers.named_files import in_repository
from astrovet.helm.wrappers.objects import is_kind, kubernetes_objects
from astrovet.helm.wrappers.placeholders import is_filled_in
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.kubernetes import BESIDE_AGENTS
from astrovet.place import Place
from astrovet.readers.kubernetes.agent_pods import agent_pods
from astrovet.readers.kubernetes.manifests import unread_manifests
from astrovet.value import Absent, Known, Tree, Value, at, listed

if TYPE_CHECKING:
    from astrovet.readers.agent.overlays import Overlay, Overlays
    from astrovet.readers.source_file import SourceFile
    from astrovet.readers.yaml_files import YamlFile
    from astrovet.terraform.plan.resources import Terraform


def unread_in_terraform(plans: Iterable[Terraform]) -> Iterator[BlindSpot]:
    """One for each block whose objects are not known."""
    told: set[str] = set()
    for terraform in plans:
        for resource, unknown in unread_manifests(terraform):
            if resource.block not in told:
                told.add(resource.block)
                yield spot_of_objects(
                    f"objects of {resource.block}",
                    f"which Kubernetes objects {resource.block} makes cannot be told: {unknown.why}",
                    unknown.how or "scan the plan, or the manifests that it takes",
                    resource.place,
                )


def unread_in_overlays(overlays: Overlays, agents: Sequence[Agent]) -> Iterator[BlindSpot]:
    """One for each overlay that makes agents, or stands in their namespace, and of which a part is not at hand."""
    namespaces = agent_pods(agents, ()).namespaces
    for overlay in overlays.overlays:
        if not (_makes_agents(overlay, agents) or overlays.speaks_of(overlay, namespaces)):
            continue
        built = overlays.built(overlay)
        if built.missing is None:
            continue
        inside = {word(resource.root, "metadata", "namespace") for resource in built.resources}
        if _makes_agents(overlay, agents) or inside & namespaces or overlays.namespace_of(overlay) in namespaces:
            yield spot_of_objects(
                f"parts of {overlay.path}",
                f"not all objects that {overlay.path} makes are at hand: {built.missing.why}",
                built.missing.how or "scan what `kustomize build` makes",
                built.missing.place,
            )


def unread_in_folders(
    files: Iterable[SourceFile], yaml_files: Mapping[str, YamlFile], agents: Sequence[Agent]
) -> Iterator[BlindSpot]:
    """One for each object of Argo CD or Flux that puts a folder into the agents' namespace which is not at hand."""
    namespaces = agent_pods(agents, ()).namespaces
    for file in files:
        if file.is_named or not any(group.encode() in file.data for group in (ARGO, FLUX_FOLDERS)):
            continue
        for root in kubernetes_objects(yaml_files[file.path].documents):
            for what, place in _folders(file.path, root, namespaces, yaml_files):
                yield spot_of_objects(
                    f"folders of {file.path}",
                    f"{what}, so what it puts into the agents' namespace cannot be told",
                    "scan what it makes too, as `kustomize build` or `helm template` prints it",
                    place,
                )


def _folders(
    path: str, root: Value[Tree], namespaces: Collection[str], files: Mapping[str, YamlFile]
) -> Iterator[tuple[str, Place]]:
    if is_kind(root, ARGO, "Application") and word(root, "spec", "destination", "namespace") in namespaces:
        for source in (*listed(at(root, "spec", "sources")), at(root, "spec", "source")):
            plugin = at(source, "plugin")
            if not isinstance(source, Known):
                continue
            if not isinstance(plugin, Absent):
                yield "a plug-in of Argo CD makes the objects of a source", plugin.place
            elif not _is_at_hand(path, word(source, "path"), files):
                yield "the folder of a source is not in these inputs", at(source, "path").place
    elif is_kind(root, FLUX_FOLDERS, "Kustomization") and word(root, "spec", "targetNamespace") in namespaces:
        folder = at(root, "spec", "path")
        if not _is_at_hand(path, word(folder), files):
            yield "the folder of a Kustomization of Flux is not in these inputs", folder.place


def _is_at_hand(path: str, name: str, files: Mapping[str, YamlFile]) -> bool:
    """Whether a folder, named from the root of the repository, is among the inputs; true where its name tells none."""
    folder = posixpath.normpath(name.lstrip("/")) if name else "."
    if folder == "." or is_filled_in(name) or "${" in name:
        return True
    starts = tuple(f"{candidate}/" for candidate in in_repository(path, folder))
    return any(file.startswith(starts) for file in files)


def _makes_agents(overlay: Overlay, agents: Sequence[Agent]) -> bool:
    return any(agent.id.startswith(f"{overlay.path}#") for agent in agents)


def spot_of_objects(identity: str, what: str, how: str, place: Place) -> BlindSpot:
    """The blind spot for objects that nobody can tell."""
    return BlindSpot(id=identity, what=what, how=how, place=place, decides=BESIDE_AGENTS)
