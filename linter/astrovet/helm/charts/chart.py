"""What is known of a chart: its kind, and the keys by which values for it are recognised."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class ChartKind(StrEnum):
    """What a tree of values is for."""

    AGENT = "agent"
    AGENT_FRAGMENT = "agent-fragment"
    """Some keys of the agent chart, too few to be sure."""
    NOT_AGENT_FORMAT = "not-agent-format"
    """Keys of the agent chart, but with the types of another one."""
    PLATFORM = "platform"
    """Astro Private Cloud."""
    AIRFLOW = "airflow"
    """The upstream Apache Airflow chart."""
    AIRFLOW_DEPLOYMENT = "airflow-deployment"
    """Astronomer's chart for one Deployment of Private Cloud."""
    KUBERNETES = "kubernetes"
    ASTRO_DEPLOYMENT_FILE = "astro-deployment-file"
    OTHER = "other"


class Form(StrEnum):
    """What must stand at a key for it to count."""

    ANYTHING = "anything"
    TEXT = "text"
    MAP = "map"
    LIST = "list"
    BOOLEAN = "boolean"
    PLANE = "plane"
    """One of the modes of a Private Cloud plane."""


class Signal(Struct, frozen=True):
    """A key that speaks for a chart."""

    keys: tuple[str, ...]
    """Dotted paths, one of which must be there; `*` stands for any item of a list."""
    weight: int
    strong: bool = False
    """Without a strong signal nothing is accepted."""
    form: Form = Form.ANYTHING
    along: tuple[str, ...] = ()
    """One of these must be there too."""


class Chart(Struct, frozen=True):
    """A chart whose values are judged."""

    kind: ChartKind
    signals: tuple[Signal, ...]
    accepted: int
    """The least weight of signals with which values are the chart's, one of them a strong one."""
    marks: tuple[tuple[bytes, ...], ...]
    """All words of one of these stand in every file with values that are accepted."""
    shared: tuple[Signal, ...] = ()
    """Keys that only add to the weight of others."""
    shared_most: int = 0
    """What they add at most."""
    keys: str = ""
    """The module here whose `faults(values, version)` says what is wrong with the keys; empty: nothing is."""
