"""A backend and a DAG source must be named by the right path of a Python class.

## Why

Airflow imports the class by the path that the values give. A short word, a letter too few or a module of
an older Airflow is found out only when the agent starts, or when its first task asks for a connection: by
whoever is on call, in production.

## Fix

Write module and class with dots between them, exactly as the provider's documentation has them.

Before:

    secretBackend: vault

After:

    secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend

## Not reported

A class of your own in a module of your own, also under the name of a provider's class; a map or a list in
place of the path, which INP006 and REX010 report; what REX001 and REX006 report.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_gap_only,
    rule,
    undecided,
)
from astrovet_rules.settings.class_paths import is_class_path, meant
from astrovet_rules.tables import dag_bundles, secrets_backends, state_store_backends, xcom_backends

SECRETS = (*secrets_backends.BACKENDS, *secrets_backends.LOCAL_BACKENDS)
XCOM = (xcom_backends.OBJECT_STORAGE_BACKEND,)
STATE = (state_store_backends.OBJECT_STORAGE_BACKEND,)
BUNDLES = tuple(dag_bundles.REQUIRED_KWARGS)


@rule(
    "REX002",
    "backend-class-misspelt",
    on=Agent,
    severity=Severity.HIGH,
    sources=("P:amazon", "P:microsoft-azure", "P:google", "P:hashicorp", "P:common-io", "P:git"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    outcomes = _outcomes(agent)
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _outcomes(agent: Agent) -> Verdicts:
    yield from _judged("secretBackend", agent.secrets_backend, SECRETS)
    yield from _judged("xcomBackend", agent.xcom_backend, XCOM)
    yield from _judged("stateStoreBackend", agent.state_store_backend, STATE)
    match agent.dag_bundles.content:
        case Unknown() as unknown if not agent.dag_bundles.fault:
            yield undecided(unknown, about="classpath")
        case Known() | Unknown() | Absent():
            for bundle in agent.bundles():
                yield from _judged("classpath", bundle.classpath, BUNDLES)


def _judged(key: str, value: Value[str], known: tuple[str, ...]) -> Verdicts:
    match value:
        case Known(path) if path in known:
            pass
        case Known(path) if path.rpartition(".")[2] == xcom_backends.METADATA_BACKEND_CLASS:
            pass  # which REX006 reports
        case Known(path, place) if near := meant(path, known):
            yield fail(place, f"`{key}` is no class of Airflow's; did you mean {near}?", remedy=f"write {near}")
        case Known(path, place) if not is_class_path(path):
            remedy = f"write module and class with dots between them, as in {known[0]}"
            yield fail(place, f"`{key}` is not the path of a Python class", remedy=remedy)
        case Unknown() as unknown:
            yield undecided(unknown, about=key)
        case Known() | Absent():
            pass
