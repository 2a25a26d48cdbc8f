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

from astrovet import Absent, Context, Deployment, Known, Severity, Unknown, Verdicts, fail, rule, undecided

REMEDY = "create a new deployment of type DEDICATED; editing `type` here would destroy this one"


@rule(
    "REQ001",
    "phi-on-shared-cluster",
    on=Deployment,
    severity=Severity.CRITICAL,
    when=("hipaa",),
    sources=("S000-35", "S003-12", "S003-34", "C-03", "C-06"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    match deployment.type:
        case Known("DEDICATED"):
            pass
        case Known("STANDARD", place):
            yield fail(place, "PHI is declared for a deployment on a shared cluster (type STANDARD)", remedy=REMEDY)
        case Known(_, place) | Absent(place):
            yield undecided(Unknown("whether PHI is covered is published for STANDARD and DEDICATED only", place))
        case Unknown() as unknown:
            yield undecided(unknown)
