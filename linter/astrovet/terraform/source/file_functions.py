"""`file`, `templatefile` and `fileexists`, of files below the root module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.parsing import template
from astrovet.terraform.values.plain_data import moved
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, text


def file_function(
    name: str, arguments: Sequence[Value[Tree]], place: Place, find: Callable[[str], TextFile | None]
) -> Value[Tree] | None:
    """What such a function gives; None for any other. `find` gives a file by the path that is written."""
    if name not in {"file", "templatefile", "fileexists", "filebase64"} or not arguments:
        return None
    match text(arguments[0]):
        case Known(path):
            file = find(path)
        case Unknown() as lost:
            return unknown("", place, lost)
        case Absent():
            return Unknown(f"{name} is called without a path", place)
    if file is None:
        return Unknown(f"{name} reads a file that is not at hand", place)
    if name == "fileexists":
        return Known(True, place, written=False)
    if name == "filebase64":
        return Unknown("astrovet does not evaluate the function filebase64", place)
    if name == "file":
        return Known(file.content, place)
    variables = _variables(arguments[1]) if len(arguments) > 1 else {}
    if variables is None:
        return unknown("the template's variables are not known", place, *arguments[1:])
    return moved(evaluate(template(file.content), _TemplateNames(variables), place), place)


class _TemplateNames:
    """The variables that `templatefile` passes."""

    def __init__(self, variables: Mapping[str, Value[Tree]]) -> None:
        self._variables = variables

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        if root in self._variables:
            return at(self._variables[root], *steps)
        return Unknown(f"the template is given no `{root}`", place)

    def file_function(self, _name: str, _arguments: Sequence[Value[Tree]], _place: Place) -> Value[Tree] | None:
        return None


def _variables(value: Value[Tree]) -> Mapping[str, Value[Tree]] | None:
    match value:
        case Known(Map(entries, None)):
            return {key: entry.value for key, entry in entries.items()}
        case _:
            return None
