"""Agent containers should keep to the restricted Pod security standard.

## Why

Agents run the code of DAGs, next to the credentials of the execution plane. A container that may gain
privileges, keeps the default capabilities of Linux or runs without a seccomp profile gives that code more
ways out to the node and to its other Pods. The chart's defaults set one of the four settings of the
restricted standard that matter here: they run as a user that is not root.

## Fix

Set the other three for all components, and again where a component or a further container has a context
of its own:

    podSecurityContext:
      runAsNonRoot: true
      runAsUser: 50000
      fsGroup: 50000
      seccompProfile: {type: RuntimeDefault}
    containerSecurityContext:
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL]}

Sentinel runs as user 5000. The logging sidecar takes its context from `loggingSidecar.securityContext`.

## Not reported

Components that are switched off; a part of a set of values, unless it takes a setting away itself.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Note,
    Place,
    SecurityContext,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_unknown,
    known_values,
    rule,
    undecided,
)

T = TypeVar("T")

SETTINGS = ("runAsNonRoot", "seccompProfile", "allowPrivilegeEscalation: false", "drop: [ALL]")
PROFILES = frozenset({"RuntimeDefault", "Localhost"})
REMEDY = (
    "set runAsNonRoot and a seccompProfile in podSecurityContext, and allowPrivilegeEscalation: false and "
    "capabilities.drop: [ALL] in containerSecurityContext"
)
LAYER = "these are only a part of the values that Helm is given"
ALL_LAYERS = "scan all layers together"


@rule(
    "REX027",
    "pod-security-weak",
    on=Agent,
    severity=Severity.LOW,
    raised={"pci": Severity.MEDIUM, "hipaa": Severity.MEDIUM},
    sources=("T2", "PSS restricted", "D:remote-agents-restricted-kubernetes"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 7.2"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    weak: set[str] = set()
    places: dict[str, Place | Absent] = {}
    gaps: list[Unknown] = []
    for security in agent.security_contexts():
        for setting, kept in _settings(security):
            match kept:
                case Known(True):
                    pass
                case Absent(place) if not agent.complete:
                    gaps.append(Unknown(LAYER, place, how=ALL_LAYERS))
                case Known(_, place):
                    weak.add(setting)
                    places.setdefault(str(place), place)
                case Absent(place) as absent:
                    weak.add(setting)
                    places.setdefault(str(place), absent)
                case Unknown() as unknown:
                    gaps.append(unknown)
    if weak:
        names = [setting for setting in SETTINGS if setting in weak]
        first, *others = places.values()
        message = f"agents run without {len(names)} of the 4 restricted settings: {', '.join(names)}"
        elsewhere = (other.place if isinstance(other, Absent) else other for other in others)
        related = tuple(Note("a setting is missing here, too", place) for place in elsewhere)
        yield fail(first, message, remedy=REMEDY, about="contexts", related=related)
    elif gaps:
        yield undecided(gaps[0], about="contexts")


def _settings(security: SecurityContext) -> Iterator[tuple[str, Value[bool]]]:
    """Whether each setting of the restricted standard is kept."""
    kept = (
        security.run_as_non_root,
        _changed(security.seccomp_profile, PROFILES.__contains__),
        _changed(security.privilege_escalation, lambda allowed: not allowed),
        _drops_all(security.dropped_capabilities),
    )
    return zip(SETTINGS, kept, strict=True)


def _changed(value: Value[T], change: Callable[[T], bool]) -> Value[bool]:
    match value:
        case Known(known, place):
            return Known(change(known), place)
        case Unknown() | Absent():
            return value


def _drops_all(dropped: Value[tuple[Value[str], ...]]) -> Value[bool]:
    match dropped:
        case Known(names, place):
            is_all = "ALL" in known_values(names)
            gap = first_unknown(names)
            return gap if gap is not None and not is_all else Known(is_all, place)
        case Unknown() | Absent():
            return dropped
