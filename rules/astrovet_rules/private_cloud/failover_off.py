"""Under DORA, the data planes must be able to take over from each other.

## Why

When the place of a data plane is lost, its Deployments stand still until somebody builds them anew. Charts from 2.0 on
can move them to another data plane; earlier ones have nothing of the kind.

## Fix

Install two data planes, and switch failover on in all planes.

    global:
      dataPlaneFailover:
        enabled: true
        externalSecretManagerName: vault

## Not reported

How long a failover takes: the figures that Astronomer gives for Astro say nothing of Private Cloud, and you have to
prove yours.
"""

from astrovet import Absent, Context, Known, Platform, Severity, Unknown, Verdicts, fail, fail_if, rule, undecided
from astrovet_rules.private_cloud.parts import seen

REMEDY = "set global.dataPlaneFailover.enabled to true in all planes"


@rule(
    "APC027",
    "failover-off",
    on=Platform,
    severity=Severity.HIGH,
    when=("dora",),
    sources=("S003-37", "S003-38", "WEB"),
    controls=("DORA Art. 11 and 12",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform, context))


def _judged(platform: Platform, context: Context) -> Verdicts:
    match platform.fails_over:
        case Known(False, place) as off:
            yield fail(place, f"no data plane takes over from another{platform.origin(off)}", remedy=REMEDY)
        case Absent(place):
            yield fail(place, "charts before 2.0 have no failover of data planes", remedy="upgrade to 2.x")
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known():
            pass
    if not platform.is_control_plane:
        return
    planes = [other for other in context.estate.of(Platform) if other.is_data_plane]
    if len(planes) == 1:
        message = "one data plane only is in these files: nothing can take over"
        yield fail(platform.place, message, remedy="install a second one in another place", about="planes")
    standby = platform.has_standby
    yield from fail_if(
        standby,
        lambda is_on: not is_on,
        f"there is one control plane only{platform.origin(standby) if isinstance(standby, Known) else ''}",
        remedy="see global.controlPlaneHA (2.1 and later)",
        severity=Severity.MEDIUM,
        about="standby",
    )
