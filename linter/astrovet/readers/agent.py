"""Merged Helm values of the agent chart become an Agent.

Key layout: the vendor's values templates of chart 1.0.2 and 2.x (domain facts, section a).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from astrovet.document import Note
from astrovet.inputs.embedded import embedded_yaml
from astrovet.inputs.json_text import json_text
from astrovet.model.agent import Agent, Choice, Credential, Lineage, LoggingSidecar, Sentinel, ServiceAccountSetting
from astrovet.model.component import Component, ComponentKind
from astrovet.model.link import Link
from astrovet.model.variables import Environment
from astrovet.place import Place
from astrovet.readers.agent_values import AgentValues, dropped_names, key_place, pointer, settled_tree
from astrovet.readers.components import components, environment
from astrovet.readers.secrets_backend import secrets_backends, written_kwargs
from astrovet.secrecy import placeholder, secret_name, template
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, items, text

COMPLETE_WHERE_SET = ("astroDeploymentAPIURL", "resourceNamePrefix", "workers")
"""A file that sets these three holds all that Helm is given; another is a layer of several."""

SERVICE_ACCOUNTS = ("workers", "dagProcessor", "triggerer", "sentinel")

CHOICES = {
    "agent token": ("agentToken", "agentTokenSecretName", "agentTokenFile"),
    "registry login": ("imagePullSecretName", "imagePullSecretData"),
    "Sentinel secret": ("sentinelAuthSecretName", "sentinelAuthSecret", "sentinelAuthSecretFile"),
    "lineage key": ("openLineage.apiKey", "openLineage.apiKeySecret"),
}
"""Settings of which the chart takes one (section a.1 and a.2)."""

NEEDED = (
    *("astroDeploymentAPIURL", "resourceNamePrefix", "namespace", "image", "secretBackend", "xcomBackend"),
    *("agentToken", "agentTokenSecretName", "imagePullSecretName", "dagBundleConfigList"),
)
NEEDED_VARIABLES = (
    *("ASTRO_ORGANIZATION_ID", "ASTRO_WORKSPACE_ID", "ASTRO_DEPLOYMENT_ID", "ASTRO_DEPLOYMENT_NAMESPACE"),
    *("AIRFLOW__SECRETS__BACKEND_KWARGS", "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH"),
)
"""Settings without which an agent does not work."""

TOKEN_VARIABLE = "ASTRO_AGENT_CLIENT_API_TOKEN"  # noqa: S105  the name of a variable
BUNDLES_VARIABLE = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"


def read_agent(
    identity: str,
    block: str,
    root: Value[Tree],
    place: Place,
    *,
    complete: bool | None = None,
    chart_version: Value[str] | None = None,
    layers: tuple[str, ...] = (),
) -> Agent:
    """The agent that these values install.

    `complete` says whether the values are all that Helm is given; None: judge it by what they set.
    `layers` names where they come from.
    """
    whole = is_complete(root) if complete is None else complete
    values = AgentValues(root, whole)
    common = environment(root, "commonEnv")
    parts = tuple(components(values))
    sentinel_config = _configuration(values, "sentinel")
    agent = Agent(
        id=identity,
        block=block,
        place=place,
        name=text(at(root, "resourceNamePrefix")),
        complete=whole,
        secrets_backend=_explicit(values.text("secretBackend")),
        xcom_backend=_explicit(values.text("xcomBackend")),
        dag_bundles=json_text(_bundles(values)),
        credentials=(*_credentials(root, sentinel_config), *_token_variables(common, parts)),
        common_environment=common,
        components=parts,
        deployment=Link(Absent(place)),
        api_url=values.text("astroDeploymentAPIURL"),
        namespace=values.text("namespace"),
        create_namespace=values.boolean("createNamespace"),
        state_store_backend=values.text("stateStoreBackend"),
        log_level=values.text("logLevel"),
        annotations=values.map("annotations"),
        lineage=_lineage(values),
        logging_sidecar=LoggingSidecar(
            place=key_place(root, "loggingSidecar", place),
            enabled=values.boolean("loggingSidecar", "enabled"),
            config=_configuration(values, "loggingSidecar"),
        ),
        sentinel=Sentinel(
            place=key_place(root, "sentinel", place),
            enabled=values.boolean("sentinel", "enabled"),
            config=sentinel_config,
        ),
        service_accounts=tuple(_service_accounts(values)),
        choices=tuple(
            Choice(what, {key: values.text(*key.split(".")) for key in keys}) for what, keys in CHOICES.items()
        ),
        placeholders=tuple(_placeholders(root, common)),
        chart_version=Unknown("the values do not say for which version of the chart they are", place)
        if chart_version is None
        else chart_version,
        layers=layers or (place.path,),
        dropped=dropped_names(root, "commonEnv"),
    )
    agent = replace(agent, secrets=secrets_backends(agent), secrets_kwargs=written_kwargs(agent))
    if isinstance(agent.dag_bundles.raw, Absent):
        set_instead = agent.variables(BUNDLES_VARIABLE, ComponentKind.DAG_PROCESSOR)[0]
        if not isinstance(set_instead, Absent):
            return replace(agent, dag_bundles=json_text(set_instead))
    return agent


def is_complete(root: Value[Tree]) -> bool:
    """Whether a values set holds all that Helm is given, by what it sets."""
    return all(
        isinstance(value, Known) and value.value != ""
        for value in (settled_tree(at(root, key)) for key in COMPLETE_WHERE_SET)
    )


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
            return embedded_yaml(Known(content, written.place, written.sensitive, written.written))[0].root
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
    """The settings that take a token or a shared secret in clear text."""
    for key in ("agentToken", "sentinelAuthSecret"):
        yield Credential(key, text(at(root, key)))
    for name, found in _sentinel_secrets(config, in_auth=False):
        yield Credential(f"{name} in sentinel.config", found)


def _sentinel_secrets(tree: Value[Tree], *, in_auth: bool) -> Iterator[tuple[str, Value[str]]]:
    match tree:
        case Known(Map() as found):
            for key, entry in found.entries.items():
                if isinstance(entry.value, Known) and isinstance(entry.value.value, Map | List):
                    yield from _sentinel_secrets(entry.value, in_auth=in_auth or key == "agent_auth")
                elif key in {"api_token", "agent_auth_secret"} or (in_auth and secret_name(key)):
                    yield key, text(entry.value)
        case Known(List() as found_list):
            for item in found_list.items:
                yield from _sentinel_secrets(item, in_auth=in_auth)
        case Known() | Unknown() | Absent():
            pass


def _token_variables(common: Environment, components: tuple[Component, ...]) -> Iterator[Credential]:
    for listed in (common, *(component.environment for component in components)):
        match listed:
            case Known(variables):
                for variable in variables:
                    if isinstance(variable.name, Known) and variable.name.value == TOKEN_VARIABLE:
                        value = Absent(variable.place) if variable.from_source else variable.value
                        yield Credential(TOKEN_VARIABLE, value)
            case Unknown() | Absent():
                pass
