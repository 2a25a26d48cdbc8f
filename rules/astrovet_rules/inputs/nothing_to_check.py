"""A scan must find something of Astro to judge.

## Why

A scan of the wrong folder, of a plan from another stack or of an empty state finds no fault with
anything. In a pipeline that would stay green for ever, and everybody would take the deployment for
checked.

## Fix

Give the scan the stack that holds the `astro_*` resources (its plan, or the folder of its sources), the
values of the agents, or both:

    astrovet scan --plan plan.json
    astrovet scan live/prod
    astrovet scan -f values.yaml -f values-prod.yaml

Where a repository may well hold nothing of Astro, ignore the rule for it: `--ignore INP011`.

## Not reported

Runs of a pre-commit hook, whose files need not concern Astro; a run in which a file could not be
used, which is the finding then.
"""

from astrovet import (
    Context,
    Estate,
    Input,
    ProblemKind,
    Requirement,
    Severity,
    Verdicts,
    fail,
    not_applicable,
    rule,
)

REMEDY = "give a plan (astrovet scan --plan plan.json), agent values (-f values.yaml), or the folder of the sources"


@rule(
    "INP011",
    "nothing-to-check",
    on=Estate,
    severity=Severity.MEDIUM,
    raised={str(requirement): Severity.HIGH for requirement in Requirement},
    sources=("PLAN:wrong-inputs",),
    runs_unless_ignored=True,
    silent_in_hook=True,
    stops_the_run=True,
    controls=("45 CFR 164.316(b)(2)",),
)
def check(estate: Estate, context: Context) -> Verdicts:
    if any(source.failed or source.problems_of(ProblemKind.NOT_THIS_CHART) for source in estate.of(Input)):
        yield not_applicable("an input could not be used, which is reported for itself")
    elif estate.is_empty:
        yield fail(estate.place, f"nothing to judge was found{looked_at(estate)}", remedy=REMEDY)


def looked_at(estate: Estate) -> str:
    """What the run read, as the end of a sentence."""
    kinds = [str(source.input_kind) for source in estate.of(Input)]
    if not kinds:
        return ": neither Terraform sources of Astro, nor a plan, nor agent values lie here"
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    return f" in {len(kinds)} file{'s' if len(kinds) > 1 else ''} ({counted})"
