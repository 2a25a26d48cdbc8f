"""Kustomize: the charts that a kustomization inflates with `helmCharts`.

Kustomize merges `valuesInline` and `valuesFile` to one file, by default the inline values over the file;
`additionalValuesFiles` go over both (kubernetes-sigs/kustomize,
api/internal/builtins/HelmChartInflationGenerator.go and api/types/helmchartargs.go, 2026-11).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from astrovet.document import Document
from astrovet.helm.conventions import is_kustomization
from astrovet.helm.release import Layer, Release, ValuesFile, exact
from astrovet.helm.wrappers.named_files import beside, unread, values_file
from astrovet.helm.wrappers.objects import first_given, is_kind, name_in_id
from astrovet.helm.wrappers.placeholders import TEMPLATE, filled_in, own_text
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, at, listed, text

GENERATOR = "HelmChartInflationGenerator"

GENERATED_NAME = "Helm makes up the name of the release where `releaseName` is missing"
MERGE = "`valuesMerge` is none of override, merge and replace, and Kustomize refuses it"

_OLD_KEYS = {
    "chartName": "name",
    "chartVersion": "version",
    "chartRepoUrl": "repo",
    "values": "valuesFile",
    "valuesLocal": "valuesInline",
    "valuesMerge": "valuesMerge",
    "releaseName": "releaseName",
}
"""Keys of the older `helmChartInflationGenerator`, which Kustomize turns into those of `helmCharts`.
Its `releaseNamespace` and `extraArgs` are lost on that way."""


def releases(path: str, documents: Sequence[Document]) -> Iterator[Release]:
    """The releases of the charts that one file inflates."""
    for document in documents:
        root = document.root
        home = text(at(root, "helmGlobals", "chartHome"))
        if _is_kustomization(path, root):
            for chart in listed(at(root, "helmCharts")):
                yield _release(path, "helmCharts", chart, home, at(root, "namespace"))
            for chart in listed(at(root, "helmChartInflationGenerator")):
                own_home = text(first_given(at(chart, "chartHome"), home))
                yield _release(path, "helmCharts", _renewed(chart), own_home, at(root, "namespace"))
        elif is_kind(root, "builtin", GENERATOR):
            yield _release(path, GENERATOR, root, text(at(root, "chartHome")), Absent(root.place))


def _is_kustomization(path: str, root: Value[Tree]) -> bool:
    return is_kustomization(path) or any(
        is_kind(root, "kustomize.config.k8s.io", kind) for kind in ("Kustomization", "Component")
    )


def _renewed(chart: Value[Tree]) -> Value[Tree]:
    """An entry of the older form, in the keys of `helmCharts`."""
    match chart:
        case Known(Map(entries), place):
            renewed = {
                new: Entry(new, entries[old].key_place, entries[old].value)
                for old, new in _OLD_KEYS.items()
                if old in entries
            }
            return Known(Map(renewed), place)
        case Known() | Unknown() | Absent():
            return chart


def _release(path: str, kind: str, chart: Value[Tree], home: Value[str], over_all: Value[Tree]) -> Release:
    name, release_name = own_text(at(chart, "name")), own_text(at(chart, "releaseName"))
    if isinstance(release_name, Absent):
        release_name = Unknown(GENERATED_NAME, chart.place)
    called = release_name if isinstance(release_name, Known) else name
    return Release(
        id=f"{path}#{kind}/{name_in_id(called)}",
        tool="Kustomize Helm chart",
        place=name.place,
        name=release_name,
        # A namespace of the kustomization is put on all objects after Helm made them.
        namespace=own_text(first_given(over_all, at(chart, "namespace"))),
        chart=name,
        version=exact(own_text(at(chart, "version"))),
        layers=_layers(path, chart, home),
    )


def _layers(path: str, chart: Value[Tree], home: Value[str]) -> tuple[Layer, ...]:
    named = text(at(chart, "valuesFile"))
    defaults = _chart_values(path, chart, home)
    file = defaults if isinstance(named, Absent) else _file(path, named)
    beneath = () if isinstance(named, Absent) else (defaults,)
    additional = (
        _file(path, name) for name in map(text, listed(at(chart, "additionalValuesFiles"))) if not _is_none(name)
    )
    return (*beneath, *_merged(chart, file), *additional)


def _merged(chart: Value[Tree], file: Layer) -> tuple[Layer, ...]:
    """The values file and the inline values, in the order of `valuesMerge`; the file alone without the latter."""
    inline = at(chart, "valuesInline")
    match inline:
        case Known(Map(entries)) if not entries:
            return (file,)
        case Absent():
            return (file,)
        case Known() | Unknown():
            pass
    match text(at(chart, "valuesMerge")):
        case Known("override" | "") | Absent():
            return (file, inline)
        case Known("merge"):
            # Here the file wins, and where none is named that is the chart's own.
            return (inline, _needed(file))
        case Known("replace"):
            return (inline,)
        case Known(_, place):
            return (inline, Unknown(MERGE, place))
        case Unknown() as unknown:
            return (inline, unknown)


def _needed(file: Layer) -> Layer:
    return ValuesFile(file.paths, file.place) if isinstance(file, ValuesFile) else file


def _is_none(value: Value[str]) -> bool:
    return isinstance(value, Absent)


def _file(path: str, named: Value[str]) -> Layer:
    match named:
        case Known(name, place):
            return unread(name, place) or values_file(beside(path, name), place)
        case Unknown() | Absent():
            return named


def _chart_values(path: str, chart: Value[Tree], home: Value[str]) -> Layer:
    """The chart's own values, where a copy of the chart lies in the repository.

    With a repository and a version, the copy's folder has the version in its name; in older releases
    of Kustomize it has not.
    """
    match text(at(chart, "name")), text(at(chart, "version")):
        case Known(name, place), version:
            folder = home.value if isinstance(home, Known) and home.value else "charts"
            folders = [posixpath.join(folder, name)]
            if isinstance(version, Known) and not isinstance(at(chart, "repo"), Absent):
                folders.insert(0, posixpath.join(folder, f"{name}-{version.value}", name))
            copies = [beside(path, posixpath.join(folder, "values.yaml")) for folder in folders]
            return ValuesFile(tuple(file for files in copies for file in files), place, optional=True)
        case name, _:
            return filled_in(TEMPLATE, name.place)
