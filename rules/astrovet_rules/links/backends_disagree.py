"""What a deployment and its agents both set of backends and of log storage must be the same.

## Why

The agents write XComs, state and task logs; Astro is told where they are only to read them. Where the two
name different backends or buckets, Astro shows no logs and no values, and somebody grants it access to a
bucket that it was never to read.

## Fix

Write the same class and the same bucket on both sides, or take the setting out of the deployment: Astro
needs none of them to schedule tasks.

Before, where the agents write to `s3://acme-claims-logs/prod`:

    remote_execution = {
      enabled         = true
      task_log_bucket = "s3://acme-logs"
    }

After:

    remote_execution = {
      enabled         = true
      task_log_bucket = "s3://acme-claims-logs"
    }

## Not reported

A setting that only one side has; folders that differ inside of one bucket; another notation of the same (`s3a://`,
`abfss://container@account…`). Where Azure's account or container is written on one side only: undecided.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from astrovet import (
    Absent,
    Agent,
    ComponentKind,
    Context,
    Deployment,
    Known,
    Note,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    first_gap_only,
    rule,
    undecided,
)
from astrovet_rules.links.serving import note, without_deployment

REMEDY = "write the same on both sides, or take it out of the deployment"


AZURE = "azure"
STORES = {
    "s3a": "s3", "s3n": "s3", "gcs": "gs", "abfs": AZURE, "abfss": AZURE, "adl": AZURE, "wasb": AZURE, "wasbs": AZURE,
}  # fmt: skip
"""Schemes that open the same store."""


class Parts(NamedTuple):
    """A store, whatever it is called: what is empty is not known."""

    store: str
    account: str
    container: str


class SharedSetting(NamedTuple):
    """Something that both sides may set."""

    what: str
    in_astro: Value[str]
    of_agents: Iterable[Value[str]]
    is_path: bool = False
    """Only its bucket counts."""


@rule(
    "LNK005",
    "backends-disagree",
    on=Agent,
    severity=Severity.MEDIUM,
    sources=("S003-10", "S003-19", "TF"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.deployment.to:
        case Known(deployment):
            yield from first_gap_only(
                outcome
                for setting in _settings(agent, deployment)
                for outcome in _compared(setting, note(agent, deployment))
            )
        case Unknown() | Absent():
            yield from without_deployment(agent)


def _settings(agent: Agent, deployment: Deployment) -> Iterator[SharedSetting]:
    worker = ComponentKind.WORKER
    yield SharedSetting(
        airflow.SECRETS_BACKEND,
        deployment.variable(airflow.SECRETS_BACKEND),
        [secrets.backend for secrets in agent.secrets],
    )
    yield SharedSetting(airflow.XCOM_BACKEND, deployment.variable(airflow.XCOM_BACKEND), [agent.xcom_backend])
    store = agent.state_store_backend
    stores = agent.variables(airflow.WORKERS_STATE_STORE, worker) if isinstance(store, Absent) else (store,)
    yield SharedSetting(airflow.WORKERS_STATE_STORE, deployment.variable(airflow.WORKERS_STATE_STORE), stores)
    for path in (airflow.XCOM_PATH, airflow.STATE_STORE_PATH, airflow.REMOTE_LOG_FOLDER):
        yield SharedSetting(path, deployment.variable(path), agent.variables(path, worker), is_path=True)
    match deployment.remote_execution:
        case Known(remote):
            folders = agent.variables(airflow.REMOTE_LOG_FOLDER, worker)
            yield SharedSetting("task_log_bucket", remote.task_log_bucket, folders, is_path=True)
        case Unknown() | Absent():
            pass


def _compared(setting: SharedSetting, deployment: Note) -> Verdicts:
    what, in_astro = setting.what, setting.in_astro
    for of_agents in setting.of_agents:
        match in_astro, of_agents:
            case (Absent() | Known(""), _) | (_, Absent() | Known("")):
                pass
            case Known(one, place), Known(other, written) if setting.is_path and _is_open(one, other):
                why = (
                    f"whether the agents use the same store as the deployment's {what} cannot be told from these names"
                )
                yield undecided(Unknown(why, written), about=what)
            case Known(one, place), Known(other, written) if _differ(one, other, is_path=setting.is_path):
                kind = "bucket" if setting.is_path else "class"
                message = f"the agents use another {kind} than the deployment's {what}"
                yield fail(written, message, remedy=REMEDY, related=(Note(f"{what}", place), deployment), about=what)
                return
            case (Unknown() as unknown, _) | (_, Unknown() as unknown):
                yield undecided(unknown, about=what)
            case (Known(), _):
                pass


def _differ(one: str, other: str, *, is_path: bool) -> bool:
    if not is_path:
        return one.strip() != other.strip()
    return any(mine and theirs and mine != theirs for mine, theirs in zip(_parts(one), _parts(other), strict=True))


def _is_open(one: str, other: str) -> bool:
    """Whether the two may be the same, and one of them does not say enough: of Azure an account or a container."""
    first, second = _parts(one), _parts(other)
    known = [(mine, theirs) for mine, theirs in zip(first, second, strict=True) if mine and theirs]
    return first != second and all(mine == theirs for mine, theirs in known) and (AZURE in (first.store, second.store))


def _parts(path: str) -> Parts:
    """What a path names, whatever the notation; empty where the notation does not tell.

    `scheme://connection@bucket/prefix`; of Azure also `scheme://container@account.dfs.core.windows.net/prefix`,
    `https://account.blob.core.windows.net/container/prefix` and, for Airflow's upload of task logs, `wasb-prefix`.
    """
    scheme, separator, rest = path.strip().lower().partition("://")
    if not separator:
        is_upload = scheme.startswith("wasb")
        return Parts(AZURE if is_upload else "", "", "" if is_upload else scheme.partition("/")[0])
    authority, _, folder = rest.partition("/")
    user, _, host = authority.rpartition("@")
    store = STORES.get(scheme, scheme)
    if ".core." in host:
        container = user or folder.partition("/")[0]
        return Parts(AZURE, host.partition(".")[0], container)
    return Parts(store, "", host)
