"""The factory of the rules that hold a deployment's model against one requirement, and their judgement.

Which model satisfies what, why not and who says so stands in the engine's tables, which `astrovet advise`
reads too.
"""

from collections.abc import Callable, Iterable

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
    Rule,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    satisfying,
    undecided,
)

CONFLICT = "what is declared for it excludes each other, which REQ017 reports"
NEW_DEPLOYMENT = "create a new deployment of type DEDICATED; editing `type` here would destroy this one"


Judgement = Callable[[Deployment, Context], Verdicts]


def rule_on_the_model(
    id: str,  # noqa: A002  as `rule` calls it
    name: str,
    requirement: Requirement,
    *,
    severity: Severity,
    module: str,
    controls: Iterable[str] = (),
    said_by: Iterable[str] = (),
    judgement: Judgement | None = None,
) -> Rule:
    """A rule that asks where a requirement is declared whether the deployment's model satisfies it.

    By the engine's tables and their sources, unless the rule has a `judgement` and sources of its own.
    """

    def against_the_tables(deployment: Deployment, context: Context) -> Verdicts:
        yield from against(requirement, deployment, context)

    of_a_deployment = rule(
        id,
        name,
        on=Deployment,
        severity=severity,
        when=(requirement,),
        sources=said_by or sources(requirement),
        controls=controls,
        module=module,
    )
    return of_a_deployment(judgement or against_the_tables)


def needs_own_cluster(what: str, message: str) -> Judgement:
    """Whether the cluster is the customer's alone, which `type` tells where the model is not known.

    Args:
        what: is covered on such a cluster, in the words of the source.
        message: says what is wrong with a shared one.
    """

    def judgement(deployment: Deployment, context: Context) -> Verdicts:
        match deployment.type:
            case Known("DEDICATED"):
                pass
            case Known("STANDARD", place):
                yield fail(place, message, remedy=NEW_DEPLOYMENT)
            case Known(_, place) | Absent(place):
                why = f"whether {what} is covered is published for STANDARD and DEDICATED only"
                yield undecided(Unknown(why, place))
            case Unknown() as unknown:
                yield undecided(unknown)

    return judgement


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
    suitable = [
        target for target in satisfying(context.requires) if SUITABILITY[requirement][target].fit is not Fit.DOUBTFUL
    ]
    there = f"run it on {' or '.join(TITLES[target] for target in suitable)}"
    if model is DeploymentModel.STANDARD:
        return f"{there}; make a new deployment for it, as editing `type` here would destroy this one"
    return there
