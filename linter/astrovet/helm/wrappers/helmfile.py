"""Helmfile: the releases of a helmfile.

The values of a release go to Helm as files, in their order, `valuesTemplate` before `values`; decrypted
`secrets` go over them, then `set`, then `setString`. A release inherits from `templates:`, whose lists come
before its own and whose single fields win (helmfile/helmfile, pkg/state/state.go, state_exec_tmpl.go and
release.go, 2026-11). Templates are not executed. In the values themselves `{{ … }}` and `ref+…` stay as
they are.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.document import Document
from astrovet.helm.layers import ENCRYPTED
from astrovet.helm.release import LOCAL_CHART, Layer, Release, Setting, SettingKind, ValuesFile, exact, in_helms_order
from astrovet.helm.wrappers.named_files import OUTSIDE, beside, unread, values_file
from astrovet.helm.wrappers.objects import first_given, is_true, name_in_id
from astrovet.helm.wrappers.placeholders import TEMPLATE, filled_in, own_text, without_templates
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, listed, text

if TYPE_CHECKING:
    from astrovet.helm.kustomize.patches import Change

FROM_ENVIRONMENT = "an environment variable of whoever runs Helmfile sets this (`env`)"
REUSED = "values of the release that is installed are kept (`reuseValues`)"
NO_TEMPLATE = "the release inherits from a template that is not in this file"
FETCHED = "Helmfile fetches the name of the values file from elsewhere (`ref+`)"

TRANSFORMED = "Helmfile changes what the chart renders (`transformers`, patches in files)"
RENDER = "scan what it makes: helmfile template | astrovet scan -"

_LISTS = ("values", "valuesTemplate", "secrets", "set", "setTemplate", "setString")
"""What `inherit` can leave out with `except`, as far as it holds values."""


class _State(Struct, frozen=True):
    """What a helmfile says beside its releases."""

    path: str
    documents: tuple[Value[Tree], ...]

    def says(self, *keys: str) -> Value[Tree]:
        """What stands at a key; in the last part of the file that has it."""
        return first_given(*(at(root, *keys) for root in reversed(self.documents)))


class _Part(Struct, frozen=True):
    """A release, or a template from which it inherits."""

    value: Value[Tree]
    without: frozenset[str] = frozenset()
    """Keys that are not inherited."""

    def at(self, key: str) -> Value[Tree]:
        return Absent(self.value.place) if key in self.without else at(self.value, key)


def releases(path: str, documents: Sequence[Document]) -> Iterator[Release]:
    """The releases of one helmfile."""
    state = _State(path, tuple(document.root for document in documents))
    for root in state.documents:
        releases = listed(at(root, "releases")) if isinstance(at(root, "kind"), Absent) else ()
        for release in releases:
            if _is_release(state, release) and not _is_false(at(release, "installed")):
                yield _release(state, release)


def _is_release(state: _State, release: Value[Tree]) -> bool:
    """Whether an item is a release of Helmfile's: other tools have lists of this name too."""
    match release:
        case Known(Map(entries)):
            inherits = not isinstance(state.says("defaultInherit"), Absent)
            return inherits or not entries.keys().isdisjoint(("chart", "directory", "inherit"))
        case Known() | Unknown() | Absent():
            return False


def _is_false(value: Value[Tree]) -> bool:
    return isinstance(value, Known) and value.value is False


def _release(state: _State, release: Value[Tree]) -> Release:
    inherited = _parts(state, release)
    name = text(at(release, "name"))
    chart = text(first_given(_field(inherited, "chart"), _field(inherited, "directory")))
    return Release(
        id=f"{state.path}#releases/{name_in_id(name)}",
        tool="Helmfile release",
        place=release.place if isinstance(name, Absent) else name.place,
        name=own_text(_field(inherited, "name")),
        namespace=own_text(first_given(state.says("namespace"), _field(inherited, "namespace"))),
        chart=chart,
        version=_version(own_text(_field(inherited, "version")), chart),
        layers=(
            *_kept(state, inherited),
            *_chart_values(state, chart),
            *_files(state, inherited),
            *_secrets(state, inherited),
            *_settings(state, inherited),
        ),
        changes=tuple(_changes(inherited)),
    )


def _changes(inherited: tuple[_Part, ...]) -> Iterator[Change]:
    """What goes over the rendered chart: values of patches, with or without a target; files are not read."""
    from astrovet.helm.kustomize.patches import Change
    from astrovet.helm.kustomize.resources import Target

    for patch in _all(inherited, "strategicMergePatches"):
        yield Change(_in_file(patch), None)
    for patch in _all(inherited, "jsonPatches"):
        is_given = isinstance(patch, Known) and not isinstance(patch.value, str)
        yield (
            Change(_in_file(at(patch, "patch")), Target.of(at(patch, "target")))
            if is_given
            else Change(_in_file(patch), None)
        )
    for transformer in _all(inherited, "transformers"):
        yield Change(Unknown(TRANSFORMED, transformer.place, how=RENDER), None)


def _in_file(patch: Value[Tree]) -> Value[Tree]:
    """A patch that stands in a file, or a list of operations that is none, is not known."""
    match patch:
        case Known(Map() | List()) | Unknown():
            return patch
        case Known(_, place) | Absent(place):
            return Unknown(TRANSFORMED, place, how=RENDER)


# --- inheritance


def _parts(state: _State, release: Value[Tree]) -> tuple[_Part, ...]:
    """The templates of a release in the order in which they count, and the release itself."""
    own = _inherited(release)
    names = {label for label, _ in own}
    default = tuple(
        (name.value, frozenset[str]())
        for name in map(text, _one_or_all(state.says("defaultInherit")))
        if isinstance(name, Known) and name.value not in names
    )
    return (*_templates(state, release, (*default, *own), ()), _Part(release))


def _templates(
    state: _State, heir: Value[Tree], wanted: tuple[tuple[str, frozenset[str]], ...], above: tuple[str, ...]
) -> Iterator[_Part]:
    for name, without in wanted:
        template = state.says("templates", name)
        if isinstance(template, Absent) or name in above:
            yield _Part(Unknown(NO_TEMPLATE, heir.place))
            continue
        for part in _templates(state, template, _inherited(template), (*above, name)):
            yield _Part(part.value, part.without | without)
        yield _Part(template, without)


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


def _field(inherited: tuple[_Part, ...], key: str) -> Value[Tree]:
    """A single field: the first part that has it."""
    known = [value for part in inherited if isinstance(value := part.at(key), Known)]
    return known[0] if known else first_given(*(part.at(key) for part in inherited))


def _all(inherited: tuple[_Part, ...], key: str) -> Iterator[Value[Tree]]:
    """The items of a list: those of the templates, then those of the release."""
    for part in inherited:
        yield from listed(part.at(key))


# --- the chart


def _is_local(chart: str) -> bool:
    return chart.startswith(("./", "../"))


def _version(version: Value[str], chart: Value[str]) -> Value[str]:
    if isinstance(chart, Known) and _is_local(chart.value):
        return Unknown(LOCAL_CHART, version.place)
    return exact(version)


def _chart_values(state: _State, chart: Value[str]) -> Iterator[Layer]:
    """The own values of a chart that lies in a folder, or may lie in one: `folder/chart` can be both."""
    match chart:
        case Known(name, place) if unread(name, place) is None:
            candidates = beside(state.path, posixpath.join(name, "values.yaml"))
            yield ValuesFile(candidates, place, optional=not _is_local(name))
        case Known() | Unknown() | Absent():
            pass


def _kept(state: _State, inherited: tuple[_Part, ...]) -> Iterator[Layer]:
    reuse = first_given(_field(inherited, "reuseValues"), state.says("helmDefaults", "reuseValues"))
    if is_true(reuse):
        yield Unknown(REUSED, reuse.place)


# --- files and maps


def _files(state: _State, inherited: tuple[_Part, ...]) -> Iterator[Layer]:
    prefix = text(_field(inherited, "valuesPathPrefix"))
    handler = text(first_given(_field(inherited, "missingFileHandler"), state.says("missingFileHandler")))
    optional = isinstance(handler, Known) and handler.value != "Error"
    templated = (without_templates(value, TEMPLATE) for value in _all(inherited, "valuesTemplate"))
    for value in (*templated, *_all(inherited, "values")):
        match value:
            case Known(str(name), place):
                yield _file(state.path, Known(name, place), prefix, optional)
            case Known() | Unknown():
                yield value
            case Absent():
                pass


def _file(path: str, named: Known[str], prefix: Value[str], optional: bool) -> Layer:
    match prefix:
        case Known(before):
            name = before + named.value
        case Absent():
            name = named.value
        case Unknown():
            return prefix
    if name.startswith("ref+"):
        return Unknown(FETCHED, named.place)
    if name.endswith(".gotmpl"):
        return filled_in(TEMPLATE, named.place)
    return unread(name, named.place) or values_file(beside(path, name), named.place, optional=optional)


def _secrets(state: _State, inherited: tuple[_Part, ...]) -> Iterator[Layer]:
    for secret in _all(inherited, "secrets"):
        match secret:
            case Known(str(name), place) if unread(name, place) is None and (paths := beside(state.path, name)):
                yield ValuesFile(paths, place, encrypted=True)
            case Known(_, place):
                yield Unknown(ENCRYPTED, place)
            case Unknown():
                yield secret
            case Absent():
                pass


# --- settings


def _settings(state: _State, inherited: tuple[_Part, ...]) -> tuple[Layer, ...]:
    settings: list[Layer] = []
    for entry in _all(inherited, "setTemplate"):
        settings += _setting(state.path, SettingKind.TYPED, without_templates(entry, TEMPLATE))
    for entry in _all(inherited, "set"):
        settings += _setting(state.path, SettingKind.TYPED, entry)
    for entry in _all(inherited, "setString"):
        settings += _setting(state.path, SettingKind.TEXT, entry)
    for entry in _all(inherited, "env"):
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
