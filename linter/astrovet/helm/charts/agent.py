"""The chart of the Remote Execution agent, as the template that Astronomer hands out has it."""

from __future__ import annotations

from astrovet.helm.charts.chart import Form, Signal

AGENT_CHART = "astro-remote-execution-agent"
"""The chart's name, in whatever repository it lies."""

SIGNALS = (
    Signal(("astroDeploymentAPIURL",), 5, strong=True),
    Signal(("agentToken", "agentTokenSecretName", "agentTokenFile"), 4, strong=True),
    Signal(("xcomBackend",), 3, form=Form.TEXT),
    Signal(("secretBackend",), 3, form=Form.TEXT),
    Signal(("stateStoreBackend",), 3),
    Signal(("workers.*.syncSlots",), 3),
    Signal(("triggerer.asyncSlots",), 3),
    Signal(("sentinel",), 2, form=Form.MAP),
    Signal(("resourceNamePrefix",), 2),
    Signal(("dagBundleConfigList",), 2, form=Form.TEXT),
    Signal(("imagePullSecretName", "imagePullSecretData"), 1),
    Signal(("openLineage",), 1),
    Signal(("loggingSidecar",), 1),
)
ACCEPTED = 6
FRAGMENT_ACCEPTED = 2
"""The weight of a few keys: too few to be sure, enough to speak of it."""

MARKS = tuple(
    (word,)
    for word in (
        AGENT_CHART.encode(),
        # The signals of weight 2 and more but for `sentinel`, which other charts have too.
        b"astroDeploymentAPIURL",
        b"agentToken",
        b"xcomBackend",
        b"secretBackend",
        b"stateStoreBackend",
        b"syncSlots",
        b"asyncSlots",
        b"resourceNamePrefix",
        b"dagBundleConfigList",
    )
)

# What the chart expects at its core keys. Only a map where text belongs, or the like, contradicts;
# a number where text belongs is another matter.
CORE_TEXT = (
    *("astroDeploymentAPIURL", "resourceNamePrefix", "secretBackend", "xcomBackend", "stateStoreBackend"),
    *("dagBundleConfigList", "agentToken", "agentTokenSecretName", "agentTokenFile"),
    *("image", "imagePullSecretName", "namespace"),
)
CORE_LISTS = ("commonEnv", "workers")
CORE_MAPS = ("triggerer", "dagProcessor", "sentinel", "serviceAccount", "openLineage", "loggingSidecar")
ONLY_AGENT = frozenset(CORE_TEXT) - {"image", "imagePullSecretName", "namespace"}
"""Core keys that other charts do not have: one of them must be among the contradictions."""
CONTRADICTIONS = 3
"""So many core keys with the types of something else, and the values are not for this chart."""
