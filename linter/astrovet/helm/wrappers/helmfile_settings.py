"""The single values that a release of Helmfile sets: `set`, `setString`, `env`, and the arguments of Helm."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.helm.release import Layer, Setting, SettingKind, in_helms_order
from astrovet.helm.wrappers.helmfile_parts import Part, State, all_of
from astrovet.helm.wrappers.named_files import OUTSIDE, beside, unread
from astrovet.helm.wrappers.placeholders import TEMPLATE, own_text, without_templates
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, listed, text

FROM_ENVIRONMENT = "an environment variable of whoever runs Helmfile sets this (`env`)"
FLAGS = {f"--{kind.value}": kind for kind in SettingKind if kind not in {SettingKind.WHOLE, SettingKind.FILE}}
OPEN_FLAGS = ("-f", "--values", "--set-file", "--reuse-values", "--post-renderer")
IN_ARGUMENTS = "arguments that Helmfile hands to Helm (`args`) can set values"


def settings_of(state: State, inherited: tuple[Part, ...]) -> tuple[Layer, ...]:
    settings: list[Layer] = []
    for entry in all_of(inherited, "setTemplate"):
        settings += _setting(state.path, SettingKind.TYPED, without_templates(entry, TEMPLATE))
    for entry in all_of(inherited, "set"):
        settings += _setting(state.path, SettingKind.TYPED, entry)
    for entry in all_of(inherited, "setString"):
        settings += _setting(state.path, SettingKind.TEXT, entry)
    for entry in all_of(inherited, "env"):
        settings += _from_environment(entry)
    return in_helms_order(settings)


def _setting(path: str, kind: SettingKind, entry: Value[Tree]) -> Iterator[Layer]:
    """One entry: its `value`, else its `file`, else its `values`."""
    match own_text(at(entry, "name")):
        case Known(written):
            name = _escaped(written)
        case Unknown() as unknown:
            yield unknown
            return
        case Absent():
            return
    value, file, values = text(at(entry, "value")), text(at(entry, "file")), at(entry, "values")
    if not _is_empty(value):
        yield Setting(kind, name, _escaped_value(value), value.place)
    elif not _is_empty(file):
        # `setString` takes no file.
        if kind is SettingKind.TYPED:
            yield Setting(SettingKind.FILE, name, _file_path(path, file), file.place)
    elif not isinstance(values, Absent):
        yield Setting(kind, name, _list(values), values.place)


def arguments_of(state: State, inherited: tuple[Part, ...]) -> Iterator[Layer]:
    """What `args` hand to Helm beside all else: flags that set values."""
    given = (*listed(state.says("helmDefaults", "args")), *all_of(inherited, "syncArgs"))
    words = [text(argument) for argument in given]
    for index, word in enumerate(words):
        match word:
            case Known(written, place):
                flag, equals, value = written.partition("=")
                following = words[index + 1] if index + 1 < len(words) else Absent(place)
                argument = Known(value, place) if equals else following
                if flag in FLAGS:
                    yield Setting(FLAGS[flag], "", argument, place)
                elif flag in OPEN_FLAGS:
                    yield Unknown(IN_ARGUMENTS, place)
            case Unknown() as unknown:
                yield unknown
            case Absent():
                pass


def _from_environment(entry: Value[Tree]) -> Iterator[Layer]:
    match text(at(entry, "name")):
        case Known(name, place):
            yield Setting(SettingKind.TYPED, _escaped(name), Unknown(FROM_ENVIRONMENT, place), place)
        case Unknown() as unknown:
            yield unknown
        case Absent():
            pass


def _is_empty(value: Value[str]) -> bool:
    return isinstance(value, Absent) or (isinstance(value, Known) and not value.value)


def _escaped(content: str) -> str:
    """Helmfile takes braces and commas as text."""
    return content.replace("{", "\\{").replace("}", "\\}").replace(",", "\\,")


def _escaped_value(value: Value[str]) -> Value[Tree]:
    match value:
        case Known(content, place, sensitive, written):
            return Known(_escaped(content), place, sensitive, written)
        case Unknown() | Absent():
            return value


def _list(values: Value[Tree]) -> Value[Tree]:
    """The list `{a,b}` as Helm has it after `--set name=`."""
    texts = [text(value) for value in listed(values)]
    known = [value.value for value in texts if isinstance(value, Known)]
    if len(known) < len(texts):
        return Unknown("a part of this list is not known", values.place)
    return Known(f"{{{','.join(map(_escaped, known))}}}", values.place)


def _file_path(path: str, file: Value[str]) -> Value[Tree]:
    match file:
        case Known(name, place):
            candidates = beside(path, name)
            return unread(name, place) or (Known(candidates[0], place) if candidates else Unknown(OUTSIDE, place))
        case Unknown() | Absent():
            return file
