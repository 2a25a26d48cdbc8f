"""A secret in an environment object must be marked, or stand where Astro hides it.

## Why

A variable without `is_secret` is readable for everybody who may see the workspace, and Astro takes it
for unmarked where nothing is said. Of a connection only the password is hidden: `extra`, `host`, `login`
and the headers of an exporter are shown in the user interface, in Terraform's output and in its state.

## Fix

Before:

    resource "astro_environment_object" "crm_api_key" {
      object_key  = "CRM_API_KEY"
      object_type = "AIRFLOW_VARIABLE"
      value       = var.crm_api_key
      ...
    }

After:

    resource "astro_environment_object" "crm_api_key" {
      object_key  = "CRM_API_KEY"
      object_type = "AIRFLOW_VARIABLE"
      value       = var.crm_api_key
      is_secret   = true
      ...
    }

A change of `is_secret` replaces an object that exists. In a connection, put the secret into `password`;
keep connections whose secrets have to be in `extra` in a secrets backend. Replace what was readable.

## Not reported

Names that only say where a secret is, switches, short texts, placeholders; the token of an exporter,
which Astro hides. An `extra` with parts known only after apply is judged by the names of its fields.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Context,
    EnvironmentObject,
    EnvironmentVariable,
    JsonText,
    Known,
    List,
    Map,
    OpenSettings,
    Severity,
    Tree,
    Unknown,
    Value,
    Verdicts,
    credential_kind,
    fail,
    rule,
    secret_field,
    undecided,
)

VARIABLES = ("AIRFLOW_VARIABLE", "ENVIRONMENT_VARIABLE")
CREDENTIAL_HEADERS = ("authorization", "proxy-authorization", "cookie")

MARK = "set is_secret = true (this replaces an object that exists), and replace the value: it was readable so far"
MOVE = "put it into `password`, or keep the whole connection in a secrets backend, and replace it"
HEADER = "use auth_type with basic_token, which is hidden, and replace the credential"


@rule(
    "AST016",
    "env-object-secret-open",
    on=EnvironmentObject,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("TF", "PLAN", "S000-12"),
    controls=("PCI DSS v4 8.6.2",),
)
def check(thing: EnvironmentObject, context: Context) -> Verdicts:
    match thing.type:
        case Known(kind) if kind in VARIABLES:
            yield from _variable(thing)
        case Unknown() as unknown if not isinstance(thing.value, Absent):
            yield undecided(unknown)
        case Known() | Unknown() | Absent():
            pass
    for number, settings in enumerate(thing.settings):
        yield from _settings(settings, f"overrides {number} " if number else "")


def _variable(thing: EnvironmentObject) -> Verdicts:
    secret = EnvironmentVariable(thing.name, thing.value, thing.place, thing.is_secret).secret()
    match thing.is_secret:
        case Known(False, place) | Absent(place) if secret is not None:
            yield fail(place, f"the variable holds {secret} and is not marked as secret", remedy=MARK, about="value")
        case Unknown() as unknown if secret is not None:
            yield undecided(unknown)
        case Known() | Unknown() | Absent():
            if isinstance(thing.name, Unknown):
                yield undecided(thing.name)


def _settings(settings: OpenSettings, whose: str) -> Verdicts:
    for name, value in (("host", settings.host), ("login", settings.login)):
        match value:
            case Known(text, place) if (kind := credential_kind(name, text)) is not None:
                yield fail(place, f"`{name}` holds {kind}, and Astro shows it", remedy=MOVE, about=f"{whose}{name}")
            case Known() | Unknown() | Absent():
                pass
    yield from _extra(settings.extra, f"{whose}extra")
    match settings.headers:
        case Known(Map(entries), place):
            if any(_is_credential(key, entry.value) for key, entry in entries.items()):
                message = "`headers` holds a credential, and Astro shows it"
                yield fail(place, message, remedy=HEADER, about=f"{whose}headers")
        case Unknown() as unknown:
            yield undecided(unknown, about=f"{whose}headers")
        case Absent():
            pass


def _extra(extra: JsonText, about: str) -> Verdicts:
    match extra.raw, extra.content:
        case Known(str(text), place), _:
            kind = credential_kind("extra", text)
            if kind is not None:
                yield fail(place, f"`extra` holds {kind}, and Astro shows it", remedy=MOVE, about=about)
        case Unknown(_, place), Known() as content:
            if any(_is_credential(name, value) for name, value in _leaves(content)):
                yield fail(
                    place, "`extra` holds a secret-looking JSON field, and Astro shows it", remedy=MOVE, about=about
                )
        case (Unknown() as unknown, _) | (Known(), Unknown() as unknown):
            yield undecided(unknown, about=about)
        case (Known() | Absent(), _):
            pass


def _leaves(value: Value[Tree], name: str = "") -> Iterator[tuple[str, Value[Tree]]]:
    """What stands in a document, by the names of its fields."""
    match value:
        case Known(Map(entries)):
            for key, entry in entries.items():
                yield from _leaves(entry.value, key)
        case Known(List(items)):
            for item in items:
                yield from _leaves(item, name)
        case Known() | Unknown() | Absent():
            yield name, value


def _is_credential(name: str, value: Value[Tree]) -> bool:
    is_secret = secret_field(name) or name.lower() in CREDENTIAL_HEADERS
    match value:
        case Known(str(text)):
            return credential_kind("PASSWORD" if is_secret else name, text) is not None
        case Unknown():
            return is_secret
        case Known() | Absent():
            return False
