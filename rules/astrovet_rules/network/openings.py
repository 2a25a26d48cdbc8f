"""What rules about firewalls and network policies share."""

from astrovet import Known, Opening, Place, Unknown
from astrovet_rules.tables.address_ranges import is_world


def world_open(openings: tuple[Opening, ...]) -> dict[str, Place]:
    """Which ports the whole world reaches, and the source that lets it in."""
    found: dict[str, Place] = {}
    for opening in openings:
        sources = [each for each in opening.sources if isinstance(each, Known)]
        if is_world(each.value for each in sources):
            alone = next((each for each in sources if is_world((each.value,))), None)
            found.setdefault(opening.ports, alone.place if alone else opening.place)
    return found


def unknown_sources(openings: tuple[Opening, ...]) -> list[Unknown]:
    """What keeps an opening undecided that is not world-open by its known sources."""
    closed = [each for each in openings if not world_open((each,))]
    return [source for opening in closed for source in opening.sources if isinstance(source, Unknown)]
