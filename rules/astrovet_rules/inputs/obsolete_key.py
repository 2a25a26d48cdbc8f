"""Values must not hold keys of an older layout of the chart.

## Why

Astro Private Cloud's chart changed its keys with 1.0 and, most of all, with 2.0, where flags such as
`global.rbacEnabled` became `global.rbac.enabled`. An old flag in values for the newer chart has no
effect and gives no error: a control that was set with care is back at its default. Where both forms
are set, the new one counts, whatever the old one says.

## Fix

Move the setting to the new key, and take the old one out; flags that begin with `disable` turn round.

Before:

    global:
      rbacEnabled: true
      disableManageClusterScopedResources: true

After:

    global:
      rbac:
        enabled: true
      manageClusterScopedResources:
        enabled: false

## Not reported

Old keys where no other key shows that the values are for a newer chart; keys that hold null. For the
Remote Execution agent's chart no key is known that an older version had and a newer one dropped.
"""

from astrovet import Context, Input, ProblemKind, Severity, Verdicts, fail, rule


@rule("INP009", "obsolete-key", on=Input, severity=Severity.LOW, sources=("CH",))
def check(file: Input, context: Context) -> Verdicts:
    for problem in file.problems_of(ProblemKind.OBSOLETE_KEY):
        severity = Severity.HIGH if problem.is_grave else None  # the flag is a control
        yield fail(problem.place, problem.why, remedy=problem.how, severity=severity, related=problem.related)
