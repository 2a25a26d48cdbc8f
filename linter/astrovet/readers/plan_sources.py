"""Which plan was made from which root module, so that one estate is judged once: copies of a plan, plans apart."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.place import Place
from astrovet.readers.source_file import SourceFile
from astrovet.terraform.address import block_address
from astrovet.terraform.plan.resources import Terraform

if TYPE_CHECKING:
    from astrovet.terraform.source.project import Project


def without_copies(
    plans: Sequence[SourceFile], folders: Collection[str]
) -> Iterator[tuple[SourceFile, SourceFile | None]]:
    """Each plan, with the one of which it is a copy: in the same folder, or where none of these sources lie.

    Two that lie beside different sources are those of two root modules, though they may be alike.
    """
    first: dict[bytes, SourceFile] = {}
    for plan in sorted(plans, key=lambda plan: posixpath.dirname(plan.path) not in folders):
        first.setdefault(plan.data, plan)
    for plan in plans:
        original, folder = first[plan.data], posixpath.dirname(plan.path)
        is_own = folder in folders and folder != posixpath.dirname(original.path)
        yield plan, None if original is plan or is_own or plan.file.fault else original


def copied(plan: SourceFile, original: SourceFile) -> Problem:
    return Problem(
        ProblemKind.REMARK,
        f"this is a copy of {original.path}, and is judged as one with it",
        "scan one of the two",
        Place(plan.path),
    )


def made_from(
    project: Project, roots: Sequence[str], plans: Sequence[Terraform], covered: Collection[str]
) -> Mapping[str, list[int]]:
    """The numbers of the plans that were made from each root module: they know more than it.

    Those that lie in its folder, and have a block of it. Of one that lies elsewhere the only root module counts that
    is alike: a second one, for another stage, may have the same blocks.
    """
    made: dict[str, list[int]] = {}
    for number, plan in enumerate(plans):
        if plan.kind is InputKind.TERRAFORM_SOURCE:
            continue
        near = {posixpath.dirname(plan.path), *covered}
        beside = [root for root in roots if root in near and _has_block_of(plan, project, root)]
        planned = _planned(plan) if not beside else frozenset()
        may_be = [root for root in roots if planned and _names_most(planned, project, root)]
        alike = [root for root in may_be if _are_alike(planned, _declared(project, root))]
        for root in beside or (alike if len(alike) == 1 else ()):
            made.setdefault(root, []).append(number)
    return made


def _declared(project: Project, root: str) -> frozenset[str]:
    """The blocks of a root module, and its calls."""
    folder = project.folder(root)
    return frozenset(
        {f"module.{name}" for name in folder.calls}
        | {block_address("", mode, kind, name) for mode, kind, name in folder.resources}
    )


def _has_block_of(plan: Terraform, project: Project, root: str) -> bool:
    declared = _declared(project, root)
    return any(resource.block in declared or _outermost(resource.block) in declared for resource in plan.resources)


def _planned(plan: Terraform) -> frozenset[str]:
    """The same of what a plan was made from; of a state what it shows of that."""
    if plan.configuration is None:
        return frozenset(_outermost(resource.block) for resource in plan.resources)
    root = plan.configuration.root_module
    return frozenset(
        {f"module.{name}" for name in root.module_calls}
        | {block_address("", mode, kind, name) for mode, kind, name in root.blocks}
    )


def _outermost(block: str) -> str:
    """The call that a block of a module is made by; any other block itself."""
    return ".".join(block.split(".")[:2]) if block.startswith("module.") else block


def _names_most(planned: frozenset[str], project: Project, root: str) -> bool:
    """The quick answer: whether the files of a root module have most of the names."""
    text = "".join(file.content for file in project.contents(root).values())
    return sum(f'"{block.rpartition(".")[2]}"' in text for block in planned) * 2 > len(planned)


def _are_alike(planned: frozenset[str], declared: frozenset[str]) -> bool:
    """Whether most blocks of the one are those of the other; sources may have been changed since."""
    return len(planned & declared) * 2 > max(len(planned), len(declared))
