"""A deployment with Remote Execution must say where its task logs are.

## Why

The logs of tasks that run at your place stay there. Unless the deployment names the bucket or the address at
which they are found, Astro shows none, and nothing proves that they are kept. Who looks into an incident then
searches the agents' Pods, which are gone.

## Fix

Before:

    remote_execution = {
      enabled = true
    }

After:

    remote_execution = {
      enabled         = true
      task_log_bucket = "s3://acme-task-logs/payments"
    }

For logs in a platform of yours, give `task_log_url_pattern` instead.

## Not reported

A bucket or a pattern that is known only after apply, for it is set. A deployment whose agent's values are
scanned too and ship the logs.
"""

from collections.abc import Iterable, Mapping

from astrovet import (
    Absent,
    Agent,
    ComponentKind,
    Context,
    Deployment,
    Known,
    Place,
    RemoteExecution,
    Scopes,
    Severity,
    Unknown,
    Verdicts,
    airflow,
    fail,
    first_unknown,
    known_values,
    rule,
    undecided,
    when_known,
)
from astrovet_rules.tables.booleans import is_true

REMEDY = "set task_log_bucket, or task_log_url_pattern where the logs go to a platform of yours"


@rule(
    "AST014",
    "remote-task-logs-unset",
    on=Deployment,
    severity=Severity.LOW,
    raised={"hipaa": Severity.MEDIUM, "dora": Severity.MEDIUM, "audit-retention": Severity.MEDIUM},
    sources=("S003-09", "TF"),
    controls=("45 CFR 164.312(b)",),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    yield from when_known(
        deployment.remote_execution,
        lambda remote: _judge(remote, context.estate.agents_of(deployment), context),
        absent="its tasks do not run in Remote Execution",
    )


def _judge(remote: RemoteExecution, agents: Iterable[Agent], context: Context) -> Verdicts:
    match remote.task_log_bucket, remote.task_log_url:
        case Absent(), Absent():
            known = context.scopes.once(_shipping)
            shipped = {known[agent.id, agent.place] for agent in agents}
            if True not in shipped and None not in shipped:
                yield fail(remote.place, "it does not say where its task logs are", remedy=REMEDY)
            elif True not in shipped:
                why = "whether its agent ships the task logs is not known"
                yield undecided(Unknown(why, remote.place, how="scan all of the agent's values"))
        case (Known() | Unknown() | Absent(), Known() | Unknown() | Absent()):
            pass


def _shipping(scopes: Scopes) -> Mapping[tuple[str, Place], bool | None]:
    """What is known of each agent; many may serve each of many deployments."""
    return {(agent.id, agent.place): _ships(agent) for agent in scopes.estate.of(Agent)}


def _ships(agent: Agent) -> bool | None:
    """Whether the agent sends its task logs somewhere; None where that is not known."""
    uploads = agent.variables(airflow.REMOTE_LOGGING, ComponentKind.WORKER)
    sidecar = agent.logging_sidecar.enabled
    if True in known_values((sidecar,)) or any(map(is_true, known_values(uploads))):
        return True
    return False if first_unknown((sidecar, *uploads)) is None else None
