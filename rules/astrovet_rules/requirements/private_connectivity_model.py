"""A deployment that needs private connections to your own network must not run on a shared cluster.

## Why

Networks are connected to dedicated clusters: by peering, private links, a VPN or a transit gateway. A shared
cluster has private endpoints to some services of its cloud, and none to what is yours, so the traffic of
its tasks to your databases goes over public addresses.

## Fix

Create a new deployment on a cluster of its own, and connect that to your network. Do not just edit `type`:
Terraform then destroys the deployment with its history and makes a new one.

Before:

    resource "astro_deployment" "warehouse" {
      type           = "STANDARD"
      cloud_provider = "AWS"
      region         = "eu-central-1"
      ...
    }

After:

    resource "astro_deployment" "warehouse_private" {
      type       = "DEDICATED"
      cluster_id = astro_cluster.main.id
      ...
    }

## Not reported

Remote Execution and Private Cloud, whose tasks run in your own network. If all that you need is the
private endpoints of the cloud's own services, waive the finding and say so. Where the declared requirements
exclude each other REQ017 speaks alone.
"""

from astrovet import Requirement, Severity
from astrovet_rules.requirements.models import rule_on_the_model

check = rule_on_the_model(
    "REQ010",
    "private-connectivity-model",
    Requirement.PRIVATE_CONNECTIVITY,
    severity=Severity.HIGH,
    module=__name__,
)
