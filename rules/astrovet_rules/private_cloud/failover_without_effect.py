"""Failover that is switched on must be able to work.

## Why

The switch alone moves nothing. Without a second plane, without a store of secrets that both planes reach, or with the
database and the registry inside the lost cluster, nothing is left to go on with: the failover fails when it is needed.

## Fix

Split the planes, and name the store of secrets.

    global:
      plane:
        mode: data
        domainPrefix: paris
      dataPlaneFailover:
        enabled: true
        externalSecretManagerName: vault

## Not reported

Installations with failover off, which APC027 judges.
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
    fail_if,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.private_cloud.parts import seen


@rule(
    "APC028",
    "failover-without-effect",
    on=Platform,
    severity=Severity.HIGH,
    sources=("CH", "WEB"),
    controls=("DORA Art. 11 and 12",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    standby = platform.has_standby
    if isinstance(standby, Known) and standby.value:
        match platform.standby_domain:
            case Absent() as missing:
                message = "several control planes need a common domain: the chart cannot be installed"
                yield fail(missing, message, remedy="set global.controlPlaneHA.globalBaseDomain", about="domain")
            case Unknown() as unknown:
                yield undecided(unknown, "domain")
            case Known():
                pass
    match platform.fails_over:
        case Known(False) | Absent():
            yield not_applicable("failover of data planes is off")
            return
        case Unknown() as unknown:
            yield undecided(unknown)
            return
        case Known():
            pass
    match platform.plane:
        case Known("unified", place):
            message = "failover has no effect where control plane and data plane are one"
            yield fail(place, message, remedy="split the planes", about="plane")
        case Unknown() as unknown:
            yield undecided(unknown, "plane")
        case Known() | Absent():
            pass
    match platform.failover_secrets:
        case Absent() as missing:
            message = "no store of secrets is named that another plane reaches"
            yield fail(missing, message, remedy="set externalSecretManagerName", about="secrets")
        case Unknown() as unknown:
            yield undecided(unknown, "secrets")
        case Known():
            pass
    yield from fail_if(
        platform.database.is_bundled,
        bool,
        "the database is lost with the cluster",
        remedy="take an external database",
        about="database",
    )
    if platform.is_control_plane:
        match platform.outside_registry:
            case Known(False, place):
                message = "no registry outside of the planes is named: the images are lost with a plane"
                remedy = "set registry.protectedCustomRegistry.updateRegistry"
                yield fail(place, message, remedy=remedy, about="registry")
            case Unknown() as unknown:
                yield undecided(unknown, "registry")
            case Known() | Absent():
                pass
