"""A deployment for production or under DORA must stand a failure, and must not sleep.

## Why

Astro promises nothing for the availability of development deployments, and may put them to sleep. Without high
availability the loss of one availability zone stops the scheduler, and with it every task. Whoever has to keep
an important function running cannot show that with such settings.

## Fix

Before:

    resource "astro_deployment" "payments" {
      is_development_mode  = true
      is_high_availability = false
    }

After:

    resource "astro_deployment" "payments" {
      is_development_mode  = false
      is_high_availability = true
    }

Leaving the development mode is done in place; going back replaces the deployment. Remove `hibernation_spec`
with it, for only development deployments hibernate.

## Not reported

HYBRID deployments, which have none of these settings, and deployments of which neither `dora` is required nor
`environment: production` declared.
"""

from astrovet import (
    PRODUCTION,
    Absent,
    Context,
    Deployment,
    DeploymentModel,
    Known,
    Note,
    Requirement,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "set is_development_mode = false and is_high_availability = true, and remove the hibernation_spec"
REDUNDANT = "set is_high_availability = true"


@rule(
    "AST013",
    "production-not-resilient",
    on=Deployment,
    severity=Severity.HIGH,
    raised={"dora": Severity.HIGH},
    sources=("TF", "S000-17", "S000-23"),
    controls=("DORA Art. 11 and 12",),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    if Requirement.DORA not in context.requires and context.facts.environment != PRODUCTION:
        yield not_applicable("it is declared neither as production nor to be under DORA")
        return
    match deployment.model:
        case Known(DeploymentModel.HYBRID):
            yield not_applicable("HYBRID deployments have none of these settings")
            return
        case Known() | Unknown() | Absent():
            pass
    sleeps, develops = deployment.hibernates, deployment.is_development
    available = deployment.is_highly_available
    notes = tuple(Note("it sleeps", setting.place) for setting in (sleeps,) if _is(setting, True))
    if _is(develops, True):
        yield fail(develops.place, "it is a development deployment", remedy=REMEDY, related=notes)
    elif _is(sleeps, True):
        yield fail(sleeps.place, "it is put to sleep", remedy=REMEDY)
    elif _is(available, False):
        message = "it is not highly available"
        yield fail(
            available.place, message, remedy=REDUNDANT, severity=Severity.MEDIUM, about="availability", is_raised=False
        )
    if not _is(develops, True) and not _is(sleeps, True):
        yield from (undecided(setting) for setting in (develops, sleeps, available) if isinstance(setting, Unknown))


def _is(value: Value[bool], wanted: bool) -> bool:
    match value:
        case Known(flag):
            return flag is wanted
        case Unknown() | Absent():
            return False
