"""The objects of a build: what they are called, what they were called before, and which of them a target means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet.helm.kustomize.trees import entries_of, with_inner, word
from astrovet.value import Absent, Known, Tree, Unknown, Value, at

CLUSTER_WIDE = frozenset(
    {
        "APIService", "ClusterRole", "ClusterRoleBinding", "CSIDriver", "CustomResourceDefinition", "IngressClass",
        "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PriorityClass", "RuntimeClass",
        "StorageClass", "ValidatingWebhookConfiguration",
    }
)  # fmt: skip
"""Kinds whose objects lie in no namespace, so that none is put on them."""

NEVER_RENAMED = frozenset({"APIService", "CustomResourceDefinition", "Namespace"})

_PLAIN = re.compile(r"(?:[\w-]|\\\.|\.)*\Z")


class Resource(Struct, frozen=True):
    """An object as a build has it at some step."""

    root: Value[Tree]
    path: str
    """The file that it comes from."""
    former: tuple[tuple[str, str], ...] = ()
    """Names and namespaces that it had before."""
    unsettled: Unknown | None = None
    """Why a step of the build may have made something else of it."""
    is_partial: bool = False
    """A patch of an object that lies elsewhere: what it does not say is not known."""

    @property
    def api_version(self) -> str:
        return word(self.root, "apiVersion")

    @property
    def kind(self) -> str:
        return word(self.root, "kind")

    @property
    def name(self) -> str:
        return word(self.root, "metadata", "name")

    @property
    def namespace(self) -> str:
        return word(self.root, "metadata", "namespace")

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """All names that it has and had, with their namespaces."""
        return (*self.former, (self.name, self.namespace))

    @property
    def identity(self) -> tuple[str, str, str, str]:
        return self.api_version, self.kind, self.name, self.namespace or "default"

    def is_meant_by(self, patch: Value[Tree]) -> bool:
        """Whether a patch without a target names it, by a name that it has or had."""
        if (self.api_version, self.kind) != (word(patch, "apiVersion"), word(patch, "kind")):
            return False
        wanted = word(patch, "metadata", "name"), word(patch, "metadata", "namespace") or "default"
        return any((name, namespace or "default") == wanted for name, namespace in self.names)

    def with_metadata(self, key: str, value: Value[Tree]) -> Resource:
        """With another name or namespace; the former one is remembered."""
        former = dict.fromkeys((*self.former, (self.name, self.namespace)))
        return replace(self, root=with_inner(self.root, ("metadata", key), value), former=tuple(former))

    def with_doubt(self, unknown: Unknown) -> Resource:
        return self if self.unsettled is not None else replace(self, unsettled=unknown)


class Target(Struct, frozen=True):
    """Which objects are meant: empty fields mean all."""

    group: str = ""
    version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    labels: str = ""
    annotations: str = ""

    @classmethod
    def of(cls, value: Value[Tree]) -> Target:
        fields = ("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector")
        return cls(*(word(value, field) for field in fields))

    def means(self, resource: Resource) -> bool | None:
        """Whether an object is meant; None where that cannot be told."""
        group, _, version = resource.api_version.rpartition("/")
        answers = [
            _fits(self.group, (group,)),
            _fits(self.version, (version,)),
            _fits(self.kind, (resource.kind,)),
            _fits(self.name, [name for name, _ in resource.names]),
            _fits(self.namespace, [namespace or "default" for _, namespace in resource.names]),
            _selects(self.labels, at(resource.root, "metadata", "labels")),
            _selects(self.annotations, at(resource.root, "metadata", "annotations")),
        ]
        return False if False in answers else None if None in answers else True


def _fits(pattern: str, names: Iterable[str]) -> bool | None:
    """Whether one of the names matches a pattern as a whole; None where nobody here can tell."""
    if not pattern:
        return True
    answers = {_matches(pattern, name) for name in names}
    return True if True in answers else None if None in answers else False


def _matches(pattern: str, name: str) -> bool | None:
    inner = pattern.removeprefix("^").removesuffix("$")
    if all(_PLAIN.match(part) for part in re.split(r"\.\*|\|", inner)):
        return any(_in_order(branch.split(".*"), name) for branch in inner.split("|"))
    from astrovet.budget import Budget  # such patterns are rare
    from astrovet.terraform.functions.regular_expressions import matches
    from astrovet.terraform.values.refusal import RefusedError

    try:
        return any(True for _ in matches(Budget(), f"^(?:{pattern})$", name))
    except RefusedError:
        return None


def _in_order(parts: Sequence[str], name: str) -> bool:
    """Whether a name consists of these parts, with anything between them."""
    plain = [part.replace("\\.", ".") for part in parts]
    if len(plain) == 1:
        return plain[0] == name
    if not name.startswith(plain[0]) or not name[len(plain[0]) :].endswith(plain[-1]):
        return False
    position = len(plain[0])
    for part in plain[1:-1]:
        start = name.find(part, position)
        if start < 0:
            return False
        position = start + len(part)
    return position <= len(name) - len(plain[-1])


_TERM = re.compile(r"\s*([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)\s*\Z")
_SET_TERM = re.compile(r"\s*([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)\s*\Z")


def _selects(selector: str, labels: Value[Tree]) -> bool | None:
    """Whether labels fit a selector: `a=b`, `a!=b`, `a in (b, c)`, `a`, `!a`, with commas between them."""
    if not selector:
        return True
    if isinstance(labels, Unknown):
        return None
    answers = [_holds(term, labels) for term in re.split(r",(?![^()]*\))", selector)]
    return False if False in answers else None if None in answers else True


def _holds(term: str, labels: Value[Tree]) -> bool | None:
    plain, among = _TERM.match(term), _SET_TERM.match(term)
    if plain is not None:
        key, operator, wanted = plain.groups()
        values, is_wanted = {wanted}, operator != "!="
    elif among is not None:
        key, operator, written = among.groups()
        values, is_wanted = {value.strip() for value in written.split(",")}, operator == "in"
    elif re.fullmatch(r"\s*(?:!\s*)?[\w./-]+\s*", term):
        return (term.strip("! \t") in entries_of(labels)) is not term.strip().startswith("!")
    else:
        return None
    match at(labels, key):
        case Known(value):
            return (str(value) in values) is is_wanted
        case Absent():
            return not is_wanted
        case Unknown():
            return None


def could_be(pattern: str, name: str) -> bool:
    """Whether a field of a target may mean this name."""
    return _fits(pattern, (name,)) is not False


def meant(resources: Sequence[Resource], target: Target) -> Iterator[tuple[int, bool]]:
    """The indexes of the objects that a target means, or may mean (False)."""
    for index, resource in enumerate(resources):
        answer = target.means(resource)
        if answer is not False:
            yield index, answer is True
