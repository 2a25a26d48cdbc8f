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

from astrovet.document import Document
from astrovet.helm.layers import ENCRYPTED
from astrovet.helm.release import LOCAL_CHART, Layer, Release, ValuesFile, exact
from astrovet.helm.wrappers.helmfile_parts import Part, State, all_of, field, parts_of
from astrovet.helm.wrappers.helmfile_settings import arguments_of, settings_of
from astrovet.helm.wrappers.named_files import beside, unread, values_file
from astrovet.helm.wrappers.objects import first_given, is_true, name_in_id
from astrovet.helm.wrappers.placeholders import TEMPLATE, filled_in, own_text, without_templates
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, listed, text

if TYPE_CHECKING:
    from astrovet.helm.kustomize.patches import Change

REUSED = "values of the release that is installed are kept (`reuseValues`)"
FETCHED = "Helmfile fetches the name of the values file from elsewhere (`ref+`)"

TRANSFORMED = "Helmfile changes what the chart renders (`transformers`, patches in files)"
PROGRAM = "a program changes what the chart renders (`postRenderer`)"
RENDER = "scan what it makes: helmfile template | astrovet scan -"


def releases(path: str, documents: Sequence[Document]) -> Iterator[Release]:
    """The releases of one helmfile."""
    state = State(path, tuple(document.root for document in documents))
    for root in state.documents:
        releases = listed(at(root, "releases")) if isinstance(at(root, "kind"), Absent) else ()
        for release in releases:
            if _is_release(state, release) and not _is_false(at(release, "installed")):
                yield _release(state, release)


def _is_release(state: State, release: Value[Tree]) -> bool:
    """Whether an item is a release of Helmfile's: other tools have lists of this name too."""
    match release:
        case Known(Map(entries)):
            inherits = not isinstance(state.says("defaultInherit"), Absent)
            return inherits or not entries.keys().isdisjoint(("chart", "directory", "inherit"))
        case Known() | Unknown() | Absent():
            return False


def _is_false(value: Value[Tree]) -> bool:
    return isinstance(value, Known) and value.value is False


def _release(state: State, release: Value[Tree]) -> Release:
    inherited = parts_of(state, release)
    name = text(at(release, "name"))
    chart = text(first_given(field(inherited, "chart"), field(inherited, "directory")))
    return Release(
        id=f"{state.path}#releases/{name_in_id(name)}",
        tool="Helmfile release",
        place=release.place if isinstance(name, Absent) else name.place,
        name=own_text(field(inherited, "name")),
        namespace=own_text(first_given(state.says("namespace"), field(inherited, "namespace"))),
        chart=chart,
        version=_version(own_text(field(inherited, "version")), chart),
        layers=(
            *_kept(state, inherited),
            *_chart_values(state, chart),
            *_files(state, inherited),
            *_secrets(state, inherited),
            *settings_of(state, inherited),
            *arguments_of(state, inherited),
        ),
        changes=tuple(_changes(state, inherited)),
        cluster=_context(state, inherited),
    )


def _context(state: State, inherited: tuple[Part, ...]) -> Known[str] | None:
    """The context of kubectl's configuration, which names a cluster."""
    context = own_text(first_given(field(inherited, "kubeContext"), state.says("helmDefaults", "kubeContext")))
    return context if isinstance(context, Known) and context.value else None


def _changes(state: State, inherited: tuple[Part, ...]) -> Iterator[Change]:
    """What goes over the rendered chart: values of patches, with or without a target; files are not read."""
    from astrovet.helm.kustomize.patches import Change
    from astrovet.helm.kustomize.resources import Target

    program = first_given(field(inherited, "postRenderer"), state.says("helmDefaults", "postRenderer"))
    if isinstance(program, Known):
        yield Change(Unknown(PROGRAM, program.place, how=RENDER), None)
    for patch in _known(inherited, "strategicMergePatches"):
        yield Change(_in_file(patch), None)
    for patch in _known(inherited, "jsonPatches"):
        if isinstance(patch.value, str):
            yield Change(_in_file(patch), None)
        else:
            yield Change(_in_file(at(patch, "patch")), Target.of(at(patch, "target")))
    for transformer in _known(inherited, "transformers"):
        yield Change(Unknown(TRANSFORMED, transformer.place, how=RENDER), None)


def _known(inherited: tuple[Part, ...], key: str) -> Iterator[Known[Tree]]:
    """The items that are there for sure: of a template that is not, nobody knows what it has."""
    for item in all_of(inherited, key):
        if isinstance(item, Known):
            yield item


def _in_file(patch: Value[Tree]) -> Value[Tree]:
    """A patch that stands in a file, or a list of operations that is none, is not known."""
    match patch:
        case Known(Map() | List()) | Unknown():
            return patch
        case Known(_, place) | Absent(place):
            return Unknown(TRANSFORMED, place, how=RENDER)


# --- the chart


def _is_local(chart: str) -> bool:
    return chart.startswith(("./", "../"))


def _version(version: Value[str], chart: Value[str]) -> Value[str]:
    if isinstance(chart, Known) and _is_local(chart.value):
        return Unknown(LOCAL_CHART, version.place)
    return exact(version)


def _chart_values(state: State, chart: Value[str]) -> Iterator[Layer]:
    """The own values of a chart that lies in a folder, or may lie in one: `folder/chart` can be both."""
    match chart:
        case Known(name, place) if unread(name, place) is None:
            candidates = beside(state.path, posixpath.join(name, "values.yaml"))
            yield ValuesFile(candidates, place, optional=not _is_local(name))
        case Known() | Unknown() | Absent():
            pass


def _kept(state: State, inherited: tuple[Part, ...]) -> Iterator[Layer]:
    reuse = first_given(field(inherited, "reuseValues"), state.says("helmDefaults", "reuseValues"))
    if is_true(reuse):
        yield Unknown(REUSED, reuse.place)


# --- files and maps


def _files(state: State, inherited: tuple[Part, ...]) -> Iterator[Layer]:
    prefix = text(field(inherited, "valuesPathPrefix"))
    handler = text(first_given(field(inherited, "missingFileHandler"), state.says("missingFileHandler")))
    optional = isinstance(handler, Known) and handler.value != "Error"
    templated = (without_templates(value, TEMPLATE) for value in all_of(inherited, "valuesTemplate"))
    for value in (*templated, *all_of(inherited, "values")):
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


def _secrets(state: State, inherited: tuple[Part, ...]) -> Iterator[Layer]:
    for secret in all_of(inherited, "secrets"):
        match secret:
            case Known(str(name), place) if unread(name, place) is None and (paths := beside(state.path, name)):
                yield ValuesFile(paths, place, encrypted=True)
            case Known(_, place):
                yield Unknown(ENCRYPTED, place)
            case Unknown():
                yield secret
            case Absent():
                pass
