"""What commands that read inputs share: their options, and the way from these to the model."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

import click
from msgspec import Struct
from msgspec.structs import replace

from astrovet.cli.app import EXIT_INPUT, option
from astrovet.cli.bounds import Bounds, bounds_of, displayed, has_submodules, root_of
from astrovet.cli.configs import config_finder
from astrovet.cli.files import Disk, is_excluded
from astrovet.cli.streams import tell
from astrovet.cli.templates import is_flow
from astrovet.cli.terraform import sources_of
from astrovet.cli.values import beside, files_of_flag, helm_inputs, settings
from astrovet.cli.waivers import comments_of
from astrovet.declared.configuration import Config, ConfigError
from astrovet.formats.text_file import TextFile
from astrovet.guard import Guard
from astrovet.helm.conventions import ENDINGS
from astrovet.helm.release import SettingKind
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate, Input, with_refused
from astrovet.place import Root
from astrovet.readers.agent.helm_inputs import HelmInputs
from astrovet.readers.estate import Reading, build
from astrovet.readers.source_file import PLAN_LIMIT, VALUES_LIMIT, Role, SourceFile, TerraformSources
from astrovet.terraform.file_names import SOURCES

if TYPE_CHECKING:
    from astrovet.declared.annotations import Comments
    from astrovet.terraform.plan.behind import Behind

FILE = click.Path(readable=False)
"""A file or `-`; several in an environment variable are separated as in PATH. Faults are told later."""


class Inputs(Struct, frozen=True):
    """What the command line says of inputs; the fields are the options of `input_options`."""

    paths: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    source_dir: str | None = None
    layers: tuple[str, ...] = ()
    set_typed: tuple[str, ...] = ()
    set_text: tuple[str, ...] = ()
    set_json: tuple[str, ...] = ()
    set_file: tuple[str, ...] = ()
    set_literal: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    stdin_name: str = ""
    include_outside: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    no_gitignore: bool = False
    no_env_vars: bool = False
    config_file: str | None = None

    @property
    def walked(self) -> tuple[str, ...]:
        """The paths to look at: the working directory where nothing at all is named."""
        return self.paths or (() if self.plans or self.layers else (".",))

    @property
    def named(self) -> tuple[str, ...]:
        """All that is looked at by its name, but for standard input."""
        return tuple(path for path in (*self.walked, *self.plans, *self.layers) if path != "-")

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that are scanned whole."""
        return tuple(path for path in self.walked if os.path.isdir(path))


class Read(Struct, frozen=True):
    """The inputs of a run, read."""

    reading: Reading
    behind: Behind | None
    """The sources behind the plans; None without a plan."""
    folders: tuple[str, ...]
    """The folders that are scanned whole."""
    config_of: Callable[[str], Config]
    """The settings for an input."""
    comments: Mapping[str, Comments]
    """What the comments that speak to astrovet say, by the path of their file."""
    disk: Disk
    """Where the files were read from, each once."""
    guard: Guard
    """What broke that is no single file's."""
    root: Root = Root()
    """From where paths count that are the same wherever the run is started."""
    changed: tuple[SourceFile, ...] = ()
    """In the hook the files of the commit, where the rest of their projects was read beside them."""

    @property
    def estate(self) -> Estate:
        return self.reading.estate

    @property
    def contents(self) -> dict[str, TextFile]:
        """The files that findings can point at, by path."""
        return {**self.reading.contents, **(self.behind.files if self.behind is not None else {})}

    @property
    def bugs(self) -> tuple[str, ...]:
        """What of ours broke; the run then ends as an internal error, whatever else was found."""
        files = self.estate.of(Input)
        of_files = (f"{file.path}: {bug.why}" for file in files for bug in file.problems if bug.is_bug)
        return (*of_files, *self.guard.bugs)


_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    option(
        "--plan",
        "plans",
        multiple=True,
        type=FILE,
        metavar="FILE",
        help="A plan or state of `terraform show -json`; - is stdin.",
    ),
    option(
        "--source-dir",
        type=click.Path(exists=True, file_okay=False),
        metavar="DIR",
        help="The .tf sources of the plan. Default: beside it.",
    ),
    option(
        "-f",
        "--values",
        "layers",
        multiple=True,
        type=FILE,
        metavar="FILE",
        help="Helm values; several are one set, in Helm's order.",
    ),
    option("--set", "set_typed", multiple=True, metavar="NAME=VALUE", help="Helm's flag, over the files of --values."),
    option("--set-string", "set_text", multiple=True, metavar="NAME=VALUE", help="The same; the value stays text."),
    option("--set-json", "set_json", multiple=True, metavar="NAME=JSON", help="The same; the value is JSON."),
    option("--set-file", "set_file", multiple=True, metavar="NAME=FILE", help="The same; the value is a file's text."),
    option("--set-literal", "set_literal", multiple=True, metavar="NAME=VALUE", help="The same; nothing is special."),
    option("--var-file", "var_files", multiple=True, metavar="FILE", help="Values of Terraform variables."),
    option("--no-env-vars", is_flag=True, help="Pass over TF_VAR_… and TF_WORKSPACE."),
    option("--stdin-name", default="stdin", metavar="NAME", help="How reports call standard input."),
    option(
        "--include-outside",
        multiple=True,
        type=click.Path(exists=True, file_okay=False),
        metavar="DIR",
        help="Also read there what inputs name, outside of their repository.",
    ),
    option("--exclude", multiple=True, metavar="GLOB", help="Leave out files and folders found below a PATH."),
    option("--no-gitignore", is_flag=True, help="Also look at what git ignores."),
    option(
        "--config", "config_file", metavar="FILE", help="Settings. Default: .astrovet.yaml beside or above an input."
    ),
)


def input_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options that name inputs; the command gets them as one `inputs`."""
    return packed("inputs", Inputs, _OPTIONS)(function)


def packed(
    name: str, record: type[Struct], options: Sequence[Callable[..., Any]]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A decorator that adds options to a command, which gets their values as one record."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def command(**given: Any) -> None:
            values = {field: given.pop(field) for field in record.__struct_fields__}
            function(**given, **{name: record(**values)})

        for decorator in reversed(options):
            command = decorator(command)
        return command

    return decorate


def read(inputs: Inputs, *, hook: bool = False) -> Read:
    """Read all that is named and bring it into one model. With `hook`, files that are no inputs are silently fine.

    Raises ConfigError where a configuration cannot be used.
    """
    inputs = replace(inputs, layers=tuple(name for names in inputs.layers for name in files_of_flag(names)))
    given = settings(
        {
            SettingKind.TYPED: inputs.set_typed,
            SettingKind.TEXT: inputs.set_text,
            SettingKind.JSON: inputs.set_json,
            SettingKind.FILE: inputs.set_file,
            SettingKind.LITERAL: inputs.set_literal,
        }
    )
    if given and not inputs.layers:
        raise click.UsageError("--set and the like are settings over values files; give these with -f.")
    disk = Disk(inputs.stdin_name, _bounds(inputs, hook=hook), heeds_git=not inputs.no_gitignore)
    guard = Guard(ConfigError, click.ClickException)
    named = tuple(guard.kept("looked for files", _files, inputs, disk, hook=hook))
    folders = inputs.folders
    changed: tuple[SourceFile, ...] = ()
    if hook and not folders:
        from astrovet.cli.hook import projects, whole

        folders = projects(named)
    if hook and folders and not inputs.folders:
        changed = tuple(file for file in named if file.is_alone)
        named = tuple(whole(named, folders, inputs.exclude, disk))
    start = (*inputs.paths, *inputs.plans, *inputs.layers, ".")[0]
    config_of = config_finder(inputs.config_file, disk)
    sources = guard.run(
        "looked for sources of Terraform",
        TerraformSources(()),
        sources_of,
        named,
        inputs.exclude,
        inputs.var_files,
        inputs.source_dir,
        inputs.folders,
        config_of,
        disk,
        heeds_environment=not inputs.no_env_vars,
    )
    helm = guard.run(
        "looked for layers of values", HelmInputs(settings=given), helm_inputs, named, folders, given, config_of, disk
    )
    reading = build(named, inputs.stdin_name if start == "-" else displayed(start), sources, helm, guard)
    behind = guard.run("read the sources behind plans", None, _behind, reading, sources, inputs.source_dir, disk)
    if behind is not None:
        reading = guard.run("held plans against their sources", reading, _with_unplanned, reading, behind)
    reading = replace(reading, estate=with_refused(reading.estate, disk.refused))
    reading = guard.run("looked at what could not be read", reading, _with_unread, reading)
    reading = guard.run("looked at what is not read", reading, _with_places, reading, folders, inputs.exclude, disk)
    comments = comments_of(reading, behind, guard)
    reading = guard.run("read what comments require", reading, _with_demands, reading, comments)
    return Read(reading, behind, folders, config_of, comments, disk, guard, root_of(inputs.named), changed)


def _bounds(inputs: Inputs, *, hook: bool) -> Bounds:
    """What the run may read. In a hook git says what is scanned, not the user: a link stays in the repository."""
    may_be_plans = [path for path in inputs.paths if not (os.path.isdir(path) or path.endswith((*SOURCES, *ENDINGS)))]
    behind_plans = (inputs.source_dir or ".",) if inputs.plans or (may_be_plans and not hook) else ()
    set_files = (argument.partition("=")[2] for argument in inputs.set_file)
    return bounds_of(
        (*inputs.walked, *inputs.plans, *inputs.layers, *behind_plans),
        included=inputs.include_outside,
        named=(*(() if hook else inputs.walked), *((inputs.config_file,) if inputs.config_file else ())),
        pipes=(*inputs.plans, *inputs.layers, *inputs.var_files, *set_files),
        follows=not hook,
    )


def _with_demands(reading: Reading, comments: Mapping[str, Comments]) -> Reading:
    """With what comments require of what they stand at."""
    if not comments:
        return reading
    from astrovet.declared.demands import with_demands  # most runs have no such comment

    return replace(reading, estate=with_demands(reading.estate, comments))


def _with_unread(reading: Reading) -> Reading:
    """With what inputs may hold that could not be used."""
    if not any(file.problems for file in reading.estate.of(Input)):
        return reading
    from astrovet.readers.blind_spots import unread

    return replace(reading, estate=reading.estate.with_objects(*unread(reading.estate)))


def _with_places(reading: Reading, folders: Sequence[str], excluded: Sequence[str], disk: Disk) -> Reading:
    """With what the run came to beside its inputs."""
    if reading.estate.is_empty or not (disk.units or disk.empty_plans or any(map(has_submodules, folders))):
        return reading
    from astrovet.cli.unread_places import looked_at  # few repositories have any
    from astrovet.readers.unread_places import unread_places

    spots = unread_places(looked_at(folders, excluded, disk), reading.estate, reading.sources_of)
    return replace(reading, estate=reading.estate.with_objects(*spots))


def _with_unplanned(reading: Reading, behind: Behind) -> Reading:
    """With what stands in the sources behind plans and is in none of these, or otherwise."""
    from astrovet.readers.changed_since import changed_since, unreadable_sources  # most runs have no plan
    from astrovet.readers.unplanned import may_be_newer, unplanned

    plans = tuple(behind.chosen(lambda _, __: True))
    if not plans or reading.estate.is_empty:
        return reading
    newer = {candidate.folder for plan, candidate in plans if may_be_newer(plan, candidate)}
    deployments = reading.estate.of(Deployment)
    added = unplanned([(plan, candidate) for plan, candidate in plans if candidate.folder in newer], deployments)
    known = {file.path for file in reading.estate.of(Input)}
    broken = (file for file in unreadable_sources(plans) if file.path not in known)
    return replace(reading, estate=reading.estate.with_objects(*added, *changed_since(plans, deployments), *broken))


def stop(error: ConfigError) -> NoReturn:
    """Say what is wrong with the configuration, and end."""
    for problem in error.problems:
        tell(f"{problem.place}: {problem.message}")
    sys.exit(EXIT_INPUT)


def _files(inputs: Inputs, disk: Disk, *, hook: bool) -> Iterator[SourceFile]:
    """All inputs, each once."""
    yield from (SourceFile(disk.file(name, PLAN_LIMIT), Role.PLAN) for name in inputs.plans)
    yield from (SourceFile(disk.file(name, VALUES_LIMIT), Role.VALUES) for name in inputs.layers)
    seen = {displayed(name) for name in (*inputs.plans, *inputs.layers)}
    for path in inputs.walked:
        if os.path.isdir(path):
            files = disk.below(path, inputs.exclude)
        elif hook:
            files = iter(()) if is_excluded(path, inputs.exclude) else disk.of_interest(disk.file(path), is_alone=True)
        else:
            named = disk.file(path)
            files = iter((SourceFile(named, Role.NAMED, True, is_flow(named.path, named.data)),))
        for file in files:
            if file.path not in seen:
                seen.add(file.path)
                yield file
    for path in inputs.paths:
        if path != "-" and not os.path.isdir(path):
            for file in beside(path, seen, disk):
                seen.add(file.path)
                yield file


def _behind(reading: Reading, sources: TerraformSources, source_dir: str | None, disk: Disk) -> Behind | None:
    """The sources behind the plans; None without a plan."""
    if not reading.plans:
        return None
    from astrovet.cli.sources import read_behind  # it brings the HCL scanner along

    evaluated = {file.path: file.file for file in sources.files if not file.fault}
    return read_behind(reading.plans, evaluated, source_dir, reading.sources_of, disk)
