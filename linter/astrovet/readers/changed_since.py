"""Blocks that read otherwise in the sources than when a plan was made of them: what the plan says of them is old.

What is written out is compared, for a plan keeps the arguments that are (`constant_value`), and has the values of
those that are so in part; of other expressions what they refer to, which is all that it keeps of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from astrovet.document import InputKind, ProblemKind
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Attribute, HclFile, expression_text
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Input
from astrovet.model.link import several
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.blind_spots import OF_TERRAFORM
from astrovet.readers.unplanned import are_its_sources, kinds_of
from astrovet.terraform.file_names import SOURCES
from astrovet.terraform.plan.attributes import references_in
from astrovet.terraform.plan.behind import Candidate
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.plan.shapes import ConfiguredModule
from astrovet.terraform.resource import Resource
from astrovet.terraform.source.declared import Declared, Folder, body_of
from astrovet.terraform.source.project import Project
from astrovet.terraform.source.references import references
from astrovet.terraform.source.root_modules import called_folder
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

OF_RESOURCES = frozenset({"count", "for_each", "provider", "depends_on"})
OF_CALLS = frozenset({"count", "for_each", "providers", "depends_on", "source", "version"})
"""Arguments that a plan keeps elsewhere."""
OF_TERRAFORM_ITSELF = frozenset({"lifecycle", "provisioner", "connection"})
"""Nested blocks that it does not keep."""

_EXPRESSION = frozenset({"constant_value", "references"})
"""What a plan says of an expression; a provider may take what is written as a block for one."""

_FOR = re.compile(r"\bfor\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b")
_NO_LOCALS = Folder("")

Changed = tuple[str, Place, tuple[type[Subject], ...]]


def changed_since(
    plans: Iterable[tuple[Terraform, Candidate]], deployments: Iterable[Deployment]
) -> Iterator[BlindSpot]:
    """One for each plan that is older than what its sources write out."""
    known = tuple(deployments)
    for plan, candidate in plans:
        changes = list(_changes(plan, candidate))
        if changes:
            yield BlindSpot(
                id=f"blocks changed after {plan.path}",
                what=f"{plan.path} was made before {several(tuple(address for address, _, _ in changes))} changed"
                f" in {candidate.folder}",
                how="make the plan again",
                place=changes[0][1],
                decides=tuple(dict.fromkeys(kind for _, _, kinds in changes for kind in kinds)),
                concerns=tuple(deployment for deployment in known if deployment.place.path == plan.path),
            )


def unreadable_sources(plans: Iterable[tuple[Terraform, Candidate]]) -> Iterator[Input]:
    """The sources of plans that are broken: nobody can tell what was added to them."""
    files = {path: file for _, candidate in plans for path, file in candidate.files.items() if path.endswith(SOURCES)}
    for path, file in sorted(files.items()):
        wrong = tuple(problem for problem in file.hcl.problems if problem.kind is ProblemKind.UNREADABLE)
        if wrong:
            yield Input(path, InputKind.TERRAFORM_SOURCE, wrong)


def _changes(plan: Terraform, candidate: Candidate) -> Iterator[Changed]:
    """The blocks that were written otherwise, each with its place and what it may make."""
    if plan.configuration is None:
        return
    project = Project(dict(candidate.files))
    root = "" if candidate.folder == "." else candidate.folder
    instances: dict[str, list[Resource]] = {}
    for resource in plan.resources:
        instances.setdefault(resource.block, []).append(resource)
    pending: list[tuple[str, str, ConfiguredModule]] = []
    if are_its_sources(project.folder(root), instances):
        pending.append((root, "", plan.configuration.root_module))
    while pending:
        path, prefix, module = pending.pop()
        folder = project.folder(path)
        for key, declared in folder.resources.items():
            planned, kinds = module.blocks.get(key), kinds_of(key[1])
            if planned is None or key[0] != "managed" or not kinds:
                continue
            address = f"{prefix}{key[1]}.{key[2]}"
            if _differs(declared, planned.expressions, OF_RESOURCES) or any(
                _has_other_values(declared, planned.expressions, instance) for instance in instances.get(address, ())
            ):
                yield address, declared.header, kinds
        for name, declared in folder.variables.items():
            variable = module.variables.get(name)
            if variable is not None and _is_other_default(declared, variable.default):
                yield f"{prefix}var.{name}", declared.header, OF_TERRAFORM
        for name, declared in folder.calls.items():
            call = module.module_calls.get(name)
            if call is not None:
                if _differs(declared, call.expressions, OF_CALLS):
                    yield f"{prefix}module.{name}", declared.header, OF_TERRAFORM
                target = called_folder(path, declared)
                if target is not None and project.contents(target):
                    pending.append((target, f"{prefix}module.{name}.", call.module))


def _differs(declared: Declared, planned: Mapping[str, Any], kept_elsewhere: Collection[str] = ()) -> bool:
    """Whether an argument is new, is gone, or is set to something else that is written out; in nested blocks too."""
    written = set(declared.attributes()) - set(kept_elsewhere)
    nested = set(declared.block_kinds()) - OF_TERRAFORM_ITSELF
    was_written = {name for name, expression in planned.items() if isinstance(expression, dict)} - nested
    if any(name not in planned for name in written) or not was_written <= written:
        return True
    return any(_is_set_otherwise(declared, name, planned[name]) for name in written) or any(
        _blocks_differ(declared, kind, planned.get(kind)) for kind in nested
    )


def _has_other_values(declared: Declared, planned: Mapping[str, Any], instance: Resource) -> bool:
    """Whether a part of an argument that is written out has another value in the plan."""
    for name, expression in planned.items():
        argument = declared.attribute(name)
        is_open = isinstance(expression, dict) and "references" in expression
        if argument is not None and is_open and _parts_differ(literal(*argument), instance.attribute(name)):
            return True
    return False


def _parts_differ(now: Value[Tree], planned: Value[Tree]) -> bool:
    match now, planned:
        case Known(Map(entries)), Known(Map(others)):
            return any(
                key in others and _parts_differ(entry.value, others[key].value) for key, entry in entries.items()
            )
        case Known(List()), Known(List()):
            match _written_out(now), _written_out(planned):
                case list() as written, list() as was:
                    return sorted(map(str, written)) != sorted(map(str, was))
                case _:
                    return False
        case Known(str() | bool() | int() | float()), Known(str() | bool() | int() | float()):
            return _written_out(now) != _written_out(planned)
        case (Known() | Unknown() | Absent(), _):
            return False


def _is_set_otherwise(declared: Declared, name: str, planned: Any) -> bool:
    argument = declared.attribute(name)
    if argument is None or not isinstance(planned, dict) or _EXPRESSION.isdisjoint(planned):
        return False
    now = _written_out(literal(*argument))
    if now is None:
        return _refers_to(*argument) != frozenset(map(_object, references_in(planned))) - {""}
    return "constant_value" in planned and now != _text(planned["constant_value"])


def _refers_to(file: HclFile, attribute: Attribute) -> frozenset[str]:
    """What an expression refers to, as a plan has it: a local value is not followed, and what `for` names is none."""
    own = {name for names in _FOR.findall(expression_text(file, attribute)) for name in names}
    referred = references(file, attribute, _NO_LOCALS)
    return frozenset(_object(name) for name in referred if name.partition(".")[0].partition("[")[0] not in own) - {""}


def _object(reference: str) -> str:
    """The variable, local value, module or resource that a reference leads into; empty for `each` and the like."""
    match reference.split("."):
        case ["data", kind, name, *_]:
            return f"data.{kind}.{name.partition('[')[0]}"
        case ["each" | "count" | "path" | "self" | "terraform", *_]:
            return ""
        case [kind, name, *_]:
            return f"{kind}.{name.partition('[')[0]}"
        case _:
            return ""


def _blocks_differ(declared: Declared, kind: str, planned: Any) -> bool:
    """The same of nested blocks of a kind; of those that are made by `dynamic` nothing is told."""
    blocks = declared.blocks(kind)
    were = planned if isinstance(planned, list) else [planned]
    are_blocks = all(isinstance(was, dict) and not _EXPRESSION.issuperset(was) for was in were)
    if any(block.type == "dynamic" for _, block in blocks) or not are_blocks:
        return False
    return len(blocks) != len(were) or any(
        _differs(body_of(file, block.body, block.header), was) for (file, block), was in zip(blocks, were, strict=True)
    )


def _is_other_default(declared: Declared, planned: Any) -> bool:
    """Whether a variable has another default: of simple ones, for a type makes more of others."""
    argument = declared.attribute("default")
    if argument is None or planned is None:
        return (argument is None) != (planned is None) and not _is_null(argument)
    now = _written_out(literal(*argument))
    return isinstance(now, str) and isinstance(planned, str | bool | int | float) and now != _text(planned)


def _is_null(argument: Any) -> bool:
    return argument is not None and isinstance(literal(*argument), Absent)


def _written_out(value: Value[Tree]) -> object:
    """A value as plain data, each scalar as text; None where a part of it is not written out."""
    match value:
        case Known(List(items)):
            parts = [_written_out(item) for item in items]
            return None if None in parts else parts
        case Known(Map(entries, unlisted=None)):
            inner = {key: _written_out(entry.value) for key, entry in entries.items()}
            return None if None in inner.values() else inner
        case Known(str() | bool() | int() | float() as scalar):
            return _text(scalar)
        case Known() | Unknown() | Absent():
            return None


def _text(data: Any) -> object:
    """JSON with each scalar as text, for `"443"` and `443` are the same to most arguments."""
    match data:
        case dict():
            return {key: _text(item) for key, item in data.items()}
        case list():
            return [_text(item) for item in data]
        case bool():
            return str(data).lower()
        case float() if data.is_integer():
            return str(int(data))
        case _:
            return str(data)
