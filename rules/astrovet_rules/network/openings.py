"""What rules about firewalls and network policies share."""

from astrovet import Known, Opening, Place, Unknown
from astrovet_rules.tables.address_ranges import is_world


def world_open(openings: tuple[Opening, ...]) -> dict[str, Place]:
    """Which ports the whole world reaches, and the source that lets it in."""
    places: dict[str, Place] = {}
    for opening in openings:
        sources = [source for source in opening.sources if isinstance(source, Known)]
        if is_world(source.value for source in sources):
            alone = next((source for source in sources if is_world((source.value,))), None)
            places.setdefault(opening.ports, alone.place if alone else opening.place)
    return places


def unknown_sources(openings: tuple[Opening, ...]) -> list[Unknown]:
    """What keeps an opening undecided that is not world-open by its known sources."""
    closed = [opening for opening in openings if not world_open((opening,))]
    return [source for opening in closed for source in opening.sources if isinstance(source, Unknown)]
