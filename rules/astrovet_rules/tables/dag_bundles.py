"""DAG bundle classes of Airflow and its providers.

Source: apache-airflow-core 3.3.2, apache-airflow-providers-git 1.0.1, -amazon and -google, read November 2026.
"""

from astrovet import airflow

ITEM_KEYS = {"name": "text", "classpath": "text", "kwargs": "a map"}
"""What every item of the list must have, and of which shape."""

GIT_BUNDLE = "airflow.providers.git.bundles.git.GitDagBundle"

REQUIRED_KWARGS = {
    "airflow.dag_processing.bundles.local.LocalDagBundle": (),
    GIT_BUNDLE: ("tracking_ref",),
    "airflow.providers.amazon.aws.bundles.s3.S3DagBundle": ("bucket_name",),
    "airflow.providers.google.cloud.bundles.gcs.GCSDagBundle": ("bucket_name",),
}
"""By class, what its constructor does not do without. Other classes are a customer's own."""

GIT_SOURCES = ("repo_url", "git_conn_id")
"""Where a Git bundle may learn its repository."""

GIT_DEFAULT_CONNECTION = f"{airflow.CONNECTION}GIT_DEFAULT"
"""The connection that a Git bundle without either of them falls back to (`git_default`)."""
