"""The sources behind the plans of a run: which of the folders that may hold them do, and where things stand there.

The left edge opens the files; which of them a plan was made from is looked at when a place is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from astrovet.document import InputKind, Note
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.plan.positions import ModuleCall, Sources
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.plan.shapes import ConfiguredModule

FETCHED = "/.terraform/"
"""Where Terraform puts modules of others: what their authors accept is not accepted here."""

TRIED = 50
"""So many resources of a plan are looked for in a folder; one that is found there says whose sources they are."""


class Candidate(Struct, frozen=True):
    """A folder that may hold the sources of a plan."""

    folder: str
    files: Mapping[str, TextFile]
    """Of the root module and of the modules that the plan's configuration calls, by path."""
    installed: str = ""
    """What `terraform init` says of the modules that it fetched."""


class _Origin(Struct, frozen=True, dict=True):
    """A plan, and the folders that may hold its sources, the likeliest first."""

    plan: Terraform
    candidates: Sequence[Candidate]

    @cached_property
    def chosen(self) -> tuple[Candidate, Sources] | None:
        """The first folder that holds a block of the plan."""
        calls = _calls(self.plan.configuration.root_module) if self.plan.configuration is not None else ()
        for candidate in self.candidates:
            sources = Sources(candidate.files, candidate.folder, calls, candidate.installed)
            if any(sources.locate(resource.place) is not None for resource in self.plan.resources[:TRIED]):
                return candidate, sources
        return None


class Behind:
    """The sources behind the plans of a run, and behind what was evaluated from sources itself."""

    def __init__(self, candidates: Sequence[tuple[Terraform, Sequence[Candidate]]]) -> None:
        self._origins = {plan.path: _Origin(plan, folders) for plan, folders in candidates}

    def locate(self, place: Place) -> tuple[Place, tuple[Note, ...]]:
        """The source place of an address, and the module calls that lead there, nearest first."""
        if place.has_lines:
            return place, self._calls_to(place)
        origin = self._origins.get(place.path) if place.address else None
        chosen = origin.chosen if origin is not None else None
        return (chosen[1].locate(place) if chosen is not None else None) or (place, ())

    def chosen(self, wanted: Callable[[Terraform, Candidate], bool]) -> Iterator[tuple[Terraform, Candidate]]:
        """The plans with the sources that they were made from, of those pairs that are wanted."""
        for origin, candidate in self._candidates():
            if wanted(origin.plan, candidate) and origin.chosen is not None and origin.chosen[0] is candidate:
                yield origin.plan, candidate

    @property
    def files(self) -> dict[str, TextFile]:
        """All files that a place can be found in, by path."""
        return {path: file for _, candidate in self._candidates() for path, file in candidate.files.items()}

    def own_files(self, wanted: Callable[[TextFile], bool]) -> dict[str, TextFile]:
        """Of the sources that plans were made from those wanted, modules that `terraform init` fetched left out."""
        own: dict[str, TextFile] = {}
        for origin, candidate in self._candidates():
            files = {path: file for path, file in candidate.files.items() if FETCHED not in f"/{path}" and wanted(file)}
            if files and origin.chosen is not None and origin.chosen[0] is candidate:
                own.update(files)
        return own

    def _candidates(self) -> Iterator[tuple[_Origin, Candidate]]:
        for origin in self._origins.values():
            if origin.plan.kind is not InputKind.TERRAFORM_SOURCE:  # whose sources are inputs of the run
                yield from ((origin, candidate) for candidate in origin.candidates)

    def _calls_to(self, place: Place) -> tuple[Note, ...]:
        """The calls that lead to a place in evaluated sources; none where nobody knows from which root module."""
        if not place.address.startswith("module."):
            return ()
        origin = self._origins.get(place.root)
        chosen = origin.chosen if origin is not None else None
        return chosen[1].calls(place.address) if chosen is not None else ()


def _calls(module: ConfiguredModule) -> tuple[ModuleCall, ...]:
    return tuple(ModuleCall(name, call.source, _calls(call.module)) for name, call in module.module_calls.items())
