"""The plan must have what is deployed and required.

## Why

Dedicated clusters are sold from the plan Business up, Remote Execution with Enterprise, and recovery in another
region, which DORA asks for, with Enterprise Business Critical. Agreements for PHI and card data are for these
plans too. A deployment that the plan does not cover is refused, or billed, or runs without the promise that
somebody relies on.

## Fix

Ask Astronomer for the plan, or choose a model that the plan has; `astrovet advise` says which do:

    astrovet advise --require hipaa --plan-tier business

Where the plan is another one than declared, correct the declaration:

    plan-tier: enterprise

## Not reported

Private clouds, which are sold by a contract of their own. Business Critical counts as above Enterprise. Whether
`enterprise` includes cross-region recovery is undecided: declare `enterprise-business-critical` where it does.
"""

from collections.abc import Iterable

from astrovet import (
    LEAST_TIER,
    TITLES,
    Absent,
    Agent,
    Cluster,
    Context,
    Deployment,
    DeploymentModel,
    Known,
    Obligation,
    Platform,
    Requirement,
    Severity,
    Tier,
    Unknown,
    Value,
    Verdicts,
    fail,
    may_be,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "ask Astronomer for the plan {least} or above, or choose a model that the plan has"


@rule(
    "REQ015",
    "plan-tier-mismatch",
    on=Obligation,
    severity=Severity.HIGH,
    sources=("S003-12", "S003-13", "S003-14", "C-04", "C-07", "D:remote-execution-overview", "D:disaster-recovery"),
)
def check(obligation: Obligation, context: Context) -> Verdicts:
    place, plan = obligation.at("plan-tier"), context.facts.plan_tier
    match obligation.model:
        case Known(DeploymentModel.PRIVATE_CLOUD):
            yield not_applicable("a private cloud is sold by a contract of its own")
        case Known(DeploymentModel.HYBRID, where):
            yield undecided(Unknown("the sources leave Hybrid deployments out, so their plans are not known", where))
        case Known(DeploymentModel.STANDARD):
            pass  # every plan has it
        case Known() if not plan:
            yield undecided(Unknown("which plan the organization has is not declared: set `plan-tier`", place))
        case Known(model):
            yield from _weighed(model, Tier(plan), obligation, context)
        case Unknown() as unknown if not plan or Tier(plan).rank < Tier.ENTERPRISE.rank:
            yield undecided(unknown)
        case Unknown() | Absent():
            pass


def _weighed(model: DeploymentModel, tier: Tier, obligation: Obligation, context: Context) -> Verdicts:
    place = obligation.at("plan-tier")
    least, tags = LEAST_TIER[model]
    standby = _standby(obligation)
    recovery = Requirement.DORA in context.requires or (isinstance(standby, Known) and standby.value)
    if tier.rank < least.rank:
        asking = {Requirement.HIPAA: "S003-12", Requirement.PCI: "S003-13"}
        under = [name for name in asking if name in context.requires]
        also = f", as for {' and '.join(f'{name} ({asking[name]})' for name in under)}" if under else ""
        message = f"{TITLES[model]} needs the plan {least} or above ({', '.join(tags)}){also}; declared is {tier}"
        yield fail(place, message, remedy=REMEDY.format(least=least), about="model", under=under)
    elif recovery and tier is Tier.ENTERPRISE:
        why = "recovery in another region needs Enterprise Business Critical, and `enterprise` may or may not be that"
        yield undecided(Unknown(why, place), about="recovery")
    elif recovery and tier.rank < Tier.ENTERPRISE.rank:
        least = Tier.ENTERPRISE_BUSINESS_CRITICAL
        message = f"recovery in another region needs the plan {least} (C-04, by the documentation); declared is {tier}"
        under = [Requirement.DORA] if Requirement.DORA in context.requires else []
        remedy = REMEDY.format(least=least)
        yield fail(place, message, remedy=remedy, severity=Severity.MEDIUM, about="recovery", under=under)
    elif isinstance(standby, Unknown) and tier.rank < Tier.ENTERPRISE_BUSINESS_CRITICAL.rank:
        yield undecided(standby, about="recovery")


def _standby(obligation: Obligation) -> Value[bool]:
    """Whether the deployment's cluster has a standby in another region."""
    match obligation.bound:
        case Deployment(cluster=link):
            match link.to:
                case Known(cluster):
                    return cluster.disaster_recovery
                case Unknown() as unknown if not link.id or _may_recover(link.candidates):
                    return unknown
                case Unknown(_, place) | Absent(place):
                    return Absent(place)
        case Agent() | Platform():
            return Absent(obligation.place)


def _may_recover(clusters: Iterable[Cluster]) -> bool:
    return any(may_be(cluster.disaster_recovery) for cluster in clusters)
