"""What the files of one module's folder declare, override files merged in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from astrovet.document import Note, Problem, ProblemKind
from astrovet.formats.hcl.literals import NOT_A_LITERAL, literal
from astrovet.formats.hcl.structure import Attribute, Block, Body, HclFile, expression_text, text_at
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.file_names import is_override
from astrovet.terraform.source.expressions import Expression
from astrovet.terraform.source.parsing import parse
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, boolean

_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1}
"""The blocks that are told apart by their labels, and how many of these they have."""


class Declared(Struct, frozen=True):
    """A block with the override blocks that are merged into it, the last one first."""

    parts: tuple[tuple[HclFile, Body], ...]
    header: Place

    def attribute(self, name: str) -> tuple[HclFile, Attribute] | None:
        """The argument of that name; an override's wins."""
        for file, body in self.parts:
            attribute = body.attribute(name)
            if attribute is not None:
                return file, attribute
        return None

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """A switch, where it is written out."""
        argument = self.attribute(name)
        value = boolean(literal(*argument)) if argument is not None else None
        return value.value if isinstance(value, Known) else otherwise

    def attributes(self) -> Iterator[str]:
        """The names of all arguments, each once."""
        seen = {attribute.name: None for _, body in reversed(self.parts) for attribute in body.attributes}
        yield from seen

    def blocks(self, kind: str) -> list[tuple[HclFile, Block]]:
        """The nested blocks of a kind, `dynamic` ones included; an override's take the place of all others."""
        for file, body in self.parts:
            blocks = [(file, block) for block in body.blocks if _is_of_kind(block, kind)]
            if blocks:
                return blocks
        return []

    def block_kinds(self) -> Iterator[str]:
        """The kinds of nested blocks, each once."""
        kinds = {
            block.labels[0] if block.type == "dynamic" and block.labels else block.type: None
            for _, body in self.parts
            for block in body.blocks
        }
        yield from kinds

    def all_attributes(self) -> Iterator[tuple[HclFile, Attribute]]:
        """Every argument, those of nested blocks included."""
        pending = list(self.parts)
        while pending:
            file, body = pending.pop()
            yield from ((file, attribute) for attribute in body.attributes)
            pending.extend((file, block.body) for block in body.blocks)


def _is_of_kind(block: Block, kind: str) -> bool:
    return block.type == kind or (block.type == "dynamic" and block.labels[:1] == (kind,))


def body_of(file: HclFile, body: Body, header: Place) -> Declared:
    """A nested body seen as a declaration of its own."""
    return Declared(((file, body),), header)


def expression_of(file: HclFile, attribute: Attribute) -> Expression:
    """The expression that an argument is set to."""
    return parse(expression_text(file, attribute))


def expressions_in(file: HclFile, attribute: Attribute) -> tuple[Expression, ...]:
    """The expressions in an argument: those that stand in what is written out, else the one that it is set to."""
    if attribute.converted is None:
        places = _places_of_expressions(literal(file, attribute))
        if places is not None:
            return tuple(parse(text_at(file, place)) for place in places)
    return (expression_of(file, attribute),)


def _places_of_expressions(value: Value[Tree]) -> list[Place] | None:
    """Where the parts of a value stand that are not written out; None where that cannot be told."""
    places: list[Place] = []
    pending = [value]
    while pending:
        match pending.pop():
            case Unknown(why, place) if why == NOT_A_LITERAL:
                places.append(place)
            case Unknown() | Known(Map(unlisted=Unknown())):
                return None
            case Known(Map(entries)):
                pending.extend(entry.value for entry in reversed(list(entries.values())))
            case Known(List(items)):
                pending.extend(reversed(items))
            case Known() | Absent():
                pass
    return places


class Folder(Struct, frozen=True):
    """One module's folder."""

    path: str
    variables: Mapping[str, Declared] = {}
    locals: Mapping[str, tuple[HclFile, Attribute]] = {}
    resources: Mapping[tuple[str, str, str], Declared] = {}
    """By mode, type and name."""
    calls: Mapping[str, Declared] = {}
    outputs: Mapping[str, Declared] = {}
    providers: Sequence[tuple[str, Declared]] = ()
    """Local name and block."""
    required_providers: Mapping[str, tuple[HclFile, Attribute]] = {}
    settings: Place | None = None
    """Where its first `terraform` block stands."""
    backend: tuple[str, Declared] | None = None
    """Where the state is kept: the backend's type, or `cloud`, and the block."""
    problems: tuple[Problem, ...] = ()


def read_folder(files: Mapping[str, TextFile], folder: str) -> Folder:
    """What the files of a folder declare, override files last."""
    scanned = [files[path].hcl for path in sorted(files, key=lambda path: (is_override(path), path))]
    blocks: dict[tuple[str, ...], list[tuple[HclFile, Block, bool]]] = {}
    local_values: dict[str, tuple[HclFile, Attribute]] = {}
    required: dict[str, tuple[HclFile, Attribute]] = {}
    providers: list[tuple[str, Declared]] = []
    twice: list[Problem] = []
    settings: Place | None = None
    backend: tuple[str, Declared] | None = None
    for file in scanned:
        for block in file.body.blocks:
            if block.type == "locals":
                twice += _locals_twice(block, local_values, is_override(file.path))
                local_values.update((attribute.name, (file, attribute)) for attribute in block.body.attributes)
            elif block.type == "provider" and block.labels:
                providers.append((block.labels[0], body_of(file, block.body, block.header)))
            elif block.type == "terraform":
                settings = settings or block.header
                for inner in block.body.blocks:
                    if inner.type == "required_providers":
                        required.update((attribute.name, (file, attribute)) for attribute in inner.body.attributes)
                    elif inner.type in {"backend", "cloud"}:  # that of an override file comes last, and counts
                        backend = (*inner.labels, inner.type)[0], body_of(file, inner.body, inner.header)
            else:
                blocks.setdefault((block.type, *block.labels), []).append((file, block, is_override(file.path)))
    merged = {key: _merged(namesakes) for key, namesakes in blocks.items()}
    twice += (problem for key, namesakes in blocks.items() for problem in _declared_twice(key, namesakes))

    def of(kind: str) -> dict[str, Declared]:
        return {key[1]: declared for key, declared in merged.items() if key[0] == kind and len(key) == 2}

    return Folder(
        path=folder,
        variables=of("variable"),
        locals=local_values,
        resources={
            ("managed" if key[0] == "resource" else "data", key[1], key[2]): declared
            for key, declared in merged.items()
            if key[0] in {"resource", "data"} and len(key) == 3
        },
        calls=of("module"),
        outputs=of("output"),
        providers=tuple(providers),
        required_providers=required,
        settings=settings,
        backend=backend,
        problems=(*(problem for file in scanned for problem in file.problems), *twice),
    )


def _locals_twice(block: Block, known: Mapping[str, tuple[HclFile, Attribute]], is_override: bool) -> Iterator[Problem]:
    """The names of a `locals` block that another one has already, which Terraform refuses too."""
    for attribute in block.body.attributes:
        if attribute.name in known and not is_override:
            yield Problem(
                ProblemKind.DUPLICATE_KEY,
                "this local value is declared twice in its module; Terraform refuses that, and the last one is judged",
                "remove one of the two, or give it another name",
                attribute.name_place,
                (Note("declared first here", known[attribute.name][1].name_place),),
            )


def _declared_twice(key: tuple[str, ...], blocks: Sequence[tuple[HclFile, Block, bool]]) -> Iterator[Problem]:
    """What Terraform refuses: blocks of one name in one module, of which only the first is judged.

    Blocks without a name (`moved`, `import`, `removed`) may stand as often as one likes.
    """
    if key[0] not in _LABELS or len(key) != _LABELS[key[0]] + 1:
        return
    first, *others = [block.header for _, block, is_override in blocks if not is_override] or [blocks[0][1].header]
    for header in others:
        yield Problem(
            ProblemKind.DUPLICATE_KEY,
            f"this {key[0]} is declared twice in its module; Terraform refuses that, and only the first one is judged",
            "remove one of the blocks, or give it another name",
            header,
            (Note("declared first here", first),),
        )


def _merged(blocks: Sequence[tuple[HclFile, Block, bool]]) -> Declared:
    """The block with its overrides; of two plain blocks with one name, which Terraform refuses, the first counts."""
    base = next(((file, block) for file, block, is_override in blocks if not is_override), (blocks[0][0], blocks[0][1]))
    overrides = [(file, block.body) for file, block, is_override in blocks if is_override and block is not base[1]]
    return Declared((*reversed(overrides), (base[0], base[1].body)), base[1].header)
