"""Slips in the names by which the configuration joins agents to what they serve and to what they run in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.formats.spelling import nearest
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate, Input
from astrovet.model.link import several
from astrovet.model.network import KubernetesCluster
from astrovet.model.subject import Part
from astrovet.place import Place
from astrovet.readers.agent.helm_inputs import AgentLayers
from astrovet.secrecy import without_credentials
from astrovet.value import Absent, Known, Unknown, Value


def misspelt(declared: Iterable[AgentLayers], deployments: Sequence[Deployment], estate: Estate) -> tuple[Input, ...]:
    """The configurations in which a name is nearly that of an object of the run, and of none.

    A name that is like none is no slip: what it means may be made elsewhere, and the link to it stays open.
    """
    problems: dict[Place, Problem] = {}
    for agent in declared:
        clusters = estate.of(KubernetesCluster)
        for problem in (
            *_slips(agent.deployment, "serves the deployment", deployments),
            *_slips(agent.cluster, "runs in the cluster", clusters),
        ):
            problems[problem.place] = problem
    by_path: dict[str, list[Problem]] = {}
    for place, problem in problems.items():
        by_path.setdefault(place.path, []).append(problem)
    return tuple(Input(path, InputKind.CONFIGURATION, tuple(wrong)) for path, wrong in by_path.items())


def _slips(wanted: Value[str], what: str, parts: Sequence[Part]) -> Iterator[Problem]:
    match wanted:
        case Known(name, place):
            names = tuple(dict.fromkeys(known for part in parts for known in names_of(part)))
            meant = nearest(name, names) if name not in names else None
            if meant is not None:
                said = f"an agent {what} `{without_credentials(name)}`"
                why = f"{said}, and nothing here has that name; did you mean `{without_credentials(meant)}`?"
                called = tuple(without_credentials(next(names_of(part))) for part in parts)
                how = f"correct the name: these inputs have {several(tuple(dict.fromkeys(called)))}"
                yield Problem(ProblemKind.UNREADABLE, why, how, place)
        case Unknown() | Absent():
            pass


def names_of(part: Part) -> Iterator[str]:
    """What the configuration may call an object: its name, its address, and the address of its block."""
    if isinstance(part.name, Known):
        yield part.name.value
    yield from dict.fromkeys((part.id, part.block))
