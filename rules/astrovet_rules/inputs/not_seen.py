"""What the inputs refer to, and what their objects rest on, must be in the inputs.

## Why

A module that is not at hand, the values of a deployment's agents or the cluster that they run in can hold the
open port or the missing backend that nobody looked for. What was not seen must not look clean.

## Fix

Give what is missing to the same run: install the modules, name the folder or the values, or scan the plan,
which holds what every module makes. The rule cannot be switched off: an undecided verdict fails no scan unless
`--fail-on-unknown` says so, and `astrovet report --accept-unseen` makes evidence in spite of it.

Before:

    astrovet scan infra/

After:

    terraform -chdir=infra init
    astrovet scan infra/ helm/

## Not reported

What no input refers to (the agents of a deployment, the bucket that they name, the firewall before their cluster), as
long as no requirement that is declared rests on it: the run lists it under "Not seen". Values that cannot be read are
told once for each cause, with the rules that they leave open; `--show unknown` lists the verdict of each of these.
"""

from astrovet import BlindSpot, Context, Requirement, Severity, Unknown, Verdicts, not_applicable, rule, undecided

FEW = 6


@rule(
    "INP012",
    "not-seen",
    on=BlindSpot,
    severity=Severity.MEDIUM,
    raised={str(requirement): Severity.HIGH for requirement in Requirement},
    sources=("S003-20", "S003-24"),
    always_runs=True,
    controls=("45 CFR 164.316(b)(2)",),
)
def check(spot: BlindSpot, context: Context) -> Verdicts:
    if spot.opens is None or not spot.opens.counts:
        yield not_applicable("nothing that is declared rests on it")
    else:
        why = f"{spot.what}; this leaves open {_counted(spot.opens.rules)}"
        yield undecided(Unknown(why, spot.place, how=spot.how), under=spot.opens.requirements)


def _counted(rules: tuple[str, ...]) -> str:
    """A few rules by their ids, many by their families."""
    if len(rules) <= FEW:
        return ", ".join(rules)
    return f"{len(rules)} rules ({', '.join(sorted({rule[:3] for rule in rules}))})"
