"""What is wrong with the layers of a set of values: keys that the chart does not know, documents that Helm drops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.helm.charts import faults
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.layers import path_of
from astrovet.helm.release import Setting, ValuesFile
from astrovet.model.estate import Input
from astrovet.readers.agent.values_sets import ValuesSet, files_of
from astrovet.readers.source_file import unreadable
from astrovet.readers.yaml_files import YamlFiles
from astrovet.value import Absent, Known, Unknown, at


def several_documents(values_set: ValuesSet, yaml_files: YamlFiles) -> Iterator[Problem]:
    """Layers with more than one document: which of them count depends on the Helm that is used."""
    for path in files_of(values_set.layers, yaml_files):
        documents = yaml_files[path].documents
        if len(documents) > 1:
            message = f"it holds {len(documents)} documents; Helm 3 takes the first one, what others set is open"
            remedy = "Helm 4 merges them all: put them together, or into files of their own"
            yield Problem(ProblemKind.REMARK, message, remedy, documents[1].root.place)


def key_faults(values_set: ValuesSet, paths: Sequence[tuple[str, ...]], yaml_files: YamlFiles) -> tuple[Problem, ...]:
    """What is wrong with the keys of each layer, for a chart of the set's version where it is known."""
    release = values_set.version.value if isinstance(values_set.version, Known) else ""
    wrong: list[Problem] = []
    for layer in values_set.layers:
        match layer:
            case ValuesFile():
                file = None if layer.encrypted else path_of(layer, yaml_files.values_of)
                tree = yaml_files.values_of(file) if file is not None else None
            case Known() | Unknown() | Absent():
                tree = layer
            case Setting():
                tree = None
        if tree is not None:
            wrong.extend(problem for path in paths for problem in faults(ChartKind.AGENT, at(tree, *path), release))
    return tuple(wrong)


def missing(layer: ValuesFile) -> Input:
    """The input of a layer that is named and not there."""
    path = layer.paths[0]
    message = f"there is no such file, and {layer.place} names it as a layer of an agent's values"
    problem = unreadable(path, message, "correct the name there")
    return Input(path, InputKind.UNRECOGNISED, (problem,), named=True)
