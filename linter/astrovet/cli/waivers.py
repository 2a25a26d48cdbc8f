"""What comments and configurations of a run say of waivers, and comments of requirements."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from astrovet.cli.bounds import displayed
from astrovet.declared.configuration import Config
from astrovet.declared.scope import configs_of
from astrovet.document import may_speak
from astrovet.formats.text_file import TextFile
from astrovet.guard import Guard
from astrovet.model.estate import Estate
from astrovet.model.waiver import Waiver
from astrovet.readers.estate import Reading

if TYPE_CHECKING:
    from astrovet.declared.annotations import Comments
    from astrovet.terraform.plan.behind import Behind


def comments_of(reading: Reading, behind: Behind | None, guard: Guard) -> dict[str, Comments]:
    """What the comments of the run's files say to astrovet, by path; those of the sources behind plans too."""
    what = "looked for comments that speak to it"
    speaking = {path: file for path, file in reading.contents.items() if guard.run(what, False, _speaks, file)}
    speaking.update(behind.own_files(_speaks) if behind is not None else {})
    if not speaking:
        return {}
    from astrovet.declared.annotations import Comments, read_comments  # most runs have none

    return {
        path: guard.run(f"read the comments of {path}", Comments(), read_comments, file)
        for path, file in speaking.items()
    }


def _speaks(file: TextFile) -> bool:
    return may_speak(file.content)


def configured_waivers(
    estate: Estate, folders: Sequence[str], config_of: Callable[[str], Config]
) -> tuple[Waiver, ...]:
    """The waivers of the configurations.

    Args:
        estate: what the inputs say.
        folders: the folders that are scanned whole.
        config_of: the settings for an input.
    """
    configs = configs_of(estate, config_of)
    return tuple(_placed(waiver, folders) for config in configs for waiver in config.waivers)


def is_below(folders: Sequence[str], path: str) -> bool:
    """Whether a file, with all that lies beside it, is below folders that are scanned whole."""
    return os.path.abspath(path).startswith(tuple(os.path.join(os.path.abspath(folder), "") for folder in folders))


def _placed(waiver: Waiver, folders: Sequence[str]) -> Waiver:
    """With its paths as reports show them, whichever way the inputs were named.

    It is idle where it means nothing in the run only if all that lies beside its configuration was scanned.
    """
    paths = dict.fromkeys(form for path in waiver.paths for form in (displayed(path), os.path.relpath(path)))
    is_left_out = any(os.path.exists(path) for path in waiver.paths)  # else it would be an input
    return replace(waiver, paths=tuple(paths), is_in_run=is_below(folders, waiver.place.path) and not is_left_out)
