"""No part of the platform may run with the password that the chart ships.

## Why

Anybody can read these passwords in the public chart. They open the database with the users, tokens and metadata of the
platform to everybody who reaches it.

## Fix

Set a password of your own where the values come from, and keep it out of the repository; or take an external database.

    global:
      postgresql:
        enabled: false

## Not reported

Components that are off; PostgreSQL with a Secret that is named (`existingSecret`); PgBouncer before an external
database.
"""

from astrovet import Absent, Context, Known, Platform, Severity, Unknown, Verdicts, fail, rule, undecided
from astrovet_rules.private_cloud.parts import seen


@rule(
    "APC022",
    "default-credentials",
    on=Platform,
    severity=Severity.CRITICAL,
    sources=("CH",),
    controls=("PCI DSS v4 2.2.2", "45 CFR 164.312(a)(1)", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    for password in platform.passwords:
        match password.is_used, password.password:
            case Known(False), _:
                pass
            case (Unknown() as unknown, _) | (_, Unknown() as unknown):
                yield undecided(unknown, password.key)
            case Known(True), Known(content, place) if content == password.shipped:
                message = f"`{password.key}` is the password that the public chart ships"
                yield fail(place, message, remedy="set one of your own", about=password.key)
            case Known() | Absent(), Known() | Absent():
                pass
