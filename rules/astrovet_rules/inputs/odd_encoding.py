"""A file should be UTF-8 without a byte-order mark.

## Why

astrovet reads UTF-16 and marks, and many of the tools around it do not. Git takes UTF-16 for binary and shows
no lines of a change, so that nobody reviews it; `jq` and `grep` find nothing in it. A mark that
`cat a.yaml b.yaml` moves into the middle of a text becomes a part of a key, where nobody sees it.

## Fix

Write the file as UTF-8. Windows PowerShell writes UTF-16 with `>`, and a mark with `Out-File -Encoding utf8`.
PowerShell 7 writes UTF-8 without a mark; in the older shell let `cmd` write the file.

Before:

    terraform show -json plan.out > plan.json

After:

    cmd /c "terraform show -json plan.out > plan.json"

## Not reported

Files that are not judged. NUL bytes in what is no UTF-16, and tabs as indentation of YAML: such a file cannot
be read, which is INP001.
"""

from astrovet import Context, Input, InputKind, ProblemKind, Severity, Verdicts, fail, rule


@rule("INP010", "odd-encoding", on=Input, severity=Severity.LOW, sources=("PLAN:wrong-inputs",))
def check(file: Input, context: Context) -> Verdicts:
    judged = file.input_kind is not InputKind.UNRECOGNISED
    for problem in file.problems_of(ProblemKind.ODD_ENCODING) if judged else ():
        yield fail(problem.place, problem.why, remedy=problem.how)
