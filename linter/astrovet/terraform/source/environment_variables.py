"""The values of variables that stand in environment variables, `TF_VAR_…`, as Terraform understands them."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.budget import Budget
from astrovet.terraform.source.declared import Declared, Folder, expression_of
from astrovet.terraform.source.environment import Environment
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.expressions import Constant, Name, Opaque
from astrovet.terraform.source.marks import as_sensitive
from astrovet.terraform.source.names import NoNames
from astrovet.terraform.source.parsing import parse
from astrovet.terraform.values.plain_data import moved
from astrovet.terraform.values.texts import composed
from astrovet.value import Known, Tree, Unknown, Value

AS_THEY_STAND = frozenset({"string", "number", "bool"})
"""Types of variables whose text is the value; that of all others is an expression."""


def given_by_environment(folder: Folder, environment: Environment, budget: Budget) -> Iterator[tuple[str, Value[Tree]]]:
    """The variables of a root module that the environment gives a value, each at the variable's declaration.

    All of it is sensitive: it stands in no file, so that nobody has shown it yet.
    """
    for name, declared in folder.variables.items():
        text = environment.variables.get(name)
        if text is not None:
            yield name, as_sensitive(_value(text, declared, name, budget))


def _value(text: str, declared: Declared, name: str, budget: Budget) -> Value[Tree]:
    place = declared.header
    constraint = declared.attribute("type")
    match expression_of(*constraint) if constraint is not None else Name("string"):
        case Name(kind) | Constant(str(kind)) if kind in AS_THEY_STAND:
            return Known(composed(text), place, written=False)
        case _:
            pass
    expression = parse(text)
    if isinstance(expression, Opaque):
        return Unknown(f"what TF_VAR_{name} holds cannot be read as an expression", place)
    return moved(evaluate(expression, NoNames("the value of a variable"), place, budget), place)
