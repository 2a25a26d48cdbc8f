"""The message bus of the platform must ask for a login, and keep its files encrypted, where protected data is.

## Why

By default every Pod that reaches NATS may read what the services of the platform tell each other, and tell them
something itself. What waits in the bus lies on a volume as it is.

## Fix

Switch the login on, and give a key in a Secret.

    nats:
      auth:
        enabled: true

## Not reported

Data planes, which have no bus; installations under neither `hipaa` nor `pci`; charts of 0.3x without JetStream.
"""

from astrovet import Context, Known, Platform, Severity, Verdicts, fail_if, not_applicable, rule, unless_unclear
from astrovet_rules.private_cloud.parts import seen


@rule(
    "APC034",
    "bus-without-login",
    on=Platform,
    severity=Severity.MEDIUM,
    when=("hipaa", "pci"),
    sources=("CH",),
    controls=("45 CFR 164.312(a)(1)", "45 CFR 164.312(a)(2)(iv)"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    if platform.is_data_plane:
        yield not_applicable("the bus is in the control plane")
        return
    bus = platform.bus
    if isinstance(bus.enabled, Known) and not bus.enabled.value:
        yield not_applicable("there is no bus of this kind")
        return
    for is_on, message, remedy in (
        (bus.has_login, "every Pod may use the message bus", "set nats.auth.enabled to true"),
        (bus.has_encryption, "the files of the message bus are not encrypted", "set nats.nats.jetStream.encryption"),
    ):
        open_to_all = fail_if(is_on, lambda flag: not flag, message, remedy=remedy, about=remedy)
        yield from unless_unclear(bus.enabled, open_to_all)
