"""YAML files that hold no agent values: what they are, and what to say where they were given as such."""

from __future__ import annotations

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.charts.recognition import ChartMatch
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at


def what_it_is(match: ChartMatch, root: Value[Tree], path: str) -> tuple[InputKind, Problem | None]:
    """What a YAML file is that holds no agent values, and what to say where it was given as such."""
    place = _first_signal(match, root) or Place(path)
    chart = "the chart astronomer/astro-remote-execution-agent"

    def other(what: str, remedy: str) -> Problem:
        return Problem(ProblemKind.NOT_THIS_CHART, f"this is not a values file of {chart}: {what}", remedy, place)

    match match.kind:
        case ChartKind.KUBERNETES:
            return InputKind.KUBERNETES, other(
                "it is a Kubernetes manifest", "name it without -f; manifests are judged"
            )
        case ChartKind.AIRFLOW:
            return InputKind.UNRECOGNISED, other("it has the keys of the Apache Airflow chart", "leave this file out")
        case ChartKind.AIRFLOW_DEPLOYMENT:
            what = "it has the keys of a Private Cloud deployment's Airflow chart"
            return InputKind.UNRECOGNISED, other(what, "leave this file out")
        case ChartKind.NOT_AGENT_FORMAT:
            keys = ", ".join(match.signals)
            remedy = "compare with `helm show values astronomer/astro-remote-execution-agent`"
            return InputKind.UNRECOGNISED, other(f"it takes something else in {keys}", remedy)
        case ChartKind.AGENT_FRAGMENT:
            message = "a few keys look like agent values, too few to judge the file by itself"
            remedy = f"if it is a layer of agent values, give all layers: astrovet scan -f base.yaml -f {path}"
            return InputKind.UNRECOGNISED, Problem(ProblemKind.REMARK, message, remedy, place)
        case _:
            return InputKind.UNRECOGNISED, other("it has none of its keys", "give the values file that Helm gets")


def _first_signal(match: ChartMatch, root: Value[Tree]) -> Place | None:
    """The first key that told what the values are."""
    key = match.signals[0].partition(".")[0] if match.signals else ""
    match at(root, *match.path):
        case Known(Map(entries)) if key in entries:
            return entries[key].key_place
        case Known() | Unknown() | Absent():
            return None
