"""Where a root module's sources say its state is kept, and what lies in it in clear text."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Container, Iterator, Sequence

from astrovet.document import Note
from astrovet.formats.hcl.literals import literal
from astrovet.model.access import RootModule, StateBackend
from astrovet.place import Place
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Resource
from astrovet.terraform.source.declared import Declared, Folder
from astrovet.terraform.source.project import Project
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, listed, text

NEEDED = {"s3": ("bucket", "key"), "http": ("address",)}
"""Arguments without which a block is only a part of the backend's settings."""

_TOKEN = "its token lies in the state in clear text"  # noqa: S105  what is said of tokens


def read_root(project: Project, root: str, uses: Sequence[Terraform], folders: Sequence[str] = ()) -> RootModule:
    """A root module with the folders of its modules; `uses` are its evaluations, or the plans made from it."""
    folder = project.folder(root)
    resources = [resource for use in uses for resource in use.resources if resource.is_judged]
    place = _place(folder, resources, min(project.contents(root), default=root or "."))
    name = root or "."
    return RootModule(
        id=name,
        block=name,
        place=place,
        name=Known(name, place),
        backend=_backend(folder, place, project.files),
        secrets=tuple({resource.block: note for resource in resources for note in _secrets(resource)}.values()),
        deployments=tuple(resource.place for resource in resources if resource.type == "astro_deployment"),
        configures_providers=bool(folder.providers),
        folders=tuple(folders),
    )


def _place(folder: Folder, resources: Sequence[Resource], first_file: str) -> Place:
    """Where the backend stands, or would: in the `terraform` block, else above the first provider or resource."""
    if folder.backend is not None:
        return folder.backend[1].header
    places = [
        place for place in (folder.settings, *(block.header for _, block in folder.providers)) if place is not None
    ]
    return (*places, *(resource.place for resource in resources), Place(first_file))[0]


def _backend(folder: Folder, place: Place, files: Container[str]) -> Value[StateBackend]:
    if folder.backend is None:
        if posixpath.join(folder.path, "terragrunt.hcl") in files:
            why = "terragrunt.hcl lies beside it, and Terragrunt writes the backend"
            return Unknown(why, place, how="look there")
        return Absent(place)
    kind, block = folder.backend
    needed = NEEDED.get(kind, ())
    made = StateBackend(
        place=block.header,
        type=kind,
        address=text(_argument(block, "address", needed)),
        encrypts=boolean(_argument(block, "encrypt", needed)),
    )
    return Known(made, block.header)


def _argument(block: Declared, name: str, needed: Collection[str]) -> Value[Tree]:
    """An argument of the backend; one that is missing from a part of the settings is unknown."""
    written = block.attribute(name)
    if written is not None:
        return literal(*written)
    if any(block.attribute(argument) is None for argument in needed):
        why = "the file holds only a part of the backend's settings"
        return Unknown(why, block.header, how="the others are given to `terraform init`")
    return Absent(block.header)


def _secrets(resource: Resource) -> Iterator[Note]:
    """What of a resource the state holds in clear text."""
    match resource.type:
        case "astro_api_token" | "astro_agent_token":
            yield Note(_TOKEN, resource.place)
        case "astro_deployment":
            variables = listed(resource.attribute("environment_variables"))
            if any(_is_true(at(variable, "is_secret")) for variable in variables):
                yield Note("its secret variables lie in the state in clear text", resource.place)
        case "astro_environment_object":
            if _is_connection(resource) or _is_true(resource.attribute("is_secret")):
                yield Note("what it keeps secret lies in the state in clear text", resource.place)
        case _:
            pass


def _is_true(value: Value[Tree]) -> bool:
    flag = boolean(value)
    return isinstance(flag, Known) and flag.value


def _is_connection(resource: Resource) -> bool:
    kind = text(resource.attribute("object_type"))
    return isinstance(kind, Known) and kind.value == "CONNECTION"
