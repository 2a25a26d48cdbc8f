"""Which comments require something of which subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from astrovet.declared.lookup import Stretches
from astrovet.document import Note
from astrovet.model.agent import Agent
from astrovet.model.demand import Demand
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate, Input
from astrovet.model.subject import Subject
from astrovet.model.waiver import Waiver
from astrovet.place import Place
from astrovet.value import Known

Locate = Callable[[Place], tuple[Place, tuple[Note, ...]]]
"""Gives the source place of an address, and the module calls that lead there."""


class Comments:
    """The comments of an estate that require something. `locate` is asked only where there are some."""

    def __init__(self, estate: Estate, locate: Locate) -> None:
        self._estate = estate
        self._locate = locate

    def on(self, subject: Subject) -> tuple[Demand, ...]:
        """What is required of it: of a deployment also what is of its cluster and its workspace."""
        if not self._estate.demands or isinstance(subject, Estate | Input | Waiver):
            return ()
        links = (subject.cluster, subject.workspace) if isinstance(subject, Deployment) else ()
        around = (link.to.value for link in links if isinstance(link.to, Known))
        bearers: tuple[Subject, ...] = (subject, *around)
        places = [place for bearer in bearers for place in self._places(bearer)]
        numbers = {number for place in places for number in self._stretches.holding(place.path, place)}
        return tuple(self._estate.demands[number] for number in sorted(numbers))

    def idle(self) -> tuple[Demand, ...]:
        """Those that require something of nothing that is here."""
        if not self._estate.demands:
            return ()
        idle = set(self._estate.demands)
        for subject in self._estate.everything():
            idle.difference_update(self.on(subject))
        return tuple(demand for demand in self._estate.demands if demand in idle)

    @cached_property
    def _stretches(self) -> Stretches:
        """What the comments are for, with their numbers in the estate."""
        return Stretches(
            (demand.place.path, *demand.lines, number) for number, demand in enumerate(self._estate.demands)
        )

    def _places(self, subject: Subject) -> Iterator[Place]:
        """Where a comment for it can stand: at its block, at a module call that leads there, in an agent's values."""
        source, calls = self._locate(subject.place)
        yield from (subject.place, source, *(note.place for note in calls))
        if isinstance(subject, Agent):
            yield from (Place(layer, 1) for layer in subject.layers)
