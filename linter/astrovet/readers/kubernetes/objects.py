"""Kubernetes objects, however they are written, become the model's.

Fields and defaults: the Kubernetes API (v1, apps/v1, batch/v1); of Terraform's kubernetes provider general
knowledge of it (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from astrovet.model.estate import Estate
from astrovet.model.kubernetes import (
    ConfigMap,
    ExposedService,
    KubernetesSecret,
    PodTemplate,
    ServiceAccount,
)
from astrovet.model.subject import Subject
from astrovet.readers.kubernetes.kept_texts import clear_texts
from astrovet.readers.kubernetes.manifests import Manifest, field, fields, is_internal, labels, word, words
from astrovet.readers.kubernetes.network_policies import network_policies
from astrovet.readers.kubernetes.roles import roles
from astrovet.readers.kubernetes.routes import routes
from astrovet.readers.settings import or_default
from astrovet.value import Absent, Known, Tree, Unknown, Value, boolean, integer, mapping

INTERNAL_SERVICES: Mapping[str, tuple[str, ...]] = {
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
    "networking.gke.io/load-balancer-type": ("internal",),
    "cloud.google.com/load-balancer-type": ("internal",),
}
"""Annotations of a Service, with the values that ask for a load balancer inside the network."""

POD_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Pod": (),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
"""Where the kinds that make Pods describe them."""

CONTAINERS = ("containers", "initContainers")
SECRET_FIELDS = ("data", "stringData", "binaryData")


def kubernetes_objects(manifests: Iterable[Manifest]) -> Estate:
    """The objects that the model has a word for; all others count only for their namespace."""
    all_manifests = tuple(manifests)
    objects: tuple[Subject, ...] = (
        *map(_service, _of_kind(all_manifests, "Service")),
        *routes(all_manifests),
        *network_policies(all_manifests),
        *(_pods(manifest) for manifest in all_manifests if manifest.kind in POD_TEMPLATES),
        *map(_secret, _of_kind(all_manifests, "Secret")),
        *map(_config_map, _of_kind(all_manifests, "ConfigMap")),
        *roles(all_manifests),
        *map(_service_account, _of_kind(all_manifests, "ServiceAccount")),
    )
    return Estate(objects=objects, namespaces=frozenset(_namespaces(all_manifests)))


def _of_kind(manifests: Iterable[Manifest], kind: str) -> Iterator[Manifest]:
    """Those of a kind of Kubernetes' core group; Knative, for one, has Services too."""
    return (manifest for manifest in manifests if manifest.kind == kind and not manifest.group)


def _service(manifest: Manifest) -> ExposedService:
    spec = field(manifest.root, "spec")
    return ExposedService(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        type=or_default(word(field(spec, "type")), "ClusterIP"),
        selector=labels(field(spec, "selector")),
        source_ranges=words(field(spec, "loadBalancerSourceRanges")),
        external_addresses=words(field(spec, "externalIPs")),
        internal=is_internal(manifest, INTERNAL_SERVICES),
        reaches_agents=Absent(manifest.place),
    )


def _pods(manifest: Manifest) -> PodTemplate:
    template = field(manifest.root, *POD_TEMPLATES[manifest.kind])
    spec = field(template, "spec")
    containers = [container for kind in CONTAINERS for container in fields(spec, kind)]
    ports = [_host_port(port) for container in containers for port in fields(container, "ports")]
    return PodTemplate(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        what=manifest.kind,
        labels=labels(field(template, "metadata", "labels")),
        host_network=or_default(boolean(word(field(spec, "hostNetwork"))), default=False),
        host_ports=tuple(port for port in ports if not isinstance(port, Absent)),
        runs_agents=Absent(manifest.place),
    )


def _host_port(port: Value[Tree]) -> Value[int]:
    """The port of the node that is taken; 0 takes none."""
    value = integer(word(field(port, "hostPort")))
    match value:
        case Known(0, place):
            return Absent(place)
        case Known() | Unknown() | Absent():
            return value


def _secret(manifest: Manifest) -> KubernetesSecret:
    return KubernetesSecret(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        type=or_default(word(field(manifest.root, "type")), "Opaque"),
        keys=_keys(manifest),
        clear=clear_texts(manifest, ("data", "binaryData"), ("stringData",)),
    )


def _config_map(manifest: Manifest) -> ConfigMap:
    return ConfigMap(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        clear=clear_texts(manifest, ("binaryData",), ("data",)),
    )


def _keys(manifest: Manifest) -> Value[tuple[str, ...]]:
    names: list[str] = []
    for part in SECRET_FIELDS:
        match mapping(field(manifest.root, part)):
            case Known(tree):
                if tree.unlisted is not None:
                    return tree.unlisted
                names.extend(tree.entries)
            case Unknown() as unknown:
                return unknown
            case Absent():
                pass
    return Known(tuple(names), manifest.place)


def _service_account(manifest: Manifest) -> ServiceAccount:
    return ServiceAccount(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        annotations=mapping(field(manifest.root, "metadata", "annotations")),
    )


def _namespaces(manifests: Iterable[Manifest]) -> Iterator[str]:
    for manifest in manifests:
        match manifest.name if manifest.kind == "Namespace" else manifest.namespace:
            case Known(name):
                yield name
            case Unknown() | Absent():
                pass
