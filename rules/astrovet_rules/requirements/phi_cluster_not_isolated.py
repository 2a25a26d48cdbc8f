"""The cluster of a deployment that holds PHI must be open to PHI only.

## Why

A dedicated cluster parts network and compute from other customers, and its own deployments less strictly
from each other: whoever may deploy to the cluster comes close to the PHI on it. An empty `workspace_ids`
reads as all workspaces; that is inferred from the provider's source, not documented.

## Fix

List only the workspaces whose deployments hold PHI, and move every other deployment to another cluster.

Before:

    resource "astro_cluster" "phi" {
      workspace_ids = []
      ...
    }

After:

    resource "astro_cluster" "phi" {
      workspace_ids = [astro_workspace.clinical.id]
      ...
    }

## Not reported

STANDARD deployments, which REQ001 reports. A workspace or a neighbour of another plan is seen only where
that plan or state is scanned too; until then the verdict is undecided, as it is for an incomplete plan.
"""

from astrovet import (
    Absent,
    Cluster,
    Context,
    Deployment,
    Fail,
    Known,
    Note,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    isolation,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "list in workspace_ids only the workspaces whose deployments hold PHI"
MOVE = "move the deployments without PHI to another cluster"


@rule(
    "REQ002",
    "phi-cluster-not-isolated",
    on=Deployment,
    severity=Severity.HIGH,
    when=("hipaa",),
    sources=("S000-36", "TF"),
    controls=("45 CFR 164.312(a)(1)",),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    match deployment.type, deployment.cluster.to:
        case (Known("STANDARD"), _) | (_, Absent()):
            yield not_applicable("it has no cluster of its own, which REQ001 judges")
        case _ if context.estate.is_partial(deployment.place.path):
            why = "this plan does not show everything, so who else may use the cluster is not known"
            yield undecided(Unknown(why, deployment.place))
        case _, Known(cluster):
            yield from _neighbours(deployment, context)
            yield from _guests(cluster, context)
        case _, Unknown() as unknown:
            yield from _neighbours(deployment, context)
            judged = [list(_guests(cluster, context)) for cluster in deployment.cluster.candidates]
            outcomes = [outcome for on_one in judged for outcome in on_one]
            if judged and all(judged) and all(isinstance(outcome, Fail) for outcome in outcomes):
                yield from outcomes  # whichever it is, it fails
            elif outcomes or not judged:
                yield undecided(unknown)


def _neighbours(deployment: Deployment, context: Context) -> Verdicts:
    company = isolation(context.scopes, Requirement.HIPAA).neighbours(deployment)
    if company.strangers:
        notes = tuple(Note("a deployment without PHI", place) for place in company.strangers[:3])
        message = "a deployment without PHI is on the same cluster"
        yield fail(company.place, message, remedy=MOVE, related=notes)
    elif company.doubt is not None:
        why = f"a deployment without PHI may be on the same cluster: {company.doubt.why}"
        yield undecided(Unknown(why, company.place, how=company.doubt.how))


def _guests(cluster: Cluster, context: Context) -> Verdicts:
    company = isolation(context.scopes, Requirement.HIPAA).guests(cluster)
    if company.anybody:
        message = "workspace_ids is empty, which reads as all workspaces (inferred)"
        yield fail(company.place, message, remedy=REMEDY, about=cluster.block)
    elif company.strangers:
        message = "workspace_ids names a workspace without a deployment that holds PHI"
        yield fail(company.place, message, remedy=REMEDY, about=cluster.block)
    elif company.doubt is not None:
        yield undecided(company.doubt)
