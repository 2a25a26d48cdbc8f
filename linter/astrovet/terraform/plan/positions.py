"""Where in the sources a Terraform address stands: a plan knows no lines, the `.tf` files do.

An address leads through the module calls to a folder, there to a block, and the pointer leads from
the block as deep as literals are written out. What cannot be followed ends the search at the last
place found, so the answer is never a guess.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Note
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Attribute, Block, Body, HclFile
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.address import Index, ModuleStep, Part, split_module, split_pointer, split_reference
from astrovet.terraform.file_names import is_override, module_files
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Value


class ModuleCall(Struct, frozen=True):
    """A module call as the plan's configuration shows it."""

    name: str
    source: str
    calls: tuple[ModuleCall, ...] = ()


class _Written(Struct, frozen=True):
    """A block and the file it stands in."""

    file: HclFile
    block: Block


_Key = tuple[str, ...]
"""The type of a block and its labels."""


class _InstalledModule(Struct, frozen=True, rename="pascal"):
    key: str
    dir: str


class _InstalledModules(Struct, frozen=True, rename="pascal"):
    modules: tuple[_InstalledModule, ...]


class Sources:
    """The `.tf` files of a root module and of the modules it calls.

    `files` are theirs by displayed path, subfolders included. `folder` is the root module's, in
    the same spelling. `calls` is the plan's view of the module calls; without it the `module` blocks
    of the sources are followed. `installed` is the content of `.terraform/modules/modules.json`,
    which knows where modules from a registry or a repository were put.

    A file is scanned when the first address leads to its folder.
    """

    def __init__(
        self, files: Mapping[str, TextFile], folder: str, calls: Sequence[ModuleCall] = (), installed: str = ""
    ) -> None:
        self._files = files
        self._folder = posixpath.normpath(folder)
        self._calls = tuple(calls)
        self._installed = _installed_folders(installed, self._folder)
        self._blocks: dict[str, dict[_Key, list[_Written]]] = {}
        self._paths: dict[str, list[str]] = {}
        for path in module_files(files.keys()):
            self._paths.setdefault(posixpath.normpath(posixpath.dirname(path)), []).append(path)

    def locate(self, place: Place) -> tuple[Place, tuple[Note, ...]] | None:
        """The source of an address and a pointer, and the module calls that lead there, nearest first.

        Besides resources, these are addresses: `provider.astro`, `provider.astro.eu` (an alias),
        `variable.NAME`, `output.NAME` and `module.NAME` (the call), each below any module path.
        The place keeps its address and pointer. Where a module's sources are not at hand, it is the
        call of that module; where nothing is found, None.
        """
        modules, block_parts = _take_apart(place.address)
        pointer = split_pointer(place.pointer)
        if pointer is None:
            return None
        folder, calls = self._follow(modules)
        blocks = [] if folder is None else self._find(folder, block_parts)
        if blocks:
            source = _innermost(blocks, pointer)
        elif calls:
            source = calls.pop().place
        else:
            return None
        return replace(source, address=place.address, pointer=place.pointer), tuple(reversed(calls))

    def calls(self, address: str) -> tuple[Note, ...]:
        """The module calls that lead to an address, nearest first."""
        modules, _ = _take_apart(address)
        _, notes = self._follow(modules)
        return tuple(reversed(notes))

    def has_dynamic(self, address: str, block_type: str) -> bool | None:
        """Whether the block writes some of its `block_type` blocks as `dynamic`; None if it is not found."""
        modules, block_parts = _take_apart(address)
        folder, _ = self._follow(modules)
        blocks = [] if folder is None else self._find(folder, block_parts)
        if not blocks:
            return None
        return any(_dynamic(written.block.body, block_type) for written in blocks)

    def _follow(self, modules: Sequence[ModuleStep]) -> tuple[str | None, list[Note]]:
        """The folder that a module path leads to, None where that is not known; and the calls on the way."""
        folder: str | None = self._folder
        planned = self._calls
        notes: list[Note] = []
        for depth, module in enumerate(modules, start=1):
            blocks = [] if folder is None else self._find(folder, ("module", module.name))
            call = next((call for call in planned if call.name == module.name), None)
            planned = call.calls if call else ()
            if blocks:
                header = replace(blocks[0].block.header, address=_call_address(modules[:depth]))
                notes.append(Note("called from here", header))
            source = call.source if call else _written_source(blocks)
            if folder is not None and source.startswith(("./", "../")):
                folder = posixpath.normpath(posixpath.join(folder, source))
            else:
                folder = self._installed.get(".".join(step.name for step in modules[:depth]))
        return folder, notes

    def _find(self, folder: str, parts: Sequence[Part]) -> list[_Written]:
        """The blocks that these parts name, those of override files first."""
        match tuple(parts):
            case ("provider", str(name)):
                return [block for block in self._index(folder).get(("provider", name), []) if _alias(block) == ""]
            case ("provider", str(name), str(alias)):
                return [block for block in self._index(folder).get(("provider", name), []) if _alias(block) == alias]
            case ("module" | "variable" | "output" as kind, str(name)):
                key: _Key = (kind, name)
            case ("data", str(kind), str(name)) | ("data", str(kind), str(name), Index()):
                key = ("data", kind, name)
            case (str(kind), str(name)) | (str(kind), str(name), Index()):
                key = ("resource", kind, name)
            case _:
                return []
        return self._index(folder).get(key, [])

    def _index(self, folder: str) -> dict[_Key, list[_Written]]:
        """The blocks directly in a folder's files, by type and labels."""
        if folder not in self._blocks:
            index = self._blocks[folder] = {}
            for path in _override_order(self._paths.get(folder, [])):
                file = self._files[path].hcl
                for block in file.body.blocks:
                    index.setdefault((block.type, *block.labels), []).append(_Written(file, block))
        return self._blocks[folder]


def _take_apart(address: str) -> tuple[tuple[ModuleStep, ...], tuple[Part, ...]]:
    modules, rest = split_module(split_reference(address) or ())
    if modules and not rest:  # the call itself: a block of the module above
        return modules[:-1], ("module", modules[-1].name)
    return modules, rest


def _call_address(modules: Sequence[ModuleStep]) -> str:
    return ".".join(f"module.{module.name}" for module in modules)


def _installed_folders(content: str, root: str) -> dict[str, str]:
    """Folders by dotted call names. Terraform writes the file; one that cannot be read tells nothing."""
    try:
        installed = msgspec.json.decode(content, type=_InstalledModules)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    folders = ((module.key, module.dir.replace("\\", "/")) for module in installed.modules)
    return {key: posixpath.normpath(posixpath.join(root, folder)) for key, folder in folders}


def _override_order(paths: Sequence[str]) -> Iterator[str]:
    """Override files first, the last one before the others, since it has the last word."""
    overrides = sorted((path for path in paths if is_override(path)), reverse=True)
    yield from overrides
    yield from sorted(path for path in paths if not is_override(path))


def _written_text(file: HclFile, body: Body, name: str) -> str | None:
    """The text an argument is set to; "" where it is not set, None where it is no plain text."""
    attribute = body.attribute(name)
    if attribute is None:
        return ""
    match literal(file, attribute):
        case Known(str(content)):
            return content
        case _:
            return None


def _written_source(blocks: Sequence[_Written]) -> str:
    sources = (_written_text(written.file, written.block.body, "source") for written in blocks)
    return next((source for source in sources if source), "")


def _alias(provider: _Written) -> str | None:
    return _written_text(provider.file, provider.block.body, "alias")


# --- from a block to the place inside


def _innermost(blocks: Sequence[_Written], pointer: Sequence[str | int]) -> Place:
    """The place in the first block that has what the pointer begins with; else the last one's header."""
    for written in blocks:
        place = _in_body(written.file, written.block.body, pointer)
        if place is not None:
            return place
    return blocks[-1].block.header


def _in_body(file: HclFile, body: Body, pointer: Sequence[str | int]) -> Place | None:
    """The place of a pointer in a body; None where not even its first step is found."""
    header: Place | None = None
    while pointer and isinstance(pointer[0], str):
        attribute = body.attribute(pointer[0])
        if attribute is not None:
            return _in_attribute(file, attribute, pointer[1:])
        nested = _only_block(file, body, pointer)
        if nested is None:
            break
        header, body = nested.header, nested.body
        pointer = pointer[2:] if _has_index(pointer) or _selects(file, nested, pointer) else pointer[1:]
        if nested.type == "dynamic":
            body = next((block.body for block in body.blocks if block.type == "content"), Body())
    return header


def _only_block(file: HclFile, body: Body, pointer: Sequence[str | int]) -> Block | None:
    """The one block that a pointer can mean.

    By name where the pointer gives one; by index only where there is no choice, since Terraform
    keeps blocks in sets, whose order is not the order of the source.
    """
    blocks = [block for block in body.blocks if block.type == pointer[0]]
    dynamic = _dynamic(body, str(pointer[0]))
    named = [block for block in blocks if _selects(file, block, pointer)]
    if len(named) == 1:
        return named[0]
    candidates = blocks + dynamic
    return candidates[0] if len(candidates) == 1 else None


def _dynamic(body: Body, block_type: str) -> list[Block]:
    return [block for block in body.blocks if block.type == "dynamic" and block.labels == (block_type,)]


def _has_index(pointer: Sequence[str | int]) -> bool:
    return len(pointer) > 1 and isinstance(pointer[1], int)


def _selects(file: HclFile, block: Block, pointer: Sequence[str | int]) -> bool:
    """Whether the pointer's second step is this block's `key` or `name`."""
    if len(pointer) < 2 or not isinstance(pointer[1], str):
        return False
    return pointer[1] in (_written_text(file, block.body, "key"), _written_text(file, block.body, "name"))


def _in_attribute(file: HclFile, attribute: Attribute, pointer: Sequence[str | int]) -> Place:
    """The place of a pointer in an argument, as deep as it is written out."""
    value: Value[Tree] = literal(file, attribute)
    place = attribute.place
    for key in pointer:
        entry = _entry(value, key)
        if entry is not None:
            value = entry.value
            place = value.place if _is_leaf(value) else _from_to(entry.key_place, value.place)
            continue
        item = _item(value, key)
        if item is None:
            break
        value, place = item, item.place
    return _first_line(file, place)


def _entry(value: Value[Tree], key: str | int) -> Entry | None:
    match value:
        case Known(Map() as tree) if isinstance(key, str):
            return tree.entries.get(key)
        case _:
            return None


def _item(value: Value[Tree], key: str | int) -> Value[Tree] | None:
    """The item of a list that a step means: the one of that `key` or `name`, or the only one.

    Other indexes mean nothing here: the list may be a set to Terraform, with another order.
    """
    match value:
        case Known(List() as tree):
            items = tree.items if isinstance(key, int) else [item for item in tree.items if _is_called(item, key)]
            return items[0] if len(items) == 1 else None
        case _:
            return None


def _is_called(value: Value[Tree], name: str) -> bool:
    for identity in ("key", "name"):
        entry = _entry(value, identity)
        match entry.value if entry else None:
            case Known(str(content)) if content == name:
                return True
    return False


def _is_leaf(value: Value[Tree]) -> bool:
    match value:
        case Known(Map() | List()):
            return False
        case Known() | Absent():
            return True
        case _:
            return False


def _from_to(first: Place, last: Place) -> Place:
    return replace(first, end_line=last.end_line, end_column=last.end_column)


def _first_line(file: HclFile, place: Place) -> Place:
    """The place, cut at the end of its first line."""
    if place.end_line == place.line:
        return place
    start, end = file.lines.starts[place.line - 1], file.lines.starts[place.line]
    return replace(place, end_line=place.line, end_column=len(file.content[start:end].rstrip()) + 1)
