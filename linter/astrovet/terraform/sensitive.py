"""Every text that a plan or state marks as sensitive, so that nothing of ours ever shows one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from astrovet.terraform.plan.attributes import NAMES
from astrovet.terraform.plan.resources import Terraform


def sensitive_texts(terraform: Terraform) -> Iterator[str]:
    """Texts under a sensitive mark, values of sensitive variables, and constants of provider blocks' tokens."""
    for resource in terraform.resources:
        yield from resource.attributes.sensitive_texts()
    for alteration in (*terraform.alterations, *terraform.drift):
        yield from alteration.resource.attributes.sensitive_texts()
        yield from alteration.before.attributes.sensitive_texts()
    configuration = terraform.configuration
    if configuration is None:
        return
    for name, variable in configuration.root_module.variables.items():
        if variable.sensitive:
            yield from _texts(variable.default)
            yield from _texts(terraform.variables.get(name))
    for provider in configuration.provider_config.values():
        yield from _texts(provider.expressions.get("token"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            if key not in NAMES and key != "references":
                yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)
