"""Which chart is a tree of values for?

Signals are scored, because no single key name belongs to one chart alone and a file of another chart
must never be judged as agent values. The weights are ours; the keys are those
of the vendor's template for the Remote Execution agent, of the Private Cloud chart, and of the upstream
Airflow chart.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at

AGENT_CHART = "astro-remote-execution-agent"
"""The chart of the Remote Execution agent, in whatever repository it lies."""


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


class ChartMatch(Struct, frozen=True):
    """What a tree was recognised as."""

    kind: ChartKind
    score: int = 0
    signals: tuple[str, ...] = ()
    """The keys that decided; for NOT_AGENT_FORMAT those whose type contradicts the chart."""
    path: tuple[str, ...] = ()
    """Where the values are: the key of a subchart."""
    also: tuple[tuple[str, ...], ...] = ()
    """Further paths with values of the same kind: one chart under two aliases."""


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


# The Remote Execution agent.
AGENT = (
    Signal(("astroDeploymentAPIURL",), 5, strong=True),
    Signal(("agentToken", "agentTokenSecretName", "agentTokenFile"), 4, strong=True),
    Signal(("xcomBackend",), 3, form=Form.TEXT),
    Signal(("secretBackend",), 3, form=Form.TEXT),
    Signal(("stateStoreBackend",), 3),
    Signal(("workers.*.syncSlots",), 3),
    Signal(("triggerer.asyncSlots",), 3),
    Signal(("sentinel",), 2, form=Form.MAP),
    Signal(("resourceNamePrefix",), 2),
    Signal(("dagBundleConfigList",), 2, form=Form.TEXT),
    Signal(("imagePullSecretName", "imagePullSecretData"), 1),
    Signal(("openLineage",), 1),
    Signal(("loggingSidecar",), 1),
)
AGENT_ACCEPTED = 6
FRAGMENT_ACCEPTED = 2

# Private Cloud.
PLATFORM = (
    Signal(("astronomer.houston.config",), 6, strong=True, form=Form.MAP),
    Signal(("global.plane.mode",), 5, strong=True, form=Form.PLANE),
    Signal(("astronomer.houston", "astronomer.commander"), 5, strong=True, form=Form.MAP),
    Signal(
        tuple(f"astronomer.registry.{child}" for child in ("s3", "gcs", "azure", "auth", "enableInsecureAuth")),
        5,
        strong=True,
    ),
    Signal(
        tuple(
            f"astronomer.{part}" for part in ("astroUI", "dpLink", "navigator", "pilot", "configSyncer", "flightDeck")
        ),
        5,
        strong=True,
    ),
    Signal(("global.baseDomain",), 4, strong=True, along=("global.tlsSecret", "nginx")),
    Signal(tuple(f"tags.{tag}" for tag in ("platform", "monitoring", "logging", "stan")), 2, form=Form.BOOLEAN),
    Signal(("external-es-proxy",), 1),
    Signal(("kube-state",), 1),
    Signal(("fluentd",), 1, along=("kibana",)),
    Signal(("nats",), 1, along=("stan",)),
    Signal(("airflow-operator",), 1),
)
PLATFORM_ACCEPTED = 5
# Each of these counts 2, all of them together 6 at most.
PLATFORM_GLOBALS = tuple(
    Signal((f"global.{key}",), 2)
    for key in (
        *("privateCaCerts", "privateCaCertsAddToHost", "privateRegistry", "authSidecar", "customLogging"),
        *("platformNodePool", "networkNSLabels", "defaultDenyNetworkPolicy", "loggingSidecar", "dagOnlyDeployment"),
        *("namespacePools", "features.namespacePools", "helmRepo", "clusterRoles", "controlPlaneHA"),
        *("dataPlaneFailover", "azure", "scc", "sccEnabled"),
    )
)
PLATFORM_GLOBALS_MOST = 6

# Upstream Airflow; two of these are enough to leave a file alone.
AIRFLOW = (
    Signal(("executor",), 1),
    Signal(("webserver", "apiServer"), 1, form=Form.MAP),
    Signal(("scheduler",), 1, form=Form.MAP),
    Signal(("data.metadataConnection",), 1),
    Signal(("fernetKey",), 1),
    Signal(("defaultAirflowRepository",), 1),
    Signal(("createUserJob",), 1),
    Signal(("dagProcessor.dagBundleConfigList",), 1, form=Form.LIST),
)
AIRFLOW_ACCEPTED = 2
AIRFLOW_DEPLOYMENT = Signal(("authSidecar", "dagDeploy", "gitSyncRelay"), 1)

# INP007: what the agent chart expects at its core keys. Only a map where text belongs, or the like,
# contradicts; a number where text belongs is another rule's.
CORE_TEXT = (
    *("astroDeploymentAPIURL", "resourceNamePrefix", "secretBackend", "xcomBackend", "stateStoreBackend"),
    *("dagBundleConfigList", "agentToken", "agentTokenSecretName", "agentTokenFile"),
    *("image", "imagePullSecretName", "namespace"),
)
CORE_LISTS = ("commonEnv", "workers")
CORE_MAPS = ("triggerer", "dagProcessor", "sentinel", "serviceAccount", "openLineage", "loggingSidecar")
ONLY_AGENT = frozenset(CORE_TEXT) - {"image", "imagePullSecretName", "namespace"}
"""Core keys that other charts do not have: one of them must be among the contradictions."""
CONTRADICTIONS = 3

_VALUES = (
    ChartKind.AGENT,
    ChartKind.NOT_AGENT_FORMAT,
    ChartKind.PLATFORM,
    ChartKind.AIRFLOW_DEPLOYMENT,
    ChartKind.AIRFLOW,
)
"""What is looked for one level down, the first kind first."""


def recognise(root: Value[Tree]) -> ChartMatch:
    """Say what a tree of values is for, also when it is the values of an umbrella chart.

    What cannot be told is OTHER; only listed keys count, so an Unknown tree is OTHER too.
    """
    found = _score(root)
    if found.kind not in (ChartKind.OTHER, ChartKind.AGENT_FRAGMENT):
        return found
    inner = [replace(_score(value), path=path) for path, value in _below(root)]
    for kind in _VALUES:
        same = sorted((match for match in inner if match.kind is kind), key=lambda match: -match.score)
        if same:
            return replace(same[0], also=tuple(match.path for match in same[1:]))
    return found


def _below(root: Value[Tree]) -> Iterator[tuple[tuple[str, ...], Value[Tree]]]:
    """The trees one level down: the values of an umbrella chart's subcharts."""
    match root:
        case Known(Map(entries)):
            for key, entry in entries.items():
                yield (key,), entry.value
        case Known() | Unknown() | Absent():
            pass


def _score(root: Value[Tree]) -> ChartMatch:
    """Judge one tree as it stands, nothing unwrapped."""
    if _has(root, "apiVersion", Form.TEXT) and _has(root, "kind", Form.TEXT):
        return ChartMatch(ChartKind.KUBERNETES, signals=("apiVersion", "kind"))
    contradictions = _contradictions(root)
    if len(contradictions) >= CONTRADICTIONS and not ONLY_AGENT.isdisjoint(contradictions):
        return ChartMatch(ChartKind.NOT_AGENT_FORMAT, len(contradictions), contradictions)
    agent = _matching(root, AGENT)
    if _weight(agent) >= AGENT_ACCEPTED and _strong(agent):
        return _match(ChartKind.AGENT, root, agent)
    platform, shared = _matching(root, PLATFORM), _matching(root, PLATFORM_GLOBALS)
    bonus = min(_weight(shared), PLATFORM_GLOBALS_MOST)
    if _weight(platform) + bonus >= PLATFORM_ACCEPTED and _strong(platform):
        return replace(_match(ChartKind.PLATFORM, root, platform + shared), score=_weight(platform) + bonus)
    if _has(root, "deployment.configuration", Form.MAP):
        return ChartMatch(ChartKind.ASTRO_DEPLOYMENT_FILE, signals=("deployment.configuration",))
    if _holds(root, AIRFLOW_DEPLOYMENT) and _matching(at(root, "airflow"), AIRFLOW):
        return _match(ChartKind.AIRFLOW_DEPLOYMENT, root, (AIRFLOW_DEPLOYMENT,))
    airflow = _matching(root, AIRFLOW)
    if _weight(airflow) >= AIRFLOW_ACCEPTED:
        return _match(ChartKind.AIRFLOW, root, airflow)
    if _weight(agent) >= FRAGMENT_ACCEPTED:
        return _match(ChartKind.AGENT_FRAGMENT, root, agent)
    return ChartMatch(ChartKind.OTHER, _weight(agent))


def _match(kind: ChartKind, root: Value[Tree], signals: tuple[Signal, ...]) -> ChartMatch:
    names = tuple(next(key for key in signal.keys if _has(root, key, signal.form)) for signal in signals)
    return ChartMatch(kind, _weight(signals), names)


def _matching(root: Value[Tree], signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
    return tuple(signal for signal in signals if _holds(root, signal))


def _weight(signals: tuple[Signal, ...]) -> int:
    return sum(signal.weight for signal in signals)


def _strong(signals: tuple[Signal, ...]) -> bool:
    return any(signal.strong for signal in signals)


def _holds(root: Value[Tree], signal: Signal) -> bool:
    return any(_has(root, key, signal.form) for key in signal.keys) and (
        not signal.along or any(_has(root, key, Form.ANYTHING) for key in signal.along)
    )


def _has(root: Value[Tree], key: str, form: Form) -> bool:
    return any(_fits(value, form) for value in _listed(root, key.split(".")))


def _listed(value: Value[Tree], path: list[str]) -> Iterator[Value[Tree]]:
    """The values that the input itself lists at a path."""
    if not path:
        yield value
        return
    match value:
        case Known(Map(entries)) if path[0] in entries:
            yield from _listed(entries[path[0]].value, path[1:])
        case Known(List(items)) if path[0] == "*":
            for item in items:
                yield from _listed(item, path[1:])
        case Known() | Unknown() | Absent():
            return


def _fits(value: Value[Tree], form: Form) -> bool:
    match value:
        case Unknown():
            return True
        case Absent(_, explicit):
            return explicit and form is Form.ANYTHING
        case Known(content):
            pass
    match form:
        case Form.ANYTHING:
            return True
        case Form.TEXT:
            return isinstance(content, str)
        case Form.MAP:
            return isinstance(content, Map)
        case Form.LIST:
            return isinstance(content, List)
        case Form.BOOLEAN:
            return isinstance(content, bool)
        case Form.PLANE:
            return content in ("control", "data", "unified")


def _contradictions(root: Value[Tree]) -> tuple[str, ...]:
    """The core keys of the agent chart that hold what the chart cannot take there."""
    found = []
    for keys, expected in ((CORE_TEXT, Form.TEXT), (CORE_LISTS, Form.LIST), (CORE_MAPS, Form.MAP)):
        for key in keys:
            for value in _listed(root, [key]):
                match value:
                    case Known(Map() | List()) if not _fits(value, expected):
                        found.append(key)
                    case Known(str() | bool() | int() | float()) if expected is not Form.TEXT:
                        found.append(key)
                    case Known() | Unknown() | Absent():
                        pass
    return tuple(found)


_WORDS = (
    # The chart itself, and its signals of weight 2 and more but for `sentinel`, which other charts have too.
    AGENT_CHART.encode(),
    b"astroDeploymentAPIURL",
    b"agentToken",
    b"xcomBackend",
    b"secretBackend",
    b"stateStoreBackend",
    b"syncSlots",
    b"asyncSlots",
    b"resourceNamePrefix",
    b"dagBundleConfigList",
    # Private Cloud: every strong signal stands under one of these, or under `global.plane`.
    b"astronomer",
    b"baseDomain",
)


def may_matter(data: bytes) -> bool:
    """Whether a file's bytes may hold values of a chart that astrovet judges.

    A cheap look before parsing, for walks over directories: where it says False, `recognise` finds
    neither agent nor Private Cloud values. Text in UTF-16 or UTF-32 is always True.
    """
    if b"\0" in data[:4] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return any(word in data for word in _WORDS) or (b"plane" in data and b"global" in data)
