"""Terraform's resources as instances, whether a plan, a state or the sources tell of them."""
