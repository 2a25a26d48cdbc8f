terraform {
  required_providers {
    astro = { source = "astronomer/astro" }
  }
}

variable "cluster_id" {
  type = string
}

resource "astro_deployment" "this" {
  name                    = "team-prod"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = var.cluster_id
  workspace_id            = "clnp86ly5000401ndaga21g81"
  executor                = "CELERY"
  contact_emails          = ["data-platform@example.com"]
  is_cicd_enforced        = true
  is_dag_deploy_enabled   = false
  is_development_mode     = false
  is_high_availability    = true
  scheduler_size          = "MEDIUM"
  resource_quota_cpu      = "40"
  resource_quota_memory   = "80Gi"
  default_task_pod_cpu    = "0.5"
  default_task_pod_memory = "1Gi"
  environment_variables   = []
}
