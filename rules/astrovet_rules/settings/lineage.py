"""Where lineage events go: what variables of OpenLineage's client and of Airflow's provider name.

openlineage-python and apache-airflow-providers-openlineage 2.20.3, read November 2026.
"""

from astrovet import ComponentEnvironment, Value, airflow, at, json_text, text


def lineage_addresses(environment: ComponentEnvironment) -> list[Value[str]]:
    """The addresses of the lineage back end that variables name, as far as they are set."""
    addresses = [environment.value(name) for name in airflow.LINEAGE_ADDRESSES if name in environment.listed]
    if airflow.LINEAGE_TRANSPORT in environment.listed:
        transport = json_text(environment.value(airflow.LINEAGE_TRANSPORT)).content
        addresses.append(text(at(transport, "url")))
    return addresses
