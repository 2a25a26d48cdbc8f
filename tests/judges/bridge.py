"""How a judge outside the project asks what astrovet makes of Terraform's sources.

A judge compares that with what Terraform itself says. It knows no module of astrovet but this one, whose two
functions stay as they are while what they call may change. Values are as JSON would hold them; what is left
open is an object with the attribute `why`; a map that may hold more keys has the key REST, which is open.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from typing import Any, Literal

from astrovet.document import ProblemKind
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.source.resources import read_root_module
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

REST = "\0rest"
JUDGED = "terraform_data.judged"


def evaluate(expression: str, files: Mapping[str, str]) -> tuple[Literal["value", "refused", "crash"], Any]:
    """What an expression is in a root module of these files: its value, astrovet's refusal, or a traceback."""
    # The line's end is no part of the expression: it may end with a heredoc or a comment.
    block = f'resource "terraform_data" "judged" {{\n  input = [{expression}\n  ]\n}}\n'
    try:
        terraform = read_root_module(_opened({**files, "judged.tf": block}), "")
        unreadable = [problem for problem in terraform.problems if problem.kind is not ProblemKind.WRONG_TYPE]
        if unreadable:
            said = unreadable[0]
            return ("crash" if said.is_bug else "refused"), said.why
        (judged,) = (resource for resource in terraform.resources if resource.address == JUDGED)
        value = plain(judged.computed("input"))
    except Exception:  # noqa: BLE001  whatever it is, it is what the judge looks for
        return "crash", traceback.format_exc()
    return "value", value[0] if isinstance(value, list) and len(value) == 1 else value


def resources(files: Mapping[str, str]) -> dict[str, Callable[[str], Any]]:
    """The managed instances of a root module, and for each the function from an attribute's name to its value."""

    def reader(computed: Callable[[str], Value[Tree]]) -> Callable[[str], Any]:
        return lambda name: plain(computed(name))

    instances = read_root_module(_opened(files), "").resources
    return {instance.address: reader(instance.computed) for instance in instances if instance.mode == "managed"}


def _opened(files: Mapping[str, str]) -> dict[str, TextFile]:
    return {path: TextFile.of(path, content) for path, content in files.items()}


def plain(value: Value[Tree]) -> Any:
    """A value as JSON would hold it, with Unknown where it is open."""
    match value:
        case Unknown():
            return value
        case Absent(place, explicit):
            return None if explicit else not_set(place)
        case Known(Map() as tree):
            entries = {key: plain(entry.value) for key, entry in tree.entries.items()}
            return entries if tree.unlisted is None else {**entries, REST: tree.unlisted}
        case Known(List() as tree):
            return [plain(item) for item in tree.items]
        case Known(leaf):
            return leaf


def not_set(place: Place) -> Unknown:
    """A key that is missing: Terraform would refuse to read it."""
    return Unknown("not set", place)
