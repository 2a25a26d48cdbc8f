"""Which rules are open because of what was not seen, and for whose sake that matters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from astrovet.declared.scope import Scopes
from astrovet.judging.grouping import Said
from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import Undecided, Unseen
from astrovet.model.blind_spot import BlindSpot, Opens
from astrovet.model.requirement import Requirement
from astrovet.model.subject import label

MANY = 3
"""So many verdicts of one cause are told as one; fewer say it by themselves."""


def settled(
    spots: Sequence[BlindSpot], rules: Sequence[Rule], scopes: Scopes, said: Sequence[Said]
) -> tuple[BlindSpot, ...]:
    """The blind spots with what they leave open; without those that could decide none of the rules.

    `said` is what these rules say of what was seen.
    """
    causes = {spot.cause for spot in spots} - {""}
    by_cause: dict[str, list[Said]] = {}
    for statement in said if causes else ():
        if isinstance(statement.outcome, Undecided) and statement.outcome.why in causes:
            by_cause.setdefault(statement.outcome.why, []).append(statement)
    settled_ones: list[BlindSpot] = []
    for spot in spots:
        concerned = {(subject.kind, subject.id) for subject in spot.concerns}
        caused = [
            statement
            for statement in by_cause.get(spot.cause, ())
            if (statement.subject.kind, statement.subject.id) in concerned or statement.place == spot.place
        ]
        opens = _opens(spot, rules, _required(spot, scopes), {statement.rule.id for statement in caused})
        if opens.rules and (len(caused) >= MANY or not spot.cause):
            settled_ones.append(replace(spot, opens=opens, place=caused[0].place if caused else spot.place))
    return tuple(settled_ones)


def _required(spot: BlindSpot, scopes: Scopes) -> frozenset[Requirement]:
    """What is declared of whatever rests on what is implied; what is referred to may hold anything."""
    if not spot.concerns or not spot.is_implied:
        return scopes.declared()
    return frozenset(
        name for subject in spot.concerns for name in (*scopes.of(subject).requires, *scopes.of(subject).unsure)
    )


def _opens(spot: BlindSpot, rules: Sequence[Rule], required: frozenset[Requirement], caused: Collection[str]) -> Opens:
    judging = [
        rule
        for rule in rules
        if rule.id in caused
        or (not spot.is_kept_from(rule.on) and (not rule.when or not rule.when.isdisjoint(required)))
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
