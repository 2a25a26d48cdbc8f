"""The logging sidecar of an agent: where the logs of tasks go."""

from __future__ import annotations

from msgspec import Struct

from astrovet.place import Place
from astrovet.value import Absent, Known, Tree, Unknown, Value


class LogSink(Struct, frozen=True):
    """One place that the logging sidecar sends logs to (`sinks` of Vector's configuration)."""

    place: Place
    addresses: tuple[Value[str], ...]
    """As they are written, also where a part is filled in later."""
    verify_certificate: Value[bool]
    verify_hostname: Value[bool]
    minimum_tls: Value[str]
    """As Vector spells it: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3."""
    bucket: Value[str]
    """The bucket or the container that it writes objects to; Absent where it writes none."""
    folder: Value[str]
    """The beginning of the names of these objects, with the parts that Vector fills in."""


class LoggingSidecar(Struct, frozen=True):
    """The container that ships task logs."""

    place: Place
    enabled: Value[bool]
    config: Value[Tree]
    """Its configuration, parsed; Absent where there is none."""
    sinks: Value[tuple[LogSink, ...]]

    @property
    def is_off(self) -> bool:
        """It is switched off, as it also is where nothing is said."""
        return isinstance(self.enabled, Absent) or (isinstance(self.enabled, Known) and not self.enabled.value)

    def sink_addresses(self) -> tuple[Value[str], ...]:
        """Every address that it sends logs to."""
        match self.sinks:
            case Known(sinks):
                return tuple(address for sink in sinks for address in sink.addresses)
            case Unknown() as unknown:
                return (unknown,)
            case Absent():
                return ()
