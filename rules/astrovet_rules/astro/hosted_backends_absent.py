"""A deployment with PHI on a dedicated cluster must keep secrets and XComs out of Airflow's database.

## Why

Without a backend for XComs, what a task hands to the next one is stored as it is in the metadata database, PHI
included. HIPAA makes keeping PHI out of unencrypted XComs your part. Secrets that are not in a secrets backend
lie in Astro's own variables and connections, where secret variables are the least that is asked for.

## Fix

    environment_variables = [
      { key = "AIRFLOW__CORE__XCOM_BACKEND", is_secret = false,
        value = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend" },
      { key = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", value = "s3://acme-phi-xcom/claims", is_secret = false },
      { key = "AIRFLOW__SECRETS__BACKEND", is_secret = false,
        value = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend" },
    ]

## Not reported

Variables of these names in an `astro_environment_object` of the deployment or of its workspace. What an image
sets does not show: run with `--ignore AST015` where it does. Remote Execution has rules of its own.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Context,
    Deployment,
    DeploymentModel,
    EnvironmentObject,
    Known,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    first_unknown,
    known_values,
    not_applicable,
    rule,
    undecided,
)

XCOMS = f"set {airflow.XCOM_BACKEND} to a backend of yours, with a bucket that is encrypted"
SECRETS = f"set {airflow.SECRETS_BACKEND} to a backend of yours, or see that every secret variable is marked"


@rule(
    "AST015",
    "hosted-backends-absent",
    on=Deployment,
    severity=Severity.MEDIUM,
    when=("hipaa",),
    sources=("S000-41", "S003-16", "DG:hipaa-compliance"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    match deployment.model:
        case Known(DeploymentModel.DEDICATED):
            yield from _judge(deployment, [*_written(deployment), *_linked(deployment, context)])
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            yield not_applicable("its tasks do not run on a dedicated cluster of Astro's")


def _judge(deployment: Deployment, names: list[Value[str]]) -> Verdicts:
    known = {*known_values(names)}
    gap = first_unknown(names)
    place = deployment.environment.place
    has_xcoms, has_secrets = bool(known & {airflow.XCOM_BACKEND, airflow.XCOM_PATH}), airflow.SECRETS_BACKEND in known
    if gap is not None and not (has_xcoms and has_secrets):
        yield undecided(gap)
        return
    if not has_xcoms:
        message = "XComs stay in the metadata database: no backend is set"
        yield fail(place, message, remedy=XCOMS, about="xcoms")
    if not has_secrets:
        yield fail(place, "no secrets backend is set", remedy=SECRETS, severity=Severity.LOW, about="secrets")


def _written(deployment: Deployment) -> Iterator[Value[str]]:
    match deployment.environment:
        case Known(variables):
            yield from (variable.name for variable in variables)
        case Unknown() as unknown:
            yield unknown
        case Absent():
            pass


def _linked(deployment: Deployment, context: Context) -> Iterator[Value[str]]:
    """The names of variables that objects of the deployment, or of its workspace, may set."""
    for thing in context.estate.of(EnvironmentObject):
        match thing.type:
            case Known("ENVIRONMENT_VARIABLE") if _may_reach(thing, deployment):
                yield thing.name
            case Known() | Unknown() | Absent():
                pass


def _may_reach(owned: EnvironmentObject, deployment: Deployment) -> bool:
    around = {workspace.place for workspace in deployment.workspace.candidates}
    own = deployment.place in {owner.place for owner in owned.deployment.candidates}
    return own or bool(around & {workspace.place for workspace in owned.workspace.candidates})
