"""Every input must be readable to its end.

## Why

What a broken file holds is judged by nobody. Without this finding a plan that was cut off, or values
with a slip of indentation, would end in "no findings", which reads like a proof that all is well.

## Fix

Correct the file where the finding points, or write it again. A file that is no input and only lies
below the scanned folder is left out with `--exclude`:

    astrovet scan --exclude 'docs/examples' .

The rule cannot be switched off, and the run ends with exit status 2. The other files are judged all
the same.

## Not reported

A file that was only found below a folder and mentions nothing of Astro.
"""

from astrovet import Context, Input, ProblemKind, Severity, Verdicts, fail, rule


@rule(
    "INP001",
    "unreadable-input",
    on=Input,
    severity=Severity.HIGH,
    sources=("PLAN:wrong-inputs",),
    always_runs=True,
    never_waived=True,
)
def check(file: Input, context: Context) -> Verdicts:
    for problem in file.problems_of(ProblemKind.UNREADABLE):
        yield fail(problem.place, problem.why, remedy=problem.how, related=problem.related)
