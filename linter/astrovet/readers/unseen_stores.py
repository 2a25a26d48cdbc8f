"""Object stores that agents, and Astro for them, are told of, and that are in no input."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from astrovet import airflow
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate
from astrovet.model.link import several
from astrovet.model.storage import Cloud, ObjectStore
from astrovet.model.subject import Subject
from astrovet.readers.doubtful import doubtful
from astrovet.terraform.resource import is_of_missing_module
from astrovet.value import Absent, Known, Unknown, Value

KEPT_IN = (airflow.XCOM_PATH, airflow.REMOTE_LOG_FOLDER, airflow.STATE_STORE_PATH)
"""The settings that name where agents keep what they write."""
CLOUDS: Mapping[str, Cloud] = {
    "s3": Cloud.AMAZON, "s3a": Cloud.AMAZON, "gs": Cloud.GOOGLE, "gcs": Cloud.GOOGLE,
    **dict.fromkeys(("abfs", "abfss", "wasb", "wasbs", "adl", "az"), Cloud.AZURE),
}  # fmt: skip
"""Whose store an address of a scheme names; other schemes name no store: a folder, CloudWatch."""
BUNDLES: Mapping[str, Cloud] = {
    "S3DagBundle": Cloud.AMAZON, "GCSDagBundle": Cloud.GOOGLE, "WasbDagBundle": Cloud.AZURE,
}  # fmt: skip
"""The classes of DAG bundles of Airflow's providers that read from a store, by the ends of their names."""
BUNDLE_STORES = ("bucket_name", "container_name")
"""The arguments that name the store: on Amazon and Google, on Azure (apache-airflow-providers-microsoft-azure 15.3)."""
GIVE_NAME = "scan the plan that makes it, or give the variables in its name their values"
AZURE_HOSTS = ".core.windows.net"
ACCOUNT = re.compile(r"([a-z0-9]{3,24})\.(?:blob|dfs)\.core\.windows\.net")
"""Where a connection says which storage account it leads to."""
AZURE_FOLDER = "wasb"
"""What Airflow knows a folder of logs on Azure by; its container is named elsewhere."""


class NamedStore(Struct, frozen=True):
    """A store that something of Astro is told of."""

    subject: Subject
    setting: str
    value: Value[str]
    cloud: Cloud | None = None
    """Whose store it is; None where the value itself tells, or nothing does."""
    is_name: bool = False
    """The value is the store's name; else an address, and one without a scheme names none."""


def unseen_stores(estate: Estate) -> Iterator[BlindSpot]:
    """One blind spot for each setting of an object, or of the instances of a block; for each cause that settings share.

    What comes of a module that is not at hand is told with that.
    """
    missing: dict[tuple[str, ...], list[NamedStore]] = {}
    for named in not_seen(estate):
        if not is_of_missing_module(named.value):
            missing.setdefault(_cause(named), []).append(named)
    for together in missing.values():
        first = together[0]
        settings = tuple(dict.fromkeys(named.setting for named in together))
        names = f"the object store that {first.setting} names"
        if len(settings) > 1 and isinstance(first.value, Unknown):
            names = f"the object stores that {several(settings)} name: {first.value.why}"
        stores = (store for store in estate.of(ObjectStore) if store.managed and _may_be(first, store))
        store = next(stores, None)
        yield BlindSpot(
            id=f"{first.setting} of {first.subject.block}",
            what=f"no input shows {names}"
            if store is None
            else f"whether {store.block} is {names} cannot be told: its whole name is in no input",
            how="scan the root module, or the plan, that makes it" if store is None else GIVE_NAME,
            place=first.value.place,
            decides=(ObjectStore,),
            concerns=tuple({id(named.subject): named.subject for named in together}.values()),
            is_implied=True,
        )


def _cause(named: NamedStore) -> tuple[str, ...]:
    """What is the same of stores that are told together: what Terraform does not tell; else who names them, and how."""
    match named.value:
        case Unknown(why, origins=origins) if origins or why.startswith("module."):
            return (named.value.place.path, why, *origins)
        case Known() | Unknown() | Absent():
            return (named.subject.block, named.setting)


def doubtful_stores(estate: Estate) -> Iterator[BlindSpot]:
    """Stores that are named, and of which it cannot be told whether they are made; one for each block."""
    unsure = [store for store in estate.of(ObjectStore) if store.managed and store.doubt is not None]
    named = tuple(_named(estate)) if unsure else ()
    for store in {store.block: store for store in reversed(unsure)}.values():
        using = {id(one.subject): one.subject for one in named if _names(one, store)}
        if using and store.doubt is not None:
            yield doubtful(store, "which is named as a store", store.doubt, tuple(using.values()))


def _names(named: NamedStore, store: ObjectStore) -> bool:
    """Whether something is told of just this store, or may be."""
    is_address = isinstance(named.value, Known) and not named.is_name and "://" not in named.value.value
    return not isinstance(named.value, Absent) and not is_address and _is_seen(named, [store])


def not_seen(estate: Estate) -> Iterator[NamedStore]:
    """The stores that are named and that no input makes."""
    stores = [store for store in estate.of(ObjectStore) if store.managed]
    yield from (named for named in _named(estate) if not _is_seen(named, stores))


def may_be_named(store: ObjectStore, wanted: Iterable[NamedStore]) -> bool:
    """Whether a store of a root module that nobody asked for is one of these: by its name, or by how that begins."""
    for named in wanted:
        address = named.value.value if isinstance(named.value, Known) else ""
        if (_cloud_and_name(named, address)[1] and _is_called(named, address, store)) or _may_be(named, store):
            return True
    return False


def _may_be(named: NamedStore, store: ObjectStore) -> bool:
    """Whether a store of which only the beginning of the name is known may be just this one."""
    address = named.value.value if isinstance(named.value, Known) else ""
    cloud, name = _cloud_and_name(named, address)
    begins = any(isinstance(path, Unknown) and path.prefix and name.startswith(path.prefix) for path in store.paths)
    return bool(name) and begins and cloud in {None, store.cloud} and _is_in_account(named, address, store)


def told_apart(estate: Estate) -> Estate:
    """The estate with what is known of whose stores they are, once all inputs are read.

    Where each agent names its stores and all of them are in the inputs, the others are none of theirs, unless a
    reference, a grant or their own block ties them to the agents.
    """
    stores, agents = estate.of(ObjectStore), estate.of(Agent)
    named = tuple(_named(estate)) if stores else ()
    owners = {id(one.subject) for one in named}
    if not stores or not agents or any(id(agent) not in owners or not agent.complete for agent in agents):
        return estate
    own: set[str] = set()
    for one in named:
        address = one.value.value if isinstance(one.value, Known) else ""
        cloud, name = _cloud_and_name(one, address)
        if isinstance(one.value, Absent) or (address and cloud is None and not name):
            continue
        theirs = [store for store in stores if name and store.managed and _is_called(one, address, store)]
        if not theirs:
            return estate
        own.update(store.block for store in theirs)
    return estate.with_all(
        ObjectStore, tuple(replace(store, is_of_others=_is_of_others(store, own)) for store in stores)
    )


def _is_of_others(store: ObjectStore, own: set[str]) -> bool:
    return bool(own) and store.block not in own and not store.referrers and not store.is_granted


def _is_called(named: NamedStore, address: str, store: ObjectStore) -> bool:
    """Whether an address leads to just this store; without a name, to any store of its cloud."""
    cloud, name = _cloud_and_name(named, address)
    has_name = not name or any(isinstance(path, Known) and path.value == name for path in store.paths)
    return has_name and cloud in {None, store.cloud} and _is_in_account(named, address, store)


def _is_in_account(named: NamedStore, address: str, store: ObjectStore) -> bool:
    """Whether the account that an address or its connection names is this one, as far as both are known."""
    if store.cloud is not Cloud.AZURE or not isinstance(store.name, Known):
        return True
    accounts = set(_accounts(named, address))
    return not accounts or store.name.value in accounts


def _accounts(named: NamedStore, address: str) -> Iterator[str]:
    before, _, host = address.partition("://")[2].partition("/")[0].rpartition("@")
    if host.endswith(AZURE_HOSTS):
        yield host.partition(".")[0]
    elif before and isinstance(named.subject, Agent):
        for connection in named.subject.variables(airflow.CONNECTION + before.upper()):
            if isinstance(connection, Known):
                yield from ACCOUNT.findall(re.sub("%2f", "/", connection.value, flags=re.IGNORECASE))


def _named(estate: Estate) -> Iterator[NamedStore]:
    for agent in estate.of(Agent):
        for named in _of_agent(agent):
            match named.value:
                case Known():
                    yield named
                case Unknown(why) if agent.complete and (agent.unread is None or agent.unread.why != why):
                    yield named  # else it stands in a layer that is told for itself
                case Unknown() | Absent():
                    pass
    for deployment in estate.of(Deployment):
        if isinstance(deployment.remote_execution, Known):
            logs = deployment.remote_execution.value.task_log_bucket
            yield NamedStore(deployment, "task_log_bucket", logs, is_name=True)


def _of_agent(agent: Agent) -> Iterator[NamedStore]:
    for setting in KEPT_IN:
        yield from (NamedStore(agent, setting, value) for value in agent.variables(setting))
    for bundle in agent.bundles():
        by_class = bundle.classpath.value if isinstance(bundle.classpath, Known) else ""
        cloud = next((cloud for part, cloud in BUNDLES.items() if part in by_class), None)
        for argument in BUNDLE_STORES:
            yield NamedStore(agent, f"{argument} of a DAG bundle", bundle.argument(argument), cloud, is_name=True)
    sidecar = agent.logging_sidecar
    if not sidecar.is_off and isinstance(sidecar.sinks, Known):
        for sink in sidecar.sinks.value:
            yield NamedStore(agent, "a sink of the logging sidecar", sink.bucket, is_name=True)


def _is_seen(named: NamedStore, stores: list[ObjectStore]) -> bool:
    """Whether the store that a value names is in the inputs, or may be; also where it names none."""
    match named.value:
        case Absent() | Known(""):
            return True
        case Unknown(prefix=prefix) as unknown:
            cloud, name = _cloud_and_name(named, prefix)
            if "://" in prefix and cloud is None:
                return True
            ids = {store.id for store in stores} | {store.block for store in stores}
            return not ids.isdisjoint(unknown.origins) or any(
                cloud in {None, store.cloud} and _may_both_be(name, unknown, store) for store in stores
            )
        case Known(address):
            cloud, name = _cloud_and_name(named, address)
    if cloud is None and not (named.is_name and "://" not in address):
        return True
    return any(_is_called(named, address, store) for store in stores)


def _cloud_and_name(named: NamedStore, address: str) -> tuple[Cloud | None, str]:
    return (named.cloud, address) if named.is_name and "://" not in address else _store(address)


def _may_both_be(name: str, unknown: Unknown, store: ObjectStore) -> bool:
    """Whether two names that are known in part, one of which begins like this, may be made of the same parts."""
    return any(
        isinstance(path, Unknown)
        and not set(path.origins).isdisjoint(unknown.origins)
        and (path.prefix.startswith(name) or name.startswith(path.prefix))
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
