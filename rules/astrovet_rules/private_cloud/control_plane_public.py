"""The platform must not be open to the whole Internet.

## Why

The chart makes a load balancer with a public address unless somebody says otherwise. Everybody may then try the login,
the API and the registry of the platform, and every weakness in them is one of the Internet's.

## Fix

Ask for an internal load balancer, or name the ranges that may reach it.

    nginx:
      privateLoadBalancer: true
      loadBalancerSourceRanges:
        - 10.0.0.0/8

## Not reported

Load balancers that an annotation of the cloud makes internal; controllers of your own; services of the type ClusterIP.
A node port is reported where `environment: production` is declared.
"""

from ipaddress import ip_network

from astrovet import (
    PRODUCTION,
    Absent,
    Context,
    Known,
    Platform,
    Severity,
    Unknown,
    Verdicts,
    fail,
    first_unknown,
    known_values,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.tables.address_ranges import is_world

REMEDY = "set nginx.privateLoadBalancer to true, or name your own ranges in nginx.loadBalancerSourceRanges"


@rule(
    "APC020",
    "control-plane-public",
    on=Platform,
    severity=Severity.HIGH,
    raised={"no-vendor-inbound": Severity.CRITICAL, "air-gapped": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S003-11", "CH"),
    controls=("PCI DSS v4 1.3.1", "SOC 2 CC6.6"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    ingress = platform.ingress
    match ingress.has_controller, ingress.service_type:
        case Known(False), _:
            yield not_applicable("a controller of its own stands in front")
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown)
        case _, Known("NodePort", place) if context.facts.environment == PRODUCTION:
            message = "every node of the cluster offers the platform at a port"
            yield fail(
                place,
                message,
                remedy="set nginx.serviceType to LoadBalancer",
                severity=Severity.MEDIUM,
                is_raised=False,
            )
        case _, Known("LoadBalancer"):
            yield from _load_balancer(platform)
        case Known() | Absent(), Known() | Absent():
            pass


def _load_balancer(platform: Platform) -> Verdicts:
    ingress = platform.ingress
    match ingress.source_ranges:
        case Known(ranges):
            wrong = [value for value in ranges if isinstance(value, Known) and not _is_range(value.value)]
            for value in wrong:
                yield fail(
                    value.place,
                    "this is no range of addresses",
                    remedy="write it as 10.0.0.0/8",
                    severity=Severity.MEDIUM,
                    about=value.place.pointer,
                    is_raised=False,
                )
        case Unknown() | Absent():
            ranges = ()
    known = known_values(ranges)
    match ingress.is_private:
        case Known(True):
            return
        case Known() | Unknown() | Absent() as private:
            pass
    unknown = first_unknown((private, ingress.source_ranges, *ranges))
    if is_world(known) and not isinstance(private, Unknown):
        place = next(value.place for value in ranges if isinstance(value, Known))
        yield fail(place, "the ranges open the load balancer to the whole Internet", remedy=REMEDY)
    elif known and not is_world(known) and len(known) == len(ranges):
        return
    elif unknown is not None:
        yield undecided(unknown)
    else:
        service = ingress.service_type
        origin = platform.origin(service) if isinstance(service, Known) else ""
        yield fail(service.place, f"a load balancer offers the platform to the whole Internet{origin}", remedy=REMEDY)


def _is_range(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
