"""Nobody may make an account by themselves.

## Why

With public signups everybody who reaches the platform may make an account, and the first one becomes System Admin.
Without the confirmation of addresses, anybody can do so in the name of somebody else.

## Fix

Leave both at their defaults.

Before:

    astronomer:
      houston:
        config:
          publicSignups:
            enabled: true

After:

    astronomer:
      houston:
        config:
          publicSignups:
            enabled: false

## Not reported

Values that leave both to Houston, whose defaults are safe as far as they are public (DOC24); data planes.
"""

from astrovet import Context, Platform, Severity, Verdicts, fail_if, not_applicable, rule
from astrovet_rules.private_cloud.parts import seen


@rule(
    "APC016",
    "public-signups-on",
    on=Platform,
    severity=Severity.HIGH,
    sources=("S000-11", "DOC24"),
    controls=("45 CFR 164.312(a)(1)", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    if platform.is_data_plane:
        yield not_applicable("nobody logs in to a data plane")
        return
    yield from fail_if(
        platform.login.public_signups,
        bool,
        "everybody who reaches the platform may make an account",
        remedy="set publicSignups.enabled to false (publicSignups before 2.0)",
        about="signups",
    )
    yield from fail_if(
        platform.login.email_confirmation,
        lambda is_on: not is_on,
        "addresses of new accounts are not confirmed",
        remedy="set emailConfirmation.enabled to true (emailConfirmation before 2.0)",
        severity=Severity.MEDIUM,
        about="confirmation",
    )
