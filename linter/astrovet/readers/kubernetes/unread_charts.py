"""Charts and parts of Helmfile that are installed beside the agents and that are not at hand."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from astrovet.helm.charts.agent import AGENT_CHART
from astrovet.helm.dependencies import is_left_out
from astrovet.helm.kustomize.trees import word
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.place import Place
from astrovet.readers.kubernetes.agent_pods import agent_pods
from astrovet.readers.kubernetes.unread_objects import spot_of_objects
from astrovet.value import Known, at, listed, text

if TYPE_CHECKING:
    from astrovet.readers.yaml_files import YamlFile
    from astrovet.terraform.plan.resources import Terraform

RENDER = "scan what it makes too, as `helm template` prints it"
LOCAL = ("./", "../")
"""How the name of a chart begins that lies in a folder."""


def missing_charts_of_terraform(
    plans: Iterable[Terraform], files: Mapping[str, YamlFile], agents: Sequence[Agent]
) -> Iterator[BlindSpot]:
    """One for each release of a chart in a folder that is not at hand, in the agents' namespace."""
    namespaces = agent_pods(agents, ()).namespaces
    for terraform in plans:
        for resource in terraform.judged(("helm_release",)):
            match text(resource.attribute("chart")), text(resource.attribute("namespace")):
                case Known(chart), Known(namespace) if (
                    chart.startswith(LOCAL) and namespace in namespaces and AGENT_CHART not in chart
                ):
                    folders = {posixpath.dirname(resource.place.path), resource.place.root}
                    if not any(_is_at_hand(posixpath.join(folder, chart), files) for folder in folders):
                        yield _missing_chart(resource.block, resource.place)
                case _:
                    pass


def missing_dependencies(files: Mapping[str, YamlFile], agents: Sequence[Agent]) -> Iterator[BlindSpot]:
    """One for each chart that the agents' umbrella chart installs beside them and that is not at hand."""
    folders = dict.fromkeys(posixpath.dirname(layer) for agent in agents for layer in agent.layers)
    for folder in folders:
        path = posixpath.join(folder, "Chart.yaml")
        if path not in files:
            continue
        chart = files[path].values
        own = files.get(posixpath.join(folder, "values.yaml"))
        dependencies = listed(at(chart, "dependencies"))
        if not any(word(dependency, "name") == AGENT_CHART for dependency in dependencies):
            continue
        for dependency in dependencies:
            name, repository = word(dependency, "name"), word(dependency, "repository")
            called = word(dependency, "alias") or name
            if not name or name == AGENT_CHART or (own is not None and is_left_out(chart, called, own.values)):
                continue
            inner = repository.removeprefix("file://") if repository.startswith("file://") else f"charts/{name}"
            if not any(_is_at_hand(posixpath.join(folder, lies), files) for lies in (inner, f"charts/{name}")):
                yield _missing_chart(f"{path}#{called}", dependency.place)


def missing_charts_of_helmfile(files: Mapping[str, YamlFile], agents: Sequence[Agent]) -> Iterator[BlindSpot]:
    """One for each release of a chart in a folder that is not at hand, in the agents' namespace."""
    namespaces = agent_pods(agents, ()).namespaces
    for path in _helmfiles(agents):
        for document in files[path].documents if path in files else ():
            for release in listed(at(document.root, "releases")) if isinstance(document.root, Known) else ():
                chart = word(release, "chart")
                if (
                    chart.startswith(LOCAL)
                    and word(release, "namespace") in namespaces
                    and AGENT_CHART not in chart
                    and word(release, "installed") != "false"
                    and not _is_at_hand(posixpath.join(posixpath.dirname(path), chart), files)
                ):
                    yield _missing_chart(f"{path}#releases/{word(release, 'name')}", release.place)


def _helmfiles(agents: Sequence[Agent]) -> Sequence[str]:
    """The helmfiles that install agents."""
    return tuple(dict.fromkeys(agent.id.partition("#releases/")[0] for agent in agents if "#releases/" in agent.id))


def missing_parts_of_helmfile(files: Mapping[str, YamlFile], agents: Sequence[Agent]) -> Iterator[BlindSpot]:
    """One for each base, and for each further helmfile, of one that installs agents and that is not at hand."""
    for path in _helmfiles(agents):
        for document in files[path].documents if path in files else ():
            for key in ("bases", "helmfiles"):
                for item in listed(at(document.root, key)) if isinstance(document.root, Known) else ():
                    name = word(item) or word(item, "path")
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
                    if not name or "{{" in name or "*" in name or target in files or _is_at_hand(target, files):
                        continue
                    spot = spot_of_objects(
                        f"parts of {path}",
                        f"a part of {path} is not in these inputs (`{key}`)",
                        "scan what `helmfile template` prints too",
                        item.place,
                    )
                    yield replace(spot, decides=(Agent, *spot.decides))


def _missing_chart(name: str, place: Place) -> BlindSpot:
    what = f"the chart of {name} is not in these inputs, so what it puts beside the agents cannot be told"
    return spot_of_objects(f"chart of {name}", what, RENDER, place)


def _is_at_hand(folder: str, files: Mapping[str, YamlFile]) -> bool:
    start = f"{posixpath.normpath(folder)}/"
    return any(path.startswith(start) for path in files)
