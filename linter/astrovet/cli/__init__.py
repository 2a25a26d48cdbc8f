"""The command line: the only place that reads the disk, prints and exits."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `astrovet`. The version is told without loading anything else: hooks ask for it at every start."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from astrovet import __version__

        sys.stdout.write(f"astrovet {__version__}\n")
        return
    from astrovet.cli.app import run

    run()
