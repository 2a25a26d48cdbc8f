"""What is known of Helm values before they are read, and what all of them say together; light, for runs without any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.formats.text_file import TextFile
from astrovet.helm.release import Layer, Setting
from astrovet.model.agent import Agent
from astrovet.model.estate import Input
from astrovet.model.platform import Platform
from astrovet.place import Place
from astrovet.value import Value

if TYPE_CHECKING:
    from astrovet.readers.agent.overlays import Overlays
    from astrovet.readers.yaml_files import YamlFile


class AgentLayers(Struct, frozen=True):
    """The layers of the values of an agent that the configuration declares."""

    name: str
    layers: tuple[Layer, ...]
    deployment: Value[str]
    """The name or the address of the deployment that it serves; Absent where nothing is said."""
    cluster: Value[str]
    """The same of the Kubernetes cluster that it runs in."""
    place: Place


class HelmInputs(Struct, frozen=True):
    """What is known of values files besides the files themselves."""

    settings: tuple[Setting, ...] = ()
    """Given by hand (`--set` and the like), over the files of --values."""
    agents: tuple[AgentLayers, ...] = ()
    others: Mapping[str, TextFile] = {}
    """Files that are no inputs by themselves and that wrappers and declared agents name, by path."""


class ValuesFacts(Struct, frozen=True):
    """What all YAML files say together."""

    agents: tuple[Agent, ...] = ()
    inputs: tuple[Input, ...] = ()
    contents: dict[str, TextFile] = {}
    """The file of each input whose text can be shown."""
    platforms: tuple[Platform, ...] = ()
    declared: dict[str, AgentLayers] = {}
    """What the configuration says of an agent, by the agent's id."""
    yaml_files: Mapping[str, YamlFile] = {}
    """The files, parsed."""
    overlays: Overlays | None = None
    """What builds on others of them."""
    consulted: frozenset[str] = frozenset()
    """The files that something was looked up in, whatever they are."""
