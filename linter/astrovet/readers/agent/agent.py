"""Merged Helm values of the agent chart become an Agent.

Key layout: the vendor's values templates of chart 1.0.2 and 2.x (T1, T2).
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from msgspec.structs import replace

from astrovet import airflow
from astrovet.document import Note
from astrovet.formats.embedded import embedded_yaml
from astrovet.formats.json_text import json_text
from astrovet.model.agent import Agent, Lineage, Sentinel, ServiceAccountSetting
from astrovet.model.component import Component, ComponentKind
from astrovet.model.credential import Choice, Credential, CredentialKind
from astrovet.model.link import Link
from astrovet.model.logging_sidecar import LoggingSidecar
from astrovet.model.variables import Environment
from astrovet.place import Place
from astrovet.readers.agent.chart_values import AgentValues, dropped_names, key_place, pointer, settled_tree
from astrovet.readers.agent.components import components, environment, shared_security
from astrovet.readers.agent.log_sinks import log_sinks
from astrovet.readers.agent.secrets_backend import secrets_backends, written_kwargs
from astrovet.secrecy import placeholder, secret_name, template
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, items, text

COMPLETE_WHERE_SET = ("astroDeploymentAPIURL", "resourceNamePrefix", "workers")
"""A file that sets these three holds all that Helm is given; another is a layer of several."""

SERVICE_ACCOUNTS = ("workers", "dagProcessor", "triggerer", "sentinel")

CHOICES = {
    CredentialKind.AGENT_TOKEN: ("agentToken", "agentTokenSecretName", "agentTokenFile"),
    CredentialKind.REGISTRY_LOGIN: ("imagePullSecretName", "imagePullSecretData"),
    CredentialKind.SENTINEL_SECRET: ("sentinelAuthSecretName", "sentinelAuthSecret", "sentinelAuthSecretFile"),
    CredentialKind.LINEAGE_KEY: ("openLineage.apiKey", "openLineage.apiKeySecret"),
}
"""Settings of which the chart takes one (T1, T2)."""

CHART_2_KEYS = (
    *("image", "imagePullPolicy", "agentTokenFile", "stateStoreBackend", "serviceAccount.sentinel"),
    *("sentinelAuthSecretName", "sentinelAuthSecret", "sentinelAuthSecretFile"),
    *("openLineage.endpoint", "openLineage.facetsEnvironmentVariables"),
)
CHART_2_WORKER_KEYS = ("serviceAccount", "canUseKubernetesPodOperator")
"""Keys that the template of chart 2.x has and that of 1.0.2 has not (T1, T2), and one of 2.3.0."""

NEEDED = (
    *("astroDeploymentAPIURL", "resourceNamePrefix", "namespace", "image", "secretBackend", "xcomBackend"),
    *("agentToken", "agentTokenSecretName", "imagePullSecretName", "dagBundleConfigList"),
)
NEEDED_VARIABLES = (
    *(airflow.ORGANIZATION_ID, airflow.WORKSPACE_ID, airflow.DEPLOYMENT_ID, airflow.DEPLOYMENT_NAMESPACE),
    *(airflow.SECRETS_KWARGS, airflow.XCOM_PATH),
)
"""Settings without which an agent does not work."""

CREDENTIAL_VARIABLES = {
    airflow.AGENT_TOKEN: CredentialKind.AGENT_TOKEN,
    airflow.LINEAGE_KEY: CredentialKind.LINEAGE_KEY,
}
"""Variables that give a credential in place of the chart's setting."""

REGISTRY_FIELDS = frozenset({"auth", "password", "identitytoken"})
"""What holds the credential in a docker configuration."""


def read_agent(
    identity: str,
    block: str,
    root: Value[Tree],
    place: Place,
    *,
    complete: bool | None = None,
    chart_version: Value[str] | None = None,
    layers: tuple[str, ...] = (),
    how: str = "",
) -> Agent:
    """The agent that these values install.

    `complete` says whether the values are all that Helm is given; None: judge it by what they set.
    `layers` names where they come from, `how` says why these belong together.
    """
    whole = is_complete(root) if complete is None else complete
    values = AgentValues(root, whole)
    common = environment(root, "commonEnv")
    parts = tuple(components(values))
    sentinel_config = _configuration(values, "sentinel")
    sidecar_config = _configuration(values, "loggingSidecar")
    agent = Agent(
        id=identity,
        block=block,
        place=place,
        name=text(at(root, "resourceNamePrefix")),
        complete=whole,
        secrets_backend=_explicit(values.text("secretBackend")),
        xcom_backend=_explicit(values.text("xcomBackend")),
        dag_bundles=json_text(_bundles(values)),
        credentials=(*_credentials(root, sentinel_config), *_credential_variables(common, parts)),
        common_environment=common,
        components=parts,
        deployment=Link(Absent(place)),
        api_url=values.text("astroDeploymentAPIURL"),
        namespace=values.text("namespace"),
        create_namespace=values.boolean("createNamespace"),
        state_store_backend=values.text("stateStoreBackend"),
        log_level=values.text("logLevel"),
        annotations=values.map("annotations"),
        labels=values.map("labels"),
        image=values.text("image"),
        security=shared_security(values),
        lineage=_lineage(values),
        logging_sidecar=LoggingSidecar(
            place=key_place(root, "loggingSidecar", place),
            enabled=values.boolean("loggingSidecar", "enabled"),
            config=sidecar_config,
            sinks=log_sinks(sidecar_config),
        ),
        sentinel=Sentinel(
            place=key_place(root, "sentinel", place),
            enabled=values.boolean("sentinel", "enabled"),
            config=sentinel_config,
        ),
        service_accounts=tuple(_service_accounts(values)),
        account_annotations=values.map("serviceAccount", "annotations"),
        choices=tuple(
            Choice(what, {key: values.text(*key.split(".")) for key in keys}) for what, keys in CHOICES.items()
        ),
        placeholders=tuple(_placeholders(root, common)),
        chart_version=Unknown("the values do not say for which version of the chart they are", place)
        if chart_version is None
        else chart_version,
        has_chart_2_key=_has_chart_2_key(root),
        unread=_unread(root),
        layers=layers or (place.path,),
        how=how,
        dropped=dropped_names(root, "commonEnv"),
    )
    agent = replace(agent, secrets=secrets_backends(agent), secrets_kwargs=written_kwargs(agent))
    if isinstance(agent.dag_bundles.raw, Absent):
        set_instead = agent.variables(airflow.DAG_BUNDLES, ComponentKind.DAG_PROCESSOR)[0]
        if not isinstance(set_instead, Absent):
            return replace(agent, dag_bundles=json_text(set_instead))
    return agent


def in_namespace(agent: Agent, namespace: Value[str] | None) -> Agent:
    """The namespace of the release, where the values name none."""
    if isinstance(agent.namespace, Known) or not isinstance(namespace, Known):
        return agent
    return replace(agent, namespace=namespace)


def _unread(root: Value[Tree]) -> Unknown | None:
    match root:
        case Unknown():
            return root
        case Known(Map(unlisted=unlisted)):
            return unlisted
        case Known() | Absent():
            return None


def is_complete(root: Value[Tree]) -> bool:
    """Whether a values set holds all that Helm is given, by what it sets."""
    return all(
        isinstance(value, Known) and value.value != ""
        for value in (settled_tree(at(root, key)) for key in COMPLETE_WHERE_SET)
    )


def _has_chart_2_key(root: Value[Tree]) -> bool:
    settings = [at(root, *key.split(".")) for key in CHART_2_KEYS]
    match items(at(root, "workers")):
        case Known(workers):
            settings += [at(worker, key) for worker in workers for key in CHART_2_WORKER_KEYS]
        case Unknown() | Absent():
            pass
    return any(isinstance(setting, Known) for setting in settings)


def _explicit(value: Value[str]) -> Value[str]:
    """An absence of a setting that Airflow needs counts as written."""
    return replace(value, explicit=True) if isinstance(value, Absent) else value


def _bundles(values: AgentValues) -> Value[Tree]:
    match values.kept(settled_tree(at(values.root, "dagBundleConfigList")), ("dagBundleConfigList",)):
        case Known("", place) | Absent(place):
            return values.kept(Absent(place, explicit=True), ("dagBundleConfigList",))
        case value:
            return value


def _lineage(values: AgentValues) -> Lineage:
    return Lineage(
        place=key_place(values.root, "openLineage", values.root.place),
        enabled=values.boolean("openLineage", "enabled"),
        url=values.text("openLineage", "url"),
        endpoint=values.text("openLineage", "endpoint"),
        namespace=values.text("openLineage", "namespace"),
        facet_variables=values.texts("openLineage", "facetsEnvironmentVariables"),
    )


def _configuration(values: AgentValues, component: str) -> Value[Tree]:
    """The YAML text in a component's `config`, parsed."""
    written = at(values.root, component, "config")
    match written:
        case Known(str(content)) if not content.strip():
            return values.kept(Absent(written.place, explicit=True), (component, "config"))
        case Known(str(content)):
            known = Known(content, written.place, written.sensitive, written.written, written.layout)
            return embedded_yaml(known)[0].root
        case Known() | Unknown() | Absent():
            return values.kept(written, (component, "config"))


def _service_accounts(values: AgentValues) -> Iterator[ServiceAccountSetting]:
    """Those of `serviceAccount`, by component, and those of single workers."""
    paths: list[tuple[str | int, ...]] = [("serviceAccount", key) for key in SERVICE_ACCOUNTS]
    match items(at(values.root, "workers")):
        case Known(workers):
            paths += [("workers", index, "serviceAccount") for index in range(len(workers))]
        case Unknown() | Absent():
            pass
    for path in paths:
        match at(values.root, *path):
            case Known(_, place) | Unknown(_, place):
                yield ServiceAccountSetting(
                    label=pointer(path),
                    place=place,
                    create=values.boolean(*path, "create"),
                    name=values.text(*path, "name"),
                    annotations=values.map(*path, "annotations"),
                )
            case Absent():
                pass


def _placeholders(root: Value[Tree], common: Environment) -> Iterator[Note]:
    """The settings that an agent does not work without, and that somebody has still to fill in."""
    for key in NEEDED:
        yield from _placeholder(key, text(at(root, *key.split("."))))
    match common:
        case Known(variables):
            for variable in variables:
                match variable.name:
                    case Known(name) if name in NEEDED_VARIABLES:
                        yield from _placeholder(name, variable.value)
                    case Known() | Unknown() | Absent():
                        pass
        case Unknown() | Absent():
            pass


def _placeholder(label: str, value: Value[str]) -> Iterator[Note]:
    """What a tool fills in later (`${NAME}`, `{{ … }}`) is no fault."""
    match value:
        case Known(content, place) if content.strip() and placeholder(content) and not template(content):
            yield Note(label, place)
        case Known() | Unknown() | Absent():
            pass


def _credentials(root: Value[Tree], config: Value[Tree]) -> Iterator[Credential]:
    """The settings that take a token, a login or a shared secret in clear text."""
    yield Credential(CredentialKind.AGENT_TOKEN, "agentToken", text(at(root, "agentToken")))
    yield Credential(CredentialKind.SENTINEL_SECRET, "sentinelAuthSecret", text(at(root, "sentinelAuthSecret")))
    for name, secret in _sentinel_secrets(config, in_auth=False):
        yield Credential(CredentialKind.SENTINEL_SECRET, f"{name} in sentinel.config", secret)
    yield Credential(CredentialKind.LINEAGE_KEY, "openLineage.apiKey", text(at(root, "openLineage", "apiKey")))
    for login in _registry_logins(at(root, "imagePullSecretData")):
        yield Credential(CredentialKind.REGISTRY_LOGIN, "imagePullSecretData", login)


def _registry_logins(written: Value[Tree]) -> Iterator[Value[str]]:
    """The credentials in a docker configuration: a text that holds JSON, or by mistake the map itself."""
    match written, json_text(written).content:
        case Known(Map()), _:
            yield from _fields(written, REGISTRY_FIELDS)
        case Known(str(content)), Unknown() if placeholder(content) or template(content):
            pass
        case Known(_, place), Unknown():
            yield Unknown("it is no JSON, so that nobody can tell whether a login is in it", place)
        case _, content:
            yield from _fields(content, REGISTRY_FIELDS)


def _fields(tree: Value[Tree], names: Container[str]) -> Iterator[Value[str]]:
    """The texts under these keys, however deep."""
    match tree:
        case Known(Map(entries)):
            for key, entry in entries.items():
                if key in names:
                    yield text(entry.value)
                else:
                    yield from _fields(entry.value, names)
        case Unknown():
            yield tree
        case Known() | Absent():
            pass


def _sentinel_secrets(tree: Value[Tree], *, in_auth: bool) -> Iterator[tuple[str, Value[str]]]:
    match tree:
        case Known(Map() as block):
            for key, entry in block.entries.items():
                if isinstance(entry.value, Known) and isinstance(entry.value.value, Map | List):
                    yield from _sentinel_secrets(entry.value, in_auth=in_auth or key == "agent_auth")
                elif key in {"api_token", "agent_auth_secret"} or (in_auth and secret_name(key)):
                    yield key, text(entry.value)
        case Known(List() as found_list):
            for item in found_list.items:
                yield from _sentinel_secrets(item, in_auth=in_auth)
        case Known() | Unknown() | Absent():
            pass


def _credential_variables(common: Environment, components: tuple[Component, ...]) -> Iterator[Credential]:
    for listed in (common, *(component.environment for component in components)):
        match listed:
            case Known(variables):
                for variable in variables:
                    if isinstance(variable.name, Known) and variable.name.value in CREDENTIAL_VARIABLES:
                        name = variable.name.value
                        value = Absent(variable.place) if variable.from_source else variable.value
                        yield Credential(CREDENTIAL_VARIABLES[name], name, value)
            case Unknown() | Absent():
                pass
