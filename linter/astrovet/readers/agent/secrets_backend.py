"""Which secrets backend each component of an agent uses, and with which arguments.

As apache-airflow-core 3.3.2 and apache-airflow-task-sdk 1.3.2 settle it (`_get_custom_secret_backend`,
read November 2026): a backend of section `[workers]` wins and takes the arguments of that section only;
a text that is no JSON object is dropped with a warning; single arguments have variables of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from astrovet.formats.json_text import JsonText, json_text
from astrovet.model.agent import Agent
from astrovet.model.component import ComponentEnvironment
from astrovet.model.secrets_backend import SECRETS, WORKERS, SecretsBackend, secrets_backend
from astrovet.model.variables import settled
from astrovet.value import Absent, Entry, Known, Map, Unknown, Value


def secrets_backends(agent: Agent) -> tuple[SecretsBackend, ...]:
    """The secrets backend of each component that tasks need."""
    return tuple(_secrets_backend(agent.secrets_backend, environment) for environment in agent.environments())


def written_kwargs(agent: Agent) -> tuple[JsonText, ...]:
    """Every set of arguments that the values write themselves; what the Pod reads from elsewhere is none."""
    return (*_written_kwargs(agent), *(json_text(unknown) for unknown in agent.unknown_environments()))


def _secrets_backend(field: Value[str], environment: ComponentEnvironment) -> SecretsBackend:
    shown = replace(environment, complete=True)  # in a partial set too, the variables that it shows are judged
    return secrets_backend(_named(field, shown.value(SECRETS.backend)), environment)


def _named(field: Value[str], variable: Value[str]) -> Value[str]:
    """The class that the chart's field and Airflow's own variable name between them."""
    match field, variable:
        case Absent(), Known(text, place) if text:
            # The chart sets this variable from its own default too; which of the two wins is not documented.
            why = f"{SECRETS.backend} is set and `secretBackend` is not"
            return Unknown(why, place, how="set `secretBackend` instead")
        case Known(), Unknown():
            return variable
        case Known(one), Known(other, place) if other not in ("", one):
            why = f"`secretBackend` and {SECRETS.backend} name different classes"
            return Unknown(why, place, how="keep only `secretBackend`")
        case _:
            return field


def _written_kwargs(agent: Agent) -> Iterator[JsonText]:
    for variable in agent.all_variables():
        match variable.name:
            case _ if variable.from_source:
                pass
            case Known(SECRETS.kwargs | WORKERS.kwargs):
                yield json_text(settled(variable.value))
            case Known(name, place):
                for prefix in (SECRETS.kwarg, WORKERS.kwarg):
                    if name.startswith(prefix):
                        key = name.removeprefix(prefix).lower()
                        single = Map({key: Entry(key, place, variable.value)})
                        yield JsonText(variable.value, Known(single, variable.place))
            case Unknown():
                yield json_text(variable.name)
            case Absent():
                pass
