"""Agents of Remote Execution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from astrovet.document import Note
from astrovet.inputs.json_text import JsonText, json_text
from astrovet.model.component import TASK_COMPONENTS, Component, ComponentEnvironment, ComponentKind
from astrovet.model.deployment import Deployment
from astrovet.model.link import Link
from astrovet.model.variables import Environment, EnvironmentVariable
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, items, text


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


class Choice(Struct, frozen=True):
    """Settings that say the same thing in different ways: the chart takes one of them."""

    what: str
    settings: Mapping[str, Value[str]]
    """By key."""


class Lineage(Struct, frozen=True):
    """What the agent tells of its tasks (`openLineage`)."""

    place: Place
    enabled: Value[bool]
    """Absent where nothing is said: the default differs between the chart's versions."""
    url: Value[str]
    endpoint: Value[str]
    namespace: Value[str]
    facet_variables: Value[tuple[Value[str], ...]]
    """Variables whose values go out with every event (`facetsEnvironmentVariables`)."""


class LoggingSidecar(Struct, frozen=True):
    """The container that ships task logs."""

    place: Place
    enabled: Value[bool]
    config: Value[Tree]
    """Its configuration, parsed; Absent where there is none."""


class Sentinel(Struct, frozen=True):
    """The component that reports the agent's health."""

    place: Place
    enabled: Value[bool]
    config: Value[Tree]
    """Its configuration, parsed; Absent where there is none."""


class ServiceAccountSetting(Struct, frozen=True):
    """The ServiceAccount of one component."""

    label: str
    """Its key, e.g. `serviceAccount.workers`."""
    place: Place
    create: Value[bool]
    name: Value[str]
    annotations: Value[Map]
    """Its own, without those for all ServiceAccounts."""


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
    api_url: Value[str]
    namespace: Value[str]
    create_namespace: Value[bool]
    state_store_backend: Value[str]
    """Absent(explicit=True) only where null or an empty text is written."""
    log_level: Value[str]
    annotations: Value[Map]
    """Of all its objects and Pods."""
    lineage: Lineage
    logging_sidecar: LoggingSidecar
    sentinel: Sentinel
    service_accounts: tuple[ServiceAccountSetting, ...]
    choices: tuple[Choice, ...]
    """Where credentials come from, each given in one of several ways."""
    placeholders: tuple[Note, ...] = ()
    """Settings that the agent needs and that hold a placeholder."""
    chart_version: Value[str] = Unknown("the chart's version is not in the values", Place(""))
    layers: tuple[str, ...] = ()
    """The files and flags that its values come from, in Helm's order."""
    dropped: Mapping[str, Place] = {}
    """Shared variables that an earlier layer sets and a later one drops with the whole list, and where."""
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
            own = [component for component in self.components if component.kind is kind]
            found.extend(self._seen(each.environment, each.dropped) for each in own)
            if not own:
                found.append(self._seen(Absent(self.place), {}))
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

    def _seen(self, own: Environment, dropped: Mapping[str, Place]) -> ComponentEnvironment:
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
        return ComponentEnvironment(
            listed, self.common_environment.place, self.complete, unlisted, {**dropped, **self.dropped}
        )
