"""Production should keep the control plane apart from the data planes.

## Why

In one cluster, and one namespace, tasks run beside what administers them. What breaks one breaks the other, and who
gets out of a task stands before the platform's own secrets. Astronomer calls this layout one for trials.

## Fix

Install a control plane and data planes.

Before:

    global:
      plane:
        mode: unified

After:

    global:
      plane:
        mode: control

## Not reported

Scopes of which neither production nor `hipaa`, `pci` or `dora` is declared; charts of 0.3x, which have one plane only.
"""

from astrovet import (
    PRODUCTION,
    Context,
    Known,
    Platform,
    Requirement,
    Severity,
    Verdicts,
    fail_if,
    not_applicable,
    rule,
)

STRICT = frozenset({Requirement.HIPAA, Requirement.PCI, Requirement.DORA})


@rule(
    "APC011",
    "planes-not-separated",
    on=Platform,
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.MEDIUM, "pci": Severity.MEDIUM, "dora": Severity.HIGH},
    sources=("S003-29", "S003-30", "WEB"),
    controls=("SOC 2 CC6.6", "DORA Art. 9"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    if not context.requires & STRICT and context.facts.environment != PRODUCTION:
        yield not_applicable("it is declared neither as production nor to be under hipaa, pci or dora")
        return
    if isinstance(platform.chart, Known) and platform.chart.value.startswith("0."):
        yield not_applicable("charts of 0.3x have one plane only")
        return
    plane = platform.plane
    origin = platform.origin(plane) if isinstance(plane, Known) else ""
    message = f"control plane and data plane are one{origin}"
    yield from fail_if(plane, lambda mode: mode == "unified", message, remedy="install planes of their own")
