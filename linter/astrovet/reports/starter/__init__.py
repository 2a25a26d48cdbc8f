"""The files that `astrovet init` writes."""
