"""Agents and deployments must check whom they talk to, and must not accept versions of TLS below 1.2.

## Why

Without the check of the certificate, encryption protects nothing: whoever can put himself between the two
ends reads and changes everything, passwords from the secrets backend and task logs included. For Git over
SSH the host key takes the certificate's place. TLS 1.0 and 1.1 are broken.

## Fix

Remove the setting, and where the other end has a certificate of your own authority name that instead.

Before:

    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"url": "https://vault.acme.example", "verify": false}'

After:

    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"url": "https://vault.acme.example", "verify": "/etc/ssl/acme-ca.pem"}'

## Not reported

`verify` that names a file, which checks against that authority; `strict_host_key_checking` of `accept-new`;
what is not set, which is checked by default; a logging sidecar that is switched off; connections that come
from a Secret, or whose text is not in the inputs. `PYTHONHTTPSVERIFY` is reported as low: Python 3 does not look at it.
"""

from collections.abc import Iterable, Mapping, Set
from itertools import chain

from astrovet import (
    Absent,
    Agent,
    Context,
    Deployment,
    EnvironmentObject,
    EnvironmentVariable,
    Known,
    LogSink,
    Platform,
    SecretsBackend,
    Severity,
    Unknown,
    Verdicts,
    airflow,
    fail,
    fail_if,
    first_gap_only,
    rule,
    secrets_backend,
    undecided,
    when_known,
)
from astrovet_rules.settings.connections import connections_of, doubted, unchecked
from astrovet_rules.settings.hosted import environment_of
from astrovet_rules.tables.dag_bundles import GIT_DEFAULT_CONNECTION
from astrovet_rules.tables.secrets_backends import takes
from astrovet_rules.tables.tls import (
    GIT_SETTING_KEY,
    GIT_SETTING_VALUE,
    NO_HOST_KEY_CHECK,
    NO_VERIFY_IN_PYTHON_2,
    NOT_NEWEST,
    OLD_TLS,
    git_pair,
    is_switch,
    switches_off,
    takes_any_host,
)

CHECK_AGAIN = "remove this setting; if the other end has a certificate of your own authority, name that instead"
KNOWN_HOSTS_OF_GIT = "leave StrictHostKeyChecking out, and mount a known_hosts file"
KNOWN_HOSTS = 'set strict_host_key_checking to "yes" and name a known_hosts_file'


@rule(
    "NET010",
    "tls-verification-off",
    on=(Agent, Deployment, EnvironmentObject, Platform),
    severity=Severity.HIGH,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("S000-26", "S003-51", "C-02", "P:hashicorp", "P:git"),
    controls=("45 CFR 164.312(e)(1)", "PCI DSS v4 4.2.1", "DORA Art. 9", "SOC 2 CC6.7"),
)
def check(subject: Agent | Deployment | EnvironmentObject | Platform, context: Context) -> Verdicts:
    if isinstance(subject, Platform):
        message = "Houston does not check the certificates of whom it talks to"
        remedy = "set sslVerification.enabled to true (disableSSLVerify to false before 2.0)"
        yield from fail_if(subject.verifies_certificates, lambda is_on: not is_on, message, remedy=remedy)
        return
    for what, way in connections_of(subject):
        yield from doubted(subject, unchecked(what, way))
    match subject:
        case Agent():
            yield from _agent(subject, context)
        case Deployment():
            yield from _deployment(subject, context)
        case EnvironmentObject():
            pass


def _deployment(deployment: Deployment, context: Context) -> Verdicts:
    environment = environment_of(deployment, context)
    yield from _store(secrets_backend(environment.value(airflow.SECRETS_BACKEND), environment))
    yield from first_gap_only(_variables(environment.listed.values()))
    if environment.unlisted is not None:
        yield undecided(environment.unlisted)


def _agent(agent: Agent, context: Context) -> Verdicts:
    outcomes = _outcomes(agent, {*OLD_TLS, *NOT_NEWEST} if context.facts.min_tls == "1.3" else OLD_TLS)
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _outcomes(agent: Agent, refused: Set[str]) -> Verdicts:
    yield from _secrets_stores(agent)
    if not agent.logging_sidecar.is_off:
        yield from when_known(
            agent.logging_sidecar.sinks, lambda sinks: chain.from_iterable(_sink(sink, refused) for sink in sinks)
        )
    yield from _variables(agent.all_variables())
    for unknown in agent.unknown_environments():
        yield undecided(unknown)
    yield from _host_keys(agent)


def _host_keys(agent: Agent) -> Verdicts:
    for connection in agent.connections({*agent.git_connections(), GIT_DEFAULT_CONNECTION}):
        yield from fail_if(
            connection.setting("strict_host_key_checking"),
            lambda text: text.strip().lower() in NO_HOST_KEY_CHECK,
            "the host key of a repository of DAGs is not checked",
            remedy=KNOWN_HOSTS,
            severity=Severity.MEDIUM,
        )


def _secrets_stores(agent: Agent) -> Verdicts:
    for secrets in agent.secrets:
        yield from _store(secrets)


def _store(secrets: SecretsBackend) -> Verdicts:
    if isinstance(secrets.backend, Known) and takes(secrets.backend.value, "verify"):
        message = "the certificate of the secrets store is not checked"
        yield from fail_if(secrets.argument("verify"), lambda verify: verify == 0, message, remedy=CHECK_AGAIN)


def _sink(sink: LogSink, refused: Set[str]) -> Verdicts:
    match sink.verify_certificate, sink.verify_hostname:
        case (Known(False, place), _):
            yield fail(place, "the certificate of a log sink is not checked", remedy=CHECK_AGAIN)
        case (_, Known(False, place)):
            yield fail(place, "whether the certificate of a log sink is that host's is not checked", remedy=CHECK_AGAIN)
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown)
        case (Known() | Absent(), _):
            pass
    least = "1.3" if refused > OLD_TLS else "1.2"
    remedy = f'set min_tls_version to "TLSv{least}"'
    yield from fail_if(sink.minimum_tls, refused.__contains__, f"a log sink may use TLS below {least}", remedy=remedy)


def _variables(variables: Iterable[EnvironmentVariable]) -> Verdicts:
    listed = tuple(variables)
    named = {variable.name.value: variable for variable in listed if isinstance(variable.name, Known)}
    for variable in listed:
        yield from _variable(variable, named)


def _variable(variable: EnvironmentVariable, beside: Mapping[str, EnvironmentVariable]) -> Verdicts:
    match variable.name, variable.value:
        case Known(name), Known(text, place) if takes_any_host(name, text):
            message = f"{name} keeps Git's SSH from checking host keys"
            yield fail(place, message, remedy=KNOWN_HOSTS_OF_GIT, severity=Severity.MEDIUM, about=name)
        case Known(name), Known(key, place) if name.startswith(GIT_SETTING_KEY):
            partner = beside.get(name.replace(GIT_SETTING_KEY, GIT_SETTING_VALUE, 1))
            value = partner.value if partner is not None else Absent(place)
            if isinstance(value, Known) and (what := git_pair(key, value.value)):
                message = f"a setting of Git's switches the check of {what} off"
                yield fail(value.place, message, remedy=CHECK_AGAIN, about=name)
        case Known(name), Known(text, place) if switches_off(name, text):
            if name == NO_VERIFY_IN_PYTHON_2:
                message = f"{name} asks for no check of certificates, which only Python 2 heeds"
                yield fail(place, message, remedy=CHECK_AGAIN, severity=Severity.LOW, about=name)
            else:
                yield fail(place, f"{name} switches the check of certificates off", remedy=CHECK_AGAIN, about=name)
        case Known(name), Unknown() as unknown if is_switch(name):
            yield undecided(unknown, about=name)
        case (Known() | Unknown() | Absent(), _):
            pass
