"""What a configuration says of rules, with the rules that its words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial

from msgspec import Struct

from astrovet.declared.configuration import Config, ConfigError, ConfigProblem
from astrovet.judging.packs import find, no_such_rule
from astrovet.judging.rulebook import Rule
from astrovet.model.severity import Severity
from astrovet.value import Known


class Rulings(Struct, frozen=True):
    """The same by the ids of rules."""

    ignored: frozenset[str] = frozenset()
    """Without those that always run."""
    severity: Mapping[str, Severity] = {}
    never_waived: frozenset[str] = frozenset()
    """Those that say so themselves included."""


def names_rules(config: Config) -> bool:
    """Whether the configuration names rules, so that all have to be known to tell a slip from a name."""
    return bool(config.waivers or config.rules.ignore or config.rules.severity or config.rules.never_waive)


def rulings(config: Config, rules: Sequence[Rule]) -> Rulings:
    """What the configuration says of these rules. Of several settings the one for fewer rules counts.

    Raises ConfigError for a selector, those of waivers included, that means no rule.
    """
    settings = config.rules
    ids_of = cache(partial(ids, rules))
    weighed = [(known, severity, ids_of(known.value)) for known, severity in settings.severity]
    named = [*settings.ignore, *settings.never_waive, *(known for known, _, _ in weighed), *_of_waivers(config)]
    unknown = [selector for selector in named if not ids_of(selector.value)]
    if unknown:
        raise ConfigError(
            [ConfigProblem(selector.place, "; ".join(no_such_rule(rules, selector.value))) for selector in unknown]
        )
    return Rulings(
        _all(rules, settings.ignore) - frozenset(rule.id for rule in rules if rule.always_runs),
        {rule: severity for _, severity, meant in sorted(weighed, key=_reach) for rule in meant},
        frozenset(rule.id for rule in rules if rule.never_waived) | _all(rules, settings.never_waive),
    )


def ids(rules: Sequence[Rule], selector: str) -> frozenset[str]:
    """The ids of the rules that a selector means."""
    return frozenset(rule.id for rule in find(rules, selector))


def _of_waivers(config: Config) -> Iterator[Known[str]]:
    for waiver in config.waivers:
        yield from (Known(selector, waiver.place) for selector in waiver.rules)


def _all(rules: Sequence[Rule], selectors: Sequence[Known[str]]) -> frozenset[str]:
    return frozenset[str]().union(*(ids(rules, selector.value) for selector in selectors))


def _reach(weighed: tuple[Known[str], Severity, frozenset[str]]) -> int:
    return -len(weighed[2])
