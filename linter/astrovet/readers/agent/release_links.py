"""Which deployment a `helm_release` of the agent chart refers to."""

from __future__ import annotations

from astrovet.model.deployment import Deployment
from astrovet.model.link import Link
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Known

DEPLOYMENT = "astro_deployment"
AGENT_TOKEN = "astro_agent_token"  # noqa: S105  the name of a resource type
TOKEN_HOLDERS = (AGENT_TOKEN, "kubernetes_secret", "kubernetes_secret_v1")


def release_link(
    release: Resource, references: References, deployments: tuple[Deployment, ...]
) -> Link[Deployment] | None:
    """The deployment that a release refers to, itself or through its agent token; None where it does not."""
    origins = [
        origin
        for attribute in ("values", "set", "set_sensitive")
        for origin in references.origins(release, attribute, (DEPLOYMENT, *TOKEN_HOLDERS)).targets
    ]
    named = {origin.address for origin in origins if origin.type == DEPLOYMENT}
    # A token may be another deployment's by mistake: what the values say of the deployment itself counts for more.
    wanted = named or {address for origin in origins for address in _deployments_behind(references, origin)}
    served = [deployment for deployment in deployments if deployment.id in wanted]
    if len(served) != 1:
        return None
    return Link(Known(served[0], release.place), (served[0],), f"by reference to {served[0].id}")


def _deployments_behind(references: References, holder: Resource) -> list[str]:
    """Those that an agent token, or a Secret holding one, belongs to."""
    if holder.type == AGENT_TOKEN:
        return [deployment.address for deployment in references.origins(holder, "deployment_id", (DEPLOYMENT,)).targets]
    tokens = references.origins(holder, "data", (AGENT_TOKEN,)).targets
    return [address for token in tokens for address in _deployments_behind(references, token)]
