"""The types that the Astro provider gives the attributes that people write, and what those left out hold.

From the schemas in the provider's source (github.com/astronomer/terraform-provider-astro, `internal/provider/schemas`,
read in November 2026).
"""

from __future__ import annotations

SCHEMAS = {
    "astro_cluster": """
        cloud_provider string required
        name string required
        region string required
        type string required
        vpc_subnet_range string required
        workspace_ids set(string) required
        dr_pod_subnet_range string computed
        dr_region string computed
        dr_secondary_vpc_cidr string computed
        dr_service_peering_range string computed
        dr_service_subnet_range string computed
        dr_vpc_subnet_range string computed
        enable_replication_time_control bool computed
        is_dr_enabled bool computed
        is_failed_over bool computed
        pod_subnet_range string null
        secondary_vpc_cidr string computed
        service_peering_range string null
        service_subnet_range string null
        timeouts object null
        timeouts.create string null
        timeouts.delete string null
        timeouts.update string null
    """,
    "astro_deployment": """
        contact_emails set(string) required
        description string required
        environment_variables set(object) required
        environment_variables[].is_secret bool required
        environment_variables[].key string required
        environment_variables[].value string null
        executor string required
        is_cicd_enforced bool required
        is_dag_deploy_enabled bool required
        name string required
        type string required
        workspace_id string required
        cloud_provider string computed
        cluster_id string computed
        default_task_pod_cpu string null
        default_task_pod_memory string null
        desired_workload_identity string null
        is_development_mode bool null
        is_high_availability bool null
        original_astro_runtime_version string computed
        region string computed
        remote_execution object null
        remote_execution.enabled bool required
        remote_execution.allowed_ip_address_ranges set(string) empty
        remote_execution.task_log_bucket string null
        remote_execution.task_log_url_pattern string null
        resource_quota_cpu string null
        resource_quota_memory string null
        scaling_spec object null
        scaling_spec.hibernation_spec object required
        scaling_spec.hibernation_spec.override object null
        scaling_spec.hibernation_spec.override.is_hibernating bool required
        scaling_spec.hibernation_spec.override.override_until string null
        scaling_spec.hibernation_spec.schedules set(object) null
        scaling_spec.hibernation_spec.schedules[].hibernate_at_cron string required
        scaling_spec.hibernation_spec.schedules[].is_enabled bool required
        scaling_spec.hibernation_spec.schedules[].wake_at_cron string required
        scaling_spec.hibernation_spec.schedules[].description string null
        scheduler_au number computed
        scheduler_replicas number computed
        scheduler_size string null
        task_pod_node_pool_id string null
        worker_queues set(object) null
        worker_queues[].is_default bool required
        worker_queues[].max_worker_count number required
        worker_queues[].min_worker_count number required
        worker_queues[].name string required
        worker_queues[].worker_concurrency number required
        worker_queues[].astro_machine string null
        worker_queues[].node_pool_id string null
    """,
    "astro_workspace": """
        cicd_enforced_default bool required
        description string required
        name string required
    """,
    "astro_api_token": """
        name string required
        roles set(object) required
        roles[].entity_id string required
        roles[].entity_type string required
        roles[].role string required
        roles[].deployment_id string null
        type string required
        description string null
        expiry_period_in_days number null
        token string computed
    """,
    "astro_agent_token": """
        deployment_id string required
        name string required
        description string null
        expiry_period_in_days number null
        token string computed
    """,
    "astro_allowed_ip_address_ranges": """
        ip_address_ranges set(string) required
    """,
    "astro_environment_object": """
        object_key string required
        object_type string required
        scope string required
        scope_entity_id string required
        auth_type string computed
        auth_type_id string null
        auto_link_deployments bool computed
        basic_token string null
        description string computed
        endpoint string computed
        exclude_links set(object) computed
        exclude_links[].scope string required
        exclude_links[].scope_entity_id string required
        exporter_type string computed
        extra string computed
        headers map(string) computed
        host string computed
        is_secret bool computed
        labels map(string) computed
        links set(object) computed
        links[].scope string required
        links[].scope_entity_id string required
        links[].overrides object null
        links[].overrides.auth_type string null
        links[].overrides.basic_token string null
        links[].overrides.endpoint string null
        links[].overrides.exporter_type string null
        links[].overrides.extra string null
        links[].overrides.headers map(string) null
        links[].overrides.host string null
        links[].overrides.labels map(string) null
        links[].overrides.login string null
        links[].overrides.password string null
        links[].overrides.port number null
        links[].overrides.schema string null
        links[].overrides.type string null
        links[].overrides.username string null
        links[].overrides.value string null
        login string computed
        password string null
        port number computed
        schema string computed
        type string computed
        username string computed
        value string null
    """,
    "astro_team": """
        name string required
        organization_role string required
        dag_roles set(object) null
        dag_roles[].deployment_id string required
        dag_roles[].role string required
        dag_roles[].dag_id string null
        dag_roles[].tag string null
        deployment_roles set(object) null
        deployment_roles[].deployment_id string required
        deployment_roles[].role string required
        description string null
        member_ids set(string) null
        workspace_roles set(object) null
        workspace_roles[].role string required
        workspace_roles[].workspace_id string required
    """,
    "astro_team_roles": """
        organization_role string required
        team_id string required
        dag_roles set(object) null
        dag_roles[].deployment_id string required
        dag_roles[].role string required
        dag_roles[].dag_id string null
        dag_roles[].tag string null
        deployment_roles set(object) null
        deployment_roles[].deployment_id string required
        deployment_roles[].role string required
        workspace_roles set(object) null
        workspace_roles[].role string required
        workspace_roles[].workspace_id string required
    """,
    "astro_team_membership": """
        team_id string required
        user_id string required
    """,
    "astro_user_roles": """
        organization_role string required
        user_id string required
        dag_roles set(object) null
        dag_roles[].deployment_id string required
        dag_roles[].role string required
        dag_roles[].dag_id string null
        dag_roles[].tag string null
        deployment_roles set(object) null
        deployment_roles[].deployment_id string required
        deployment_roles[].role string required
        workspace_roles set(object) null
        workspace_roles[].role string required
        workspace_roles[].workspace_id string required
    """,
    "astro_user_invite": """
        email string required
        role string required
    """,
    "astro_custom_role": """
        name string required
        permissions set(string) required
        scope_type string required
        description string null
        restricted_workspace_ids set(string) null
    """,
    "astro_alert": """
        entity_id string required
        entity_type string required
        name string required
        notification_channel_ids set(string) required
        rules object required
        rules.pattern_matches set(object) required
        rules.pattern_matches[].entity_type string required
        rules.pattern_matches[].operator_type string required
        rules.pattern_matches[].values set(string) required
        rules.properties object required
        rules.properties.deployment_id string required
        rules.properties.dag_deadline string null
        rules.properties.dag_duration_seconds number null
        rules.properties.days_of_week set(string) null
        rules.properties.look_back_period_seconds number null
        rules.properties.task_duration_seconds number null
        severity string required
        type string required
    """,
    "astro_notification_channel": """
        definition object required
        definition.api_key string null
        definition.dag_id string null
        definition.deployment_api_token string null
        definition.deployment_id string null
        definition.integration_key string null
        definition.recipients set(string) null
        definition.webhook_url string null
        entity_id string required
        entity_type string required
        name string required
        type string required
        is_shared bool computed
    """,
    "astro_hybrid_cluster_workspace_authorization": """
        cluster_id string required
        workspace_ids set(string) null
    """,
}
"""A line for each attribute: its path (`[]` for the elements of a set), its type, and what it holds where it is left
out: `null`, the `empty` set, or what is `computed` while the plan is applied."""
