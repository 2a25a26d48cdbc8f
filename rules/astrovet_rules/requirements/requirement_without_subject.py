"""What is declared must hold for something that is judged.

## Why

A glob with a slip in it, or a deployment that was given another name, and a requirement is declared for nothing.
The run then looks as if it was satisfied. The same is so where the model of each deployment that it covers is
unknown, because nothing can be decided of them.

## Fix

Correct the glob; it is compared with the deployment's name and with its Terraform address:

    deployments:
      - match: "claims-*"
        requires: [hipaa]

Where the deployments are in another repository, move the declaration there. Where nothing of them is known,
scan a plan in place of the sources, or give the values of the variables with `--var-file`.

## Not reported

A declaration in a run that does not scan all that lies beside its configuration: what it is about may be there.
Deployments that a plan removes count too. Where an input could not be read the verdict is undecided.
"""

from astrovet import (
    Context,
    Declaration,
    DeploymentModel,
    Input,
    Known,
    ProblemKind,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)


@rule(
    "REQ018",
    "requirement-without-subject",
    on=Declaration,
    severity=Severity.MEDIUM,
    sources=("our rule",),
)
def check(declaration: Declaration, context: Context) -> Verdicts:
    inputs = context.estate.of(Input)
    what = declaration.key.removesuffix("s")
    known = [deployment for deployment in declaration.covered if isinstance(deployment.model, Known)]
    if any(
        deployment.model.value is not DeploymentModel.HYBRID
        for deployment in known
        if isinstance(deployment.model, Known)
    ):
        return
    if declaration.covered:
        message = f"nothing can be judged of what `{declaration.match}` covers: the model of none of them is known"
        yield fail(declaration.place, message, remedy="scan a plan, or the variable files too, so that `type` is known")
    elif declaration.is_elsewhere:
        yield not_applicable("what it is about is here, and is no deployment to be judged")
    elif declaration.doubt is not None:
        why = f"what `{declaration.match}` covers is open: {declaration.doubt.why}"
        yield undecided(Unknown(why, declaration.place, how=declaration.doubt.how))
    elif not declaration.is_in_run:
        yield not_applicable("not all that lies beside the configuration was scanned")
    elif any(source.failed or source.problems_of(ProblemKind.INCOMPLETE_PLAN) for source in inputs):
        yield undecided(Unknown("not everything could be read: what it is about may be there", declaration.place))
    else:
        message = f"`{declaration.match}` matches no {what} here, so that what it declares holds for nothing"
        remedy = f"correct the glob: it is compared with the name of a {what} and with its Terraform address"
        yield fail(declaration.place, message, remedy=remedy)
