"""The object-storage XCom backend needs a path in a bucket that every worker can reach.

## Why

The backend has no default path: without one, the first task that hands a value over fails. A path on
the disk of a worker looks fine until two tasks run in different Pods: then the value is not found, and what
was written lies on a node's disk, where whoever runs that node reads it, and no retention removes it.

## Fix

Name a bucket for all components, with a connection where the Pod's own identity is not enough.

Before:

    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH
        value: file:///tmp/xcom

After:

    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH
        value: s3://acme-claims-xcom/prod

## Not reported

Another XCom backend than `XComObjectStorageBackend`; `scheme://connection@bucket/prefix`. The schemes are those that
the providers of Amazon (`s3`, `s3a`, `s3n`), Google (`gs`, `gcs`) and Microsoft (`abfs`, `abfss`, `adl`) register. A
variable without a value in a part of the values waits for another layer: undecided.
"""

from astrovet import (
    Absent,
    Agent,
    ComponentKind,
    Context,
    Known,
    Severity,
    Unknown,
    Verdicts,
    airflow,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.settings.xcoms import NO_PATH, path_fault
from astrovet_rules.tables.xcom_backends import OBJECT_STORAGE_BACKEND

REMEDY = f"set {airflow.XCOM_PATH} to a path in a bucket, scheme://[connection@]bucket/prefix"


@rule(
    "REX007",
    "xcom-path-unusable",
    on=Agent,
    severity=Severity.HIGH,
    sources=("P:common-io", "D:remote-execution-configure-xcom-backend", "S003-26"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.xcom_backend:
        case Known(backend) if backend != OBJECT_STORAGE_BACKEND:
            yield not_applicable("another XCom backend is used")
            return
        case Absent():
            yield not_applicable("no XCom backend is set, which REX006 reports")
            return
        case Unknown() as unknown:
            yield undecided(unknown)
            return
        case Known():
            pass
    for path in agent.variables(airflow.XCOM_PATH, ComponentKind.WORKER):
        match path:
            case Absent(place):
                yield fail(place, NO_PATH, remedy=REMEDY)
            case Known(text, place) if message := path_fault(text):
                yield fail(place, message, remedy=REMEDY)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known():
                pass
