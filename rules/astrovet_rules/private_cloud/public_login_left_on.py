"""Logins of Google and GitHub must be off where an identity provider of your own is meant to decide.

## Why

The chart switches the logins of Google and GitHub on. Who sets up a provider of their own and leaves them on has three
doors, and guards one: any account there may try to log in, without your second factor. Both need the Internet, as does
every provider that is a service there: behind an air gap (`air-gapped`) nobody can log in with it.

## Fix

Switch both off.

Before:

    astronomer:
      houston:
        config:
          auth:
            openidConnect:
              okta:
                enabled: true

After:

    astronomer:
      houston:
        config:
          auth:
            github:
              enabled: false
            openidConnect:
              google:
                enabled: false
              okta:
                enabled: true

## Not reported

Installations without a provider of their own, unless `hipaa`, `pci` or `air-gapped` is declared; Google with a client
of your own where `allowedSystemLevelDomains` says who may have a role. Data planes, to which nobody logs in.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    Platform,
    Provider,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.private_cloud.air_gap import doubt, is_outside
from astrovet_rules.private_cloud.parts import seen
from astrovet_rules.tables.urls import host_of

STRICT = frozenset({Requirement.HIPAA, Requirement.PCI, Requirement.AIR_GAPPED})


@rule(
    "APC015",
    "public-login-left-on",
    on=Platform,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH, "air-gapped": Severity.HIGH},
    sources=("S000-13", "S003-31", "CH"),
    controls=("45 CFR 164.312(a)(1)", "45 CFR 164.312(d)", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform, context))


def _judged(platform: Platform, context: Context) -> Verdicts:
    login = platform.login
    has_own = any(isinstance(provider.enabled, Known) and provider.enabled.value for provider in login.providers)
    if platform.is_data_plane:
        yield not_applicable("nobody logs in to a data plane")
        return
    if not has_own and not context.requires & STRICT:
        yield not_applicable("no identity provider of its own is on, which APC014 judges")
        return
    for key, name, is_on in (
        ("auth.openidConnect.google.enabled", "Google", login.google),
        ("auth.github.enabled", "GitHub", login.github),
    ):
        match is_on:
            case Known(True, place) as on if not (name == "Google" and _is_meant(platform, context)):
                message = f"accounts of {name} may log in{platform.origin(on)}"
                yield fail(place, message, remedy=f"set {key} to false", about=name)
            case Unknown() as unknown:
                yield undecided(unknown, name)
            case Known() | Absent():
                pass
    if Requirement.AIR_GAPPED in context.requires:
        for provider in login.providers:
            yield from _asked_outside(provider, platform)


def _asked_outside(provider: Provider, platform: Platform) -> Verdicts:
    """Behind an air gap nobody reaches a provider in the Internet."""
    match provider.enabled, provider.discovery:
        case Known(True), Known(address, place):
            host = host_of(address)
            outside = is_outside(host, platform)
            if outside:
                message = f"the identity provider {provider.name} is in the Internet, at {host}"
                yield fail(place, message, remedy="name a provider inside the air gap", about=provider.name)
            elif outside is None:
                yield undecided(Unknown(doubt(host), place, how="say where it is"), provider.name)
        case (Unknown() as unknown, _) | (Known(True), Unknown() as unknown):
            yield undecided(unknown, provider.name)
        case Known() | Absent(), Known() | Unknown() | Absent():
            pass


def _is_meant(platform: Platform, context: Context) -> bool:
    """Google is the provider on purpose: with a client of its own, for addresses of some domains."""
    domains = platform.login.system_domains
    has_domains = isinstance(domains, Known) and bool(domains.value)
    is_offline = Requirement.AIR_GAPPED in context.requires
    return not is_offline and has_domains and isinstance(platform.login.google_client, Known)
