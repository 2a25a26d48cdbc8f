"""All that an agent's values say of its deployment must be about the same deployment.

## Why

The ids are copied by hand from one set of values into the next. Where one of them is left behind, lineage
is counted to another deployment or another workspace, or Sentinel reports the health of another agent:
an incident is then looked for in the wrong place.

## Fix

Write the ids of one deployment everywhere, as its page in Astro has them.

Before:

    commonEnv:
      - name: ASTRO_DEPLOYMENT_ID
        value: cm4x2k9q1000101mnd7f3k2a1
    openLineage:
      endpoint: /api/v1/lineage?ASTRO_DEPLOYMENT_ID=cm1p7t0w4000201lke9q4m8s2

After:

    commonEnv:
      - name: ASTRO_DEPLOYMENT_ID
        value: cm4x2k9q1000101mnd7f3k2a1
    openLineage:
      endpoint: /api/v1/lineage?ASTRO_DEPLOYMENT_ID=cm4x2k9q1000101mnd7f3k2a1

## Not reported

An id that stands in one place only; a lineage back end of your own, whose `endpoint` has no such ids;
lineage or Sentinel that is switched off.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Lineage,
    Note,
    Severity,
    Unknown,
    Verdicts,
    airflow,
    at,
    fail,
    first_gap_only,
    placeholder,
    rule,
    template,
    undecided,
)
from astrovet_rules.tables.lineage import OWN_IDS

REMEDY = "write the same id in both places, as the deployment's page in Astro has it"
REMEDY_SENTINEL = "write the address of astroDeploymentAPIURL, or take api_server.base_url out"


@rule(
    "REX019",
    "agent-ids-disagree",
    on=Agent,
    severity=Severity.MEDIUM,
    sources=("T2", "FIELD"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    outcomes = (*_lineage(agent), *_sentinel(agent))
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _lineage(agent: Agent) -> Verdicts:
    lineage = agent.lineage
    match lineage.enabled, lineage.endpoint:
        case Known(False), _:
            pass
        case _, Known(endpoint, place):
            ids = _ids(endpoint)
            for name, value in ids.items():
                yield from _compared(agent, name, Known(value, place), f"`{name}` in openLineage.endpoint")
            if ids:
                yield from _namespace(agent, lineage)
        case _, Unknown() as unknown:
            yield undecided(unknown, about="endpoint")
        case _, Absent():
            if isinstance(lineage.url, Absent):  # then it goes to Astro's own back end
                yield from _namespace(agent, lineage)


def _namespace(agent: Agent, lineage: Lineage) -> Verdicts:
    match lineage.namespace:
        case Known() as namespace:
            yield from _compared(agent, airflow.DEPLOYMENT_NAMESPACE, namespace, "openLineage.namespace")
        case Unknown() as unknown:
            yield undecided(unknown, about="openLineage.namespace")
        case Absent():
            pass


def _ids(endpoint: str) -> dict[str, str]:
    """The ids in the query of an address, whose fields are named like the variables (T2).

    What is still to be filled in is none.
    """
    pairs = (pair.partition("=") for pair in endpoint.partition("?")[2].split("&"))
    return {name: value for name, _, value in pairs if name in OWN_IDS and not placeholder(value)}


def _compared(agent: Agent, name: str, stated: Known[str], what: str) -> Verdicts:
    for variable in agent.variables(name):
        match variable:
            case Known(value, place) if value not in ("", stated.value):
                message = f"{what} is not that of the variable {name}"
                yield fail(stated.place, message, remedy=REMEDY, related=(Note("the variable", place),), about=what)
            case Unknown() as unknown:
                yield undecided(unknown, about=what)
            case Known() | Absent():
                pass


def _sentinel(agent: Agent) -> Verdicts:
    match agent.sentinel.enabled, at(agent.sentinel.config, "api_server", "base_url"), agent.api_url:
        case (Known(False), _, _) | (_, Absent(), _) | (_, _, Absent()):
            pass
        case _, Known(str(text)), _ if placeholder(text) or template(text):
            pass
        case _, Known(str(one), place), Known(other, first) if one.rstrip("/") != other.rstrip("/"):
            message = "api_server.base_url in sentinel.config is not the address in astroDeploymentAPIURL"
            related = (Note("the other address", first),)
            yield fail(place, message, remedy=REMEDY_SENTINEL, related=related, about="base_url")
        case (_, Unknown() as unknown, _) | (_, _, Unknown() as unknown):
            yield undecided(unknown, about="base_url")
        case (Known() | Unknown() | Absent(), _, _):
            pass
