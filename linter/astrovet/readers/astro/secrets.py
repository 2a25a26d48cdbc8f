"""The secrets that objects of Astro are given, and whether the configuration writes them out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from astrovet.document import InputKind
from astrovet.model.secret import Secret
from astrovet.place import Place
from astrovet.readers.astro.variables import environment
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.plan.shapes import ConfiguredModule
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, listed, text

NESTED = frozenset({"environment_variables", "links", "definition"})
"""Attributes with parts: of these a plan lists what all parts together refer to, and no literal beside that."""

OBJECT_SECRETS = ("password", "basic_token")
CHANNEL_SECRETS = ("api_key", "integration_key", "webhook_url", "deployment_api_token")
"""What the provider itself takes for secret (provider 1.5.2); `value` is one where it is marked."""


class Secrets:
    """The secrets of the objects of one plan, state or root module."""

    def __init__(self, terraform: Terraform) -> None:
        self._kind = terraform.kind
        self._has_configuration = terraform.configuration is not None
        self._given = frozenset(_texts(list(terraform.variables.values())))
        root = terraform.configuration.root_module if terraform.configuration is not None else ConfiguredModule()
        self._under_names = frozenset(_under_names(root)) - self._given

    def of_deployment(self, resource: Resource) -> Iterator[Secret]:
        """Its variables that are marked as secret, or may be."""
        match environment(resource.attribute("environment_variables")):
            case Known(variables):
                for variable in variables:
                    name = variable.name.value if isinstance(variable.name, Known) else ""
                    if isinstance(variable.is_secret, Unknown) or (
                        isinstance(variable.is_secret, Known) and variable.is_secret.value
                    ):
                        yield from self._secret(
                            resource, "environment_variables", name, variable.value, variable.is_secret
                        )
            case Unknown() | Absent():
                pass

    def of_object(self, resource: Resource) -> Iterator[Secret]:
        """The secrets of an environment object, and those that its links override."""
        mark = boolean(resource.attribute("is_secret"))
        yield from self._secret(resource, "value", "value", text(resource.attribute("value")), mark)
        for name in OBJECT_SECRETS:
            yield from self._marked(resource, name, name, resource.attribute(name))
        for link in listed(resource.attribute("links")):
            overrides = at(link, "overrides")
            yield from self._secret(resource, "links", "overrides.value", text(at(overrides, "value")), mark)
            for name in OBJECT_SECRETS:
                yield from self._marked(resource, "links", f"overrides.{name}", at(overrides, name))

    def of_channel(self, resource: Resource) -> Iterator[Secret]:
        """The secrets of a notification channel."""
        definition = resource.attribute("definition")
        for name in CHANNEL_SECRETS:
            yield from self._marked(resource, "definition", name, at(definition, name))

    def _marked(self, resource: Resource, attribute: str, name: str, value: Value[Tree]) -> Iterator[Secret]:
        yield from self._secret(resource, attribute, name, text(value), Known(True, value.place, written=False))

    def _secret(
        self, resource: Resource, attribute: str, name: str, value: Value[str], mark: Value[bool]
    ) -> Iterator[Secret]:
        if not isinstance(value, Absent):
            yield Secret(name, value, mark, self._is_written(resource, attribute, value))

    def _is_written(self, resource: Resource, attribute: str, value: Known[str] | Unknown) -> Value[bool]:
        place = value.place
        if not self._has_configuration:
            what = "a state" if self._kind is InputKind.TERRAFORM_STATE else "this plan"
            why = f"{what} does not hold the configuration, so nothing shows whether a secret is written there"
            return Unknown(why, place, how="scan the Terraform sources")
        match value:
            case Unknown():
                return _no(place)  # nobody writes out what he does not know
            case Known(content):
                if value.written or content in self._under_names:
                    return Known(True, place)
                if self._kind is not InputKind.TERRAFORM_PLAN or content in self._given:
                    return _no(place)
                return self._behind(resource, attribute, place)

    def _behind(self, resource: Resource, attribute: str, place: Place) -> Value[bool]:
        """A text that a plan settles, and that is no variable's value, where its attribute refers to something."""
        if attribute in NESTED:
            why = (
                f"a part of `{attribute}` refers to something, and then a plan does not show which part is written out"
            )
        elif any(reference.startswith("local.") for reference in resource.references(attribute)):
            why = f"`{attribute}` comes from a local value, which no plan holds"
        else:
            return _no(place)
        return Unknown(why, place, how="scan the Terraform sources with it")


def _no(place: Place) -> Known[bool]:
    return Known(False, place, written=False)


def _under_names(module: ConfiguredModule) -> Iterator[str]:
    """The texts that a secret may come from by a name only: local values, and arguments of module calls."""
    yield from module.local_texts
    for call in module.module_calls.values():
        for expression in call.expressions.values():
            match expression:
                case {"references": [_, *_]}:
                    pass
                case {"constant_value": constant}:
                    yield from _texts(constant)
                case _:
                    pass
        yield from _under_names(call.module)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a variable's value."""
    match value:
        case str():
            yield value
        case dict():
            for child in value.values():
                yield from _texts(child)
        case list():
            for child in value:
                yield from _texts(child)
        case _:
            pass
