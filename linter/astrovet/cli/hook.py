"""What the hook checks: the projects of the changed files, and what of the findings these can have to do with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet.cli.bounds import project_of
from astrovet.cli.files import Disk
from astrovet.declared.configuration import FILE_NAME, PYPROJECT, PYPROJECT_TABLE
from astrovet.helm.charts.recognition import may_matter
from astrovet.helm.deployment_file import may_be_deployment_file
from astrovet.helm.wrappers import may_be_wrapper
from astrovet.judging.verdict import Report, Verdict
from astrovet.model.access import RootModule
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.estate import Estate, Input
from astrovet.readers.source_file import Role, SourceFile
from astrovet.terraform.file_names import SOURCES, VARIABLE_FILES


class Touched(Struct, frozen=True):
    """The files that a commit has to do with: those that it changes, and what these are read together with."""

    changed: frozenset[str]
    paths: frozenset[str]
    folders: tuple[str, ...]
    """Folders below which everything is touched: a configuration holds there."""

    def holds(self, path: str) -> bool:
        """Whether a path is one of these files."""
        return path in self.paths or any(
            folder in {"", "."} or path == folder or path.startswith(f"{folder}/") for folder in self.folders
        )


def concerns(file: SourceFile) -> bool:
    """Whether a changed file may have to do with Astro, so that its project is to be read."""
    if file.fault:
        return False
    if file.is_template:
        return True
    if file.path.endswith(SOURCES) or is_configuration(file):
        return True
    return may_matter(file.data) or may_be_wrapper(file.data) or may_be_deployment_file(file.data)


def projects(changed: Sequence[SourceFile]) -> tuple[str, ...]:
    """The projects of changed files that may have to do with Astro: what they are judged together with."""
    return tuple(dict.fromkeys(project_of(file.path) for file in changed if concerns(file)))


def whole(
    changed: Sequence[SourceFile], tops: Sequence[str], excluded: Sequence[str], disk: Disk
) -> Iterator[SourceFile]:
    """The changed files, and the others of their projects."""
    yield from (named := [file for file in changed if file.role is not Role.BESIDE])
    seen = {file.path for file in named}
    for top in tops:
        for file in disk.below(top, excluded):
            if file.path not in seen:
                seen.add(file.path)
                yield file


def is_configuration(file: SourceFile) -> bool:
    """Whether a file holds settings of astrovet."""
    name = os.path.basename(file.path)
    return name == FILE_NAME or (name == PYPROJECT and PYPROJECT_TABLE in file.data)


def touched(changed: Sequence[SourceFile], estate: Estate) -> Touched:
    """What is read together with the changed files: whole root modules, all layers of an agent's values."""
    direct = frozenset(file.path for file in changed)
    configured = tuple(os.path.dirname(file.path) for file in changed if is_configuration(file))
    around = {os.path.dirname(path) for path in direct}
    of_sources = {folder for path in direct if path.endswith(SOURCES) for folder in _folders(path)}
    modules = {
        folder for root in estate.of(RootModule) if not of_sources.isdisjoint(root.folders) for folder in root.folders
    }
    paths = set(direct)
    for file in estate.of(Input):
        folder = os.path.dirname(file.path)
        if folder in modules or (folder in around and file.failed):  # what cannot be read may belong to its neighbour
            paths.add(file.path)
    for agent in estate.of(Agent):
        if not direct.isdisjoint(agent.layers):
            paths.update(agent.layers)
    return Touched(direct, frozenset(paths), configured)


def _folders(path: str) -> Iterator[str]:
    """The folder of a source; of variables also those above, for a root module may lie there."""
    yield os.path.dirname(path)
    if path.endswith(VARIABLE_FILES):
        parts = path.split("/")[:-1]
        yield from ("/".join(parts[:count]) for count in range(len(parts)))


def narrowed(report: Report, estate: Estate, about: Touched) -> Report:
    """The report without what the changed files have nothing to do with."""

    def is_about(verdict: Verdict) -> bool:
        if verdict.subject_kind == BlindSpot.kind:
            return True  # what a commit takes away is seen nowhere
        return about.holds(verdict.place.path) or any(note.place.path in about.changed for note in verdict.related)

    failed = any(file.failed for file in estate.of(Input) if about.holds(file.path))
    return replace(
        report,
        verdicts=tuple(verdict for verdict in report.verdicts if is_about(verdict)),
        input_error=report.nothing_to_check or failed,
    )
