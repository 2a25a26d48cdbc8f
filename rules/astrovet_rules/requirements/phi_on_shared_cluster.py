"""A deployment that holds PHI must not run on a shared cluster.

## Why

Astronomer signs business associate agreements for workloads on dedicated clusters. A deployment of type
STANDARD runs on a cluster that other customers use too, parted from them by namespaces only, and no
agreement covers PHI there. Remote Execution needs a DEDICATED deployment, so it satisfies this rule too.

## Fix

Create a new deployment on a cluster of its own, move the DAGs there, then remove this one. Do not just edit
`type`: Terraform then destroys the deployment with its history and makes a new one.

Before:

    resource "astro_deployment" "claims" {
      type           = "STANDARD"
      cloud_provider = "AWS"
      region         = "eu-central-1"
      ...
    }

After:

    resource "astro_deployment" "claims_phi" {
      type       = "DEDICATED"
      cluster_id = astro_cluster.phi.id
      ...
    }

## Not reported

Deployments that the plan removes. HYBRID deployments, a legacy model that the published matrix leaves
out, come out as undecided.
"""

from astrovet import Requirement, Severity
from astrovet_rules.requirements.models import needs_own_cluster, rule_on_the_model

check = rule_on_the_model(
    "REQ001",
    "phi-on-shared-cluster",
    Requirement.HIPAA,
    severity=Severity.CRITICAL,
    said_by=("S000-35", "S003-12", "S003-34", "C-03", "C-06"),
    judgement=needs_own_cluster("PHI", "PHI is declared for a deployment on a shared cluster (type STANDARD)"),
    module=__name__,
    controls=("45 CFR 164.312(a)(1)",),
)
