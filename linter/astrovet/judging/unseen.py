"""Which rules are open because of what was not seen, and for whose sake that matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from astrovet.declared.scope import Scopes
from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import Unseen
from astrovet.model.blind_spot import BlindSpot, Opens
from astrovet.model.requirement import Requirement
from astrovet.model.subject import label


def settled(spots: Sequence[BlindSpot], rules: Sequence[Rule], scopes: Scopes) -> tuple[BlindSpot, ...]:
    """The blind spots with what they leave open; without those that could decide none of the rules."""
    return tuple(
        replace(spot, opens=opens) for spot in spots if (opens := _opens(spot, rules, _required(spot, scopes))).rules
    )


def _required(spot: BlindSpot, scopes: Scopes) -> frozenset[Requirement]:
    """What is declared of whatever rests on what is implied; what is referred to may hold anything."""
    if not spot.concerns or not spot.is_implied:
        return scopes.declared()
    return frozenset(
        name for subject in spot.concerns for name in (*scopes.of(subject).requires, *scopes.of(subject).unsure)
    )


def _opens(spot: BlindSpot, rules: Sequence[Rule], required: frozenset[Requirement]) -> Opens:
    judging = [
        rule
        for rule in rules
        if not spot.is_kept_from(rule.on) and (not rule.when or not rule.when.isdisjoint(required))
    ]
    supported = frozenset[Requirement]().union(*(rule.supports for rule in judging)) & required
    return Opens(
        tuple(rule.id for rule in judging), tuple(sorted(supported)), counts=bool(supported) or not spot.is_implied
    )


def unseen(spots: Sequence[BlindSpot]) -> Iterator[Unseen]:
    """What reports list as not seen."""
    for spot in spots:
        if spot.opens is not None:
            yield Unseen(
                spot.what,
                spot.how,
                spot.place,
                spot.opens.rules,
                tuple(dict.fromkeys(map(label, spot.concerns))),
                spot.opens.counts,
            )
