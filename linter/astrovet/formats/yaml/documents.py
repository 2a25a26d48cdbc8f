"""YAML text to documents: every key and value with its place, every scalar as Helm reads it.

Helm reads values with sigs.k8s.io/yaml, which is go-yaml v2 (YAML 1.1) followed by a conversion to
JSON; tests compare this reader with Helm's own library. It differs on purpose in these points:

* A text or list as the whole file is read here; Helm refuses it as values. So is a `!!timestamp`
  that is no date.
* A scalar with a tag of somebody's own (`!vault`) is Unknown: a tool replaces it before Helm runs,
  or Helm takes its text as it stands.
* A null key or an infinity is refused even where a later duplicate of an outer key replaces it.
* Every document of a stream is read; Helm reads the first one and does not look at the others.
* A byte-order mark inside a document is refused: Helm makes it part of a key or value, where nobody sees it.
* Nesting and aliases have lower limits (`MAX_DEPTH` and `ALIASED` of the budget).
* Without `ruamel.yaml.clib`, a tab beside a value and the escape `\\'` are refused, a question mark in a text
  between brackets is accepted, and the line breaks U+0085, U+2028 and U+2029 inside quotes are read as U+000A is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msgspec import Struct

from astrovet.budget import ALIASED, MAX_DEPTH, ExhaustedError, Meter
from astrovet.document import Document, Problem
from astrovet.formats.yaml.dialect import (
    FLOW_COLON,
    MENDABLE,
    MOST_DIFFERENCES,
    ReadOtherwise,
    as_go_reads,
    restored,
    without_marks,
)
from astrovet.formats.yaml.events import Events, c_events, pure_events
from astrovet.formats.yaml.faults import (
    CORRECT,
    FLATTEN,
    RENDER_FIRST,
    TEMPLATE,
    Refused,
    as_problem,
    duplicate,
    explain,
    refusal,
    refuse_control_characters,
    refuse_slashes,
)
from astrovet.formats.yaml.layout import layout_of
from astrovet.formats.yaml.marks import end_of_collection, end_of_scalar, start_of
from astrovet.formats.yaml.scalars import TYPES, as_json, float_key, plain, plain_to_newer
from astrovet.place import Layout, Place, step
from astrovet.value import Absent, Entry, Known, Leaf, List, Map, Tree, Unknown, Value, may_hold_document


def read_yaml(path: str, content: str, *, events: Events | None = None, is_newer: bool = False) -> tuple[Document, ...]:
    """Read a stream of YAML documents, one Document each.

    Never raises. An empty file is one Document whose root is Absent. What is no YAML, or what Helm
    refuses, is an UNREADABLE problem of the last Document, whose root is then Unknown. A key that
    stands twice in a map is a DUPLICATE_KEY problem; the last one counts, as it does in Helm.

    Args:
        path: for the places.
        content: the text of the file.
        events: the parser. Without it, the C parser where it is installed, else the Python one.
        is_newer: go-yaml v3 reads it (Helmfile, Kustomize): `no` and the like are texts.
    """
    content = without_marks(content)
    if events is not None and events is not c_events:
        return _read(path, content, events, is_newer)
    parse, given = c_events, content
    for _ in range(MOST_DIFFERENCES):
        try:
            return _read(path, content, parse, is_newer, tells=False)
        except ImportError:
            break
        except ReadOtherwise as difference:
            mended = as_go_reads(given, difference.problem, difference.offset)
            if mended is None or mended == given:
                if difference.problem == FLOW_COLON:
                    break
                return _read(path, content, parse, is_newer)
            given = mended
            parse = partial(restored, given)
    return _read(path, content, pure_events, is_newer)


def _read(path: str, content: str, parse: Events, is_newer: bool, *, tells: bool = True) -> tuple[Document, ...]:
    from ruamel.yaml.error import MarkedYAMLError

    documents: list[Document] = []
    reader = _Reader(path, content, plain_to_newer if is_newer else plain)
    try:
        refuse_control_characters(content)
        reader.stream = parse(content)
        while (root := reader.document()) is not None:
            documents.append(Document(path, root, tuple(reader.problems)))
            reader.problems = []
    except MarkedYAMLError as error:
        if not tells and error.problem in MENDABLE:
            mark = error.problem_mark
            raise ReadOtherwise(error.problem, mark.index if mark else 0) from None
        reader.problems.append(as_problem(path, explain(content, error)))
    except Refused as refused:
        reader.problems.append(as_problem(path, refused))
    else:
        return tuple(documents) or (Document(path, Absent(Place(path, 1, 1, 1, 1))),)
    problem = reader.problems[-1]
    root = Unknown("the file could not be read as YAML", problem.place)
    return (*documents, Document(path, root, tuple(reader.problems)))


class _Node(Struct, frozen=True, gc=False):
    """A value as it is being built."""

    value: Value[Tree]
    end: Any
    """The mark after its last character."""
    size: int = 1
    """How many nodes a walk over it visits."""
    height: int = 0
    """How many levels of maps and lists it holds."""


class _Reader:
    """Builds the tree of one document after the other from parser events.

    The depth of its recursion is bounded by MAX_DEPTH.
    """

    def __init__(self, path: str, content: str, plain: Callable[[str], Leaf | None]) -> None:
        from ruamel.yaml import events

        self.plain = plain
        self.has_slashes = "\\/" in content

        self.events = events
        self.path = path
        self.content = content
        self.stream: Iterator[Any] = iter(())
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Node | None] = {}
        self.aliased = Meter("values that aliases stand for", ALIASED)

    def document(self) -> Value[Tree] | None:
        """The root of the next document, None after the last."""
        for event in self.stream:
            if type(event) is self.events.DocumentStartEvent:
                if event.version not in (None, (1, 1)):
                    raise refusal(event.start_mark, "Helm reads YAML 1.1 only", "remove the `%YAML` line")
                self.anchors = {}
                return self.node(next(self.stream), "", 0, None).value
        return None

    def node(self, event: Any, pointer: str, depth: int, key_place: Place | None) -> _Node:
        """Build the value that begins with this event.

        `key_place` is the place of the key that holds it, None for an item and the root.
        """
        kind = type(event)
        if kind is self.events.AliasEvent:
            return self.alias(event, depth)
        if kind is self.events.ScalarEvent:
            node = self.scalar(event, pointer, key_place)
            if event.anchor:
                self.anchors[event.anchor] = node
            return node
        if depth >= MAX_DEPTH:
            raise refusal(event.start_mark, f"maps and lists are nested deeper than {MAX_DEPTH} levels", FLATTEN)
        if event.anchor:
            self.anchors[event.anchor] = None  # being built: an alias to it would contain itself
        build = self.mapping if kind is self.events.MappingStartEvent else self.sequence
        node = build(event, pointer, depth + 1)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def alias(self, event: Any, depth: int) -> _Node:
        if event.anchor not in self.anchors:
            raise refusal(event.start_mark, "an alias (`*name`) names an anchor that does not exist above it", CORRECT)
        node = self.anchors[event.anchor]
        if node is None:
            raise refusal(event.start_mark, "an anchor contains itself through its alias", CORRECT)
        try:
            Meter("levels", MAX_DEPTH).spend(depth + node.height)
            self.aliased.spend(node.size)
        except ExhaustedError:
            limit = f"{ALIASED} values or {MAX_DEPTH} levels"
            raise refusal(event.start_mark, f"aliases expand to more than {limit}", FLATTEN) from None
        return _Node(node.value, event.end_mark, node.size, node.height)

    def scalar(self, event: Any, pointer: str, key_place: Place | None) -> _Node:
        end = end_of_scalar(self.content, event)
        place = self.place(event, end, pointer)
        if self.has_slashes and event.style == '"':
            refuse_slashes(self.content, event)
        leaf = self.leaf(event, place)
        value: Value[Tree]
        match leaf:
            case None:
                value = Absent(place if event.value or key_place is None else key_place, explicit=True)
            case Unknown():
                value = leaf
            case float() if leaf - leaf != 0:
                raise refusal(event.start_mark, "infinity and NaN cannot be Helm values", "quote it if it is text")
            case str():
                value = Known(leaf, place, layout=self.layout(event, leaf))
            case bool():
                value = Known(leaf, place)
            case number:
                value = Known(as_json(number), place)
        return _Node(value, end)

    def sequence(self, start: Any, pointer: str, depth: int) -> _Node:
        items: list[_Node] = []
        for event in self.stream:
            if type(event) is self.events.SequenceEndEvent:
                break
            items.append(self.node(event, step(pointer, len(items)), depth, None))
        last = end_of_collection(event, items[-1].end if items else None)
        return _Node(
            Known(List(tuple(item.value for item in items)), self.place(start, last, pointer)),
            last,
            1 + sum(item.size for item in items),
            1 + max((item.height for item in items), default=0),
        )

    def mapping(self, start: Any, pointer: str, depth: int) -> _Node:
        entries: dict[str, Entry] = {}
        written: dict[str, Place] = {}
        last, size, height = None, 1, 0
        for event in self.stream:
            if type(event) is self.events.MappingEndEvent:
                break
            if _is_merge(event):
                node, merged = self.merge(event, pointer, depth)
                entries.update(merged)  # like go-yaml: over what stands above it, under what follows
            else:
                key = self.key(event)
                inner = step(pointer, key)
                key_place = self.place(event, event.end_mark, inner)
                if key in written:
                    self.problems.append(duplicate(key, key_place, written[key]))
                written[key] = key_place
                node = self.node(next(self.stream), inner, depth, key_place)
                entries[key] = Entry(key, key_place, node.value)
            last, size, height = node.end, size + node.size, max(height, node.height)
        last = end_of_collection(event, last)
        return _Node(Known(Map(entries), self.place(start, last, pointer)), last, size, height + 1)

    def merge(self, key: Any, pointer: str, depth: int) -> tuple[_Node, dict[str, Entry]]:
        """The entries that a merge key (`<<`) brings; of several maps the first one counts."""
        event = next(self.stream)
        node = self.node(event, step(pointer, "<<"), depth, None)
        match node.value:
            case Known(Map() as tree):
                return node, dict(tree.entries)
            case Known(List(items)) if type(event) is self.events.SequenceStartEvent:
                merged: dict[str, Entry] = {}
                for item in reversed(items):
                    match item:
                        case Known(Map() as tree):
                            merged.update(tree.entries)
                        case Known() | Unknown() | Absent():
                            raise refusal(key.start_mark, "a merge key (`<<`) takes maps only", CORRECT)
                return node, merged
            case Known() | Unknown() | Absent():
                raise refusal(key.start_mark, "a merge key (`<<`) takes a map or a list of maps", CORRECT)

    def key(self, event: Any) -> str:
        """The text of a key, as the conversion to JSON makes it."""
        leaf: Tree | Unknown | None = None
        if type(event) is self.events.ScalarEvent:
            leaf = self.leaf(event, self.place(event, event.end_mark, ""))
            if self.has_slashes and event.style == '"':
                refuse_slashes(self.content, event)
            if event.anchor:
                self.anchors[event.anchor] = self.scalar(event, "", None)
        elif type(event) is self.events.AliasEvent and isinstance(value := self.alias(event, 0).value, Known):
            leaf = value.value
        match leaf:
            case str():
                return leaf
            case bool():
                return "true" if leaf else "false"
            case int():
                return str(leaf)
            case float():
                return float_key(leaf)
            case Unknown():
                return str(event.value)
            case _ if self.content.startswith("{{", event.start_mark.index - 1):
                raise refusal(event.start_mark, TEMPLATE, RENDER_FIRST)
            case _:
                raise refusal(event.start_mark, "a map, a list or null stands as a key", CORRECT)

    def leaf(self, event: Any, place: Place) -> Leaf | Unknown | None:
        """What a scalar means to go-yaml; None is null."""
        tag = event.tag and str(event.tag)
        if not tag:
            return self.plain(event.value) if event.implicit[0] else str(event.value)
        short = tag.removeprefix("tag:yaml.org,2002:")
        if short in ("!", "str", "timestamp"):
            return str(event.value)
        if short == "binary":
            return self.binary(event, place)
        expected = TYPES.get(short)
        if expected is None:
            return Unknown("the value carries a tag that neither Helm nor astrovet resolves", place)
        leaf = self.plain(event.value)
        if short == "float" and type(leaf) is int:
            return float(leaf)
        if type(leaf) is not expected:
            raise refusal(event.start_mark, f"the value does not fit its tag `!!{short}`", CORRECT)
        return leaf

    def binary(self, event: Any, place: Place) -> str | Unknown:
        from binascii import Error, a2b_base64

        try:
            data = a2b_base64(event.value.replace("\n", "").replace("\r", ""), strict_mode=True)
        except (Error, ValueError):
            raise refusal(event.start_mark, "the value does not fit its tag `!!binary`", CORRECT) from None
        try:
            return data.decode()
        except UnicodeDecodeError:
            return Unknown("the value is binary data, not text", place)

    def layout(self, event: Any, text: str) -> Layout | None:
        """Where the characters of a text stand that may hold a document of its own."""
        if not event.style or not may_hold_document(text):
            return None
        start, end = start_of(self.content, event, event.end_mark), event.end_mark
        return layout_of(text, self.content[start.index : end.index], event.style, start.line + 1, start.column + 1)

    def place(self, event: Any, end: Any, pointer: str) -> Place:
        """From the first character of the event's content to the end."""
        start = start_of(self.content, event, end)
        return Place(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1, pointer=pointer)


def _is_merge(event: Any) -> bool:
    tag = getattr(event, "tag", None)
    if getattr(event, "value", None) != "<<":
        return False
    return bool(event.implicit[0]) if not tag else str(tag) == "tag:yaml.org,2002:merge"
