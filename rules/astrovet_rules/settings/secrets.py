"""The arguments of a secrets backend: whether Airflow takes them, whether they fit, and what they give away."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from astrovet import (
    Absent,
    JsonText,
    Known,
    Map,
    SecretsBackend,
    Severity,
    Tree,
    Unknown,
    Value,
    Verdicts,
    airflow,
    at,
    credential_kind,
    fail,
    literal,
    not_applicable,
    placeholder,
    template,
    undecided,
)
from astrovet_rules.tables.secrets_backends import BACKENDS, CREDENTIALS, DEFAULT_AUTH_TYPE, Need

ONE_OBJECT = "write the arguments as one JSON object, in double quotes inside and single quotes around"
PLACEHOLDER = "a placeholder stands for this argument"
REAL_VALUES = "scan the values that are really deployed"
FOREIGN_FIX = "remove what belongs to another class, or set secretBackend to that class"


class Held(NamedTuple):
    """A credential among the arguments."""

    what: str
    """The names of the arguments that hold one, or what it looks like."""
    is_named: bool
    known: Known[Any]


def not_json(secrets: SecretsBackend) -> Verdicts:
    """Whether the text of the arguments is one JSON object, which alone Airflow takes."""
    match secrets.kwargs.content:
        case Unknown(_, place) if fault := secrets.kwargs.fault:
            yield fail(place, f"Airflow runs the backend without these arguments: {fault}", remedy=ONE_OBJECT)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


def do_not_fit(secrets: SecretsBackend) -> Verdicts:
    """Whether the class gets what it needs, and nothing that belongs to another one."""
    match secrets.backend, secrets.kwargs.content:
        case Unknown() as unknown, _:
            yield undecided(unknown)
        case Known(path), Unknown() as unknown if path in BACKENDS and not secrets.kwargs.fault:
            yield undecided(unknown)
        case Known(path), Known() | Absent() if path in BACKENDS:
            yield from _missing(secrets, path)
            yield from _foreign(secrets, path)
        case (Known() | Absent(), _):
            yield not_applicable("no class of a provider is set, or its arguments are no JSON")


def held(arguments: JsonText) -> Held | None:
    """The credential that the arguments hold in clear text, if they hold one."""
    values = {name: at(arguments.content, name) for name in sorted(CREDENTIALS)}
    literals = {name: known for name, value in values.items() if (known := _literal(value)) is not None}
    match arguments.content, arguments.raw:
        case Known(), _ if literals:
            return Held(_listed(literals), is_named=True, known=next(iter(literals.values())))
        case _, Known(str(text)) as known if kind := credential_kind(airflow.SECRETS_KWARGS, text):
            return Held(kind, is_named=False, known=known)
        case (Known() | Unknown() | Absent(), _):
            return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _literal(value: Value[Tree]) -> Known[Tree] | None:
    match value:
        case Known(Map()):  # a Google key file, which may also describe an identity without a key
            return _literal(at(value, "private_key"))
        case Known(content) if literal(str(content)) and not template(str(content)):
            return value
        case Known() | Unknown() | Absent():
            return None


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
