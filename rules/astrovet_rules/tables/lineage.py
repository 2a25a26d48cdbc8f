"""What decides which lineage events an agent sends, and what they hold.

Sources: the vendor's values template for chart 2.x; apache-airflow-providers-openlineage 2.20.3 and
openlineage-python, read November 2026.
"""

OWN_IDS = frozenset(
    {"ASTRO_ORGANIZATION_ID", "ASTRO_WORKSPACE_ID", "ASTRO_DEPLOYMENT_ID", "ASTRO_DEPLOYMENT_NAMESPACE"}
)
"""The variables that lineage on Astro needs; none of them holds data."""

SWITCHES = ("OPENLINEAGE_DISABLED", "AIRFLOW__OPENLINEAGE__DISABLED")
"""Either of them switches lineage off."""

WITHOUT_SOURCE_CODE = ("AIRFLOW__OPENLINEAGE__DISABLE_SOURCE_CODE", "OPENLINEAGE_AIRFLOW_DISABLE_SOURCE_CODE")
"""Either of them keeps the code of Python and Bash tasks out of events; by default it is in them."""

FULL_TASK_INFO = "AIRFLOW__OPENLINEAGE__INCLUDE_FULL_TASK_INFO"
"""Puts every parameter of a task into its events; off by default."""

EMISSION_POLICY = "AIRFLOW__OPENLINEAGE__EMISSION_POLICY"
"""Rules in JSON, for single DAGs or all, which win over the variables above."""
