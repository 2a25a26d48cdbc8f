"""Where a root module keeps its state, so that others that read its outputs from there are known to mean it.

The arguments of backends, the same in the `config` of `terraform_remote_state`: Terraform's documentation of its
backends (https://developer.hashicorp.com/terraform/language/backend, read in November 2026).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

from msgspec import Struct

from astrovet.value import Absent, Known, Tree, Unknown, Value, text

LOCAL, DEFAULT = "local", "default"
_FILE = "terraform.tfstate"
_TELLING: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "s3": (("bucket",), ("key",)),
    "gcs": (("bucket",), ("prefix",)),
    "azurerm": (("storage_account_name",), ("container_name",), ("key",)),
    "http": (("address",),),
    "remote": (("organization",), ("workspaces", "name")),
}
"""The arguments that tell one state from all others, by the type of the backend."""
_NAMES: Mapping[str, str] = {"cloud": "remote"}
"""Types that are another one under a new name."""


class StateLocation(Struct, frozen=True):
    """A place that a state is kept in."""

    parts: tuple[str, ...]
    """The type of the backend, and what tells its states apart."""
    workspace: str | None = None
    """None where it is not told: each workspace of a root module has the same sources."""

    def is_that_of(self, other: StateLocation) -> bool:
        """Whether they are one place, as far as the workspaces are told."""
        return self.parts == other.parts and (None in {self.workspace, other.workspace} or self == other)


class StateOutput(Struct, frozen=True):
    """An output of a root module, as others read it from its state."""

    name: str
    state: StateLocation | None
    """None where that cannot be told."""

    def is_that_of(self, other: StateOutput) -> bool | None:
        """Whether they are one; None where that cannot be told."""
        if self.name != other.name:
            return False
        return None if self.state is None or other.state is None else self.state.is_that_of(other.state)


def location(
    backend: str, setting: Callable[[tuple[str, ...]], Value[Tree]], folder: str, workspace: str | None
) -> StateLocation | None:
    """The place that the settings of a backend name; None where they do not tell it, or not alone.

    `folder` is that of the root module that they stand in.
    """
    kind = _NAMES.get(backend, backend)
    if kind == LOCAL:
        match text(setting(("path",))):
            case Known(path):
                return StateLocation((kind, posixpath.normpath(posixpath.join(folder, path))), workspace)
            case Absent():
                return local_state(folder, workspace)
            case Unknown():
                return None
    told = [text(setting(path)) for path in _TELLING.get(kind, ())]
    known = tuple(value.value for value in told if isinstance(value, Known))
    if not told or len(known) < len(told):
        return None
    return StateLocation((kind, *known), None if kind == "remote" else workspace)


def local_state(folder: str, workspace: str | None) -> StateLocation:
    """The file that a root module without a backend keeps its state in."""
    return StateLocation((LOCAL, posixpath.normpath(posixpath.join(folder, _FILE))), workspace)
