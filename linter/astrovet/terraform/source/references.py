"""What an expression refers to, as a plan's `configuration` lists it."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.formats.hcl.strings import quoted
from astrovet.formats.hcl.structure import Attribute, HclFile
from astrovet.terraform.source import expressions as tree
from astrovet.terraform.source.declared import Folder, expressions_in


def references(file: HclFile, attribute: Attribute, folder: Folder) -> Iterator[str]:
    """What an argument refers to, as a plan lists it; each local is followed once to what it stands for."""
    followed: set[str] = set()
    pending: list[tree.Expression | str] = [*reversed(expressions_in(file, attribute))]
    while pending:
        current = pending.pop()
        if isinstance(current, str):
            yield current
        else:
            pending.extend(reversed(list(_referred(current, folder, followed))))


def _referred(expression: tree.Expression, folder: Folder, followed: set[str]) -> Iterator[tree.Expression | str]:
    """What an expression itself refers to, and the expressions that tell what else it does."""
    if not isinstance(expression, tree.Name | tree.Attribute | tree.Index):
        yield from children(expression)
        return
    parts, keys = _parts(expression)
    yield from keys
    match parts:
        case [tree.ELEMENT.name, *_]:
            pass  # what it is an element of is told beside it
        case ["local", name, *_]:
            local = folder.locals.get(name)
            if local is None:
                yield f"local.{name}"
            elif name not in followed:
                followed.add(name)
                yield from expressions_in(*local)
        case [_, _, *_]:
            yield "".join([parts[0], *(part if part.startswith("[") else f".{part}" for part in parts[1:])])
        case []:
            yield from children(expression)
        case _:
            pass


def _parts(expression: tree.Expression) -> tuple[list[str], list[tree.Expression]]:
    """The parts of a plain reference, and the expressions that stand as keys in it; no parts for anything else."""
    parts: list[str] = []
    keys: list[tree.Expression] = []
    while True:
        match expression:
            case tree.Attribute(of, name):
                parts.append(name)
                expression = of
            case tree.Index(of, tree.Constant(bool())):
                return [], []
            case tree.Index(of, tree.Constant(int(number))):
                parts.append(f"[{number}]")
                expression = of
            case tree.Index(of, tree.Constant(str(key))):
                parts.append(f'["{quoted(key)}"]')
                expression = of
            case tree.Index(of, key):
                keys.append(key)
                parts.clear()  # what follows an open index is not part of the reference
                expression = of
            case tree.Name(name):
                parts.append(name)
                return parts[::-1], keys
            case _:
                return [], []


def children(expression: tree.Expression) -> Iterator[tree.Expression]:
    """The expressions that an expression is made of."""
    match expression:
        case tree.Template(parts):
            yield from parts
        case tree.Attribute(of):
            yield of
        case tree.Index(of, key):
            yield of
            yield key
        case tree.Splat(of, steps, made):
            yield of
            yield from (step for step in (*steps, made) if isinstance(step, tree.Expression))
        case tree.Call(_, arguments):
            yield from arguments
        case tree.Conditional(condition, if_true, if_false):
            yield from (condition, if_true, if_false)
        case tree.Binary(_, left, right):
            yield from (left, right)
        case tree.Unary(_, operand):
            yield operand
        case tree.ListOf(items):
            yield from items
        case tree.ObjectOf(entries):
            for key, value in entries:
                yield from (key, value)
        case tree.For(_, _, iterable, value, key, condition):
            yield iterable
            yield value
            yield from (child for child in (key, condition) if child is not None)
        case tree.Constant() | tree.Name() | tree.Opaque():
            pass
