"""What the chart of Astro Private Cloud makes of its keys, in its three generations: 0.3x, 1.x and 2.x.

A table of the keys that the model has, with their defaults in the charts 0.37.7, 1.2.0 and 2.1.0 (values.yaml of the
chart and of its parts; Houston's from the template of its configuration; read November 2026). How an older key is
called says `platform_keys.RENAMED`.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

Default: TypeAlias = str | bool | int | None
"""None: the generation has no such key, or nothing in it."""

CHARTS = ("0.37", "1.2", "2.1")
"""The charts that the defaults are of; the index is the generation."""

PUBLIC_REPOSITORY = "https://helm.astronomer.io"
UPDATES = "https://updates.astronomer.io/astronomer"
IMAGES = "quay.io/astronomer"


class Defaults(Struct, frozen=True):
    """What holds where a key is not set, in each generation."""

    of: tuple[Default, Default, Default]
    is_likely: bool = False
    """Houston's own default, of which only that of 0.35 is public (DOC24)."""

    def possible(self, generation: int | None) -> set[Default]:
        """What may hold in a generation; where it is not known, in any that has the key, if only 0.3x has not."""
        if generation is not None:
            return {self.of[generation]}
        return set(self.of if self.of[1] is None else self.of[1:] if self.of[0] is None else self.of)


def _all(default: Default, *, is_likely: bool = False) -> Defaults:
    return Defaults((default, default, default), is_likely)


def _since_1(default: Default) -> Defaults:
    return Defaults((None, default, default))


def _since_2(default: Default) -> Defaults:
    return Defaults((None, None, default))


DEFAULTS = {
    "global.tlsSecret": _all("astronomer-tls"),
    "global.ssl.enabled": _all(False),
    "global.ssl.mode": _all("prefer"),
    "global.postgresql.enabled": _all(False),
    "global.nats.jetStream.enabled": Defaults((False, True, True)),
    "global.nats.jetStream.tls": _all(False),
    "nats.auth.enabled": _all(False),
    "global.istio.enabled": _all(False),
    "global.plane.mode": _all("unified"),
    "global.nginx.enabled": _all(True),
    "global.ingress.enabled": _all(True),
    "global.authSidecar.enabled": _all(False),
    "global.networkPolicy.enabled": _all(True),
    "global.defaultDenyNetworkPolicy": _all(True),
    "postgresql.networkPolicy.allowExternal": _all(False),
    "postgresql.postgresqlPassword": _all("postgres"),
    "postgresql.replication.enabled": _all(False),
    "postgresql.replication.password": _all("repl_password"),
    "global.pgbouncer.enabled": _all(False),
    "global.pgbouncer.password": _all("postgres"),
    "nginx.serviceType": _all("LoadBalancer"),
    "nginx.privateLoadBalancer": _all(False),
    "nginx.allowSnippetAnnotations": _all(True),
    "nginx.cspPolicy.enabled": _all(True),
    "astronomer.registry.enableInsecureAuth": _all(False),
    "astronomer.registry.s3.enabled": _all(False),
    "astronomer.registry.s3.encrypt": _all(False),
    "astronomer.registry.gcs.enabled": _all(False),
    "astronomer.registry.azure.enabled": _all(False),
    "global.privateRegistry.enabled": _all(False),
    "global.helmRepo": _all(PUBLIC_REPOSITORY),
    "global.acme": _all(False),
    "astronomer.commander.airGapped.enabled": _all(False),
    "astronomer.houston.updateRuntimeCheck.enabled": _all(True),
    "astronomer.houston.updateRuntimeCheck.url": _all(f"{UPDATES}-runtime"),
    "astronomer.houston.updateCheck.enabled": _all(False),
    "astronomer.houston.updateCheck.url": _all(f"{UPDATES}-platform"),
    "astronomer.houston.logging.loggingSidecar.enabled": _since_2(False),
    "astronomer.houston.logging.loggingSidecar.cloudwatch.enabled": _since_2(False),
    "astronomer.houston.logging.loggingSidecar.gcpCloudLogging.enabled": _since_2(False),
    "astronomer.houston.logging.loggingSidecar.elasticsearch.enabled": _since_2(False),
    "astronomer.houston.cleanupClusterAudits.enabled": _since_1(True),
    "astronomer.houston.cleanupClusterAudits.olderThan": _since_1(90),
    "elasticsearch.curator.age.unit_count": _all(10),
    "global.customLogging.enabled": _all(False),
    "global.dataPlaneFailover.enabled": _since_2(False),
    "global.controlPlaneHA.enabled": _since_2(False),
    "prometheus.federation.auth.enabled": _since_1(True),
    "global.clusterRoles": _all(True),
    "global.namespaceManagement.namespacePools.enabled": _all(False),
    "H:auth.local.enabled": _all(False),
    "H:auth.openidConnect.google.enabled": _all(True),
    "H:auth.github.enabled": _all(True),
    "H:publicSignups.enabled": _all(False, is_likely=True),
    "H:emailConfirmation.enabled": _all(True, is_likely=True),
    "H:sslVerification.enabled": _all(True, is_likely=True),
    "H:auth.openidConnect.insecureIDPTokenLog.enabled": _all(False, is_likely=True),
    "H:deployments.logHelmValues.enabled": _all(False, is_likely=True),
    "H:deployments.mockWebhook.enabled": _all(False, is_likely=True),
    "H:webserver.graphqlPlayground.enabled": _all(False, is_likely=True),
    "H:jwt.testJWT.enabled": _all(False, is_likely=True),
    "H:logUsername.enabled": _all(False, is_likely=True),
    "H:apollo.schema.reporting": _all(False, is_likely=True),
}
"""By the key of 2.x; `H:` stands for Houston's configuration. A key that is not listed has no default."""

OLDER_NAMES = {"nginx.cspPolicy.enabled": "nginx.cspPolicy.cdnEnabled"}
"""Keys of 0.3x and 1.x that are no flags of `RENAMED`."""

IMAGES_APART = (
    *(f"global.airflow.images.{image}.repository" for image in ("statsd", "redis", "pgbouncer", "pgbouncerExporter")),
    "global.airflow.images.gitSync.repository",
    *(f"global.gitSyncRelay.images.{image}.repository" for image in ("gitDaemon", "gitSync")),
)
"""Images of which the chart hands the address to Houston as it stands: `privateRegistry` does not rewrite them."""

RUNTIME_IMAGES = tuple(
    f"H:deployments.helm.{key}" for key in ("runtimeImages.airflow.repository", "airflow.defaultRuntimeRepository")
)
"""Where Deployments get the Runtime from; the defaults are public (DOC24, install-airgapped, step 3)."""
