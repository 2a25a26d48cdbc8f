"""Kubernetes objects as inputs write them: as YAML, as a Terraform resource, as a manifest inside of one.

Terraform's kubernetes provider has the fields of Kubernetes under names of its own making: in snake case, a
block in place of a map, and a block in the singular for each item of a list (`rule` for `rules`). `field`
reads both, so that everything else need not know which of them it looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Document, InputKind
from astrovet.formats.embedded import embedded_yaml
from astrovet.model.kubernetes import Labels
from astrovet.model.variables import settled
from astrovet.place import Place
from astrovet.readers.kubernetes import PREFIXES
from astrovet.readers.settings import any_of, is_one_of, or_default
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, items, listed, text

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform
    from astrovet.terraform.resource import Resource


NO_NAMESPACE = "the manifest names no namespace"
WHO_NAMES_IT = (
    "who applies it does (kubectl -n, kustomize), so write it into the manifest, or scan what `kustomize build` makes"
)

CLUSTER_WIDE = frozenset(
    {
        "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "CiliumClusterwideNetworkPolicy", "ClusterNetworkPolicy",
        "ClusterRole", "ClusterRoleBinding", "GlobalNetworkPolicy", "Namespace",
    }
)  # fmt: skip
"""Kinds, of those that are read, whose objects lie in no namespace."""

RESOURCES = {
    "kubernetes_cluster_role": "ClusterRole",
    "kubernetes_cluster_role_binding": "ClusterRoleBinding",
    "kubernetes_config_map": "ConfigMap",
    "kubernetes_cron_job": "CronJob",
    "kubernetes_daemon_set": "DaemonSet",
    "kubernetes_daemonset": "DaemonSet",
    "kubernetes_deployment": "Deployment",
    "kubernetes_ingress": "Ingress",
    "kubernetes_job": "Job",
    "kubernetes_namespace": "Namespace",
    "kubernetes_network_policy": "NetworkPolicy",
    "kubernetes_pod": "Pod",
    "kubernetes_role": "Role",
    "kubernetes_role_binding": "RoleBinding",
    "kubernetes_secret": "Secret",
    "kubernetes_service": "Service",
    "kubernetes_service_account": "ServiceAccount",
    "kubernetes_stateful_set": "StatefulSet",
}
"""Resource types of Terraform's kubernetes provider without the version of the API, and the kinds they make."""

PARTS = ("metadata", "spec", "type", "data", "binary_data", "rule", "role_ref", "subject", "aggregation_rule")
"""The attributes of these resource types that are read."""

LISTED = frozenset({"egress", "from", "ingress", "ports", "rule", "subject", "to"})
"""Those of their blocks that there may be several of: in Terraform's JSON one alone need not stand in a list."""

GROUPS = {
    "Ingress": "networking.k8s.io",
    "NetworkPolicy": "networking.k8s.io",
    **dict.fromkeys(("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"), "rbac.authorization.k8s.io"),
}
"""The API groups of those kinds that other groups have too."""


class Manifest(Struct, frozen=True):
    """One Kubernetes object, in whatever form it is written."""

    kind: str
    group: str
    """The API group without its version; of the kinds that are in Kubernetes itself it may be empty."""
    id: str
    block: str
    place: Place
    root: Value[Tree]
    namespace: Value[str]
    """Absent for objects of the whole cluster."""
    is_decoded: bool = False
    """The data of a Secret stand in clear, as Terraform's own resource has them; Kubernetes has them in base64."""
    passed_in: frozenset[str] | None = None
    """The texts that a plan's variables hold, where the plan does not show what is written out beside them."""

    @property
    def name(self) -> Value[str]:
        return word(field(self.root, "metadata", "name"))


def field(value: Value[Tree], *names: str) -> Value[Tree]:
    """What stands below these names of Kubernetes, however the input spells them."""
    for name in names:
        if isinstance(value, Known) and isinstance(value.value, List):
            value = at(value, 0)  # a block of Terraform's
        match value:
            case Known(Map(entries)):
                spelling = next((spelling for spelling in _spellings(name) if spelling in entries), name)
                value = at(value, spelling)
            case Known() | Unknown() | Absent():
                value = at(value, name)
    return value


def fields(value: Value[Tree], *names: str) -> tuple[Value[Tree], ...]:
    """The items of a list below these names, or the blocks; an unknown list is one unknown item."""
    return listed(field(value, *names))


def word(value: Value[Tree]) -> Value[str]:
    """A text; Unknown where a later step fills it in."""
    written = text(value)
    match settled(written):
        case Unknown(_, place) if isinstance(written, Known):
            why = "a later step fills this in (envsubst, helm, sed)"
            return Unknown(why, place, how="scan the manifest that it makes")
        case settled_value:
            return settled_value


def words(value: Value[Tree]) -> Value[tuple[Value[str], ...]]:
    """A list of texts; Absent where it is empty."""
    match items(value):
        case Known((), place):
            return Absent(place)
        case Known(texts, place):
            return Known(tuple(map(word, texts)), place)
        case Unknown() | Absent() as nothing:
            return nothing


def labels(value: Value[Tree]) -> Value[Labels]:
    """Labels by name; Absent where there are none."""
    match value:
        case Known(Map(entries, unlisted), place):
            if not entries and unlisted is None:
                return Absent(place)
            return Known(Labels({key: word(entry.value) for key, entry in entries.items()}, unlisted), place)
        case Known(_, place):
            return Unknown("a map of labels is expected", place)
        case Unknown() | Absent():
            return value


def is_internal(manifest: Manifest, annotations: Mapping[str, tuple[str, ...]]) -> Value[bool]:
    """Whether an annotation asks for a load balancer inside the customer's network."""
    written = field(manifest.root, "metadata", "annotations")
    asked = (is_one_of(word(at(written, name)), values) for name, values in annotations.items())
    return any_of(asked, manifest.place)


def manifests_of_document(document: Document) -> Iterator[Manifest]:
    """The objects of one YAML document: one, or those of a `List`."""
    for root in _objects(document.root):
        kind, group = _kind(root)
        if not kind:
            continue
        name = word(field(root, "metadata", "name"))
        identity = f"{document.path}#{kind}/{name.value}" if isinstance(name, Known) else f"{document.path}#{kind}"
        namespace = word(field(root, "metadata", "namespace"))
        if kind in CLUSTER_WIDE:
            namespace = Absent(root.place)
        elif isinstance(namespace, Absent):
            namespace = Unknown(NO_NAMESPACE, _beginning(root.place), how=WHO_NAMES_IT)
        yield Manifest(kind, group, identity, identity, _beginning(root.place), root, namespace)


def manifests_of_terraform(terraform: Terraform) -> Iterator[Manifest]:
    """The objects that will stand after apply."""
    for resource in terraform.judged(kind for kind in terraform.types if kind.startswith(PREFIXES)):
        kind = RESOURCES.get(re.sub(r"_v\d\w*\Z", "", resource.type))
        if kind is not None:
            entries = {part: Entry(part, resource.place, _in_lists(resource.attribute(part), part)) for part in PARTS}
            root: Known[Tree] = Known(Map(entries), resource.place)
            manifest = _in_terraform(resource, kind, GROUPS.get(kind, ""), root)
            yield replace(manifest, is_decoded=True, passed_in=_passed_in(resource, terraform))
        elif resource.type == "kubernetes_manifest":
            yield from _generic(resource, resource.attribute("manifest"))
        elif resource.type == "kubectl_manifest":
            yield from _generic(resource, _embedded(resource.attribute("yaml_body")))


def _in_lists(value: Value[Tree], name: str) -> Value[Tree]:
    """The value with all blocks in lists that may stand in one."""
    match value:
        case Known(Map(entries) as tree):
            within = {key: replace(entry, value=_in_lists(entry.value, key)) for key, entry in entries.items()}
            block = replace(value, value=replace(tree, entries=within))
            return Known(List((block,)), value.place) if name in LISTED else block
        case Known(List(elements) as tree):
            return replace(value, value=replace(tree, items=tuple(_in_lists(element, "") for element in elements)))
        case Known() | Unknown() | Absent():
            return value


def _passed_in(resource: Resource, terraform: Terraform) -> frozenset[str] | None:
    """The values of a plan's variables, where several data share an expression with references, or locals are in it."""
    data, references = resource.attribute("data"), resource.references("data")
    is_shared = isinstance(data, Known) and isinstance(data.value, Map) and len(data.value.entries) > 1
    is_of_local = any(reference.startswith("local.") for reference in references)
    if terraform.kind is not InputKind.TERRAFORM_PLAN or not (references and (is_shared or is_of_local)):
        return None
    return frozenset(variable for variable in terraform.variables.values() if isinstance(variable, str))


def unread_manifests(terraform: Terraform) -> Iterator[tuple[Resource, Unknown]]:
    """The resources that hold objects of which not even the kind is known, and why."""
    for resource in terraform.judged(("kubernetes_manifest", "kubectl_manifest")):
        is_text = resource.type == "kubectl_manifest"
        value = _embedded(resource.attribute("yaml_body")) if is_text else resource.attribute("manifest")
        for root in _objects(value):
            kind = at(root, "kind") if isinstance(root, Known) else root
            if isinstance(kind, Unknown):
                yield resource, kind


def _generic(resource: Resource, value: Value[Tree]) -> Iterator[Manifest]:
    for root in _objects(value):
        kind, group = _kind(root)
        if kind:
            yield _in_terraform(resource, kind, group, root)


def _in_terraform(resource: Resource, kind: str, group: str, root: Value[Tree]) -> Manifest:
    """Terraform's providers put what names no namespace into `default`."""
    namespace = or_default(word(field(root, "metadata", "namespace")), "default")
    if kind in CLUSTER_WIDE:
        namespace = Absent(resource.place)
    return Manifest(kind, group, resource.address, resource.block, resource.place, root, namespace)


def _objects(root: Value[Tree]) -> Iterator[Value[Tree]]:
    """An object, or the items of a list of objects: `kind: List`, and the lists that kubectl prints."""
    kind, _ = _kind(root)
    if not kind.endswith("List"):
        yield root
        return
    for item in listed(at(root, "items")):
        match item:
            case Known(Map(entries) as tree) if "kind" not in entries and kind != "List":
                own = at(root, "kind")
                typed = {"kind": Entry("kind", own.place, Known(kind.removesuffix("List"), own.place))}
                version = {"apiVersion": Entry("apiVersion", own.place, at(root, "apiVersion"))}
                yield Known(replace(tree, entries={**version, **entries, **typed}), item.place)
            case Known() | Unknown() | Absent():
                yield item


def _kind(root: Value[Tree]) -> tuple[str, str]:
    """The kind and the API group; empty for what is no Kubernetes object."""
    match root:
        case Known(Map()):
            kind, version = text(at(root, "kind")), text(at(root, "apiVersion"))
        case Known() | Unknown() | Absent():
            return "", ""
    match kind, version:
        case Known(name), Known(known):
            return name, known.rpartition("/")[0]
        case _:
            return "", ""


def _embedded(value: Value[Tree]) -> Value[Tree]:
    """The object that a text of YAML holds."""
    match text(value):
        case Known(document=Known() as encoded) | Unknown(document=Known() as encoded):
            return encoded
        case Known() as known:
            return embedded_yaml(known)[0].root
        case Unknown() | Absent():
            return value


def _beginning(place: Place) -> Place:
    """The first character of an object: where a finding about it as a whole points."""
    return Place(place.path, place.line, place.column, place.line, place.column + 1)


_WORD_BORDER = re.compile(r"([a-z])([A-Z])")


def _spellings(name: str) -> tuple[str, ...]:
    snake = _WORD_BORDER.sub(r"\1_\2", name).lower()
    return (name, snake, snake.removesuffix("s"))
