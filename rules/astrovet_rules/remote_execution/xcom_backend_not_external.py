"""A Remote Execution agent must hand XComs over through a backend outside Astro's metadata database.

## Why

Without a custom backend, Airflow keeps the values that tasks hand to each other in its metadata
database. For a Remote Execution deployment that database stands in Astro's orchestration plane, so
those values leave the customer's environment.

## Fix

Name the object-storage backend, or one of your own, and let no variable name another.

Before:

    xcomBackend: ""

After:

    xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend

## Not reported

A class of your own, whatever it does: where a declared requirement makes it matter, REX039 asks. A set that is only one
layer of the values.
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
    fail_if,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.settings.class_paths import ASKED, is_asked_about
from astrovet_rules.settings.xcoms import stays_in_database
from astrovet_rules.tables.xcom_backends import OBJECT_STORAGE_BACKEND

REMEDY = f"set xcomBackend to {OBJECT_STORAGE_BACKEND} or to a class of your own"


@rule(
    "REX006",
    "xcom-backend-not-external",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL, "customer-execution-plane": Severity.CRITICAL},
    sources=("S003-26", "S000-41", "D:remote-agents-xcom-backend"),
    controls=("45 CFR 164.312(e)(1)", "PCI DSS v4 12.8"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.xcom_backend:
        case Absent() as absent:
            yield fail(absent, "no XCom backend is set: XComs go to Astro's database", remedy=REMEDY)
        case Known(backend, place) if stays_in_database(backend):
            yield fail(place, "this XCom backend keeps XComs in Astro's database", remedy=REMEDY)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known(backend):
            if is_asked_about(backend, (OBJECT_STORAGE_BACKEND,), context):
                yield not_applicable(ASKED)
            yield from _overriding(agent, backend)


def _overriding(agent: Agent, backend: str) -> Verdicts:
    """A variable that names another class than the field competes with it."""
    message = f"{airflow.XCOM_BACKEND} names another XCom backend than xcomBackend"
    remedy = f"remove {airflow.XCOM_BACKEND}: xcomBackend sets it"
    for variable in agent.variables(airflow.XCOM_BACKEND):
        yield from fail_if(variable, lambda other: other != backend, message, remedy=remedy)
