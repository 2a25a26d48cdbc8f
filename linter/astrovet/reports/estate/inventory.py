"""What is known of each object of the model, value by value: the value where it may be shown, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from typing import Any

from msgspec import Struct

from astrovet.document import Note
from astrovet.formats.json_text import JsonText
from astrovet.model.agent import Agent, Lineage, ServiceAccountSetting
from astrovet.model.component import Component, ComponentEnvironment
from astrovet.model.credential import Choice, Credential
from astrovet.model.deployment import Deployment, ProviderConfiguration, RemoteExecution
from astrovet.model.environment_object import EnvironmentObject, OpenSettings
from astrovet.model.estate import Estate, Input
from astrovet.model.kubernetes import ExposedService
from astrovet.model.link import Link
from astrovet.model.logging_sidecar import LoggingSidecar
from astrovet.model.secret import Secret
from astrovet.model.storage import PublicAccessGuard
from astrovet.model.subject import Subject, label
from astrovet.model.variables import EnvironmentVariable
from astrovet.model.waiver import Waiver
from astrovet.place import Place, step
from astrovet.reports.estate.titles import title
from astrovet.secrecy import NOT_SHOWN, is_variable_name, secret_name, shown
from astrovet.value import Absent, Known, List, Map, Unknown, shape


class Knowledge(StrEnum):
    """What is known of a value."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    ABSENT = "absent"


class Field(Struct, frozen=True):
    """One value of an object."""

    name: str
    """The way to it: `remote_execution.allowed_ranges[0]`."""
    state: Knowledge
    says: str
    """The value where it may be shown, else what it is; why it is unknown; the default of an absent one, if known."""
    place: Place


class Described(Struct, frozen=True):
    """An object with all its values."""

    kind: str
    id: str
    title: str
    place: Place
    fields: tuple[Field, ...]
    layers: tuple[str, ...] = ()
    """Of an agent: the files and flags that its values come from, in Helm's order."""


SECRETS: Mapping[type[Struct], frozenset[str]] = {
    Secret: frozenset({"value"}),
    Credential: frozenset({"value"}),
    ProviderConfiguration: frozenset({"token"}),
    EnvironmentObject: frozenset({"value"}),
    OpenSettings: frozenset({"login", "extra", "headers", "host"}),
    Choice: frozenset({"settings"}),
}
"""What holds secrets, or may: shown in no form, harmless as it may look."""

DEFAULTS: Mapping[tuple[type[Struct], str], str] = {
    (Deployment, "runtime"): "the newest runtime of the day it is created",
    (Deployment, "first_runtime"): "the newest runtime of the day it is created",
    (RemoteExecution, "allowed_ranges"): "every address may call the API for agents",
    (EnvironmentObject, "is_secret"): "false",
    (Agent, "xcom_backend"): "Airflow's database at Astronomer",
    (Agent, "secrets_backend"): "none: Airflow's database is not within an agent's reach",
    (LoggingSidecar, "enabled"): "false",
    (Lineage, "enabled"): "differs between versions of the chart",
    (ExposedService, "type"): "ClusterIP",
    (ExposedService, "source_ranges"): "everybody",
}
"""What holds where nothing is said, as the chart, the provider and Kubernetes document it."""

AT_THE_HEAD = frozenset({"kind", "id", "block", "place", "name"})
"""What stands at the head of an object."""

LEFT_OUT = (Estate, Input, Waiver)
"""What is no object of Astro's or of a cloud's."""

CALLED: Mapping[type[Struct], str] = {
    Component: "name",
    Credential: "label",
    Choice: "what",
    PublicAccessGuard: "name",
    ServiceAccountSetting: "label",
}
"""The fields with our own words for the items of a list, which are better known than by their number."""


def inventory(estate: Estate) -> tuple[Described, ...]:
    """All objects of the model, but for the inputs themselves, waivers and other declarations."""
    return tuple(_described(subject) for subject in estate.everything() if not isinstance(subject, LEFT_OUT))


def _described(subject: Subject) -> Described:
    layers = subject.layers if isinstance(subject, Agent) else ()
    return Described(subject.kind, label(subject), title(subject), subject.place, tuple(_fields(subject, "")), layers)


def _fields(struct: Struct, way: str) -> Iterator[Field]:
    """The values of a struct of the model, however deep."""
    hidden = SECRETS.get(type(struct), frozenset())
    for name in struct.__struct_fields__:
        if way or name not in AT_THE_HEAD:
            default = DEFAULTS.get((type(struct), name), "")
            yield from _field(getattr(struct, name), step(way, name), default, hide=name in hidden)


def _field(value: object, way: str, default: str = "", *, hide: bool = False) -> Iterator[Field]:
    match value:
        case Unknown():
            yield Field(way, Knowledge.UNKNOWN, value.in_full, value.place)
        case Absent(place):
            yield Field(way, Knowledge.ABSENT, default, place)
        case Known():
            yield from _known(value, way, hide=hide)
        case Link():
            yield from _link(value, way)
        case JsonText(raw):
            yield from _field(raw, way, hide=hide)
        case EnvironmentVariable():
            yield from _variable(value, way)
        case Subject():
            pass  # it stands by itself
        case Struct() if not isinstance(value, Place | Note | ComponentEnvironment):
            yield from _fields(value, way)
        case tuple():
            for index, item in enumerate(value):
                name = CALLED.get(type(item))
                inner = f"{way}.{getattr(item, name)}" if name is not None else step(way, index)
                yield from _field(item, inner, hide=hide)
        case dict():
            for key, item in value.items():
                yield from _field(item, step(way, str(key)), hide=hide)
        case _:
            pass  # what is no value: places, notes, words of ours, and what is there already, put together otherwise


def _known(known: Known[Any], way: str, *, hide: bool) -> Iterator[Field]:
    match known.value:
        case _ if hide or known.sensitive:
            yield Field(way, Knowledge.KNOWN, NOT_SHOWN, known.place)
        case Enum() as word:
            yield Field(way, Knowledge.KNOWN, str(word), known.place)
        case Map() | List() as tree:
            yield Field(way, Knowledge.KNOWN, shape(tree), known.place)
        case Struct() as inner:
            yield from _fields(inner, way)
        case ():
            yield Field(way, Knowledge.KNOWN, "none", known.place)
        case tuple() as several if all(isinstance(item, EnvironmentVariable) for item in several):
            for variable in several:
                yield from _variable(variable, way)
        case tuple() as several:
            for index, item in enumerate(several):
                value = Known(item, known.place) if isinstance(item, str) else item
                yield from _field(value, step(way, index))
        case _:
            yield Field(way, Knowledge.KNOWN, shown(known, name_in(way)), known.place)


def name_in(way: str) -> str:
    """The last name on the way to a value: `image` of `components.workers[0].image`."""
    return re.sub(r"\[[0-9]++\]$", "", way).rpartition(".")[2]


def _variable(variable: EnvironmentVariable, way: str) -> Iterator[Field]:
    """A variable by its name; its value only where nothing makes it a secret."""
    match variable.name:
        case Known(name) if is_variable_name(name):
            way, looks_secret = step(way, name), secret_name(name)
        case Known() | Unknown() | Absent():
            way, looks_secret = step(way, "a name that is not shown"), True
    marked = isinstance(variable.is_secret, Known) and variable.is_secret.value
    if variable.from_source:
        yield Field(way, Knowledge.KNOWN, f"read from elsewhere ({variable.from_source})", variable.place)
    else:
        yield from _field(variable.value, way, hide=marked or looks_secret or variable.secret() is not None)


def _link(link: Link[Any], way: str) -> Iterator[Field]:
    """Which object it leads to, and how that is known."""
    how = f", {link.how}" if link.how else ""
    match link.to:
        case Known(target, place):
            yield Field(way, Knowledge.KNOWN, f"{label(target)}{how}", place)
        case Unknown() as unknown:
            names = ", ".join(map(label, link.candidates))
            candidates = f" (one of {names})" if names else ""
            yield Field(way, Knowledge.UNKNOWN, f"{unknown.in_full}{candidates}", unknown.place)
        case Absent(place):
            yield Field(way, Knowledge.ABSENT, "", place)
