"""A file given as agent values must hold values of the Remote Execution agent's chart.

## Why

Helm accepts values of any shape, and keys of another chart have no effect. If such a file were judged, the
findings would be about keys that the agent never reads; if it were passed over without a word, it would
look as if the agent had been checked.

## Fix

Give the file that is installed with the chart `astronomer/astro-remote-execution-agent`, and compare its
keys with those of the chart:

    helm show values astronomer/astro-remote-execution-agent
    astrovet scan -f values.yaml -f values-prod.yaml

## Not reported

Files of other charts and Kubernetes manifests that were only found below a folder; a file with a few
keys of the chart, which may be one layer of several and is remarked on.
"""

from astrovet import Context, Input, ProblemKind, Severity, Verdicts, fail, rule


@rule("INP007", "not-this-chart", on=Input, severity=Severity.HIGH, sources=("FIELD", "CH"))
def check(file: Input, context: Context) -> Verdicts:
    for problem in file.problems_of(ProblemKind.NOT_THIS_CHART):
        yield fail(problem.place, problem.why, remedy=problem.how, related=problem.related)
