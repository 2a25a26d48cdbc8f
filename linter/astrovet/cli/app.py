"""The `astrovet` command and what all its subcommands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from astrovet import __version__
from astrovet.cli.streams import show, tell
from astrovet.docstrings import docstring

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])

COMMANDS = {
    "scan": "Judge the Terraform plans and Helm values below each PATH.",
    "rules": "List the rules.",
    "explain": "Show a rule's manual.",
    "advise": "Which deployment models satisfy these requirements.",
    "report": "Evidence for auditors: deployments by requirements.",
    "model": "Show the deployment model, with the origin of each value.",
    "compare": "What a change opens, closes or makes unknowable.",
    "config": "Show the settings, or the schema of a format.",
    "init": "Write a configuration, a hook and a workflow for a repository.",
}
"""The subcommands, in the order of the help text; each is a module of this package."""

EXIT_FINDINGS = 1
EXIT_INPUT = 2
EXIT_INTERNAL = 3
EXIT_INTERRUPTED = 130
"""What a shell says of a process that SIGINT ended."""


_SETTINGS = {"help_option_names": ["-h", "--help"]}


class _Command(click.Command):
    """A command whose help goes through the one function that writes."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
        return option


class _Subcommand(_Command):
    """A command whose options stand in groups."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from astrovet.cli.option_groups import grouped  # only help needs it

        for heading, options in grouped(self.get_params(ctx)):
            records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


def _show_help(ctx: click.Context, _: click.Parameter, is_wanted: bool) -> None:
    if is_wanted and not ctx.resilient_parsing:
        show(ctx.get_help() + "\n")
        ctx.exit()


def _show_version(ctx: click.Context, _: click.Parameter, is_wanted: bool) -> None:
    if is_wanted and not ctx.resilient_parsing:
        show(f"astrovet {__version__}\n")
        ctx.exit()


class _Commands(_Command, click.Group):
    """Loads a subcommand's module only when it is asked for: starting up must feel instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"astrovet.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """With a hint for a slip in the name, and for a path in its place."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name.lower(), COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(COMMANDS)}."
            if not near and os.path.exists(name):
                hint = f"did you mean `astrovet scan {name}`?"
            ctx.fail(f"no command is called {name!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **settings: Any) -> NoReturn:
        """Run it, and end with its status. What click has to say of the command line is told as anything else is."""
        try:
            status = super().main(*args, **{**settings, "standalone_mode": False})
        except click.ClickException as error:
            said = StringIO()
            error.show(said)
            tell(said.getvalue().removesuffix("\n"), is_line=False)
            sys.exit(EXIT_INPUT)
        except click.Abort:  # an interrupt, where it does not end the process by itself
            sys.exit(EXIT_INTERRUPTED)
        sys.exit(status)


def help_of(function: Callable[..., Any]) -> str:
    """The help of a command: its docstring, also where Python dropped it."""
    return docstring(function.__module__, function.__name__, function.__doc__)


def subcommand(name: str, *, short_help: str) -> Callable[[Callable[..., None]], click.Command]:
    """A subcommand of this application."""

    def make(function: Callable[..., None]) -> click.Command:
        return click.command(name=name, cls=_Subcommand, short_help=short_help, help=help_of(function))(function)

    return make


def _app() -> None:
    """Vets Astronomer Astro deployments before they exist.

    astrovet reads Terraform plans and the Helm values of Remote Execution agents, and judges them with
    one rule set. It never uses the network and never runs code of what it scans.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 an input or the configuration cannot be
    used or there was nothing to check, 3 an error of astrovet itself.
    """
    try:
        os.getcwd()
    except OSError as error:
        raise click.ClickException(f"the working directory cannot be used ({error.strerror})") from error


app = _Commands(
    "app",
    callback=_app,
    help=help_of(_app),
    params=[
        click.Option(
            ["-V", "--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help="Show the version and exit.",
            callback=_show_version,
        )
    ],
    context_settings=_SETTINGS,
)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """A click option that is also an environment variable: `--fail-on` is `ASTROVET_FAIL_ON`."""
    long = next(name for name in names if name.startswith("--")).partition("/")[0]
    variable = "ASTROVET_" + long.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=False, **settings)


def format_option(names: Sequence[str]) -> Callable[[F], F]:
    """`--format`, with the formats of the command; the first is the default."""
    return option("--format", "form", type=click.Choice(names), default=names[0], show_default=True)


def listed(known: Sequence[str]) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[str, ...]]:
    """Checks a repeatable option of comma-separated words against the known ones."""

    def check(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
        given = words(value)
        for word in given:
            if word not in known:
                from difflib import get_close_matches

                near = get_close_matches(word.lower(), known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}."
                raise click.BadParameter(f"{word!r} is not known; {hint}")
        return given

    return check


def completed_rules(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rules, for a shell."""
    from astrovet.cli.completion import rules

    return rules(ctx, parameter, incomplete)


def completed_requirements(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Requirements, for a shell."""
    from astrovet.cli.completion import requirements

    return requirements(ctx, parameter, incomplete)


def words(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def run() -> None:
    """Run the application; an unforeseen error tells what to report, and never a value of an input."""
    try:
        app.main(prog_name="astrovet", standalone_mode=True)
    except Exception as error:  # noqa: BLE001
        from astrovet.document import where

        tell(f"astrovet {__version__}: internal error: {type(error).__name__}{where(error)}.")
        tell("This is a bug. Please report this line and, if you can, an input without secrets that shows it.")
        sys.exit(EXIT_INTERNAL)


def tell_bugs(rules: Iterable[str], others: Iterable[str]) -> bool:
    """Say on standard error which rules, and what else of ours, broke; gives whether anything did."""
    said = [*(f"internal error in the rule {rule}" for rule in rules), *(f"internal error: {bug}" for bug in others)]
    for line in said:
        tell(f"astrovet {__version__}: {line}. Please report it.")
    return bool(said)
