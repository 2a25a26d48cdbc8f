"""For which values a root module is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct


class VariableTexts:
    """What environment variables give Terraform's variables, by their names without `TF_VAR_`.

    Not a record, on purpose: a record's `repr` would print the values.
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)

    def get(self, name: str) -> str | None:
        """The text for a variable; None where there is none."""
        return self._texts.get(name)


class Environment(Struct, frozen=True):
    """One use of a root module: what the user gives Terraform besides the sources."""

    name: str = ""
    """As the configuration calls it; empty where nothing but the command line speaks."""
    var_files: tuple[str, ...] = ()
    """Paths of variable files; a later one has the last word."""
    workspace: str | None = None
    """The selected Terraform workspace, where the user says which."""
    variables: VariableTexts = VariableTexts({})
    """What the environment variables `TF_VAR_…` hold."""


NONE = Environment()
"""Sources by themselves."""


class InstalledModule(Struct, frozen=True):
    """A module as `.terraform/modules/modules.json` has it."""

    source: str
    """As it was called, with the registry where it came from one."""
    folder: str
    version: str = ""

    def is_of(self, source: str, version: str) -> bool:
        """Whether a call of this source means it: the sources may have changed since it was fetched.

        Of a version that a call asks for only a certain one is compared, no range.
        """
        wanted = version.removeprefix("=").strip()
        is_another = wanted != self.version and re.fullmatch(r"\d{1,9}(?:\.\d{1,9}){2}", wanted) is not None
        return source in {self.source, self.source.partition("/")[2]} and not (self.version and is_another)
