"""Remote Execution needs an Astro Runtime of Airflow 3.

## Why

Remote Execution exists for Airflow 3 only: a deployment on an older Astro Runtime cannot hand tasks to agents.
The version with which a deployment is created cannot be changed in Terraform afterwards, so a mistake stays.

## Fix

Before:

    original_astro_runtime_version = "13.2.0"

After:

    original_astro_runtime_version = "3.1-4"

Without the argument Astro takes the newest. A deployment that exists is upgraded by deploying an image with
a newer Runtime; since Airflow 3 its versions begin as Airflow's do.

## Not reported

Deployments without Remote Execution: when support of a Runtime ends is not published in a form that astrovet
could rely on. Sources do not show whether a deployment was upgraded since it was created: undecided.
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
from astrovet_rules.tables.versions import is_before_airflow_3

REMEDY = "create it with a Runtime of Airflow 3, or upgrade it, before its tasks go to agents"


@rule(
    "AST021",
    "runtime-unsupported",
    on=Deployment,
    severity=Severity.HIGH,
    sources=("D:remote-execution-overview", "S000-16", "S000-38"),
    controls=("PCI DSS v4 6.3.3",),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    match deployment.model:
        case Known(DeploymentModel.REMOTE_EXECUTION):
            yield from _judge(deployment)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            yield not_applicable("its tasks do not run in Remote Execution")


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
