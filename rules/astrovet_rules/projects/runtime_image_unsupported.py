"""The image of an Astro project must come from a fixed version of Astro Runtime that is maintained.

## Why

A Runtime out of maintenance gets no fixes for vulnerabilities any more, and every deployment that is built from this
project runs it. A tag that leaves the version open is another image with the next build: nobody can tell afterwards
what was tested, and what ran.

## Fix

Before:

    FROM quay.io/astronomer/astro-runtime:11.3.0

After:

    FROM astrocrpublic.azurecr.io/runtime:3.1-5

## Not reported

Images of others, images by their digest, and Runtimes of which no end is published in a form that astrovet can rely
on: the dates are those of Runtime 3 to 11, and of agents. An argument of the build is followed to its default.
`min-runtime` is declared of deployments, and no file tells yet which of them runs this image.
"""

import re

from astrovet import Absent, AstroProject, Context, Known, Place, Severity, Unknown, Verdicts, fail, rule, undecided
from astrovet_rules.tables.images import AGENT, ImageReference, parse
from astrovet_rules.tables.versions import end_of_maintenance, end_of_runtime, number_of

RUNTIMES = ("/astro-runtime", "astrocrpublic.azurecr.io/runtime")
"""How the repositories of Astro Runtime end: before Airflow 3, and since."""

MAINTAINED = "take a version that is maintained"
FIXED = "write the whole version, such as 3.1-5"


@rule(
    "PRJ003",
    "runtime-image-unsupported",
    on=AstroProject,
    severity=Severity.HIGH,
    sources=("D:agent-maintenance-policy", "S000-16", "S000-38", "LIFECYCLE"),
    controls=("PCI DSS v4 6.3.3",),
)
def check(project: AstroProject, context: Context) -> Verdicts:
    for image in project.images:
        match image.base:
            case Known(name, place):
                yield from _judge(parse(name), place, context)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Absent():
                pass


def _judge(image: ImageReference, place: Place, context: Context) -> Verdicts:
    is_agent = image.repository.rpartition("/")[2] == AGENT
    if image.digest or not (is_agent or image.repository.endswith(RUNTIMES)):
        return
    tag = image.tag or ""
    if image.is_floating or re.fullmatch(r"\d+(\.\d+)?", tag):
        why = "the tag of its image leaves the version open: the next build may take another one"
        yield fail(place, why, remedy=FIXED, severity=Severity.MEDIUM, about="floating")
    end = end_of_runtime(tag)
    if end is not None and context.today >= end:
        message = f"it is built on Astro Runtime {number_of(tag)}, which gets no fixes any more since {end}"
        yield fail(place, message, remedy=MAINTAINED, about="maintenance")
    if is_agent and image.agent and (ended := end_of_maintenance(image.agent[:2])) and context.today >= ended:
        agent = ".".join(map(str, image.agent))
        message = f"it is built on the agent {agent}, which gets no fixes any more since {ended}"
        yield fail(place, message, remedy=MAINTAINED, about="agent")
