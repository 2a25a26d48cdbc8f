"""What a helmfile says beside its releases: its bases, and the templates from which releases inherit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from astrovet.document import Document
from astrovet.helm.wrappers.named_files import beside, unread
from astrovet.helm.wrappers.objects import first_given
from astrovet.helm.wrappers.placeholders import own_text
from astrovet.value import Absent, Known, List, Tree, Unknown, Value, at, listed, text

NO_TEMPLATE = "the release inherits from a template that is not in this file"

DEEPEST = 8
"""Levels of `bases` in `bases` that are read."""

_LISTS = ("values", "valuesTemplate", "secrets", "set", "setTemplate", "setString")
"""What `inherit` can leave out with `except`, as far as it holds values."""


class State(Struct, frozen=True):
    """What a helmfile says beside its releases."""

    path: str
    documents: tuple[Value[Tree], ...]

    def says(self, *keys: str) -> Value[Tree]:
        """What stands at a key; in the last part of the file that has it."""
        return first_given(*(at(root, *keys) for root in reversed(self.documents)))


class Part(Struct, frozen=True):
    """A release, or a template from which it inherits."""

    value: Value[Tree]
    without: frozenset[str] = frozenset()
    """Keys that are not inherited."""

    def at(self, key: str) -> Value[Tree]:
        return Absent(self.value.place) if key in self.without else at(self.value, key)


def bases_of(
    path: str, documents: Sequence[Document], read: Callable[[str], Sequence[Document]], depth: int = 0
) -> Iterator[Document]:
    """The documents that stand in the `bases` of a helmfile, those of the innermost first."""
    for document in documents:
        for name in listed(at(document.root, "bases")) if depth < DEEPEST else ():
            match own_text(name):
                case Known(written) if unread(written, name.place) is None:
                    for base in beside(path, written):
                        inner = read(base)
                        yield from bases_of(base, inner, read, depth + 1)
                        yield from inner
                case Known() | Unknown() | Absent():
                    pass


def parts_of(state: State, release: Value[Tree]) -> tuple[Part, ...]:
    """The templates of a release in the order in which they count, and the release itself."""
    own = _inherited(release)
    names = {label for label, _ in own}
    default = tuple(
        (name.value, frozenset[str]())
        for name in map(text, _one_or_all(state.says("defaultInherit")))
        if isinstance(name, Known) and name.value not in names
    )
    return (*_templates(state, release, (*default, *own), ()), Part(release))


def _templates(
    state: State, heir: Value[Tree], wanted: tuple[tuple[str, frozenset[str]], ...], above: tuple[str, ...]
) -> Iterator[Part]:
    for name, without in wanted:
        template = state.says("templates", name)
        if isinstance(template, Absent) or name in above:
            yield Part(Unknown(NO_TEMPLATE, heir.place))
            continue
        for part in _templates(state, template, _inherited(template), (*above, name)):
            yield Part(part.value, part.without | without)
        yield Part(template, without)


def _inherited(heir: Value[Tree]) -> tuple[tuple[str, frozenset[str]], ...]:
    """The names of the templates that something inherits from, each with what it leaves out."""
    templates = []
    for inherit in _one_or_all(at(heir, "inherit")):
        left_out = [text(key) for key in listed(at(inherit, "except"))]
        without = frozenset(key.value for key in left_out if isinstance(key, Known))
        match text(at(inherit, "template")):
            case Known(name):
                templates.append((name, without.intersection(_LISTS)))
            case Unknown() | Absent():
                pass
    return tuple(templates)


def _one_or_all(value: Value[Tree]) -> tuple[Value[Tree], ...]:
    """The items; what is no list is one item."""
    return listed(value) if isinstance(value, Known) and isinstance(value.value, List) else (value,)


def field(inherited: tuple[Part, ...], key: str) -> Value[Tree]:
    """A single field: the first part that has it."""
    known = [value for part in inherited if isinstance(value := part.at(key), Known)]
    return known[0] if known else first_given(*(part.at(key) for part in inherited))


def all_of(inherited: tuple[Part, ...], key: str) -> Iterator[Value[Tree]]:
    """The items of a list: those of the templates, then those of the release."""
    for part in inherited:
        yield from listed(part.at(key))
