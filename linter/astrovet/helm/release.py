"""A release of a chart, as a tool declares it: the layers of its values, in Helm's order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from astrovet.place import Place
from astrovet.value import Absent, Known, Tree, Unknown, Value

if TYPE_CHECKING:
    from astrovet.helm.kustomize.patches import Change


class SettingKind(StrEnum):
    """How Helm reads the text of a single setting."""

    TYPED = "set"
    """`--set`: booleans, whole numbers and null are what they look like; commas and braces have a meaning."""
    TEXT = "set-string"
    """`--set-string`: the same, and everything stays text."""
    JSON = "set-json"
    """`--set-json`: the value is JSON."""
    LITERAL = "set-literal"
    """`--set-literal`: the whole text, whatever it holds, is the value."""
    FILE = "set-file"
    """`--set-file`: the value is the content of the file that the text names."""
    WHOLE = "value"
    """Not a text of Helm's: the value stands in the input as a value, under a plain `--set` name."""


class Setting(Struct, frozen=True):
    """One value set by its name, over all layers before it."""

    kind: SettingKind
    name: str
    """A path as `--set` has it: `commonEnv[0].value`. With an empty name the value holds `name=value`."""
    value: Value[Tree]
    place: Place
    """Where the setting stands: the place of what it sets."""


class ValuesFile(Struct, frozen=True):
    """A layer that stands in a file of its own."""

    paths: tuple[str, ...]
    """Where the file can be, from the working directory; the first one that is there counts. None: nowhere here."""
    place: Place
    """Where the file is named."""
    optional: bool = False
    """A missing file is passed over."""
    encrypted: bool = False
    """Sops encrypted it: the keys stand there in clear, most values do not."""


Layer: TypeAlias = Value[Tree] | ValuesFile | Setting


class Release(Struct, frozen=True):
    """One release of a chart."""

    id: str
    """E.g. `apps/agent.yaml#Application/claims-agent`."""
    tool: str
    """For people: "Argo CD Application"."""
    place: Place
    name: Value[str]
    """What Helm calls the release."""
    namespace: Value[str]
    chart: Value[str]
    """The chart's name, address or folder, as it is written."""
    version: Value[str]
    """The chart's version; Absent where none is pinned."""
    layers: tuple[Layer, ...]
    changes: tuple[Change, ...] = ()
    """Patches over what the chart renders."""
    cluster: Known[str] | None = None
    """What calls the cluster that it is put into, where that is another one than the tool's own."""
    patches: str = ""
    """The name of the object that this one changes when it is applied (a patch); empty for a whole one."""


REFUSED = "Helm does not take this `set`"
"""How it begins to say why nothing is known of values into which an assignment should be put that Helm refuses."""

LOCAL_CHART = "the chart lies in a folder, and its version in that folder's `Chart.yaml`"

_EXACT = r"=?\s*v?[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"


def exact(version: Value[str]) -> Value[str]:
    """A version of a chart; Absent where it is a range, because that pins nothing."""
    match version:
        case Known(written, place) if not re.fullmatch(_EXACT, written.strip()):
            return Absent(place)
        case Known() | Unknown() | Absent():
            return version


# Helm applies all `--set` of a command line first, then all `--set-string`, then all `--set-file`
# (helm/helm, pkg/cli/values/options.go, 2026-11).
_ORDER = (SettingKind.TYPED, SettingKind.TEXT, SettingKind.FILE)


def in_helms_order(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Settings in the order in which Helm applies them; last, what can set anything."""
    return tuple(sorted(layers, key=lambda layer: _ORDER.index(layer.kind) if isinstance(layer, Setting) else 99))
