"""Which values files belong together, by their names.

Helm itself knows no environments; these are the layouts that its users have: `values.yaml` with
`values-prod.yaml`, `prod.values.yaml` or `prod.yaml` beside it, or with `prod/values.yaml` or `envs/prod.yaml`
below it; `base.yaml` with `prod.yaml`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

ENDINGS = (".yaml", ".yml")
SEPARATORS = "-._"
BASE_WORDS = ("base", "common", "default", "defaults", "shared", "global")
"""What teams call the layer under all environments, as a folder or as the end of a file's name."""
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The names of the file that Kustomize looks for in a folder, the first one that is there."""
ENVIRONMENTS = frozenset(
    {
        "acc", "acceptance", "ci", "dev", "development", "dr", "int", "integration", "live", "local", "nonprod",
        "perf", "preprod", "preproduction", "prd", "preview", "prod", "production", "qa", "sandbox", "sbx", "sit",
        "stage", "staging", "stg", "test", "tst", "uat",
    }
)  # fmt: skip
"""What teams call environments: a file that bears such a name alone is one's layer."""
APOSTROPHE = "'"
_VALUE = re.compile(r"^([ \t]*(?:- +)*(?:[\w./-]+:[ \t]+|- +))(\{\{[^\n#]*\}\}[^\s#]*)[ \t]*$", re.MULTILINE)
FOLDERS_OF_ENVIRONMENTS = ("environments", "envs", "env", "overlays", "clusters")


def is_kustomization(path: str) -> bool:
    """Whether a file is one that Kustomize looks for in a folder, by its name."""
    return posixpath.basename(path) in KUSTOMIZATIONS


def is_helmfile(path: str) -> bool:
    """Whether a file is one that Helmfile looks for, by its name."""
    folder, name = posixpath.split(path)
    is_yaml = name.endswith((*ENDINGS, ".yaml.gotmpl", ".yml.gotmpl"))
    return is_yaml and (name.startswith("helmfile.") or posixpath.basename(folder) == "helmfile.d")


def with_texts(content: str) -> str:
    """A helmfile whose values that are nothing but a template are texts, so that the rest of it can be read."""
    return _VALUE.sub(lambda line: f"{line[1]}'{line[2].replace(APOSTROPHE, 2 * APOSTROPHE)}'", content)


class Pair(Struct, frozen=True):
    """A file that may be a layer over another one."""

    base: str
    overlay: str
    environment: str


def pairs(recognised: Iterable[str], paths: Iterable[str], fits: Callable[[str], bool]) -> tuple[Pair, ...]:
    """The layers over other files, each with the file under it; of several the one with the shortest name.

    Args:
        recognised: files that are sure to hold values of the chart; their layers stand around them.
        paths: all files.
        fits: whether a file can be a layer of such values, by its content; asked only where the names fit.
    """
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        if path.endswith(ENDINGS):
            by_folder.setdefault(posixpath.dirname(path), []).append(path)
    nested: dict[str, list[str]] = {}
    """By a folder the ones in it, and those in them."""
    for folder in by_folder:
        parent = posixpath.dirname(folder)
        for upper in {parent, posixpath.dirname(parent)}:
            nested.setdefault(upper, []).append(folder)
    bases: dict[str, None] = {}
    for path in recognised:
        under = [other for other in _around(path, by_folder, nested) if environment_of(other, path) and fits(other)]
        bases[min(under, key=_shortness, default=path)] = None
    overlays: dict[str, Pair] = {}
    for base in sorted(bases, key=_shortness):
        if base in overlays:
            continue  # it is a layer itself
        for path in _around(base, by_folder, nested):
            environment = environment_of(base, path)
            if environment and path not in overlays and fits(path):
                overlays[path] = Pair(base, path, environment)
    return tuple(overlays[path] for path in sorted(overlays, key=_shortness))


def _shortness(path: str) -> tuple[int, str]:
    return len(path), path


def _around(path: str, by_folder: Mapping[str, Sequence[str]], nested: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The files in the folders that can hold a layer over this file, or the one under it."""
    folder = posixpath.dirname(path)
    parent = posixpath.dirname(folder)
    above = {folder, parent, posixpath.dirname(parent)}
    above |= {posixpath.join(holder, word) for holder in above for word in BASE_WORDS}
    tops = {folder, parent} if posixpath.basename(folder) in BASE_WORDS else {folder}
    for other in above.union(*(nested.get(top, ()) for top in tops)):
        yield from (name for name in by_folder.get(other, ()) if name != path)


def environment_of(base: str, overlay: str) -> str:
    """The environment that makes one file a layer over another; empty where their names say no such thing."""
    base_folder, base_stem = _split(base)
    folder, stem = _split(overlay)
    if folder == base_folder:
        return _beside(base_stem, stem) or _alone(base_stem, stem)
    if folder in {posixpath.join(base_folder, name) for name in (*FOLDERS_OF_ENVIRONMENTS, "values")}:
        return _alone(base_stem, stem)
    if posixpath.basename(base_folder) in BASE_WORDS:
        base_folder = posixpath.dirname(base_folder)
    environment = _below(base_folder, folder)
    return environment if stem == base_stem or _beside(base_stem, stem) == environment else ""


def _beside(base: str, stem: str) -> str:
    """`values` and `values-prod`, `values.prod` or `prod.values`; `values-base` and `values-prod`."""
    roots = [base]
    roots += [
        base[: -len(word) - 1] for word in BASE_WORDS for separator in SEPARATORS if base.endswith(separator + word)
    ]
    for root in roots:
        for separator in SEPARATORS:
            if stem.startswith(root + separator):
                return stem.removeprefix(root + separator)
            if stem.endswith(separator + root):
                return stem.removesuffix(separator + root)
    return ""


def _alone(base: str, stem: str) -> str:
    """`values` and `prod`, `base` and `prod-eu`: a name that speaks of an environment."""
    is_base = base == "values" or base in BASE_WORDS
    return stem if is_base and not ENVIRONMENTS.isdisjoint(re.split(r"[-._]", stem)) else ""


def _below(base_folder: str, folder: str) -> str:
    """`helm` and `helm/prod` or `helm/environments/prod`."""
    parent, name = posixpath.split(folder)
    if parent == base_folder and name not in BASE_WORDS and name not in FOLDERS_OF_ENVIRONMENTS:
        return name
    above, middle = posixpath.split(parent)
    return name if above == base_folder and middle in FOLDERS_OF_ENVIRONMENTS else ""


def _split(path: str) -> tuple[str, str]:
    folder, name = posixpath.split(path)
    return folder, name.rpartition(".")[0]
