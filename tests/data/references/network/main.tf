terraform {
  required_providers {
    astro = { source = "astronomer/astro" }
  }
}

resource "astro_cluster" "this" {
  name             = "network"
  type             = "DEDICATED"
  cloud_provider   = "AWS"
  region           = "us-east-1"
  vpc_subnet_range = "172.20.0.0/20"
  workspace_ids    = []
}

locals {
  id = astro_cluster.this.id
}

output "cluster_id" {
  value = astro_cluster.this.id
}

output "local_id" {
  value = local.id
}
