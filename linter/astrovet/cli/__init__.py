"""The command line: the only place that reads the disk, prints and exits."""

from __future__ import annotations

import gc
import sys

GARBAGE = 200_000
"""So many objects more are made before Python looks for circles among them: few are made here, and a run is short."""


def main() -> None:
    """Run `astrovet`. The version is told without loading anything else: hooks ask for it at every start."""
    from astrovet.cli.streams import prepare, show

    gc.set_threshold(GARBAGE)
    prepare()
    if sys.argv[1:] in (["--version"], ["-V"]):
        from astrovet import __version__

        show(f"astrovet {__version__}\n")
        return
    from astrovet.cli.app import run

    try:
        run()
    finally:
        gc.freeze()  # what is there ends with the process: Python need not look for circles in it
