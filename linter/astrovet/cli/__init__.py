"""The command line: the only place that reads the disk, prints and exits."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `astrovet`. The version is told without loading anything else: hooks ask for it at every start."""
    from astrovet.cli.streams import prepare, show

    prepare()
    if sys.argv[1:] in (["--version"], ["-V"]):
        from astrovet import __version__

        show(f"astrovet {__version__}\n")
        return
    from astrovet.cli.app import run

    run()
