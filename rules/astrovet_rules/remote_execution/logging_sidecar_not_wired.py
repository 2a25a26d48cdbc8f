"""A logging sidecar needs a configuration and a view of the task logs.

## Why

The sidecar ships what it reads on a volume. Workers and the triggerer write task logs to
`/usr/local/airflow/logs`: where no volume is mounted there, or the sidecar does not mount the same one, it
ships nothing. The logs vanish with the Pod although a sidecar runs beside it, and whoever has to explain an
incident finds none.

## Fix

Mount one volume in the sidecar, in every worker and in the triggerer, and tell the sidecar what to ship whither.

Before:

    loggingSidecar:
      enabled: true
    workers:
      - name: default

After:

    loggingSidecar:
      enabled: true
      volumeMounts:
        - {name: task-logs, mountPath: /usr/local/airflow/logs}
      config: |
        sources:
          task_logs: {type: file, include: ["/usr/local/airflow/logs/**/*.log"]}
        sinks:
          loki: {type: loki, inputs: [task_logs], endpoint: "https://loki.acme.example", labels: {app: airflow}}
    workers:
      - name: default
        volumes:
          - {name: task-logs, emptyDir: {}}
        volumeMounts:
          - {name: task-logs, mountPath: /usr/local/airflow/logs}
    triggerer:
      volumes:
        - {name: task-logs, emptyDir: {}}
      volumeMounts:
        - {name: task-logs, mountPath: /usr/local/airflow/logs}

## Not reported

A volume that is mounted at a parent directory; a sidecar that is switched off, for which REX023 asks where
the logs go.
"""

from astrovet import (
    Absent,
    Agent,
    Component,
    ComponentKind,
    Context,
    Known,
    Mount,
    Severity,
    Unknown,
    Verdicts,
    fail,
    first_gap_only,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.tables.task_logs import TASK_LOGS, WRITERS

NO_VOLUME = f"no volume is mounted at {TASK_LOGS}"
MOUNT = f"mount one volume at {TASK_LOGS} in workers, triggerer and sidecar"


@rule(
    "REX024",
    "logging-sidecar-not-wired",
    on=Agent,
    severity=Severity.MEDIUM,
    raised={"audit-retention": Severity.HIGH},
    sources=("D:remote-agents-logging-sidecar", "T2"),
    controls=("45 CFR 164.312(b)",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.logging_sidecar.enabled:
        case Known(True):
            outcomes = (*_configured(agent), *_wired(agent))
            yield from outcomes if agent.complete else first_gap_only(outcomes)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            yield not_applicable("the logging sidecar is off")


def _configured(agent: Agent) -> Verdicts:
    match agent.logging_sidecar.config:
        case Absent() as absent:
            yield fail(
                absent, "the logging sidecar has no configuration", remedy="write Vector's configuration in config"
            )
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known():
            pass


def _wired(agent: Agent) -> Verdicts:
    sidecars = agent.running(ComponentKind.LOGGING_SIDECAR)
    writers = agent.running(*WRITERS)
    for writer in writers:
        match writer.mounts_over(TASK_LOGS):
            case Known(mounts):
                for sidecar in sidecars:
                    yield from _shared(mounts, sidecar)
            case Absent() as absent:
                yield fail(absent, f"{NO_VOLUME}, so that the sidecar sees no task logs of it", remedy=MOUNT)
            case Unknown() as unknown:
                yield undecided(unknown)
    for kind in WRITERS:
        if agent.complete and kind not in {writer.kind for writer in writers}:
            yield fail(agent.logging_sidecar.place, f"{NO_VOLUME} of the {kind}", remedy=MOUNT, about=kind)


def _shared(mounts: tuple[Mount, ...], sidecar: Component) -> Verdicts:
    """Whether the sidecar sees one of these volumes, wherever it has it."""
    match sidecar.mounts:
        case Known(own, place):
            volumes = [mount.volume for mount in own]
            wanted = [mount.volume for mount in mounts]
            unsure = [name for name in (*volumes, *wanted) if isinstance(name, Unknown)]
            if {name.value for name in volumes if isinstance(name, Known)}.isdisjoint(
                name.value for name in wanted if isinstance(name, Known)
            ):
                message = "the logging sidecar does not mount the volume of the task logs"
                yield undecided(unsure[0]) if unsure else fail(place, message, remedy=MOUNT)
        case Absent() as absent:
            yield fail(absent, "the logging sidecar does not mount the volume of the task logs", remedy=MOUNT)
        case Unknown() as unknown:
            yield undecided(unknown)
