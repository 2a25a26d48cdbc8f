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

Another XCom backend than `XComObjectStorageBackend`; `scheme://connection@bucket/prefix`.
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
from astrovet_rules.tables.xcom_backends import OBJECT_STORAGE_BACKEND, SCHEMES

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
            case Known("", place) | Absent(place):
                yield fail(place, "no XCom path is set: tasks that hand a value over fail", remedy=REMEDY)
            case Known(text, place) if message := fault(text):
                yield fail(place, message, remedy=REMEDY)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known():
                pass


def fault(path: str) -> str:
    """Why XComs cannot be kept there; empty where they can."""
    scheme, separator, rest = path.partition("://")
    bucket = rest.partition("/")[0].rpartition("@")[2]
    if not separator:
        return "the XCom path names no object store: it has no scheme"
    if scheme.lower() == "file":
        return "the XCom path lies on the disk of one Pod"
    if scheme.lower() not in SCHEMES:
        return "the scheme of the XCom path is none of an object store"
    return "" if bucket else "the XCom path names no bucket"
