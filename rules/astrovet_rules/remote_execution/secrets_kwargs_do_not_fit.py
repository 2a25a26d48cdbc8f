"""A secrets backend must be given the arguments that its class needs, and none of another class.

## Why

Without the address of its vault or the role it logs in with, a backend fails at its first lookup, and every
task on the agent stands without its connections. An argument of another class tells that class and arguments
were copied from different places: it is passed over in silence, or the backend does not start.

## Fix

Give the arguments of the class that `secretBackend` names.

Before:

    secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"vault_url": "https://claims.vault.azure.net"}'

After:

    secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"url": "https://vault.acme.example", "auth_type": "kubernetes", "kubernetes_role": "claims"}'

## Not reported

A class of your own; a region; an argument from a variable of its own, as in
`AIRFLOW__SECRETS__BACKEND_KWARG__URL`; Vault's address and token in `VAULT_ADDR` and `VAULT_TOKEN`.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    SecretsBackend,
    Severity,
    Unknown,
    Verdicts,
    airflow,
    fail,
    not_applicable,
    placeholder,
    rule,
    undecided,
)
from astrovet_rules.tables.secrets_backends import BACKENDS, CREDENTIALS, DEFAULT_AUTH_TYPE, Need

PLACEHOLDER = "a placeholder stands for this argument"
REAL_VALUES = "scan the values that are really deployed"
FOREIGN_FIX = "remove what belongs to another class, or set secretBackend to that class"


@rule(
    "REX004",
    "secrets-kwargs-do-not-fit",
    on=Agent,
    severity=Severity.HIGH,
    sources=("P:hashicorp", "P:microsoft-azure", "P:amazon", "P:google"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for secrets in agent.secrets:
        match secrets.backend, secrets.kwargs.content:
            case Unknown() as unknown, _:
                yield undecided(unknown)
            case Known(path), Unknown() as unknown if path in BACKENDS and not secrets.kwargs.fault:
                yield undecided(unknown)
            case Known(path), Known() | Absent() if path in BACKENDS:
                yield from _missing(secrets, path)
                yield from _foreign(secrets, path)
            case (Known() | Absent(), _):
                yield not_applicable(
                    "no class of a provider is set, or its arguments are no JSON, which REX003 reports"
                )


def _missing(secrets: SecretsBackend, path: str) -> Verdicts:
    backend = BACKENDS[path]
    needs = backend.needs
    match secrets.argument("auth_type"):
        case Unknown() as unknown if backend.needs_by_auth_type:
            yield undecided(unknown)
            return
        case Known(auth_type):
            needs += backend.needs_by_auth_type.get(str(auth_type), ())
        case Absent() | Unknown():
            needs += backend.needs_by_auth_type.get(DEFAULT_AUTH_TYPE, ())
    for need in needs:
        if need.variable not in secrets.environment.listed:
            yield from _need(secrets, need, path)


def _need(secrets: SecretsBackend, need: Need, path: str) -> Verdicts:
    """Nothing where one of the arguments is set, whatever to."""
    doubt = secrets.environment.unlisted if need.variable else None
    for name in need.kwargs:
        match secrets.argument(name):
            case Known("") | Absent():
                pass
            case Known(str(text), place) if placeholder(text):
                doubt = Unknown(PLACEHOLDER, place, how=REAL_VALUES)
            case Unknown() as unknown if name not in secrets.arguments.value.entries:
                doubt = unknown
            case Known() | Unknown():
                return
    if doubt is not None:
        yield undecided(doubt, about=need.kwargs[0])
    else:
        message = f"{_short(path)} needs {' or '.join(f'`{name}`' for name in need.kwargs)}, which is not set"
        yield fail(secrets.arguments.place, message, remedy=_remedy(need), about=need.kwargs[0])


def _foreign(secrets: SecretsBackend, path: str) -> Verdicts:
    others = {_short(other): backend for other, backend in BACKENDS.items() if other != path}
    names = [
        name
        for name in sorted(secrets.arguments.value.entries)
        if not BACKENDS[path].takes(name) and any(backend.takes(name) for backend in others.values())
    ]
    if names:
        owners = [short for short, backend in others.items() if all(backend.takes(name) for name in names)]
        whose = f"arguments of {' or '.join(owners) or 'other classes'} are given to {_short(path)}"
        message = f"{whose}: {', '.join(f'`{name}`' for name in names)}"
        yield fail(secrets.arguments.place, message, remedy=FOREIGN_FIX, severity=Severity.MEDIUM, about="other class")


def _remedy(need: Need) -> str:
    """Never the advice to write a credential into the values."""
    for name in need.kwargs:
        if name not in CREDENTIALS:
            return f"set `{name}` in {airflow.SECRETS_KWARGS}"
    return f"take it from a Kubernetes Secret: {airflow.SECRETS_KWARG}{need.kwargs[0].upper()} with valueFrom"


def _short(path: str) -> str:
    return path.rpartition(".")[2]
