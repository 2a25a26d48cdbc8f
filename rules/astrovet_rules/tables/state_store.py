"""State-store backends of Airflow's providers (Table 2 of the rule catalogue).

Sources, read November 2026: apache-airflow-providers-common-io 1.11.0; Astronomer's page on the
state-store backend of Remote Execution.
"""

OBJECT_STORAGE_BACKEND = "airflow.providers.common.io.state_store.backend.StateStoreObjectStorageBackend"
"""The chart's own choice, where the values name none."""

PATH = "AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_PATH"
THRESHOLD = "AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_THRESHOLD"
"""Without it, everything goes to object storage."""
WORKERS_BACKEND = "AIRFLOW__WORKERS__STATE_STORE_BACKEND"
"""What the chart makes of `stateStoreBackend`."""

SINCE_RUNTIME = (3, 3)
"""From this Runtime on, agents use a state store."""
