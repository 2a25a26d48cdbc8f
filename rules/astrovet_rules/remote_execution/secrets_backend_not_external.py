"""Connections and variables of an agent must come from a secrets backend outside Airflow.

## Why

The chart's template starts with a backend that reads files in the container: the secrets then lie in an
image or on a volume, unrotated and without a trail of who read them. Where no backend finds a connection,
Airflow asks Astro's orchestration plane for it, and the secrets have to be kept there instead.

## Fix

Name the backend of the store that you run, or a class of your own.

Before:

    secretBackend: airflow.secrets.local_filesystem.LocalFilesystemBackend

After:

    secretBackend: airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend

## Not reported

Any other class; where a declared requirement makes it matter, REX039 asks about those of no provider that astrovet
knows. A component that `AIRFLOW__WORKERS__SECRETS_BACKEND` gives an external backend, which wins over
`secretBackend`. A set that is only one layer of the values.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.settings.class_paths import ASKED, is_asked_about
from astrovet_rules.tables.secrets_backends import BACKENDS, LOCAL_BACKENDS

SECRETS = (*BACKENDS, *LOCAL_BACKENDS)
REMEDY = "set secretBackend to the class of your secrets store"
LAYER = "another layer of the values may name another secrets backend"
ALL_LAYERS = "scan all layers together"


@rule(
    "REX001",
    "secrets-backend-not-external",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL, "customer-execution-plane": Severity.CRITICAL},
    sources=("S003-10", "S003-25", "D:remote-execution-configure-secrets-backend", "T2", "P:apache-airflow-core"),
    controls=("DORA Art. 9", "SOC 2 CC6.1"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for secrets in agent.secrets:
        match secrets.backend:
            case Absent() as absent:
                yield fail(absent, "no secrets backend is set", remedy=REMEDY)
            case Known(backend, place) if backend in LOCAL_BACKENDS and not agent.complete:
                yield undecided(Unknown(LAYER, place, how=ALL_LAYERS))
            case Known(backend, place) if backend in LOCAL_BACKENDS:
                message = f"this secrets backend reads {LOCAL_BACKENDS[backend]}, not an external store"
                yield fail(place, message, remedy=REMEDY)
            case Known(backend) if is_asked_about(backend, SECRETS, context):
                yield not_applicable(ASKED)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known():
                pass
