"""What one run, and one expression of it, may cost: steps, elements, characters and instances, counted in one place.

A scanned repository can ask for any amount of work with a few lines: texts that double, lists of lists, loops in
loops, aliases of aliases, modules that call modules. What is asked for is counted here before it is done. Whoever
evaluates an expression catches `ExhaustedError` and goes on with an Unknown; everything else is judged.

Each run owns a Budget, which its evaluations share. The limits are far above what estates need and low enough
that a run that uses all of them ends within seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from astrovet.place import Place
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

T = TypeVar("T")

MAX_DEPTH = 100
"""Levels of maps and lists in one value. Those of real estates stay below 30."""
PLAN_INSTEAD = "scan a plan: there Terraform has evaluated it"
NESTED_TOO_DEEPLY = "it is nested too deeply to be evaluated here"


ALIASED = 100_000
"""Keys, items and values that all aliases of one YAML file may stand for together."""


class Limits(Struct, frozen=True):
    """So much of each."""

    steps: int
    """Parts of expressions that are evaluated, each as often as it is."""
    elements: int
    """Elements of lists and maps, and what is nested in them, each as often as it is copied."""
    characters: int
    """Those of texts that are put together."""
    instances: int
    """Those of resources, modules and `dynamic` blocks."""


OF_EXPRESSION = Limits(steps=300_000, elements=100_000, characters=4_000_000, instances=5_000)
OF_RUN = Limits(steps=3_000_000, elements=1_500_000, characters=40_000_000, instances=10_000)


class ExhaustedError(Exception):
    """There is more to do than is done here. The reason never holds a value of the input."""

    def __init__(self, why: str, how: str = PLAN_INSTEAD) -> None:
        super().__init__(why)
        self.why, self.how = why, how

    def unknown(self, place: Place) -> Unknown:
        """What stands in the place of the result."""
        return Unknown(self.why, place, how=self.how)


class Meter:
    """One of the things that are counted."""

    __slots__ = ("limit", "of_expression", "of_run", "used", "what")

    def __init__(self, what: str, of_run: int, of_expression: int | None = None) -> None:
        self.what, self.of_run = what, of_run
        self.of_expression = of_run if of_expression is None else of_expression
        self.limit, self.used = of_run, 0

    def open(self) -> tuple[int, int]:
        """An account for one expression; gives what `close` wants to know of the one before it."""
        before = (self.limit, self.used)
        limit = self.used + self.of_expression
        self.limit = min(self.of_run, limit)
        return before

    def close(self, before: tuple[int, int]) -> None:
        """Back to the account before this one, which pays nothing of it."""
        limit, used = before
        limit += self.used - used
        self.limit = min(self.of_run, limit)

    def spend(self, amount: int = 1) -> None:
        """Count this before it is done.

        Raises:
            ExhaustedError: it is more than there is left, and must not be done. It is not counted then.
        """
        used = self.used + amount
        if used > self.limit:
            raise ExhaustedError(f"it is too large to be evaluated here: there are too many {self.what}")
        self.used = used


class Budget:
    """What is left of what a run, and the expression that is being evaluated, may cost."""

    def __init__(self, run: Limits = OF_RUN, expression: Limits = OF_EXPRESSION) -> None:
        self.steps = Meter("steps", run.steps, expression.steps)
        self.elements = Meter("elements", run.elements, expression.elements)
        self.characters = Meter("characters", run.characters, expression.characters)
        self.instances = Meter("instances", run.instances, expression.instances)
        self._meters = (self.steps, self.elements, self.characters, self.instances)

    @property
    def is_scarce(self) -> bool:
        """More than half of something is used up: what is no more than useful is left undone."""
        return any(2 * meter.used > meter.of_run for meter in self._meters)

    def evaluated(self, compute: Callable[[], Value[T]], place: Place, *, how: str = PLAN_INSTEAD) -> Value[T]:
        """The value of an expression, which has an account of its own; Unknown where it costs too much.

        What it refers to is evaluated on accounts of its own. `how` tells how else it can be found out.
        """
        opened = [meter.open() for meter in self._meters]
        try:
            return compute()
        except ExhaustedError as error:
            return Unknown(error.why, place, how=how)
        except RecursionError:
            return Unknown(NESTED_TOO_DEEPLY, place, how=how)
        finally:
            for meter, before in zip(self._meters, opened, strict=True):
                meter.close(before)

    def take(self, value: Value[Tree]) -> Value[Tree]:
        """The value, with all that is in it counted: whoever gets it copies it, or goes through it."""
        if not (isinstance(value, Known) and isinstance(value.value, str | Map | List)):
            return value
        if isinstance(value.value, str):
            self.characters.spend(len(value.value))
            return value
        elements, characters, depth = 0, 0, 0
        room = self.elements.limit - self.elements.used
        level: list[Value[Tree]] = [value]
        while level:
            below: list[Value[Tree]] = []
            for part in level:
                match part:
                    case Known(str(content)):
                        characters += len(content)
                    case Known(Map(entries)):
                        below += [entry.value for entry in entries.values()]
                    case Known(List(items)):
                        below += items
                    case Known() | Unknown() | Absent():
                        pass
            elements, depth, level = elements + len(below), depth + 1, below
            if elements > room:
                break
            if depth > MAX_DEPTH:
                raise ExhaustedError(NESTED_TOO_DEEPLY)
        self.elements.spend(elements)
        self.characters.spend(characters)
        return value
