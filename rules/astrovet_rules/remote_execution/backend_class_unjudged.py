"""Where secrets and XComs must stay with you, somebody answers for backend classes that are not Airflow's own.

## Why

A backend class decides where connections, variables and XComs are kept. Of a class that is of no provider that
astrovet knows, no file shows whether that is a store of yours, Airflow's database at Astro, or somebody else's
service: only who wrote it can tell.

## Fix

Review what the class does, and record who answers for it. Or use the class of a provider.

    attestations:
      - what: own-backends
        owner: data-platform@acme.example
        signed: 2026-11-02
        evidence: REVIEW-118

## Not reported

The classes of the providers amazon, google, microsoft-azure, hashicorp and common-io, which other rules judge; names
that look misspelt, which REX002 reports; all classes where neither `hipaa`, `pci` nor `customer-execution-plane` holds.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Agent,
    Context,
    Deployment,
    Known,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    first_gap_only,
    rule,
    undecided,
)
from astrovet_rules.settings.attested import is_attested
from astrovet_rules.settings.class_paths import is_own
from astrovet_rules.settings.hosted import environment_of
from astrovet_rules.settings.xcoms import stays_in_database
from astrovet_rules.tables.secrets_backends import BACKENDS, LOCAL_BACKENDS
from astrovet_rules.tables.xcom_backends import OBJECT_STORAGE_BACKEND

SECRETS = (*BACKENDS, *LOCAL_BACKENDS)
XCOMS = (OBJECT_STORAGE_BACKEND,)
ATTESTED = "own-backends"
HOW = f"review it, and attest that as `{ATTESTED}`"


@rule(
    "REX039",
    "backend-class-unjudged",
    on=(Agent, Deployment),
    severity=Severity.MEDIUM,
    when=("hipaa", "pci", "customer-execution-plane"),
    sources=("S003-25", "S003-26", "our inference"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 12.8", "DORA Art. 28"),
)
def check(subject: Agent | Deployment, context: Context) -> Verdicts:
    if is_attested(ATTESTED, context):
        return
    outcomes = tuple(
        outcome for what, backend, known in _classes(subject, context) for outcome in _judged(what, backend, known)
    )
    yield from outcomes if isinstance(subject, Deployment) or subject.complete else first_gap_only(outcomes)


def _classes(subject: Agent | Deployment, context: Context) -> Iterator[tuple[str, Value[str], tuple[str, ...]]]:
    """What each class keeps, its name, and the names that other rules judge."""
    match subject:
        case Agent():
            for backend in dict.fromkeys(secrets.backend for secrets in subject.secrets):
                yield "secrets", backend, SECRETS
            yield "XComs", subject.xcom_backend, XCOMS
        case Deployment():
            environment = environment_of(subject, context)
            yield "secrets", environment.value(airflow.SECRETS_BACKEND), SECRETS
            yield "XComs", environment.value(airflow.XCOM_BACKEND), XCOMS


def _judged(what: str, backend: Value[str], known: tuple[str, ...]) -> Verdicts:
    match backend:
        case Known(path, place) if is_own(path, known) and not stays_in_database(path):
            why = f"where this class keeps {what} cannot be told: no provider of Airflow that astrovet knows has it"
            yield undecided(Unknown(why, place, how=HOW), about=what)
        case Unknown() as unknown:
            yield undecided(unknown, about=what)
        case Known() | Absent():
            pass
