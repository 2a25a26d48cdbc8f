"""A setting that an agent needs must not hold a placeholder.

## Why

A text such as `<your-api-url>` or `CHANGEME`, left from a template, is neither a secret nor a value. The
agent that is installed with it does not start, or looks for its Deployment, its secrets or its bucket
where they are not.

## Fix

Put the value in, or leave the key out of this file where another layer or `--set` brings it.

Before:

    astroDeploymentAPIURL: <your-api-url>

After:

    astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d7f3k2a1

## Not reported

What a later step fills in, `${NAME}` and `{{ ... }}`; null and empty values; placeholders in comments, and in
settings that an agent works without. In values that are not complete it is a matter of information.
"""

from astrovet import Agent, Context, Severity, Verdicts, fail, rule


@rule("INP008", "placeholder-left", on=Agent, severity=Severity.LOW, sources=("T1", "FIELD"))
def check(agent: Agent, context: Context) -> Verdicts:
    severity = None if agent.complete else Severity.INFO
    for setting in agent.placeholders:
        message = f"{setting.message} holds a placeholder"
        remedy = f"put the value of {setting.message} in"
        yield fail(setting.place, message, remedy=remedy, severity=severity, about=setting.message)
