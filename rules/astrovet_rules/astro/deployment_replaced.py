"""A plan must not destroy a deployment or a cluster, neither for good nor to make a new one in its place.

## Why

With a deployment go its connections, its variables, its run history and its task logs, and whatever runs
at that moment; a new one starts empty, under another id. A cluster takes all of its deployments along.
In a plan that is one line among many, and often one changed attribute is enough.

## Fix

Where an attribute forces the replacement, leave it as it is, make a new deployment beside the old one,
move the DAGs there, and remove the old one when nothing runs in it any more:

    resource "astro_deployment" "claims_v2" {
      type       = "DEDICATED"
      cluster_id = astro_cluster.phi.id
      ...
    }

Where only the address changed, tell Terraform so, and it destroys nothing:

    moved {
      from = astro_deployment.claims
      to   = module.claims.astro_deployment.this
    }

Where it shall go, apply the plan on purpose; `lifecycle { prevent_destroy = true }` guards the others.

## Not reported

What Terraform only forgets (`removed` with `destroy = false`), what is moved, and leftovers of an earlier
replacement. A plan made with `-destroy` is reported like any other.
"""

from astrovet import Change, Context, Effect, ObjectType, Severity, Verdicts, fail, not_applicable, rule

NOUNS = {
    ObjectType.DEPLOYMENT: "this deployment",
    ObjectType.CLUSTER: "this cluster and all that runs on it",
}

REASONS = {
    "replace_because_tainted": "it is marked as tainted",
    "replace_by_request": "-replace asks for it",
    "replace_by_triggers": "replace_triggered_by asks for it",
    "delete_because_no_resource_config": "its block is not in the configuration any more",
    "delete_because_no_module": "its module is not called any more",
    "delete_because_wrong_repetition": "its block has got or lost count or for_each",
    "delete_because_count_index": "count does not reach it any more",
    "delete_because_each_key": "for_each does not have its key any more",
    "delete_because_no_move_target": "it was moved to an address that the configuration does not have",
}
"""Terraform's words for it, in ours (internals/json-format, read November 2026)."""

KEEP = "keep what forces this; make a new one beside it and move over, or use a moved block if only the address changed"
REMOVE = "bring it back into the configuration or use a moved block; apply this only if it shall really go"


@rule(
    "AST017",
    "deployment-replaced",
    on=Change,
    severity=Severity.HIGH,
    raised={"dora": Severity.CRITICAL},
    sources=("TF", "PLAN"),
    controls=("45 CFR 164.308(a)(7)", "DORA Art. 11 and 12"),
)
def check(change: Change, context: Context) -> Verdicts:
    noun = NOUNS.get(change.type)
    if noun is None:
        yield not_applicable("it is neither a deployment nor a cluster")
    elif change.effect is Effect.REPLACE:
        yield fail(change.cause, f"the plan destroys {noun} to make a new one{_because(change)}", remedy=KEEP)
    elif change.effect is Effect.DESTROY:
        yield fail(change.cause, f"the plan destroys {noun}{_because(change)}", remedy=REMOVE)


def _because(change: Change) -> str:
    """What forces it, in the names of attributes or in Terraform's reason; nothing where neither is given."""
    if change.replaced_for:
        names = " and ".join(change.replaced_for)
        return f": {names} cannot be changed in place"
    return f": {REASONS[change.reason]}" if change.reason in REASONS else ""
