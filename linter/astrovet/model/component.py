"""The components of an agent: what runs in its Pods, with which environment and rights."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from astrovet.model.variables import Environment, EnvironmentVariable, partial, settled
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, Map, Unknown, Value


class ComponentKind(StrEnum):
    """The parts of an agent (S003-21)."""

    WORKER = "worker"
    DAG_PROCESSOR = "DAG processor"
    TRIGGERER = "triggerer"
    SENTINEL = "Sentinel"
    LOGGING_SIDECAR = "logging sidecar"
    INIT_CONTAINER = "init container"
    EXTRA_CONTAINER = "extra container"


TASK_COMPONENTS = (ComponentKind.WORKER, ComponentKind.DAG_PROCESSOR, ComponentKind.TRIGGERER)
"""The components that `commonEnv` reaches."""


class SecurityContext(Struct, frozen=True):
    """What a container may do, its own settings over those of its Pod and those over the chart's defaults."""

    run_as_non_root: Value[bool]
    run_as_user: Value[int]
    seccomp_profile: Value[str]
    """RuntimeDefault, Localhost or Unconfined."""
    privilege_escalation: Value[bool]
    privileged: Value[bool]
    dropped_capabilities: Value[tuple[Value[str], ...]]
    added_capabilities: Value[tuple[Value[str], ...]]


class Volume(Struct, frozen=True):
    """A volume of a Pod."""

    name: Value[str]
    host_path: Value[str]
    """The folder of the node that it opens; Absent for every other kind of volume."""
    place: Place


class Mount(Struct, frozen=True):
    """A volume as one container sees it."""

    volume: Value[str]
    path: Value[str]
    place: Place


class Component(Struct, frozen=True):
    """One component of an agent, or a further container of its Pods."""

    kind: ComponentKind
    name: str
    """Where it stands in the values, e.g. `workers[0].initContainers[1]`."""
    pod: str
    """The name of the component in whose Pods it runs; its own, but for further containers."""
    place: Place
    environment: Environment
    image: Value[str]
    """Its own, else the shared one."""
    security: SecurityContext
    host_ports: tuple[Value[int], ...]
    mounts: Value[tuple[Mount, ...]]
    volumes: Value[tuple[Volume, ...]]
    """Of its Pod; Absent for further containers, whose component has them."""
    dropped: Mapping[str, Place] = {}
    """Variables that an earlier layer sets for it and a later one drops with the whole list, and where."""

    def mounts_over(self, folder: str) -> Value[tuple[Mount, ...]]:
        """The volumes that it has at a folder or above it; Absent where none is, Unknown where one may be."""
        match self.mounts:
            case Known(mounts, place):
                paths = [(mount, settled(mount.path)) for mount in mounts]
                over = tuple(
                    mount
                    for mount, path in paths
                    if isinstance(path, Known) and f"{folder}/".startswith(f"{path.value.rstrip('/')}/")
                )
                unsure = next((path for _, path in paths if isinstance(path, Unknown)), Absent(place))
                return Known(over, place) if over else unsure
            case Unknown() | Absent() as unlisted:
                return unlisted


class ComponentEnvironment(Struct, frozen=True):
    """The environment variables that one component sees: its own, then those of `commonEnv`."""

    listed: Mapping[str, EnvironmentVariable]
    """By name. A variable that the component sets itself hides the shared one of that name."""
    place: Place
    """Where a variable that is not listed would stand."""
    complete: bool
    unlisted: Unknown | None = None
    """Set where there may be variables that the input does not show."""
    dropped: Mapping[str, Place] = {}
    """Variables that an earlier layer sets and a later one drops with the whole list, and where."""

    def value(self, name: str) -> Value[str]:
        """The value of a variable; Absent only in a complete set."""
        if name in self.listed:
            written = settled(self.listed[name].value)
            # In a part of the values a variable without a value is a slot that another layer fills.
            is_slot = isinstance(written, Absent) and written.explicit and not self.complete
            return partial(name, written.place) if is_slot else written
        return self._unlisted(name) or Absent(self.place, earlier=self.dropped.get(name))

    def keyed(self, prefix: str) -> Map:
        """The variables whose names go on after a prefix, by the rest of the name in lower case."""
        entries = {
            key: Entry(key, variable.place, settled(variable.value))
            for name, variable in self.listed.items()
            if name.startswith(prefix) and (key := name.removeprefix(prefix).lower())
        }
        return Map(entries, self._unlisted(f"{prefix}*"))

    def _unlisted(self, name: str) -> Unknown | None:
        if self.unlisted is not None or self.complete:
            return self.unlisted
        return partial(name, self.place)
