"""What people call the objects of the model."""

from __future__ import annotations

from astrovet.model.blind_spot import BlindSpot
from astrovet.model.identity import CloudIdentity
from astrovet.model.platform import Platform
from astrovet.model.storage import ObjectStore
from astrovet.model.subject import Subject, label
from astrovet.value import Known

FOUND_BY_NAME = (ObjectStore, CloudIdentity, Platform)
"""Kinds whose name leads to the object itself, as that of a bucket does in a whole cloud."""


def title(subject: Subject) -> str:
    """What people call it: its name, else its id; with the environment where there are several.

    Not the name of what is found by it alone, as a bucket is in a whole cloud. Of what was not seen what it is.
    """
    match subject.name:
        case _ if isinstance(subject, BlindSpot):
            return f"{subject.what}; {subject.how}"
        case Known(str(name), sensitive=False) if name and not isinstance(subject, FOUND_BY_NAME):
            environment = subject.place.environment
            return f"{name} ({environment})" if environment else name
        case _:
            return label(subject)
