"""An installation of Astro Private Cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.secret import Secret
from astrovet.model.subject import AstroPart
from astrovet.place import Place
from astrovet.value import Known, Value


def default_place(place: Place, defaults: str) -> Place:
    """The place where something would be set that is not, with whose default holds there."""
    return replace(place, pointer=f"{place.pointer} ({defaults})")


class IngressSettings(Struct, frozen=True):
    """How the platform is reached."""

    tls_secret: Value[str]
    """The Secret with the certificate of every address."""
    has_objects: Value[bool]
    """The chart makes Ingress objects at all."""
    has_controller: Value[bool]
    """The chart brings its own controller."""
    has_login_check: Value[bool]
    """A sidecar asks for a login where another controller stands in front."""
    service_type: Value[str]
    is_private: Value[bool]
    """The load balancer has an address of the internal network only, by flag or by annotation."""
    source_ranges: Value[tuple[Value[str], ...]]
    takes_snippets: Value[bool]
    """Who may write an Ingress may write configuration of the controller."""
    public_content: Value[bool]
    """Browsers may load from public networks that deliver content (`cspPolicy`)."""


class Call(Struct, frozen=True):
    """Something that the platform may ask of another host."""

    key: str
    """The key that switches it."""
    what: str
    is_on: Value[bool]
    address: Value[str] | None
    """None: it is no setting, and on the Internet."""


class ImageSource(Struct, frozen=True):
    """Where images come from."""

    key: str
    address: Value[str]
    is_own: bool
    """The private registry does not rewrite it."""


class Images(Struct, frozen=True):
    """Where the platform gets its images and charts."""

    is_rewritten: Value[bool]
    """A private registry stands in for the public ones."""
    registry: Value[str]
    sources: tuple[ImageSource, ...]
    chart_is_inside: Value[bool]
    """Commander takes Airflow's chart out of its own image."""
    chart_repository: Value[str]
    has_release_list: Value[bool]
    """A list of Runtime releases is given, so that nobody has to ask for it."""
    calls: tuple[Call, ...]


class Provider(Struct, frozen=True):
    """An identity provider of the customer's."""

    name: str
    enabled: Value[bool]
    client: Value[str]
    discovery: Value[str]


class Login(Struct, frozen=True):
    """Who may log in."""

    local: Value[bool]
    google: Value[bool]
    google_client: Value[str]
    github: Value[bool]
    system_domains: Value[tuple[Value[str], ...]]
    """The domains of addresses that may have roles of the whole system."""
    ldap: Value[bool]
    providers: tuple[Provider, ...]
    public_signups: Value[bool]
    email_confirmation: Value[bool]


class Switch(Struct, frozen=True):
    """A switch that is meant for development."""

    key: str
    what: str
    is_on: Value[bool]


class Sink(Struct, frozen=True):
    """Where the audit log is sent."""

    name: str
    is_on: Value[bool]
    lacks: tuple[str, ...]
    """The keys that the chart asks for and that hold nothing."""


class Audit(Struct, frozen=True):
    """What becomes of the records of who did what, and of the logs of tasks."""

    is_shipped: Value[bool]
    """Absent in charts that have no such thing (before 2.0)."""
    sinks: tuple[Sink, ...]
    is_cleaned: Value[bool]
    days: Value[int]
    log_days: Value[int]
    logs_elsewhere: Value[bool]


class Database(Struct, frozen=True):
    """The databases of the platform and of its Deployments."""

    is_bundled: Value[bool]
    is_encrypted: Value[bool]
    mode: Value[str]
    takes_anybody: Value[bool]
    """The network policy of the bundled one lets in who is outside."""


class ShippedPassword(Struct, frozen=True):
    """A password that the chart comes with."""

    key: str
    password: Value[str]
    shipped: str
    is_used: Value[bool]


class Registry(Struct, frozen=True):
    """The registry with the images of Deployments."""

    is_open: Value[bool]
    """It takes and gives images without a login."""
    s3: Value[bool]
    gcs: Value[bool]
    azure: Value[bool]
    s3_encrypts: Value[bool]


class Bus(Struct, frozen=True):
    """The message bus, NATS JetStream."""

    enabled: Value[bool]
    tls: Value[bool]
    has_login: Value[bool]
    has_encryption: Value[bool]
    mesh: Value[bool]


class Platform(AstroPart, frozen=True):
    """Astro Private Cloud, or one of its planes, as its Helm values and the defaults of its chart describe it.

    Which generation of the chart the values are for, only the reader knows. Its name is the domain that all its
    addresses end in; Absent in a file that leaves it to another layer.
    """

    kind: ClassVar[str] = "platform"
    order: ClassVar[int] = 14
    listing: ClassVar[int] = 3

    complete: bool
    """The values are all that Helm is given. Of a part of them what is missing is Unknown, not the default."""
    chart: Value[str]
    """The chart that the values are for, `2.1.0` or `2.x`; Unknown where nothing tells."""
    defaults: str
    """For people: what holds where nothing is set, "the default of chart 2.1"."""
    plane: Value[str]
    """`control`, `data` or `unified`, as it always is in charts of 0.3x."""
    domain_prefix: Value[str]
    plane_token: Value[str]
    """The Secret with the token that planes share."""
    ingress: IngressSettings
    images: Images
    login: Login
    switches: tuple[Switch, ...]
    audit: Audit
    database: Database
    passwords: tuple[ShippedPassword, ...]
    registry: Registry
    bus: Bus
    network_policies: Value[bool]
    denies_by_default: Value[bool]
    verifies_certificates: Value[bool]
    federation_is_closed: Value[bool]
    cluster_roles: Value[bool]
    pools: Value[bool]
    pool_names: Value[tuple[Value[str], ...]]
    fails_over: Value[bool]
    failover_secrets: Value[str]
    has_standby: Value[bool]
    """Several control planes (`controlPlaneHA`)."""
    standby_domain: Value[str]
    outside_registry: Value[bool]
    """A registry outside of the planes keeps the images of Deployments (`updateRegistry`)."""
    secrets: tuple[Secret, ...]

    @property
    def model(self) -> Value[DeploymentModel]:
        return Known(DeploymentModel.PRIVATE_CLOUD, self.place)

    @property
    def is_data_plane(self) -> bool:
        """It surely has no part that people log in to."""
        return isinstance(self.plane, Known) and self.plane.value == "data"

    @property
    def is_control_plane(self) -> bool:
        """It surely runs no Deployments, and has no registry with their images."""
        return isinstance(self.plane, Known) and self.plane.value == "control"

    def origin(self, value: Known[Any]) -> str:
        """What to say of a value that nobody set: whose default it is. Empty for one that is set."""
        is_default = value.place.pointer.endswith(f"({self.defaults})")
        return f", {self.defaults}" if is_default else ""

    def hidden(self) -> Iterator[Value[str]]:
        yield from (secret.value for secret in self.secrets)
