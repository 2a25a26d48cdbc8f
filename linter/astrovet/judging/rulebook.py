"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct

from astrovet.declared.scope import Scopes
from astrovet.docstrings import docstring
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


class Rule(Struct, frozen=True, dict=True):
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

    @cached_property
    def law(self) -> str:
        """The rule in one sentence."""
        return self.manual.split("\n", 1)[0].strip()

    @cached_property
    def why(self) -> str:
        """The first paragraph of the manual's reasons, on one line."""
        return " ".join(self.section("Why").split("\n\n", 1)[0].split())

    def section(self, title: str) -> str:
        """The text below `## title` in the manual; empty where there is none."""
        _, _, rest = self.manual.partition(f"\n## {title}\n")
        return rest.partition("\n## ")[0].strip("\n")

    @cached_property
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
    module: str = "",
) -> Callable[[Callable[[S | T | U | V, Context], Verdicts]], Rule]:
    """Make a rule of a check; the docstring of the check's module is the rule's manual, unless one is given.

    `module` names another module whose docstring it is, for rules that share a check.

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
            manual=(manual or docstring(module or check.__module__)).strip(),
            check=check,
            controls=tuple(controls),
            always_runs=always_runs,
            runs_unless_ignored=runs_unless_ignored,
            never_waived=never_waived,
            silent_in_hook=silent_in_hook,
            stops_the_run=stops_the_run,
        )

    return make
