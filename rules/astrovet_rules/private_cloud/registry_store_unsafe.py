"""The registry of the platform must keep its images in one store, and encrypted.

## Why

Images hold the code of all Deployments. Of several stores that are on, the chart takes one without a word; in Amazon's
they are written as they are unless encryption is switched on, and on a volume they are lost with it.

## Fix

Choose one object store, and switch encryption on.

    astronomer:
      registry:
        s3:
          enabled: true
          encrypt: true

## Not reported

Control planes, which have no registry; a volume, unless `environment: production` is declared; what the bucket itself
encrypts stays for the rules on stores.
"""

from astrovet import (
    PRODUCTION,
    Context,
    Known,
    Platform,
    Requirement,
    Severity,
    Verdicts,
    fail,
    fail_if,
    first_unknown,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.private_cloud.parts import seen

STRICT = frozenset({Requirement.HIPAA, Requirement.PCI})


@rule(
    "APC024",
    "registry-store-unsafe",
    on=Platform,
    severity=Severity.HIGH,
    sources=("CH", "WEB"),
    controls=("45 CFR 164.312(a)(2)(iv)",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform, context))


def _judged(platform: Platform, context: Context) -> Verdicts:
    if platform.is_control_plane:
        yield not_applicable("the registry is in the data planes")
        return
    registry = platform.registry
    stores = {"gcs": registry.gcs, "azure": registry.azure, "s3": registry.s3}
    chosen = [(name, flag) for name, flag in stores.items() if isinstance(flag, Known) and flag.value]
    unknown = first_unknown(stores.values())
    if len(chosen) > 1:
        names = " and ".join(name for name, _ in chosen)
        message = f"several stores are on, {names}: the chart takes {chosen[0][0]}"
        yield fail(chosen[1][1].place, message, remedy="switch the others off", about="several")
    elif unknown is not None:
        yield undecided(unknown)
    elif not chosen and context.facts.environment == PRODUCTION:
        message = "the images of production lie on a volume of the cluster"
        remedy = "switch one of s3, gcs and azure on"
        yield fail(registry.s3.place, message, remedy=remedy, severity=Severity.MEDIUM, about="volume")
    if chosen and chosen[0][0] == "s3":
        encrypts = registry.s3_encrypts
        origin = platform.origin(encrypts) if isinstance(encrypts, Known) else ""
        yield from fail_if(
            encrypts,
            lambda is_on: not is_on,
            f"the registry writes its images unencrypted{origin}",
            remedy="set astronomer.registry.s3.encrypt to true",
            severity=Severity.HIGH if context.requires & STRICT else Severity.MEDIUM,
            about="encryption",
        )
