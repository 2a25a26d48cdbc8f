"""How packs of rules are loaded and chosen from: the built-in one and customers' alike."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable, Iterator
from importlib import import_module
from types import ModuleType

from msgspec import Struct

from astrovet.judging.rulebook import Rule
from astrovet.model.subject import Subject

BUILT_IN = "astrovet_rules"


class Family(Struct, frozen=True):
    """Rules of a pack that are loaded together."""

    module: str
    """The module that has their list `RULES`."""
    on: tuple[type[Subject], ...]
    """What they judge: without such a subject they need not be loaded."""
    where_declared: tuple[type[Subject], ...] = ()
    """What else they judge, and speak of only where something is declared."""

    def judged(self, present: Container[type[Subject]], *, is_declared: bool) -> frozenset[type[Subject]]:
        """The kinds of subject whose rules a run needs; empty where it needs none of them."""
        parts = (self.on, self.where_declared if is_declared else ())
        return frozenset(kind for part in parts if any(kind in present for kind in part) for kind in part)


class PackError(Exception):
    """A rule pack could not be loaded, or a selection names no rule; the text says what to do."""


def load_pack(
    name: str, present: Container[type[Subject]] | None = None, *, is_declared: bool = True
) -> tuple[Rule, ...]:
    """The rules of a pack: an importable module, or a Python file, that has a list `RULES`, or a list `FAMILIES`.

    The built-in pack and a customer's come through here alike. Of families only those are loaded that
    judge one of the kinds of subject that are `present`; without it all are. `is_declared` says whether
    the user declares anything.
    """
    module = _loaded(name)
    families = getattr(module, "FAMILIES", None)
    if families is None:
        return _rules_of(module, name)
    rules = [rule for family in families for rule in _wanted(family, present, is_declared=is_declared)]
    kinds = list(dict.fromkeys(rule.id[:3] for rule in rules))
    return tuple(sorted(rules, key=lambda rule: (kinds.index(rule.id[:3]), rule.id)))  # several may share a kind of ids


def _wanted(family: Family, present: Container[type[Subject]] | None, *, is_declared: bool) -> Iterator[Rule]:
    """The rules of a family that a run needs; the family is loaded only if there are some."""
    judged = None if present is None else family.judged(present, is_declared=is_declared)
    if judged is None or judged:
        rules = _rules_of(_loaded(family.module), family.module)
        yield from (rule for rule in rules if judged is None or not judged.isdisjoint(rule.on))


def _loaded(name: str) -> ModuleType:
    try:
        return _run_file(name) if name.endswith(".py") else import_module(name)
    except SyntaxError as error:
        raise PackError(f"{error.filename}:{error.lineno}: the rule pack {name} is not valid Python") from None
    except OSError as error:
        what = f"{name} cannot be read ({error.strerror})"
        raise PackError(f"{what}; --rules takes a Python file or the name of a module") from None
    except Exception as error:  # noqa: BLE001  a pack's own code may raise anything
        raise PackError(f"the rule pack {name} cannot be imported: {type(error).__name__}: {error}") from None


def _rules_of(module: ModuleType, name: str) -> tuple[Rule, ...]:
    rules = getattr(module, "RULES", None)
    if not isinstance(rules, list | tuple) or not rules or not all(isinstance(rule, Rule) for rule in rules):
        raise PackError(f"the rule pack {name} has no list RULES of rules; see CONTRIBUTING, 'Add a rule'")
    return tuple(rules)


def _run_file(path: str) -> ModuleType:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("astrovet_rule_pack", path)
    if spec is None or spec.loader is None:
        raise PackError(f"{path}: not a Python file that can be imported")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # `rule` looks its module up to read the manual
    spec.loader.exec_module(module)
    return module


def join_packs(packs: Iterable[tuple[Rule, ...]]) -> tuple[Rule, ...]:
    """All rules of several packs; an id or a name that two rules share is an error."""
    joined = tuple(rule for pack in packs for rule in pack)
    seen: set[str] = set()
    for label in (label for rule in joined for label in (rule.id, rule.name)):
        if label in seen:
            raise PackError(f"two rules are called {label}; ids and names are unique over all packs")
        seen.add(label)
    return joined


def find(rules: Iterable[Rule], selector: str) -> tuple[Rule, ...]:
    """The rules that an id, a name or a prefix of an id (`REX`, `REX00`) means; empty where none."""
    wanted = selector.strip()
    return tuple(rule for rule in rules if rule.name == wanted.lower() or rule.id.startswith(wanted.upper() or "?"))


def select(rules: tuple[Rule, ...], wanted: Iterable[str], unwanted: Iterable[str]) -> tuple[Rule, ...]:
    """The rules to run. A selector that means no rule is an error with a suggestion."""

    def ids(selectors: Iterable[str]) -> set[str]:
        meant: set[str] = set()
        for selector in selectors:
            matches = find(rules, selector)
            if not matches:
                raise PackError("; ".join(no_such_rule(rules, selector)))
            meant.update(rule.id for rule in matches)
        return meant

    chosen, dropped = ids(wanted), ids(unwanted)

    def is_kept(rule: Rule) -> bool:
        is_chosen = not chosen or rule.id in chosen or rule.runs_unless_ignored
        return rule.always_runs or (is_chosen and rule.id not in dropped)

    return tuple(filter(is_kept, rules))


def no_such_rule(rules: Iterable[Rule], selector: str) -> tuple[str, str]:
    """What to say of a selector that means no rule, and the nearest one."""
    from difflib import get_close_matches  # only on the way to an error

    names = [label for rule in rules for label in (rule.id, rule.name)]
    near = get_close_matches(selector.lower(), names, n=1) or get_close_matches(selector.upper(), names, n=1)
    hint = f"did you mean {near[0]}?" if near else "`astrovet rules` lists them"
    return f"no rule is called {selector!r}", hint
