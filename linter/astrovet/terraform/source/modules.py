"""Modules as they are called: variables, locals, calls and instances, evaluated where they are asked for."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce

from msgspec.structs import replace

from astrovet.budget import ExhaustedError, Meter
from astrovet.document import Problem, ProblemKind
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Attribute, HclFile, expression_text
from astrovet.place import Place, inside, step
from astrovet.terraform.address import ModuleStep
from astrovet.terraform.resource import NOT_AT_HAND
from astrovet.terraform.source.arguments import argument_value
from astrovet.terraform.source.blocks import held
from astrovet.terraform.source.declared import Declared
from astrovet.terraform.source.environment import NONE, Environment
from astrovet.terraform.source.instances import Instance, expanded, one_or_all
from astrovet.terraform.source.marks import as_sensitive
from astrovet.terraform.source.names import ProjectFiles
from astrovet.terraform.source.parsing import parse
from astrovet.terraform.source.project import Project
from astrovet.terraform.source.provider_types import (
    UNTYPED,
    as_provided,
    decided_later,
    identified,
    named_by,
    reached,
    whole,
    with_additions,
)
from astrovet.terraform.source.root_modules import called_folder
from astrovet.terraform.source.types import convert, type_named
from astrovet.terraform.values.plain_data import moved
from astrovet.terraform.values.steps import refused, walked
from astrovet.terraform.values.types import part_of, type_of
from astrovet.terraform.values.unknowns import after_apply, unknown
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, at

MAX_MODULE_DEPTH = 32


class Module:
    """One instance of a module."""

    def __init__(
        self,
        project: Project,
        folder: str,
        root: str,
        *,
        steps: tuple[ModuleStep, ...] = (),
        address: str = "",
        arguments: Callable[[str], Value[Tree] | None],
        environment: Environment = NONE,
        is_open: bool = False,
    ) -> None:
        """With `is_open` nothing counts that can still change before Terraform evaluates: a default for which another
        value may be given, a file that is not there yet."""
        self.project, self.folder, self.root = project, project.folder(folder), root
        self.steps, self.address, self.environment = steps, address, environment
        self.given, self.is_open = arguments, is_open
        self._memo: dict[tuple[str, ...], Value[Tree] | None] = {}
        self._instances: dict[tuple[str, ...], tuple[Instance, ...]] = {}
        self._children: dict[tuple[str, str | int | None], Module | None] = {}
        self.not_entered: list[Problem] = []
        """Calls in it that are not followed, because there would be too much to evaluate."""

    def whatever_is_set(self) -> Module:
        """The same root module, of which only that is known which no value given elsewhere can change."""
        given, environment = self.given, self.environment
        project = self.project.apart()
        return Module(project, self.folder.path, self.root, arguments=given, environment=environment, is_open=True)

    # --- what references mean

    def variable(self, name: str, place: Place) -> Value[Tree]:
        return self.once(("var", name), place, lambda: self._variable(name, place))

    def local(self, name: str, place: Place) -> Value[Tree]:
        def compute() -> Value[Tree]:
            argument = self.folder.locals.get(name)
            if argument is None:
                return Unknown(f"local.{name} is not declared in this module", place)
            return Names(self).argument(*argument)

        return self.once(("local", name), place, compute)

    def output(self, name: str, place: Place) -> Value[Tree]:
        def compute() -> Value[Tree]:
            declared = self.folder.outputs.get(name)
            argument = declared.attribute("value") if declared is not None else None
            if declared is None or argument is None:
                return refused(f"this module has no output {name}", place)
            value = Names(self).argument(*argument)
            return as_sensitive(value) if declared.flag("sensitive") else value

        return self.once(("output", name), place, compute)

    def once(self, key: tuple[str, ...], place: Place, compute: Callable[[], Value[Tree]]) -> Value[Tree]:
        """What `compute` gives, computed once; Unknown where it asks for itself meanwhile."""
        if key in self._memo:
            remembered = self._memo[key]
            return remembered if remembered is not None else Unknown(f"{'.'.join(key)} refers to itself", place)
        self._memo[key] = None
        try:
            value = compute()
        except BaseException:
            del self._memo[key]
            raise
        self._memo[key] = value
        return value

    def _variable(self, name: str, place: Place) -> Value[Tree]:
        declared = self.folder.variables.get(name)
        if declared is None:
            return Unknown(f"var.{name} is not declared in this module", place)
        value = self.given(name)
        if value is None:
            default = declared.attribute("default")
            if default is None or (self.is_open and not self.steps):
                lost = Unknown(f"no value for var.{name}", place, (f"var.{name}",), how="pass --var-file")
                constraint = declared.attribute("type")
                wanted = type_named(parse(expression_text(*constraint))) if constraint is not None else None
                return replace(lost, type=wanted)
            value = literal(*default)
        constraint = declared.attribute("type")
        default = declared.attribute("default")
        if isinstance(value, Absent) and default is not None and not declared.flag("nullable", otherwise=True):
            value = literal(*default)
        if constraint is not None:
            value = convert(value, parse(expression_text(*constraint)), value.place)
        return as_sensitive(value) if declared.flag("sensitive") else value

    # --- instances

    def instances(self, key: tuple[str, ...], declared: Declared) -> tuple[Instance, ...]:
        """The instances of a resource or a module call."""
        if key not in self._instances:
            self._instances[key] = (Instance(doubt=Unknown(f"{'.'.join(key)} depends on itself", declared.header)),)
            self._instances[key] = expanded(declared, Names(self).argument, self.project.budget)
        return self._instances[key]

    def child(self, name: str, instance: Instance) -> Module | None:
        """The module that an instance of a call enters; None where its sources are not at hand."""
        key = (name, instance.key)
        if key not in self._children:
            self._children[key] = self._enter(name, instance)
        return self._children[key]

    def children(self) -> Iterator[tuple[Instance, Module]]:
        for name, declared in self.folder.calls.items():
            for instance in self.instances(("module", name), declared):
                child = self.child(name, instance)
                if child is not None:
                    yield instance, child

    def tree(self) -> Iterator[Module]:
        """The module itself, and all modules below it."""
        yield self
        for _, child in self.children():
            yield from child.tree()

    def _enter(self, name: str, instance: Instance) -> Module | None:
        declared = self.folder.calls[name]
        folder = self.folder_of(name)
        if folder is None or not self.project.contents(folder):
            return None
        names = Names(self, instance=instance)

        def argument(wanted: str) -> Value[Tree] | None:
            passed = declared.attribute(wanted)
            return names.value(declared, wanted) if passed is not None else None

        child = Module(
            self.project,
            folder,
            self.root,
            steps=(*self.steps, ModuleStep(name, instance.key)),
            address=f"{self.address}.module.{name}{instance.suffix}".lstrip("."),
            arguments=argument,
            environment=self.environment,
            is_open=self.is_open,
        )
        return child if self._may_enter(child, declared) else None

    def folder_of(self, name: str) -> str | None:
        """The folder of the module that a call enters; None where it is not at hand."""
        fetched = self.project.fetched(self.root, (*(step.name for step in self.steps), name))
        return called_folder(self.folder.path, self.folder.calls[name], fetched)

    def _may_enter(self, child: Module, call: Declared) -> bool:
        """Whether the budget allows another module, with as many resources as it declares."""
        try:
            levels = Meter("levels of modules that call modules", MAX_MODULE_DEPTH)
            levels.spend(len(child.steps))
            self.project.budget.instances.spend(1 + len(child.folder.resources) + len(child.folder.calls))
        except ExhaustedError as error:
            why = f"this module is not judged: {error.why}"
            self.not_entered.append(Problem(ProblemKind.UNREADABLE, why, error.how, call.header))
            return False
        return True


class Names(ProjectFiles):
    """What references mean in one place: in a module, in an instance, in a dynamic block."""

    def __init__(
        self,
        module: Module,
        *,
        instance: Instance | None = None,
        iterators: Mapping[str, tuple[Value[Tree], Value[Tree]]] | None = None,
    ) -> None:
        self.module = module
        self.project, self.root = module.project, module.root
        self.instance = instance or Instance()
        self.iterators = iterators or {}

    def is_absent(self, path: str) -> bool:
        """Whether there surely is no such file."""
        return not self.module.is_open and super().is_absent(path)

    def below(self, folder: str) -> Sequence[str] | None:
        """The files below a folder, by their paths from there; None where that cannot be told."""
        return None if self.module.is_open else super().below(folder)

    def argument(self, file: HclFile, attribute: Attribute) -> Value[Tree]:
        """The value of an argument: what is written out at its exact place, the rest evaluated."""
        return argument_value(file, attribute, self, self.module.project.budget)

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        """The value of a reference, at the place where it is used."""
        first = str(steps[0]) if steps else ""
        if root in self.iterators:  # one may be called as anything else, `data` for one, and hides that
            key, value = self.iterators[root]
            if not steps:
                return unknown("", place, key, value)
            return moved(walked(key if first == "key" else value, *steps[1:], place=place), place)
        match root:
            case "var" if first:
                return moved(walked(self.module.variable(first, place), *steps[1:], place=place), place)
            case "local" if first:
                return moved(walked(self.module.local(first, place), *steps[1:], place=place), place)
            case "each" if first in {"key", "value"} and self.instance.each is not None:
                return moved(walked(self.instance.each[first == "value"], *steps[1:], place=place), place)
            case "each" if self.instance.doubt is not None:
                return replace(self.instance.doubt, place=place)
            case "count" if first == "index" and self.instance.count is not None:
                return moved(self.instance.count, place)
            case "count" if self.instance.doubt is not None:
                return replace(self.instance.doubt, place=place)
            case "path" if first in {"module", "root"}:
                return Known(self._path(first), place, written=False)
            case "path" if first == "cwd":
                return Unknown("where Terraform is run does not stand in the sources", place, is_never_null=True)
            case "terraform" if first == "workspace":
                return self._workspace(place)
            case "module" if first:
                return moved(self._module(first, steps[1:], place), place)
            case "data" | "ephemeral" if len(steps) >= 2:
                address = f"{root}.{steps[0]}.{steps[1]}"
                return Unknown(f"{address} is read only by a plan", place, (self._address(address),))
            case _ if first:
                return self._resource(root, first, steps[1:], place)
            case _:
                return Unknown(f"`{root}` means nothing here", place)

    def _path(self, which: str) -> str:
        if which == "root" or not self.module.steps:
            return "."
        return posixpath.relpath(self.module.folder.path or ".", self.module.root or ".")

    def _workspace(self, place: Place) -> Value[Tree]:
        selected = self.module.environment.workspace
        if selected is None:
            return Unknown("which workspace is selected does not stand in the sources", place, how="set TF_WORKSPACE")
        return Known(selected, place, written=False)

    def _address(self, address: str) -> str:
        return f"{self.module.address}.{address}".lstrip(".")

    def _module(self, name: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        declared = self.module.folder.calls.get(name)
        if declared is None:
            return Unknown(f"module.{name} is not called in this module", place)
        instances = self.module.instances(("module", name), declared)

        def outputs(instance: Instance, path: Sequence[str | int]) -> Value[Tree]:
            child = self.module.child(name, instance)
            if child is None:
                return Unknown(NOT_AT_HAND.format(name), place)
            if path:
                return walked(child.output(str(path[0]), place), *path[1:], place=place)
            entries = {key: Entry(key, inside(place, key), child.output(key, place)) for key in child.folder.outputs}
            return Known(Map(entries), place, written=False)

        return one_or_all(declared, instances, steps, outputs, place)

    def _resource(self, kind: str, name: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        declared = self.module.folder.resources.get(("managed", kind, name))
        if declared is None:
            return Unknown(f"{kind}.{name} is not declared in this module", place)
        instances = self.module.instances((kind, name), declared)

        schema = self.module.project.schema(kind)

        def values(instance: Instance, path: Sequence[str | int]) -> Value[Tree]:
            address = self._address(f"{kind}.{name}{instance.suffix}")
            inner = Names(self.module, instance=instance)
            if path:
                value = as_provided(inner.value(declared, str(path[0])), kind, schema, str(path[0]))
                if decided_later(at(value, *path[1:]), schema):
                    named = reduce(step, path, self._address(f"{kind}.{name}"))
                    later = after_apply(named, place, (address,))
                    if path[0] == "output" and kind in UNTYPED:
                        return replace(later, type=part_of(type_of(inner.value(declared, "input")), path[1:]))
                    later = identified(later) if len(path) == 1 and path[0] == "id" else later
                    return named_by(later, (kind, *path), lambda argument: inner.value(declared, argument))
                return reached(walked(with_additions(value, kind, address), *path[1:], place=place), kind, schema)
            return whole(lambda key: inner.value(declared, key), declared.attributes(), kind, schema, address, place)

        return one_or_all(declared, instances, steps, values, place)

    # --- the values of a declaration

    def value(self, declared: Declared, name: str) -> Value[Tree]:
        """The value of an argument, or of the nested blocks of that kind."""
        is_argument = declared.attribute(name) is not None
        if not is_argument and not declared.blocks(name):
            return Absent(declared.header)  # most of what readers ask for: nothing is evaluated, counted or remembered
        budget = self.module.project.budget

        def value() -> Value[Tree]:
            if is_argument:
                return held(declared, name, self, budget)  # it has an account of its own
            return budget.evaluated(lambda: budget.take(held(declared, name, self, budget)), declared.header)

        key = ("value", name, str(id(declared)), self.instance.suffix)
        return value() if self.iterators else self.module.once(key, declared.header, value)

    def going_through(self, iterator: str, key: Value[Tree], value: Value[Tree]) -> Names:
        """The names within the content of a `dynamic` block, for one of its elements."""
        return Names(self.module, instance=self.instance, iterators={**self.iterators, iterator: (key, value)})
