"""`python -m astrovet`."""

from astrovet.cli import main

main()
