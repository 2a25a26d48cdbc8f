"""Helm values of Astro Private Cloud, and the defaults of their chart, become a platform."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.helm.charts.platform_keys import path_of
from astrovet.helm.charts.platform_settings import IMAGES_APART, RUNTIME_IMAGES
from astrovet.helm.kustomize.trees import is_map
from astrovet.model.platform import (
    Audit,
    Bus,
    Call,
    Database,
    Images,
    ImageSource,
    IngressSettings,
    Login,
    Platform,
    Provider,
    Registry,
    ShippedPassword,
    Sink,
    Switch,
)
from astrovet.place import Place
from astrovet.readers.agent.chart_values import pointer
from astrovet.readers.kubernetes.manifests import word
from astrovet.readers.platform.effective import Effective, houston_environment, variable_of
from astrovet.readers.platform.generation import chart_of, defaults_of, generation_of
from astrovet.readers.platform.pods import pod_settings, pod_standard
from astrovet.readers.platform.secrets import secrets_of
from astrovet.readers.settings import any_of, negated
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, may_be, text

OPENID = "H:auth.openidConnect"
NOT_OWN = ("google", "auth0")
"""The providers that are the public's, or Astronomer's; under them stand settings of the customer's, too."""
NO_PROVIDERS = ("flow", "idpGroupsImport", "idpGroupsRefresh", "insecureIDPTokenLog")
REPOSITORIES = ("repository", "Repository", "registry")
"""How the keys of images end, as `defaultRuntimeRepository`."""
OF_DEPLOYMENTS = "H:deployments.helm"
"""What stands below is handed to the charts of Deployments: `privateRegistry` does not rewrite it."""
SIDECAR = "astronomer.houston.logging.loggingSidecar"
_INTERNAL = {
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
    "cloud.google.com/load-balancer-type": ("internal",),
    "networking.gke.io/load-balancer-type": ("internal",),
}
"""What makes a load balancer an internal one, in the clouds' own words, in lower case."""


def read_platform(
    identity: str,
    values: Value[Tree],
    place: Place,
    version: Value[str] | None = None,
) -> Platform:
    """The platform that values describe.

    Args:
        identity: what tells it apart: the path of its file, with the keys that the values stand below.
        values: those of the platform's chart.
        place: where a finding about the whole platform points.
        version: of the chart, where somebody says it.
    """
    said = version or Absent(place)
    generation = generation_of(said, values)
    name = word(at(values, "global", "baseDomain"))
    # The chart needs the domain: values without it are a layer of others, as are those with a layer that is not here.
    complete = not isinstance(name, Absent) and isinstance(values, Known) and _lists_all(values.value)
    of = Effective(values, generation, complete, defaults_of(generation), houston_environment(values))
    return Platform(
        id=identity,
        block=identity,
        place=place,
        name=name,
        complete=complete,
        chart=chart_of(said, generation, place),
        defaults=defaults_of(generation),
        plane=of.text("global.plane.mode"),
        domain_prefix=of.text("global.plane.domainPrefix"),
        plane_token=of.text("global.authHeaderSecretName"),
        ingress=_ingress(of, place),
        images=_images(of),
        login=_login(of),
        switches=tuple(_switches(of)),
        audit=_audit(of),
        database=Database(
            is_bundled=of.boolean("global.postgresql.enabled"),
            is_encrypted=of.boolean("global.ssl.enabled"),
            mode=of.text("global.ssl.mode"),
            takes_anybody=of.boolean("postgresql.networkPolicy.allowExternal"),
        ),
        passwords=tuple(_passwords(of, place)),
        registry=Registry(
            is_open=of.boolean("astronomer.registry.enableInsecureAuth"),
            s3=of.boolean("astronomer.registry.s3.enabled"),
            gcs=of.boolean("astronomer.registry.gcs.enabled"),
            azure=of.boolean("astronomer.registry.azure.enabled"),
            s3_encrypts=of.boolean("astronomer.registry.s3.encrypt"),
        ),
        bus=Bus(
            enabled=of.boolean("global.nats.jetStream.enabled"),
            tls=of.boolean("global.nats.jetStream.tls"),
            has_login=of.boolean("nats.auth.enabled"),
            has_encryption=any_of(
                (of.is_set(f"nats.nats.jetStream.encryption.{key}") for key in ("key", "secret")), place
            ),
            mesh=of.boolean("global.istio.enabled"),
        ),
        network_policies=of.boolean("global.networkPolicy.enabled"),
        denies_by_default=of.boolean("global.defaultDenyNetworkPolicy"),
        verifies_certificates=of.boolean("H:sslVerification.enabled"),
        federation_is_closed=of.boolean("prometheus.federation.auth.enabled"),
        cluster_roles=of.boolean("global.clusterRoles"),
        pools=of.boolean("global.namespaceManagement.namespacePools.enabled"),
        pool_names=of.texts("global.namespaceManagement.namespacePools.namespaces.names"),
        fails_over=of.boolean("global.dataPlaneFailover.enabled"),
        failover_secrets=of.text("global.dataPlaneFailover.externalSecretManagerName"),
        has_standby=of.boolean("global.controlPlaneHA.enabled"),
        standby_domain=of.text("global.controlPlaneHA.globalBaseDomain"),
        outside_registry=of.is_set("H:registry.protectedCustomRegistry.updateRegistry.host"),
        pod_settings=tuple(pod_settings(values)),
        pod_standard=pod_standard(values, complete=complete),
        secrets=tuple(secrets_of(values)),
    )


def _lists_all(values: Tree) -> bool:
    return isinstance(values, Map) and values.unlisted is None


def _ingress(of: Effective, place: Place) -> IngressSettings:
    return IngressSettings(
        tls_secret=of.text("global.tlsSecret"),
        has_objects=of.boolean("global.ingress.enabled"),
        has_controller=of.boolean("global.nginx.enabled"),
        has_login_check=of.boolean("global.authSidecar.enabled"),
        service_type=of.text("nginx.serviceType"),
        is_private=any_of((of.boolean("nginx.privateLoadBalancer"), *_internal(of)), place),
        source_ranges=of.texts("nginx.loadBalancerSourceRanges"),
        takes_snippets=of.boolean("nginx.allowSnippetAnnotations"),
        public_content=of.boolean("nginx.cspPolicy.enabled"),
    )


def _internal(of: Effective) -> Iterator[Value[bool]]:
    """Whether annotations make the load balancer an internal one."""
    match of.tree("nginx.ingressAnnotations"):
        case Known(Map(entries)):
            for key, entry in entries.items():
                wanted = _INTERNAL.get(key)
                match text(entry.value):
                    case Known(content, at_place) if wanted is not None:
                        yield Known(content.lower() in wanted, at_place)
                    case Unknown() as unknown if wanted is not None:
                        yield unknown
                    case Known() | Unknown() | Absent():
                        pass
        case Unknown() as unknown:
            yield unknown
        case Known() | Absent():
            pass


def _images(of: Effective) -> Images:
    apart = [ImageSource(pointer_of(key), of.text(key), is_own=True) for key in (*IMAGES_APART, *RUNTIME_IMAGES)]
    own = {source.key for source in apart}
    others = [source for source in _sources(of.root, "") if source.key not in own]
    list_at = "astronomer.houston.runtimeReleasesConfig"
    return Images(
        is_rewritten=of.boolean("global.privateRegistry.enabled"),
        registry=of.text("global.privateRegistry.repository"),
        sources=(*apart, *others),
        chart_is_inside=of.boolean("astronomer.commander.airGapped.enabled"),
        chart_repository=of.text("global.helmRepo"),
        has_release_list=any_of((of.is_set(f"{list_at}MapName"), of.is_set(list_at)), of.root.place),
        calls=tuple(_calls(of)),
    )


def _sources(tree: Value[Tree], path: str) -> Iterator[ImageSource]:
    """Every `repository` and `registry` that the values write, but the one that stands for others."""
    match tree:
        case Known(Map(entries)):
            for key, entry in entries.items():
                below = f"{path}.{key}" if path else key
                if below == "global.privateRegistry.repository":
                    continue
                if key.endswith(REPOSITORIES) and not is_map(entry.value):
                    yield ImageSource(
                        below, text(entry.value), is_own=below.startswith(f"{pointer_of(OF_DEPLOYMENTS)}.")
                    )
                else:
                    yield from _sources(entry.value, below)
        case Known() | Unknown() | Absent():
            pass


def _calls(of: Effective) -> Iterator[Call]:
    houston = "astronomer.houston"
    for key, what in (("updateRuntimeCheck", "new Runtimes"), ("updateCheck", "new versions of the platform")):
        yield Call(
            f"{houston}.{key}.enabled",
            f"it looks for {what}",
            of.boolean(f"{houston}.{key}.enabled"),
            of.text(f"{houston}.{key}.url"),
        )
    for key, what in (
        ("global.acme", "it asks a public authority for certificates"),
        ("H:analytics.writeKey", "it sends usage data"),
        ("H:apollo.schema.reporting", "it reports the schema of its API"),
    ):
        is_on = of.is_set(key) if key.endswith("writeKey") else of.boolean(key)
        yield Call(pointer_of(key), what, is_on, None)


def pointer_of(key: str) -> str:
    """A key as it is written in a values file."""
    return pointer(path_of(key))


def _login(of: Effective) -> Login:
    return Login(
        local=of.boolean("H:auth.local.enabled"),
        google=of.boolean(f"{OPENID}.google.enabled"),
        google_client=of.text(f"{OPENID}.google.clientId"),
        github=of.boolean("H:auth.github.enabled"),
        system_domains=of.texts("H:allowedSystemLevelDomains"),
        ldap=of.boolean("H:auth.ldap.enabled"),
        providers=tuple(_providers(of)),
        public_signups=of.boolean("H:publicSignups.enabled"),
        email_confirmation=of.boolean("H:emailConfirmation.enabled"),
    )


def _providers(of: Effective) -> Iterator[Provider]:
    """The customer's own providers: those in the configuration, and those that variables speak of."""
    names: dict[str, None] = {}
    match of.tree(OPENID):
        case Known(Map(entries)):
            names.update((name, None) for name, entry in entries.items() if _is_provider(name, entry.value))
        case Known() | Unknown() | Absent():
            pass
    start = f"{variable_of(OPENID)}__"
    for variable in of.given:
        if variable.startswith(start):
            names.setdefault(variable.removeprefix(start).partition("__")[0].lower())
    for name in names:
        if name not in NOT_OWN and name.upper() not in {variable_of(other) for other in NO_PROVIDERS}:
            yield Provider(
                name,
                of.boolean(f"{OPENID}.{name}.enabled"),
                of.text(f"{OPENID}.{name}.clientId"),
                of.text(f"{OPENID}.{name}.discoveryUrl"),
            )


def _is_provider(name: str, value: Value[Tree]) -> bool:
    if name in NO_PROVIDERS:
        return False
    return isinstance(value, Unknown) or is_map(value)


def _switches(of: Effective) -> Iterator[Switch]:
    for key, what in (
        (f"{OPENID}.insecureIDPTokenLog.enabled", "tokens of the identity provider are logged"),
        ("H:deployments.logHelmValues.enabled", "the values of Deployments are logged, secrets among them"),
        ("H:webserver.graphqlPlayground.enabled", "the API offers its playground"),
        ("H:jwt.testJWT.enabled", "tokens made for tests are taken"),
        ("H:deployments.mockWebhook.enabled", "a webhook that is made for tests is on"),
    ):
        yield Switch(pointer_of(key), what, of.boolean(key))


def _audit(of: Effective) -> Audit:
    needed = {
        "cloudwatch": (),
        "gcpCloudLogging": ("projectId", "resource.location", "resource.clusterName"),
        "elasticsearch": ("endpoint",),
    }
    return Audit(
        is_shipped=of.boolean(f"{SIDECAR}.enabled"),
        sinks=tuple(
            Sink(
                name,
                of.boolean(f"{SIDECAR}.{name}.enabled"),
                tuple(key for key in keys if not may_be(of.is_set(f"{SIDECAR}.{name}.{key}"))),
            )
            for name, keys in needed.items()
        ),
        is_cleaned=of.boolean("astronomer.houston.cleanupClusterAudits.enabled"),
        days=of.integer("astronomer.houston.cleanupClusterAudits.olderThan"),
        log_days=of.integer("elasticsearch.curator.age.unit_count"),
        logs_elsewhere=of.boolean("global.customLogging.enabled"),
    )


def _passwords(of: Effective, place: Place) -> Iterator[ShippedPassword]:
    """The passwords that the chart comes with, where the component that takes them is on.

    The one of PgBouncer goes into the connection to the bundled PostgreSQL, and nowhere else; a Secret that is named
    stands in for those of PostgreSQL (templates of the part `postgresql`, 0.37.7 and 2.1.0).
    """
    bundled = of.boolean("global.postgresql.enabled")
    pooled = _both(bundled, of.boolean("global.pgbouncer.enabled"), place)
    named = any_of((of.is_set("postgresql.existingSecret"), of.is_set("global.postgresql.existingSecret")), place)
    bundled = _both(bundled, negated(named), place)
    replicated = of.boolean("postgresql.replication.enabled")
    for key, shipped, used in (
        ("postgresql.postgresqlPassword", "postgres", bundled),
        ("postgresql.replication.password", "repl_password", _both(bundled, replicated, place)),
        ("global.pgbouncer.password", "postgres", pooled),
    ):
        own = of.text("global.postgresql.postgresqlPassword") if key == "postgresql.postgresqlPassword" else None
        yield ShippedPassword(key, own if isinstance(own, Known) else of.text(key), shipped, used)


def _both(one: Value[bool], other: Value[bool], place: Place) -> Value[bool]:
    return negated(any_of((negated(one), negated(other)), place))
