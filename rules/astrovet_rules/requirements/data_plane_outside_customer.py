"""Where code and data must stay with the customer, tasks must not run at Astronomer.

## Why

In the Standard and Dedicated models the code runs and the logs rest in Astronomer's clusters, also where the
cluster is yours alone. Whoever promised that data does not leave the own network breaks that promise with
the first task.

## Fix

Move the deployment to Remote Execution, or to Private Cloud.

Before:

    resource "astro_deployment" "exploration" {
      type       = "DEDICATED"
      cluster_id = astro_cluster.main.id
      ...
    }

After:

    resource "astro_deployment" "exploration" {
      type             = "DEDICATED"
      cluster_id       = astro_cluster.main.id
      executor         = "ASTRO"
      remote_execution = { enabled = true, allowed_ip_address_ranges = ["203.0.113.7/32"] }
      ...
    }

## Not reported

What leaves the environment of Remote Execution agents all the same: REX006 to REX009, REX021, REX022 and
LNK004 report that. Where the declared requirements exclude each other REQ017 speaks alone.
"""

from astrovet import Requirement, Severity
from astrovet_rules.requirements.models import rule_on_the_model

check = rule_on_the_model(
    "REQ008",
    "data-plane-outside-customer",
    Requirement.CUSTOMER_EXECUTION_PLANE,
    severity=Severity.CRITICAL,
    controls=("DORA Art. 28",),
    module=__name__,
)
