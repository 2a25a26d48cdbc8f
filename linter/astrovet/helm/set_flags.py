"""Helm's `--set-json`, `--set-file` and `--set-literal`, and one way to apply any setting.

`--set` and `--set-string` are in `set_syntax`, and so are the names, which all these flags share: an
assignment that Helm refuses makes the whole tree Unknown here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from astrovet.budget import MAX_DEPTH, Budget
from astrovet.formats.layout import text_of_file
from astrovet.formats.yaml.scalars import as_json
from astrovet.helm.merging import merge
from astrovet.helm.release import Setting, SettingKind
from astrovet.helm.set_paths import MalformedError, put
from astrovet.helm.set_syntax import applied, assign, parse_set, read_name, set_value
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, text

FLAG_ORDER: tuple[SettingKind, ...] = (
    SettingKind.JSON,
    SettingKind.TYPED,
    SettingKind.TEXT,
    SettingKind.FILE,
    SettingKind.LITERAL,
)
"""How Helm orders the flags of one command, however they are mixed: each kind as a whole, after all `-f`
files, and within a kind from left to right. Source: `MergeValues` in pkg/cli/values/options.go of
helm/helm, the same in v3.12.0 (where `--set-literal` came) and v4.2.3."""

Read = Callable[[str], str | None]
"""The content of a file, by the path as `--set-file` has it; None where it is not here."""


def apply_setting(root: Value[Tree], setting: Setting, read: Read, budget: Budget | None = None) -> Value[Tree]:
    """Apply one setting of any kind to the values before it.

    With a name, the text is what stands to the right of the `=`. There a comma is no separator, unless
    the text is a list in braces: Argo CD writes the backslashes before it calls Helm, and so does this
    (`cleanSetParameters` in util/helm/cmd.go of argoproj/argo-cd); a comma that has one keeps it.
    Without a name, the text is the whole argument of a flag: `name=value,…`.

    A setting whose value is unknown makes its name unknown; without a name, all that no later one settles.

    Args:
        root: the values so far.
        setting: what to set.
        read: gives the content of a file for `--set-file`.
        budget: of the run.
    """
    budget = budget or Budget()
    if setting.kind is SettingKind.WHOLE:
        return _at_its_name(root, setting, setting.value, budget)
    match text(setting.value):
        case Known() as argument:
            return _apply_text(root, setting, argument, read, budget)
        case Unknown() as unknown if not setting.name:
            return merge((root, unknown))
        case (Unknown() | Absent()) as value:
            return _at_its_name(root, setting, value, budget)


def set_json(
    root: Value[Tree],
    argument: str,
    place: Place,
    *,
    sensitive: bool = False,
    written: bool = True,
    budget: Budget | None = None,
) -> Value[Tree]:
    """Apply what stands after `--set-json`: `name=JSON` pairs, or one JSON object of values.

    Nothing after an equals sign is null. Under a name, an object replaces what is there; as the whole
    argument it is merged like a values file. Helm reads the latter since 4.0 and refuses it before.
    Everything set has the place of the setting. Otherwise like `parse_set`.
    """

    def tree(decoded: Any) -> Value[Tree]:
        return _tree(decoded, Known(None, place, sensitive, written))

    def changed() -> Value[Tree]:
        if argument.lstrip().startswith("{"):
            listed = {key: Entry(key, place, tree(child)) for key, child in _whole_object(argument).items()}
            return merge((root, Known(Map(listed), place if isinstance(root, Absent) else root.place)))
        after, position = root, 0
        while position < len(argument):
            path, position = read_name(argument, position)
            decoded, position = _json_value(argument, position)
            after = put(after, path, tree(decoded), place, counted)
        return after

    counted = budget or Budget()
    return applied(changed, place, counted)


def set_file(
    root: Value[Tree],
    argument: str,
    place: Place,
    read: Read,
    *,
    sensitive: bool = False,
    written: bool = True,
    budget: Budget | None = None,
) -> Value[Tree]:
    """Apply what stands after `--set-file`: the content of each file is a text value that stands in the file.

    Without the file the value is Unknown. Otherwise like `parse_set`.
    """

    def content(path: str) -> Value[Tree]:
        whole = read(path)
        if whole is None:
            return Unknown("`--set-file` takes it from a file that cannot be read here", place)
        content_of_file: Known[Tree] = text_of_file(path, whole)
        return replace(content_of_file, sensitive=sensitive, written=written)

    return assign(root, argument, place, content, sensitive=sensitive, written=written, budget=budget)


def set_literal(
    root: Value[Tree],
    argument: str,
    place: Place,
    *,
    sensitive: bool = False,
    written: bool = True,
    budget: Budget | None = None,
) -> Value[Tree]:
    """Apply what stands after `--set-literal`: all after the first equals sign is the value, as it is.

    Keys and indexes make the name, but there is no escape for a dot in a key. Otherwise like `parse_set`.
    """
    if not argument:
        return root
    counted = budget or Budget()

    def changed() -> Value[Tree]:
        path, start = read_name(argument, 0, literal=True)
        return put(root, path, Known(argument[start:], place, sensitive, written), place, counted)

    return applied(changed, place, counted)


def _at_its_name(root: Value[Tree], setting: Setting, value: Value[Tree], budget: Budget) -> Value[Tree]:
    if isinstance(value, Absent) and not value.explicit:
        return root
    is_literal = setting.kind is SettingKind.LITERAL
    return set_value(root, setting.name, value, setting.place, literal=is_literal, budget=budget)


def _apply_text(root: Value[Tree], setting: Setting, value: Known[str], read: Read, budget: Budget) -> Value[Tree]:
    place, sensitive, written = setting.place, value.sensitive, value.written
    match setting.kind:
        case SettingKind.JSON:
            return set_json(
                root, _pair(setting, value.value), place, sensitive=sensitive, written=written, budget=budget
            )
        case SettingKind.LITERAL:
            return set_literal(
                root, _pair(setting, value.value), place, sensitive=sensitive, written=written, budget=budget
            )
        case SettingKind.FILE:
            argument = _pair(setting, _commas_kept(setting, value.value))
            return set_file(root, argument, place, read, sensitive=sensitive, written=written, budget=budget)
        case SettingKind.TYPED | SettingKind.TEXT | SettingKind.WHOLE:
            argument = _pair(setting, _commas_kept(setting, value.value))
            as_text = setting.kind is SettingKind.TEXT
            return parse_set(
                root, argument, place, as_text=as_text, sensitive=sensitive, written=written, budget=budget
            )


def _pair(setting: Setting, content: str) -> str:
    return f"{setting.name}={content}" if setting.name else content


def _commas_kept(setting: Setting, content: str) -> str:
    """The text with a backslash before every comma that has none, as Argo CD gives it to Helm."""
    if not setting.name or (content.startswith("{") and content.endswith("}")):
        return content
    return re.sub(r"(?<!\\),", r"\\,", content)


def _json_value(argument: str, start: int) -> tuple[Any, int]:
    """A JSON value, and where the text goes on after the comma that may follow it."""
    start = _blank(argument, start)
    if start == len(argument) or argument[start] == ",":
        return None, start + 1
    decoded, end = _decode(argument, start)
    end = _blank(argument, end)
    return decoded, end + argument.startswith(",", end)


def _whole_object(argument: str) -> dict[str, Any]:
    decoded, end = _decode(argument, _blank(argument, 0))
    if argument[end:].strip():
        raise MalformedError("text stands after the JSON object of `--set-json`")
    return dict(decoded)


# Go's idea of white space; Python's has the separators U+001C to U+001F in addition.
_BLANK = re.compile(r"[^\S\x1c-\x1f]*")


def _blank(argument: str, start: int) -> int:
    blanks = _BLANK.match(argument, start)
    return start if blanks is None else blanks.end()


def _decode(argument: str, start: int) -> tuple[Any, int]:
    """One JSON value, as Go's decoder reads it from the beginning of a text, and its end."""
    import json  # few inputs have this flag

    decoder = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_number)
    try:
        decoded, end = decoder.raw_decode(argument, start)
    except (ValueError, RecursionError):
        raise MalformedError("a value of `--set-json` is no JSON") from None
    # Python is content with the digits before an unfinished fraction or exponent.
    if argument[end - 1].isdigit() and argument[end : end + 1] in (".", "e", "E"):
        raise MalformedError("a number of `--set-json` is unfinished")
    return decoded, end


def _number(digits: str) -> int | float:
    """Every number is a float to Go, and one that is too large is an error."""
    number = float(digits)
    if abs(number) == float("inf") or number != number:
        raise ValueError
    return as_json(number)


_HALF = re.compile("[\ud800-\udfff]")
"""Half of a pair of `\\u` escapes, for which Go puts the replacement character."""


def _tree(decoded: Any, marks: Known[None], depth: int = 0) -> Value[Tree]:
    if depth > MAX_DEPTH:
        raise MalformedError("a value of `--set-json` is nested too deeply")
    place, sensitive, written = marks.place, marks.sensitive, marks.written
    match decoded:
        case None:
            return Absent(place, explicit=True)
        case dict():
            children = {_HALF.sub("\ufffd", key): _tree(child, marks, depth + 1) for key, child in decoded.items()}
            entries = {key: Entry(key, place, child) for key, child in children.items()}
            return Known(Map(entries), place, sensitive, written)
        case list():
            items = tuple(_tree(child, marks, depth + 1) for child in decoded)
            return Known(List(items), place, sensitive, written)
        case str():
            return Known(_HALF.sub("\ufffd", decoded), place, sensitive, written)
        case _:
            return Known(decoded, place, sensitive, written)
