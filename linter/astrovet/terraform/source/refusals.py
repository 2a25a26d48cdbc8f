"""What Terraform surely refuses in a root module, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from astrovet.document import Problem, ProblemKind
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Attribute, Block, Body, HclFile
from astrovet.place import Place
from astrovet.terraform.source.declared import Declared, Folder, expression_of, expressions_in
from astrovet.terraform.source.expressions import Attribute as Step
from astrovet.terraform.source.expressions import Expression, Name
from astrovet.terraform.source.instances import not_to_be_expanded
from astrovet.terraform.source.modules import Module, Names
from astrovet.terraform.source.references import children
from astrovet.terraform.source.types import convert
from astrovet.terraform.values.steps import refused
from astrovet.terraform.values.unknowns import refused_part
from astrovet.value import Known, Tree, Unknown, Value, boolean

HOW = "correct the expression, or what it refers to; `terraform plan` ends with an error here"
NOT_EVALUATED = frozenset({"connection", "depends_on", "lifecycle", "provider", "providers", "provisioner"})
"""Arguments and blocks that hold no values, or are evaluated only after others were made."""
OF_CALLS = frozenset({"source", "version"})


class _Value(Struct, frozen=True):
    """What Terraform evaluates in any case, and what it refers to."""

    held: Value[Tree]
    names: Names
    arguments: Sequence[tuple[HclFile, Attribute]] = ()


def refusals(root: Module) -> Iterator[Problem]:
    """The arguments of a root module that Terraform refuses whatever its variables are set to.

    What is refused because something else is, is told there. Nothing is said where a file cannot be read: what is
    missing may stand in it; nor where so much was evaluated that the rest of it matters more.
    """
    if root.project.budget.is_scarce:
        return
    if any(True for _ in _refused(root)) and not any(_is_broken(module.folder) for module in root.tree()):
        yield from dict.fromkeys(_refused(root.whatever_is_set()))


def _is_broken(folder: Folder) -> bool:
    return any(problem.kind is ProblemKind.UNREADABLE for problem in folder.problems)


def _refused(root: Module) -> Iterator[Problem]:
    for module in _certain(root):
        for value in _values(module):
            lost = refused_part(value.held)
            if lost is not None and not _is_consequence(value):
                yield _problem(f"Terraform refuses this: {lost.why}", lost.place)


def _certain(module: Module) -> Iterator[Module]:
    """A module and those below it that surely are there."""
    yield module
    for instance, child in module.children():
        if instance.doubt is None:
            yield from _certain(child)


def _problem(why: str, place: Place) -> Problem:
    where = Place(place.path, place.line, place.column, place.end_line, place.end_column)
    return Problem(ProblemKind.WRONG_TYPE, why, HOW, where)


def _values(module: Module) -> Iterator[_Value]:
    """All that Terraform evaluates in a module, whether or not something asks for it."""
    own, folder = Names(module), module.folder
    for name, declared in folder.variables.items():
        if not _is_refused(module.given(name)):
            yield _Value(module.variable(name, declared.header), own)
        yield from _demands(declared.blocks("validation"), own, _place_of(module, name, declared))
        default = declared.attribute("default")
        constraint = declared.attribute("type")
        if default is not None and constraint is not None:
            value = literal(*default)
            yield _Value(convert(value, expression_of(*constraint), value.place), own)
    for name, local in folder.locals.items():
        yield _Value(module.local(name, local[1].place), own, (local,))
    for name, declared in folder.outputs.items():
        argument = declared.attribute("value")
        if argument is not None:
            yield _Value(module.output(name, declared.header), own, (argument,))
        yield from _demands(declared.blocks("precondition"), own, declared.header)
    for name, declared in folder.calls.items():
        yield from _of_instances(module, ("module", name), declared, OF_CALLS)
    for (mode, kind, name), declared in folder.resources.items():
        key = (kind, name) if mode == "managed" else ("data", kind, name)
        yield from _of_instances(module, key, declared)
    for _, declared in folder.providers:
        yield from _of_block(declared, own)


def _of_instances(
    module: Module, key: tuple[str, ...], declared: Declared, besides: frozenset[str] = frozenset()
) -> Iterator[_Value]:
    """What makes the instances of a block, and what each of them holds that surely is there."""
    own = Names(module)
    maker = next((name for name in ("count", "for_each") if declared.attribute(name) is not None), "")
    argument = declared.attribute(maker)
    made_by = own.value(declared, maker)
    if argument is not None:
        why = not_to_be_expanded(made_by, is_count=maker == "count")
        yield _Value(refused(why, argument[1].place) if why else made_by, own, (argument,))
    for instance in module.instances(key, declared):
        if instance.doubt is None:
            yield from _of_block(declared, Names(module, instance=instance), besides)


def _of_block(declared: Declared, names: Names, besides: frozenset[str] = frozenset()) -> Iterator[_Value]:
    left_out = NOT_EVALUATED | besides | {"count", "for_each"}
    for file, block in declared.blocks("lifecycle"):
        conditions = [(file, inner) for inner in block.body.blocks if inner.type == "precondition"]
        yield from _demands(conditions, names, declared.header)
    for name in declared.attributes():
        argument = declared.attribute(name)
        if argument is not None and name not in left_out:
            yield _Value(names.value(declared, name), names, (argument,))
    for kind in declared.block_kinds():
        if kind not in left_out:
            inside = [(file, argument) for file, block in declared.blocks(kind) for argument in _below(block.body)]
            yield _Value(names.value(declared, kind), names, inside)


def _demands(blocks: Sequence[tuple[HclFile, Block]], names: Names, place: Place) -> Iterator[_Value]:
    """Conditions that must hold, for what stands at `place`."""
    for file, block in blocks:
        condition = block.body.attribute("condition")
        if condition is None:
            continue
        held = boolean(names.argument(file, condition))
        if isinstance(held, Known) and not held.value:
            yield _Value(refused(f"the condition in line {condition.place.line} does not hold", place), names)
        elif isinstance(held, Unknown):
            yield _Value(held, names, ((file, condition),))


def _place_of(module: Module, name: str, declared: Declared) -> Place:
    """Where the value of a variable stands."""
    given = module.given(name)
    default = declared.attribute("default")
    return given.place if given is not None else default[1].place if default is not None else declared.header


def _below(body: Body) -> Iterator[Attribute]:
    """The arguments of a block and of those within it."""
    pending = [body]
    while pending:
        current = pending.pop()
        yield from current.attributes
        pending.extend(block.body for block in current.blocks)


def _is_refused(value: Value[Tree] | None) -> bool:
    return value is not None and refused_part(value) is not None


def _is_consequence(value: _Value) -> bool:
    """Whether it refers to something that is refused itself."""
    return any(
        _is_refused(_resolved(value.names, name, step, argument.place))
        for file, argument in value.arguments
        for expression in expressions_in(file, argument)
        for name, step in _referred(expression)
    )


def _resolved(names: Names, name: str, step: str, place: Place) -> Value[Tree]:
    return names.project.budget.evaluated(lambda: names.resolve(name, [step], place), place)


def _referred(expression: Expression) -> Iterator[tuple[str, str]]:
    """The beginnings of the references in an expression: `local.a` of `local.a.b[0]`."""
    pending = [expression]
    while pending:
        current = pending.pop()
        match current:
            case Step(Name(name), step):
                yield name, step
            case _:
                pending.extend(children(current))
