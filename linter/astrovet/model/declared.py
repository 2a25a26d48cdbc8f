"""What a team declares, as a thing to judge: its declarations, and the deployments that they bind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from astrovet.model.agent import Agent
from astrovet.model.deployment import Deployment
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.platform import Platform
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.value import Absent, Known, Unknown, Value


class Obligation(Subject, frozen=True):
    """A deployment or private cloud of which something is declared, or an agent whose deployment is not here.

    What all that one configuration binds have in common is one finding.
    """

    kind: ClassVar[str] = "Obligation"
    order: ClassVar[int] = 92
    is_one_with_its_block: ClassVar[bool] = True

    source: str
    """The path of the configuration; empty where nothing but comments and the command line declare something."""
    bound: Deployment | Agent | Platform
    declared_at: Mapping[str, Place]
    """Where each requirement, by its name, and `plan-tier` is declared, as far as that is in files."""

    @property
    def shown_kind(self) -> str:
        return self.bound.kind

    @property
    def id(self) -> str:
        return self.bound.id

    @property
    def block(self) -> str:
        return self.source or "run"

    @property
    def place(self) -> Place:
        return self.bound.place

    @property
    def named_files(self) -> tuple[str, ...]:
        return (self.source, *self.bound.named_files)

    @property
    def name(self) -> Value[str]:
        return self.bound.name

    @property
    def model(self) -> Value[DeploymentModel]:
        match self.bound:
            case Deployment(model=model):
                return model
            case Agent(place=place):
                return Known(DeploymentModel.REMOTE_EXECUTION, place)
            case Platform(place=place):
                return Known(DeploymentModel.PRIVATE_CLOUD, place)

    def at(self, name: str) -> Place:
        """Where a requirement or `plan-tier` is declared; else where that stands of which it is asked."""
        return self.declared_at.get(name, self.place)


class Declaration(Subject, frozen=True):
    """One entry of a configuration that says something of the deployments of a name."""

    kind: ClassVar[str] = "declaration"
    order: ClassVar[int] = 91
    is_of_run: ClassVar[bool] = True

    place: Place
    key: str
    """The list that it stands in: `deployments` or `workspaces`."""
    match: str
    number: int
    covered: tuple[Deployment, ...]
    """The deployments that it is about."""
    is_elsewhere: bool
    """It is about something that is no deployment: one that a plan removes, a workspace, a private cloud."""
    doubt: Unknown | None
    """Why it may be about deployments that are not among these."""
    is_in_run: bool
    """All that lies beside its configuration was scanned: what it is about would be here."""

    @property
    def id(self) -> str:
        return f"{self.place.path}: {self.key}[{self.number}]"

    @property
    def block(self) -> str:
        return self.id

    @property
    def name(self) -> Value[str]:
        return Absent(self.place)
