"""Objects that something puts into the agents' clusters and of which the inputs do not show what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from astrovet.helm.kustomize.trees import word
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.kubernetes import ExposedService, NetworkPolicy, PodTemplate, Route
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.kubernetes.agent_pods import agent_pods
from astrovet.readers.kubernetes.manifests import unread_manifests

if TYPE_CHECKING:
    from astrovet.readers.agent.overlays import Overlay, Overlays
    from astrovet.terraform.plan.resources import Terraform


OF_OBJECTS: tuple[type[Subject], ...] = (ExposedService, Route, NetworkPolicy, PodTemplate)
"""What an object of Kubernetes may be, of that which matters to agents."""


def unread_in_terraform(plans: Iterable[Terraform]) -> Iterator[BlindSpot]:
    """One for each block whose objects are not known."""
    told: set[str] = set()
    for terraform in plans:
        for resource, unknown in unread_manifests(terraform):
            if resource.block not in told:
                told.add(resource.block)
                yield _spot(
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
            yield _spot(
                f"parts of {overlay.path}",
                f"not all objects that {overlay.path} makes are at hand: {built.missing.why}",
                built.missing.how or "scan what `kustomize build` makes",
                built.missing.place,
            )


def _makes_agents(overlay: Overlay, agents: Sequence[Agent]) -> bool:
    return any(agent.id.startswith(f"{overlay.path}#") for agent in agents)


def _spot(identity: str, what: str, how: str, place: Place) -> BlindSpot:
    return BlindSpot(id=identity, what=what, how=how, place=place, decides=OF_OBJECTS)
