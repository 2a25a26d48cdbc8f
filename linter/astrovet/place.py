"""Where something stands: the file, the lines and columns, the Terraform address, the path inside a value."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace


class Place(Struct, frozen=True, gc=False):
    """A stretch of a file.

    Lines and columns are 1-based and count characters; `end_column` is one past the end. A format
    without lines (a Terraform plan) leaves `line` at 0 and is found again by `address` and `pointer`.
    """

    path: str
    """As the user would write it: relative to the working directory, with forward slashes."""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    address: str = ""
    """The Terraform address of the instance, e.g. `module.team["a"].astro_deployment.this[0]`."""
    pointer: str = ""
    """The path inside the file or the resource, e.g. `commonEnv[2].value`."""
    environment: str = ""
    """The environment of the configuration that a root module was evaluated for; empty without one."""

    @property
    def has_lines(self) -> bool:
        return self.line > 0

    def __str__(self) -> str:
        """`path:line:column`, or `path:address` where there are no lines."""
        if self.has_lines:
            return f"{self.path}:{self.line}:{self.column}"
        return f"{self.path}:{self.address}" if self.address else self.path


_SIGNS = str.maketrans("_-", "aa")


def step(pointer: str, key: str | int) -> str:
    """Extend a pointer by one key or index: `commonEnv` and 2 give `commonEnv[2]`."""
    if isinstance(key, int):
        return f"{pointer}[{key}]"
    if not key or not key.translate(_SIGNS).isalnum():
        escaped = key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{pointer}["{escaped}"]'
    return f"{pointer}.{key}" if pointer else key


def inside(place: Place, key: str | int) -> Place:
    """The same stretch, its pointer one key or index deeper."""
    return replace(place, pointer=step(place.pointer, key))
