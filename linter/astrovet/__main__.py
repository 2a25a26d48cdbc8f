"""`python -m astrovet`.

With `-m` Python looks for modules in the working directory first, which is somebody's repository: a `click.py` of
theirs is not to be run. The command `astrovet` and `python -P -m astrovet` never look there.
"""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # before anything else is imported

from astrovet.cli import main

main()
