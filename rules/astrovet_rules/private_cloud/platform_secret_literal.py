"""Values of the platform must not write a secret out.

## Why

Values lie in a repository, in Helm's own records in the cluster, and in the logs of whatever installs them. A password
there is known to all who read one of these, and it stays in the history when it is changed. Keys of the registry's
store even end up in a ConfigMap.

## Fix

Put it into a Kubernetes Secret and name that.

Before:

    astronomer:
      houston:
        config:
          auth:
            openidConnect:
              okta:
                clientSecret: 7f3kQ9...

After:

    astronomer:
      houston:
        secret:
          - envName: AUTH__OPENID_CONNECT__OKTA__CLIENT_SECRET
            secretName: houston-okta
            secretKey: client-secret

## Not reported

Placeholders and templates; encrypted texts; passwords that the chart ships (APC022). What a later layer takes away.
"""

from astrovet import Absent, Context, Known, Platform, Severity, Unknown, Verdicts, fail_if_written, rule, undecided
from astrovet_rules.private_cloud.parts import seen


@rule(
    "APC021",
    "platform-secret-literal",
    on=Platform,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S000-12", "CH"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 8.6.3", "PCI DSS v4 8.3.2", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    for secret in platform.secrets:
        match secret.value:
            case Known() as known:
                message = f"`{secret.name}` holds a secret in clear text"
                remedy = "put it into a Kubernetes Secret and name that"
                yield fail_if_written(known, message, remedy=remedy, about=secret.name)
            case Unknown() as unknown:
                yield undecided(unknown, secret.name)
            case Absent():
                pass
