"""Roles of Astro, and what names of tokens say that they are for.

Sources: the roles in terraform-provider-astro 1.5.2 (`internal/provider/common/role.go`) and Astronomer's
pages on user permissions and on lineage of Remote Execution, read November 2026. The words are our own choice.
"""

import re

OWNER = "ORGANIZATION_OWNER"
"""It may do everything in every workspace, and give roles to others."""

DEPLOYMENT_ADMIN = "DEPLOYMENT_ADMIN"

LINEAGE = "lineage"
PULLS = "image pulls"

PURPOSES = {
    "ci": "CI",
    "cicd": "CI",
    "deploy": "deploys",
    "deploys": "deploys",
    "deployer": "deploys",
    "agent": "agents",
    "agents": "agents",
    "pull": PULLS,
    "pulls": PULLS,
    "lineage": LINEAGE,
    "openlineage": LINEAGE,
}
"""What a token is for, by words in its name or description."""


def purposes_of(text: str) -> list[str]:
    """What a name or a description says that a token is for; whole words count, also in camel case."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)
    return [PURPOSES[word.lower()] for word in words if word.lower() in PURPOSES]
