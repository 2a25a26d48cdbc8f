"""The agent's list of DAG sources must be JSON text that Airflow can build every bundle from.

## Why

The chart passes `dagBundleConfigList` on as the text of an environment variable, which the DAG processor
parses when it starts. Where the text is no JSON list, an item lacks one of its three keys, a name is used
twice or a class lacks an argument, the DAG processor does not start or has no DAGs, and none of the team's
pipelines runs.

## Fix

Write one text with a JSON list in it.

Before:

    dagBundleConfigList:
      - name: claims
        classpath: airflow.providers.git.bundles.git.GitDagBundle
        kwargs: {git_conn_id: claims_repo, tracking_ref: main}

After:

    dagBundleConfigList: >-
      [{"name": "claims", "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
      "kwargs": {"git_conn_id": "claims_repo", "tracking_ref": "main"}}]

## Not reported

A class of your own; a local bundle without arguments; a list that
`AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST` holds instead; a text that a later step fills in.
"""

from collections.abc import Iterable

from astrovet import (
    Absent,
    Agent,
    ComponentKind,
    Context,
    Known,
    List,
    Map,
    Place,
    Severity,
    Tree,
    Unknown,
    Value,
    Verdicts,
    at,
    fail,
    rule,
    shape,
    undecided,
)
from astrovet_rules.tables.dag_bundles import (
    GIT_BUNDLE,
    GIT_DEFAULT_CONNECTION,
    GIT_SOURCES,
    ITEM_KEYS,
    REQUIRED_KWARGS,
)

REMEDY = "write dagBundleConfigList as a text that holds a JSON list of objects with name, classpath and kwargs"


@rule(
    "REX010",
    "dag-source-invalid",
    on=Agent,
    severity=Severity.HIGH,
    sources=(
        "S003-27",
        "P:apache-airflow-core",
        "P:git",
        "P:amazon",
        "P:google",
        "D:remote-execution-configure-dag-sources",
    ),
)
def check(agent: Agent, context: Context) -> Verdicts:
    sources = agent.dag_bundles
    match sources.content:
        case Absent(place) | Known(List(()), place):
            yield fail(place, "no DAG source is set: the agent has nothing to run", remedy=REMEDY)
        case Unknown(_, place) if sources.fault:
            yield fail(place, f"the DAG sources cannot be read: {sources.fault}", remedy=REMEDY)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known(List(items)):
            for number, item in enumerate(items, 1):
                yield from _keys(f"DAG source {number}", item)
                yield from _arguments(f"DAG source {number}", item, agent)
            yield from _repeated(at(item, "name") for item in items)
        case Known(other, place):
            yield fail(place, f"{shape(other)} stands where a list of DAG sources is expected", remedy=REMEDY)


def _keys(label: str, item: Value[Tree]) -> Verdicts:
    match item:
        case Known(Map()):
            pass
        case Unknown() as unknown:
            yield undecided(unknown)
            return
        case Known(_, place) | Absent(place):
            yield fail(place, f"{label} is no object", remedy=REMEDY)
            return
    for key, expected in ITEM_KEYS.items():
        match at(item, key):
            case Absent() as absent:
                yield fail(absent, f"{label} has no `{key}`", remedy=REMEDY)
            case Known(tree, place) if shape(tree) != expected:
                yield fail(place, f"{shape(tree)} stands where the `{key}` of {label} is expected", remedy=REMEDY)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known():
                pass


def _arguments(label: str, item: Value[Tree], agent: Agent) -> Verdicts:
    match at(item, "classpath"), at(item, "kwargs"):
        case Known(str(classpath)), Known(Map()) as arguments:
            for name in REQUIRED_KWARGS.get(classpath, ()):
                if not _has(arguments, name):
                    yield fail(arguments.place, f"{label} needs `{name}`", remedy=f"add `{name}` to its kwargs")
            if classpath == GIT_BUNDLE and not any(_has(arguments, name) for name in GIT_SOURCES):
                yield from _default_repository(label, arguments.place, agent)
        case (Known() | Unknown() | Absent(), _):
            pass  # which is reported as a missing or misshapen key


def _default_repository(label: str, place: Place, agent: Agent) -> Verdicts:
    """A Git bundle without either falls back to a connection, which the secrets backend may hold too."""
    for connection in agent.variables(GIT_DEFAULT_CONNECTION, ComponentKind.DAG_PROCESSOR):
        match connection:
            case Absent():
                message = f"{label} has neither `repo_url` nor `git_conn_id` and rests on a connection git_default"
                yield fail(place, message, remedy="add `git_conn_id` to its kwargs", severity=Severity.MEDIUM)
            case Unknown() as unknown if not agent.complete:
                yield undecided(unknown)
            case Known() | Unknown():
                pass


def _has(arguments: Value[Tree], name: str) -> bool:
    match at(arguments, name):
        case Known("") | Absent():
            return False
        case Known() | Unknown():
            return True


def _repeated(names: Iterable[Value[Tree]]) -> Verdicts:
    seen: set[str] = set()
    for name in names:
        match name:
            case Known(str(text), place) if text in seen:
                yield fail(place, "two DAG sources have the same name", remedy="give each DAG source a name of its own")
            case Known(str(text)):
                seen.add(text)
            case Known() | Unknown() | Absent():
                pass
