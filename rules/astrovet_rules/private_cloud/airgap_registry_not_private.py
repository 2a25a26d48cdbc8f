"""Behind an air gap, all images of the platform must come from a private registry.

## Why

Behind an air gap no node reaches a public registry. Images that come from one are missing on the first day that a node
is new, and where they do arrive, the gap has a hole.

## Fix

Name your registry, and copy the images there.

Before:

    global:
      privateRegistry:
        enabled: false

After:

    global:
      privateRegistry:
        enabled: true
        repository: registry.acme.example/astronomer
        secretName: registry-pull

## Not reported

Hosts below or beside the platform's own domain, in the cluster, of private ranges and of private top domains. Of a host
whose name does not tell it stays undecided. Images that the private registry does not rewrite are APC009's.
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
from astrovet_rules.private_cloud.air_gap import doubt, is_outside
from astrovet_rules.tables.public_hosts import image_host

REMEDY = "set global.privateRegistry.enabled to true and its repository to your registry"


@rule(
    "APC008",
    "airgap-registry-not-private",
    on=Platform,
    severity=Severity.CRITICAL,
    raised={"air-gapped": Severity.CRITICAL},
    sources=("S003-31", "S003-39", "DOC24"),
    controls=("DORA Art. 28",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    images = platform.images
    is_gapped = Requirement.AIR_GAPPED in context.requires
    match images.is_rewritten, images.registry:
        case Known(True), Absent() as missing:
            message = "a private registry is switched on and not named: the names of all images are broken"
            severity = Severity.CRITICAL if is_gapped else Severity.HIGH
            yield fail(missing, message, remedy=REMEDY, severity=severity, about="registry")
        case Known(True), Known(registry, place) if is_gapped:
            host = image_host(registry)
            outside = is_outside(host, platform)
            if outside:
                yield fail(place, f"the private registry is {host}, in the Internet", remedy=REMEDY, about="registry")
            elif outside is None:
                yield undecided(Unknown(doubt(host), place, how="say where it is"), "registry")
        case (Unknown() as unknown, _) | (Known(True), Unknown() as unknown) if is_gapped:
            yield undecided(unknown, "registry")
        case Known(False, place) as off, _ if is_gapped:
            message = f"images come from public registries{platform.origin(off)}"
            yield fail(place, message, remedy=REMEDY, about="registry")
        case Known() | Unknown() | Absent(), Known() | Unknown() | Absent():
            if not is_gapped:
                yield not_applicable("no air gap is declared")
    for source in images.sources if is_gapped else ():
        match source.address:
            case Known(address, place) if not source.is_own:
                host = image_host(address)
                outside = is_outside(host, platform)
                if outside:
                    message, remedy = f"`{source.key}` is in the Internet, at {host}", "name your registry there"
                    yield fail(place, message, remedy=remedy, severity=Severity.HIGH, about=source.key)
                elif outside is None:
                    yield undecided(Unknown(doubt(host), place, how="say where it is"), source.key)
            case Unknown() as unknown if not source.is_own:
                yield undecided(unknown, source.key)
            case Known() | Unknown() | Absent():
                pass
