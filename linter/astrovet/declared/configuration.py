"""What a `.astrovet.yaml` declares, as frozen settings. `configuration_file` reads them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.model.facts import Attestation, Facts
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.waiver import Waiver
from astrovet.place import Place
from astrovet.value import Known, Value

if TYPE_CHECKING:  # who only lists rules needs nothing of Terraform
    from astrovet.terraform.source.environment import Environment

FILE_NAME = ".astrovet.yaml"
SLIPS = (".astrovet.yml", "astrovet.yaml", "astrovet.yml", ".astrovet.json", ".astrovet.toml")
"""Names that people give it by mistake."""
PYPROJECT = "pyproject.toml"
PYPROJECT_TABLE = b"[tool.astrovet"


class DeclaredByName(Struct, frozen=True):
    """What is declared of the deployments, or of the workspaces, whose name or address matches."""

    match: str
    requires: frozenset[Requirement] = frozenset()
    facts: Facts = Facts()
    place: Place = Place("")
    declared_at: Mapping[str, Place] = {}
    """Where each of its requirements stands, by its name."""


class Use(Struct, frozen=True):
    """A root module, and an environment for which it is applied."""

    root: str
    """The root module's folder."""
    environment: Environment
    place: Place
    requires: frozenset[Requirement] = frozenset()
    facts: Facts = Facts()
    declared_at: Mapping[str, Place] = {}


class DeclaredAgent(Struct, frozen=True):
    """An agent and the layers of its values, in Helm's order."""

    name: str
    values: tuple[Known[str], ...]
    """Paths of files, each with its place in the configuration."""
    settings: tuple[Known[str], ...]
    """What `--set` gets."""
    deployment: Value[str]
    """The name or the address of the deployment that it serves; Absent where nothing is said."""
    cluster: Value[str]
    """The same of the Kubernetes cluster that it runs in."""
    place: Place


class RuleSettings(Struct, frozen=True):
    """What is said of rules. Each selector is an id, a name or a prefix of ids, at its place."""

    ignore: tuple[Known[str], ...] = ()
    severity: tuple[tuple[Known[str], Severity], ...] = ()
    never_waive: tuple[Known[str], ...] = ()


class WaiverPolicy(Struct, frozen=True):
    """What a waiver has to have."""

    reason_length: int = 1
    """The shortest reason, in characters."""
    until: Severity | None = Severity.HIGH
    """From this severity of a finding up a waiver needs a date; None: never."""
    owner: Severity | None = None
    """The same for an owner."""


class Config(Struct, frozen=True):
    """The settings that hold for an input."""

    path: str = ""
    """The file they come from; empty without one."""
    requires: frozenset[Requirement] = frozenset()
    """What every deployment must satisfy."""
    facts: Facts = Facts()
    """What is declared of every deployment."""
    deployments: tuple[DeclaredByName, ...] = ()
    workspaces: tuple[DeclaredByName, ...] = ()
    """What holds for the deployments of the workspaces that match."""
    declared_at: Mapping[str, Place] = {}
    """Where each requirement of every deployment stands, by its name, and `plan-tier`."""
    attestations: tuple[Attestation, ...] = ()
    sources: Mapping[str, str] = {}
    """Which source counts, by topic, where sources contradict each other."""
    attestation_days: int | None = None
    environments: tuple[Use, ...] = ()
    """For what root modules are applied; one that is not listed here has no environments."""
    agents: tuple[DeclaredAgent, ...] = ()
    token_days: int | None = None
    organization_owners: int | None = None
    owner_domains: frozenset[str] = frozenset()
    """Domains of the addresses whose people may own the organization, in small letters; empty: not declared."""
    rules: RuleSettings = RuleSettings()
    waivers: tuple[Waiver, ...] = ()
    waiver_policy: WaiverPolicy = WaiverPolicy()

    @property
    def declares(self) -> bool:
        """Whether anything is declared of any deployment."""
        by_name = self.deployments or self.workspaces or any(use.requires for use in self.environments)
        return bool(self.requires or by_name) or self.facts != Facts()


def settings_of(config_of: Callable[[str], Config], place: Place) -> Config:
    """The settings for what stands at a place: for what a module makes those of the root module that calls it."""
    if place.root:
        config = config_of(posixpath.join(place.root, posixpath.basename(place.path)))
        if config.path:
            return config
    return config_of(place.path)


class ConfigProblem(Struct, frozen=True):
    """One thing wrong with a configuration file."""

    place: Place
    message: str


class ConfigError(Exception):
    """A configuration file cannot be used; `problems` says what is wrong, and where."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__(f"{len(problems)} problems in the configuration")
        self.problems = tuple(problems)
