"""A deployment must run an Astro Runtime that is maintained, that Remote Execution can use, and that you allow.

## Why

Remote Execution exists for Airflow 3 only: a deployment on an older Astro Runtime cannot hand tasks to agents.
A Runtime out of maintenance gets no fixes for vulnerabilities any more. The version with which a deployment is
created cannot be changed in Terraform afterwards, so a mistake stays.

## Fix

Before:

    original_astro_runtime_version = "13.2.0"

After:

    original_astro_runtime_version = "3.1-4"

Without the argument Astro takes the newest. A deployment that exists is upgraded by deploying an image with
a newer Runtime; since Airflow 3 its versions begin as Airflow's do.

## Not reported

Runtimes of which no end is published in a form that astrovet can rely on: the dates are those of Runtime 3 to 11.
Sources do not show whether a deployment was upgraded since it was created: whether it is too old for Remote Execution
is undecided then. An end of maintenance and `min-runtime` are judged by the version that is written.
"""

from astrovet import (
    Absent,
    Context,
    Deployment,
    DeploymentModel,
    Known,
    Place,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.tables.versions import end_of_runtime, is_before_airflow_3, is_older, number_of

MAINTAINED = "deploy an image with a Runtime that is maintained, and write that version here where it is made anew"
REMEDY = "create it with a Runtime of Airflow 3, or upgrade it, before its tasks go to agents"


@rule(
    "AST021",
    "runtime-unsupported",
    on=Deployment,
    severity=Severity.HIGH,
    sources=("D:remote-execution-overview", "S000-16", "S000-38", "LIFECYCLE"),
    controls=("PCI DSS v4 6.3.3",),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    outcomes = [*_age(deployment, context), *_for_remote_execution(deployment)]
    if not outcomes and not context.facts.min_runtime and not _has_known_end(deployment):
        outcomes = [not_applicable("until when this Runtime is maintained is not known here, and none is declared")]
    yield from outcomes


def _has_known_end(deployment: Deployment) -> bool:
    """Whether something is judged: the model asks for certain Runtimes, or the end of its Runtime is published."""
    known = [value for value in (deployment.runtime, deployment.first_runtime) if isinstance(value, Known)]
    is_remote = isinstance(deployment.model, Known) and deployment.model.value is DeploymentModel.REMOTE_EXECUTION
    return is_remote or any(end_of_runtime(version.value) for version in known)


def _for_remote_execution(deployment: Deployment) -> Verdicts:
    match deployment.model:
        case Known(DeploymentModel.REMOTE_EXECUTION):
            yield from _judge(deployment)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


def _age(deployment: Deployment, context: Context) -> Verdicts:
    """Whether the version that is known best is maintained, and new enough for what is declared."""
    runs = deployment.runtime
    version = runs if isinstance(runs, Known) else deployment.first_runtime
    least = context.facts.min_runtime
    match version:
        case Known(text, place):
            verb = "it runs" if isinstance(runs, Known) else "it is created with"
            end, is_older_than_allowed = end_of_runtime(text), is_older(text, least) if least else False
            if end is not None and context.today >= end:
                message = f"{verb} Astro Runtime {number_of(text)}, which gets no fixes any more since {end}"
                yield fail(place, message, remedy=MAINTAINED, about="maintenance")
            if is_older_than_allowed:
                message = (
                    f"{verb} Astro Runtime {number_of(text)}, and {least} is the oldest that is allowed (min-runtime)"
                )
                yield fail(place, message, remedy=f"use Astro Runtime {least} or newer", about="min-runtime")
            elif is_older_than_allowed is None:
                why = f"whether it is as new as {least} (min-runtime) cannot be told from this version"
                yield undecided(Unknown(why, place), "min-runtime")
        case Unknown() as unknown if least:
            yield undecided(unknown, "min-runtime")
        case Unknown() | Absent():
            pass


def _judge(deployment: Deployment) -> Verdicts:
    match deployment.runtime:
        case Known(version, place):
            yield from _version(version, place)
        case Unknown():
            yield from _upgraded(deployment.first_runtime)
        case Absent():
            pass  # the newest is taken


def _upgraded(first: Value[str]) -> Verdicts:
    """Judge by the version that a deployment was created with: a newer one may run by now, never an older one."""
    match first:
        case Known(version, place) if is_before_airflow_3(version) is not False:
            how = "which Runtime it runs shows in a plan or its state"
            yield undecided(Unknown("it may have been upgraded since it was created", place, how=how))
        case Unknown():
            yield undecided(first)
        case Known() | Absent():
            pass


def _version(version: str, place: Place) -> Verdicts:
    match is_before_airflow_3(version):
        case True:
            yield fail(place, "its Astro Runtime is older than Airflow 3, which Remote Execution needs", remedy=REMEDY)
        case None:
            yield undecided(Unknown("this is no version of Astro Runtime that astrovet can read", place))
        case False:
            pass
