"""An agent must name the ids and the address of the deployment that it serves.

## Why

The values of an agent and the Terraform of its deployment are two halves of one thing, and the ids in the
values are copied by hand. Where they are those of another deployment, the agent asks the wrong deployment for
work, and its lineage and its health are counted to another team.

## Fix

Take the ids from the deployment itself: from its page in Astro, or with Terraform.

Before:

    commonEnv:
      - name: ASTRO_DEPLOYMENT_ID
        value: cm4x2k9q1000101mnd7f3k2a1

After, in the helm_release:

    set = [
      { name = "commonEnv[0].name", value = "ASTRO_DEPLOYMENT_ID" },
      { name = "commonEnv[0].value", value = astro_deployment.claims.id },
      { name = "astroDeploymentAPIURL", value = astro_deployment.claims.remote_execution.remote_api_url },
    ]

## Not reported

A deployment that is not made yet, whose ids nobody knows; the host in the address where the cluster has
disaster recovery, for its other half has another one; an agent that is taken for the deployment's only
because both are the only ones in the inputs.
"""

from collections.abc import Iterator
from typing import NamedTuple

from astrovet import (
    Absent,
    Agent,
    Context,
    Deployment,
    Known,
    Link,
    Note,
    Severity,
    Unknown,
    Value,
    Verdicts,
    Workspace,
    airflow,
    fail,
    first_gap_only,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.links.serving import note, without_deployment
from astrovet_rules.tables.urls import host_of

ADDRESS = "astroDeploymentAPIURL"
ASTRO_HOST = ".external.astronomer.run"

REMEDY = "take the ids and the address from the deployment's page in Astro, or from its resource in Terraform"
NOT_MADE = "its id is known only after apply"
OTHER_HALF = "whether this is the other half of the cluster cannot be told"


class Difference(NamedTuple):
    """A setting that holds what another deployment is called."""

    label: str
    value: Known[str]


@rule(
    "LNK001",
    "deployment-id-mismatch",
    on=Agent,
    severity=Severity.HIGH,
    sources=("TF", "T2", "FIELD"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.deployment.to:
        case Known() if agent.deployment.is_guess:
            yield not_applicable("nothing but the lack of another deployment tells which one it serves")
        case Known(deployment):
            yield from first_gap_only(_judge(agent, deployment))
        case Unknown() | Absent():
            yield from without_deployment(agent)


def _judge(agent: Agent, deployment: Deployment) -> Verdicts:
    """One finding for all that is different: it has one cause."""
    compared = [*_ids(agent, deployment), *_address(agent, deployment)]
    yield from (undecided(difference) for difference in compared if isinstance(difference, Unknown))
    differences = [difference for difference in compared if isinstance(difference, Difference)]
    if differences:
        labels = list(dict.fromkeys(difference.label for difference in differences))
        listed = f"{', '.join(labels[:-1])} and {labels[-1]}"
        what = f"{labels[0]} is not that" if len(labels) == 1 else f"{listed} are not those"
        message = f"{what} of the deployment that this agent serves"
        others = (Note(f"{difference.label} is here", difference.value.place) for difference in differences[1:])
        yield fail(differences[0].value.place, message, remedy=REMEDY, related=(note(agent, deployment), *others))


def _ids(agent: Agent, deployment: Deployment) -> Iterator[Difference | Unknown]:
    ids = {
        airflow.DEPLOYMENT_ID: deployment.identity,
        airflow.WORKSPACE_ID: _id(deployment.workspace),
        airflow.DEPLOYMENT_NAMESPACE: deployment.namespace,
    }
    for label, right in ids.items():
        for value in agent.variables(label):
            yield from _compared(label, value, right, deployment)


def _id(link: Link[Workspace]) -> Value[str]:
    return Known(link.id, link.to.place) if link.id else Unknown(NOT_MADE, link.to.place, how="scan the state then")


def _address(agent: Agent, deployment: Deployment) -> Iterator[Difference | Unknown]:
    match agent.api_url, deployment.remote_execution:
        case Known(address) as value, Known(remote) if host_of(address).endswith(ASTRO_HOST):
            right = remote.api_url
            if isinstance(right, Unknown) and deployment.cluster.id:  # the host at least is known
                right = Known(f"https://{deployment.cluster.id}{ASTRO_HOST}", right.place)
                value = Known(f"https://{host_of(address)}", value.place)
            for difference in _compared(ADDRESS, value, right, deployment):
                yield from _unless_other_half(difference, value, right, deployment)
        case (Known() | Unknown() | Absent(), _):
            pass  # REX018 speaks of addresses of another form, LNK003 of deployments without agents


def _unless_other_half(
    difference: Difference | Unknown, value: Known[str], right: Value[str], deployment: Deployment
) -> Iterator[Difference | Unknown]:
    """A cluster with disaster recovery has two hosts."""
    only_host = isinstance(right, Known) and _path(value.value) == _path(right.value)
    match difference, deployment.cluster.to:
        case Difference(), Known(cluster) if only_host:
            match cluster.disaster_recovery:
                case Known(False) | Absent():
                    yield difference
                case Known() | Unknown():
                    pass
        case Difference(), Unknown(_, place) if only_host:
            yield Unknown(OTHER_HALF, place, how="scan the plan or state of the cluster too")
        case (Difference() | Unknown(), _):
            yield difference


def _path(address: str) -> str:
    return address.rstrip("/").partition("://")[2].partition("/")[2]


def _compared(
    label: str, value: Value[str], right: Value[str], deployment: Deployment
) -> Iterator[Difference | Unknown]:
    match value, right:
        case (Absent(), _) | (_, Absent()):
            pass
        case Unknown(origins=(origin,)), _ if origin in (deployment.id, *_ids_of(deployment.workspace)):
            pass  # it is taken from the deployment itself, or from its workspace
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield unknown
        case Known() as known, Known(other):
            if _plain(known.value) not in ("", _plain(other)):
                yield Difference(label, known)


def _ids_of(link: Link[Workspace]) -> list[str]:
    return [candidate.id for candidate in link.candidates]


def _plain(text: str) -> str:
    return text.strip().rstrip("/").lower()
