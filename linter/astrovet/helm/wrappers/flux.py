"""Flux: what a `HelmRelease` installs.

The values of `valuesFrom` lie under `values`, in their order; an entry with `targetPath` sets that path
alone (fluxcd/helm-controller, docs/spec/v2/helmreleases.md, and fluxcd/pkg, chartutil/values.go, 2026-11).
What they hold stands in the cluster, unless the same inputs hold it. A text `${NAME}`, which Flux may fill in,
stays as it is in values. One without a chart is a patch of Kustomize's, which goes over another one of its name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.document import Document
from astrovet.formats.embedded import embedded_yaml
from astrovet.helm.api_groups import FLUX_RELEASES, FLUX_SOURCES
from astrovet.helm.release import LOCAL_CHART, Layer, Release, Setting, SettingKind, exact
from astrovet.helm.wrappers.named_files import PACKAGED, in_repository, unread, values_file
from astrovet.helm.wrappers.objects import first_given, is_kind, is_true, kubernetes_objects, name_in_id
from astrovet.helm.wrappers.placeholders import own_text
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, listed, text

if TYPE_CHECKING:
    from astrovet.helm.kustomize.patches import Change

FOLDERS = ("GitRepository", "Bucket")
"""Sources that hold a chart as a folder."""

REFERENCED = "the chart stands in an object (`chartRef`) that is not in this file"
LONG_NAME = "Flux shortens the name of a release that is longer than 53 characters"
LONGEST_NAME = 53


class _Chart(Struct, frozen=True):
    """A chart, with the values files that take the place of its own."""

    name: Value[str]
    version: Value[str]
    layers: tuple[Layer, ...] = ()


def releases(path: str, documents: Sequence[Document], elsewhere: Sequence[Value[Tree]] = ()) -> Iterator[Release]:
    """The releases of the HelmReleases in one file."""
    roots = tuple(kubernetes_objects(documents))
    for root in roots:
        yield from of_object(path, root, roots, elsewhere)


def of_object(
    path: str, root: Value[Tree], neighbours: Sequence[Value[Tree]], elsewhere: Sequence[Value[Tree]] = ()
) -> Iterator[Release]:
    """The release of one object.

    Args:
        path: the file that it comes from.
        root: the object.
        neighbours: the objects beside it that it can name: sources, ConfigMaps, Secrets.
        elsewhere: those in other files. One counts where no other one has its name and namespace.
    """
    if is_kind(root, FLUX_RELEASES, "HelmRelease"):
        yield _release(path, root, _Objects(tuple(neighbours), tuple(elsewhere)))


class _Objects(Struct, frozen=True):
    """The objects that a release can name."""

    beside: tuple[Value[Tree], ...]
    elsewhere: tuple[Value[Tree], ...]

    def named(self, group: str, kind: str, name: str, namespace: Value[str]) -> Value[Tree] | None:
        """The one of this name; None where there is none, or several."""
        for objects in (self.beside, self.elsewhere):
            same = [
                other
                for other in objects
                if is_kind(other, group, kind) and _is_named(other, name) and _may_lie_in(other, namespace)
            ]
            if same:
                return same[0] if len(same) == 1 or objects is self.beside else None
        return None


def _may_lie_in(root: Value[Tree], namespace: Value[str]) -> bool:
    """Whether an object can lie in a namespace, as far as both are known."""
    own = text(at(root, "metadata", "namespace"))
    return not (isinstance(own, Known) and isinstance(namespace, Known) and own.value != namespace.value)


def _release(path: str, root: Value[Tree], objects: _Objects) -> Release:
    spec = at(root, "spec")
    name = text(at(root, "metadata", "name"))
    chart = _chart(path, root, objects)
    values = at(spec, "values")
    below, settings = _references(root, objects)
    return Release(
        id=f"{path}#HelmRelease/{name_in_id(name)}",
        tool="Flux HelmRelease",
        place=name.place,
        name=_name(root, spec),
        namespace=own_text(first_given(at(spec, "targetNamespace"), at(root, "metadata", "namespace"))),
        chart=chart.name,
        version=chart.version,
        layers=(*chart.layers, *below, *(() if isinstance(values, Absent) else (values,)), *settings),
        changes=tuple(_changes(spec)),
        cluster=_other_cluster(spec),
        patches=name.value if isinstance(name, Known) and _is_patch(spec) else "",
    )


def _other_cluster(spec: Value[Tree]) -> Known[str] | None:
    """The Secret or ConfigMap that shows the way into another cluster than Flux's own."""
    names = (text(at(spec, "kubeConfig", kind, "name")) for kind in ("secretRef", "configMapRef"))
    return next((name for name in names if isinstance(name, Known)), None)


def _changes(spec: Value[Tree]) -> Iterator[Change]:
    """The patches of `postRenderers`."""
    for renderer in listed(at(spec, "postRenderers")):
        from astrovet.helm.kustomize.patches import inline_changes  # few releases have any

        if not isinstance(renderer, Unknown):  # of a patch it is not known whether there are any
            yield from inline_changes(at(renderer, "kustomize"))


def _is_patch(spec: Value[Tree]) -> bool:
    """Whether this only changes another HelmRelease: Flux takes none without a chart."""
    return all(isinstance(chart, Absent) for chart in (at(spec, "chart", "spec", "chart"), at(spec, "chartRef")))


def _name(root: Value[Tree], spec: Value[Tree]) -> Value[str]:
    """`releaseName`, else the name of the object after its target namespace, if it has one."""
    given = own_text(at(spec, "releaseName"))
    if not isinstance(given, Absent):
        return given
    match own_text(at(root, "metadata", "name")), own_text(at(spec, "targetNamespace")):
        case Known(name, place) as plain, target:
            if isinstance(target, Unknown):
                return target
            whole = f"{target.value}-{name}" if isinstance(target, Known) else name
            if len(whole) > LONGEST_NAME:
                return Unknown(LONG_NAME, place)
            return Known(whole, place, plain.sensitive, plain.written)
        case name, _:
            return name


# --- the chart


def _chart(path: str, root: Value[Tree], objects: _Objects) -> _Chart:
    spec = at(root, "spec")
    inline = at(spec, "chart", "spec")
    if not isinstance(inline, Absent):
        return _described(path, inline)
    reference = at(spec, "chartRef")
    kind, name = text(at(reference, "kind")), text(at(reference, "name"))
    if not (isinstance(kind, Known) and isinstance(name, Known)):
        unknown = Unknown(REFERENCED, reference.place)
        return _Chart(unknown, unknown)
    namespace = text(first_given(at(reference, "namespace"), at(root, "metadata", "namespace")))
    other = objects.named(FLUX_SOURCES, kind.value, name.value, namespace)
    if other is not None and kind.value == "HelmChart":
        return _described(path, at(other, "spec"))
    if other is not None and kind.value == "OCIRepository":
        return _packed(at(other, "spec"))
    unknown = Unknown(REFERENCED, name.place)
    # A HelmChart can put other files in the place of the chart's own values.
    return _Chart(unknown, unknown, (unknown,) if kind.value == "HelmChart" else ())


def _is_named(root: Value[Tree], name: str) -> bool:
    own = text(at(root, "metadata", "name"))
    return isinstance(own, Known) and own.value == name


def _packed(spec: Value[Tree]) -> _Chart:
    """The chart in an `OCIRepository`: a tag pins it, a range or nothing does not."""
    return _Chart(own_text(at(spec, "url")), exact(own_text(at(spec, "ref", "tag"))))


def _described(path: str, chart: Value[Tree]) -> _Chart:
    """The chart as `spec.chart.spec` or a `HelmChart` describes it."""
    name, version = own_text(at(chart, "chart")), own_text(at(chart, "version"))
    named = (at(chart, "valuesFile"), *listed(at(chart, "valuesFiles")))  # v2beta1 has both, in this order
    files: tuple[Value[str], ...] = tuple(file for file in map(text, named) if not isinstance(file, Absent))
    optional = is_true(at(chart, "ignoreMissingValuesFiles"))
    source = text(at(chart, "sourceRef", "kind"))
    if not (isinstance(source, Known) and source.value in FOLDERS):
        return _Chart(name, exact(version), tuple(Unknown(PACKAGED, file.place) for file in files))
    if not files:
        files = (_own_values(name),)
    return _Chart(
        name,
        Unknown(LOCAL_CHART, version.place),
        tuple(_file(path, file, optional) for file in files),
    )


def _own_values(chart: Value[str]) -> Value[str]:
    match chart:
        case Known(folder, place):
            return Known(posixpath.join(folder, "values.yaml"), place)
        case Unknown() | Absent():
            return chart


def _file(path: str, named: Value[str], optional: bool) -> Layer:
    match named:
        case Known(name, place):
            return unread(name, place) or values_file(in_repository(path, name), place, optional=optional)
        case Unknown() | Absent():
            return named


# --- values of the cluster


def _references(root: Value[Tree], objects: _Objects) -> tuple[list[Layer], list[Layer]]:
    """What `valuesFrom` puts under the values, and what it sets over them."""
    below: list[Layer] = []
    settings: list[Layer] = []
    for reference in listed(at(root, "spec", "valuesFrom")):
        if isinstance(reference, Unknown):
            below.append(reference)
            continue
        held = _held(reference, root, objects)
        match text(at(reference, "targetPath")):
            case Known(target, place) if target:
                settings.append(Setting(SettingKind.TYPED, target, held, place))
            case Unknown():
                # What cannot be read may set anything.
                settings.append(Unknown(_why(reference), reference.place))
            case Known() | Absent():
                below.append(_values_in(held))
    return below, settings


def _values_in(held: Value[str]) -> Layer:
    match held:
        case Known() as content:
            return embedded_yaml(content)[0].root
        case Unknown() | Absent():
            return held


def _held(reference: Value[Tree], root: Value[Tree], objects: _Objects) -> Value[str]:
    """The text that an object holds for the release, where the inputs have that object."""
    unknown = Unknown(_why(reference), reference.place)
    kind, name = text(at(reference, "kind")), text(at(reference, "name"))
    if not (isinstance(kind, Known) and isinstance(name, Known)):
        return unknown
    key = text(at(reference, "valuesKey"))
    wanted = key.value if isinstance(key, Known) and key.value else "values.yaml"
    other = objects.named("v1", kind.value, name.value, text(at(root, "metadata", "namespace")))
    if other is None:
        return unknown
    plain = text(at(other, "stringData" if kind.value == "Secret" else "data", wanted))
    coded = text(at(other, "data", wanted)) if kind.value == "Secret" else plain
    if isinstance(plain, Known):
        return plain
    return _decoded(coded) if isinstance(coded, Known) else unknown


def _decoded(coded: Known[str]) -> Value[str]:
    """The text of an entry of a Secret."""
    from binascii import Error, a2b_base64

    try:
        return Known(a2b_base64(coded.value).decode(), coded.place, sensitive=True)
    except (Error, ValueError):
        return Unknown("the Secret holds no text here", coded.place)


def _why(reference: Value[Tree]) -> str:
    match text(at(reference, "kind")), text(at(reference, "name")):
        case Known("ConfigMap" | "Secret" as kind), Known(name):
            if is_true(at(reference, "optional")):
                return f"the {kind} `{name}` of the cluster can set values (`valuesFrom`)"
            return f"the {kind} `{name}` of the cluster sets values (`valuesFrom`)"
        case _:
            return "an object of the cluster sets values (`valuesFrom`)"
