terraform {
  required_providers {
    astro = { source = "astronomer/astro" }
  }
}

provider "astro" {
  organization_id = "cljzz64cc001n01mln1p12345"
}

# How a cluster_id that is known only after apply can be written, one deployment a way.

variable "region" {
  default = "us"
}

variable "old_cluster" {
  default = "clv17vgft000801kkydsws63x"
}

resource "astro_cluster" "one" {
  name             = "one"
  type             = "DEDICATED"
  cloud_provider   = "AWS"
  region           = "us-east-1"
  vpc_subnet_range = "172.20.0.0/20"
  workspace_ids    = []
}

resource "astro_cluster" "by_key" {
  for_each         = toset(["us", "eu.west"])
  name             = "key-${each.key}"
  type             = "DEDICATED"
  cloud_provider   = "AWS"
  region           = "us-east-1"
  vpc_subnet_range = "172.20.0.0/20"
  workspace_ids    = []
}

resource "astro_cluster" "by_count" {
  count            = 2
  name             = "count-${count.index}"
  type             = "DEDICATED"
  cloud_provider   = "AWS"
  region           = "us-east-1"
  vpc_subnet_range = "172.20.0.0/20"
  workspace_ids    = []
}

resource "astro_cluster" "never" {
  count            = 0
  name             = "never"
  type             = "DEDICATED"
  cloud_provider   = "AWS"
  region           = "us-east-1"
  vpc_subnet_range = "172.20.0.0/20"
  workspace_ids    = []
}

resource "terraform_data" "chosen" {
  input = astro_cluster.one.id
}

data "astro_cluster" "deferred" {
  id = astro_cluster.one.id
}

locals {
  cluster_id = astro_cluster.one.id
}

module "network" {
  source = "./network"
}

module "zones" {
  source   = "./network"
  for_each = toset(["a", "b.c"])
}

module "team" {
  source     = "./team"
  for_each   = toset(["risk", "mkt.sales"])
  cluster_id = astro_cluster.by_key["us"].id
}

module "teams_of_a_map" {
  source     = "./team"
  for_each   = { risk = astro_cluster.by_count[0].id, sales = astro_cluster.by_count[1].id }
  cluster_id = each.value
}

resource "astro_deployment" "direct" {
  name                    = "direct"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = astro_cluster.one.id
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

resource "astro_deployment" "by_quoted_key" {
  name                    = "by-quoted-key"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = astro_cluster.by_key["eu.west"].id
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

resource "astro_deployment" "by_index" {
  name                    = "by-index"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = astro_cluster.by_count[1].id
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

resource "astro_deployment" "by_variable_key" {
  name                    = "by-variable-key"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = astro_cluster.by_key[var.region].id
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

resource "astro_deployment" "conditional" {
  name                    = "conditional"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = var.region == "us" ? astro_cluster.one.id : astro_cluster.by_count[0].id
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

resource "astro_deployment" "conditional_literal" {
  name                    = "conditional-literal"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = var.region == "eu" ? var.old_cluster : astro_cluster.one.id
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

resource "astro_deployment" "splat" {
  name                    = "splat"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = element(astro_cluster.by_count[*].id, 1)
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

resource "astro_deployment" "by_local" {
  name                    = "by-local"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = local.cluster_id
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

resource "astro_deployment" "through_another_resource" {
  name                    = "through-another-resource"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = terraform_data.chosen.output
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

resource "astro_deployment" "of_a_deferred_data_source" {
  name                    = "of-a-deferred-data-source"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = data.astro_cluster.deferred.id
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

resource "astro_deployment" "of_a_module" {
  name                    = "of-a-module"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = module.network.cluster_id
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

resource "astro_deployment" "of_one_of_several_modules" {
  name                    = "of-one-of-several-modules"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = module.zones["b.c"].cluster_id
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

resource "astro_deployment" "of_a_module_behind_a_local" {
  name                    = "of-a-module-behind-a-local"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = module.network.local_id
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

resource "astro_deployment" "of_all_modules" {
  name                    = "of-all-modules"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = [for zone in module.zones : zone.cluster_id][0]
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

resource "astro_deployment" "each_key" {
  for_each                = toset(["us", "eu.west"])
  name                    = "each-key"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = astro_cluster.by_key[each.key].id
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

resource "astro_deployment" "each_value" {
  for_each                = { a = astro_cluster.one.id, b = astro_cluster.by_key["us"].id }
  name                    = "each-value"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = each.value
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

resource "astro_deployment" "each_value_of_a_resource" {
  for_each                = astro_cluster.by_key
  name                    = "each-value-of-a-resource"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = each.value.id
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

resource "astro_deployment" "or_never" {
  name                    = "or-never"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = try(astro_cluster.never[0].id, astro_cluster.one.id)
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

resource "astro_deployment" "written" {
  name                    = "written"
  description             = "Airflow"
  type                    = "DEDICATED"
  cluster_id              = "clv17vgft000801kkydsws63x"
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

resource "astro_deployment" "standard" {
  name                    = "standard"
  description             = "Airflow"
  type                    = "STANDARD"
  cloud_provider          = "AWS"
  region                  = "us-east-1"
  workspace_id            = "clnp86ly5000401ndaga21g81"
  executor                = "ASTRO"
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
