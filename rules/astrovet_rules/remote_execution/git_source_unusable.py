"""A Git source of DAGs must name its repository by an address, and in one way only.

## Why

Without `https://`, `ssh://` or `user@host:` an address is read as a path on the disk of the DAG processor:
the clone fails, and the agent has no DAGs. Where `git_conn_id` is given as well, Git providers from 0.0.2
to 0.0.7 clone without its credentials.

## Fix

Keep the address in the connection, or write it whole where the repository is public.

Before:

    dagBundleConfigList: >-
      [{"name": "claims", "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
      "kwargs": {"repo_url": "github.com/acme/claims-dags", "git_conn_id": "claims_repo"}}]

After:

    dagBundleConfigList: >-
      [{"name": "claims", "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
      "kwargs": {"git_conn_id": "claims_repo"}}]

## Not reported

Any other scheme; a path from the root or the home folder, which is a clone on the disk by intent; other
classes than `GitDagBundle`; a source without an address, which REX010 reports.
"""

import re

from astrovet import (
    Absent,
    Agent,
    Context,
    DagBundle,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    rule,
    undecided,
)
from astrovet_rules.tables.dag_bundles import GIT_BUNDLE

ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]*://|[^\s/:@]+@[^\s/:]+:|~?/"
"""How an address, or a path that is meant as one, begins."""

REMEDY = "write the whole address, with https:// or ssh:// or as user@host:path"
REMEDY_BOTH = "keep the address in the connection and take `repo_url` out, or use Git provider 0.0.8 or later"


@rule(
    "REX011",
    "git-source-unusable",
    on=Agent,
    severity=Severity.MEDIUM,
    sources=("P:git", "T2"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.dag_bundles.content:
        case Unknown() as unknown if not agent.dag_bundles.fault:
            yield undecided(unknown)
        case Known() | Unknown() | Absent():
            for bundle in agent.bundles():
                yield from _source(bundle)


def _source(bundle: DagBundle) -> Verdicts:
    match bundle.classpath:
        case Known(classpath) if classpath == GIT_BUNDLE:
            yield from _repository(bundle)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


def _repository(bundle: DagBundle) -> Verdicts:
    match bundle.argument("repo_url"):
        case Known("") | Absent():
            pass
        case Known(address, place):
            if not re.match(ADDRESS, address):
                message = "`repo_url` begins with neither a scheme nor user@host:, and is no address of a repository"
                yield fail(place, message, remedy=REMEDY)
            match bundle.argument("git_conn_id"):
                case Known("") | Absent():
                    pass
                case Known():
                    message = "`repo_url` and `git_conn_id` work together only from Git provider 0.0.8 on"
                    yield fail(place, message, remedy=REMEDY_BOTH, severity=Severity.LOW)
                case Unknown() as unknown:
                    yield undecided(unknown)
        case Unknown() as unknown:
            yield undecided(unknown)
