"""Documents that stand in a text of another document."""

from __future__ import annotations

from msgspec.structs import replace

from astrovet.document import Document
from astrovet.inputs.yaml_text import read_yaml
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value


def embedded_yaml(origin: Known[str]) -> tuple[Document, ...]:
    """The YAML documents in a text, with the place of the text that holds them.

    Lines inside the text are no lines of any file; its pointer continues the text's.
    """
    documents = read_yaml(origin.place.path, origin.value)
    return tuple(replace(document, root=_moved(document.root, origin)) for document in documents)


def _moved(value: Value[Tree], origin: Known[str]) -> Value[Tree]:
    def place(inner: Place) -> Place:
        pointer = f"{origin.place.pointer}.{inner.pointer}" if inner.pointer else origin.place.pointer
        return replace(origin.place, pointer=pointer)

    def move(inner: Value[Tree]) -> Value[Tree]:
        match inner:
            case Known(Map() as tree, at_place):
                entries = {
                    key: Entry(key, place(entry.key_place), move(entry.value)) for key, entry in tree.entries.items()
                }
                return Known(Map(entries, tree.unlisted), place(at_place), origin.sensitive, origin.written)
            case Known(List() as tree, at_place):
                return Known(
                    List(tuple(move(item) for item in tree.items)), place(at_place), origin.sensitive, origin.written
                )
            case Known(leaf, at_place):
                return Known(leaf, place(at_place), origin.sensitive, origin.written)
            case Unknown(why, at_place):
                return Unknown(why, place(at_place))
            case Absent(at_place, explicit):
                return Absent(place(at_place), explicit)

    return move(value)
