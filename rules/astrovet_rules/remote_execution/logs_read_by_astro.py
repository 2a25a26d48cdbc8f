"""Task logs that Astro reads from a bucket must hold no protected data.

## Why

With a task log bucket, Astro's API server reads the logs that agents upload there and shows their text in
the Airflow UI. What tasks print leaves the customer's environment that way, although tasks, XComs and
secrets stay in it.

## Fix

No setting makes log text harmless. See that tasks print no protected data; or ship logs with the sidecar to a
platform of yours, and let the UI show links to it.

Before:

    remote_execution = {
      enabled         = true
      task_log_bucket = "s3://acme-task-logs"
    }

After:

    remote_execution = {
      enabled              = true
      task_log_url_pattern = "https://logs.acme.example/airflow"
    }

## Not reported

Links without text, as above; logs that agents upload elsewhere than where Astro reads them. A deployment is
judged together with its agent: without the agent's values it is not looked at.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Note,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    rule,
    undecided,
)
from astrovet_rules.tables.task_logs import ASTRO_ENVIRONMENT, ASTRO_LOGGING_CLASS, WRITERS

SHOWN = "Astro's API server reads the task logs, and shows their text"
REMEDY = "see that tasks print no protected data, or let the UI show links by task_log_url_pattern"


@rule(
    "REX022",
    "logs-read-by-astro",
    on=Agent,
    severity=Severity.INFO,
    raised={"hipaa": Severity.MEDIUM},
    when=("hipaa", "customer-execution-plane"),
    sources=("S003-09", "S000-41", "D:remote-execution-logging-overview"),
    controls=("45 CFR 164.312(a)(1)",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    bucket, uploads = _bucket(agent), [*_uploads(agent)]
    uploading = [upload.place for upload in uploads if isinstance(upload, Known)]
    match bucket:
        case Known(name, place) if name:
            notes = tuple(
                Note("the agent uploads them by this setting", setting) for setting in dict.fromkeys(uploading)
            )
            yield fail(place, SHOWN, remedy=REMEDY, related=notes)
        case Known() | Unknown() | Absent() if uploading:
            for place in uploading:
                yield fail(place, SHOWN, remedy=REMEDY)
        case Known() | Unknown() | Absent():
            gaps = [undecided(value) for value in (bucket, *uploads) if isinstance(value, Unknown)]
            yield from gaps if agent.complete else gaps[:1]


def _bucket(agent: Agent) -> Value[str]:
    """The bucket that the agent's deployment reads task logs from."""
    match agent.deployment.to:
        case Known(deployment):
            match deployment.remote_execution:
                case Known(remote):
                    return remote.task_log_bucket
                case Unknown() | Absent() as without:
                    return without
        case Unknown() | Absent() as unlinked:
            return unlinked


def _uploads(agent: Agent) -> Iterator[Value[str]]:
    """For each component that writes task logs the setting that sends them to Astro's bucket, if it has one."""
    for environment in agent.environments(*WRITERS):
        setting, where = environment.value(airflow.LOGGING_CLASS), environment.value(airflow.ENVIRONMENT)
        if _may_be(setting, ASTRO_LOGGING_CLASS) and _may_be(where, ASTRO_ENVIRONMENT):
            yield where if isinstance(where, Unknown) else setting


def _may_be(value: Value[str], wanted: str) -> bool:
    match value:
        case Known(text):
            return text == wanted
        case Unknown():
            return True
        case Absent():
            return False
