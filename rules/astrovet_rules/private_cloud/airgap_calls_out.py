"""Behind an air gap, the platform must ask nobody outside.

## Why

By default Commander loads Airflow's chart from a public repository, and Houston asks every day for new Runtimes. Behind
an air gap Deployments cannot be made then; and where the calls do go out, the gap has a hole.

## Fix

Take the chart out of the image, switch the checks off, and give the list of Runtimes yourself.

    astronomer:
      commander:
        airGapped:
          enabled: true
      houston:
        updateRuntimeCheck:
          enabled: false
        runtimeReleasesConfigMapName: runtime-releases

## Not reported

Checks and repositories at a host of your own; of a host whose name does not tell it stays undecided.
"""

from astrovet import (
    Absent,
    Call,
    Context,
    Known,
    Outcome,
    Platform,
    Severity,
    Unknown,
    Verdicts,
    fail,
    first_unknown,
    rule,
    undecided,
)
from astrovet_rules.private_cloud.air_gap import doubt, is_outside
from astrovet_rules.private_cloud.parts import seen
from astrovet_rules.tables.urls import host_of

CHART = "astronomer.commander.airGapped.enabled"
LIST = "astronomer.houston.runtimeReleasesConfigMapName"


@rule(
    "APC010",
    "airgap-calls-out",
    on=Platform,
    severity=Severity.HIGH,
    when=("air-gapped",),
    sources=("S003-31", "CH", "DOC24"),
    controls=("DORA Art. 28",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    yield from _chart(platform)
    if not platform.is_data_plane:
        for call in platform.images.calls:
            yield from _call(call, platform)
        yield from _releases(platform)
    match platform.ingress.public_content:
        case Known(True, place) as on:
            message = f"browsers are told to load from public networks{platform.origin(on)}"
            yield fail(
                place,
                message,
                remedy="set nginx.cspPolicy.enabled to false (cdnEnabled before 2.0)",
                severity=Severity.LOW,
                about="content",
            )
        case Unknown() as unknown:
            yield undecided(unknown, "content")
        case Known() | Absent():
            pass


def _chart(platform: Platform) -> Verdicts:
    images = platform.images
    match images.chart_is_inside, images.chart_repository:
        case Known(True), _:
            pass
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown, "chart")
        case _, Known(address, place) as repository:
            outside = is_outside(host_of(address), platform)
            if outside:
                message = f"Commander loads Airflow's chart from {host_of(address)}{platform.origin(repository)}"
                yield fail(place, message, remedy=f"set {CHART} to true", about="chart")
            elif outside is None:
                yield undecided(Unknown(doubt(host_of(address)), place, how="say where it is"), "chart")
        case Known() | Absent(), Absent():
            pass


def _call(call: Call, platform: Platform) -> Verdicts:
    match call.is_on, call.address:
        case Known(True) as on, None:
            yield _fails(call, on, platform)
        case Known(True) as on, Known(address, place):
            outside = is_outside(host_of(address), platform)
            if outside:
                yield _fails(call, on, platform)
            elif outside is None:
                yield undecided(Unknown(doubt(host_of(address)), place, how="say where it is"), call.key)
        case (Unknown() as unknown, _) | (Known(True), Unknown() as unknown):
            yield undecided(unknown, call.key)
        case Known() | Absent(), Known() | Unknown() | Absent() | None:
            pass


def _fails(call: Call, on: Known[bool], platform: Platform) -> Outcome:
    message = f"{call.what}, outside{platform.origin(on)}"
    remedy = f"switch {call.key} off"
    severity = Severity.HIGH if call.address is None else Severity.MEDIUM
    return fail(on.place, message, remedy=remedy, severity=severity, about=call.key)


def _releases(platform: Platform) -> Verdicts:
    """Without a list of Runtimes and without a check, no Deployment can be made."""
    check = next(call for call in platform.images.calls if "updateRuntimeCheck" in call.key)
    unknown = first_unknown((check.is_on, platform.images.has_release_list))
    has_list = platform.images.has_release_list
    if isinstance(has_list, Known) and has_list.value:
        return
    if unknown is not None:
        yield undecided(unknown, "releases")
    elif isinstance(check.is_on, Known) and not check.is_on.value:
        message = "nobody is asked for Runtimes, and no list of them is given: there is none to choose"
        yield fail(check.is_on.place, message, remedy=f"set {LIST}", severity=Severity.MEDIUM, about="releases")
