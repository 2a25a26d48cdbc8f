"""A Terraform resource as an instance: its address, its attributes as values, its references."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from astrovet.place import Place
from astrovet.terraform.address import without_keys
from astrovet.value import Absent, Tree, Unknown, Value, at

PUBLIC_REGISTRIES = frozenset({"registry.terraform.io", "registry.opentofu.org"})


def provider_of(source: str) -> str:
    """What a provider is known by: `astronomer/astro`; its type alone where it comes from a private registry.

    There companies publish providers again, under names of their own.
    """
    *host, namespace, kind = ("", *source.split("/"))[-3:]
    return f"{namespace}/{kind}" if namespace and (not any(host) or host[0] in PUBLIC_REGISTRIES) else kind


class Action(StrEnum):
    """What applying the plan does to an instance."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    KEEP = "keep"
    DELETE = "delete"
    FORGET = "forget"
    READ = "read"


class Attributes(Protocol):
    """The attributes of an instance, whatever they are read from."""

    def value(self, name: str, place: Place) -> Value[Tree]:
        """The value of an attribute, whoever gives it; `place` is the instance's."""

    def writes(self, name: str) -> bool:
        """Whether the author wrote this attribute; True where the input cannot tell."""

    def references(self, name: str) -> tuple[str, ...]:
        """What the author's expression for an attribute refers to."""

    def all_references(self) -> tuple[str, ...]:
        """What any of the author's expressions refers to."""

    def references_below(self, word: str) -> tuple[str, ...]:
        """What the expressions of the attributes refer to that have a word in their names, at any depth."""

    def lists_dynamic_blocks(self) -> bool:
        """Whether what is said to be unwritten is surely not written by a `dynamic` block either."""

    def is_settled(self) -> bool:
        """Whether no value is known only after apply."""

    def texts(self) -> Iterator[str]:
        """Every text that the values hold, to look ids up."""

    def sensitive_texts(self) -> Iterator[str]:
        """Every text that is marked as sensitive."""


class Resource(Struct, frozen=True):
    """One instance of a resource or data block."""

    place: Place
    """With the instance's address; its lines where the sources are read."""
    address: str
    """With the keys of modules and instance: `module.team["a"].astro_deployment.this[0]`."""
    module_address: str
    mode: str
    """`managed` or `data`."""
    type: str
    name: str
    provider: str
    """What its provider is known by (`provider_of`): `astronomer/astro`."""
    action: Action
    attributes: Attributes
    provider_key: str = ""
    """Which configuration of the provider it uses: a key of `Configuration.provider_config`; empty in a state."""
    doubt: Unknown | None = None
    """Why it may not be made at all: how many of it there are is not known."""

    @property
    def path(self) -> str:
        return self.place.path

    @property
    def block(self) -> str:
        """The address of the source block: without any key."""
        prefix = f"{self.module_block}." if self.module_block else ""
        data = "data." if self.mode == "data" else ""
        return f"{prefix}{data}{self.type}.{self.name}"

    @property
    def module_block(self) -> str:
        """The module's address without keys."""
        return without_keys(self.module_address) if self.module_address else ""

    @property
    def is_judged(self) -> bool:
        """It will exist after the plan is applied: only then its posture matters."""
        return self.mode == "managed" and self.action in {Action.CREATE, Action.UPDATE, Action.REPLACE, Action.KEEP}

    def attribute(self, name: str, *path: str | int) -> Value[Tree]:
        """The value that the author gave an attribute.

        An attribute that the provider fills in because the author left it out is Absent, though the
        plan shows it as unknown: nobody will decide it but the provider's default.
        """
        value = self.computed(name)
        if isinstance(value, Unknown) and self.mode == "managed" and not self.writes(name):
            return Absent(value.place)
        return at(value, *path)

    def computed(self, name: str) -> Value[Tree]:
        """The value of an attribute, whoever gives it."""
        return self.attributes.value(name, self.place)

    def blocks(self, name: str) -> Value[Tree]:
        """As `attribute`, for what can be nested blocks: a plan does not list the `dynamic` ones among
        what the author wrote, so there the unknown stays unknown."""
        return self.attribute(name) if self.attributes.lists_dynamic_blocks() else self.computed(name)

    def writes(self, name: str) -> bool:
        """Whether the author wrote this attribute; True where the input cannot tell."""
        return self.attributes.writes(name)

    def references(self, name: str) -> tuple[str, ...]:
        """What the author's expression for an attribute refers to, as Terraform lists it."""
        return self.attributes.references(name)

    def all_references(self) -> tuple[str, ...]:
        """What any of the author's expressions refers to."""
        return self.attributes.all_references()

    def references_below(self, word: str) -> tuple[str, ...]:
        """What the expressions of the attributes refer to that have a word in their names, at any depth."""
        return self.attributes.references_below(word)


class Alteration(Struct, frozen=True):
    """What a plan changes of an instance that is there, or what was changed outside Terraform."""

    resource: Resource
    """As it will be; as it was found, where it was changed outside Terraform."""
    before: Resource
    """As it is, or was last known. Values are as the provider has them: nobody's expressions belong to it."""
    reason: str = ""
    """Terraform's word for why the instance is destroyed or replaced, e.g. `delete_because_each_key`."""
    replaced_for: tuple[str, ...] = ()
    """The attributes whose change forces a replacement."""


NOT_AT_HAND = "the sources of module.{} are not at hand"
"""Why an output of such a module is unknown."""
_BEFORE, _AFTER = NOT_AT_HAND.split("{}")


def is_of_missing_module(value: Value[object]) -> bool:
    """Whether nothing but a module that is not at hand keeps a value unknown: that is told for itself."""
    return isinstance(value, Unknown) and value.why.startswith(_BEFORE) and value.why.endswith(_AFTER)


class MissingModule(Struct, frozen=True):
    """A module that is called and whose sources are not at hand."""

    address: str
    place: Place
    """Of the call."""
    is_local: bool
    """It is called by a path, and there is nothing at it."""
