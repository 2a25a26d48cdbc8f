"""Terraform's JSON syntax (`*.tf.json`, `*.tfvars.json`), read into the same blocks and arguments as the native one.

JSON does not say what is a block and what is an argument; Terraform knows that from the provider.
Here the blocks of Terraform's own language are blocks, and so is what a `dynamic` block makes or stands in;
everything else is an argument: the block `timeouts` of a resource is an argument that holds an object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from astrovet.document import Comment, Problem, ProblemKind
from astrovet.formats.hcl.grammar import pass_expression
from astrovet.formats.hcl.json_expressions import Interpretation, native_expression, native_text, split_templates
from astrovet.formats.hcl.json_values import Array, Json, Member, Object, Scalar, Text, read_json
from astrovet.formats.hcl.literals import MAX_LITERAL_DEPTH, MISREAD_VALUE, NOT_A_LITERAL, UNCERTAIN_KEY, number
from astrovet.formats.hcl.structure import (
    Attribute,
    Block,
    Body,
    Converted,
    HclFile,
    lines_of,
    set_twice,
    unreadable,
)
from astrovet.formats.hcl.tokens import CONSTANTS, Lines, MisreadError, TokenReader
from astrovet.place import Place, step
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value

COMMENT = "//"
"""The key of a comment, in objects that hold arguments. Inside of an argument's value it is a key like any other."""

_OF_RESOURCES = {"dynamic": 1, "lifecycle": 0, "provisioner": 1, "connection": 0}
_BLOCKS: Mapping[str, Mapping[str, int]] = {
    "": {
        "terraform": 0,
        "provider": 1,
        "variable": 1,
        "locals": 0,
        "module": 1,
        "resource": 2,
        "data": 2,
        "ephemeral": 2,
        "output": 1,
        "moved": 0,
        "import": 0,
        "removed": 0,
        "check": 1,
    },
    "terraform": {"required_providers": 0, "backend": 1, "cloud": 0, "provider_meta": 1},
    "cloud": {"workspaces": 0},
    "provider": {"dynamic": 1},
    "variable": {"validation": 0},
    "resource": _OF_RESOURCES,
    "data": _OF_RESOURCES,
    "ephemeral": _OF_RESOURCES,
    "lifecycle": {"precondition": 0, "postcondition": 0},
    "provisioner": {"connection": 0},
    "output": {"precondition": 0},
    "removed": {"lifecycle": 0, "provisioner": 1},
    "check": {"data": 2, "assert": 0},
    "dynamic": {"content": 0},
    "content": {"dynamic": 1},
}
"""The blocks that may stand in a block of a type, with the number of their labels; "" is the file itself."""

_REFERENCES: Mapping[str, frozenset[str]] = {
    "variable": frozenset({"type"}),
    "module": frozenset({"providers", "depends_on"}),
    "resource": frozenset({"provider", "depends_on"}),
    "data": frozenset({"provider", "depends_on"}),
    "ephemeral": frozenset({"provider", "depends_on"}),
    "lifecycle": frozenset({"ignore_changes", "replace_triggered_by"}),
    "provisioner": frozenset({"when", "on_failure"}),
    "output": frozenset({"depends_on"}),
    "moved": frozenset({"from", "to"}),
    "import": frozenset({"to", "provider"}),
    "removed": frozenset({"from"}),
    "dynamic": frozenset({"iterator"}),
}
"""Arguments whose texts are expressions without `${ }` around them."""

_TEXTS: Mapping[str, frozenset[str]] = {
    "variable": frozenset({"default", "description"}),
    "module": frozenset({"source", "version"}),
}
"""Arguments whose texts Terraform takes as they are: `${` has no meaning in them."""

_ONLY_TEXTS = frozenset({"terraform", "required_providers", "backend", "cloud", "workspaces", "provider_meta"})


class _Source(Struct, frozen=True):
    """The file, and what was found in it besides its structure."""

    content: str
    lines: Lines
    comments: list[Comment]
    problems: list[Problem]


def scan_json(path: str, content: str) -> HclFile:
    """Find the blocks, arguments and comments of a `.tf.json` file.

    Never raises: text that is no JSON gives a problem, and so do a value where Terraform expects a
    block, a text whose template is broken, and a key that is set twice.
    """
    return _scan(path, content, "", _BLOCKS[""])


def scan_json_variables(path: str, content: str) -> HclFile:
    """Find the arguments of a `*.tfvars.json` file: every key is one, and texts are taken as they are."""
    return _scan(path, content, "terraform", {})


def _scan(path: str, content: str, kind: str, blocks: Mapping[str, int]) -> HclFile:
    content = content.removeprefix("\ufeff")
    source = _Source(content, lines_of(path, content), [], [])
    root, misread = read_json(content)
    objects = () if root is None else _objects(source, root, "the file has to hold an object, or a list of objects")
    body = _body(source, kind, tuple(objects), blocks)
    if misread is not None:
        source.problems[:] = [unreadable(content, source.lines, misread)]
    return HclFile(path, content, source.lines, body, tuple(source.comments), tuple(source.problems))


# --- blocks


def _body(source: _Source, kind: str, objects: Sequence[Object], inner: Mapping[str, int]) -> Body:
    """The body of a block of a type; its keys may be spread over several objects."""
    attributes: dict[str, Attribute] = {}
    ordered: list[Attribute] = []
    blocks: list[Block] = []
    members = [member for holder in objects for member in holder.members]
    made = _made_by_dynamic(members) if "dynamic" in inner else frozenset()
    for member in members:
        name = member.key.text
        if name == COMMENT:
            _keep_comment(source, member.value)
        elif name in inner:
            blocks.extend(_blocks(source, member, inner[name]))
        elif "dynamic" in inner and (name in made or _holds_dynamic(member.value)):
            blocks.extend(_blocks(source, member, 0, "content"))
        else:
            attribute = _attribute(source, kind, member)
            first = attributes.setdefault(name, attribute)
            if first is not attribute:
                source.problems.append(set_twice(name, first.name_place, attribute.name_place))
            ordered.append(attribute)
    return Body(tuple(ordered), tuple(blocks))


def _made_by_dynamic(members: Sequence[Member]) -> frozenset[str]:
    """The types of the blocks that the `dynamic` blocks beside them make."""
    holders = (member.value for member in members if member.key.text == "dynamic")
    return frozenset(nested.key.text for holder in holders for inner in _objects_in(holder) for nested in inner.members)


def _holds_dynamic(value: Json) -> bool:
    """Whether `dynamic` blocks stand in it at any depth, as they do in blocks only."""
    pending = [value]
    while pending:
        for holder in _objects_in(pending.pop()):
            for member in holder.members:
                if member.key.text == "dynamic" and _is_dynamic(member.value):
                    return True
                pending.append(member.value)
    return False


def _is_dynamic(value: Json) -> bool:
    """Whether it holds types of blocks with what `dynamic` makes of each, and nothing else."""
    made = [nested.value for holder in _objects_in(value) for nested in holder.members]
    contents = [content for holder in made for content in _objects_in(holder)]
    return bool(contents) and all(
        {"for_each", "content"} <= {member.key.text for member in content.members} for content in contents
    )


def _objects_in(value: Json) -> Iterator[Object]:
    """The object, or the objects of the list, that a value is."""
    for item in value.items if isinstance(value, Array) else (value,):
        if isinstance(item, Object):
            yield item


def _blocks(source: _Source, member: Member, labels: int, within: str = "") -> Iterator[Block]:
    """The blocks of a type, whose labels are the keys of as many objects, one in the other.

    What may stand in them is what may stand `within` another type of block, where that is given.
    """
    kind = member.key.text
    labelled: list[tuple[tuple[str, ...], Member]] = [((), member)]
    expected = f"an object, or a list of objects, is expected here: the content of a `{kind}` block"
    for _ in range(labels):
        labelled = [
            ((*outer, nested.key.text), nested)
            for outer, holder in labelled
            for inner in _objects(source, holder.value, expected)
            for nested in inner.members
        ]
    for names, holder in labelled:
        contents = tuple(_objects(source, holder.value, expected))
        for content in contents:
            # Of several blocks under one key each begins at its own brace.
            start, end = (
                (holder.key.start, holder.key.end) if len(contents) == 1 else (content.start, content.start + 1)
            )
            header, place = source.lines.place(start, end), source.lines.place(start, content.end)
            inner = _BLOCKS.get(within or kind, {})
            yield Block(kind, names, header, place, _body(source, within or kind, (content,), inner))


def _objects(source: _Source, value: Json, expected: str) -> Iterator[Object]:
    """The object, or the objects of the list, that a value is; null stands for none."""
    for item in value.items if isinstance(value, Array) else (value,):
        match item:
            case Object():
                yield item
            case Scalar("null"):
                pass
            case _:
                source.problems.append(_problem(source, item.start, item.end, expected))


def _attribute(source: _Source, kind: str, member: Member) -> Attribute:
    name, value = member.key.text, member.value
    pointer = step("", name)
    reading = _reading(kind, name)
    return Attribute(
        name,
        source.lines.place(member.key.start, member.key.end, pointer),
        source.lines.place(member.key.start, value.end, pointer),
        value.start,
        value.end,
        Converted(native_expression(value, reading), _value(source, value, reading, pointer)),
    )


def _reading(kind: str, name: str) -> Interpretation:
    if name in _REFERENCES.get(kind, ()):
        return Interpretation.REFERENCE
    return Interpretation.TEXT if kind in _ONLY_TEXTS or name in _TEXTS.get(kind, ()) else Interpretation.TEMPLATE


def _keep_comment(source: _Source, value: Json) -> None:
    if isinstance(value, Text):
        source.comments.append(Comment(value.text.strip(), source.lines.place(value.start, value.end)))


def _problem(source: _Source, start: int, end: int, message: str) -> Problem:
    place = source.lines.place(start, end)
    return Problem(
        ProblemKind.UNREADABLE,
        f"line {place.line}, column {place.column}: {message}",
        "Correct the file; `terraform validate` checks it.",
        place,
    )


# --- values


def _value(source: _Source, value: Json, reading: Interpretation, pointer: str, depth: int = 0) -> Value[Tree]:
    """What is written out of a value; templates and references are Unknown at their own place."""
    place = source.lines.place(value.start, value.end, pointer)
    match value:
        case Text(text):
            return _text(source, value, reading, place) if reading is not Interpretation.TEXT else Known(text, place)
        case Scalar("null"):
            return Absent(place, explicit=True)
        case Scalar(text):
            leaf = CONSTANTS[text] if text in CONSTANTS else number(text)
            return Unknown(NOT_A_LITERAL, place) if leaf is None else Known(leaf, place)
        case _ if depth >= MAX_LITERAL_DEPTH:
            return Unknown(NOT_A_LITERAL, place)
        case Array(items):
            inner = (_value(source, item, reading, step(pointer, index), depth + 1) for index, item in enumerate(items))
            return Known(List(tuple(inner)), place)
        case Object(members):
            return Known(_map(source, members, reading, pointer, depth), place)


def _map(source: _Source, members: Sequence[Member], reading: Interpretation, pointer: str, depth: int) -> Map:
    entries: dict[str, Entry] = {}
    unlisted: Unknown | None = None
    for member in members:
        key_place = source.lines.place(member.key.start, member.key.end, pointer)
        key = member.key.text
        if reading is Interpretation.TEMPLATE:
            match _text(source, member.key, reading, key_place):
                case Known(text):
                    key = text
                case _:
                    unlisted = Unknown(UNCERTAIN_KEY, key_place)
                    _value(source, member.value, reading, pointer, depth + 1)
                    continue
        key_place = source.lines.place(member.key.start, member.key.end, step(pointer, key))
        entry = Entry(key, key_place, _value(source, member.value, reading, key_place.pointer, depth + 1))
        if entries.setdefault(key, entry) is not entry:
            source.problems.append(set_twice(key, entries[key].key_place, key_place))
    return Map(entries, unlisted)


def _text(source: _Source, text: Text, reading: Interpretation, place: Place) -> Known[str] | Unknown:
    """A text without templates; Unknown where there is something to fill in."""
    try:
        pieces = tuple(split_templates(text.text))
        if reading is Interpretation.TEMPLATE and len(pieces) > 1:
            pass_expression(TokenReader(native_text(text.text, reading), Lines("", (0,))), one_line=True)
    except MisreadError as misread:
        source.problems.append(_problem(source, text.start, text.end, f"in this text: {misread.message}"))
        return Unknown(MISREAD_VALUE, place)
    if reading is Interpretation.REFERENCE or any(is_template for _, is_template in pieces):
        return Unknown(NOT_A_LITERAL, place)
    return Known(text.text.replace("$${", "${").replace("%%{", "%{"), place)
