"""The built-in rule pack: one file a rule, listed here and nowhere else."""

from astrovet_rules.astro import (
    agent_token_expiry,
    api_token_expiry,
    env_secret_not_marked,
    provider_token_literal,
    remote_api_open,
)
from astrovet_rules.inputs import (
    duplicate_key,
    incomplete_plan,
    not_this_chart,
    nothing_to_check,
    unreadable_input,
    wrong_terraform_output,
)
from astrovet_rules.network import firewall_open_to_world
from astrovet_rules.remote_execution import (
    agent_token_literal,
    dag_source_credential,
    dag_source_invalid,
    env_secret_literal,
    secret_masking_off,
    secrets_backend_not_external,
    secrets_kwargs_credential,
    secrets_kwargs_do_not_fit,
    secrets_kwargs_not_json,
    xcom_backend_not_external,
    xcom_path_unusable,
    xcom_values_stay_in_astro,
)
from astrovet_rules.requirements import phi_cluster_not_isolated, phi_on_shared_cluster

RULES = [
    # Declared requirements
    phi_on_shared_cluster.check,
    phi_cluster_not_isolated.check,
    # Remote Execution agents
    secrets_backend_not_external.check,
    secrets_kwargs_not_json.check,
    secrets_kwargs_do_not_fit.check,
    secrets_kwargs_credential.check,
    xcom_backend_not_external.check,
    xcom_path_unusable.check,
    xcom_values_stay_in_astro.check,
    dag_source_invalid.check,
    dag_source_credential.check,
    agent_token_literal.check,
    env_secret_literal.check,
    secret_masking_off.check,
    # Objects of the Astro provider
    provider_token_literal.check,
    env_secret_not_marked.check,
    agent_token_expiry.check,
    api_token_expiry.check,
    remote_api_open.check,
    # Ways into the execution plane
    firewall_open_to_world.check,
    # Inputs
    unreadable_input.check,
    wrong_terraform_output.check,
    incomplete_plan.check,
    duplicate_key.check,
    not_this_chart.check,
    nothing_to_check.check,
]
