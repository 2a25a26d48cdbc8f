"""Behind an air gap, the images of Airflow must be named one by one.

## Why

`privateRegistry` rewrites the images of the platform. Those that Deployments run go to Houston as they stand: the
Runtime, its helpers and the relay of Git still come from a public registry. Behind the gap, Deployments do not start.

## Fix

Name each of them.

    global:
      airflow:
        images:
          statsd:
            repository: registry.acme.example/astronomer/ap-statsd-exporter

## Not reported

The images `xcom` and `certgenerator`, which do follow the private registry; a control plane on its own, which runs no
Deployments but hands the names on, is judged too.
"""

from astrovet import Absent, Context, ImageSource, Known, Platform, Severity, Unknown, Verdicts, fail, rule, undecided
from astrovet_rules.private_cloud.air_gap import doubt, is_outside
from astrovet_rules.private_cloud.parts import seen
from astrovet_rules.tables.public_hosts import image_host


@rule(
    "APC009",
    "airgap-airflow-images-public",
    on=Platform,
    severity=Severity.HIGH,
    when=("air-gapped",),
    sources=("S003-31", "DOC24", "CH"),
    controls=("DORA Art. 28",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform))


def _judged(platform: Platform) -> Verdicts:
    public: list[ImageSource] = []
    for source in platform.images.sources:
        match source.address:
            case Absent() if source.is_own:
                public.append(source)
            case Known(address, place) if source.is_own:
                host = image_host(address)
                outside = is_outside(host, platform)
                if outside:
                    public.append(source)
                elif outside is None:
                    yield undecided(Unknown(doubt(host), place, how="say where it is"), source.key)
            case Unknown() as unknown if source.is_own and platform.complete:
                yield undecided(unknown, source.key)
            case Known() | Unknown() | Absent():
                pass
    if public:
        keys = ", ".join(source.key for source in public)
        message = f"{len(public)} images that the private registry does not rewrite come from a public one: {keys}"
        yield fail(public[0].address.place, message, remedy="name your registry in each of these keys")
    elif not platform.complete:
        why = "not all images are named here, and this is only a part of the values that Helm is given"
        if any(isinstance(source.address, Unknown) for source in platform.images.sources if source.is_own):
            yield undecided(Unknown(why, platform.place, how="scan all layers together"))
