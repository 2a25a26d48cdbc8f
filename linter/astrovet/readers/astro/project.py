"""The Dockerfiles of Astro projects become projects, one for each folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from astrovet.document import InputKind, Problem, bug
from astrovet.formats.dockerfile import Instruction, assignments, instructions
from astrovet.model.estate import Estate, Input
from astrovet.model.project import AstroProject, ProjectImage
from astrovet.model.variables import EnvironmentVariable
from astrovet.place import Place
from astrovet.readers.source_file import SourceFile, faulty
from astrovet.value import Absent, Known, Unknown, Value

_SETTING = ("ENV", "ARG", "LABEL")
_STAGE = re.compile(r"(?:--\S+\s+)*(?P<base>\S+)(?:\s+[Aa][Ss]\s+(?P<name>\S+))?")
_REFERENCE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|(?P<name>\w+))")


def projects(files: Sequence[SourceFile]) -> Estate:
    """The projects that these Dockerfiles build, and the files as inputs."""
    folders: dict[str, list[ProjectImage]] = {}
    inputs: list[Input] = []
    for file in sorted(files, key=lambda file: file.path):
        problems: tuple[Problem, ...] = (faulty(file),) if file.fault else file.file.decoded.problems
        try:
            if not file.fault:
                image = _image(file.path, file.file.content)
                folders.setdefault(posixpath.dirname(file.path), []).append(image)
        except Exception as error:  # noqa: BLE001  see `bug`
            problems = (*problems, bug(file.path, error))
        inputs.append(Input(file.path, InputKind.ASTRO_PROJECT, problems, file.is_named))
    return Estate(objects=(*inputs, *map(_project, folders.values())))


def _project(images: Sequence[ProjectImage]) -> AstroProject:
    place = images[0].place
    return AstroProject(id=place.path, block=place.path, place=place, name=Absent(place), images=tuple(images))


def _image(path: str, content: str) -> ProjectImage:
    place = Place(path, 1, 1, 1, 1)
    parts = tuple(instructions(path, content))
    return ProjectImage(
        place=place,
        base=_base(parts, content, place),
        variables=tuple(_variables(parts, content)),
        commands=tuple(Known(part.text, part.place) for part in parts if part.keyword == "RUN"),
    )


def _variables(parts: Sequence[Instruction], content: str) -> Iterator[EnvironmentVariable]:
    for part in parts:
        if part.keyword in _SETTING:
            for one in assignments(part, content):
                if one.value is not None:
                    yield EnvironmentVariable(
                        Known(one.name, one.place), _written(one.value, one.place), one.place, Absent(one.place)
                    )


def _written(text: str, place: Place) -> Value[str]:
    """What stands there; what is nothing but another variable is given when the image is built."""
    if _REFERENCE.fullmatch(text):
        return Absent(place)
    return Known(text, place)


def _base(parts: Sequence[Instruction], content: str, place: Place) -> Value[str]:
    """The image of the last stage. A stage that comes from another one has the base of that."""
    defaults: dict[str, str] = {}
    stages: dict[str, Value[str]] = {}
    base: Value[str] = Absent(place)
    for part in parts:
        if part.keyword == "ARG" and isinstance(base, Absent):  # only those above the first stage count for stages
            defaults.update((one.name, one.value) for one in assignments(part, content) if one.value is not None)
        if part.keyword == "FROM" and (stage := _STAGE.match(part.text)):
            base = stages.get(stage["base"].lower(), _filled(stage["base"], defaults, part.place))
            if stage["name"]:
                stages[stage["name"].lower()] = base
    return base


def _filled(image: str, defaults: Mapping[str, str], place: Place) -> Value[str]:
    """The name of an image with the defaults of the arguments in it."""
    missing = [
        name
        for match in _REFERENCE.finditer(image)
        if (name := match["braced"] or match["name"]) not in defaults and match["default"] is None
    ]
    if missing:
        return Unknown(
            f"the image is given when it is built: the argument {missing[0]} has no default", place,
            how="give the argument a default, or look at the command that builds the image",
        )  # fmt: skip
    text = _REFERENCE.sub(lambda match: defaults.get(match["braced"] or match["name"]) or match["default"] or "", image)
    return Known(text, place)
