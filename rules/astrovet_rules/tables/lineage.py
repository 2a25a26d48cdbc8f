"""What decides which lineage events an agent sends, and what they hold.

Sources: the vendor's values template for chart 2.x; apache-airflow-providers-openlineage 2.20.3 and
openlineage-python, read November 2026.
"""

from astrovet import airflow

OWN_IDS = frozenset(
    {airflow.ORGANIZATION_ID, airflow.WORKSPACE_ID, airflow.DEPLOYMENT_ID, airflow.DEPLOYMENT_NAMESPACE}
)
"""The variables that lineage on Astro needs; none of them holds data."""

SWITCHES = (airflow.LINEAGE_OFF, airflow.LINEAGE_OFF_IN_AIRFLOW)
"""Either of them switches lineage off."""

WITHOUT_SOURCE_CODE = (airflow.LINEAGE_WITHOUT_CODE, airflow.LINEAGE_WITHOUT_CODE_FORMERLY)
"""Either of them keeps the code of Python and Bash tasks out of events; by default it is in them."""
