"""Agents of Remote Execution."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from msgspec import Struct

from astrovet import airflow
from astrovet.document import Note
from astrovet.formats.json_text import JsonText, json_text
from astrovet.model.component import TASK_COMPONENTS, Component, ComponentEnvironment, ComponentKind, SecurityContext
from astrovet.model.connection import Connection, connection
from astrovet.model.credential import SECRET_KEYS, Choice, Credential
from astrovet.model.deployment import Deployment
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.identity import ANNOTATIONS, IdentityKind
from astrovet.model.link import Link
from astrovet.model.logging_sidecar import LoggingSidecar
from astrovet.model.secrets_backend import SecretsBackend
from astrovet.model.subject import AstroPart, Subject
from astrovet.model.variables import Environment, EnvironmentVariable, secret_values, settled
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, items, text


class DagBundle(Struct, frozen=True):
    """One source of DAGs."""

    classpath: Value[str]
    arguments: Value[Tree]
    """Its `kwargs`."""

    def argument(self, name: str) -> Value[str]:
        """What the bundle is given under this name."""
        return settled(text(at(self.arguments, name)))


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

    @property
    def is_off(self) -> bool:
        """It is switched off in so many words."""
        return isinstance(self.enabled, Known) and not self.enabled.value


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


class AnnotatedIdentity(Struct, frozen=True):
    """An identity of the cloud that an annotation in the values gives to ServiceAccounts."""

    value: Value[str]
    account: ServiceAccountSetting | None
    """Whose annotation it is; None: it is on all."""


class Agent(AstroPart, frozen=True):
    """The Helm values of one Remote Execution agent, merged."""

    kind: ClassVar[str] = "agent"
    order: ClassVar[int] = 13
    listing: ClassVar[int] = 2

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
    image: Value[str]
    """Of the components that run tasks and name none of their own."""
    security: SecurityContext
    """Of the components that have no contexts of their own."""
    lineage: Lineage
    logging_sidecar: LoggingSidecar
    sentinel: Sentinel
    service_accounts: tuple[ServiceAccountSetting, ...]
    account_annotations: Value[Map]
    """Of all its ServiceAccounts."""
    choices: tuple[Choice, ...]
    """Where credentials come from, each given in one of several ways."""
    placeholders: tuple[Note, ...] = ()
    """Settings that the agent needs and that hold a placeholder."""
    chart_version: Value[str] = Unknown("the chart's version is not in the values", Place(""))
    has_chart_2_key: bool = False
    """It uses a key of which the vendor's template for chart 2 is the first to tell."""
    identities: tuple[str, ...] = ()
    """Addresses of identities of the cloud that the release refers to."""
    release_namespace: Value[str] = Absent(Place(""))
    """The namespace of its Helm release; Absent where nothing tells it."""
    clusters: frozenset[str] = frozenset()
    """The names of the Kubernetes clusters that its release looks up to be installed in one."""
    other_cluster: Known[str] | None = None
    """What calls the cluster that a tool puts it into, where that is another one than the tool's own."""
    doubt: Unknown | None = None
    """Why it may not be installed at all."""
    is_rendered: bool = False
    """It is here as Helm renders it, without its values."""
    unread: Unknown | None = None
    """Why a layer of its values cannot be read: what no other layer sets may stand there."""
    layers: tuple[str, ...] = ()
    """The files and flags that its values come from, in Helm's order."""
    how: str = ""
    """Why these belong together; empty for a file alone."""
    labels: Value[Map] = Absent(Place(""))
    """Of all its objects and Pods, beside the chart's own."""
    host_network: Value[bool] = Absent(Place(""))
    """Whether a patch over what the chart renders gives its Pods the network of their node."""
    dropped: Mapping[str, Place] = {}
    """Shared variables that an earlier layer sets and a later one drops with the whole list, and where."""
    secrets: tuple[SecretsBackend, ...] = ()
    """Of each component that tasks need."""
    secrets_kwargs: tuple[JsonText, ...] = ()
    """Every set of arguments for a secrets backend that is written anywhere, in effect or not."""

    @property
    def model(self) -> Value[DeploymentModel]:
        return Known(DeploymentModel.REMOTE_EXECUTION, self.place)

    @property
    def named_files(self) -> tuple[str, ...]:
        file, _, inner = self.id.partition("#")
        own = (file,) if inner else ()
        return (*own, *(layer for layer in self.layers if layer not in {self.id, self.block}))

    def links(self) -> Mapping[str, Link[Subject]]:
        return {"deployment": self.deployment}

    def hidden(self) -> Iterator[Value[str]]:
        yield from (credential.value for credential in self.credentials)
        yield from secret_values(self.all_variables())

    def variables(self, name: str, *kinds: ComponentKind) -> tuple[Value[str], ...]:
        """The effective values of an environment variable on the components of these kinds.

        A component's own entry wins over `commonEnv`. Equal origins are given once, so that a
        variable that `commonEnv` sets, or that nobody sets, is one value and not one per component.
        """
        values: list[Value[str]] = []
        for environment in self.environments(*kinds):
            value = environment.value(name)
            if value not in values:
                values.append(value)
        return tuple(values)

    def environment_of(self, component: Component) -> ComponentEnvironment:
        """What a component that tasks need sees: its own variables and, below them, the shared ones."""
        return self._seen(component.environment, component.dropped)

    def environments(self, *kinds: ComponentKind) -> tuple[ComponentEnvironment, ...]:
        """What each component of these kinds sees; a kind that the set does not mention sees `commonEnv`."""
        environments: list[ComponentEnvironment] = []
        for kind in kinds or TASK_COMPONENTS:
            own = [component for component in self.components if component.kind is kind]
            environments.extend(self.environment_of(component) for component in own)
            if not own:
                environments.append(self._seen(Absent(self.place), {}))
        return tuple(environments)

    def running(self, *kinds: ComponentKind) -> tuple[Component, ...]:
        """The components of these kinds (none given: of all), but for those that are switched off."""
        off = {name for name, enabled in self._switches() if isinstance(enabled, Known) and not enabled.value}
        return tuple(
            component
            for component in self.components
            if component.pod not in off and (not kinds or component.kind in kinds)
        )

    def images(self, *kinds: ComponentKind) -> tuple[Value[str], ...]:
        """The images that run, each once; the shared one too where a component that the set does not mention has it."""
        images = [component.image for component in self.running(*kinds)]
        if self._unmentioned(kinds):
            images.append(self.image)
        return tuple(image for index, image in enumerate(images) if image not in images[:index])

    def security_contexts(self) -> tuple[SecurityContext, ...]:
        """Those of everything that runs, each once; also of a component that the set does not mention."""
        contexts = [component.security for component in self.running()]
        if self._unmentioned(()):
            contexts.append(self.security)
        return tuple(security for index, security in enumerate(contexts) if security not in contexts[:index])

    def secret_names(self) -> Iterator[tuple[str, Value[str]]]:
        """The settings that name a Kubernetes Secret, each with the name."""
        for choice in self.choices:
            for key, value in choice.settings.items():
                if key in SECRET_KEYS:
                    yield key, settled(value)

    def cloud_identities(self, what: IdentityKind) -> Iterator[AnnotatedIdentity]:
        """The identities of one kind that annotations give to its ServiceAccounts."""
        shared = ((annotations, None) for annotations in (self.annotations, self.account_annotations))
        own = ((account.annotations, account) for account in self.service_accounts)
        for listed, account in (*shared, *own):
            match listed:
                case Known():
                    value = settled(text(at(listed, ANNOTATIONS[what])))
                    if not isinstance(value, Absent):
                        yield AnnotatedIdentity(value, account)
                case Unknown() | Absent():
                    pass

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

    def bundles(self) -> tuple[DagBundle, ...]:
        """Every DAG bundle that is shown, also where a list stands in place of the text that holds it."""
        for written in (items(self.dag_bundles.content), items(self.dag_bundles.raw)):
            match written:
                case Known(entries):
                    return tuple(
                        DagBundle(settled(text(at(entry, "classpath"))), at(entry, "kwargs")) for entry in entries
                    )
                case Unknown() | Absent():
                    pass
        return ()

    def bundle_arguments(self) -> tuple[Value[Tree], ...]:
        """The `kwargs` of every DAG bundle."""
        return tuple(bundle.arguments for bundle in self.bundles())

    def bundle_settings(self, name: str) -> tuple[Value[str], ...]:
        """What the DAG bundles are given under this name; a list that is filled in later is one unknown setting."""
        content = self.dag_bundles.content
        if isinstance(content, Unknown) and not self.dag_bundles.fault:
            return (content,)
        return tuple(text(at(arguments, name)) for arguments in self.bundle_arguments())

    def git_connections(self) -> frozenset[str]:
        """The variables from which Airflow would read the connections that DAG bundles name."""
        named = [text(at(arguments, "git_conn_id")) for arguments in self.bundle_arguments()]
        return frozenset(f"{airflow.CONNECTION}{name.value.upper()}" for name in named if isinstance(name, Known))

    def connections(self, names: Collection[str]) -> Iterator[Connection]:
        """The connections that the values write out in variables of these names."""
        for variable in self.all_variables():
            match variable.name:
                case Known(name) if name in names and not variable.from_source:
                    yield connection(variable.value)
                case Known() | Unknown() | Absent():
                    pass

    def unknown_environments(self) -> Iterator[Unknown]:
        """The environment lists of which nothing is known."""
        for environment in [self.common_environment, *(component.environment for component in self.components)]:
            match environment:
                case Unknown():
                    yield environment
                case Known() | Absent():
                    pass

    def _switches(self) -> Iterator[tuple[str, Value[bool]]]:
        """The components that may be switched off, and whether they are on; the sidecar is off by default."""
        yield "sentinel", self.sentinel.enabled
        match self.logging_sidecar.enabled:
            case Absent(place):
                yield "loggingSidecar", Known(False, place, written=False)
            case Known() | Unknown() as enabled:
                yield "loggingSidecar", enabled

    def _unmentioned(self, kinds: tuple[ComponentKind, ...]) -> bool:
        """Whether there are components of these kinds that the chart makes from its defaults alone."""
        wanted = set(TASK_COMPONENTS) & set(kinds or TASK_COMPONENTS)
        return not wanted <= {component.kind for component in self.components}

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
