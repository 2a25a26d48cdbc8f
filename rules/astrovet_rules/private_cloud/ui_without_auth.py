"""Behind an ingress controller of your own, the platform needs its authentication sidecar.

## Why

The chart guards its interfaces with annotations that only its own controller understands. Behind another one they say
nothing: Grafana, Prometheus and Alertmanager answer anybody who reaches them, unless the sidecar asks for a login.

## Fix

Switch the sidecar on.

Before:

    global:
      nginx:
        enabled: false

After:

    global:
      nginx:
        enabled: false
      authSidecar:
        enabled: true

## Not reported

The controller that the chart brings; installations whose Ingress objects are not the chart's.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    Platform,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)


@rule(
    "APC018",
    "ui-without-auth",
    on=Platform,
    severity=Severity.CRITICAL,
    sources=("DOC24", "CH"),
    controls=("45 CFR 164.312(a)(1)", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    ingress = platform.ingress
    match ingress.has_objects, ingress.has_controller, ingress.has_login_check:
        case (Known(False), _, _) | (_, Known(True), _) | (_, _, Known(True)):
            yield not_applicable("the controller of the chart, or the sidecar, asks for a login")
        case (Unknown() as unknown, _, _) | (_, Unknown() as unknown, _) | (_, _, Unknown() as unknown):
            yield undecided(unknown)
        case _, Known(False, place), Known() | Absent():
            message = "an own ingress controller stands in front, and no sidecar asks for a login"
            yield fail(place, message, remedy="set global.authSidecar.enabled to true")
        case Known() | Absent(), Known() | Absent(), Known() | Absent():
            pass
