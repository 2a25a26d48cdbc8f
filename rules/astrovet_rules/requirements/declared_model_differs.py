"""A deployment must be of the model that is declared for it.

## Why

Whoever declares a model has argued with it: towards auditors, in contracts, in the plan that was bought. A
deployment of another model makes these arguments false, also where no single requirement fails.

## Fix

Change the deployment, or declare the model that is meant. While a migration lasts, declare nothing and waive the
finding with an end.

Before:

    deployments:
      - match: "settlement-*"
        model: remote-execution

After:

    deployments:
      - match: "settlement-*"
        model: dedicated

## Not reported

Deployments for which nothing is declared. Where several declarations name different models each of
them will do.
"""

from astrovet import (
    TITLES,
    Absent,
    Context,
    Deployment,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "change the deployment, or declare the model that is meant"


@rule(
    "REQ019",
    "declared-model-differs",
    on=Deployment,
    severity=Severity.HIGH,
    sources=("S003-01",),
    controls=("DORA Art. 28",),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    declared = context.facts.models
    if not declared:
        yield not_applicable("no model is declared for it")
        return
    match deployment.model:
        case Known(model, place):
            if model not in declared:
                meant = " or ".join(title for name, title in TITLES.items() if name in declared)
                yield fail(place, f"{meant} is declared, and this is {TITLES[model]}", remedy=REMEDY)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent(place):
            yield undecided(Unknown("nothing shows the deployment's model", place))
