"""People must not log in with passwords of the platform's own.

## Why

Local accounts go past the identity provider: nobody asks for a second factor, and nobody takes the account away from
people who leave. Whoever guesses or finds one password is in.

## Fix

Switch local accounts off.

Before:

    astronomer:
      houston:
        config:
          auth:
            local:
              enabled: true

After:

    astronomer:
      houston:
        config:
          auth:
            local:
              enabled: false

## Not reported

Values that leave it to the chart, which switches them off. A variable in `astronomer.houston.env` counts like the key.
"""

from astrovet import Context, Platform, Severity, Verdicts, fail_if, not_applicable, rule


@rule(
    "APC013",
    "local-accounts-on",
    on=Platform,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S000-13", "S000-39", "CH"),
    controls=("45 CFR 164.312(a)(1)", "45 CFR 164.312(d)", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    if platform.is_data_plane:
        yield not_applicable("nobody logs in to a data plane")
        return
    message = "people may log in with a password of the platform's own, past the identity provider"
    yield from fail_if(platform.login.local, bool, message, remedy="set auth.local.enabled to false")
