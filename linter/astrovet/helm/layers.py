"""The layers of a release, read and merged as Helm does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from astrovet.budget import Budget
from astrovet.helm.merging import merge
from astrovet.helm.release import Layer, Setting, ValuesFile
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value

ENCRYPTED = "the values stand in an encrypted file (`secrets`)"


def combine(
    layers: Sequence[Layer],
    values: Callable[[str], Value[Tree] | None],
    text: Callable[[str], str | None],
    budget: Budget | None = None,
) -> Value[Tree]:
    """The values that Helm uses.

    Under a file that is not here, whatever no later layer settles is Unknown.

    Args:
        layers: in Helm's order.
        values: gives the values in a file, by its path; None where it is not here.
        text: gives the text of a file, for `--set-file`.
        budget: of the run.
    """
    root: Value[Tree] = Absent(Place(""))
    for layer in layers:
        match layer:
            case Setting():
                from astrovet.helm.set_flags import apply_setting  # few inputs have settings

                root = apply_setting(root, layer, text, budget)
            case ValuesFile():
                root = merge((root, _of_file(layer, values)))
            case Known() | Unknown() | Absent():
                root = merge((root, layer))
    return root


def path_of(file: ValuesFile, values: Callable[[str], Value[Tree] | None]) -> str | None:
    """The path at which a layer's file is; None where it is not here."""
    return next((path for path in file.paths if values(path) is not None), None)


def _of_file(file: ValuesFile, values: Callable[[str], Value[Tree] | None]) -> Value[Tree]:
    path = path_of(file, values)
    tree = values(path) if path is not None else None
    if file.encrypted:
        return _encrypted(tree, file.place)
    if tree is not None:
        return tree
    if file.optional:
        return Absent(file.place)
    return Unknown("the values file that is named here is not in this repository", file.place, how="scan it too")


def _encrypted(tree: Value[Tree] | None, place: Place) -> Value[Tree]:
    """What a file shows that sops encrypted; one of another tool shows nothing."""
    match tree:
        case Known(Map(entries, unlisted), root) if "sops" in entries:
            shown = {key: _covered(entry) for key, entry in entries.items() if key != "sops"}
            return Known(Map(shown, unlisted), root)
        case _:
            return Unknown(ENCRYPTED, place)


def _covered(entry: Entry) -> Entry:
    return Entry(entry.key, entry.key_place, _without_ciphertext(entry.value))


def _without_ciphertext(value: Value[Tree]) -> Value[Tree]:
    match value:
        case Known(str(text), place) if text.startswith("ENC["):
            return Unknown(ENCRYPTED, place)
        case Known(Map(entries, unlisted), place):
            return Known(Map({key: _covered(entry) for key, entry in entries.items()}, unlisted), place)
        case Known(List(items, is_set), place):
            return Known(List(tuple(map(_without_ciphertext, items)), is_set), place)
        case Known() | Unknown() | Absent():
            return value
