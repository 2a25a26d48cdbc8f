"""What the values of a platform write that is a secret, or may be one."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.helm.charts.platform_keys import HOUSTON, path_of
from astrovet.model.secret import Secret
from astrovet.place import step
from astrovet.readers.agent.chart_values import pointer
from astrovet.secrecy import credential_kind, literal, template
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, items, text

KEYS = (
    "astronomer.houston.backendConnection.pass",
    "astronomer.houston.airflowBackendConnection.pass",
    "grafana.backendConnection.pass",
    "astronomer.registry.s3.accesskey",
    "astronomer.registry.s3.secretkey",
    "astronomer.registry.azure.accountkey",
    "global.privateRegistry.password",
    "global.clusterLocalServiceAuth.token",
    "H:email.smtp.auth.pass",
    "global.customLogging.secret",
    "nats.nats.jetStream.encryption.key",
    "H:registry.protectedCustomRegistry.baseRegistry.pass",
    "H:registry.protectedCustomRegistry.updateRegistry.pass",
    *("postgresql.postgresqlPassword", "global.postgresql.postgresqlPassword"),
    *("postgresql.replication.password", "global.pgbouncer.password"),
)
"""The keys that take a secret as it stands."""
SHIPPED = ("postgres", "repl_password")
"""The passwords that the public chart comes with: everybody knows them, and they are APC022's."""
OF_PROVIDERS = ("clientSecret", "scimAuthCode")
ENVIRONMENTS = (("astronomer", "houston", "env"), ("grafana", "extraEnvVars"))
ADDRESSES = ("H:email.smtpUrl", "global.helmRepo")
"""They may hold a password."""


def secrets_of(root: Value[Tree]) -> Iterator[Secret]:
    """The secrets in the values: a literal is written, and what is filled in later is unknown."""
    for key in KEYS:
        value = at_map(root, path_of(key))
        if not (isinstance(value, Known) and value.value in SHIPPED):
            yield from _secret(pointer(path_of(key)), value)
    providers = at_map(root, (*HOUSTON, "auth", "openidConnect"))
    match providers:
        case Known(Map(entries)):
            for provider, entry in entries.items():
                for key in OF_PROVIDERS:
                    path = (*HOUSTON, "auth", "openidConnect", provider, key)
                    yield from _secret(pointer(path), at_map(entry.value, (key,)))
        case Known() | Unknown() | Absent():
            pass
    for address in map(path_of, ADDRESSES):
        yield from _telling(pointer(address), address[-1], text(at_map(root, address)))
    for of_pods in ENVIRONMENTS:
        match items(at_map(root, of_pods)):
            case Known(listed):
                for number, item in enumerate(listed):
                    name = text(at(item, "name"))
                    if isinstance(name, Known):
                        label = f"{name.value} ({step(pointer(of_pods), number)})"
                        yield from _telling(label, name.value, text(at(item, "value")))
            case Unknown() | Absent():
                pass
    yield from _of_objects(root)


def _of_objects(root: Value[Tree]) -> Iterator[Secret]:
    """What Secrets among the further objects hold."""
    match items(at_map(root, ("astronomer", "extraObjects"))):
        case Known(listed):
            for number, item in enumerate(listed):
                kind = text(at_map(item, ("kind",)))
                if isinstance(kind, Known) and kind.value == "Secret":
                    for part in ("data", "stringData"):
                        yield from _entries(f"astronomer.extraObjects[{number}].{part}", at_map(item, (part,)))
        case Unknown() | Absent():
            pass


def _entries(label: str, block: Value[Tree]) -> Iterator[Secret]:
    match block:
        case Known(Map(entries)):
            for key, entry in entries.items():
                yield from _secret(step(label, key), entry.value)
        case Known() | Unknown() | Absent():
            pass


def _telling(label: str, name: str, value: Value[str]) -> Iterator[Secret]:
    """A text that is a secret only if its name or its form says so."""
    match value:
        case Known(content) if credential_kind(name, content) is not None:
            yield from _secret(label, value)
        case Known() | Unknown() | Absent():
            pass


def _secret(label: str, value: Value[Tree]) -> Iterator[Secret]:
    """What stands there, unless a later step puts something in its place."""
    match text(value):
        case Known(content, place) as known if content and literal(content) and not template(content):
            yield Secret(label, known, Absent(place), Known(known.written, place))
        case Unknown(_, place) as unknown:
            yield Secret(label, unknown, Absent(place), unknown)
        case Known() | Absent():
            pass


def at_map(root: Value[Tree], path: tuple[str, ...]) -> Value[Tree]:
    """What stands at a path through maps; nothing below what is no map."""
    value = root
    for key in path:
        if isinstance(value, Known) and not isinstance(value.value, Map):
            return Absent(value.place)
        value = at(value, key)
    return value
