"""What `astrovet model` shows, whatever the format."""

from __future__ import annotations

from msgspec import Struct

from astrovet.reports.estate.inventory import Described
from astrovet.reports.estate.picture import Picture


class EstateContents(Struct, frozen=True):
    """An estate's objects with all their values, and the picture of it."""

    objects: tuple[Described, ...]
    picture: Picture
    version: str
    """Of astrovet."""
