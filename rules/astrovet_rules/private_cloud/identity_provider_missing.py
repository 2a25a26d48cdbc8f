"""A platform must have an identity provider of its own.

## Why

Without one, people log in through Astronomer's tenant of Auth0 with accounts of Google and GitHub, or with local
passwords. Who may come in, with which second factor, and until when, is then decided elsewhere.

## Fix

Set up your provider; its secret belongs into a Kubernetes Secret.

    astronomer:
      houston:
        config:
          auth:
            openidConnect:
              okta:
                enabled: true
                clientId: 0oa1b2c3
                discoveryUrl: https://acme.okta.example/.well-known/openid-configuration
        secret:
          - envName: AUTH__OPENID_CONNECT__OKTA__CLIENT_SECRET
            secretName: houston-okta
            secretKey: client-secret

## Not reported

Data planes; providers that variables or Secrets set up; a part of the values, where another one may name the provider.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Context,
    Known,
    Platform,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)


@rule(
    "APC014",
    "identity-provider-missing",
    on=Platform,
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH, "soc2": Severity.HIGH},
    sources=("S000-13", "S000-39", "DOC24"),
    controls=("45 CFR 164.312(a)(1)", "45 CFR 164.312(d)", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    switches = list(_switches(platform))
    if platform.is_data_plane:
        yield not_applicable("nobody logs in to a data plane")
    elif any(isinstance(is_on, Known) and is_on.value for is_on in switches):
        for provider in platform.login.providers:
            if not (isinstance(provider.enabled, Known) and provider.enabled.value):
                continue
            for key, setting in (("clientId", provider.client), ("discoveryUrl", provider.discovery)):
                if isinstance(setting, Absent):
                    message = f"the identity provider {provider.name} is on and has no {key}: nobody can log in"
                    yield fail(setting, message, remedy=f"set its {key}", about=f"{provider.name} {key}")
    else:
        unknown = next((is_on for is_on in switches if isinstance(is_on, Unknown)), None)
        if unknown is not None:
            yield undecided(unknown)
        elif not platform.complete:
            why = "no identity provider is set here, and this is only a part of the values that Helm is given"
            yield undecided(Unknown(why, platform.place, how="scan all layers together"))
        else:
            message = "no identity provider of its own is set up"
            yield fail(
                platform.place, message, remedy="set up your provider in auth.openidConnect, with single sign-on"
            )


def _switches(platform: Platform) -> Iterator[Value[bool]]:
    yield platform.login.ldap
    for provider in platform.login.providers:
        yield provider.enabled
