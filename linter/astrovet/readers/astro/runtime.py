"""How a deployment is run: whether it sleeps, and on which Astro Runtime."""

from __future__ import annotations

from astrovet.readers.settings import any_of
from astrovet.terraform.resource import Action, Resource
from astrovet.value import Absent, Known, Unknown, Value, at, boolean, listed, text


def hibernates(deployment: Resource) -> Value[bool]:
    """Whether a schedule or an override puts it to sleep."""
    spec = deployment.attribute("scaling_spec", "hibernation_spec")
    match spec:
        case Known(_, place):
            switches = [boolean(at(schedule, "is_enabled")) for schedule in listed(at(spec, "schedules"))]
            return any_of((*switches, boolean(at(spec, "override", "is_hibernating"))), place)
        case Unknown() | Absent():
            return spec


def runtime(deployment: Resource, before: Resource | None) -> Value[str]:
    """The version that it runs; of one that is yet to be created, the version that its author asks for.

    `before` is the deployment as it is, where a plan changes it.
    """
    running = text(deployment.computed("astro_runtime_version"))
    if isinstance(running, Known):
        return running
    if deployment.action in {Action.CREATE, Action.REPLACE}:
        return text(deployment.attribute("original_astro_runtime_version"))
    if before is not None:
        return text(before.computed("astro_runtime_version"))
    return running
