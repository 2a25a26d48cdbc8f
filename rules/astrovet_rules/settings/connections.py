"""What keeps a connection of Airflow's safe on its way, or does not.

Sources, read November 2026: the documentation of libpq on `sslmode`; the hooks of apache-airflow-providers-http
(`schema`, and `verify` in the extra), -ssh (`no_host_key_check`) and -ftp.
"""

from collections.abc import Collection, Iterator
from itertools import islice

from astrovet import (
    Absent,
    Agent,
    Connection,
    Deployment,
    EnvironmentObject,
    Known,
    Severity,
    Unknown,
    Verdicts,
    airflow,
    connection,
    fail,
    is_variable_name,
    opened,
    undecided,
)
from astrovet_rules.tables.booleans import is_false, is_true
from astrovet_rules.tables.urls import cleartext_scheme, is_local

LIBPQ = frozenset({"postgres", "postgresql", "redshift", "greenplum", "cockroachdb"})
MAY_BE_CLEAR = frozenset({"disable", "allow", "prefer"})
"""Values of `sslmode` with which a connection is, or may silently become, one without TLS."""
SSH = frozenset({"ssh", "sftp"})

ENCRYPT = 'set sslmode to "verify-full", or at least to "require"'
HTTPS = "write https://: give `https` as the schema, or an address that begins with it"
FTPS = "use ftps or sftp"
CHECK = "remove `verify`; if the other end has a certificate of your own authority, name that instead"
KNOWN_HOSTS = "remove no_host_key_check, and give the server's host_key"


def connections_of(
    subject: Agent | Deployment | EnvironmentObject, but_for: Collection[str] = ()
) -> Iterator[tuple[str, Connection]]:
    """The connections that are written out for it, each with the words for it in a message.

    What comes from a Secret, or is known only later, is not among them: nothing shows how it goes. An object whose
    type is not known may be one (see `doubted`).
    """
    match subject:
        case EnvironmentObject():
            match subject.type:
                case Known("CONNECTION") | Unknown() if subject.settings:
                    own = subject.settings[0]
                    for setting in subject.settings:
                        kind = own.type if isinstance(setting.type, Absent) else setting.type
                        host = own.host if isinstance(setting.host, Absent) else setting.host
                        schema = own.schema if isinstance(setting.schema, Absent) else setting.schema
                        extra = opened(setting.extra.raw)
                        yield "this connection", Connection(host, extra, kind, schema, setting.place)
                case Known() | Unknown() | Absent():
                    pass
        case Agent():
            variables = subject.all_variables()
        case Deployment():
            match subject.environment:
                case Known(listed):
                    variables = iter(listed)
                case Unknown() | Absent():
                    variables = iter(())
    if not isinstance(subject, EnvironmentObject):
        for variable in variables:
            match variable.name, variable.value:
                case Known(name), Known() if name.startswith(airflow.CONNECTION) and name not in but_for:
                    what = f"the connection {name}" if is_variable_name(name) else "a connection"
                    yield what, connection(variable.value)
                case (Known() | Unknown() | Absent(), _):
                    pass


def doubted(subject: Agent | Deployment | EnvironmentObject, outcomes: Verdicts) -> Verdicts:
    """What is said of connections; where nobody knows whether the object is one, a failure is undecided."""
    match subject:
        case EnvironmentObject(type=Unknown() as unknown):
            yield from (undecided(unknown) for _ in islice(outcomes, 1))
        case Agent() | Deployment() | EnvironmentObject():
            yield from outcomes


def in_clear(what: str, way: Connection) -> Verdicts:
    """Whether what goes over a connection can be read on its way."""
    host = way.host.value if isinstance(way.host, Known) else ""
    kind = way.type.value.lower() if isinstance(way.type, Known) else ""
    schema = way.schema.value.lower() if isinstance(way.schema, Known) else ""
    place = way.place if way.is_uri else way.host.place
    if scheme := cleartext_scheme(host):
        yield fail(
            place, f"{what} goes over {scheme}://, in clear text", remedy=HTTPS, severity=Severity.MEDIUM, about=what
        )
    elif "://" in host or isinstance(way.host, Absent) or is_local(host.lower()):
        pass
    elif kind == "http" and host and schema != "https" and not isinstance(way.schema, Unknown):
        yield fail(
            place, f"{what} goes over http://, in clear text", remedy=HTTPS, severity=Severity.MEDIUM, about=what
        )
    elif kind == "ftp" and host:
        yield fail(place, f"{what} goes over FTP, in clear text", remedy=FTPS, severity=Severity.MEDIUM, about=what)
    elif kind in LIBPQ or isinstance(way.type, Unknown):
        match way.setting("sslmode"):
            case Known(mode, at_mode) if mode.strip().lower() in MAY_BE_CLEAR:
                if isinstance(way.type, Unknown):
                    yield undecided(way.type, about=what)
                    return
                message = f"the sslmode of {what} lets it go without encryption"
                yield fail(at_mode, message, remedy=ENCRYPT, severity=Severity.MEDIUM, about=what)
            case Unknown() as unknown if kind:
                yield undecided(unknown, about=what)
            case Known() | Unknown() | Absent():
                if isinstance(way.type, Unknown) and host and schema != "https":
                    yield undecided(way.type, about=what)


def unchecked(what: str, way: Connection) -> Verdicts:
    """Whether a connection takes whoever answers for the other end."""
    match way.setting("verify"):
        case Known(text, place) if is_false(text):
            message = f"{what} does not check the certificate of the other end"
            yield fail(place, message, remedy=CHECK, severity=Severity.MEDIUM, about=what)
        case Unknown() as unknown:
            yield undecided(unknown, about=what)
        case Known() | Absent():
            pass
    match way.type, way.setting("no_host_key_check"):
        case Known(kind), Known(text, place) if kind.lower() in SSH and is_true(text):
            message = f"{what} does not check the host key of the other end"
            yield fail(place, message, remedy=KNOWN_HOSTS, severity=Severity.MEDIUM, about=what)
        case Unknown() as unknown, Known(text) if is_true(text):
            yield undecided(unknown, about=what)
        case (Known() | Unknown() | Absent(), _):
            pass
