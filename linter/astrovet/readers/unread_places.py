"""Places that a run came to and that are not read: units of Terragrunt, submodules that are not here, empty plans.

Terragrunt: `source` in the block `terraform`, where `//` begins the path inside of a package, and `inputs`
(https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes, read in November 2026).
Submodules: https://git-scm.com/docs/gitmodules (read in November 2026).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from astrovet.formats.hcl.literals import literal
from astrovet.formats.text_file import TextFile
from astrovet.model.access import RootModule
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate
from astrovet.model.link import several
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.blind_spots import OF_TERRAFORM
from astrovet.terraform.source.declared import body_of
from astrovet.value import Known


class UnreadPlaces(Struct, frozen=True):
    """What a walk came to beside the inputs."""

    units: tuple[TextFile, ...] = ()
    """The files that Terragrunt reads in place of a root module's own."""
    empty_plans: tuple[str, ...] = ()
    submodules: Mapping[str, Place] = {}
    """Those that nothing was checked out of, by their folder, with where they are declared."""


class _Unit(Struct, frozen=True):
    """What one file of Terragrunt says."""

    place: Place
    module: str | None
    """The folder of its module; None where that lies elsewhere, or is not written out."""
    has_inputs: bool


def unread_places(places: UnreadPlaces, estate: Estate, planned: Mapping[str, Sequence[str]]) -> Iterator[BlindSpot]:
    """What of them may hold something of this estate; `planned` has the root modules of each plan."""
    whose = (
        *estate.of(Deployment),
        *(agent for agent in estate.of(Agent) if not isinstance(agent.deployment.to, Known)),
    )
    for path in places.empty_plans:
        yield _spot(
            path, f"{path} is empty", "make it again: terraform show -json tfplan > plan.json", Place(path), whose
        )
    for folder, place in places.submodules.items():
        what = f"nothing of the submodule {folder} is here"
        yield _spot(folder, what, "run git submodule update --init, and scan again", place, whose, is_implied=True)
    units = [unit for file in places.units for unit in _units(file)]
    yield from _of_modules(units, estate, planned)
    elsewhere = [unit for unit in units if unit.module is None]
    if elsewhere:
        paths = several(tuple(unit.place.path for unit in elsewhere))
        what = f"modules of Terragrunt units are not at hand ({paths})"
        yield _spot("modules of Terragrunt", what, _PLAN_UNITS, elsewhere[0].place, whose, is_implied=True)


_PLAN_UNITS = "scan the plans: terragrunt plan -out=tfplan && terragrunt show -json tfplan"


def _of_modules(units: Iterable[_Unit], estate: Estate, planned: Mapping[str, Sequence[str]]) -> Iterator[BlindSpot]:
    """The root modules that units give values to; as many plans of one show all of these."""
    plans = [root for roots in planned.values() for root in roots]
    by_module: dict[str, list[_Unit]] = {}
    for unit in units:
        if unit.module is not None and unit.has_inputs:
            by_module.setdefault(unit.module, []).append(unit)
    for root in estate.of(RootModule):
        giving = by_module.get(root.id, [])
        if len(giving) > plans.count(root.id):
            paths = several(tuple(unit.place.path for unit in giving))
            deployments = (deployment for deployment in estate.of(Deployment) if deployment.place in root.deployments)
            yield _spot(
                f"inputs of {root.id}",
                f"the values are not read that Terragrunt gives to the module in {root.id} ({paths})",
                _PLAN_UNITS,
                giving[0].place,
                tuple(deployments),
            )


def _units(file: TextFile) -> Iterator[_Unit]:
    """The unit that a file is: one with a module, or beside one; what others include is none."""
    scanned, folder = file.hcl, posixpath.dirname(file.path)
    has_inputs = any(attribute.name == "inputs" for attribute in scanned.body.attributes)
    for block in scanned.body.blocks:
        source = body_of(scanned, block.body, block.header).attribute("source") if block.type == "terraform" else None
        if source is not None:
            yield _Unit(block.header, _folder(literal(*source), folder), has_inputs)
            return
    if has_inputs:
        yield _Unit(Place(file.path, 1, 1, 1, 2), folder or ".", has_inputs)


def _folder(source: object, folder: str) -> str | None:
    match source:
        case Known(str(path)) if path.startswith((".", "/")) and "${" not in path:
            return posixpath.normpath(posixpath.join(folder, path.replace("//", "/")))
        case _:
            return None


def _spot(
    id: str,  # noqa: A002  as the field of `BlindSpot`
    what: str,
    how: str,
    place: Place,
    concerns: tuple[Subject, ...],
    *,
    is_implied: bool = False,
) -> BlindSpot:
    return BlindSpot(id, what, how, place, OF_TERRAFORM, concerns, is_implied)
