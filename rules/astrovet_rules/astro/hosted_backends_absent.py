"""A deployment with PHI on a dedicated cluster must keep secrets and XComs out of Airflow's database.

## Why

Without a backend for XComs, or with a threshold other than 0, what a task hands to the next one is stored as it is
in the metadata database, PHI included. HIPAA makes keeping PHI out of unencrypted XComs your part. Secrets that are
not in a secrets backend lie in Astro's own variables and connections, where secret variables are the least that is
asked for.

## Fix

    environment_variables = [
      { key = "AIRFLOW__CORE__XCOM_BACKEND", is_secret = false,
        value = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend" },
      { key = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", value = "s3://acme-phi-xcom/claims", is_secret = false },
      { key = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD", value = "0", is_secret = false },
      { key = "AIRFLOW__SECRETS__BACKEND", is_secret = false,
        value = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend" },
    ]

## Not reported

Variables of these names in an `astro_environment_object` of the deployment or of its workspace. What an image
sets does not show: run with `--ignore AST015` where it does. Remote Execution has rules of its own.
"""

from collections.abc import Callable

from astrovet import (
    Absent,
    ComponentEnvironment,
    Context,
    Deployment,
    DeploymentModel,
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
from astrovet_rules.settings.hosted import environment_of
from astrovet_rules.settings.xcoms import NO_PATH, NO_THRESHOLD, path_fault, stays_in_database, threshold_fault
from astrovet_rules.tables.secrets_backends import LOCAL_BACKENDS
from astrovet_rules.tables.xcom_backends import OBJECT_STORAGE_BACKEND

XCOMS = f"set {airflow.XCOM_BACKEND}, {airflow.XCOM_PATH} to an encrypted bucket, and {airflow.XCOM_THRESHOLD} to 0"
SECRETS = f"set {airflow.SECRETS_BACKEND} to a backend of yours, or see that every secret variable is marked"


@rule(
    "AST015",
    "hosted-backends-absent",
    on=Deployment,
    severity=Severity.MEDIUM,
    when=("hipaa",),
    sources=("S000-41", "S003-15", "S003-16", "DG:hipaa-compliance"),
    controls=("45 CFR 164.312(a)(1)", "45 CFR 164.312(e)(1)"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    match deployment.model:
        case Known(DeploymentModel.DEDICATED):
            environment = environment_of(deployment, context)
            yield from _xcoms(environment)
            yield from _secrets(environment)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            yield not_applicable("its tasks do not run on a dedicated cluster of Astro's")


def _xcoms(environment: ComponentEnvironment) -> Verdicts:
    match environment.value(airflow.XCOM_BACKEND):
        case Absent(place):
            message = "XComs stay in the metadata database: no backend is set"
            yield fail(place, message, remedy=XCOMS, about="xcoms")
        case Known(backend, place) if not backend or stays_in_database(backend):
            yield fail(place, "this XCom backend keeps XComs in the metadata database", remedy=XCOMS, about="xcoms")
        case Known(backend) if backend == OBJECT_STORAGE_BACKEND:
            yield from _setting(environment.value(airflow.XCOM_PATH), path_fault, NO_PATH, "path")
            yield from _setting(environment.value(airflow.XCOM_THRESHOLD), threshold_fault, NO_THRESHOLD, "threshold")
        case Unknown() as unknown:
            yield undecided(unknown, "xcoms")
        case Known():
            pass


def _setting(value: Value[str], fault: Callable[[str], str], absent: str, about: str) -> Verdicts:
    match value:
        case Known(text, place) if message := fault(text) if text.strip() else absent:
            yield fail(place, message, remedy=XCOMS, about=about)
        case Absent(place):
            yield fail(place, absent, remedy=XCOMS, about=about)
        case Unknown() as unknown:
            yield undecided(unknown, about)
        case Known():
            pass


def _secrets(environment: ComponentEnvironment) -> Verdicts:
    match environment.value(airflow.SECRETS_BACKEND):
        case Known("", place) | Absent(place):
            yield fail(place, "no secrets backend is set", remedy=SECRETS, severity=Severity.LOW, about="secrets")
        case Known(backend, place) if backend in LOCAL_BACKENDS:
            message = f"this secrets backend reads {LOCAL_BACKENDS[backend]}, not an external store"
            yield fail(place, message, remedy=SECRETS, severity=Severity.LOW, about="secrets")
        case Unknown() as unknown:
            yield undecided(unknown, "secrets")
        case Known():
            pass
