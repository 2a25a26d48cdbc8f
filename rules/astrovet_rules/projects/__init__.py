"""Astro projects: what is built into the images that tasks run in."""

from astrovet_rules.projects import runtime_image_unsupported, secret_in_dockerfile

RULES = [
    secret_in_dockerfile.check,
    runtime_image_unsupported.check,
]
"""In the order of their ids."""
