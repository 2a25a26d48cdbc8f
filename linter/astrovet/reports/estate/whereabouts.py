"""Where data lies: the DAGs, secrets, XComs and logs of agents, and what a hosted deployment keeps elsewhere.

Words of ours, and names that may be shown; what nobody may see is said to be there and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from astrovet import airflow
from astrovet.model.agent import Agent
from astrovet.model.component import ComponentKind
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate
from astrovet.model.logging_sidecar import LoggingSidecar
from astrovet.model.storage import Cloud, ObjectStore
from astrovet.model.subject import Subject, label
from astrovet.reports.estate.picture import Plane
from astrovet.secrecy import NOT_SHOWN, showable, shown
from astrovet.value import Absent, Known, Unknown, Value, boolean

SYSTEMS = {
    "VaultBackend": "HashiCorp Vault",
    "SecretsManagerBackend": "AWS Secrets Manager",
    "SystemsManagerParameterStoreBackend": "AWS Parameter Store",
    "CloudSecretManagerBackend": "Google Secret Manager",
    "AzureKeyVaultBackend": "Azure Key Vault",
    "LockboxSecretBackend": "Yandex Lockbox",
    "GitDagBundle": "a Git repository",
    "S3DagBundle": "Amazon S3",
    "GCSDagBundle": "Google Cloud Storage",
}
"""What Airflow's classes talk to."""
SCHEMES = {
    "s3": "Amazon S3",
    "gs": "Google Cloud Storage",
    "gcs": "Google Cloud Storage",
    "abfs": "Azure Storage",
    "abfss": "Azure Storage",
    "wasb": "Azure Storage",
}
LOCAL = {"LocalDagBundle": "a folder in the Pod", "LocalFilesystemBackend": "a file in the Pod"}


UNKNOWN = "unknown"


class Whereabouts(NamedTuple):
    """Where something lies."""

    words: str
    is_known: bool = True
    plane: Plane | None = None
    """Absent where it lies in the thing itself, or nowhere: then it has no box."""
    identity: object = None
    """What tells it from others that are called the same."""
    subject: Subject | None = None


NOBODY_KNOWS = Whereabouts(UNKNOWN, is_known=False)
AT_ASTRONOMER = Whereabouts("at Astronomer")
DATABASE = Whereabouts("Airflow's database at Astronomer", plane=Plane.ORCHESTRATION, identity="database")


def kept_by_agent(agent: Agent, estate: Estate) -> Iterator[tuple[str, Iterable[Whereabouts]]]:
    """What an agent works with, and where that lies."""
    yield "DAGs", _dags(agent)
    yield "secrets", _secrets(agent)
    yield "XComs", _xcoms(agent, estate)
    yield "logs", _logs(agent, estate)


def kept_by_deployment(deployment: Deployment, estate: Estate) -> Iterator[tuple[str, Iterable[Whereabouts]]]:
    """What a deployment keeps elsewhere, whose tasks run at Astronomer."""
    backend = deployment.variable(airflow.SECRETS_BACKEND)
    yield "secrets", [AT_ASTRONOMER if isinstance(backend, Absent) else _of_class(backend, Plane.EXECUTION)]
    yield "XComs", [_of_address(deployment.variable(airflow.XCOM_PATH), estate, AT_ASTRONOMER)]


def _dags(agent: Agent) -> Iterator[Whereabouts]:
    bundles = agent.bundles()
    for bundle in bundles:
        yield _of_class(bundle.classpath, Plane.OUTSIDE)
    if not bundles:
        match agent.dag_bundles.raw:
            case Absent():
                yield Whereabouts("in no bundle that is set")
            case Known() | Unknown():
                yield NOBODY_KNOWS


def _secrets(agent: Agent) -> Iterator[Whereabouts]:
    for configured in agent.secrets:
        yield _of_class(configured.backend, Plane.EXECUTION)
    if not agent.secrets:
        yield _of_class(agent.secrets_backend, Plane.EXECUTION)


def _of_class(classpath: Value[str], plane: Plane) -> Whereabouts:
    """The system behind a class of Airflow's; a class of people's own is only said to be one."""
    match classpath:
        case Known(path, sensitive=False) if showable(path):
            name = path.rpartition(".")[2]
            if name in LOCAL:
                return Whereabouts(LOCAL[name])
            return Whereabouts(SYSTEMS.get(name, name), plane=plane, identity=(plane, path))
        case Known(path):
            return Whereabouts("a class of your own", plane=plane, identity=(plane, path))
        case Unknown():
            return NOBODY_KNOWS
        case Absent():
            return Whereabouts("none set")


def _xcoms(agent: Agent, estate: Estate) -> Iterator[Whereabouts]:
    match agent.xcom_backend:
        case Known():
            for path in agent.variables(airflow.XCOM_PATH):
                yield _of_address(path, estate, NOBODY_KNOWS)
        case Unknown():
            yield NOBODY_KNOWS
        case Absent():
            yield DATABASE


def _logs(agent: Agent, estate: Estate) -> Iterator[Whereabouts]:
    """Where the sidecar sends them, and where Airflow itself does."""
    places = list(_sent(agent.logging_sidecar, estate))
    for upload in agent.variables(airflow.REMOTE_LOGGING, ComponentKind.WORKER):
        match boolean(_lower(upload)):
            case Known(True):
                folders = agent.variables(airflow.REMOTE_LOG_FOLDER, ComponentKind.WORKER)
                places.extend(_of_address(folder, estate, NOBODY_KNOWS) for folder in folders)
            case Unknown():
                places.append(NOBODY_KNOWS)
            case Known() | Absent():
                pass
    yield from places or (Whereabouts("sent nowhere"),)


def _sent(sidecar: LoggingSidecar, estate: Estate) -> Iterator[Whereabouts]:
    if sidecar.is_off:
        return
    match sidecar.sinks:
        case Known(sinks) if sinks and isinstance(sidecar.enabled, Known):
            for sink in sinks:
                if isinstance(sink.bucket, Absent):
                    yield from (_of_address(address, estate, NOBODY_KNOWS) for address in sink.addresses)
                else:
                    yield _of_bucket(sink.bucket, estate)
        case Known() | Unknown() | Absent():
            yield NOBODY_KNOWS


def _lower(value: Value[str]) -> Value[str]:
    """Airflow reads True as true."""
    return replace(value, value=value.value.lower()) if isinstance(value, Known) else value


def _of_address(address: Value[str], estate: Estate, unset: Whereabouts) -> Whereabouts:
    """The object store that an address leads to, where that is in the inputs; else what kind of address it is."""
    match address:
        case Known(text):
            scheme, separator, rest = text.partition("://")
            before, _, after = rest.partition("/")[0].rpartition("@")
            for store in estate.of(ObjectStore) if separator else ():
                if _is_called(store, before if store.cloud is Cloud.AZURE and before else after):
                    return _of_store(store)
            if scheme == "file" or not separator:
                return Whereabouts("a folder in the Pod")
            words = SCHEMES.get(scheme, shown(address))
            return Whereabouts(
                "an address that is not shown" if words == NOT_SHOWN else words, True, Plane.EXECUTION, text
            )
        case Unknown():
            return NOBODY_KNOWS
        case Absent():
            return unset


def _of_bucket(bucket: Value[str], estate: Estate) -> Whereabouts:
    match bucket:
        case Known(name):
            for store in estate.of(ObjectStore):
                if _is_called(store, name):
                    return _of_store(store)
            return Whereabouts("a bucket", plane=Plane.EXECUTION, identity=("bucket", name))
        case Unknown() | Absent():
            return NOBODY_KNOWS


def _is_called(store: ObjectStore, name: str) -> bool:
    return any(isinstance(path, Known) and path.value == name for path in store.paths)


def _of_store(store: ObjectStore) -> Whereabouts:
    return Whereabouts(label(store), plane=Plane.EXECUTION, identity=store.place, subject=store)
