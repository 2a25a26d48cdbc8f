"""What Astro runs must be in the regions that are allowed for it.

## Why

A contract, a regulator or the law on personal data says where data may be. A region is chosen once and can
never be changed without building anew, and disaster recovery takes the data to a second region that is
easily forgotten.

## Fix

Choose an allowed region. A cluster or deployment in another one has to be made anew; changing `region` here
destroys it.

Before:

    resource "astro_cluster" "main" {
      region        = "eu-central-1"
      is_dr_enabled = true
      dr_region     = "us-east-1"
      ...
    }

After:

    resource "astro_cluster" "main" {
      region        = "eu-central-1"
      is_dr_enabled = true
      dr_region     = "eu-west-1"
      ...
    }

## Not reported

Scopes with neither `allowed-regions` nor `gdpr`. With `gdpr` and no list the regions of the EU and the EEA
pass, those of countries with a decision of the European Commission (Japan, the United Kingdom, Switzerland and some
more) are worth knowing only, and any other is a question of transfers and not yet a breach. A region that astrovet
does not know is undecided. An object store counts where a deployment with Remote Execution or an agent of the
same configuration refers to it; of an agent's secrets backend the `region_name` is judged.
"""

from collections.abc import Mapping

from astrovet import (
    Absent,
    Agent,
    Cluster,
    Context,
    Deployment,
    Known,
    ObjectStore,
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
from astrovet_rules.tables.regions import canonical, is_adequate, is_european, is_outside

REMEDY = "choose one of the regions of allowed-regions; changing `region` makes it anew"
REMEDY_GDPR = "choose a region of the EU or the EEA, or declare the ones that you may use as allowed-regions"

NOT_KNOWN = "gdpr is declared, and where this region lies is not in astrovet's table"
DECLARE = "declare the regions that you may use as allowed-regions"

WHAT: Mapping[str, str] = {
    "region": "the region",
    "dr_region": "the region for recovery",
    "region_name": "the region of the secrets backend",
}


@rule(
    "REQ016",
    "region-outside-policy",
    on=(Cluster, Deployment, ObjectStore, Agent),
    severity=Severity.HIGH,
    raised={"gdpr": Severity.HIGH},
    sources=("S003-45", "TF", "ADEQUACY"),
    controls=("GDPR Art. 44",),
)
def check(subject: Cluster | Deployment | ObjectStore | Agent, context: Context) -> Verdicts:
    allowed, under_gdpr = _declared(subject, context)
    if allowed is None and not under_gdpr:
        yield not_applicable("neither allowed-regions nor gdpr is declared for it")
        return
    match subject:
        case Cluster():
            yield from _cluster(subject, allowed)
        case Deployment():
            yield from _deployment(subject, allowed)
        case ObjectStore():
            yield from _region(subject.region, "region", allowed)
        case Agent():
            regions = [backend.text_argument("region_name") for backend in subject.secrets]
            for region in {given.place: given for given in regions if not isinstance(given, Absent)}.values():
                yield from _region(region, "region_name", allowed)


def _declared(
    subject: Cluster | Deployment | ObjectStore | Agent, context: Context
) -> tuple[frozenset[str] | None, bool]:
    """The list of regions, if there is one, and whether GDPR counts; of a store what all that refer to it ask for."""
    if not isinstance(subject, ObjectStore):
        return context.facts.allowed_regions, Requirement.GDPR in context.requires
    users: tuple[Deployment | Agent, ...] = (*context.estate.of(Deployment), *context.estate.of(Agent))
    scopes = [context.scopes.of(user) for user in users if user.place in subject.referrers]
    lists = [scope.facts.allowed_regions for scope in scopes if scope.facts.allowed_regions is not None]
    under_gdpr = any(Requirement.GDPR in scope.requires for scope in scopes)
    return (frozenset.intersection(*lists) if lists else None), under_gdpr


def _cluster(cluster: Cluster, allowed: frozenset[str] | None) -> Verdicts:
    yield from _region(cluster.region, "region", allowed)
    match cluster.disaster_recovery, cluster.dr_region:
        case (Known(False) | Absent(), _) | (_, Absent()):
            pass
        case Unknown() as unknown, Known():
            if list(_region(cluster.dr_region, "dr_region", allowed)):
                yield undecided(unknown, about="dr_region")
        case (Known() | Unknown(), _):
            yield from _region(cluster.dr_region, "dr_region", allowed)


def _deployment(deployment: Deployment, allowed: frozenset[str] | None) -> Verdicts:
    match deployment.cluster.to:
        case Absent():
            yield from _region(deployment.region, "region", allowed)
        case Unknown() as unknown if not deployment.cluster.candidates:
            if isinstance(deployment.region, Known):
                yield from _region(deployment.region, "region", allowed)
            else:
                yield undecided(unknown)
        case Known() | Unknown():
            yield not_applicable("it is where its cluster is, which is judged")


def _region(region: Value[str], about: str, allowed: frozenset[str] | None) -> Verdicts:
    match region:
        case Known(name, place) if allowed is not None:
            if canonical(name) not in map(canonical, allowed):
                yield fail(place, f"{WHAT[about]} is not one of allowed-regions", remedy=REMEDY, about=about)
        case Known(name, place) if is_adequate(name):
            message = f"gdpr is declared, and {WHAT[about]} is outside the EU, in a country with adequate law"
            yield fail(place, message, remedy=REMEDY_GDPR, about=about, severity=Severity.INFO)
        case Known(name, place) if is_outside(name):
            message = (
                f"gdpr is declared, and {WHAT[about]} is outside the EU and the EEA: see that transfers are allowed"
            )
            yield fail(place, message, remedy=REMEDY_GDPR, about=about, severity=Severity.MEDIUM, is_raised=False)
        case Known(name, place) if not is_european(name):
            yield undecided(Unknown(NOT_KNOWN, place, how=DECLARE), about)
        case Known():
            pass
        case Absent(place):
            yield undecided(
                Unknown("no region is written, so the cloud's or the provider's default counts", place), about
            )
        case Unknown() as unknown:
            yield undecided(unknown, about)
