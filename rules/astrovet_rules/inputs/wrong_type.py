"""A key must hold what the chart takes there, and no argument or `--set` may be what Terraform or Helm refuses.

## Why

With a map where the chart walks over a list, the templates fail or write objects that nobody meant. A number
or `true` where Kubernetes takes text is refused when it is installed, and YAML reads `on`, `no` and
`1e3` as such. The other way round, `"false"` in quotes is text, and to Helm any text is true.
What Terraform or Helm (`--set`) refuses has no value, so that nothing that depends on it is judged or made.

A comment of astrovet's that is not in its form waives nothing.

## Fix

Write the value in the form that the finding names. `astrovet config --schema agent-values` prints the form of every
key that is known here. A waiver reads `# astrovet: ignore[REX008] until=2027-01-31 reason="why it is accepted"`.

Before:

    labels:
      azure.workload.identity/use: true
    commonEnv:
      AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD: 0

After:

    labels:
      azure.workload.identity/use: "true"
    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
        value: "0"

## Not reported

Null, which a layer may well hold; whole numbers in quotes; placeholders and templates, which a later step
fills; `dagBundleConfigList`, which REX010 judges. A file with the types of another chart is one
finding of INP007. A wrong type in `.astrovet.yaml` is an error of the configuration, and ends the run.

Of Terraform's expressions what `try` and `can` catch, and what a value of a variable, a file that is made later
or the provider can put right.
"""

from astrovet import Context, Input, ProblemKind, Severity, Verdicts, fail, rule


@rule("INP006", "wrong-type", on=Input, severity=Severity.MEDIUM, sources=("T2", "FIELD"))
def check(file: Input, context: Context) -> Verdicts:
    for problem in file.problems_of(ProblemKind.WRONG_TYPE):
        severity = Severity.HIGH if problem.is_grave else None  # a credential or a backend is concerned
        yield fail(problem.place, problem.why, remedy=problem.how, severity=severity)
