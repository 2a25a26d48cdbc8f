"""Which object stores are part of the execution plane, and what is kept in them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from astrovet import (
    Absent,
    Agent,
    Cloud,
    Context,
    Deployment,
    Known,
    Note,
    ObjectStore,
    Place,
    Requirement,
    Scopes,
    Unknown,
    Value,
    airflow,
)

LOGS, XCOMS, STATE, DAGS, SOMETHING = "task logs", "XCom values", "the state of tasks", "DAGs", "files of the agents"

PATHS = {airflow.XCOM_PATH: XCOMS, airflow.STATE_STORE_PATH: STATE, airflow.REMOTE_LOG_FOLDER: LOGS}
"""The variables of an agent that name a store as `scheme://bucket/folder`, and what they put there."""

LOST = "which folder it is cannot be told from the inputs"


class Use(NamedTuple):
    """Something of Astro that is kept in a store."""

    what: str
    store: str
    """What names the store there; empty where only a reference leads to it."""
    folder: Value[str]
    """What the names of its objects begin with; where it is unknown, its `prefix` is what is known of that."""
    place: Place
    """Where it is said."""
    owner: Place
    """The deployment or the agent that says it."""


def uses(store: ObjectStore, context: Context) -> tuple[Use, ...]:
    """What of Astro is kept in a store, by its name and by the references to it."""
    by_path = context.scopes.once(_named)
    names = (name.value for name in (store.name, *store.paths) if isinstance(name, Known))
    kept = [use for name in dict.fromkeys(names) for use in by_path.get(name, ())]
    owners = {use.owner for use in kept}
    kept_by = context.scopes.once(_referrers)
    kept += [
        Use(kept_by[owner], "", Unknown(LOST, owner), owner, owner)
        for owner in store.referrers
        if owner in kept_by and owner not in owners
    ]
    return tuple(_within_account(use) if store.cloud is Cloud.AZURE else use for use in kept)


def why_not_judged(store: ObjectStore, context: Context) -> str:
    """Why a store is no part of the execution plane; empty where it is, or has to count as one."""
    if uses(store, context):
        return ""
    if not context.estate.has_execution_plane and Requirement.CUSTOMER_EXECUTION_PLANE not in context.requires:
        return "no Remote Execution is in these inputs"
    if store.is_of_others:
        return "the agents' own stores are known, and nothing ties it to them"
    return "nothing of Astro names it, and something else uses it" if store.other_users else ""


def not_here(store: ObjectStore, context: Context) -> str:
    """The same for settings of the store itself, which only its own resource shows."""
    return why_not_judged(store, context) or ("" if store.managed else "the store itself is not in these inputs")


def for_development(kept: tuple[Use, ...], context: Context) -> bool:
    """Whether only development deployments and their agents keep something there."""
    return bool(kept) and all(use.owner in context.scopes.once(_in_development) for use in kept)


def described(kept: tuple[Use, ...]) -> str:
    """The store, in the words of a message."""
    if not kept:
        return "a store beside the agents"
    *others, last = dict.fromkeys(use.what for use in kept)
    return f"the store for {', '.join(others)} and {last}" if others else f"the store for {last}"


def named_at(kept: tuple[Use, ...]) -> tuple[Note, ...]:
    """The places that make a store one of Astro's."""
    return tuple(dict.fromkeys(Note(f"it is used here for {use.what}", use.place) for use in kept))


def _named(scopes: Scopes) -> dict[str, list[Use]]:
    """What the deployments and the agents say where to keep, by the name of the store."""
    by_store: dict[str, list[Use]] = {}
    said = [(deployment.place, _log_buckets(deployment)) for deployment in scopes.estate.of(Deployment)]
    said += [(agent.place, _paths(agent)) for agent in scopes.estate.of(Agent)]
    for owner, paths in said:
        for what, path in paths:
            name, folder = _split(path)
            use = Use(what, name, folder, path.place, owner)
            if name and use not in by_store.setdefault(name, []):
                by_store[name].append(use)
    return by_store


def _within_account(use: Use) -> Use:
    """The folder as lifecycle rules of Azure name it: from the container on."""
    match use.folder:
        case Known(folder, place) if use.store:
            return use._replace(folder=Known(f"{use.store}/{folder}", place))
        case Unknown(why, place, prefix=prefix, how=how) if use.store:
            return use._replace(folder=Unknown(why, place, prefix=f"{use.store}/{prefix}", how=how))
        case Known() | Unknown() | Absent():
            return use


def _referrers(scopes: Scopes) -> dict[Place, str]:
    """Who may refer to a store, and what for, where no name is known."""
    referrers = {deployment.place: LOGS for deployment in scopes.estate.of(Deployment)}
    referrers.update((agent.place, SOMETHING) for agent in scopes.estate.of(Agent))
    return referrers


def _in_development(scopes: Scopes) -> frozenset[Place]:
    """Development deployments, and the agents that serve one."""
    deployments = {
        deployment.place for deployment in scopes.estate.of(Deployment) if _is_set(deployment.is_development)
    }
    agents = {
        agent.place
        for agent in scopes.estate.of(Agent)
        if isinstance(agent.deployment.to, Known) and _is_set(agent.deployment.to.value.is_development)
    }
    return frozenset(deployments | agents)


def _is_set(flag: Value[bool]) -> bool:
    return isinstance(flag, Known) and flag.value


def _log_buckets(deployment: Deployment) -> Iterator[tuple[str, Value[str]]]:
    match deployment.remote_execution:
        case Known(remote):
            yield LOGS, remote.task_log_bucket
        case Unknown() | Absent():
            pass


def _paths(agent: Agent) -> Iterator[tuple[str, Value[str]]]:
    for name, what in PATHS.items():
        yield from ((what, path) for path in agent.variables(name))
    for argument in ("bucket_name", "container_name"):
        yield from ((DAGS, store) for store in agent.bundle_settings(argument))
    match agent.logging_sidecar.sinks:
        case Known(sinks) if not agent.logging_sidecar.is_off:
            yield from ((LOGS, _joined(sink.bucket, sink.folder)) for sink in sinks)
        case Known() | Unknown() | Absent():
            pass


def _joined(bucket: Value[str], folder: Value[str]) -> Value[str]:
    """A bucket and a folder that are given one by one, as a path; Vector fills in dates (`%F`) and fields (`{{ }}`)."""
    match bucket, folder:
        case Known(name, place), Known(text):
            fixed = re.split(r"%|\{\{", text, maxsplit=1)[0]
            whole = f"{name}/{fixed}"
            return Known(whole, place) if fixed == text else Unknown(LOST, place, prefix=whole)
        case Known(name, place), Unknown(prefix=prefix):
            return Unknown(LOST, place, prefix=f"{name}/{prefix}")
        case (Known() | Unknown() | Absent(), _):
            return bucket


def _split(path: Value[str]) -> tuple[str, Value[str]]:
    """The name of the store and the folder in it, of `scheme://connection@name/folder`."""
    match path:
        case Known(text, place):
            name, _, folder = _without_scheme(text).partition("/")
            return name, Known(_as_folder(folder), place)
        case Unknown(why, place, prefix=prefix, how=how):
            name, slash, folder = _without_scheme(prefix).partition("/")
            return (name if slash else ""), Unknown(why, place, prefix=folder, how=how)
        case Absent():
            return "", path


def _as_folder(path: str) -> str:
    """What the names of the objects in a folder begin with."""
    return f"{path.rstrip('/')}/" if path.strip("/") else ""


def _without_scheme(path: str) -> str:
    scheme, separator, rest = path.partition("://")
    rest = rest if separator else scheme
    user, at_sign, host = rest.partition("/")[0].rpartition("@")
    # `container@account.dfs.core.windows.net` names the container first; elsewhere a connection stands there.
    if at_sign and ".core." in host:
        return f"{user}/{rest.partition('/')[2]}"
    return rest[len(user) + len(at_sign) :]
