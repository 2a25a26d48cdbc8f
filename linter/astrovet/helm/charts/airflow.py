"""Airflow's own chart, and Astronomer's around it: their values are left alone."""

from __future__ import annotations

from astrovet.helm.charts.chart import Form, Signal

SIGNALS = (
    Signal(("executor",), 1),
    Signal(("webserver", "apiServer"), 1, form=Form.MAP),
    Signal(("scheduler",), 1, form=Form.MAP),
    Signal(("data.metadataConnection",), 1),
    Signal(("fernetKey",), 1),
    Signal(("defaultAirflowRepository",), 1),
    Signal(("createUserJob",), 1),
    Signal(("dagProcessor.dagBundleConfigList",), 1, form=Form.LIST),
)
ACCEPTED = 2
"""Two of these are enough to leave a file alone."""

DEPLOYMENT = Signal(("authSidecar", "dagDeploy", "gitSyncRelay"), 1)
"""A chart that has this, and the values above below `airflow`, is that of one Deployment of Private Cloud."""
