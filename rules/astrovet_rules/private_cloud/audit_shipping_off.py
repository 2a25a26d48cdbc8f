"""The audit log of the platform must be sent somewhere.

## Why

Who did what is written to the output of a Pod, and is gone with it, unless a sidecar sends it on. Charts before 2.0
have no such sidecar: there the audit log stays inside the platform, with those whom it is about.

## Fix

Switch the sidecar on, with one sink.

    astronomer:
      houston:
        logging:
          loggingSidecar:
            enabled: true
            cloudwatch:
              enabled: true
              region: eu-central-1

## Not reported

Data planes; installations for which `audit-export` or `log-shipping` is attested; charts before 2.0, unless `hipaa`,
`pci`, `dora` or a retention of the audit log is declared.
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
from astrovet_rules.private_cloud.parts import attests

STRICT = frozenset({Requirement.HIPAA, Requirement.PCI, Requirement.DORA, Requirement.AUDIT_RETENTION})


@rule(
    "APC005",
    "audit-shipping-off",
    on=Platform,
    severity=Severity.MEDIUM,
    raised={
        "hipaa": Severity.HIGH,
        "pci": Severity.HIGH,
        "dora": Severity.HIGH,
        "audit-retention": Severity.HIGH,
    },
    sources=("S000-46", "WEB", "CH"),
    controls=("45 CFR 164.312(b)", "PCI DSS v4 10.3", "SOC 2 CC7.2"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    if platform.is_data_plane:
        yield not_applicable("the audit log is the control plane's")
        return
    if attests(context, "audit-export", "log-shipping"):
        yield not_applicable("people attest that it is sent on")
        return
    match platform.audit.is_shipped:
        case Known(False, place) as off:
            message = f"the audit log is sent nowhere{platform.origin(off)}"
            remedy = "switch astronomer.houston.logging.loggingSidecar on, with one sink"
            yield fail(place, message, remedy=remedy)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent(place) if context.requires & STRICT:
            message = "charts before 2.0 have nothing that sends the audit log on"
            yield fail(place, message, remedy="upgrade to 2.x, or collect its logs and attest log-shipping")
        case Absent():
            yield not_applicable("charts before 2.0 have nothing that sends it on, and nothing declared asks for it")
        case Known():
            pass
