"""`astrovet init`: the configuration, the hook and the workflow of a repository, from what it holds."""

from __future__ import annotations

import os

import click

from astrovet import __version__
from astrovet.cli.app import EXIT_INPUT, subcommand
from astrovet.cli.bounds import displayed, repository_of
from astrovet.cli.reading import Inputs, Read, read, stop
from astrovet.cli.streams import show, tell, write_file
from astrovet.declared.configuration import FILE_NAME, PYPROJECT, PYPROJECT_TABLE, ConfigError
from astrovet.reports.starter.settings import Repository, settings
from astrovet.reports.starter.steps import OTHERS, hook, hooks, workflow

HOOKS = ".pre-commit-config.yaml"
WORKFLOW = os.path.join(".github", "workflows", "astrovet.yml")
BRANCHES = ("main", "master", "trunk", "develop")
"""What a branch is called that others are merged into; on any other `init` may have been run by chance."""


@subcommand("init", short_help="Write a configuration, a hook and a workflow for a repository.")
@click.argument("path", default=".", type=click.Path(exists=True, file_okay=False))
@click.option("--force", is_flag=True, help="Write the configuration and the workflow anew where they are there.")
def command(path: str, *, force: bool) -> None:
    """Look at the repository that holds PATH (default: the working directory), and write for it:

    .astrovet.yaml with the agents and environments that it holds, and with requirements to choose from; the entry of
    .pre-commit-config.yaml; and .github/workflows/astrovet.yml. A file that is there stays as it is. Nothing is asked.
    """
    top = displayed(repository_of(path))
    try:
        seen = read(Inputs(paths=(top,), no_env_vars=True))
    except ConfigError as error:
        stop(error)
    wrote_all = _offer(top, FILE_NAME, settings(_repository(seen, top)), _has_settings(seen, top), force=force)
    is_there = _is_there(top, HOOKS)
    if is_there:
        has_it = b"astrovet" in seen.disk.file(os.path.join(top, HOOKS)).data
        what = ", which has astrovet" if has_it else f": add this to its `repos:`\n\n{hook(__version__)}"
        show(f"kept {HOOKS}{what}\n")
    else:
        wrote_all = _write(top, HOOKS, hooks(__version__)) and wrote_all
    other = next((system for file, system in OTHERS.items() if _is_there(top, file)), "")
    if other and not _is_there(top, ".github"):
        show(f"no workflow, for this repository seems to use {other}: there, run `astrovet scan`\n")
    else:
        content = workflow(__version__, _branch(seen, top))
        wrote_all = _offer(top, WORKFLOW, content, _is_there(top, WORKFLOW), force=force) and wrote_all
    show(
        "next: `astrovet scan`; `astrovet scan --write-baseline .astrovet-baseline.json` accepts what is there, and"
        " `--baseline` then fails on what is new\n"
    )
    if not wrote_all:
        raise SystemExit(EXIT_INPUT)


def _repository(seen: Read, top: str) -> Repository:
    """What of the repository the configuration speaks of; its paths are seen from the top."""
    files = (displayed(file.path) for file in seen.disk.below(top, ()))
    return Repository(seen.estate, tuple(files), lambda path: os.path.relpath(path, top).replace(os.sep, "/"))


def _is_there(top: str, name: str) -> bool:
    return os.path.lexists(os.path.join(top, name))


def _has_settings(seen: Read, top: str) -> bool:
    """Whether there is a configuration, under this name or in `pyproject.toml`."""
    if _is_there(top, FILE_NAME):
        return True
    project = os.path.join(top, PYPROJECT)
    return os.path.isfile(project) and PYPROJECT_TABLE in seen.disk.file(project).data


def _offer(top: str, name: str, content: str, is_there: bool, *, force: bool) -> bool:
    if is_there and not force:
        show(f"kept {name}: it is there; --force writes it anew\n")
        return True
    return _write(top, name, content)


def _write(top: str, name: str, content: str) -> bool:
    """Write a file below the top; a folder on the way that leads elsewhere is not followed."""
    path = os.path.join(top, name)
    folder = os.path.dirname(path)
    real, whole = os.path.realpath(folder or "."), os.path.realpath(top)
    if os.path.commonpath((real, whole)) != whole:
        tell(f"Error: {name} is not written: its folder is a link that leads out of the repository")
        return False
    try:
        os.makedirs(folder or ".", exist_ok=True)
        write_file(path, content)
    except OSError as error:
        tell(f"Error: {name} cannot be written: {error.strerror}")
        return False
    show(f"wrote {name}\n")
    return True


def _branch(seen: Read, top: str) -> str:
    from astrovet.cli.revision import project_at

    project = project_at(top, seen.disk)
    return project.branch if project is not None and project.branch in BRANCHES else BRANCHES[0]
