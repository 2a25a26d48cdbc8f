"""The addresses of the platform must have a certificate.

## Why

Without the name of a Secret the chart leaves the `tls` block out of every Ingress. Logins, tokens and the interface of
Airflow then have no valid certificate: they go over the network in clear text, or under one that nobody can check.

## Fix

Name the Secret with the certificate.

Before:

    global:
      tlsSecret: ""

After:

    global:
      tlsSecret: astronomer-tls

## Not reported

Values that leave the name to the chart (`astronomer-tls`); installations whose Ingress objects are not the chart's
(`global.ingress.enabled: false`).
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
    "APC001",
    "ingress-without-tls",
    on=Platform,
    severity=Severity.CRITICAL,
    sources=("S000-25", "S000-29", "CH"),
    controls=("45 CFR 164.312(e)(1)", "PCI DSS v4 4.2.1", "SOC 2 CC6.7"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    match platform.ingress.has_objects:
        case Known(False):
            yield not_applicable("the chart makes no Ingress objects")
            return
        case Unknown() as unknown:
            yield undecided(unknown)
            return
        case Known() | Absent():
            pass
    match platform.ingress.tls_secret:
        case Absent() as missing:
            message = "no Secret with a certificate is named: the platform has no valid certificate at any address"
            yield fail(missing, message, remedy="set global.tlsSecret to the Secret with the certificate")
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known():
            pass
