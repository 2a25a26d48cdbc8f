"""Where an agent's task logs are, and what decides where they go.

Sources: the pages on the logging sidecar and on logging of Remote Execution, the vendor's values template
for chart 1.0.2 (domain facts, sections a.4 and e), apache-airflow-core 3.3.2. Read November 2026.
"""

from astrovet import ComponentKind

TASK_LOGS = "/usr/local/airflow/logs"
"""The folder that task logs are written to."""

WRITERS = (ComponentKind.WORKER, ComponentKind.TRIGGERER)
"""The components that write task logs."""

REMOTE_LOGGING = "AIRFLOW__LOGGING__REMOTE_LOGGING"
REMOTE_FOLDER = "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"
"""Where Airflow's own upload puts them: `scheme://bucket/prefix`."""
CONFIG_CLASS = "AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS"
ASTRO_CONFIG_CLASS = "astronomer.runtime.logging.logging_config"
ENVIRONMENT = "ASTRONOMER_ENVIRONMENT"
ASTRO_ENVIRONMENT = "cloud"
"""With both, task logs go to the bucket from which Astro's API server reads them."""

LEVEL = "AIRFLOW__LOGGING__LOGGING_LEVEL"
NAMESPACE_LEVELS = "AIRFLOW__LOGGING__NAMESPACE_LEVELS"
SEPARATORS = r"[\s,]+"
"""Between the pairs `logger=LEVEL` of the latter."""

DEBUG = "debug"
"""The level, in any case, at which Airflow and its libraries log what they work on."""

READING = ("AIRFLOW__LOGGING__", "ASTRO_LOGGING_", ENVIRONMENT)
"""How the variables begin with which Astro is told to read task logs; none of them is a credential."""
