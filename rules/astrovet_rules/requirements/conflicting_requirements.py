"""The requirements of a deployment must leave a model that satisfies them all.

## Why

Each requirement is satisfied by some of the four deployment models. Where those of several requirements have
none in common, no change of any file makes the deployment right: somebody has to give up a requirement, or to
part the deployment. The same holds where the declared model or the declared plan is none of those that are left.

## Fix

Declare the requirements for the deployments that really have them, or drop one:

    deployments:
      - match: "scada-*"
        requires: [air-gapped]
      - match: "reports-*"
        requires: [private-connectivity]

`astrovet advise` shows what each model satisfies, and why not:

    astrovet advise --require air-gapped,private-connectivity

## Not reported

Requirements that are declared for different deployments. A plan that is too small for a model that would
satisfy, which REQ015 reports.
"""

from astrovet import (
    SUITABILITY,
    TITLES,
    Absent,
    Context,
    DeploymentModel,
    Fit,
    Known,
    Note,
    Obligation,
    Requirement,
    Severity,
    Tier,
    Unknown,
    Verdicts,
    advise,
    conflicts,
    fail,
    rule,
    satisfying,
    undecided,
)

REMEDY = "drop one of them, or declare them for different deployments"


@rule(
    "REQ017",
    "conflicting-requirements",
    on=Obligation,
    severity=Severity.HIGH,
    sources=tuple(f"S003-{number}" for number in range(32, 42)),
)
def check(obligation: Obligation, context: Context) -> Verdicts:
    requires = sorted(context.requires)
    left = satisfying(requires)
    for names in conflicts(requires):
        sets = "; ".join(f"{name}: {_models(name)}" for name in names)
        notes = tuple(Note(f"{name} is declared here", obligation.at(name)) for name in names[1:])
        message = f"{' and '.join(names)} exclude each other ({sets})"
        yield fail(obligation.at(names[0]), message, remedy=REMEDY, related=notes, about=" ".join(names), under=names)
    if left:
        yield from _declared_model(obligation, context, left)
        yield from _declared_plan(obligation, context, left)
    yield from _perhaps_declared_model(obligation, context)
    unsure = context.scopes.of(obligation).unsure
    for names in conflicts(sorted(context.requires | unsure.keys())):
        open_ones = [name for name in names if name in unsure and name not in context.requires]
        yield from (undecided(Unknown(unsure[name], obligation.place), about=" ".join(names)) for name in open_ones[:1])


def _declared_model(obligation: Obligation, context: Context, left: tuple[DeploymentModel, ...]) -> Verdicts:
    models = sorted(map(DeploymentModel, context.facts.models - {DeploymentModel.HYBRID}))
    if models and not set(models) & set(left):
        names = [name for name in sorted(context.requires) if any(_is_no(name, model) for model in models)]
        declared = " or ".join(TITLES[model] for model in models)
        message = f"the declared model {declared} does not satisfy {', '.join(names)}, as {_titles(left)} would"
        remedy = "declare a model that satisfies the requirements, or drop the requirement"
        yield fail(obligation.at(names[0]), message, remedy=remedy, about="model", under=names)


def _perhaps_declared_model(obligation: Obligation, context: Context) -> Verdicts:
    """Where it cannot be told which entries are about it, and a model of theirs would not do."""
    scope = context.scopes.of(obligation)
    left = satisfying(sorted(scope.requires | scope.unsure.keys()))
    for why, facts in scope.perhaps.items():
        models = set(map(DeploymentModel, context.facts.models | facts.models)) - {DeploymentModel.HYBRID}
        if left and models and models.isdisjoint(left):
            yield undecided(Unknown(why, obligation.place), about="model")


def _declared_plan(obligation: Obligation, context: Context, left: tuple[DeploymentModel, ...]) -> Verdicts:
    """Where the deployment's own model would do, its plan is for REQ015."""
    match obligation.model:
        case Known(model) if model not in left and context.facts.plan_tier:
            tier = Tier(context.facts.plan_tier)
            options = advise(context.requires, tier=tier)
            if not options.satisfying:
                needs = ", ".join(
                    f"{TITLES[option.model]} {option.tier}" for option in options.options if option.model in left
                )
                names = [name for name in sorted(context.requires) if _is_no(name, model)]
                message = f"no model of the plan {tier} satisfies {', '.join(names)} (least plans: {needs})"
                remedy = "ask Astronomer for such a plan, or drop the requirement"
                yield fail(obligation.at("plan-tier"), message, remedy=remedy, about="plan-tier", under=names)
        case Known() | Unknown() | Absent():  # nothing to compare, or a model that would do
            pass


def _is_no(name: Requirement, model: DeploymentModel) -> bool:
    answers = SUITABILITY[name]
    return model in answers and answers[model].fit is Fit.NO


def _models(name: Requirement) -> str:
    """The models that satisfy a requirement, with the statements that say so."""
    suitable = {model: answer for model, answer in SUITABILITY[name].items() if answer.fit in {Fit.YES, Fit.DOUBTFUL}}
    tags = dict.fromkeys(answer.sources[0] for answer in suitable.values())
    return f"{_titles(tuple(suitable))} [{', '.join(tags)}]"


def _titles(models: tuple[DeploymentModel, ...]) -> str:
    return ", ".join(TITLES[model] for model in models)
