"""Which values files belong together, by their names.

Helm itself knows no environments; these are the layouts that its users have: `values.yaml` with
`values-prod.yaml`, `prod.values.yaml` or `prod.yaml` beside it, or with `prod/values.yaml` or `envs/prod.yaml`
below it; `base.yaml` with `prod.yaml`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product

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
_ALONE = "/"
"""In the place of a root, for names that share none, as `values` and `prod`; no name holds it."""
APOSTROPHE = "'"
_VALUE = re.compile(r"^([ \t]*(?:- +)*(?:[\w./-]+:[ \t]+|- +))(\{\{(?>[^\n#]*\}\})[^\s#]*+)[ \t]*$", re.MULTILINE)
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
    names = _Names(path for path in paths if path.endswith(ENDINGS))
    bases: dict[str, None] = {}
    for path in recognised:
        under = [other for other in names.under(path) if environment_of(other, path) and fits(other)]
        bases[min(under, key=_shortness, default=path)] = None
    overlays: dict[str, Pair] = {}
    for base in sorted(bases, key=_shortness):
        if base in overlays:
            continue  # it is a layer itself
        for path in names.over(base):
            environment = environment_of(base, path)
            if environment and path not in overlays and fits(path):
                overlays[path] = Pair(base, path, environment)
    return tuple(overlays[path] for path in sorted(overlays, key=_shortness))


def _shortness(path: str) -> tuple[int, str]:
    return len(path), path


class _Names:
    """The files that may belong to another one by their names, found without a look at all of them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._bases: dict[tuple[str, str], list[str]] = {}
        """By their folder, and by what the names of layers over them begin or end with."""
        self._overlays: dict[tuple[str, str], list[str]] = {}
        """By their folder, the one above it and the one above that, and by each beginning and end of their names."""
        for path in paths:
            folder, stem = _split(path)
            for root in _roots(stem):
                self._bases.setdefault((folder, root), []).append(path)
            parent = posixpath.dirname(folder)
            for holder, part in product({folder, parent, posixpath.dirname(parent)}, _parts(stem)):
                self._overlays.setdefault((holder, part), []).append(path)

    def under(self, path: str) -> Iterator[str]:
        """The files that this one may be a layer over."""
        folder, stem = _split(path)
        parent = posixpath.dirname(folder)
        above = {folder, parent, posixpath.dirname(parent)}
        above |= {posixpath.join(holder, word) for holder in above for word in BASE_WORDS}
        return _found(self._bases, above, _parts(stem), path)

    def over(self, path: str) -> Iterator[str]:
        """The files that may be layers over this one."""
        folder, stem = _split(path)
        tops = {folder, posixpath.dirname(folder)} if posixpath.basename(folder) in BASE_WORDS else {folder}
        return _found(self._overlays, tops, _roots(stem), path)


def _found(
    names: Mapping[tuple[str, str], Sequence[str]], folders: Iterable[str], parts: Iterable[str], path: str
) -> Iterator[str]:
    others = dict.fromkeys(name for key in product(folders, parts) for name in names.get(key, ()))
    return (name for name in others if name != path)


def _roots(base: str) -> tuple[str, ...]:
    """What the name of a layer over a file begins or ends with: `values` for `values` and for `values-base`."""
    ends = (separator + word for word in BASE_WORDS for separator in SEPARATORS)
    roots = (base, *(base.removesuffix(end) for end in ends if base.endswith(end)))
    return (*roots, _ALONE) if _is_base(base) else roots


def _parts(stem: str) -> tuple[str, ...]:
    """The roots of files that one of this name may be a layer over."""
    cuts = [index for index, letter in enumerate(stem) if letter in SEPARATORS]
    parts = (stem, *(stem[:cut] for cut in cuts), *(stem[cut + 1 :] for cut in cuts))
    return (*parts, _ALONE) if _speaks_of_environment(stem) else parts


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
    for root in _roots(base):
        for separator in SEPARATORS:
            if stem.startswith(root + separator):
                return stem.removeprefix(root + separator)
            if stem.endswith(separator + root):
                return stem.removesuffix(separator + root)
    return ""


def _alone(base: str, stem: str) -> str:
    """`values` and `prod`, `base` and `prod-eu`: a name that speaks of an environment."""
    return stem if _is_base(base) and _speaks_of_environment(stem) else ""


def _is_base(stem: str) -> bool:
    return stem == "values" or stem in BASE_WORDS


def _speaks_of_environment(stem: str) -> bool:
    return not ENVIRONMENTS.isdisjoint(re.split(r"[-._]", stem))


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
