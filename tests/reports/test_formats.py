"""The table of output formats: what it names is there, options and documents agree, nothing else is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module

import click
import pytest

from astrovet.reports.formats import FORMATS, SCAN
from support import ROOT

EVERY = [(command, name) for command, formats in FORMATS.items() for name in formats.names]


def of_command(name: str, option: str) -> click.Option:
    command: click.Command = import_module(f"astrovet.cli.{name}").command
    return next(
        parameter for parameter in command.params if isinstance(parameter, click.Option) and option in parameter.opts
    )


@pytest.mark.parametrize(("command", "name"), EVERY)
def test_a_format_is_a_module_that_bears_its_name(command: str, name: str) -> None:
    module = FORMATS[command].modules[name]
    assert module.rpartition(".")[2] == name
    assert callable(import_module(module).render)


@pytest.mark.parametrize("command", FORMATS)
def test_a_command_offers_its_formats_the_first_by_default(command: str) -> None:
    option = of_command(command, "--format")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == FORMATS[command].names
    assert option.default == FORMATS[command].names[0]


def test_the_readme_names_the_formats_of_a_scan() -> None:
    words = f"`--format {'|'.join(SCAN.names)}`"
    assert words in (ROOT / "README.md").read_text("utf-8"), f"README.md has to say {words}"


def test_a_format_is_loaded_only_when_it_is_asked_for() -> None:
    program = (
        "import sys; from astrovet.judging.packs import load_pack; from astrovet.reports.formats import RULES\n"
        "RULES.render('text', load_pack('astrovet_rules'))\n"
        "print(*sorted(name for name in sys.modules if name.startswith('astrovet.reports.')))"
    )
    path = os.pathsep.join(folder for folder in sys.path if folder)
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [
        "astrovet.reports.catalogue",
        "astrovet.reports.catalogue.text",
        "astrovet.reports.formats",
    ]


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(KeyError):
        FORMATS["rules"].render("xml", [])
