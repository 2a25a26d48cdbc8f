"""Texts that a tool fills in before Helm runs: `{{ … }}` and `${…}`."""

from __future__ import annotations

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, text

TEMPLATE = "a template fills this in before Helm runs"
GENERATED = "the generator of the ApplicationSet fills this in"
NOT_EXECUTED = {
    TEMPLATE: "astrovet does not execute templates",
    GENERATED: "astrovet does not execute generators",
}


def filled_in(why: str, place: Place, prefix: str = "") -> Unknown:
    """What a step before Helm fills in, which nothing here executes."""
    return Unknown(why, place, prefix=prefix, how=NOT_EXECUTED[why])


def own_text(value: Value[Tree]) -> Value[str]:
    """A text that the tool itself uses (a name, a version, a path): Unknown where `{{ … }}` or `${…}` is in it."""
    match value:
        case Known(str(written), place) if is_filled_in(written):
            return filled_in(TEMPLATE, place)
        case Known() | Unknown() | Absent():
            return text(value)


def without_templates(value: Value[Tree], why: str) -> Value[Tree]:
    """The value with every text Unknown that holds `{{ … }}`, because the tool executes templates there."""
    match value:
        case Known(Map(entries, unlisted)):
            plain = {
                key: Entry(key, entry.key_place, without_templates(entry.value, why))
                for key, entry in entries.items()
                if _template(key) < 0
            }
            if len(plain) < len(entries):
                unlisted = filled_in(why, value.place)
            return replace(value, value=Map(plain, unlisted))
        case Known(List(listed, is_set)):
            return replace(value, value=List(tuple(without_templates(item, why) for item in listed), is_set))
        case Known(str(written), place) if (start := _template(written)) >= 0:
            return filled_in(why, place, written[:start])
        case Known() | Unknown() | Absent():
            return value


def is_filled_in(written: str) -> bool:
    """Whether a text holds a placeholder that a later step fills in: `{{ … }}` or `${…}`."""
    return _template(written) >= 0 or "}" in written.partition("${")[2]


def _template(written: str) -> int:
    """Where `{{ … }}` begins in a text, -1 where it has none."""
    start = written.find("{{")
    return start if start >= 0 and written.find("}}", start) >= 0 else -1
