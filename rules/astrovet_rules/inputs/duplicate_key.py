"""A map must not hold the same key twice.

## Why

Helm takes the last of two equal keys and says nothing. The first one, perhaps the careful setting that
was reviewed, has no effect; with a block such as `commonEnv` all of its entries are lost.

## Fix

Keep one of the two. Where both hold entries that are needed, move them below one key.

Before:

    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
        value: "0"
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"region_name": "eu-central-1"}'

After:

    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
        value: "0"
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"region_name": "eu-central-1"}'

## Not reported

A merge key (`<<`) and a key beside it that overrides what it brings; equal items of a list; files that
are not judged at all.
"""

from astrovet import Context, Input, ProblemKind, Severity, Verdicts, fail, rule


@rule("INP004", "duplicate-key", on=Input, severity=Severity.HIGH, sources=("FIELD",))
def check(file: Input, context: Context) -> Verdicts:
    for problem in file.problems_of(ProblemKind.DUPLICATE_KEY):
        yield fail(problem.place, problem.why, remedy=problem.how, related=problem.related)
