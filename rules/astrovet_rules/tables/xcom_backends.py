"""XCom backends of Airflow's providers.

Sources: apache-airflow-providers-common-io 1.11.0 and apache-airflow-core 3.3.2; for the schemes `get_provider_info`
of the providers amazon 9.39.0, google 22.8.0 and microsoft-azure 15.2.1. Read November 2026.
"""

OBJECT_STORAGE_BACKEND = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"

METADATA_BACKEND_CLASS = "BaseXCom"
"""The class, under whatever module, that keeps XComs in the metadata database."""

SCHEMES = frozenset({"s3", "s3a", "s3n", "gs", "gcs", "abfs", "abfss", "adl"})
"""Schemes of object stores that a provider registers; the shape is `scheme://[conn_id@]bucket/prefix`. None has
`wasb`, with which only Airflow's own upload of task logs goes to Azure."""
