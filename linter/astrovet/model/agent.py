"""Agents of Remote Execution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from astrovet.inputs.json_text import JsonText, json_text
from astrovet.model.deployment import Deployment
from astrovet.model.link import Link
from astrovet.model.variables import Environment, EnvironmentVariable, partial, settled
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, at, items, text


class ComponentKind(StrEnum):
    """The parts of an agent (S003-21)."""

    WORKER = "worker"
    DAG_PROCESSOR = "DAG processor"
    TRIGGERER = "triggerer"
    SENTINEL = "Sentinel"
    LOGGING_SIDECAR = "logging sidecar"
    INIT_CONTAINER = "init container"
    EXTRA_CONTAINER = "extra container"


TASK_COMPONENTS = (ComponentKind.WORKER, ComponentKind.DAG_PROCESSOR, ComponentKind.TRIGGERER)
"""The components that `commonEnv` reaches."""


class Component(Struct, frozen=True):
    """One component of an agent with its own environment."""

    kind: ComponentKind
    name: str
    place: Place
    environment: Environment


class ComponentEnvironment(Struct, frozen=True):
    """The environment variables that one component sees: its own, then those of `commonEnv`."""

    listed: Mapping[str, EnvironmentVariable]
    """By name. A variable that the component sets itself hides the shared one of that name."""
    place: Place
    """Where a variable that is not listed would stand."""
    complete: bool
    unlisted: Unknown | None = None
    """Set where there may be variables that the input does not show."""

    def value(self, name: str) -> Value[str]:
        """The value of a variable; Absent only in a complete set."""
        if name in self.listed:
            return settled(self.listed[name].value)
        return self._unlisted(name) or Absent(self.place)

    def keyed(self, prefix: str) -> Map:
        """The variables whose names go on after a prefix, by the rest of the name in lower case."""
        entries = {
            key: Entry(key, variable.place, settled(variable.value))
            for name, variable in self.listed.items()
            if name.startswith(prefix) and (key := name.removeprefix(prefix).lower())
        }
        return Map(entries, self._unlisted(f"{prefix}*"))

    def _unlisted(self, name: str) -> Unknown | None:
        if self.unlisted is not None or self.complete:
            return self.unlisted
        return Unknown(partial(name), self.place)


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


class Credential(Struct, frozen=True):
    """A setting that takes a credential."""

    label: str
    value: Value[str]
    handed_over: bool = False
    """Terraform hands it to Helm as a secret of its own (`set_sensitive`), and takes it from elsewhere."""


class Agent(Struct, frozen=True):
    """The Helm values of one Remote Execution agent, merged."""

    id: str
    block: str
    place: Place
    name: Value[str]
    complete: bool
    """The set holds all that Helm is given. In a partial set what is missing is Unknown, not Absent."""
    secrets_backend: Value[str]
    """What the chart's key says; `secrets` says what each component makes of it."""
    xcom_backend: Value[str]
    dag_bundles: JsonText
    credentials: tuple[Credential, ...]
    common_environment: Environment
    components: tuple[Component, ...]
    deployment: Link[Deployment]
    secrets: tuple[SecretsBackend, ...] = ()
    """Of each component that tasks need."""
    secrets_kwargs: tuple[JsonText, ...] = ()
    """Every set of arguments for a secrets backend that is written anywhere, in effect or not."""
    kind: str = "agent"

    def variables(self, name: str, *kinds: ComponentKind) -> tuple[Value[str], ...]:
        """The effective values of an environment variable on the components of these kinds.

        A component's own entry wins over `commonEnv`. Equal origins are given once, so that a
        variable that `commonEnv` sets, or that nobody sets, is one value and not one per component.
        """
        found: list[Value[str]] = []
        for environment in self.environments(*kinds):
            value = environment.value(name)
            if value not in found:
                found.append(value)
        return tuple(found)

    def environments(self, *kinds: ComponentKind) -> tuple[ComponentEnvironment, ...]:
        """What each component of these kinds sees; a kind that the set does not mention sees `commonEnv`."""
        found: list[ComponentEnvironment] = []
        for kind in kinds or TASK_COMPONENTS:
            own = [component.environment for component in self.components if component.kind is kind]
            found.extend(self._seen(environment) for environment in own or [Absent(self.place)])
        return tuple(found)

    def json_variables(self, name: str, *kinds: ComponentKind) -> tuple[JsonText, ...]:
        """As `variables`, for a variable whose text has to be JSON."""
        return tuple(json_text(value) for value in self.variables(name, *kinds))

    def all_variables(self) -> Iterator[EnvironmentVariable]:
        """Every environment variable that the set writes anywhere."""
        environments = [self.common_environment, *(component.environment for component in self.components)]
        for environment in environments:
            match environment:
                case Known(variables):
                    yield from variables
                case Unknown() | Absent():
                    pass

    def bundle_arguments(self) -> tuple[Value[Tree], ...]:
        """The `kwargs` of every DAG bundle, also where a list stands in place of the text that holds it."""
        for written in (items(self.dag_bundles.content), items(self.dag_bundles.raw)):
            match written:
                case Known(bundles):
                    return tuple(at(bundle, "kwargs") for bundle in bundles)
                case Unknown() | Absent():
                    pass
        return ()

    def git_connections(self) -> frozenset[str]:
        """The variables from which Airflow would read the connections that DAG bundles name."""
        named = [text(at(arguments, "git_conn_id")) for arguments in self.bundle_arguments()]
        return frozenset(f"AIRFLOW_CONN_{each.value.upper()}" for each in named if isinstance(each, Known))

    def unknown_environments(self) -> Iterator[Unknown]:
        """The environment lists of which nothing is known."""
        for environment in [self.common_environment, *(component.environment for component in self.components)]:
            match environment:
                case Unknown():
                    yield environment
                case Known() | Absent():
                    pass

    def _seen(self, own: Environment) -> ComponentEnvironment:
        """The shared variables and, over them, a component's own."""
        listed: dict[str, EnvironmentVariable] = {}
        unlisted: Unknown | None = None
        for environment in (self.common_environment, own):
            if isinstance(environment, Unknown):
                listed, unlisted = {}, environment  # it may set again what was listed before
            elif isinstance(environment, Known):
                names = [variable.name for variable in environment.value]
                opened = next((name for name in names if isinstance(name, Unknown)), None)
                if opened is not None:
                    listed, unlisted = {}, opened
                for name, variable in zip(names, environment.value, strict=True):
                    if isinstance(name, Known):
                        listed[name.value] = variable  # Kubernetes takes the last of two equal names
        return ComponentEnvironment(listed, self.common_environment.place, self.complete, unlisted)
