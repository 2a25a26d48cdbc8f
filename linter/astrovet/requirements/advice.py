"""Which deployment models satisfy a set of requirements, why the others do not, and what excludes each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from msgspec import Struct

from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.requirement import Requirement, Tier
from astrovet.requirements.tables import ATTESTED, LEAST_TIER, MODELS, SITES, SUITABILITY, Fit, Site, Suitability

CONTRADICTION = frozenset({Requirement.AIR_GAPPED, Requirement.PRIVATE_CONNECTIVITY})
"""Neither excludes the last model by itself, and together they make no sense."""


class Reason(Struct, frozen=True):
    """What one requirement, or something else that was asked for, says of a model."""

    topic: str
    """The requirement's name, `plan-tier` or `cloud`."""
    fit: Fit
    why: str
    sources: tuple[str, ...]


class Option(Struct, frozen=True):
    """A deployment model, judged."""

    model: DeploymentModel
    satisfies: bool
    """No reason excludes it. Doubtful ones are reasons still."""
    tier: Tier
    """The least plan with which it does."""
    tier_sources: tuple[str, ...]
    needs: tuple[str, ...]
    """What must be done besides."""
    attestations: tuple[str, ...]
    """What people have to attest."""
    reasons: tuple[Reason, ...]

    @property
    def against(self) -> tuple[Reason, ...]:
        """Why it does not satisfy, or why that is doubtful."""
        return tuple(reason for reason in self.reasons if reason.fit in {Fit.NO, Fit.DOUBTFUL})


class Advice(Struct, frozen=True):
    """Which models satisfy a set of requirements."""

    requires: tuple[Requirement, ...]
    options: tuple[Option, ...]
    """All models, those that satisfy first, each part the cheapest first."""
    conflicts: tuple[tuple[Requirement, ...], ...]
    """Smallest sets of requirements that no model satisfies together."""

    @property
    def satisfying(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.satisfies)


def advise(requires: Collection[Requirement], *, tier: Tier | None = None, cloud: Site | None = None) -> Advice:
    """Which models satisfy these requirements, on this plan and this cloud where they are given."""
    asked = tuple(sorted(requires))
    options = [_option(model, asked, tier, cloud) for model in MODELS]
    ordered = sorted(options, key=lambda option: (not option.satisfies, MODELS.index(option.model)))
    return Advice(asked, tuple(ordered), conflicts(asked))


def satisfying(requires: Collection[Requirement]) -> tuple[DeploymentModel, ...]:
    """The models that no requirement excludes, the cheapest first.

    A need that does not arise in a model does not exclude it, but an air gap and private connectivity
    to Astro contradict each other.
    """
    if set(requires) >= CONTRADICTION:
        return ()
    return tuple(model for model in MODELS if all(SUITABILITY[name][model].fit is not Fit.NO for name in requires))


def conflicts(requires: Sequence[Requirement]) -> tuple[tuple[Requirement, ...], ...]:
    """The smallest sets among these that no model satisfies together."""
    smallest: list[tuple[Requirement, ...]] = []
    for size in range(1, len(requires) + 1):
        for some in combinations(requires, size):
            if not satisfying(some) and not any(set(smaller) <= set(some) for smaller in smallest):
                smallest.append(some)
    return tuple(smallest)


def _option(model: DeploymentModel, requires: Sequence[Requirement], tier: Tier | None, cloud: Site | None) -> Option:
    asked = {name: SUITABILITY[name][model] for name in requires}
    least, sources = _least_tier(model, asked.values())
    reasons = [Reason(name, said.fit, said.why, said.sources) for name, said in asked.items()]
    if model is DeploymentModel.PRIVATE_CLOUD and asked.keys() >= CONTRADICTION:
        why = "an air gap leaves nothing to connect to"
        reasons.append(Reason(Requirement.PRIVATE_CONNECTIVITY, Fit.NO, why, ("S003-39", "S003-40")))
    if tier is not None and tier.rank < least.rank:
        reasons.append(Reason("plan-tier", Fit.NO, f"it needs the plan {least}", sources))
    if cloud is not None and cloud not in SITES[model]:
        reasons.append(Reason("cloud", Fit.NO, f"it does not run {_at(cloud)}", ("S003-06",)))
    return Option(
        model=model,
        satisfies=all(reason.fit is not Fit.NO for reason in reasons),
        tier=least,
        tier_sources=sources,
        needs=tuple(dict.fromkeys(need for said in asked.values() for need in said.needs)),
        attestations=tuple(dict.fromkeys(what for name in requires for what in ATTESTED.get(name, {}).get(model, ()))),
        reasons=tuple(reasons),
    )


def _least_tier(model: DeploymentModel, asked: Collection[Suitability]) -> tuple[Tier, tuple[str, ...]]:
    """The least plan, and what says so."""
    least, sources = LEAST_TIER[model]
    for said in asked:
        if said.tier is not None and said.tier.rank > least.rank:
            least, sources = said.tier, said.sources
    return least, sources


def _at(cloud: Site) -> str:
    return "on premises" if cloud is Site.ON_PREMISES else f"on {cloud}"
