"""Pods of the platform must not run with more rights than the chart gives them.

## Why

Who breaks out of a Pod that is privileged, or runs as root, has the node and all that runs on it. The charts of 2.x run
the platform without such rights; an override in the values gives them back.

## Fix

Take the override out, and have the namespaces of Deployments enforce a standard.

Before:

    astronomer:
      houston:
        securityContext:
          runAsUser: 0

After:

    global:
      namespaceLabels:
        pod-security.kubernetes.io/enforce: restricted

## Not reported

Parts that need more: the collector of logs, the certificates on nodes, the exporter of nodes, Elasticsearch's setting
of the kernel. Namespaces without a standard, unless `hipaa` or `pci` is declared; control planes have none of them.
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
    fail_if,
    rule,
    undecided,
)
from astrovet_rules.private_cloud.parts import seen

STRICT = frozenset({Requirement.HIPAA, Requirement.PCI})
LABEL = "pod-security.kubernetes.io/enforce"


@rule(
    "APC025",
    "platform-pod-security-weak",
    on=Platform,
    severity=Severity.HIGH,
    sources=("S003-30", "CH", "PSS"),
    controls=("SOC 2 CC6.6",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform, context))


def _judged(platform: Platform, context: Context) -> Verdicts:
    for setting in platform.pod_settings:
        message = f"`{setting.key}` gives Pods rights that the chart does not"
        yield from fail_if(setting.is_weak, bool, message, remedy="take the override out", about=setting.key)
    if platform.is_control_plane:
        return
    remedy = f"set the label {LABEL} to baseline or restricted in global.namespaceLabels"
    match platform.pod_standard:
        case Known("privileged", place):
            message = "the namespaces of Deployments allow privileged Pods"
            yield fail(place, message, remedy=remedy, severity=Severity.MEDIUM, about="standard")
        case Absent() as missing if context.requires & STRICT:
            message = "the namespaces of Deployments enforce no Pod security standard"
            yield fail(missing, message, remedy=remedy, severity=Severity.LOW, about="standard")
        case Unknown() as unknown:
            yield undecided(unknown, "standard")
        case Known() | Absent():
            pass
