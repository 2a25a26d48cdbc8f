"""A deployment under DORA must run on a model that is published for it.

## Why

The European rules on digital resilience ask for recovery in another place and for proof of it. Astronomer lists
the Dedicated and the Private Cloud model for them. Standard has no recovery in another region; Remote
Execution is not in the list, though an EU bank that uses it is named elsewhere.

## Fix

Create a new deployment on a dedicated cluster with disaster recovery, and move the DAGs there. For Remote
Execution, write down why it satisfies you and waive the finding, or move.

Before:

    resource "astro_deployment" "payments" {
      type           = "STANDARD"
      cloud_provider = "AWS"
      region         = "eu-central-1"
      ...
    }

After:

    resource "astro_deployment" "payments_dora" {
      type       = "DEDICATED"
      cluster_id = astro_cluster.resilient.id
      ...
    }

## Not reported

Whether the cluster's disaster recovery is on, which REQ012 and REQ013 judge. Where the declared requirements
exclude each other REQ017 speaks alone.
"""

from astrovet import Requirement, Severity
from astrovet_rules.requirements.models import rule_on_the_model

check = rule_on_the_model(
    "REQ011",
    "dora-model",
    Requirement.DORA,
    severity=Severity.HIGH,
    controls=("DORA Art. 11 and 12", "DORA Art. 30"),
    module=__name__,
)
