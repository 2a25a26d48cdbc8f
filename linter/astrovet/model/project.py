"""Astro projects: what the images that tasks run in are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct

from astrovet.model.subject import AstroPart
from astrovet.model.variables import EnvironmentVariable, secret_values
from astrovet.place import Place
from astrovet.value import Known, Value


class ProjectImage(Struct, frozen=True):
    """An image that a project builds: what its Dockerfile says."""

    place: Place
    base: Value[str]
    """The image that its last stage comes from; Absent for a file without a stage."""
    variables: tuple[EnvironmentVariable, ...]
    """What is set for the image (`ENV`) and for its build (`ARG` with a default), and its labels."""
    commands: tuple[Known[str], ...]
    """What is run to build it."""


class AstroProject(AstroPart, frozen=True):
    """The folder of an Astro project, as its Dockerfiles show it."""

    kind: ClassVar[str] = "Astro project"
    order: ClassVar[int] = 27
    listing: ClassVar[int] = 16

    images: tuple[ProjectImage, ...]
    """Of `Dockerfile`, then of `Dockerfile.client`, which agents run."""

    def hidden(self) -> Iterator[Value[str]]:
        for image in self.images:
            yield from secret_values(image.variables)
