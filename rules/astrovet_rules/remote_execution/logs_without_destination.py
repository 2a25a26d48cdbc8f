"""Task logs of an agent must go somewhere before their Pod ends.

## Why

Task logs lie in the Pod that wrote them and vanish with it. Without them nobody can tell afterwards what a
task did with which data, which audits ask for, nor why it failed.

## Fix

Switch on the logging sidecar, which ships them to a platform of yours, or let Airflow upload them:

    commonEnv:
      - name: AIRFLOW__LOGGING__REMOTE_LOGGING
        value: "True"
      - name: AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER
        value: s3://acme-task-logs/prod

## Not reported

Workers and a triggerer that mount a volume at `/usr/local/airflow/logs` or a parent directory, whatever reads
it. A collector on the nodes does not show in the values: run with `--ignore REX023` where one takes the logs.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Agent,
    ComponentKind,
    Context,
    Known,
    Mount,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    rule,
    undecided,
)
from astrovet_rules.tables.booleans import is_true
from astrovet_rules.tables.task_logs import TASK_LOGS, WRITERS

LOST = "task logs are not shipped, and vanish with the Pod"
REMEDY = f'set loggingSidecar.enabled to true, or {airflow.REMOTE_LOGGING} to "True"'


@rule(
    "REX023",
    "logs-without-destination",
    on=Agent,
    severity=Severity.MEDIUM,
    raised={
        "hipaa": Severity.HIGH,
        "pci": Severity.HIGH,
        "dora": Severity.HIGH,
        "audit-retention": Severity.HIGH,
    },
    sources=("S003-09", "D:remote-execution-logging-overview"),
    controls=("45 CFR 164.312(b)", "SOC 2 CC7.2"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    sidecar = agent.logging_sidecar.enabled
    if isinstance(sidecar, Known) and sidecar.value:
        return  # whether it ships anything is for REX024 to say
    ways = list(_ways(agent))
    lost = [(upload, mounts) for upload, mounts in ways if not _ships(upload, mounts)]
    for upload, mounts in lost:
        match (sidecar, upload, mounts):
            case (Unknown() as unknown, _, _) | (_, Unknown() as unknown, _) | (_, _, Unknown() as unknown):
                yield undecided(unknown)
            case (Known() | Absent(), _, _) if isinstance(upload, Absent) and upload.earlier is not None:
                yield fail(upload, LOST, remedy=REMEDY)
            case (Known() | Absent(), _, _) if len(lost) < len(ways):
                yield fail(mounts.place, f"{LOST}: this component is left out", remedy=REMEDY)
            case (Known() | Absent(), _, _):
                yield fail(sidecar.place, LOST, remedy=REMEDY)


def _ways(agent: Agent) -> Iterator[tuple[Value[str], Value[tuple[Mount, ...]]]]:
    """How the logs of each component that writes some may leave it: by Airflow's upload, or by a volume."""
    writers = agent.running(*WRITERS)
    for writer in writers:
        yield agent.environment_of(writer).value(airflow.REMOTE_LOGGING), writer.mounts_over(TASK_LOGS)
    if not writers:
        for upload in agent.variables(airflow.REMOTE_LOGGING, ComponentKind.WORKER):
            yield upload, Absent(agent.place)


def _ships(upload: Value[str], mounts: Value[tuple[Mount, ...]]) -> bool:
    return isinstance(mounts, Known) or (isinstance(upload, Known) and is_true(upload.value))
