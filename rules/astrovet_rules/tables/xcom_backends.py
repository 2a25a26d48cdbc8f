"""XCom backends of Airflow's providers.

Source: apache-airflow-providers-common-io 1.11.0 and apache-airflow-core 3.3.2, read November 2026.
"""

OBJECT_STORAGE_BACKEND = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"

METADATA_BACKEND_CLASS = "BaseXCom"
"""The class, under whatever module, that keeps XComs in the metadata database."""

SCHEMES = frozenset({"s3", "gs", "gcs", "abfs", "abfss", "wasb", "adl"})
"""Schemes of object stores; the shape is `scheme://[conn_id@]bucket/prefix`."""
