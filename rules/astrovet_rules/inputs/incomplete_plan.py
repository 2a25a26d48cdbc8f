"""A plan must show everything that will be there.

## Why

A plan that ended with an error, or that was made with `-target` or `-refresh-only`, lacks resources. What it
shows is judged, but a deployment that is missing from it looks the same as a deployment that does not
exist, so a declared requirement can seem kept because nobody looked.

## Fix

Judge a full plan, made without errors and without `-target` and `-refresh-only`. Of a plan of HCP Terraform take the
full JSON (`/api/v2/plans/<id>/json-output`), not the redacted one.

Before:

    terraform plan -target=module.claims -out=plan.out
    terraform show -json plan.out > plan.json

After:

    terraform plan -out=plan.out
    terraform show -json plan.out > plan.json

## Not reported

Plans without changes; plans of older versions of Terraform, which do not say whether they are complete.
"""

from astrovet import Context, Input, ProblemKind, Requirement, Severity, Verdicts, fail, rule


@rule(
    "INP003",
    "incomplete-plan",
    on=Input,
    severity=Severity.MEDIUM,
    raised={str(requirement): Severity.HIGH for requirement in Requirement},
    sources=("PLAN:errored-plan", "PLAN:targeted-incomplete", "PLAN:refresh-only"),
    never_waived=True,
    controls=("45 CFR 164.316(b)(2)",),
)
def check(file: Input, context: Context) -> Verdicts:
    for problem in file.problems_of(ProblemKind.INCOMPLETE_PLAN):
        yield fail(problem.place, problem.why, remedy=problem.how, related=problem.related)
