"""Merged Helm values of the agent chart become an Agent.

Key layout: the vendor's values templates of chart 1.0.2 and 2.x (domain facts, section a).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from astrovet.inputs.json_text import json_text
from astrovet.inputs.yaml_text import read_yaml
from astrovet.model.agent import Agent, Component, ComponentKind, Credential
from astrovet.model.link import Link
from astrovet.model.variables import Environment, EnvironmentVariable, partial, settled
from astrovet.place import Place
from astrovet.readers.secrets_backend import secrets_backends, written_kwargs
from astrovet.secrecy import secret_name
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, items, text

COMPLETE_WHERE_SET = ("astroDeploymentAPIURL", "resourceNamePrefix", "workers")
"""A file that sets these three holds all that Helm is given; another is a layer of several."""

TOKEN_VARIABLE = "ASTRO_AGENT_CLIENT_API_TOKEN"  # noqa: S105  the name of a variable
BUNDLES_VARIABLE = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"


def read_agent(identity: str, block: str, root: Value[Tree], place: Place, *, complete: bool | None = None) -> Agent:
    """The agent that these values install.

    `complete` says whether the values are all that Helm is given; None: judge it by what they set.
    """
    whole = is_complete(root) if complete is None else complete

    def setting(key: str) -> Value[str]:
        """A top-level text; empty counts as absent, and absence counts only in a complete set."""
        value = settled(text(at(root, key)))
        match value:
            case Known("", at_place) | Absent(at_place):
                return Absent(at_place, explicit=True) if whole else Unknown(partial(key), at_place)
            case Known() | Unknown():
                return value

    common = _environment(root, "commonEnv")
    components = tuple(_components(root))
    agent = Agent(
        id=identity,
        block=block,
        place=place,
        name=text(at(root, "resourceNamePrefix")),
        complete=whole,
        secrets_backend=setting("secretBackend"),
        xcom_backend=setting("xcomBackend"),
        dag_bundles=json_text(_bundles(root, whole)),
        credentials=(*_credentials(root), *_token_variables(common, components)),
        common_environment=common,
        components=components,
        deployment=Link(Absent(place)),
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


def settled_tree(value: Value[Tree]) -> Value[Tree]:
    """`settled` where the value is a text; other values as they are."""
    return settled(text(value)) if isinstance(value, Known) and isinstance(value.value, str) else value


def _bundles(root: Value[Tree], whole: bool) -> Value[Tree]:
    value = settled_tree(at(root, "dagBundleConfigList"))
    match value:
        case Known("", place) | Absent(place):
            return Absent(place, explicit=True) if whole else Unknown(partial("dagBundleConfigList"), place)
        case Known() | Unknown():
            return value


def _components(root: Value[Tree]) -> Iterator[Component]:
    match items(at(root, "workers")):
        case Known(workers):
            for index, worker in enumerate(workers):
                yield from _component(worker, ComponentKind.WORKER, f"workers[{index}]")
        case Unknown() as unknown:
            yield Component(ComponentKind.WORKER, "workers", unknown.place, unknown)
        case Absent():
            pass
    yield from _component(at(root, "dagProcessor"), ComponentKind.DAG_PROCESSOR, "dagProcessor")
    yield from _component(at(root, "triggerer"), ComponentKind.TRIGGERER, "triggerer")
    yield from _component(at(root, "sentinel"), ComponentKind.SENTINEL, "sentinel")
    yield from _component(at(root, "loggingSidecar"), ComponentKind.LOGGING_SIDECAR, "loggingSidecar")


def _component(value: Value[Tree], kind: ComponentKind, name: str) -> Iterator[Component]:
    """The component and the further containers of its Pods."""
    if isinstance(value, Absent):
        return
    yield Component(kind, name, value.place, _environment(value, "env"))
    further = (("initContainers", ComponentKind.INIT_CONTAINER), ("extraContainers", ComponentKind.EXTRA_CONTAINER))
    for key, nested in further:
        match items(at(value, key)):
            case Known(containers):
                for index, container in enumerate(containers):
                    environment = _environment(container, "env")
                    yield Component(nested, f"{name}.{key}[{index}]", container.place, environment)
            case Unknown() | Absent():
                pass


def _environment(owner: Value[Tree], key: str) -> Environment:
    """A list of Kubernetes environment variables; its place is that of its key."""
    listed = items(at(owner, key))
    match listed:
        case Known(found):
            return Known(tuple(_variable(each) for each in found), _key_place(owner, key, listed.place))
        case Unknown() | Absent():
            return listed


def _key_place(owner: Value[Tree], key: str, otherwise: Place) -> Place:
    match owner:
        case Known(Map() as tree) if key in tree.entries:
            return tree.entries[key].key_place
        case _:
            return otherwise


def _variable(item: Value[Tree]) -> EnvironmentVariable:
    source = at(item, "valueFrom")
    value = text(at(item, "value"))
    kind = ""
    match source:
        case Known(Map() as tree, place):
            kind = next(iter(tree.entries), "valueFrom")
            value = Unknown(f"it is read from elsewhere when the Pod starts ({kind})", place)
        case Known(_, place) | Unknown(_, place):
            kind = "valueFrom"
            value = Unknown("it is read from elsewhere when the Pod starts", place)
        case Absent():
            pass
    return EnvironmentVariable(text(at(item, "name")), value, item.place, Absent(item.place), kind)


def _credentials(root: Value[Tree]) -> Iterator[Credential]:
    """The settings that take a token or a shared secret in clear text."""
    for key in ("agentToken", "sentinelAuthSecret"):
        yield Credential(key, text(at(root, key)))
    config = at(root, "sentinel", "config")
    match config:
        case Known(str(content), place) as whole if "api_token" in content or "agent_auth" in content:
            for document in read_yaml(place.path, content):
                for name, found in _sentinel_secrets(document.root, in_auth=False):
                    yield Credential(f"{name} in sentinel.config", _part_of(whole, found))
        case Known(Map()):
            for name, found in _sentinel_secrets(config, in_auth=False):
                yield Credential(f"{name} in sentinel.config", found)
        case Known() | Unknown() | Absent():
            pass


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


def _part_of(whole: Known[Any], value: Value[str]) -> Value[str]:
    """A value of a document that stands in a text, at the place of that text."""
    match value:
        case Known(content):
            return replace(whole, value=content)
        case Unknown(why):
            return Unknown(why, whole.place)
        case Absent():
            return Absent(whole.place)


def _token_variables(common: Environment, components: tuple[Component, ...]) -> Iterator[Credential]:
    for environment in (common, *(component.environment for component in components)):
        match environment:
            case Known(variables):
                for variable in variables:
                    if isinstance(variable.name, Known) and variable.name.value == TOKEN_VARIABLE:
                        value = Absent(variable.place) if variable.from_source else variable.value
                        yield Credential(TOKEN_VARIABLE, value)
            case Unknown() | Absent():
                pass
