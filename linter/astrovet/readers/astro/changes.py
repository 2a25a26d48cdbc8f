"""What a plan changes of the objects of Astro, and what was changed outside Terraform."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from astrovet.model.change import Change, Drift, Effect, ObjectType, Posture
from astrovet.place import inside
from astrovet.readers.astro.variables import environment
from astrovet.readers.settings import texts
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Action, Alteration
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, listed, text

_TYPES = frozenset(ObjectType)
_EFFECTS = {Action.UPDATE: Effect.UPDATE, Action.REPLACE: Effect.REPLACE, Action.DELETE: Effect.DESTROY}


def read_changes(terraform: Terraform) -> Iterator[Change]:
    """The objects that a plan updates, replaces or destroys."""
    for alteration in terraform.alterations:
        if alteration.resource.type in _TYPES:
            kind, resource, before = ObjectType(alteration.resource.type), alteration.resource, alteration.before
            yield Change(
                id=resource.address,
                block=resource.block,
                place=resource.place,
                name=_name(alteration),
                type=kind,
                effect=_EFFECTS[resource.action],
                reason=alteration.reason,
                replaced_for=alteration.replaced_for,
                cause=inside(resource.place, alteration.replaced_for[0]) if alteration.replaced_for else resource.place,
                cluster_id=_cluster_id(alteration, kind),
                before=_posture(before.computed),
                after=_posture(resource.attribute),
            )


def read_drift(terraform: Terraform) -> Iterator[Drift]:
    """The objects that were changed outside Terraform, and that are still there."""
    for alteration in terraform.drift:
        if alteration.resource.type in _TYPES and alteration.resource.action is Action.UPDATE:
            kind, resource = ObjectType(alteration.resource.type), alteration.resource
            yield Drift(
                id=resource.address,
                block=resource.block,
                place=resource.place,
                name=_name(alteration),
                type=kind,
                cluster_id=_cluster_id(alteration, kind),
                before=_posture(alteration.before.computed),
                after=_posture(resource.computed),
            )


def _name(alteration: Alteration) -> Value[str]:
    """The name that it has so far: the configuration's declarations are about that."""
    return text(alteration.before.computed("name"))


def _cluster_id(alteration: Alteration, kind: ObjectType) -> Value[str]:
    return text(alteration.before.computed("id" if kind is ObjectType.CLUSTER else "cluster_id"))


def _posture(attribute: Callable[[str], Value[Tree]]) -> Posture:
    own, remote = attribute("ip_address_ranges"), attribute("remote_execution")
    return Posture(
        environment=environment(attribute("environment_variables")),
        enforces_cicd=boolean(attribute("is_cicd_enforced")),
        admitted=texts(at(remote, "allowed_ip_address_ranges") if isinstance(own, Absent) else own),
        disaster_recovery=boolean(attribute("is_dr_enabled")),
        is_failed_over=boolean(attribute("is_failed_over")),
        roles=_roles(attribute("roles")),
        is_secret=boolean(attribute("is_secret")),
    )


def _roles(value: Value[Tree]) -> Value[tuple[Value[str], ...]]:
    match value:
        case Known(_, place):
            return Known(tuple(text(at(role, "role")) for role in listed(value)), place)
        case Unknown() | Absent():
            return value
