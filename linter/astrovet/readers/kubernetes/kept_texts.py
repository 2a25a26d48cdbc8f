"""Which texts stand in clear text in Secrets and ConfigMaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from astrovet.model.kubernetes import ClearText
from astrovet.readers.kubernetes.manifests import Manifest, field, word
from astrovet.secrecy import credential_kind, literal, template
from astrovet.value import Absent, Known, Map, Unknown, Value

MIXED = "a part of the data refers to something, and then a plan does not show which part is written out"
SOURCES = "scan the Terraform sources themselves"


def clear_texts(manifest: Manifest, encoded: tuple[str, ...], plain: tuple[str, ...]) -> Mapping[str, ClearText]:
    """What stands in clear text in these parts, of which the first are base64; the later part wins."""
    shown: dict[str, Value[str]] = {}
    for part in (*encoded, *plain):
        is_encoded = part in encoded and not (manifest.is_decoded and part == "data")
        for key, value in _entries(manifest, part):
            shown[key] = _decoded(value) if is_encoded else value
    return dict(_clear(shown, manifest.passed_in))


def _clear(shown: Mapping[str, Value[str]], passed_in: frozenset[str] | None) -> Iterator[tuple[str, ClearText]]:
    for key, value in shown.items():
        match value:
            case Known(text, place, written=False) if passed_in is not None and text not in passed_in:
                if kind := credential_kind(key, text):
                    yield key, ClearText(kind, place, Unknown(MIXED, place, how=SOURCES))
            case Known(text, place, written=True) if (kind := credential_kind(key, text)) or _is_plain(text):
                yield key, ClearText(kind or "", place)
            case Known() | Unknown() | Absent():
                pass


def _is_plain(text: str) -> bool:
    return literal(text) and not template(text)


def _entries(manifest: Manifest, part: str) -> Iterator[tuple[str, Value[str]]]:
    match field(manifest.root, part):
        case Known(Map(entries)):
            yield from ((key, word(entry.value)) for key, entry in entries.items())
        case Known() | Unknown() | Absent():
            pass


def _decoded(value: Value[str]) -> Value[str]:
    """The text that base64 spells; as it is written where it is none, as a placeholder is."""
    match value:
        case Known(text):
            import base64  # few inputs have a Secret

            try:
                decoded = base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
            except ValueError:
                return value
            return replace(value, value=decoded, layout=None)
        case Unknown() | Absent():
            return value
