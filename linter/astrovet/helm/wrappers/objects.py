"""The objects of Kubernetes in a file, and the fields of an object that readers of several tools need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from astrovet.document import Document
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, listed


def kubernetes_objects(documents: Sequence[Document]) -> Iterator[Value[Tree]]:
    """The objects of a stream, also those inside a `List`."""
    for document in documents:
        match at(document.root, "kind"):
            case Known("List"):
                yield from listed(at(document.root, "items"))
            case Known() | Unknown() | Absent():
                yield document.root


def is_kind(root: Value[Tree], group: str, kind: str) -> bool:
    """Whether it is an object of this kind, in any version of the group."""
    match at(root, "apiVersion"), at(root, "kind"):
        case Known(str(version)), Known(str(name)):
            return name == kind and version.partition("/")[0] == group
        case _:
            return False


def first_given(*values: Value[Tree]) -> Value[Tree]:
    """The first value that is there, else the last one."""
    for value in values:
        if not isinstance(value, Absent):
            return value
    return values[-1]


def is_true(value: Value[Tree]) -> bool:
    """Whether it is known to be true."""
    return isinstance(value, Known) and value.value is True


def name_in_id(value: Value[str]) -> str:
    """A name for an id: the text, `?` where it is not known."""
    return value.value if isinstance(value, Known) else "?"
