"""Nothing that agents, deployments and platforms talk to may be reached without encryption.

## Why

Agents carry connections, task logs, code and results over the network. What goes over `http://` or
`git://` can be read and changed on the way: a secrets backend hands out passwords in clear text, and a
repository without encryption lets others slip in code.

## Fix

Write the address with `https://`, and give the service a certificate where it has none.

Before:

    openLineage:
      url: http://lineage.acme.example

After:

    openLineage:
      url: https://lineage.acme.example

## Not reported

The machine itself (`localhost`), link-local addresses, names of Services (`vault.vault.svc`) and names of
one label, whose traffic stays in the cluster; proxies (`HTTP_PROXY`), which only carry what is encrypted;
lineage and a logging sidecar that are switched off; connections that come from a Secret, or whose text is not in the
inputs; PostgreSQL without `sslmode`. Where only the host is filled in later, the scheme counts.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Agent,
    Context,
    Deployment,
    EnvironmentObject,
    Known,
    Platform,
    Requirement,
    SecretsBackend,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    first_gap_only,
    rule,
    secrets_backend,
    undecided,
)
from astrovet_rules.settings.connections import connections_of, doubted, in_clear
from astrovet_rules.settings.hosted import environment_of
from astrovet_rules.settings.lineage import lineage_addresses
from astrovet_rules.tables.dag_bundles import GIT_DEFAULT_CONNECTION
from astrovet_rules.tables.secrets_backends import ADDRESS_ARGUMENTS, VAULT_ADDRESS, takes
from astrovet_rules.tables.urls import cleartext_scheme, speaks_https

API, STORE, LINEAGE = "the agent API", "the secrets store", "the lineage back end"
UNKNOWN_REST = "${…}"
"""Stands for what is not known of an address."""


# hipaa and pci raise the agent API only, in `check`; they are named here so that its findings name them.
@rule(
    "NET009",
    "cleartext-endpoint",
    on=(Agent, Deployment, EnvironmentObject, Platform),
    severity=Severity.HIGH,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("S000-25", "S000-26", "S003-22", "S003-51"),
    controls=("45 CFR 164.312(e)(1)", "PCI DSS v4 4.2.1", "DORA Art. 9", "SOC 2 CC6.7", "GDPR Art. 32"),
)
def check(subject: Agent | Deployment | EnvironmentObject | Platform, context: Context) -> Verdicts:
    if isinstance(subject, Platform):
        outcomes = list(_platform(subject))
        yield from outcomes if subject.complete else first_gap_only(outcomes)
        return
    judged_apart = _of_repositories(subject) if isinstance(subject, Agent) else frozenset[str]()
    for what, way in connections_of(subject, judged_apart):
        yield from doubted(subject, in_clear(what, way))
    match subject:
        case Agent():
            yield from _agent(subject, context)
        case Deployment():
            environment = environment_of(subject, context)
            secrets = secrets_backend(environment.value(airflow.SECRETS_BACKEND), environment)
            addresses = [(STORE, address) for address in _addresses(secrets)] if environment.unlisted is None else []
            addresses += [(LINEAGE, address) for address in lineage_addresses(environment)]
            yield from first_gap_only(
                outcome for what, address in addresses for outcome in _judged(what, address, None)
            )
            if environment.unlisted is not None:
                yield undecided(environment.unlisted)
        case EnvironmentObject(type=Known("METRICS_EXPORT") | Unknown()):
            for setting in subject.settings:
                yield from doubted(subject, _judged("the receiver of metrics", setting.endpoint, Severity.MEDIUM))
        case EnvironmentObject():
            pass


def _platform(platform: Platform) -> Verdicts:
    """What a platform asks: the identity provider, who hands out charts, who knows new versions."""
    for provider in platform.login.providers:
        yield from _judged(f"the identity provider {provider.name}", provider.discovery, None)
    yield from _judged("the repository of charts", platform.images.chart_repository, Severity.MEDIUM)
    for call in platform.images.calls:
        if call.address is not None and isinstance(call.is_on, Known) and call.is_on.value:
            yield from _judged("the list of new versions", call.address, Severity.MEDIUM)


def _agent(agent: Agent, context: Context) -> Verdicts:
    strictest = Severity.CRITICAL if context.requires & {Requirement.HIPAA, Requirement.PCI} else None
    outcomes = [
        outcome
        for what, address in _endpoints(agent)
        for outcome in _judged(what, address, strictest if what == API else None)
    ]
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _endpoints(agent: Agent) -> Iterator[tuple[str, Value[str]]]:
    """What the agent talks to, and at which address."""
    yield API, agent.api_url
    if not agent.lineage.is_off:
        yield LINEAGE, agent.lineage.url
        for environment in agent.environments():
            for address in lineage_addresses(environment):
                yield LINEAGE, address
    for secrets in agent.secrets:
        for address in _addresses(secrets):
            yield STORE, address
    for address in agent.bundle_settings("repo_url"):
        yield "a repository of DAGs", address
    for connection in agent.connections(_of_repositories(agent)):
        yield "a repository of DAGs", connection.host
    if not agent.logging_sidecar.is_off:
        for address in agent.logging_sidecar.sink_addresses():
            yield "a log sink", address


def _of_repositories(agent: Agent) -> frozenset[str]:
    return agent.git_connections() | {GIT_DEFAULT_CONNECTION}


def _addresses(secrets: SecretsBackend) -> Iterator[Value[str]]:
    match secrets.backend:
        case Known(backend):
            names = [name for name in ADDRESS_ARGUMENTS if takes(backend, name)]
        case Unknown():
            names = [*ADDRESS_ARGUMENTS]
        case Absent():
            names = []
    for name in names:
        address = secrets.text_argument(name)
        is_elsewhere = name == "url" and isinstance(address, Absent)
        yield secrets.environment.value(VAULT_ADDRESS) if is_elsewhere else address


def _judged(what: str, address: Value[str], severity: Severity | None) -> Verdicts:
    match address:
        case Known(known, place):
            written = known
        case Unknown(prefix=beginning, place=place):
            written = beginning + UNKNOWN_REST
        case Absent():
            return
    if scheme := cleartext_scheme(written):
        remedy = (
            "write https:// instead" if speaks_https(written) else "let it answer over TLS, and write https:// here"
        )
        yield fail(place, f"{what} is reached over {scheme}://, in clear text", remedy=remedy, severity=severity)
    elif isinstance(address, Unknown) and "://" not in address.prefix:
        yield undecided(address)
