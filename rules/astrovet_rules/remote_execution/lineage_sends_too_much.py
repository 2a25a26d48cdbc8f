"""Lineage events must not carry values of variables or code of protected tasks, nor go to parties nobody answers for.

## Why

Lineage events leave the agent for Astro Observe, or for whoever `openLineage.url` names. The value of every
variable in `facetsEnvironmentVariables`, or in OPENLINEAGE__FACETS__ENVIRONMENT_VARIABLES, goes with each of
them, passwords too. By default events also hold the source code of Python and Bash tasks, with the queries and
identifiers in it.

## Fix

Name only the four ids that Astro needs, and keep the code at home.

Before:

    openLineage:
      facetsEnvironmentVariables: [ASTRO_DEPLOYMENT_ID, WAREHOUSE_PASSWORD]

After:

    openLineage:
      facetsEnvironmentVariables:
        [ASTRO_ORGANIZATION_ID, ASTRO_WORKSPACE_ID, ASTRO_DEPLOYMENT_ID, ASTRO_DEPLOYMENT_NAMESPACE]
    commonEnv:
      - name: AIRFLOW__OPENLINEAGE__DISABLE_SOURCE_CODE
        value: "True"

Under `hipaa`, record the agreement with whoever runs another lineage service, or that you run it yourself:

    attestations:
      - what: vendor-baa
        owner: privacy@example.com
        signed: 2026-05-04
        evidence: contract 5022

## Not reported

Lineage that is switched off, by `openLineage.enabled` or by `OPENLINEAGE_DISABLED`. What events hold of tasks
is judged only under `hipaa` or `customer-execution-plane`, and only where `openLineage.enabled` is written; an
emission policy leaves it undecided. Of a deployment on Astro only what its variables say of facets and of the address
is looked at. Addresses of Astronomer's and those that stay inside are no third party's.
"""

from collections.abc import Iterable

from astrovet import (
    Absent,
    Agent,
    ComponentEnvironment,
    ComponentKind,
    Context,
    Deployment,
    Fail,
    Known,
    Outcome,
    Requirement,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    at,
    fail,
    fail_if,
    first_gap_only,
    first_unknown,
    items,
    json_text,
    known_values,
    not_applicable,
    rule,
    text,
    undecided,
)
from astrovet_rules.settings.attested import is_attested
from astrovet_rules.settings.hosted import environment_of
from astrovet_rules.settings.lineage import lineage_addresses
from astrovet_rules.tables.booleans import is_true
from astrovet_rules.tables.lineage import OWN_IDS, SWITCHES, WITHOUT_SOURCE_CODE
from astrovet_rules.tables.urls import is_of_third_party

FACETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (airflow.LINEAGE_FACETS, ("environment_variables",)),
    (airflow.LINEAGE_FACET_VARIABLES, ()),
)
"""Where variables name others, and below which key of the JSON."""

ONLY_IDS = "name only the four ASTRO_* ids here"
VENDOR = "vendor-baa"
AGREEMENT = f"sign an agreement with whoever runs it, or run it yourself; then add `{VENDOR}` to `attestations`"
NO_CODE = f'set {WITHOUT_SOURCE_CODE[0]} to "True" in commonEnv'
POLICY = "an emission policy decides what lineage events hold of tasks"
SEE_POLICY = "see that it keeps source code out of them"


@rule(
    "REX021",
    "lineage-sends-too-much",
    on=(Agent, Deployment),
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "customer-execution-plane": Severity.HIGH},
    sources=("S000-41", "S003-35", "T2", "P:openlineage"),
    controls=("45 CFR 164.312(e)(1)", "45 CFR 164.308(b)(1)"),
)
def check(subject: Agent | Deployment, context: Context) -> Verdicts:
    match subject:
        case Agent():
            yield from _agent(subject, context)
        case Deployment():
            environment = environment_of(subject, context)
            if _any_true(environment, SWITCHES):
                yield not_applicable("lineage is off")
                return
            outcomes = [*_facets_by_variable(environment), *_receivers(lineage_addresses(environment), context)]
            unsure = first_unknown(environment.value(name) for name in SWITCHES)
            yield from _unless(unsure, outcomes)
            if environment.unlisted is not None:
                yield undecided(environment.unlisted)


def _agent(agent: Agent, context: Context) -> Verdicts:
    sending = [environment for environment in agent.environments() if not _any_true(environment, SWITCHES)]
    if agent.lineage.is_off or not sending:
        yield not_applicable("lineage is off")
        return
    switches = (agent.lineage.enabled, *(environment.value(name) for environment in sending for name in SWITCHES))
    unsure = first_unknown(switches)
    outcomes = [*_facets(agent.lineage.facet_variables)]
    outcomes += [outcome for environment in sending for outcome in _facets_by_variable(environment)]
    if context.requires & {Requirement.HIPAA, Requirement.CUSTOMER_EXECUTION_PLANE} and not isinstance(
        switches[0], Absent
    ):
        workers = agent.environments(ComponentKind.WORKER)
        outcomes += [outcome for worker in workers if worker in sending for outcome in _task_information(worker)]
    addresses = [agent.lineage.url, *(address for environment in sending for address in lineage_addresses(environment))]
    outcomes = _unless(unsure, [*outcomes, *_receivers(addresses, context)])
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _unless(unsure: Unknown | None, outcomes: list[Outcome]) -> list[Outcome]:
    """What is said where it is known that events are sent."""
    if unsure is None:
        return outcomes
    return [undecided(unsure) if isinstance(outcome, Fail) else outcome for outcome in outcomes]


def _receivers(addresses: Iterable[Value[str]], context: Context) -> Verdicts:
    """Whether somebody answers for the party that events go to, where they may hold PHI."""
    if Requirement.HIPAA not in context.requires or is_attested(VENDOR, context):
        return
    for address in addresses:
        match address:
            case Known(url, place) if is_of_third_party(url):
                message = f"lineage events go to a third party, and no agreement with it is attested (`{VENDOR}`)"
                yield fail(place, message, remedy=AGREEMENT, severity=Severity.MEDIUM, about="receiver")
            case Unknown() as unknown:
                yield undecided(unknown, "receiver")
            case Known() | Absent():
                pass


def _facets_by_variable(environment: ComponentEnvironment) -> Verdicts:
    """What a variable of the client names, whose events carry it too."""
    for name, path in FACETS:
        if name in environment.listed:
            named = at(json_text(environment.value(name)).content, *path)
            match items(named):
                case Known(listed, place):
                    yield from _facets(Known(tuple(map(text, listed)), place))
                case Unknown() | Absent():
                    if isinstance(named, Unknown):
                        yield undecided(named)


def _facets(names: Value[tuple[Value[str], ...]]) -> Verdicts:
    match names:
        case Known(listed):
            for variable in listed:
                match variable:
                    case Known(name, place) if name not in OWN_IDS:
                        message = "the value of this variable goes out with every lineage event"
                        yield fail(place, message, remedy=ONLY_IDS, about=name)
                    case Unknown() as unknown:
                        yield undecided(unknown)
                    case Known() | Absent():
                        pass
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass


def _task_information(environment: ComponentEnvironment) -> Verdicts:
    """What the events of a worker hold of its tasks."""
    match environment.value(airflow.LINEAGE_EMISSION_POLICY):
        case Known(_, place):
            yield undecided(Unknown(POLICY, place, how=SEE_POLICY))
            return
        case Unknown() as unknown:
            yield undecided(unknown)
            return
        case Absent():
            pass
    withheld = [environment.value(name) for name in WITHOUT_SOURCE_CODE]
    gap = first_unknown(withheld)
    if not _any_true(environment, WITHOUT_SOURCE_CODE):
        setting = withheld[0]
        written = setting if isinstance(setting, Absent) else setting.place
        message = "lineage events hold the source code of tasks"
        yield undecided(gap) if gap is not None else fail(written, message, remedy=NO_CODE)
    full, message = environment.value(airflow.LINEAGE_FULL_TASK_INFO), "lineage events hold every parameter of tasks"
    yield from fail_if(full, is_true, message, remedy="remove this variable")


def _any_true(environment: ComponentEnvironment, names: tuple[str, ...]) -> bool:
    return any(map(is_true, known_values(environment.value(name) for name in names)))
