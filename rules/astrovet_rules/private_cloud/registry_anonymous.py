"""The registry of the platform must ask for a login.

## Why

`enableInsecureAuth` sounds like a matter of certificates, but it takes the whole login of the registry away. Whoever
reaches the registry may then read the images of all Deployments, and put others in their place: their code runs with
the rights of the tasks.

## Fix

Take the key out, or switch it off.

Before:

    astronomer:
      registry:
        enableInsecureAuth: true

After:

    astronomer:
      registry:
        enableInsecureAuth: false

## Not reported

Values that leave it to the chart, which asks for a login; control planes, which have no registry.
"""

from astrovet import Context, Platform, Severity, Verdicts, fail_if, not_applicable, rule


@rule(
    "APC003",
    "registry-anonymous",
    on=Platform,
    severity=Severity.CRITICAL,
    sources=("CH",),
    controls=("45 CFR 164.312(a)(1)", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    if platform.is_control_plane:
        yield not_applicable("the registry is in the data planes")
        return
    message = "anybody may push images of Deployments to the registry, and pull them, without a login"
    remedy = "set astronomer.registry.enableInsecureAuth to false"
    yield from fail_if(platform.registry.is_open, bool, message, remedy=remedy)
