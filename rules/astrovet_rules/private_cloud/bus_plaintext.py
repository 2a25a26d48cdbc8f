"""The message bus of the platform must be encrypted where protected data is.

## Why

The services of the platform tell each other by NATS what to do with which Deployment. By default that goes over the
network of the cluster in clear text, where whoever has a foot in the cluster can read it.

## Fix

Switch TLS on.

    global:
      nats:
        jetStream:
          tls: true

## Not reported

Data planes, which have no bus; installations under neither `hipaa` nor `pci`; those inside a mesh
(`global.istio.enabled`); charts of 0.3x without JetStream.
"""

from astrovet import Context, Known, Platform, Severity, Verdicts, fail_if, not_applicable, rule, unless_unclear


@rule(
    "APC004",
    "bus-plaintext",
    on=Platform,
    severity=Severity.MEDIUM,
    when=("hipaa", "pci"),
    sources=("S000-26", "S000-37", "CH"),
    controls=("45 CFR 164.312(e)(1)", "PCI DSS v4 4.2.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    if platform.is_data_plane:
        yield not_applicable("the bus is in the control plane")
        return
    bus = platform.bus
    is_there, has_mesh = bus.enabled, bus.mesh
    if (isinstance(is_there, Known) and not is_there.value) or (isinstance(has_mesh, Known) and has_mesh.value):
        yield not_applicable("there is no bus of this kind, or a mesh encrypts it")
        return
    remedy = "set global.nats.jetStream.tls to true"
    in_clear = fail_if(bus.tls, lambda is_on: not is_on, "the message bus is not encrypted", remedy=remedy)
    yield from unless_unclear(is_there, unless_unclear(has_mesh, in_clear))
