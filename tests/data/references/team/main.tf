terraform {
  required_providers {
    astro = { source = "astronomer/astro" }
  }
}

variable "cluster_id" {
  type = string
}

module "deployment" {
  source     = "./deployment"
  count      = 1
  cluster_id = var.cluster_id
}
