"""Who may do what in a cluster: roles and whom they are bound to.

Fields and the roles that every cluster has: rbac.authorization.k8s.io/v1 in Kubernetes' reference (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from astrovet.model.kubernetes import BoundSubject, ClusterRights, KubernetesRole, RoleBinding
from astrovet.readers.kubernetes.manifests import Manifest, field, fields, word, words
from astrovet.readers.settings import or_default
from astrovet.value import Absent, Known, Tree, Unknown, Value, items

GROUP = "rbac.authorization.k8s.io"


def roles(manifests: Iterable[Manifest]) -> Iterator[KubernetesRole | RoleBinding]:
    """The roles, and the bindings of roles."""
    for manifest in manifests:
        if manifest.group != GROUP:
            continue
        if manifest.kind in ("Role", "ClusterRole"):
            yield _role(manifest)
        elif manifest.kind in ("RoleBinding", "ClusterRoleBinding"):
            yield _binding(manifest)


def _role(manifest: Manifest) -> KubernetesRole:
    aggregated = field(manifest.root, "aggregationRule")
    rules = tuple(_rights(rule) for rule in fields(manifest.root, "rules"))
    why = "Kubernetes puts this role together from others"
    return KubernetesRole(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        what=manifest.kind,
        rights=Known(rules, manifest.place) if isinstance(aggregated, Absent) else Unknown(why, aggregated.place),
    )


def _rights(rule: Value[Tree]) -> Value[ClusterRights]:
    if isinstance(rule, Unknown):
        return rule
    groups, resources, verbs = (_texts(field(rule, name)) for name in ("apiGroups", "resources", "verbs"))
    narrowed = not isinstance(items(field(rule, "resourceNames")), Absent)
    return Known(ClusterRights(rule.place, groups, resources, verbs, names_single_objects=narrowed), rule.place)


def _texts(value: Value[Tree]) -> tuple[Value[str], ...]:
    match words(value):
        case Known(texts):
            return texts
        case Unknown() as unknown:
            return (unknown,)
        case Absent():
            return ()


def _binding(manifest: Manifest) -> RoleBinding:
    reference = field(manifest.root, "roleRef")
    return RoleBinding(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        what=manifest.kind,
        role_kind=word(field(reference, "kind")),
        role=word(field(reference, "name")),
        subjects=tuple(_subject(subject, manifest) for subject in fields(manifest.root, "subjects")),
    )


def _subject(subject: Value[Tree], manifest: Manifest) -> BoundSubject:
    """One that names no namespace lies in that of the binding."""
    named = word(field(subject, "namespace"))
    kind = or_default(word(field(subject, "kind")), "")
    return BoundSubject(
        subject.place, kind, word(field(subject, "name")), manifest.namespace if isinstance(named, Absent) else named
    )
