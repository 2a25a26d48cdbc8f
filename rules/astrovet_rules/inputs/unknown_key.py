"""A key must not be nearly a key of the chart, nor stand one level beside its place.

## Why

Helm takes any key, and one that no template reads has no effect. With `secretsBackend` for
`secretBackend` the agent runs with the chart's default, which reads secrets from a local file; probes
that stand under `hpa` are not there. A comment such as `# astrovet: ingore[REX008]` waives nothing.

## Fix

Write the key as the chart has it, where the chart has it. `astrovet config --schema agent-values` prints all keys
that are known here, `astrovet rules` the ids and names that a waiver can have.

Before:

    workers:
      - name: default
        hpa:
          enabled: true
          terminationGracePeriodSeconds: 600

After:

    workers:
      - name: default
        terminationGracePeriodSeconds: 600
        hpa:
          enabled: true

## Not reported

Any other key that is not known here, for charts are newer than this list: only one or two slips
(one in a short name), other capitals, and a key one level too deep or too high. Keys of `keda`, of
Kubernetes' own maps such as `affinity`, and of labels and annotations; values for a chart
newer than 2.3.3. Wrong names in `.astrovet.yaml` are errors of the configuration, and end the run.
"""

from astrovet import Context, Input, ProblemKind, Severity, Verdicts, fail, rule


@rule("INP005", "unknown-key", on=Input, severity=Severity.MEDIUM, sources=("T1", "T2", "FIELD"))
def check(file: Input, context: Context) -> Verdicts:
    for problem in file.problems_of(ProblemKind.UNKNOWN_KEY):
        yield fail(problem.place, problem.why, remedy=problem.how, related=problem.related)
