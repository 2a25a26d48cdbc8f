"""The network policies of the platform must stay on.

## Why

Without them every Pod of the cluster reaches the platform's database, its bus and its logs. So does every task of every
Deployment: the switch takes the policies of Deployments away, too.

## Fix

Leave them on.

Before:

    global:
      networkPolicy:
        enabled: false

After:

    global:
      networkPolicy:
        enabled: true

## Not reported

Values that leave them to the chart, which switches them on; who may reach the bundled PostgreSQL, where it is off.
"""

from astrovet import Context, Known, Platform, Severity, Verdicts, fail_if, rule, unless_unclear
from astrovet_rules.private_cloud.parts import seen


@rule(
    "APC019",
    "network-policy-off",
    on=Platform,
    severity=Severity.HIGH,
    sources=("S003-30", "CH"),
    controls=("PCI DSS v4 1.3.1", "SOC 2 CC6.6"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    yield from fail_if(
        platform.network_policies,
        _is_off,
        "no network policy guards the platform and its Deployments",
        remedy="set global.networkPolicy.enabled to true",
        about="policies",
    )
    yield from fail_if(
        platform.denies_by_default,
        _is_off,
        "what no policy names may be reached by every Pod",
        remedy="set global.defaultDenyNetworkPolicy to true",
        severity=Severity.MEDIUM,
        about="default",
    )
    bundled = platform.database.is_bundled
    if not (isinstance(bundled, Known) and not bundled.value):
        reached = fail_if(
            platform.database.takes_anybody,
            bool,
            "every Pod may reach the PostgreSQL of the platform",
            remedy="set postgresql.networkPolicy.allowExternal to false",
            about="database",
        )
        yield from unless_unclear(bundled, reached)


def _is_off(flag: bool) -> bool:
    return not flag
