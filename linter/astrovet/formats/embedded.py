"""YAML that stands inside a text: Argo CD's `values: |`, the documents of a `helm_release`, `sentinel.config`."""

from __future__ import annotations

import re

from msgspec.structs import replace

from astrovet.document import Comment, Document, Note, Problem
from astrovet.formats.yaml.documents import read_yaml
from astrovet.formats.yaml.faults import LINE_BREAK
from astrovet.place import Layout, Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value


def embedded_yaml(known: Known[str]) -> tuple[Document, ...]:
    """Read the YAML documents of a text, every place in them being one of the file that holds the text.

    Never raises; what is no YAML is a problem of the last Document, as `read_yaml` says. Without a
    layout, every place is that of the whole text. A pointer continues the text's own. What is
    sensitive or not written in the text is so in the document.
    """
    mover = _Mover(known)
    return tuple(mover.document(document) for document in read_yaml(known.place.path, known.value))


class _Mover:
    """Moves what was read out of a text to where the text stands."""

    def __init__(self, origin: Known[str]) -> None:
        self.origin = origin
        mark = len(origin.value) - len(origin.value.removeprefix("\ufeff"))  # which the reader passes over
        self.starts = [mark, *(line_break.end() for line_break in re.finditer(LINE_BREAK, origin.value))]

    def document(self, document: Document) -> Document:
        return Document(
            document.path,
            self.value(document.root),
            tuple(map(self.problem, document.problems)),
            tuple(Comment(comment.text, self.place(comment.place)) for comment in document.comments),
        )

    def problem(self, problem: Problem) -> Problem:
        related = tuple(Note(note.message, self.place(note.place)) for note in problem.related)
        return replace(problem, place=self.place(problem.place), related=related)

    def value(self, value: Value[Tree]) -> Value[Tree]:
        match value:
            case Known(Map() as tree, place):
                entries = {
                    key: Entry(key, self.place(entry.key_place), self.value(entry.value))
                    for key, entry in tree.entries.items()
                }
                return self.known(Map(entries), place)
            case Known(List() as tree, place):
                return self.known(List(tuple(map(self.value, tree.items)), tree.is_set), place)
            case Known(leaf, place, layout=layout):
                return self.known(leaf, place, self.layout(leaf, layout))
            case Unknown(_, place) | Absent(place):
                return replace(value, place=self.place(place))

    def known(self, tree: Tree, place: Place, layout: Layout | None = None) -> Known[Tree]:
        return Known(tree, self.place(place), self.origin.sensitive, self.origin.written, layout)

    def place(self, inner: Place) -> Place:
        place = self.origin.place
        pointer = _joined(place.pointer, inner.pointer)
        if self.origin.layout is None:
            return replace(place, pointer=pointer)
        start, end = self.offset(inner.line, inner.column), self.offset(inner.end_line, inner.end_column)
        return self.origin.layout.place(place, start, end, pointer)

    def layout(self, leaf: Tree, inner: Layout | None) -> Layout | None:
        if self.origin.layout is None or inner is None or not isinstance(leaf, str):
            return None
        pieces = [(offset, self.offset(line, column)) for offset, line, column in inner.runs]
        return self.origin.layout.part(pieces, len(leaf))

    def offset(self, line: int, column: int) -> int:
        return self.starts[min(line, len(self.starts)) - 1] + column - 1


def _joined(outer: str, inner: str) -> str:
    """One pointer after the other; an index follows without a dot."""
    return f"{outer}.{inner}" if outer and inner and not inner.startswith("[") else outer + inner
