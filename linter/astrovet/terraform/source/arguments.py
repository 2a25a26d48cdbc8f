"""The value of an argument: what is written out stands at its exact place, and the rest is evaluated."""

from __future__ import annotations

from astrovet.budget import Budget
from astrovet.formats.hcl.literals import NOT_A_LITERAL, UNCERTAIN_KEY, literal, only_argument
from astrovet.formats.hcl.structure import Attribute, HclFile, text_at
from astrovet.terraform.functions.table import call
from astrovet.terraform.source.declared import expression_of
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.marks import is_written
from astrovet.terraform.source.names import Names
from astrovet.terraform.source.parsing import parse
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value

ENCODERS = frozenset({"jsonencode", "yamlencode"})
"""Functions whose argument is judged as what it is, each part at its own place."""


def argument_value(file: HclFile, attribute: Attribute, names: Names, budget: Budget) -> Value[Tree]:
    """The value of an argument where its references mean what `names` says; Unknown where it costs too much."""

    def value() -> Value[Tree]:
        return budget.take(_filled(literal(file, attribute), file, names, budget))

    if attribute.converted is not None:
        return evaluate(expression_of(file, attribute), names, attribute.place, budget)
    return budget.evaluated(value, attribute.place)


def _filled(value: Value[Tree], file: HclFile, names: Names, budget: Budget) -> Value[Tree]:
    """Evaluate the parts of a literal that are expressions, at their places."""
    match value:
        case Unknown(why, place) if why == NOT_A_LITERAL:
            encoded = only_argument(file, place, ENCODERS)
            if encoded is not None:
                return call(encoded[0], [_filled(encoded[1], file, names, budget)], place, budget=budget)
            return evaluate(parse(text_at(file, place)), names, place, budget)
        case Known(Map(_, Unknown(why)), place) if why == UNCERTAIN_KEY:
            return evaluate(parse(text_at(file, place)), names, place, budget)
        case Known(Map(entries, unlisted), place):
            filled = {
                key: Entry(key, entry.key_place, _filled(entry.value, file, names, budget))
                for key, entry in entries.items()
            }
            written = all(is_written(entry.value) for entry in filled.values())
            return Known(Map(filled, unlisted), place, written=written)
        case Known(List(items), place):
            children = tuple(_filled(item, file, names, budget) for item in items)
            return Known(List(children), place, written=all(map(is_written, children)))
        case Known() | Unknown() | Absent():
            return value
