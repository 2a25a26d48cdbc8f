"""Argo CD: what an `Application` or the template of an `ApplicationSet` installs.

`valueFiles` lie under `values`, which `valuesObject` replaces, and `parameters` lie over all; they become
`--set` and `--set-string`, `fileParameters` become `--set-file` (argoproj/argo-cd, docs/user-guide/helm.md
and reposerver/repository/repository.go, 2026-11).
Files `.argocd-source.yaml` and `.argocd-source-NAME.yaml` in the folder of a source go over that source.
A values file that is named twice counts once, at its first place.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Document
from astrovet.formats.embedded import embedded_yaml
from astrovet.helm.api_groups import ARGO
from astrovet.helm.merging import merge
from astrovet.helm.release import LOCAL_CHART, Layer, Release, Setting, SettingKind, exact, in_helms_order
from astrovet.helm.wrappers.application_sets import generated, patches
from astrovet.helm.wrappers.named_files import PACKAGED, in_repository, unread, values_file
from astrovet.helm.wrappers.objects import first_given, is_kind, is_true, kubernetes_objects, name_in_id
from astrovet.helm.wrappers.placeholders import (
    GENERATED,
    TEMPLATE,
    filled_in,
    is_filled_in,
    own_text,
    without_templates,
)
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, boolean, listed, text

OWN_NAME, OWN_ADDRESS = "in-cluster", "https://kubernetes.default.svc"
"""What Argo CD calls the cluster that it runs in itself."""

BUILD_VARIABLE = "Argo CD puts a variable of its build environment here"
SET_FILE = "the value is the content of a file (`fileParameters`), which is not read"
NO_REFERENCE = "the values file begins with a variable that names no source of this application"

_CONTROL = r"\{\{-?\s*(?:if|else|end|range|with|block|define|template)\b"
_BUILD_VARIABLE = r"\$\{?(?:ARGOCD_|KUBE_)"


def releases(path: str, documents: Sequence[Document]) -> Iterator[Release]:
    """The releases of the applications in one file."""
    for root in kubernetes_objects(documents):
        yield from of_object(path, root)


def of_object(path: str, root: Value[Tree]) -> Iterator[Release]:
    """The releases of one object."""
    if is_kind(root, ARGO, "Application"):
        yield from _application(_Frame(path, "Application", root, root))
    elif is_kind(root, ARGO, "ApplicationSet"):
        applications, are_all = generated(root)
        frame = _Frame(path, "ApplicationSet", root, at(root, "spec", "template"), GENERATED, patches(root))
        for application in applications:
            yield from _application(replace(frame, application=application, is_one_of_many=True))
        if not are_all:
            yield from _application(frame)


def with_overrides(path: str, root: Value[Tree], read: Callable[[str], Value[Tree] | None]) -> Value[Tree]:
    """An Application with what files in the folders of its sources put over these, as a JSON merge patch does."""
    name = text(at(root, "metadata", "name")) if is_kind(root, ARGO, "Application") else Absent(root.place)
    if not isinstance(name, Known):
        return root
    spec = at(root, "spec")
    files = (".argocd-source.yaml", f".argocd-source-{name.value}.yaml")
    changed: dict[str, Value[Tree]] = {}
    for key in ("source", "sources"):
        sources = at(spec, key)
        if isinstance(sources, Known) and isinstance(sources.value, List):
            over = [_overridden(path, source, files, read) for source in sources.value.items]
            changed[key] = replace(sources, value=List(tuple(over)))
        elif isinstance(sources, Known):
            changed[key] = _overridden(path, sources, files, read)
    layer = {key: Entry(key, value.place, value) for key, value in changed.items()}
    if all(at(spec, key) is value for key, value in changed.items()) or not isinstance(spec, Known):
        return root
    whole = Entry("spec", spec.place, merge((spec, replace(spec, value=Map(layer)))))
    return merge((root, Known(Map({"spec": whole}), root.place)))


def _overridden(
    path: str, source: Value[Tree], files: Sequence[str], read: Callable[[str], Value[Tree] | None]
) -> Value[Tree]:
    folder = own_text(at(source, "path")) if isinstance(source, Known) else Absent(source.place)
    for file in files if isinstance(folder, Known) else ():
        candidates = in_repository(path, posixpath.join(folder.value, file)) if isinstance(folder, Known) else ()
        over = next((tree for candidate in candidates if (tree := read(candidate)) is not None), None)
        if isinstance(over, Known) and isinstance(over.value, Map):
            source = merge((source, over))
    return source


class _Frame(Struct, frozen=True):
    """An Application and what stands around it."""

    path: str
    kind: str
    holder: Value[Tree]
    """The object of the file."""
    application: Value[Tree]
    """The Application, or the template for one."""
    generated: str = ""
    """Why a text with `{{ … }}` is unknown; empty where such a text stays as it is."""
    over: tuple[Layer, ...] = ()
    """Layers over all others."""
    is_one_of_many: bool = False
    """The template is filled in with what a generator gives, and has a name of its own."""


def _application(frame: _Frame) -> Iterator[Release]:
    spec = at(frame.application, "spec")
    sources = _sources(spec)
    references = frozenset(name.value for source in sources if isinstance(name := text(at(source, "ref")), Known))
    for source in sources:
        if _is_chart(source) or (_is_folder(source) and not _only_lends(source)):
            yield _release(frame, spec, source, references)


def _sources(spec: Value[Tree]) -> tuple[Value[Tree], ...]:
    """The sources that count: the dry one of a hydrator, else `sources`, else `source`."""
    match at(spec, "sourceHydrator", "drySource"):
        case Known() as dry:
            return (dry,)
        case Unknown() | Absent():
            return listed(at(spec, "sources")) or (at(spec, "source"),)


def _is_chart(source: Value[Tree]) -> bool:
    """Whether a packaged chart is the source."""
    match text(at(source, "repoURL")):
        case Known(url) if url.startswith("oci://"):
            return True
        case Known() | Unknown() | Absent():
            return isinstance(at(source, "chart"), Known | Unknown)


def _is_folder(source: Value[Tree]) -> bool:
    """Whether a folder is the source that may be a chart; what another tool builds is none."""
    match source:
        case Known(Map(entries)):
            others = ("kustomize", "directory", "plugin")
            return ("helm" in entries or "path" in entries) and not any(other in entries for other in others)
        case Known() | Unknown() | Absent():
            return False


def _only_lends(source: Value[Tree]) -> bool:
    """Whether a source is there for the values files that other sources take from it."""
    return not isinstance(at(source, "ref"), Absent) and isinstance(at(source, "helm"), Absent)


def _release(frame: _Frame, spec: Value[Tree], source: Value[Tree], references: frozenset[str]) -> Release:
    name = text(at(frame.holder, "metadata", "name"))
    helm = at(source, "helm")
    is_chart = _is_chart(source)
    own = f"/{name_in_id(own_text(at(frame.application, 'metadata', 'name')))}" if frame.is_one_of_many else ""
    written = first_given(at(source, "chart"), at(source, "repoURL")) if is_chart else at(source, "path")
    return Release(
        id=f"{frame.path}#{frame.kind}/{name_in_id(name)}{own}",
        tool=f"Argo CD {frame.kind}",
        place=name.place,
        name=own_text(first_given(at(helm, "releaseName"), at(frame.application, "metadata", "name"))),
        namespace=own_text(first_given(at(helm, "namespace"), at(spec, "destination", "namespace"))),
        chart=own_text(written),
        version=_version(source, is_chart),
        layers=(
            *_chart_values(frame, source, is_chart),
            *_value_files(frame, source, is_chart, references),
            *_values(frame, helm),
            *_settings(frame, helm),
            *frame.over,
        ),
        cluster=_other_cluster(at(spec, "destination")),
    )


def _other_cluster(destination: Value[Tree]) -> Known[str] | None:
    """The name or the address of the cluster, where it is another one than Argo CD's own."""
    for key, own in (("name", OWN_NAME), ("server", OWN_ADDRESS)):
        match own_text(at(destination, key)):
            case Known(called) as known if called and not called.startswith(own) and not is_filled_in(called):
                return known
            case Known() | Unknown() | Absent():
                pass
    return None


def _version(source: Value[Tree], is_chart: bool) -> Value[str]:
    revision = own_text(at(source, "targetRevision"))
    return exact(revision) if is_chart else Unknown(LOCAL_CHART, revision.place)


# --- files


def _chart_values(frame: _Frame, source: Value[Tree], is_chart: bool) -> Iterator[Layer]:
    """The `values.yaml` of a chart that lies in a folder."""
    match _folder(source):
        case Known(folder, place) if not is_chart:
            yield values_file(in_repository(frame.path, posixpath.join(folder, "values.yaml")), place)
        case Unknown() as unknown if not is_chart:
            yield unknown
        case Known() | Unknown() | Absent():
            pass


def _folder(source: Value[Tree]) -> Known[str] | Unknown:
    folder = own_text(at(source, "path"))
    return Known(".", folder.place) if isinstance(folder, Absent) else folder


def _value_files(frame: _Frame, source: Value[Tree], is_chart: bool, references: frozenset[str]) -> Iterator[Layer]:
    optional = is_true(at(source, "helm", "ignoreMissingValueFiles"))
    folder = Unknown(PACKAGED, source.place) if is_chart else _folder(source)
    seen: set[str] = set()
    for named in map(text, listed(at(source, "helm", "valueFiles"))):
        if isinstance(named, Known) and named.value in seen:
            continue
        seen |= {named.value} if isinstance(named, Known) else set()
        match named:
            case Known(name, place) if is_filled_in(name):
                yield filled_in(frame.generated or TEMPLATE, place)
            case Known(name, place):
                where = _where(name, place, folder, references)
                if isinstance(where, Known):
                    yield values_file(in_repository(frame.path, where.value), place, optional=optional)
                else:
                    yield where
            case Unknown() as unknown:
                yield unknown
            case Absent():
                pass


def _where(name: str, place: Place, folder: Known[str] | Unknown, references: frozenset[str]) -> Known[str] | Unknown:
    """A values file, named from the root of its repository."""
    if re.search(_BUILD_VARIABLE, name):
        return Unknown(BUILD_VARIABLE, place)
    unknown = unread(name, place)
    if unknown is not None:
        return unknown
    variable, _, rest = name.partition("/")
    if variable.startswith("$"):
        return Known(rest, place) if variable[1:] in references else Unknown(NO_REFERENCE, place)
    match folder:
        case Known(base):
            return Known(name if name.startswith("/") else posixpath.join(base, name), place)
        case Unknown(why, how=how):
            return Unknown(why, place, how=how)


# --- values


def _values(frame: _Frame, helm: Value[Tree]) -> Iterator[Layer]:
    whole = at(helm, "valuesObject")
    if isinstance(whole, Absent):
        whole = _written_values(frame, text(at(helm, "values")))
    if not isinstance(whole, Absent):
        yield without_templates(whole, frame.generated) if frame.generated else whole


def _written_values(frame: _Frame, written: Value[str]) -> Value[Tree]:
    """The values that stand in a text."""
    match written:
        case Known(content, place) if frame.generated and re.search(_CONTROL, content):
            return filled_in(frame.generated, place)
        case Known(content, place):
            root = embedded_yaml(written)[0].root
            is_torn = isinstance(root, Unknown) and is_filled_in(content)
            return filled_in(frame.generated or TEMPLATE, place) if is_torn else root
        case Unknown() | Absent():
            return written


def _settings(frame: _Frame, helm: Value[Tree]) -> tuple[Layer, ...]:
    settings: list[Layer] = []
    for parameter in listed(at(helm, "parameters")):
        settings += _parameter(without_templates(parameter, frame.generated) if frame.generated else parameter)
    for parameter in listed(at(helm, "fileParameters")):
        settings += _file_parameter(parameter)
    return in_helms_order(settings)


def _parameter(parameter: Value[Tree]) -> Iterator[Layer]:
    match text(at(parameter, "name")):
        case Known(name):
            value = _cleaned(text(at(parameter, "value")))
            match boolean(at(parameter, "forceString")):
                case Known(forced):
                    kind = SettingKind.TEXT if forced else SettingKind.TYPED
                    yield Setting(kind, name, value, value.place)
                case Absent():
                    yield Setting(SettingKind.TYPED, name, value, value.place)
                case Unknown() as unknown:
                    yield Setting(SettingKind.TEXT, name, unknown, value.place)
        case Unknown() as unknown:
            yield unknown
        case Absent():
            pass


def _cleaned(value: Value[str]) -> Value[Tree]:
    """The text after `--set name=`: Argo CD takes commas as text, except in a list in braces."""
    match value:
        case Known(content, place) if re.search(_BUILD_VARIABLE, content):
            return Unknown(BUILD_VARIABLE, place)
        case Known(content, place, sensitive, written):
            is_list = content.startswith("{") and content.endswith("}")
            cleaned = content if is_list else re.sub(r"(?<!\\),", r"\\,", content)
            return Known(cleaned, place, sensitive, written)
        case Absent(place):
            return Known("", place)
        case Unknown():
            return value


def _file_parameter(parameter: Value[Tree]) -> Iterator[Layer]:
    match text(at(parameter, "name")):
        case Known(name, place):
            yield Setting(SettingKind.FILE, name, Unknown(SET_FILE, place), place)
        case Unknown() as unknown:
            yield unknown
        case Absent():
            pass
