"""What the rules that hold a deployment's model against one requirement share.

Which model satisfies what, why not and who says so stands in the engine's tables, which `astrovet advise`
reads too.
"""

from astrovet import (
    SUITABILITY,
    TITLES,
    Absent,
    Context,
    Deployment,
    DeploymentModel,
    Fit,
    Known,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    satisfying,
    undecided,
)

CONFLICT = "what is declared for it excludes each other, which REQ017 reports"


def sources(requirement: Requirement) -> tuple[str, ...]:
    """Who says which models satisfy a requirement."""
    return tuple(dict.fromkeys(tag for answer in SUITABILITY[requirement].values() for tag in answer.sources))


def against(requirement: Requirement, deployment: Deployment, context: Context) -> Verdicts:
    """Whether the deployment's model satisfies a requirement. A model that is doubtful weighs medium."""
    if not satisfying(context.requires):
        yield not_applicable(CONFLICT)
        return
    match deployment.model:
        case Known(DeploymentModel.HYBRID, place) | Absent(place):
            yield undecided(Unknown("what the legacy model HYBRID satisfies is not published", place))
        case Known(model, place):
            answer = SUITABILITY[requirement][model]
            remedy = _move(model, requirement, context)
            match answer.fit:
                case Fit.YES:
                    pass
                case Fit.NOT_APPLICABLE:
                    yield not_applicable(answer.why)
                case Fit.NO:
                    message = f"{requirement} is declared, and {TITLES[model]} does not satisfy it: {answer.why}"
                    yield fail(place, message, remedy=remedy)
                case Fit.DOUBTFUL:
                    message = f"{requirement} is declared, and whether {TITLES[model]} satisfies it is doubtful"
                    yield fail(place, f"{message}: {answer.why}", remedy=remedy, severity=Severity.MEDIUM)
        case Unknown() as unknown:
            yield undecided(unknown)


def _move(model: DeploymentModel, requirement: Requirement, context: Context) -> str:
    """Where the deployment can go: to the models without a doubt that satisfy all that is declared."""
    suitable = [each for each in satisfying(context.requires) if SUITABILITY[requirement][each].fit is not Fit.DOUBTFUL]
    there = f"run it on {' or '.join(TITLES[each] for each in suitable)}"
    if model is DeploymentModel.STANDARD:
        return f"{there}; make a new deployment for it, as editing `type` here would destroy this one"
    return there
