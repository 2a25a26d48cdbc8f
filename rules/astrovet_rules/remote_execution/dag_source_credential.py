"""A DAG source must not carry its password or token in the agent's values.

## Why

Values files are kept in repositories and pipelines, and Helm stores them in the cluster. Whoever reads
them can read, and often change, the code that every worker runs.

## Fix

Replace the credential, for it counts as known. Keep the connection in the secrets backend, under the id that the
bundle names; or take it from a Secret, as a variable `AIRFLOW_CONN_CLAIMS_REPO` with `valueFrom`.

Before:

    dagBundleConfigList: >-
      [{"name": "claims", "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
      "kwargs": {"repo_url": "https://airflow:kestrel-41-harbour@git.acme.example/claims/dags.git"}}]

After:

    dagBundleConfigList: >-
      [{"name": "claims", "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
      "kwargs": {"git_conn_id": "claims_repo"}}]

## Not reported

A user name without a password, as in `git@github.com`; a placeholder or a text that is filled in later.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    List,
    Map,
    Severity,
    Tree,
    Unknown,
    Value,
    Verdicts,
    credential_kind,
    fail_if_written,
    rule,
    undecided,
)

REMEDY = "revoke it, keep the connection in the secrets backend, and name it as git_conn_id"


@rule(
    "REX012",
    "dag-source-credential",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S000-12", "D:remote-execution-configure-dag-sources"),
    controls=("PCI DSS v4 8.6.2",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    yield from _unread(agent)
    for arguments in agent.bundle_arguments():
        for key, value in _leaves("kwargs", arguments):
            yield from _judged(key, value, f"`{key}` of a DAG source")
    connections = agent.git_connections()
    for variable in agent.all_variables():
        match variable.name:
            case Known(name) if name in connections and not variable.from_source:
                parts = (text.content for text in agent.json_variables(name) if text.raw == variable.value)
                value = _at_its_place(name, variable.value, next(parts, Absent(variable.place)))
                yield from _judged(name, value, "the connection of a DAG source")
            case Known() | Unknown() | Absent():
                pass


def _at_its_place(name: str, value: Value[str], parts: Value[Tree]) -> Value[str]:
    """A connection, standing where its credential does: as JSON it has that in a field of its own."""
    if isinstance(value, Known):
        for key, part in _leaves(name, parts):
            if isinstance(part, Known) and isinstance(part.value, str) and credential_kind(key, part.value):
                return replace(value, place=part.place)
    return value


def _judged(name: str, value: Value[str] | Value[Tree], subject: str) -> Verdicts:
    match value:
        case Known(str(text)) as known if kind := credential_kind(name, text):
            yield fail_if_written(known, f"{subject} holds {kind}", remedy=REMEDY)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


def _unread(agent: Agent) -> Verdicts:
    """A list that cannot be taken apart is judged by its text as a whole."""
    sources = agent.dag_bundles
    match sources.raw, sources.content:
        case Known(str(text)) as known, Unknown() if kind := credential_kind("", text):
            yield fail_if_written(known, f"the list of DAG sources holds {kind}", remedy=REMEDY)
        case Known(), Unknown() as unknown if not sources.fault:
            yield undecided(unknown)
        case Unknown() as unknown, _ if agent.complete:  # in a layer that leaves it out there is nothing to find
            yield undecided(unknown)
        case (Known() | Unknown() | Absent(), _):
            pass


def _leaves(key: str, value: Value[Tree]) -> Iterator[tuple[str, Value[Tree]]]:
    """Every single value, with the key that leads to it."""
    match value:
        case Known(Map(entries)):
            for entry in entries.values():
                yield from _leaves(entry.key, entry.value)
        case Known(List(items)):
            for item in items:
                yield from _leaves(key, item)
        case Known() | Unknown() | Absent():
            yield key, value
