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
threshold that every worker, the DAG processor and the triggerer set themselves. The DAG processor runs no task: where
it alone has no threshold the finding is low.
"""

from astrovet import (
    TASK_COMPONENTS,
    Absent,
    Agent,
    ComponentKind,
    Context,
    Known,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.settings.xcoms import NO_THRESHOLD, threshold_fault
from astrovet_rules.tables.xcom_backends import OBJECT_STORAGE_BACKEND

VALUE_WRITERS = (ComponentKind.WORKER, ComponentKind.TRIGGERER)
"""The components whose tasks and triggers hand values over."""

REMEDY = f'set {airflow.XCOM_THRESHOLD} to "0" in commonEnv'


@rule(
    "REX008",
    "xcom-values-stay-in-astro",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL, "customer-execution-plane": Severity.CRITICAL},
    sources=("P:common-io", "S003-19", "S003-26", "S000-41"),
    controls=("45 CFR 164.312(e)(1)", "PCI DSS v4 12.8"),
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
    judged = dict.fromkeys(agent.variables(airflow.XCOM_THRESHOLD, *VALUE_WRITERS))
    for threshold in judged:
        yield from _judged(threshold, _who(agent, threshold))
    for threshold in agent.variables(airflow.XCOM_THRESHOLD, ComponentKind.DAG_PROCESSOR):
        if threshold not in judged:
            yield from _judged(threshold, ComponentKind.DAG_PROCESSOR, Severity.LOW)


def _judged(threshold: Value[str], who: str, severity: Severity | None = None) -> Verdicts:
    """`who` names the component where not all have the same."""
    message = ""
    match threshold:
        case Known(text) if text.strip():
            message = threshold_fault(text)
        case Known() | Absent():
            message = NO_THRESHOLD
        case Unknown() as unknown:
            yield undecided(unknown)
    if message:
        told = f"{message} (of the {who})" if who else message
        where = threshold if isinstance(threshold, Absent) else threshold.place
        yield fail(where, told, remedy=REMEDY, severity=severity, is_raised=severity is None, about=who)


def _who(agent: Agent, threshold: Value[str]) -> str:
    kinds = [kind for kind in TASK_COMPONENTS if threshold in agent.variables(airflow.XCOM_THRESHOLD, kind)]
    return "" if len(kinds) == len(TASK_COMPONENTS) else " and the ".join(kinds)
