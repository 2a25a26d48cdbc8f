"""What breaks takes nothing else with it: a step that fails by an error of ours costs what it was about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from astrovet.document import where

Given = ParamSpec("Given")
T = TypeVar("T")


class Guard:
    """Runs the steps of a run that no single file, rule or report stands for, and keeps what broke."""

    def __init__(self, *let_through: type[Exception]) -> None:
        self._let_through = let_through
        """Errors that are answers: a configuration that cannot be used."""
        self._broken: dict[str, None] = {}

    @property
    def bugs(self) -> tuple[str, ...]:
        """What broke, each with the error's name and our line, never a value. The run then ends with 3."""
        return tuple(self._broken)

    def run(self, what: str, otherwise: T, step: Callable[Given, T], *given: Given.args, **named: Given.kwargs) -> T:
        """What the step gives, or `otherwise`. `what` completes "astrovet itself failed while it …"."""
        try:
            return step(*given, **named)
        except self._let_through:
            raise
        except Exception as error:  # noqa: BLE001  that is what a guard is for
            self.broke(what, error)
            return otherwise

    def kept(self, what: str, step: Callable[Given, Iterable[T]], *given: Given.args, **named: Given.kwargs) -> list[T]:
        """What the step gives one after the other, as far as it comes."""
        items: list[T] = []
        self.run(what, None, lambda: items.extend(step(*given, **named)))
        return items

    def broke(self, what: str, error: Exception) -> None:
        """Keep that a step broke."""
        self._broken[f"astrovet itself failed while it {what} ({type(error).__name__}{where(error)})"] = None
