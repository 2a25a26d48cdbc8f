"""A plan or a state must be the JSON that `terraform show -json` writes.

## Why

Terraform writes much that looks like a plan and lacks what a plan says: its log has addresses without
values, the printed plan hides values, a saved plan is a zip archive, the raw state has an internal
format. Nothing can be judged from them, and silence would look like a clean plan.

## Fix

Save the plan, then show it as JSON; OpenTofu has the same commands. The rule cannot be switched off, and the run
ends with exit status 2; the other files are judged all the same.

Before:

    terraform plan -json > plan.json

After:

    terraform plan -out=plan.out
    terraform show -json plan.out > plan.json

## Not reported

State as `terraform show -json` writes it, which is read; JSON with the lines that the wrapper of
hashicorp/setup-terraform prints around it, or of format version 0, which are read with a remark; JSON in
UTF-16, which is read, and which INP010 speaks of.
"""

from astrovet import Context, Input, ProblemKind, Severity, Verdicts, fail, rule


@rule(
    "INP002",
    "wrong-terraform-output",
    on=Input,
    severity=Severity.HIGH,
    sources=("PLAN:wrong-inputs",),
    always_runs=True,
    never_waived=True,
)
def check(file: Input, context: Context) -> Verdicts:
    for problem in file.problems_of(ProblemKind.WRONG_TERRAFORM_OUTPUT):
        yield fail(problem.place, problem.why, remedy=problem.how, related=problem.related)
