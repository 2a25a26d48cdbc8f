"""The architecture as a picture shows it, as data: planes, the boxes that stand in them, arrows for traffic.

Its titles may be shown: names of people's objects and words of ours, never a value of an input that may be
secret. `drawing.py` makes it of an estate; `mermaid.py` and `svg.py` put it on paper.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from astrovet.model.severity import Severity


class Plane(StrEnum):
    """The parts of the world that trust ends between."""

    OUTSIDE = "outside"
    """What belongs to neither side: other networks, and what agents fetch from elsewhere."""
    ORCHESTRATION = "orchestration"
    HOSTED = "hosted"
    EXECUTION = "execution"
    PRIVATE = "private"
    UNKNOWN = "unknown"


PLANE_TITLES = {
    Plane.OUTSIDE: "Elsewhere",
    Plane.ORCHESTRATION: "Astronomer's orchestration plane",
    Plane.HOSTED: "Data plane hosted by Astronomer",
    Plane.EXECUTION: "The customer's execution plane",
    Plane.PRIVATE: "Private Cloud, run by the customer",
    Plane.UNKNOWN: "Where it runs is unknown",
}


class BoxKind(StrEnum):
    """What a box stands for."""

    CLUSTER = "cluster"
    DEPLOYMENT = "deployment"
    AGENT = "agent"
    STORE = "store"
    ENTRANCE = "entrance"
    PLATFORM = "platform"
    WORLD = "world"


class Fact(Struct, frozen=True):
    """One line in a box."""

    what: str
    """DAGs, XComs, secrets, logs, model."""
    value: str
    is_known: bool = True


class Box(Struct, frozen=True):
    """Something that runs, or that holds data."""

    key: str
    """Tells it apart within the picture: letters and digits only."""
    kind: BoxKind
    title: str
    plane: Plane
    inside: str = ""
    """The key of the cluster that it stands in."""
    facts: tuple[Fact, ...] = ()
    failed: Severity | None = None
    """The worst failure of a rule about it."""


class Arrow(Struct, frozen=True):
    """Traffic: who opens the connection points at whom."""

    source: str
    """The key of a box, or a plane."""
    target: str
    what: str
    is_certain: bool = True
    """False where the inputs leave open whether there is this traffic."""
    is_inbound: bool = False
    """It comes into a plane from outside."""
    failed: Severity | None = None
    """The worst failure of a rule about it."""


class Picture(Struct, frozen=True):
    """All boxes, in the order to draw them, and all arrows."""

    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()

    def planes(self) -> tuple[Plane, ...]:
        """The planes that hold a box, in the order of `Plane`."""
        held = {box.plane for box in self.boxes}
        return tuple(plane for plane in Plane if plane in held)

    def boxes_in(self, plane: Plane, inside: str = "") -> tuple[Box, ...]:
        """The boxes that stand in a plane itself, or in one of its clusters."""
        return tuple(box for box in self.boxes if box.plane is plane and box.inside == inside)
