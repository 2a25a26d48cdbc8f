"""Switches that are made for development must be off.

## Why

They write tokens and secrets into logs, take tokens that are made for tests, or open a playground on the API. What
ends up in a log can be read by many more people than the secret was meant for.

## Fix

Take the switch out.

Before:

    astronomer:
      houston:
        config:
          deployments:
            logHelmValues:
              enabled: true

After:

    astronomer:
      houston:
        config:
          deployments:
            logHelmValues:
              enabled: false

## Not reported

`apollo.introspection`, which is on by default; what the values leave to Houston.
"""

from astrovet import Context, Platform, Severity, Verdicts, fail_if, rule
from astrovet_rules.private_cloud.parts import seen


@rule(
    "APC017", "debug-switch-on", on=Platform, severity=Severity.HIGH, sources=("DOC24", "CH"), controls=("SOC 2 CC6.1",)
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    for switch in platform.switches:
        yield from fail_if(switch.is_on, bool, switch.what, remedy=f"set {switch.key} to false", about=switch.key)
