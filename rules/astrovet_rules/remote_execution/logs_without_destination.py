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

Airflow picks the way by how the folder begins (`s3://`, `cloudwatch://`, `gs://`, `wasb`, `stackdriver://`, `oss://`,
`hdfs://`). Without such a folder it refuses to start unless the host of Elasticsearch or OpenSearch is set.

## Not reported

Workers and a triggerer that mount a volume at `/usr/local/airflow/logs` or a parent directory, whatever reads
it. A collector on the nodes does not show in the values: run with `--ignore REX023` where one takes the logs. A logging
configuration of your own may ship them otherwise: its upload counts without a folder.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Agent,
    ComponentEnvironment,
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
    first_unknown,
    rule,
    undecided,
)
from astrovet_rules.tables.booleans import is_true
from astrovet_rules.tables.task_logs import SEARCH_HOSTS, TASK_LOGS, UPLOADED, WRITERS

NOWHERE = {
    "no folder": "Airflow is to upload task logs and no folder says where: it refuses to start",
    "no store": "Airflow is to upload task logs to a folder that is in no store it uploads to: it refuses to start",
}
"""What is wrong where the upload is on and has nowhere to go."""
REMEDY_FOLDER = f"set {airflow.REMOTE_LOG_FOLDER} to a folder in a bucket, such as s3://acme-task-logs/prod"
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
    sources=("S003-09", "D:remote-execution-logging-overview", "P:apache-airflow-core"),
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
            case (Known() | Absent(), Known(text, place), _) if text in NOWHERE:
                yield fail(place, NOWHERE[text], remedy=REMEDY_FOLDER)
            case (Known() | Absent(), _, _) if isinstance(upload, Absent) and upload.earlier is not None:
                yield fail(upload, LOST, remedy=REMEDY)
            case (Known() | Absent(), _, _) if len(lost) < len(ways):
                yield fail(mounts.place, f"{LOST}: this component is left out", remedy=REMEDY)
            case (Known() | Absent(), _, _):
                yield fail(sidecar.place, LOST, remedy=REMEDY)


def _upload(environment: ComponentEnvironment) -> Value[str]:
    """The switch of Airflow's upload; where it is on without a place to go to, what lacks for it."""
    switch = environment.value(airflow.REMOTE_LOGGING)
    if not (isinstance(switch, Known) and is_true(switch.value)):
        return switch
    ways = (airflow.REMOTE_LOG_FOLDER, *SEARCH_HOSTS, airflow.LOGGING_CLASS)
    folder, *others = [environment.value(name) for name in ways]
    if isinstance(folder, Known) and folder.value.startswith(UPLOADED):
        return switch
    if any(isinstance(other, Known) and other.value for other in others):
        return switch
    gap = first_unknown((folder, *others))
    if gap is not None:
        return switch if gap.prefix.startswith(UPLOADED) else gap
    return (
        Known("no store", folder.place)
        if isinstance(folder, Known) and folder.value
        else Known("no folder", switch.place)
    )


def _ways(agent: Agent) -> Iterator[tuple[Value[str], Value[tuple[Mount, ...]]]]:
    """How the logs of each component that writes some may leave it: by Airflow's upload, or by a volume."""
    writers = agent.running(*WRITERS)
    for writer in writers:
        yield _upload(agent.environment_of(writer)), writer.mounts_over(TASK_LOGS)
    if not writers:
        for environment in agent.environments(ComponentKind.WORKER):
            yield _upload(environment), Absent(agent.place)


def _ships(upload: Value[str], mounts: Value[tuple[Mount, ...]]) -> bool:
    return isinstance(mounts, Known) or (isinstance(upload, Known) and is_true(upload.value))
