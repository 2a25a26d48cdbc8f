"""State-store backends of Airflow's providers.

Sources, read November 2026: apache-airflow-providers-common-io 1.11.0; Astronomer's page on the
state-store backend of Remote Execution.
"""

OBJECT_STORAGE_BACKEND = "airflow.providers.common.io.state_store.backend.StateStoreObjectStorageBackend"
"""The chart's own choice, where the values name none."""

SINCE_RUNTIME = (3, 3)
"""From this Runtime on, agents use a state store."""
