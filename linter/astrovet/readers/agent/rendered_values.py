"""What the Deployments of one agent say, in the words of the values of its chart.

The chart's templates are not published. So only that is taken for granted which its documentation, its values
templates (T1, T2), Airflow and Kubernetes say: what objects are called, the label of Pods, and that Airflow takes a
setting from the variable of its name (`airflow.py`). Chart and values templates read November 2026.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet import airflow
from astrovet.helm.kustomize.trees import entries_of, entry, map_of, with_entry, word
from astrovet.model.component import TASK_COMPONENTS, ComponentKind
from astrovet.place import Place
from astrovet.readers.kubernetes.manifests import Manifest
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, listed, text

KEYS = {
    "dag-processor": ComponentKind.DAG_PROCESSOR,
    "triggerer": ComponentKind.TRIGGERER,
    "sentinel": ComponentKind.SENTINEL,
    "worker": ComponentKind.WORKER,
}
"""What the chart puts after the prefix into the name of a Deployment; a worker's own name follows (T1, T2)."""

VALUES_KEYS = {
    ComponentKind.DAG_PROCESSOR: "dagProcessor",
    ComponentKind.TRIGGERER: "triggerer",
    ComponentKind.SENTINEL: "sentinel",
}

SETTINGS = {
    "xcomBackend": (airflow.XCOM_BACKEND, ComponentKind.WORKER),
    "stateStoreBackend": (airflow.WORKERS_STATE_STORE, ComponentKind.WORKER),
    "dagBundleConfigList": (airflow.DAG_BUNDLES, ComponentKind.DAG_PROCESSOR),
    "secretBackend": (airflow.SECRETS_BACKEND, ComponentKind.WORKER),
}
"""The chart's settings that Airflow has a variable for, and the component that needs them most."""

LINEAGE = {
    "url": airflow.LINEAGE_ADDRESSES[0],
    "endpoint": "OPENLINEAGE_ENDPOINT",
    "namespace": "OPENLINEAGE_NAMESPACE",
}
"""What the chart makes of these keys of `openLineage` (T1, T2); the others are judged as variables."""

SIDECAR = "vector-logging-sidecar"
"""What the chart calls the logging sidecar, where the values do not (T1, T2)."""
SIDECAR_CONFIG = "vector.yaml"
SENTINEL_CONFIG = "sentinel.yaml"
"""The keys under which their ConfigMaps hold the configurations (T2)."""

ASTROS_ADDRESS = re.compile(r"[a-z]+://[^/]*\.external\.astronomer\.run(?:[:/].*)?")
"""The address of a deployment that agents ask for work (T2, D:remote-execution-get-started)."""

CONFIGURATION = "airflow.cfg"

LOST = "the manifests that Helm renders do not show this value of the chart"
HOW = "scan the values too: helm get values RELEASE -n NAMESPACE -o yaml | astrovet scan -"


class RenderedPods(Struct, frozen=True):
    """The Pods of one component of an agent."""

    kind: ComponentKind
    worker: str
    """The worker's own name; empty for other components."""
    manifest: Manifest
    spec: Value[Tree]
    """Of the Pods."""
    annotations: Value[Tree]
    own: Value[Tree]
    """The container of the component itself."""
    further: tuple[Value[Tree], ...]
    """The containers beside it."""
    variables: tuple[Value[Tree], ...]
    """The environment of its own container, as far as it can be seen."""

    def variable(self, name: str) -> Value[Tree]:
        """The entry in effect; Absent where the container has none."""
        named = [item for item in self.variables if word(item, "name") == name]
        opened = [item for item in self.variables if isinstance(at(item, "name"), Unknown)]
        return (named or [at(item, "name") for item in opened] or [Absent(self.own.place)])[-1]

    @property
    def shows_settings(self) -> bool:
        """Whether Airflow is told here what to do by variables, and by nothing else that can be seen."""
        mounts = (word(mount, "mountPath") for mount in listed(at(self.own, "volumeMounts")))
        has_file = any(posixpath.basename(path) == CONFIGURATION for path in mounts)
        return not has_file and any(word(item, "name").startswith(airflow.OPTION) for item in self.variables)

    def setting(self, name: str) -> Value[Tree]:
        """What Airflow takes for a setting."""
        item = self.variable(name)
        match item:
            case Known() if not isinstance(at(item, "valueFrom"), Absent):
                return Unknown("it is read from elsewhere when the Pod starts", item.place)
            case Known():
                return at(item, "value")
            case Unknown():
                return item
            case Absent(place):
                return Absent(place, explicit=True) if self.shows_settings else Unknown(LOST, place, how=HOW)


def values_of(
    pods: Sequence[RenderedPods], prefix: Known[str], objects: Mapping[tuple[str, str], Manifest], *, is_whole: bool
) -> Known[Tree]:
    """The values that these Pods were made of, as far as they tell.

    `objects` are those beside them, by kind and name. What is not among all Pods of an agent is switched off.
    """
    first = next((one for one in pods if one.kind is ComponentKind.WORKER), pods[0])
    place = first.manifest.place
    namespace = first.manifest.namespace if isinstance(first.manifest.namespace, Known) else Absent(place)
    values: dict[str, Value[Tree]] = {
        "resourceNamePrefix": prefix,
        "namespace": namespace,
        "astroDeploymentAPIURL": _address(pods),
        "annotations": first.annotations,
        "imagePullSecretName": at(first.spec, "imagePullSecrets", 0, "name"),
        "openLineage": _lineage(pods),
        **{key: _setting(pods, *where) for key, where in SETTINGS.items()},
        **dict(_token(first)),
    }
    if ("Namespace", word(namespace)) in objects:
        values["createNamespace"] = Unknown(LOST, place, how=HOW)
    told = {name: values[key] for key, (name, _) in SETTINGS.items() if name != airflow.SECRETS_BACKEND}
    told.update((name, at(values["openLineage"], key)) for key, name in LINEAGE.items())
    pods = [replace(one, variables=tuple(_untold(one.variables, told))) for one in pods]
    workers = [one for one in pods if one.kind is ComponentKind.WORKER]
    values["workers"] = Known(List(tuple(_component(one, objects) for one in workers)), place)
    accounts: dict[str, Value[Tree]] = {}
    for one in pods:
        if one.kind is not ComponentKind.WORKER:
            key = VALUES_KEYS[one.kind]
            values[key] = _component(one, objects)
            accounts[key] = at(values[key], "serviceAccount")
    values["serviceAccount"] = map_of(accounts, place)
    off = map_of({"enabled": Known(False, place)}, place) if is_whole else Absent(place)
    values["loggingSidecar"] = _sidecar(pods, objects) or off
    sentinel = values.get("sentinel")
    values["sentinel"] = off if sentinel is None else _sentinel(sentinel, prefix.value, objects)
    return Known(Map({key: entry(key, value) for key, value in values.items()}), place)


def own_variables(container: Value[Tree], objects: Mapping[tuple[str, str], Manifest]) -> tuple[Value[Tree], ...]:
    """The environment of a container: what `env` says wins over `envFrom` (Kubernetes, core/v1).

    What a chart says twice in the same words, of all components and of one, is said once.
    """
    written = [_read(item, objects) for item in listed(at(container, "env"))]
    said = {(word(item, "name"), word(item, "value")): item for item in reversed(written)}
    once = [item for item in written if said.get((word(item, "name"), word(item, "value")), item) is item]
    listed_there = {word(item, "name") for item in once}
    others = (item for item in _from_others(container, objects) if word(item, "name") not in listed_there - {""})
    return (*others, *once)


def _from_others(container: Value[Tree], objects: Mapping[tuple[str, str], Manifest]) -> Iterator[Value[Tree]]:
    for source in listed(at(container, "envFrom")):
        config_map = objects.get(("ConfigMap", word(source, "configMapRef", "name")))
        if config_map is None:
            opened = Unknown("variables come from an object that is not here", source.place)
            yield map_of({"name": opened, "value": opened}, source.place)
            continue
        before = word(source, "prefix")
        for key, held in entries_of(at(config_map.root, "data")).items():
            name = Known(before + key, held.key_place)
            yield map_of({"name": name, "value": held.value}, held.key_place)


def _read(item: Value[Tree], objects: Mapping[tuple[str, str], Manifest]) -> Value[Tree]:
    """A variable, with its value where a ConfigMap at hand holds it."""
    asked = at(item, "valueFrom", "configMapKeyRef") if isinstance(item, Known) else Absent(item.place)
    config_map = objects.get(("ConfigMap", word(asked, "name"))) if isinstance(asked, Known) else None
    held = at(config_map.root, "data", word(asked, "key")) if config_map is not None else Absent(item.place)
    return with_entry(with_entry(item, "valueFrom", None), "value", held) if isinstance(held, Known) else item


def _setting(pods: Sequence[RenderedPods], name: str, kind: ComponentKind) -> Value[Tree]:
    """Of the components that need it the first that lacks it, else what the first of them says."""
    settings = [one.setting(name) for one in pods if one.kind is kind]
    settings = settings or [Unknown(LOST, pods[0].manifest.place, how=HOW)]
    return next((setting for setting in settings if isinstance(setting, Absent)), settings[0])


def _untold(variables: Sequence[Value[Tree]], told: Mapping[str, Value[Tree]]) -> Iterator[Value[Tree]]:
    """The variables without those that say nothing else than the chart's own settings, which are judged as such."""
    for item in variables:
        value, setting = at(item, "value"), told.get(word(item, "name"))
        if not (isinstance(value, Known) and isinstance(setting, Known) and value.value == setting.value):
            yield item


def _address(pods: Sequence[RenderedPods]) -> Value[Tree]:
    """The one variable that has the form of Astro's addresses; what the chart calls it is not documented."""
    values = [text(at(item, "value")) for one in pods for item in one.variables if isinstance(item, Known)]
    at_hand = [value for value in values if isinstance(value, Known) and ASTROS_ADDRESS.fullmatch(value.value)]
    same = {value.value for value in at_hand}
    return at_hand[0] if len(same) == 1 else Unknown(LOST, pods[0].manifest.place, how=HOW)


def _lineage(pods: Sequence[RenderedPods]) -> Value[Tree]:
    """What all say of lineage; where one component differs from the others, their variables are judged."""
    tasks = [one for one in pods if one.kind in TASK_COMPONENTS]
    own = tasks[0]
    values = {key: own.setting(name) for key, name in LINEAGE.items()}
    key = own.variable(airflow.LINEAGE_KEY)
    if isinstance(key, Known):
        values["apiKeySecret"] = at(key, "valueFrom", "secretKeyRef", "name")
    switches = [text(one.setting(airflow.LINEAGE_OFF)) for one in tasks]
    known = {switch.value.lower() in {"true", "1"} for switch in switches if isinstance(switch, Known)}
    if len(known) == 1 and all(isinstance(switch, Known) for switch in switches):
        values["enabled"] = Known(not known.pop(), switches[0].place)
    return map_of({name: value for name, value in values.items() if _says(value)}, own.own.place)


def _says(value: Value[Tree]) -> bool:
    return not isinstance(value, Absent) and not (isinstance(value, Unknown) and value.why == LOST)


def _token(pods: RenderedPods) -> Iterator[tuple[str, Value[Tree]]]:
    """Where the agent's token comes from."""
    by_name, by_file = pods.variable(airflow.AGENT_TOKEN), pods.setting(airflow.AGENT_TOKEN_FILE)
    if isinstance(by_name, Known):
        yield "agentTokenSecretName", at(by_name, "valueFrom", "secretKeyRef", "name")
    elif isinstance(by_file, Known):
        secret = _mounted_secret(pods, word(by_file))
        yield ("agentTokenFile", by_file) if isinstance(secret, Absent) else ("agentTokenSecretName", secret)


def _mounted_secret(pods: RenderedPods, path: str) -> Value[Tree]:
    """The name of the Secret that is mounted where a file is read from."""
    for mount in listed(at(pods.own, "volumeMounts")):
        if f"{path}/".startswith(f"{word(mount, 'mountPath').rstrip('/')}/"):
            for volume in listed(at(pods.spec, "volumes")):
                if word(volume, "name") == word(mount, "name"):
                    return at(volume, "secret", "secretName")
    return Absent(pods.own.place)


def _component(pods: RenderedPods, objects: Mapping[tuple[str, str], Manifest]) -> Value[Tree]:
    own, place = pods.own, pods.manifest.place
    beside = [container for container in pods.further if not _is_sidecar(container, pods)]
    values: dict[str, Value[Tree]] = {
        "name": Known(pods.worker, place) if pods.worker else Absent(place),
        "image": at(own, "image"),
        "env": Known(List(pods.variables), own.place),
        "containerSecurityContext": at(own, "securityContext"),
        "podSecurityContext": _pod_context(pods),
        "volumes": at(pods.spec, "volumes"),
        "volumeMounts": at(own, "volumeMounts"),
        "initContainers": _without_ports(listed(at(pods.spec, "initContainers")), place),
        "extraContainers": _without_ports(beside, place),
        "serviceAccount": _account(pods, objects),
    }
    return _map_of(values, place)


def _pod_context(pods: RenderedPods) -> Value[Tree]:
    """The Pod's own; what it does not say has no default of the chart's any more."""
    context = at(pods.spec, "securityContext")
    if isinstance(context, Unknown):
        return context
    unset = {key: Absent(pods.spec.place) for key in ("runAsNonRoot", "runAsUser") if key not in entries_of(context)}
    inner = {**entries_of(context), **{key: entry(key, value) for key, value in unset.items()}}
    return Known(Map(inner), context.place)


def _without_ports(containers: Sequence[Value[Tree]], place: Place) -> Value[Tree]:
    """Containers without their ports: these are judged where the manifest has them."""
    bare = tuple(with_entry(one, "ports", None) if isinstance(one, Known) else one for one in containers)
    return Known(List(bare), place) if bare else Absent(place)


def _account(pods: RenderedPods, objects: Mapping[tuple[str, str], Manifest]) -> Value[Tree]:
    name = at(pods.spec, "serviceAccountName")
    if not isinstance(name, Known):
        return Absent(pods.spec.place)
    account = objects.get(("ServiceAccount", word(name)))
    lost = Unknown(LOST, name.place, how=HOW)
    made: Value[Tree] = lost if account is None else Known(True, account.place)
    annotations = lost if account is None else at(account.root, "metadata", "annotations")
    return map_of({"create": made, "name": name, "annotations": annotations}, name.place)


def _is_sidecar(container: Value[Tree], pods: RenderedPods) -> bool:
    """Whether it is the logging sidecar: by the chart's name for it, or for the ConfigMap that it mounts."""
    name = word(container, "name")
    return name == SIDECAR or any(one.startswith(f"{name}-cm") for one in _config_maps(container, pods))


def _config_maps(container: Value[Tree], pods: RenderedPods) -> Iterator[str]:
    mounted = {word(mount, "name") for mount in listed(at(container, "volumeMounts"))}
    for volume in listed(at(pods.spec, "volumes")):
        if word(volume, "name") in mounted:
            yield word(volume, "configMap", "name")


def _sidecar(pods: Sequence[RenderedPods], objects: Mapping[tuple[str, str], Manifest]) -> Value[Tree] | None:
    """The logging sidecar, as the first component that has one shows it."""
    for one in pods:
        for container in one.further:
            if not _is_sidecar(container, one):
                continue
            held = (objects.get(("ConfigMap", name)) for name in _config_maps(container, one))
            configs = [at(config_map.root, "data", SIDECAR_CONFIG) for config_map in held if config_map is not None]
            values: dict[str, Value[Tree]] = {
                "enabled": Known(True, container.place),
                "image": at(container, "image"),
                "env": at(container, "env"),
                "volumeMounts": at(container, "volumeMounts"),
                "securityContext": at(container, "securityContext"),
                "podSecurityContext": _pod_context(one),
                "config": next(iter(configs), Unknown(LOST, container.place, how=HOW)),
            }
            return _map_of(values, container.place)
    return None


def _sentinel(shown: Value[Tree], prefix: str, objects: Mapping[tuple[str, str], Manifest]) -> Value[Tree]:
    held = objects.get(("ConfigMap", f"{prefix}-sentinel-config"))
    config = at(held.root, "data", SENTINEL_CONFIG) if held is not None else Unknown(LOST, shown.place, how=HOW)
    return with_entry(with_entry(shown, "enabled", Known(True, shown.place)), "config", config)


def _map_of(values: Mapping[str, Value[Tree]], place: Place) -> Known[Tree]:
    """A map of those that are there."""
    return map_of({key: value for key, value in values.items() if not isinstance(value, Absent)}, place)
