"""Which secrets backend Airflow uses where certain environment variables are set, and with which arguments.

As apache-airflow-core 3.3.2 and apache-airflow-task-sdk 1.3.2 settle it (`_get_custom_secret_backend`,
read November 2026): a backend of section `[workers]` wins and takes the arguments of that section only;
a text that is no JSON object is dropped with a warning; single arguments have variables of their own.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from astrovet import airflow
from astrovet.formats.json_text import JsonText, json_text
from astrovet.model.component import ComponentEnvironment
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, shape, text


class SecretsBackend(Struct, frozen=True):
    """Where one component gets connections and variables from, as Airflow settles it."""

    backend: Value[str]
    """The class; Absent where a complete set names none."""
    kwargs: JsonText
    """The text that holds the arguments; one that is no JSON object has a fault, and Airflow drops it."""
    arguments: Known[Map]
    """All of them: those of the text and, over these, those that have a variable of their own."""
    environment: ComponentEnvironment

    def argument(self, name: str) -> Value[Tree]:
        """What the backend is given under this name."""
        return at(self.arguments, name)

    def text_argument(self, name: str) -> Value[str]:
        """The same, as text."""
        return text(self.argument(name))


class Section(Struct, frozen=True):
    """The variables of one section of Airflow's settings."""

    backend: str
    kwargs: str
    kwarg: str
    """Before the name of a single argument."""

    @property
    def command(self) -> str:
        """What Airflow runs to get the arguments, where `kwargs` is not set."""
        return f"{self.kwargs}_CMD"


SECRETS = Section(airflow.SECRETS_BACKEND, airflow.SECRETS_KWARGS, airflow.SECRETS_KWARG)
WORKERS = Section(airflow.WORKERS_SECRETS_BACKEND, airflow.WORKERS_SECRETS_KWARGS, airflow.WORKERS_SECRETS_KWARG)


def secrets_backend(named: Value[str], environment: ComponentEnvironment) -> SecretsBackend:
    """The backend that `named` and the variables of section `[workers]` make between them."""
    shown = replace(environment, complete=True)  # in a partial set too, the variables that it shows are judged
    section, backend = SECRETS, named
    match shown.value(WORKERS.backend):
        case Known("") | Absent():
            pass
        case override:
            section, backend = WORKERS, override
    kwargs = _json_object(_kwargs(section, environment))
    return SecretsBackend(backend, kwargs, _arguments(kwargs, environment.keyed(section.kwarg)), environment)


def _kwargs(section: Section, environment: ComponentEnvironment) -> Value[str]:
    if section.kwargs not in environment.listed and section.command in environment.listed:
        return Unknown("a command writes it when the Pod starts", environment.listed[section.command].place)
    return environment.value(section.kwargs)


def _json_object(raw: Value[str]) -> JsonText:
    text = json_text(raw)
    match text.content:
        case Known(Map()) | Unknown() | Absent():
            return text
        case Known(other, place):
            fault = f"{shape(other)} stands where an object is expected"
            return JsonText(raw, Unknown(fault, place), fault)


def _arguments(kwargs: JsonText, single: Map) -> Known[Map]:
    match kwargs.content:
        case Known(Map(entries, unlisted), place):
            return Known(Map({**entries, **single.entries}, unlisted or single.unlisted), place)
        case Unknown(_, place) as unknown:
            return Known(Map(single.entries, single.unlisted if kwargs.fault else unknown), place)
        case Known(_, place) | Absent(place):
            return Known(single, place)
