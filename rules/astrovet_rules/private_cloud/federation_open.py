"""The figures of a data plane must not be open to everybody.

## Why

The control plane collects the metrics of data planes at an address that others can reach, too. Without its login
anybody reads which Deployments there are, what runs in them and when.

## Fix

Leave the login on.

Before:

    prometheus:
      federation:
        auth:
          enabled: false

After:

    prometheus:
      federation:
        auth:
          enabled: true

## Not reported

Values that leave it to the chart, which switches it on; charts of 0.3x, which have no federation.
"""

from astrovet import Context, Platform, Severity, Verdicts, fail_if, rule


@rule(
    "APC029",
    "federation-open",
    on=Platform,
    severity=Severity.HIGH,
    sources=("CH",),
    controls=("SOC 2 CC6.1",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    message = "anybody who reaches the data plane may read its metrics"
    remedy = "set prometheus.federation.auth.enabled to true"
    yield from fail_if(platform.federation_is_closed, lambda is_on: not is_on, message, remedy=remedy)
