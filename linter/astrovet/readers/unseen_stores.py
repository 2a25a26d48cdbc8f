"""Object stores that agents, and Astro for them, are told of, and that are in no input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from astrovet import airflow
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate
from astrovet.model.storage import Cloud, ObjectStore
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.value import Absent, Known, Unknown, Value

KEPT_IN = (airflow.XCOM_PATH, airflow.REMOTE_LOG_FOLDER, airflow.STATE_STORE_PATH)
"""The settings that name where agents keep what they write."""
CLOUDS: Mapping[str, Cloud] = {
    "s3": Cloud.AMAZON, "s3a": Cloud.AMAZON, "gs": Cloud.GOOGLE, "gcs": Cloud.GOOGLE,
    **dict.fromkeys(("abfs", "abfss", "wasb", "wasbs", "adl", "az"), Cloud.AZURE),
}  # fmt: skip
"""Whose store an address of a scheme names; other schemes name no store: a folder, CloudWatch."""
AZURE_HOSTS = ".core.windows.net"
AZURE_FOLDER = "wasb"
"""What Airflow knows a folder of logs on Azure by; its container is named elsewhere."""


def unseen_stores(estate: Estate) -> Iterator[BlindSpot]:
    """One blind spot for each setting of an object, or of the instances of a block."""
    stores = [store for store in estate.of(ObjectStore) if store.managed]
    missing: dict[tuple[str, str], tuple[Place, list[Subject]]] = {}
    for subject, setting, value in _named(estate):
        if not _is_seen(setting, value, stores):
            missing.setdefault((subject.block, setting), (value.place, []))[1].append(subject)
    for (block, setting), (place, subjects) in missing.items():
        yield BlindSpot(
            id=f"{setting} of {block}",
            what=f"no input shows the object store that {setting} names",
            how="scan the root module, or the plan, that makes it",
            place=place,
            decides=(ObjectStore,),
            concerns=tuple(subjects),
            is_implied=True,
        )


def _named(estate: Estate) -> Iterator[tuple[Subject, str, Value[str]]]:
    for agent in estate.of(Agent):
        for setting in KEPT_IN:
            for value in agent.variables(setting):
                if isinstance(value, Known) or (isinstance(value, Unknown) and agent.complete):
                    yield agent, setting, value
    for deployment in estate.of(Deployment):
        if isinstance(deployment.remote_execution, Known):
            yield deployment, "task_log_bucket", deployment.remote_execution.value.task_log_bucket


def _is_seen(setting: str, value: Value[str], stores: list[ObjectStore]) -> bool:
    """Whether the store that a value names is in the inputs, or may be; also where it names none."""
    match value:
        case Absent():
            return True
        case Unknown(origins=origins, prefix=prefix):
            ids = {store.id for store in stores} | {store.block for store in stores}
            return not ids.isdisjoint(origins) or ("://" in prefix and _store(prefix)[0] is None)
        case Known(address):
            cloud, name = _store(address)
    if setting == "task_log_bucket" and "://" not in address:
        return any(_may_be(address, store) for store in stores)
    if cloud is None:
        return True
    return any(store.cloud is cloud and (not name or _may_be(name, store)) for store in stores)


def _may_be(name: str, store: ObjectStore) -> bool:
    return any(
        path.value == name if isinstance(path, Known) else isinstance(path, Unknown) and name.startswith(path.prefix)
        for path in store.paths
    )


def _store(address: str) -> tuple[Cloud | None, str]:
    """The cloud and the name of the store in an address such as `s3://conn@claims-xcom/prod`; None where it names none.

    On Azure the name is that of the container, which stands before the account: `abfss://xcom@claims.dfs.core.windows.net`.
    """
    scheme, separator, rest = address.partition("://")
    if not separator:
        return (Cloud.AZURE, "") if address.startswith(AZURE_FOLDER) else (None, "")
    user, _, host = rest.partition("/")[0].rpartition("@")
    is_account = host.endswith(AZURE_HOSTS)
    return CLOUDS.get(scheme.lower()), user if is_account else host
