"""What holds of a platform: what its values say in the names of their generation, else what the chart makes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct

from astrovet.helm.charts.platform_keys import RENAMED, path_of
from astrovet.helm.charts.platform_settings import CHARTS, DEFAULTS, OLDER_NAMES
from astrovet.model.platform import default_place
from astrovet.model.variables import partial, settled
from astrovet.place import Place
from astrovet.readers.agent.chart_values import pointer, settled_tree, without_empty
from astrovet.readers.platform.secrets import at_map
from astrovet.readers.settings import negated
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, boolean, integer, items, text

T = TypeVar("T", bool, int, str)

HOUSTON = "H:"
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Effective(Struct, frozen=True):
    """The values of a platform, asked by the keys of 2.x.

    A later generation ignores the names of an earlier one, and so does this; where the generation is not known, both
    names count, the newer one first, as the chart has it that knows both.
    """

    root: Value[Tree]
    generation: int | None
    complete: bool
    defaults: str
    """Whose defaults hold, for people: the place of a default says it."""
    given: Mapping[str, Value[str]]
    """Houston's environment: what its variables say goes over its configuration. Of a Secret nobody sees the value."""

    def boolean(self, key: str) -> Value[bool]:
        name, is_inverted = self._name(key)
        value = boolean(settled_tree(self._written(key, name)))
        return self._or_default(negated(value) if is_inverted else value, key, bool)

    def text(self, key: str) -> Value[str]:
        """A text; an empty one is Absent: the chart takes it for none."""
        written = self._written(key, self._name(key)[0])
        value = without_empty(settled(text(written)))
        if isinstance(value, Absent) and value.explicit:
            # Null and an empty text take a default away; in a part they are what somebody has still to fill in.
            return value if self.complete else partial(pointer(path_of(key)), value.place)
        return self._or_default(value, key, str)

    def integer(self, key: str) -> Value[int]:
        return self._or_default(integer(settled_tree(self._written(key, self._name(key)[0]))), key, int)

    def texts(self, key: str) -> Value[tuple[Value[str], ...]]:
        """A list of texts; Absent where there is none."""
        listed = items(settled_tree(self._written(key, self._name(key)[0])))
        match listed:
            case Known(given, place):
                return Known(tuple(settled(text(item)) for item in given), place)
            case Absent(place) if not self.complete and not listed.explicit:
                return partial(pointer(path_of(key)), place)
            case Unknown() | Absent():
                return listed

    def tree(self, key: str) -> Value[Tree]:
        """What stands at a key, whatever it is."""
        return self._written(key, self._name(key)[0])

    def is_set(self, key: str) -> Value[bool]:
        """Whether something stands at a key that is not empty."""
        value = self.tree(key)
        match value:
            case Known(content, place):
                return Known(content not in ("", Map({}), List(())), place)
            case Absent(place) if not self.complete:
                return partial(pointer(path_of(key)), place)
            case Absent(place):
                return Known(False, place, written=False)
            case Unknown():
                return value

    def _name(self, key: str) -> tuple[str, bool]:
        """How the key is called in these values, and whether it says the opposite."""
        older = _older(key)
        if older is None or self.generation == len(CHARTS) - 1:
            return key, False
        name, is_inverted = older
        if self.generation is not None:
            return name, is_inverted
        newer = at(self.root, *path_of(key))
        is_newer = isinstance(newer, Known) or not isinstance(at(self.root, *path_of(name)), Known | Unknown)
        return (key, False) if is_newer else (name, is_inverted)

    def _written(self, key: str, name: str) -> Value[Tree]:
        if name.startswith(HOUSTON):
            given = self.given.get(variable_of(name)) or self.given.get(variable_of(key))
            if given is not None:
                return given
        return at_map(self.root, path_of(name))

    def _or_default(self, value: Value[T], key: str, kind: type[T]) -> Value[T]:
        """The value; where nothing is set, the chart's default, at the place where it would be set."""
        match value:
            case Absent(place) if not self.complete and not value.explicit:
                return partial(pointer(path_of(key)), place)
            case Absent(place) if key in DEFAULTS:
                defaults = DEFAULTS[key].possible(self.generation)
                if len(defaults) > 1:
                    why = f"`{pointer(path_of(key))}` is not set, and its default depends on the chart's version"
                    return Unknown(why, place, how="say which version of the chart is installed")
                default = defaults.pop()
                if not isinstance(default, kind):
                    return Absent(place)
                return Known(default, default_place(place, self.defaults), written=False)
            case Known() | Unknown() | Absent():
                return value


def variable_of(key: str) -> str:
    """The variable of the environment that Houston takes over a key of its configuration (DOC24)."""
    return "__".join(_WORD.sub("_", part).upper() for part in key.removeprefix(HOUSTON).split("."))


def houston_environment(root: Value[Tree]) -> dict[str, Value[str]]:
    """What Houston gets by its environment, from `env` and from `secret`."""
    given: dict[str, Value[str]] = {}
    for key, of_secret in (("env", False), ("secret", True)):
        match items(at(root, "astronomer", "houston", key)):
            case Known(listed):
                for item in listed:
                    name = text(at(item, "envName" if of_secret else "name"))
                    if isinstance(name, Known):
                        given[name.value] = _from_secret(name.place) if of_secret else settled(text(at(item, "value")))
            case Unknown() | Absent():
                pass
    return given


def _from_secret(place: Place) -> Unknown:
    return Unknown("it comes from a Kubernetes Secret", place, how="look into the Secret")


def _older(key: str) -> tuple[str, bool] | None:
    """How 0.3x and 1.x call a key, and whether it says the opposite there."""
    if key in OLDER_NAMES:
        return OLDER_NAMES[key], False
    for flag in RENAMED:
        if key == flag.new or key.startswith(f"{flag.new}."):
            return f"{flag.old}{key[len(flag.new) :]}", flag.is_inverted
    return None
