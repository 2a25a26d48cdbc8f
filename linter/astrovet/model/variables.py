"""Environment variables of deployments and of agent components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

from astrovet.place import Place
from astrovet.secrecy import (
    before_template,
    connection_name,
    credential_kind,
    hidden_by_name,
    pattern_kind,
    placeholder,
    secret_name,
    template,
)
from astrovet.value import Absent, Known, Unknown, Value

PLACEHOLDER = "a placeholder stands here"


class EnvironmentVariable(Struct, frozen=True):
    """One environment variable of a deployment or of an agent component."""

    name: Value[str]
    value: Value[str]
    place: Place
    is_secret: Value[bool]
    """Astro's own mark; Absent for agents, which have none."""
    from_source: str = ""
    """What `valueFrom` reads (`secretKeyRef`, …); empty where the value stands in the file."""

    def secret(self) -> str | None:
        """What secret it holds, as far as name and value tell, as `credential_kind`; None where it looks harmless.

        A value that is not known yet counts by the name.
        """
        name = self.name.value if isinstance(self.name, Known) else ""
        match self.value:
            case Known(text):
                return credential_kind(name, text)
            case Unknown() if secret_name(name) or connection_name(name):
                return "a value under a secret-looking name"
            case Unknown(prefix=beginning) if pattern_kind(f"{beginning}unknown@host"):
                return "a URI with a password"  # a URI that goes on where its password stands
            case Unknown() | Absent():
                return None


def secret_values(variables: Iterable[EnvironmentVariable]) -> Iterator[Value[str]]:
    """The values that are marked as secret, or look like one."""
    for variable in variables:
        marked = isinstance(variable.is_secret, Known) and variable.is_secret.value
        match variable.name, variable.value:
            case Known(name), Known(content) if (
                marked or hidden_by_name(name, content) or credential_kind(name, content) is not None
            ):
                yield variable.value
            case _:
                pass


Environment: TypeAlias = Value[tuple[EnvironmentVariable, ...]]


def settled(value: Value[str]) -> Value[str]:
    """A setting's text; Unknown where it is a placeholder, or a template that a later step fills in.

    Text that looks like JSON is left alone: what is open in it may not be what is asked for.
    """
    match value:
        case Known(text, place) if placeholder(text) and text.strip():
            return Unknown(PLACEHOLDER, place, how="scan the values that are really deployed")
        case Known(text, place) if template(text) and not text.lstrip().startswith(("{", "[")):
            why = "a later step fills this value in (it holds a template)"
            return Unknown(why, place, prefix=before_template(text), how="scan what that step makes")
        case Known() | Unknown() | Absent():
            return value


def partial(what: str, place: Place) -> Unknown:
    """Something missing from a partial values set is no absence."""
    why = f"`{what}` is not set here, and this is only a part of the values that Helm is given"
    return Unknown(why, place, how="scan all layers together: -f values.yaml -f values-prod.yaml")
