"""The sidecar of the audit log needs exactly one sink, and all that the sink asks for.

## Why

The chart refuses to be installed with no sink or with two of them, and with a sink that lacks its address. An upgrade
stops there, and whoever takes the sidecar out to get on has an audit log that goes nowhere.

## Fix

Switch one sink on, and say where it is.

    astronomer:
      houston:
        logging:
          loggingSidecar:
            enabled: true
            elasticsearch:
              enabled: true
              endpoint: https://logs.acme.example:9200

## Not reported

A sidecar that is off (APC005); a sink without TLS, which NET009 judges by its address.
"""

from astrovet import Context, Known, Platform, Severity, Verdicts, fail, first_unknown, not_applicable, rule, undecided


@rule(
    "APC006",
    "audit-shipping-broken",
    on=Platform,
    severity=Severity.HIGH,
    sources=("CH", "WEB"),
    controls=("45 CFR 164.312(b)", "SOC 2 CC7.2"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    audit = platform.audit
    is_on = audit.is_shipped
    if not (isinstance(is_on, Known) and is_on.value):
        yield not_applicable("the sidecar is off")
        return
    unknown = first_unknown(sink.is_on for sink in audit.sinks)
    chosen = [sink for sink in audit.sinks if isinstance(sink.is_on, Known) and sink.is_on.value]
    if len(chosen) > 1:
        names = " and ".join(sink.name for sink in chosen)
        yield fail(chosen[1].is_on.place, f"two sinks are on, {names}: the chart takes one", remedy="switch one off")
    elif not chosen and unknown is not None:
        yield undecided(unknown)
    elif not chosen:
        message = "no sink is on: the chart cannot be installed"
        yield fail(is_on.place, message, remedy="switch one of cloudwatch, gcpCloudLogging and elasticsearch on")
    for sink in chosen:
        if sink.lacks:
            message = f"the sink {sink.name} lacks {', '.join(sink.lacks)}: the chart cannot be installed"
            yield fail(sink.is_on.place, message, remedy=f"set {', '.join(sink.lacks)}", about=sink.name)
