"""Where the sources of a root module say that its state is kept."""

from __future__ import annotations

from astrovet.formats.hcl.literals import literal
from astrovet.place import Place
from astrovet.terraform.source.declared import Declared, Folder, body_of
from astrovet.terraform.state_location import LOCAL, StateLocation, location
from astrovet.value import Absent, Tree, Value


def state_of(folder: Folder, workspace: str | None = None) -> StateLocation | None:
    """None where the sources do not tell it whole: the rest may be given to `terraform init`."""
    kind, block = folder.backend or (LOCAL, Declared((), Place(folder.path)))
    return location(kind, lambda path: _setting(block, path), folder.path, workspace)


def _setting(block: Declared, path: tuple[str, ...]) -> Value[Tree]:
    """An argument, the last of the path, in nested blocks of the names before it."""
    for name in path[:-1]:
        nested = block.blocks(name)
        if len(nested) != 1:
            return Absent(block.header)
        ((file, inner),) = nested
        block = body_of(file, inner.body, inner.header)
    written = block.attribute(path[-1])
    return literal(*written) if written is not None else Absent(block.header)
