"""Where the vendor must not reach in, tasks must not run on clusters that Astronomer runs.

## Why

Astronomer manages the clusters of the Standard and Dedicated models and reaches into them to do so. Only
agents in your own environment, which open every connection themselves, and a platform that you run yourself
keep the vendor out.

## Fix

Move the deployment to Remote Execution, or to Private Cloud.

Before:

    resource "astro_deployment" "settlement" {
      type       = "DEDICATED"
      cluster_id = astro_cluster.main.id
      ...
    }

After:

    resource "astro_deployment" "settlement" {
      type             = "DEDICATED"
      cluster_id       = astro_cluster.main.id
      executor         = "ASTRO"
      remote_execution = { enabled = true, allowed_ip_address_ranges = ["203.0.113.7/32"] }
      ...
    }

## Not reported

Paths into the environment of Remote Execution agents, which the rules of the family NET report. Where the
declared requirements exclude each other REQ017 speaks alone.
"""

from astrovet import Requirement, Severity
from astrovet_rules.requirements.models import rule_on_the_model

check = rule_on_the_model(
    "REQ007",
    "vendor-inbound-model",
    Requirement.NO_VENDOR_INBOUND,
    severity=Severity.CRITICAL,
    controls=("DORA Art. 28",),
    module=__name__,
)
