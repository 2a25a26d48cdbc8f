"""Keys of Astro Private Cloud's older chart layouts in values of a newer one.

There are three layouts: 0.3x, 1.x and 2.x. Which one a file is for is told by keys that only came with a
version; where no key tells, nothing is said. The chart has no check of its own: an old key in a newer layout
has no effect, and nobody is told. The names are those of the chart itself, 0.28 to 2.1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from astrovet.document import Note, Problem, ProblemKind
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at

HOUSTON = ("astronomer", "houston", "config")


def path_of(dotted: str) -> tuple[str, ...]:
    """`H:` stands for Houston's configuration."""
    return (*HOUSTON, *dotted[2:].split(".")) if dotted.startswith("H:") else tuple(dotted.split("."))


SIGNS_OF_2 = tuple(
    map(
        path_of,
        (
            *("global.rbac.enabled", "global.namespaceManagement", "global.deployMechanisms"),
            *("global.postgresql.enabled", "global.deploymentLifecycle", "global.metricsReporting"),
            "astronomer.houston.logging.loggingSidecar",
            *("global.controlPlaneHA", "global.customRBAC", "global.ingress", "global.sharedElasticsearch"),
        ),
    )
)
SIGN_OF_1 = path_of("global.plane")
"""Came with 1.0 and stayed."""
SIGNS_OF_0 = tuple(
    map(path_of, ("global.singleNamespace", "global.veleroEnabled", "stan", "tags.stan", "kibana", "fluentd"))
)
"""Without `global.plane`, the layout of 0.3x."""


class Renamed(Struct, frozen=True):
    """A flag of 0.3x and 1.x that has another name in 2.x."""

    old: str
    new: str
    is_grave: bool = False
    """It is a control, or it lets somebody in."""
    is_inverted: bool = False
    was_flag: bool = False
    """The old form is true or false at the key that holds a map in 2.x."""


RENAMED = (
    Renamed("global.rbacEnabled", "global.rbac.enabled", is_grave=True),
    Renamed("global.sccEnabled", "global.scc.enabled", is_grave=True),
    Renamed("global.networkNSLabels", "global.networkNSLabels.enabled", is_grave=True, was_flag=True),
    Renamed("global.features.namespacePools", "global.namespaceManagement.namespacePools", is_grave=True),
    Renamed("global.manualNamespaceNamesEnabled", "global.namespaceManagement.manualNamespaceNames.enabled"),
    Renamed(
        "global.namespaceFreeFormEntry", "global.namespaceManagement.namespaceFreeFormEntry.enabled", is_grave=True
    ),
    Renamed(
        "global.disableManageClusterScopedResources",
        "global.manageClusterScopedResources.enabled",
        is_grave=True,
        is_inverted=True,
    ),
    Renamed("global.loggingSidecar", "global.logging.loggingSidecar"),
    Renamed("global.dagOnlyDeployment", "global.deployMechanisms.dagOnlyDeployment"),
    Renamed("global.fluentdEnabled", "global.daemonsetLogging.enabled"),
    Renamed("global.vectorEnabled", "global.daemonsetLogging.enabled"),
    Renamed("global.nginxEnabled", "global.nginx.enabled"),
    Renamed("global.enablePerHostIngress", "global.perHostIngress.enabled"),
    Renamed("global.postgresqlEnabled", "global.postgresql.enabled"),
    Renamed("H:disableSSLVerify", "H:sslVerification.enabled", is_grave=True, is_inverted=True),
    Renamed("H:nats.tlsEnabled", "H:nats.tls.enabled", is_grave=True),
    Renamed("H:publicSignups", "H:publicSignups.enabled", is_grave=True, was_flag=True),
    Renamed("H:emailConfirmation", "H:emailConfirmation.enabled", is_grave=True, was_flag=True),
    Renamed(
        "H:auth.openidConnect.insecureIDPTokenLog",
        "H:auth.openidConnect.insecureIDPTokenLog.enabled",
        is_grave=True,
        was_flag=True,
    ),
    Renamed("H:auth.openidConnect.idpGroupsImportEnabled", "H:auth.openidConnect.idpGroupsImport.enabled"),
    Renamed("H:auth.openidConnect.idpGroupsRefreshEnabled", "H:auth.openidConnect.idpGroupsRefresh.enabled"),
    Renamed("H:shouldLogUsername", "H:logUsername.enabled", is_grave=True),
    Renamed("H:subdomainHttpsEnabled", "H:subdomainHttps.enabled", is_grave=True),
    Renamed("H:webserver.graphqlPlaygroundEnabled", "H:webserver.graphqlPlayground.enabled", is_grave=True),
    Renamed("H:apollo.auditMiddlewareEnabled", "H:apollo.auditMiddleware.enabled", is_grave=True),
    Renamed("H:deployments.logHelmValues", "H:deployments.logHelmValues.enabled", is_grave=True, was_flag=True),
)


class Removed(Struct, frozen=True):
    """A key that is gone from some version on."""

    old: str
    since: int
    """The first major version without it; 0 where all that are known lack it."""
    what: str


RELEASES = {0: "0.28", 1: "1.0", 2: "2.0"}
REMOVED = (
    Removed("global.singleNamespace", 1, "it has no effect"),
    Removed("global.veleroEnabled", 1, "it has no effect"),
    Removed("stan", 1, "the message bus is NATS JetStream (`nats`)"),
    Removed("tags.stan", 1, "the message bus is NATS JetStream (`nats`)"),
    Removed("kibana", 1, "it has no effect"),
    Removed("H:deployments.hardDeleteDeployment", 2, "a deleted deployment is always deleted for good"),
    Removed("H:deployments.sysAdminScalabilityImprovementsEnabled", 0, "an upgrade fails while it is there"),
)


def faults(root: Value[Tree], version: str = "") -> tuple[Problem, ...]:
    """The keys of an older layout than the one that the values are for, by the chart's version or by the keys."""
    first = re.search(r"\d+", version)
    layout = int(first[0][:3]) if first is not None and int(first[0][:3]) in RELEASES else layout_of(root)
    return (*_renamed(root, layout), *_removed(root, layout))


def layout_of(root: Value[Tree]) -> int | None:
    """The oldest major version that the values can be for; None where no key tells."""
    if any(_place(root, sign) is not None for sign in SIGNS_OF_2):
        return 2
    if _place(root, SIGN_OF_1) is not None:
        return 1
    return 0 if any(_place(root, sign) is not None for sign in SIGNS_OF_0) else None


def _renamed(root: Value[Tree], layout: int | None) -> Iterator[Problem]:
    for flag in RENAMED:
        old, new = path_of(flag.old), path_of(flag.new)
        place, instead = _place(root, old, flag.was_flag), _place(root, new)
        if place is None or (layout != 2 and instead is None):
            continue
        turned = ", turned round" if flag.is_inverted else ""
        form = "is true or false, as in charts before 2.0" if flag.was_flag else "is a flag of charts before 2.0"
        named = f"`{'.'.join(old)}` {form}"
        if instead is not None:
            message = f"{named}: the new `{'.'.join(new)}` is set too, and it counts"
            remedy = "take the old flag out"
        else:
            message = f"{named}, and other keys are those of 2.x: it has no effect"
            remedy = f"write `{'.'.join(new)}`{turned} instead"
        related = (Note("the new key", instead),) if instead is not None else ()
        yield Problem(ProblemKind.OBSOLETE_KEY, message, remedy, place, related, flag.is_grave)


def _removed(root: Value[Tree], layout: int | None) -> Iterator[Problem]:
    for key in REMOVED:
        path = path_of(key.old)
        place = _place(root, path)
        if place is not None and layout is not None and layout >= key.since:
            message = f"`{'.'.join(path)}` is gone since {RELEASES[key.since]}: {key.what}"
            yield Problem(ProblemKind.OBSOLETE_KEY, message, "take it out", place)


def _place(root: Value[Tree], path: tuple[str, ...], was_flag: bool = False) -> Place | None:
    """Where the key stands, if it does; an old flag only where it is true, false or not known."""
    match at(root, *path[:-1]):
        case Known(Map(entries)) if path[-1] in entries:
            entry = entries[path[-1]]
        case Known() | Unknown() | Absent():
            return None
    match entry.value:
        case Known(bool()) | Unknown():
            return entry.key_place
        case Known():
            return None if was_flag else entry.key_place
        case Absent():
            return None  # null takes the key away
