"""Where an agent's task logs are, and what decides where they go.

Sources: the pages on the logging sidecar and on logging of Remote Execution, the vendor's values template
for chart 1.0.2 (`T1`), apache-airflow-core 3.3.2. Read November 2026.
"""

from astrovet import ComponentKind, airflow

TASK_LOGS = "/usr/local/airflow/logs"
"""The folder that task logs are written to."""

WRITERS = (ComponentKind.WORKER, ComponentKind.TRIGGERER)
"""The components that write task logs."""

ASTRO_LOGGING_CLASS = "astronomer.runtime.logging.logging_config"
ASTRO_ENVIRONMENT = "cloud"
"""With both, task logs go to the bucket from which Astro's API server reads them."""

UPLOADED = ("s3://", "cloudwatch://", "gs://", "wasb", "stackdriver://", "oss://", "hdfs://")
"""How the folders begin to which Airflow uploads task logs (`airflow_local_settings.py`)."""

SEARCH_HOSTS = (airflow.ELASTICSEARCH_HOST, airflow.OPENSEARCH_HOST)
"""Without such a folder task logs go there; without either Airflow raises an error."""

SEPARATORS = r"[\s,]+"
"""Between the pairs `logger=LEVEL` of the levels of single loggers."""

DEBUG = "debug"
"""The level, in any case, at which Airflow and its libraries log what they work on."""

READING = (airflow.LOGGING_OPTIONS, airflow.ASTRO_LOGGING, airflow.ENVIRONMENT)
"""How the variables begin with which Astro is told to read task logs; none of them is a credential."""
