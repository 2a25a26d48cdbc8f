"""A deployment that handles cardholder data must not run on a shared cluster.

## Why

The PCI-DSS certification covers deployments on dedicated clusters. A deployment of type STANDARD runs on a
cluster that other customers use too, and the deployment guide lists PCI-DSS as not available there. Another
published page calls the whole platform compliant; the stricter reading counts here.

## Fix

Create a new deployment on a cluster of its own, move the DAGs there, then remove this one. Do not just edit
`type`: Terraform then destroys the deployment with its history and makes a new one. Where your assessor
accepts the other reading, waive the finding and say so.

Before:

    resource "astro_deployment" "payments" {
      type           = "STANDARD"
      cloud_provider = "AWS"
      region         = "eu-central-1"
      ...
    }

After:

    resource "astro_deployment" "payments_pci" {
      type       = "DEDICATED"
      cluster_id = astro_cluster.pci.id
      ...
    }

## Not reported

Deployments that the plan removes. HYBRID deployments, a legacy model that the published matrix leaves
out, come out as undecided.
"""

from astrovet import Requirement, Severity
from astrovet_rules.requirements.models import needs_own_cluster, rule_on_the_model

MESSAGE = (
    "pci is declared for a deployment on a shared cluster (type STANDARD), "
    "where one source denies PCI-DSS (S003-13) and another page claims it for all of Astro (C-06)"
)

check = rule_on_the_model(
    "REQ003",
    "pci-on-shared-cluster",
    Requirement.PCI,
    severity=Severity.CRITICAL,
    judgement=needs_own_cluster("PCI-DSS", MESSAGE),
    module=__name__,
    controls=("PCI DSS v4 12.8",),
)
