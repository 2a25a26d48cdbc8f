"""A plane must say which one it is, and share a token with the others.

## Why

A mode that the chart does not know renders nothing. Data planes without a prefix take the names of the control plane;
without a common token each plane makes one of its own, and they do not understand each other.

## Fix

Name the plane and the Secret with the token.

    global:
      plane:
        mode: data
        domainPrefix: paris
      authHeaderSecretName: plane-token

## Not reported

Installations in one cluster (`unified`), which have one token anyway.
"""

from astrovet import Absent, Context, Known, Platform, Severity, Unknown, Value, Verdicts, fail, rule, undecided
from astrovet_rules.private_cloud.parts import seen

MODES = ("control", "data", "unified")


@rule(
    "APC012",
    "plane-identity-incomplete",
    on=Platform,
    severity=Severity.HIGH,
    sources=("CH", "WEB"),
    controls=("SOC 2 CC6.1",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    match platform.plane:
        case Known(mode, place) if mode not in MODES:
            yield fail(place, "the chart knows no such plane", remedy="choose control, data or unified", about="mode")
        case Known("control" | "data" as mode):
            if mode == "data":
                yield from _named(platform.domain_prefix, "the data plane has no prefix of its own", "domainPrefix")
            message = "no token is named that the planes share: each makes its own"
            yield from _named(platform.plane_token, message, "authHeaderSecretName", Severity.MEDIUM)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


def _named(setting: Value[str], message: str, key: str, severity: Severity | None = None) -> Verdicts:
    match setting:
        case Absent() as missing:
            yield fail(missing, message, remedy=f"set {key}", severity=severity, about=key)
        case Unknown() as unknown:
            yield undecided(unknown, key)
        case Known():
            pass
