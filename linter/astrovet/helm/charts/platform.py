"""The chart of Astro Private Cloud."""

from __future__ import annotations

from astrovet.helm.charts.chart import Form, Signal

PLATFORM_CHART = "astronomer"
"""What the chart is called; `astronomer/astronomer` in the public repository."""

SIGNALS = (
    Signal(("astronomer.houston.config",), 6, strong=True, form=Form.MAP),
    Signal(("global.plane.mode",), 5, strong=True, form=Form.PLANE),
    Signal(("astronomer.houston", "astronomer.commander"), 5, strong=True, form=Form.MAP),
    Signal(
        tuple(f"astronomer.registry.{child}" for child in ("s3", "gcs", "azure", "auth", "enableInsecureAuth")),
        5,
        strong=True,
    ),
    Signal(
        tuple(
            f"astronomer.{part}" for part in ("astroUI", "dpLink", "navigator", "pilot", "configSyncer", "flightDeck")
        ),
        5,
        strong=True,
    ),
    Signal(("global.baseDomain",), 3, strong=True, along=("global.tlsSecret", "nginx")),
    Signal(("global.tlsSecret",), 1, along=("global.baseDomain",)),
    Signal(("tags.platform", "tags.stan"), 2, form=Form.BOOLEAN),
    Signal(("external-es-proxy",), 1),
    Signal(("kube-state",), 1),
    Signal(("fluentd",), 1, along=("kibana",)),
    Signal(("nats",), 1, along=("stan",)),
    Signal(("airflow-operator",), 1),
)
ACCEPTED = 5

GLOBALS = tuple(
    Signal((f"global.{key}",), 2)
    for key in (
        *("privateCaCerts", "privateCaCertsAddToHost", "authSidecar", "customLogging", "platformNodePool"),
        *("networkNSLabels", "loggingSidecar", "dagOnlyDeployment", "namespacePools", "features.namespacePools"),
        *("helmRepo", "controlPlaneHA", "dataPlaneFailover", "sccEnabled"),
    )
)
"""Each of these counts 2, all of them together no more than `GLOBALS_MOST`. Words that other charts use for the same,
as `privateRegistry` and `azure`, tell nothing."""
GLOBALS_MOST = 6

MARKS = ((b"astronomer",), (b"baseDomain",), (b"plane", b"global"))
"""Every strong signal stands under one of these."""
