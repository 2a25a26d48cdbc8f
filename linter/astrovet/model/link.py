"""Relations between objects of the model."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

from astrovet.value import Value

T_co = TypeVar("T_co", covariant=True)


class Link(Struct, Generic[T_co], frozen=True):
    """Which object another one belongs to, and how that was found."""

    to: Value[T_co]
    candidates: tuple[T_co, ...] = ()
    """Every object it can be; more than one where only the input's run time would tell."""
    how: str = ""
    """How the link was found, e.g. "by reference to astro_cluster.shared[1]"."""
    id: str = ""
    """The id of the object where the input shows it, whether or not the object is in the inputs."""
    called: str = ""
    """What the configuration calls the object, where no input has one of that name."""
    is_guess: bool = False
    """Only the lack of another candidate speaks for it."""


def several(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
