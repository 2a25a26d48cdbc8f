"""Which chart is a tree of values for?

Signals are scored, because no single key name belongs to one chart alone and a file of another chart
must never be judged as agent values. The weights are ours; the keys are those of the charts themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from astrovet.helm import deployment_file
from astrovet.helm.charts import CHARTS, agent, airflow
from astrovet.helm.charts.chart import Chart, ChartKind, Form, Signal
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at


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


_WITH_VALUES = (
    ChartKind.AGENT,
    ChartKind.NOT_AGENT_FORMAT,
    *(chart.kind for chart in CHARTS if chart.kind is not ChartKind.AGENT),
    ChartKind.AIRFLOW_DEPLOYMENT,
    ChartKind.AIRFLOW,
)
"""What is looked for one level down, the first kind first."""


def recognise(root: Value[Tree]) -> ChartMatch:
    """Say what a tree of values is for, also when it is the values of an umbrella chart.

    What cannot be told is OTHER; only listed keys count, so an Unknown tree is OTHER too.
    """
    whole = _score(root) if _may_speak(root) else _NOTHING
    if whole.kind not in (ChartKind.OTHER, ChartKind.AGENT_FRAGMENT):
        return whole
    inner = [replace(_score(value), path=path) for path, value in _below(root) if _may_speak(value)]
    for kind in _WITH_VALUES:
        same = sorted((match for match in inner if match.kind is kind), key=lambda match: -match.score)
        if same:
            return replace(same[0], also=tuple(match.path for match in same[1:]))
    return whole


def _may_speak(root: Value[Tree]) -> bool:
    """Whether a tree has a key that any chart or tool goes by."""
    return isinstance(root, Known) and isinstance(root.value, Map) and not _words().isdisjoint(root.value.entries)


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
    if len(contradictions) >= agent.CONTRADICTIONS and not agent.ONLY_AGENT.isdisjoint(contradictions):
        return ChartMatch(ChartKind.NOT_AGENT_FORMAT, len(contradictions), contradictions)
    for chart in CHARTS:
        match = _accepted(chart, root)
        if match is not None:
            return match
    return _left_alone(root) or _fragment(root)


def _accepted(chart: Chart, root: Value[Tree]) -> ChartMatch | None:
    """Values for a chart that is judged; None where they are not sure to be."""
    own = _matching(root, chart.signals)
    if not any(signal.strong for signal in own):
        return None
    shared = _matching(root, chart.shared)
    score = _weight(own) + min(_weight(shared), chart.shared_most)
    return replace(_match(chart.kind, root, own + shared), score=score) if score >= chart.accepted else None


def _left_alone(root: Value[Tree]) -> ChartMatch | None:
    """Files of Astronomer's and Airflow's that are no values to judge."""
    if _is_deployment_file(root):
        return ChartMatch(ChartKind.ASTRO_DEPLOYMENT_FILE, signals=("deployment",))
    if _holds(root, airflow.DEPLOYMENT) and _matching(at(root, "airflow"), airflow.SIGNALS):
        return _match(ChartKind.AIRFLOW_DEPLOYMENT, root, (airflow.DEPLOYMENT,))
    of_airflow = _matching(root, airflow.SIGNALS)
    return _match(ChartKind.AIRFLOW, root, of_airflow) if _weight(of_airflow) >= airflow.ACCEPTED else None


def _is_deployment_file(root: Value[Tree]) -> bool:
    """Whether it is one of the Astro CLI: Kubernetes and many tools have a `deployment` too."""
    deployment = at(root, "deployment")
    configuration = at(deployment, "configuration")
    if any(_has(configuration, key, Form.ANYTHING) for key in deployment_file.CONFIGURATION):
        return True
    sections = sum(_has(deployment, key, Form.ANYTHING) for key in deployment_file.SECTIONS)
    return sections >= deployment_file.SECTIONS_ACCEPTED


def _fragment(root: Value[Tree]) -> ChartMatch:
    """A part of agent values, or nothing that is known."""
    signals = _matching(root, agent.SIGNALS)
    if _weight(signals) >= agent.FRAGMENT_ACCEPTED:
        return _match(ChartKind.AGENT_FRAGMENT, root, signals)
    return ChartMatch(ChartKind.OTHER, _weight(signals))


def _match(kind: ChartKind, root: Value[Tree], signals: tuple[Signal, ...]) -> ChartMatch:
    names = tuple(next(key for key in signal.keys if _has(root, key, signal.form)) for signal in signals)
    return ChartMatch(kind, _weight(signals), names)


def _matching(root: Value[Tree], signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
    return tuple(signal for signal in signals if _holds(root, signal))


def _weight(signals: tuple[Signal, ...]) -> int:
    return sum(signal.weight for signal in signals)


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
    wrong = []
    for keys, expected in (
        (agent.CORE_TEXT, Form.TEXT),
        (agent.CORE_LISTS, Form.LIST),
        (agent.CORE_MAPS, Form.MAP),
    ):
        for key in keys:
            for value in _listed(root, [key]):
                match value:
                    case Known(Map() | List()) if not _fits(value, expected):
                        wrong.append(key)
                    case Known(str() | bool() | int() | float()) if expected is not Form.TEXT:
                        wrong.append(key)
                    case Known() | Unknown() | Absent():
                        pass
    return tuple(wrong)


def may_matter(data: bytes) -> bool:
    """Whether a file's bytes may hold values of a chart that astrovet judges.

    A cheap look before parsing, for walks over directories: where it says False, `recognise` finds no
    values of these charts. Text in UTF-16 or UTF-32 is always True.
    """
    if b"\0" in data[:4] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return any(all(word in data for word in mark) for mark in _MARKS)


_MARKS = tuple(mark for chart in CHARTS for mark in chart.marks)

_NOTHING = ChartMatch(ChartKind.OTHER)


@cache
def _words() -> frozenset[str]:
    """The first words of all keys that charts and tools are told by."""
    signals = (
        *(signal for chart in CHARTS for signal in (*chart.signals, *chart.shared)),
        *(airflow.DEPLOYMENT, *airflow.SIGNALS, *agent.SIGNALS),
    )
    keys = (key for signal in signals for key in (*signal.keys, *signal.along))
    core = (*agent.CORE_TEXT, *agent.CORE_LISTS, *agent.CORE_MAPS)
    return frozenset(key.partition(".")[0] for key in (*keys, *core, "apiVersion", "deployment", "airflow"))
