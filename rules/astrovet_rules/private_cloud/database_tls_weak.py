"""The platform must reach its database over TLS.

## Why

The database holds users, tokens and the metadata of every Deployment. Without `global.ssl.enabled` the connection to an
external one is not encrypted; the mode `prefer`, which the chart takes by itself, falls back to clear text without a
word when the server, or somebody in between, offers no TLS.

## Fix

Switch TLS on, and have the server checked.

Before:

    global:
      ssl:
        enabled: false

After:

    global:
      ssl:
        enabled: true
        mode: verify-full

## Not reported

The database that the chart brings itself, which has no TLS at all (APC023); data planes, which have a database only for
their Deployments.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    Platform,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

MAY_BE_CLEAR = frozenset({"disable", "allow", "prefer"})
"""Modes of libpq that do without encryption where the server does."""
REMEDY = "set global.ssl.enabled to true and global.ssl.mode to verify-full"


@rule(
    "APC002",
    "database-tls-weak",
    on=Platform,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("S000-25", "CH"),
    controls=("45 CFR 164.312(e)(1)", "PCI DSS v4 4.2.1", "SOC 2 CC6.7"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    database = platform.database
    match database.is_bundled:
        case Known(True):
            yield not_applicable("the chart brings the database itself, which APC023 judges")
            return
        case Unknown() as unknown:
            yield undecided(unknown)
            return
        case Known() | Absent():
            pass
    if platform.is_data_plane:
        yield not_applicable("a data plane keeps nothing of the platform in a database")
        return
    match database.is_encrypted, database.mode:
        case Known(False) as off, _:
            message = f"the connection to the database is not encrypted{platform.origin(off)}"
            yield fail(off.place, message, remedy=REMEDY)
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown)
        case _, Known(mode, place) as known if mode in MAY_BE_CLEAR:
            message = f"the mode `{mode}` may fall back to clear text{platform.origin(known)}"
            yield fail(place, message, remedy=REMEDY)
        case _, Known("require", place):
            strict = context.requires & {Requirement.HIPAA, Requirement.PCI}
            yield fail(
                place,
                "the mode `require` encrypts, and does not check which server answers",
                remedy="set global.ssl.mode to verify-full",
                severity=Severity.MEDIUM if strict else Severity.LOW,
                is_raised=False,
            )
        case Known() | Absent(), Known() | Absent():
            pass
