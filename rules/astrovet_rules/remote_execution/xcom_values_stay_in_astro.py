"""XComs of a Remote Execution agent must not fall back to Astro's metadata database.

## Why

The object-storage XCom backend keeps a value in the metadata database unless a threshold says
otherwise, and the threshold's default, -1, keeps every value there. That database stands in Astro's
orchestration plane, so values that tasks hand to each other leave the customer's environment although
the backend's class looks right. A threshold above 0 lets the smaller values go the same way.

## Fix

Set the threshold to `"0"` for all components.

Before:

    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
        value: "1048576"

After:

    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
        value: "0"

## Not reported

Another XCom backend than `XComObjectStorageBackend`, which has a threshold of its own or none; a
threshold that every worker, the DAG processor and the triggerer set themselves.
"""

from astrovet import (
    Absent,
    Agent,
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
from astrovet_rules.tables.xcom_backends import OBJECT_STORAGE_BACKEND

REMEDY = f'set {airflow.XCOM_THRESHOLD} to "0" in commonEnv'


@rule(
    "REX008",
    "xcom-values-stay-in-astro",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL, "customer-data-plane": Severity.CRITICAL},
    sources=("P:common-io", "S003-19", "S003-26", "S000-41"),
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
    for threshold in agent.variables(airflow.XCOM_THRESHOLD):
        match threshold:
            case Known("0"):
                pass
            case Known(text, place) if not text.strip().removeprefix("-").isdecimal():
                yield fail(place, "the XCom threshold is no whole number", remedy=REMEDY)
            case Known(text, place) if int(text) < 0:
                yield fail(place, "a negative XCom threshold keeps every XCom in Astro's database", remedy=REMEDY)
            case Known(text, place) if int(text) > 0:
                yield fail(place, "XComs smaller than the threshold stay in Astro's database", remedy=REMEDY)
            case Absent() as absent:
                yield fail(absent, "no XCom threshold is set: every XCom stays in Astro's database", remedy=REMEDY)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known():
                pass
