"""Where the waivers of a run are: in the texts of its files, in those behind its plans, in its configurations."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from astrovet.cli.files import displayed
from astrovet.declared.configuration import Config
from astrovet.document import may_speak
from astrovet.model.estate import Estate, Input
from astrovet.model.waiver import Waiver
from astrovet.readers.estate import Reading

if TYPE_CHECKING:
    from astrovet.cli.sources import Behind


def configs_of(estate: Estate, config_of: Callable[[str], Config]) -> tuple[Config, ...]:
    """The configurations that hold for the inputs of a run, each once."""
    paths = dict.fromkeys((estate.place.path, *(each.path for each in estate.of(Input))))
    return tuple({config.path: config for config in map(config_of, paths)}.values())


def texts_of(reading: Reading, behind: Behind | None) -> dict[str, str]:
    """The texts whose comments may speak to astrovet, by path."""
    texts = {path: text for path, text in reading.contents.items() if may_speak(text)}
    if behind is not None:
        texts.update(behind.texts(may_speak))
    return texts


def waivers_of(
    reading: Reading, behind: Behind | None, folders: Sequence[str], config_of: Callable[[str], Config]
) -> tuple[dict[str, str], tuple[Waiver, ...]]:
    """The texts whose comments may hold waivers, by path, and the waivers of the configurations.

    Args:
        reading: the inputs.
        behind: the sources behind the plans.
        folders: the folders that are scanned whole.
        config_of: the settings for an input.
    """
    configs = configs_of(reading.estate, config_of)
    return texts_of(reading, behind), tuple(_placed(waiver, folders) for config in configs for waiver in config.waivers)


def is_below(folders: Sequence[str], path: str) -> bool:
    """Whether a file, with all that lies beside it, is below folders that are scanned whole."""
    return os.path.abspath(path).startswith(tuple(os.path.join(os.path.abspath(each), "") for each in folders))


def _placed(waiver: Waiver, folders: Sequence[str]) -> Waiver:
    """With its paths as reports show them, whichever way the inputs were named.

    It is idle where it means nothing in the run only if all that lies beside its configuration was scanned.
    """
    paths = dict.fromkeys(form for path in waiver.paths for form in (displayed(path), os.path.relpath(path)))
    is_left_out = any(os.path.exists(path) for path in waiver.paths)  # else it would be an input
    return replace(waiver, paths=tuple(paths), is_in_run=is_below(folders, waiver.place.path) and not is_left_out)
