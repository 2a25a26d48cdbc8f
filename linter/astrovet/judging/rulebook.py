"""What a rule is, and how a pack of rules is loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct

from astrovet.declared.scope import Scopes
from astrovet.judging.verdict import Verdicts
from astrovet.model.estate import Estate
from astrovet.model.facts import Attestation, Facts
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.subject import Subject

S = TypeVar("S", bound=Subject)
T = TypeVar("T", bound=Subject)
U = TypeVar("U", bound=Subject)
V = TypeVar("V", bound=Subject)

BUILT_IN = "astrovet_rules"


class Limits(Struct, frozen=True):
    """Numbers that a rule needs and that the user may set."""

    token_days: int = 365
    """The longest life of a token, in days; our default, not a source's."""
    attestation_days: int = 365
    """How old an attestation without an end may be, in days; our default, not a source's."""
    organization_owners: int = 3
    """How many users, teams and invited people may own the organization; our default, not a source's."""


class Context(Struct, frozen=True):
    """What a check may know besides its subject."""

    estate: Estate
    requires: frozenset[Requirement]
    """The requirements declared for the scope that the subject belongs to."""
    scopes: Scopes
    """The same for every other subject."""
    today: str
    """The day as of which to judge, `2026-11-22`: rules do not look at the clock. Such days compare as texts."""
    limits: Limits = Limits()
    owner_domains: frozenset[str] = frozenset()
    """Domains of the addresses whose people may own the organization, in small letters; empty: not declared."""
    facts: Facts = Facts()
    """What else is declared of the scope."""
    attestations: tuple[Attestation, ...] = ()
    """What people attest, wherever the configuration of the subject says it."""
    sources: Mapping[str, str] = {}
    """Which source counts, by topic, where the sources contradict each other."""


Check: TypeAlias = Callable[[Any, Context], Verdicts]


class Rule(Struct, frozen=True):
    """One rule: everything that is to be known of it stands in its file."""

    id: str
    name: str
    on: tuple[type[Subject], ...]
    """The kinds of subject that it judges."""
    severity: Severity
    raised: Mapping[Requirement, Severity]
    when: frozenset[Requirement]
    """The rule speaks only where one of these is declared; empty: always."""
    sources: tuple[str, ...]
    manual: str
    check: Check
    controls: tuple[str, ...] = ()
    """The controls of laws and standards that it supports, as they are cited (see `requirements/controls.py`)."""
    always_runs: bool = False
    """It cannot be switched off: an input that could not be read must never look clean."""
    runs_unless_ignored: bool = False
    """A selection of other rules leaves it on: "nothing to check" must not look clean by accident."""
    never_waived: bool = False
    """No waiver covers it: what was not judged, evidence that ran out, the waivers themselves."""
    silent_in_hook: bool = False
    """A hook does not mind it: files of a commit that have nothing to do with Astro."""
    stops_the_run: bool = False
    """Where it fails, the run is of no use: exit status 2."""

    @property
    def law(self) -> str:
        """The rule in one sentence."""
        return self.manual.split("\n", 1)[0].strip()

    @property
    def why(self) -> str:
        """The first paragraph of the manual's reasons, on one line."""
        return " ".join(self.section("Why").split("\n\n", 1)[0].split())

    def section(self, title: str) -> str:
        """The text below `## title` in the manual; empty where there is none."""
        _, _, rest = self.manual.partition(f"\n## {title}\n")
        return rest.partition("\n## ")[0].strip("\n")

    @property
    def supports(self) -> frozenset[Requirement]:
        """The requirements that this rule helps to judge."""
        return self.when | frozenset(self.raised)

    def severity_under(self, requires: frozenset[Requirement], base: Severity | None = None) -> Severity:
        """The severity where these requirements are declared: the worst that applies.

        What a rule marks as worth knowing only (info) stays so: it is no failure to be raised.
        """
        if base is Severity.INFO:
            return base
        weights = [base or self.severity, *(self.raised[name] for name in requires if name in self.raised)]
        return min(weights, key=lambda severity: severity.rank)


def rule(
    id: str,  # noqa: A002  an id is what it is called
    name: str,
    *,
    on: type[S]
    | tuple[type[S], type[T]]
    | tuple[type[S], type[T], type[U]]
    | tuple[type[S], type[T], type[U], type[V]],
    severity: Severity,
    sources: Iterable[str],
    raised: Mapping[str, Severity] | None = None,
    when: Iterable[str] = (),
    controls: Iterable[str] = (),
    always_runs: bool = False,
    runs_unless_ignored: bool = False,
    never_waived: bool = False,
    silent_in_hook: bool = False,
    stops_the_run: bool = False,
    manual: str = "",
) -> Callable[[Callable[[S | T | U | V, Context], Verdicts]], Rule]:
    """Make a rule of a check; the docstring of the check's module is the rule's manual, unless one is given.

    `on` is the kind of subject that it judges, or a few kinds that share one law. `raised` gives the
    severity under a declared requirement, `when` the requirements of which one must be declared for the
    rule to speak at all. `controls` are the demands of laws and standards that it supports. What the
    others say of the rule's conduct stands at the fields of `Rule`.
    """

    def make(check: Callable[[S | T | U | V, Context], Verdicts]) -> Rule:
        return Rule(
            id=id,
            name=name,
            on=on if isinstance(on, tuple) else (on,),
            severity=severity,
            raised={Requirement(key): value for key, value in (raised or {}).items()},
            when=frozenset(Requirement(key) for key in when),
            sources=tuple(sources),
            manual=(manual or sys.modules[check.__module__].__doc__ or "").strip(),
            check=check,
            controls=tuple(controls),
            always_runs=always_runs,
            runs_unless_ignored=runs_unless_ignored,
            never_waived=never_waived,
            silent_in_hook=silent_in_hook,
            stops_the_run=stops_the_run,
        )

    return make


class Family(Struct, frozen=True):
    """Rules of a pack that are loaded together."""

    module: str
    """The module that has their list `RULES`."""
    on: tuple[type[Subject], ...]
    """What they judge: without such a subject they need not be loaded."""
    where_declared: tuple[type[Struct], ...] = ()
    """What else they judge, and speak of only where something is declared: else it needs no rules either."""

    def judged(self, present: Container[type[Struct]], *, is_declared: bool) -> frozenset[type[Struct]]:
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


def _wanted(family: Family, present: Container[type[Struct]] | None, *, is_declared: bool) -> Iterator[Rule]:
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
    if not isinstance(rules, list | tuple) or not rules or not all(isinstance(each, Rule) for each in rules):
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
    joined = tuple(each for pack in packs for each in pack)
    labels = [label for each in joined for label in (each.id, each.name)]
    for label in labels:
        if labels.count(label) > 1:
            raise PackError(f"two rules are called {label}; ids and names are unique over all packs")
    return joined


def find(rules: Iterable[Rule], selector: str) -> tuple[Rule, ...]:
    """The rules that an id, a name or a prefix of an id (`REX`, `REX00`) means; empty where none."""
    wanted = selector.strip()
    return tuple(each for each in rules if each.name == wanted.lower() or each.id.startswith(wanted.upper() or "?"))


def select(rules: tuple[Rule, ...], wanted: Iterable[str], unwanted: Iterable[str]) -> tuple[Rule, ...]:
    """The rules to run. A selector that means no rule is an error with a suggestion."""

    def ids(selectors: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for selector in selectors:
            matches = find(rules, selector)
            if not matches:
                raise PackError(no_such_rule(rules, selector))
            found.update(each.id for each in matches)
        return found

    chosen, dropped = ids(wanted), ids(unwanted)

    def is_kept(rule: Rule) -> bool:
        is_chosen = not chosen or rule.id in chosen or rule.runs_unless_ignored
        return rule.always_runs or (is_chosen and rule.id not in dropped)

    return tuple(filter(is_kept, rules))


def no_such_rule(rules: Iterable[Rule], selector: str) -> str:
    """The message for a selector that means no rule, with the nearest ones."""
    from difflib import get_close_matches  # only on the way to an error

    names = [label for each in rules for label in (each.id, each.name)]
    near = get_close_matches(selector.lower(), names, n=1) or get_close_matches(selector.upper(), names, n=1)
    hint = f"did you mean {near[0]}?" if near else "`astrovet rules` lists them"
    return f"no rule is called {selector!r}; {hint}"
