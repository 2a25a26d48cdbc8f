"""The environment variables that Airflow, Remote Execution agents and OpenLineage read, once.

Airflow reads an option `key` of a section of `airflow.cfg` from `AIRFLOW__SECTION__KEY`. Its own options are
documented at https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html, those of its providers
on the providers' pages. The variables of agents are in the values template of their chart (the source `T1`) and on
Astronomer's pages on Remote Execution (`D:remote-execution-agents`). Read November 2026.
"""

OPTION = "AIRFLOW__"
"""How every option of `airflow.cfg` begins."""
CONNECTION = "AIRFLOW_CONN_"
"""Before the id of a connection, in capitals."""
VARIABLE = "AIRFLOW_VAR_"
"""Before the name of a variable of Airflow's own, in capitals."""

# --- [secrets], and [workers] for the processes that run tasks (apache-airflow-core) ----------------------------
SECRETS_BACKEND = "AIRFLOW__SECRETS__BACKEND"
"""The class that looks up connections and variables."""
SECRETS_KWARGS = "AIRFLOW__SECRETS__BACKEND_KWARGS"
"""Its arguments, in JSON."""
SECRETS_KWARG = "AIRFLOW__SECRETS__BACKEND_KWARG__"
"""Before the name of a single argument, from Airflow 3.3 on."""
WORKERS_SECRETS_BACKEND = "AIRFLOW__WORKERS__SECRETS_BACKEND"
WORKERS_SECRETS_KWARGS = "AIRFLOW__WORKERS__SECRETS_BACKEND_KWARGS"
WORKERS_SECRETS_KWARG = "AIRFLOW__WORKERS__SECRETS_BACKEND_KWARG__"
"""The same three for workers; where the class is set, it wins there."""
SECRETS_OPTIONS = ("AIRFLOW__SECRETS__", "AIRFLOW__WORKERS__SECRETS_")
"""How the options about secrets backends begin; none of them is a credential itself."""

# --- [core], [dag_processor], [logging] (apache-airflow-core) ---------------------------------------------------
XCOM_BACKEND = "AIRFLOW__CORE__XCOM_BACKEND"
"""The class that stores what tasks hand on to each other."""
MASKING = "AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS"
"""Whether secrets are masked in logs and in the interface; on by default."""
EXPOSE_CONFIG = ("AIRFLOW__API__EXPOSE_CONFIG", "AIRFLOW__WEBSERVER__EXPOSE_CONFIG")
"""Whether the interface shows the whole configuration; the second name is that of Airflow 2."""
EXPOSE_STACKTRACE = ("AIRFLOW__API__EXPOSE_STACKTRACE", "AIRFLOW__WEBSERVER__EXPOSE_STACKTRACE")
"""Whether errors show where in the code they arose."""
TEST_CONNECTION = "AIRFLOW__CORE__TEST_CONNECTION"
"""Whether people may let Airflow open a connection of their choice: Disabled, Enabled or Hidden."""
DESERIALIZATION_CLASSES = "AIRFLOW__CORE__ALLOWED_DESERIALIZATION_CLASSES"
DESERIALIZATION_PATTERNS = "AIRFLOW__CORE__ALLOWED_DESERIALIZATION_CLASSES_REGEXP"
"""Of which classes Airflow makes objects when it reads XComs: globs, and regular expressions."""
DAG_BUNDLES = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"
"""The sources of DAGs, in JSON."""
REMOTE_LOGGING = "AIRFLOW__LOGGING__REMOTE_LOGGING"
"""Whether Airflow uploads task logs itself."""
REMOTE_LOG_FOLDER = "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"
"""Where to: `scheme://bucket/prefix`."""
ELASTICSEARCH_HOST = "AIRFLOW__ELASTICSEARCH__HOST"
OPENSEARCH_HOST = "AIRFLOW__OPENSEARCH__HOST"
"""Where to instead, when no folder is named."""
LOGGING_CLASS = "AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS"
"""The configuration of logging, a dictionary in a Python module."""
LOGGING_LEVEL = "AIRFLOW__LOGGING__LOGGING_LEVEL"
NAMESPACE_LEVELS = "AIRFLOW__LOGGING__NAMESPACE_LEVELS"
"""Levels of single loggers, `logger=LEVEL`."""
LOGGING_OPTIONS = "AIRFLOW__LOGGING__"
"""How all options of that section begin."""

# --- [common.io] (apache-airflow-providers-common-io), and what the agents' chart sets for it -------------------
XCOM_PATH = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH"
"""Where the object-storage backend keeps XComs: `scheme://[conn_id@]bucket/prefix`."""
XCOM_THRESHOLD = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD"
"""From how many bytes on; what is smaller stays in the metadata database, and without it everything."""
STATE_STORE_PATH = "AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_PATH"
STATE_STORE_THRESHOLD = "AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_THRESHOLD"
"""The same for the state store; without a threshold everything goes to object storage."""
WORKERS_STATE_STORE = "AIRFLOW__WORKERS__STATE_STORE_BACKEND"
"""The class of the state store: what the chart makes of `stateStoreBackend`."""

# --- Lineage (apache-airflow-providers-openlineage, openlineage-python) -----------------------------------------
LINEAGE_KEY = "OPENLINEAGE_API_KEY"
"""The key with which events are sent."""
LINEAGE_TRANSPORT = "AIRFLOW__OPENLINEAGE__TRANSPORT"
"""Where events go, in JSON."""
LINEAGE_ADDRESSES = ("OPENLINEAGE_URL", "OPENLINEAGE__TRANSPORT__URL")
"""The address alone, in either of the client's own variables."""
LINEAGE_FACETS = "OPENLINEAGE__FACETS"
LINEAGE_FACET_VARIABLES = "OPENLINEAGE__FACETS__ENVIRONMENT_VARIABLES"
"""Variables whose values go out with every event: a list in JSON, or under `environment_variables` in the first."""
LINEAGE_OFF = "OPENLINEAGE_DISABLED"
LINEAGE_OFF_IN_AIRFLOW = "AIRFLOW__OPENLINEAGE__DISABLED"
"""Either of them switches lineage off."""
LINEAGE_WITHOUT_CODE = "AIRFLOW__OPENLINEAGE__DISABLE_SOURCE_CODE"
LINEAGE_WITHOUT_CODE_FORMERLY = "OPENLINEAGE_AIRFLOW_DISABLE_SOURCE_CODE"
"""Either of them keeps the code of Python and Bash tasks out of events."""
LINEAGE_FULL_TASK_INFO = "AIRFLOW__OPENLINEAGE__INCLUDE_FULL_TASK_INFO"
"""Puts every parameter of a task into its events; off by default."""
LINEAGE_EMISSION_POLICY = "AIRFLOW__OPENLINEAGE__EMISSION_POLICY"
"""Rules in JSON, for single DAGs or all, which win over the variables above."""

# --- Remote Execution agents and Astro Runtime ------------------------------------------------------------------
ORGANIZATION_ID = "ASTRO_ORGANIZATION_ID"
WORKSPACE_ID = "ASTRO_WORKSPACE_ID"
DEPLOYMENT_ID = "ASTRO_DEPLOYMENT_ID"
DEPLOYMENT_NAMESPACE = "ASTRO_DEPLOYMENT_NAMESPACE"
"""Which deployment an agent works for."""
AGENT_TOKEN = "ASTRO_AGENT_CLIENT_API_TOKEN"  # noqa: S105  its name, not a token
AGENT_TOKEN_FILE = "ASTRO_AGENT_CLIENT_API_TOKEN_FILE"  # noqa: S105
"""The token with which it asks for work, or the file that holds it."""
ASTRO_LOGGING = "ASTRO_LOGGING_"
"""How the variables begin with which Astro is told where task logs are."""
ENVIRONMENT = "ASTRONOMER_ENVIRONMENT"
"""What Astro Runtime runs in; `cloud` on Astro."""
