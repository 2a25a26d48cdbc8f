"""Every text that a plan or state marks as sensitive, so that nothing of ours ever shows one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from astrovet.terraform.plan import Terraform

_NAMES = frozenset({"key", "name"})
"""A mark on one member of a set covers its siblings too (hashicorp/terraform issue 29618); the names
of variables are not secret."""


def sensitive_texts(terraform: Terraform) -> Iterator[str]:
    """Texts under a sensitive mark, values of sensitive variables, and constants of provider blocks' tokens."""
    for resource in terraform.resources:
        yield from _marked(resource.after, resource.sensitive)
    configuration = terraform.configuration
    if configuration is None:
        return
    for name, variable in configuration.root_module.variables.items():
        if variable.sensitive:
            yield from _texts(variable.default)
            yield from _texts(terraform.variables.get(name))
    for provider in configuration.provider_config.values():
        yield from _texts(provider.expressions.get("token"))


def _marked(value: Any, mark: Any) -> Iterator[str]:
    if mark is True:
        yield from _texts(value)
    elif isinstance(value, dict) and isinstance(mark, dict):
        for key, child in value.items():
            yield from _marked(child, mark.get(key))
    elif isinstance(value, list) and isinstance(mark, list):
        for child, child_mark in zip(value, mark, strict=False):
            yield from _marked(child, child_mark)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            if key not in _NAMES and key != "references":
                yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)
