"""What may be changed on a module's lines, one thing at a time, so that some test ought to fail.

Left out is what decides nothing: docstrings, annotations, imports, `TYPE_CHECKING` blocks, caches, encodings, what only
type checkers read, and prose of tables.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPPOSITES = {
    first: second
    for pair in (
        ("any", "all"),
        ("min", "max"),
        ("startswith", "endswith"),
        ("removeprefix", "removesuffix"),
        ("lstrip", "rstrip"),
        ("partition", "rpartition"),
        ("split", "rsplit"),
        ("find", "rfind"),
    )
    for first, second in (pair, pair[::-1])
}
CLEANERS = {"lower", "upper", "casefold", "strip", "lstrip", "rstrip"}
WITHOUT_EFFECT = {"encoding", "errors", "maxsize", "strict", "kw_only", "frozen", "help", "short_help", "metavar"}
"""Arguments that change nothing that a test should hold: of caches, of checks of ourselves, texts of `--help`."""
LOOSE = (ast.BoolOp, ast.Compare, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Lambda, ast.NamedExpr, ast.Yield)
"""What binds less than its surroundings may."""
TYPING = {"TypeVar", "ParamSpec", "cast", "assert_never", "NewType", "Protocol"}
CACHES = {"cache", "lru_cache", "cached_property", "overload", "property", "classmethod", "staticmethod"}


CONTEXT = 60
"""How many letters are shown before and after what has changed in an expression of several lines."""


@dataclass(frozen=True)
class Change:
    """One change of a text: what stands where, and what is put there."""

    kind: str
    line: int
    start: int
    end: int
    before: str
    after: str

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.after.encode() + source[self.end :]

    def shown(self, source: bytes) -> tuple[str, str]:
        """What it changes, before and after, each as one line: the line itself, or the part of an expression."""
        if b"\n" in source[self.start : self.end]:
            return _difference(" ".join(self.before.split()), " ".join(self.after.split()))
        head, tail = source.rfind(b"\n", 0, self.start) + 1, source.find(b"\n", self.end)
        changed = source[head : self.start] + self.after.encode() + source[self.end : tail]
        return " ".join(source[head:tail].decode().split()), " ".join(changed.decode().split())


def _difference(before: str, after: str) -> tuple[str, str]:
    """Where two texts differ, with a little around it."""
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    cut = max(head - CONTEXT, 0)
    return before[cut : len(before) - tail + CONTEXT], after[cut : len(after) - tail + CONTEXT]


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    return next((count for count, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


def changes(source: bytes) -> list[Change]:
    """Everything that may be changed in a module."""
    return list(_Module(source).changes())


class _Module:
    def __init__(self, source: bytes) -> None:
        self.lines = [0]
        for line in source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))
        self.tree = ast.parse(source)

    def changes(self) -> Iterator[Change]:
        for node, anchor, in_function in _deciding(self.tree, None, False):
            for kind, wanted in _mutations(node, in_function):
                place = anchor or node
                if anchor is not None:
                    text = _inside(anchor, node, wanted)
                else:
                    text = wanted if isinstance(wanted, str) else ast.unparse(wanted)
                if isinstance(place, ast.expr) and isinstance(ast.parse(text, mode="eval").body, LOOSE):
                    text = f"({text})"
                if isinstance(place, ast.stmt):
                    text = text.replace("\n", "\n" + " " * place.col_offset)
                start = self.lines[place.lineno - 1] + place.col_offset
                end = self.lines[(place.end_lineno or 0) - 1] + (place.end_col_offset or 0)
                yield Change(kind, place.lineno, start, end, ast.unparse(place), text)


def _inside(anchor: ast.expr, node: ast.AST, wanted: ast.AST | str) -> str:
    """The text of an f-string in which one node is another; only the f-string itself has a place that holds."""
    number = next(number for number, inner in enumerate(ast.walk(anchor)) if inner is node)
    changed = copy.deepcopy(anchor)
    target = next(inner for count, inner in enumerate(ast.walk(changed)) if count == number)
    new = copy.deepcopy(wanted) if isinstance(wanted, ast.AST) else ast.parse(wanted, mode="eval").body
    for outer in ast.walk(changed):
        for name, value in ast.iter_fields(outer):
            if value is target:
                setattr(outer, name, new)
            elif isinstance(value, list):
                value[:] = [new if inner is target else inner for inner in value]
    return ast.unparse(changed)


def _deciding(
    node: ast.AST, anchor: ast.expr | None, in_function: bool
) -> Iterator[tuple[ast.expr | ast.stmt | ast.pattern, ast.expr | None, bool]]:
    """The nodes that decide something; inside an f-string also the outermost f-string."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert | ast.Global | ast.Nonlocal):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node):
        return
    if isinstance(node, ast.Call) and _name(node.func) in TYPING:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _name(node.value.func) in TYPING:
        return
    if isinstance(node, ast.Assign) and not in_function and _only_for_types(node):
        return
    if isinstance(node, ast.AnnAssign) and _name(node.annotation) == "TypeAlias":
        return
    if isinstance(node, ast.FunctionDef):
        if any(_name(decorator) == "overload" for decorator in node.decorator_list):
            return
        in_function = True
    if isinstance(node, ast.expr | ast.stmt | ast.pattern):
        yield node, anchor, in_function
    if isinstance(node, ast.JoinedStr) and anchor is None:
        anchor = node
    skipped = {id(child) for child in _not_deciding(node)}
    for child in ast.iter_child_nodes(node):
        if id(child) not in skipped:
            yield from _deciding(child, anchor, in_function)


def _not_deciding(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.AnnAssign():
            yield node.annotation
        case ast.arg():
            yield from filter(None, [node.annotation])
        case ast.FunctionDef():
            yield from filter(None, [node.returns])
            yield from (decorator for decorator in node.decorator_list if _name(decorator) in CACHES)
        case ast.ClassDef():
            yield from (*node.keywords, *node.bases)
        case ast.Call():
            yield from (keyword for keyword in node.keywords if keyword.arg in WITHOUT_EFFECT)
        case ast.FormattedValue():
            yield from filter(None, [node.format_spec])
        case _:
            pass


def _only_for_types(node: ast.Assign) -> bool:
    """`__all__`, and unions of types that get a name."""
    if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
        return True
    return isinstance(node.value, ast.Subscript | ast.Name) or (
        isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.BitOr)
    )


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
        case ast.Call():
            return _name(node.func)
        case _:
            return ""


def _mutations(node: ast.AST, in_function: bool) -> Iterator[tuple[str, ast.AST | str]]:
    """What may stand in a node's place."""
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp():
            other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            yield "and/or", ast.BoolOp(other, node.values)
            for rest in _one_less(node.values):
                yield "drop operand", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "drop sign", node.operand
        case ast.Constant():
            yield from _constants(node.value, in_function)
        case ast.IfExp():
            yield "one arm", node.body
            yield "one arm", node.orelse
        case ast.BinOp():
            yield from _arithmetic(node)
        case ast.Call():
            yield from _calls(node)
        case ast.Attribute(attr=name) if name in OPPOSITES:
            yield "opposite", ast.Attribute(node.value, OPPOSITES[name])
        case ast.Name(id=name) if name in OPPOSITES:
            yield "opposite", ast.Name(OPPOSITES[name])
        case ast.Subscript():
            yield from _subscripts(node)
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            for rest in _one_less(node.elts):
                yield "drop element", _with(node, elts=rest) if rest or not isinstance(node, ast.Set) else "set()"
        case ast.Dict():
            for keys, values in zip(_one_less(node.keys), _one_less(node.values), strict=True):
                yield "drop element", ast.Dict(keys, values)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            for number, generator in enumerate(node.generators):
                for rest in _one_less(generator.ifs):
                    generators: list[ast.AST] = [*node.generators]
                    generators[number] = _with(generator, ifs=rest)
                    yield "drop guard", _with(node, generators=generators)
        case ast.MatchOr():
            for rest in _one_less(node.patterns):
                yield "drop alternative", rest[0] if len(rest) == 1 else ast.MatchOr(rest)
        case ast.stmt():
            yield from _statements(node)
        case _:
            pass


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for number, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            yield "comparison", _with(node, ops=[*node.ops[:number], other(), *node.ops[number + 1 :]])
    if len(node.ops) == 2:
        yield "drop bound", ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])
        yield "drop bound", ast.Compare(node.left, node.ops[:1], node.comparators[:1])


def _constants(value: object, in_function: bool) -> Iterator[tuple[str, str]]:
    match value:
        case bool():
            yield "constant", repr(not value)
        case int() | float():
            yield "constant", repr(value + 1)
            yield "constant", repr(value - 1)
        case str() if value and (in_function or not re.search(r"\S \S+ \S", value)):
            yield "constant", repr("")


def _arithmetic(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.op, ast.Add | ast.Sub) and any(
        (isinstance(side, ast.Constant) and isinstance(side.value, int)) or _name(side) == "len"
        for side in (node.left, node.right)
    ):
        yield "arithmetic", ast.BinOp(node.left, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), node.right)
    if isinstance(node.op, ast.Add | ast.Sub | ast.BitOr | ast.BitAnd | ast.Mult):
        yield "drop operand", node.left
    if isinstance(node.op, ast.Add | ast.BitOr | ast.BitAnd | ast.Mult):
        yield "drop operand", node.right


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    for number, keyword in enumerate(node.keywords):
        if keyword.arg is not None and keyword.arg not in WITHOUT_EFFECT:
            yield "drop argument", _with(node, keywords=node.keywords[:number] + node.keywords[number + 1 :])
    if isinstance(node.func, ast.Attribute) and node.func.attr in CLEANERS and not node.args:
        yield "drop call", node.func.value


def _subscripts(node: ast.Subscript) -> Iterator[tuple[str, ast.AST]]:
    match node.slice:
        case ast.Constant(value=0):
            yield "other end", _with(node, slice=ast.Constant(-1))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            yield "other end", _with(node, slice=ast.Constant(0))
        case ast.Slice(lower=lower, upper=upper):
            if lower is not None:
                yield "drop bound", _with(node, slice=_with(node.slice, lower=None))
            if upper is not None:
                yield "drop bound", _with(node, slice=_with(node.slice, upper=None))
        case _:
            pass


def _statements(node: ast.stmt) -> Iterator[tuple[str, ast.AST | str]]:
    match node:
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and not value.value):
            yield "break return", "return None"
        case ast.If():
            yield "negate condition", _with(node, test=ast.UnaryOp(ast.Not(), node.test))
            if not node.orelse and not _yields_alone(node):
                yield "drop statement", "pass"
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield "drop statement", "yield from ()"
        case ast.Expr() | ast.AugAssign() | ast.Raise():
            yield "drop statement", "pass"
        case ast.Continue():
            yield "leave loop", "break"
            yield "drop statement", "pass"
        case ast.Break():
            yield "drop statement", "pass"
        case _:
            pass


def _yields_alone(node: ast.If) -> bool:
    """A generator must stay one: its only `yield` may not go with the statement."""
    return any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node))


def _one_less(items: list) -> Iterator[list]:  # type: ignore[type-arg]
    """The list without each of its elements in turn."""
    for number in range(len(items)):
        yield items[:number] + items[number + 1 :]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
