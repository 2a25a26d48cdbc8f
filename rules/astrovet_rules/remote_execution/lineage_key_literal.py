"""The key with which an agent sends lineage must not stand in its values in clear text.

## Why

For Astro's own back end the key is an API token of the deployment. Whoever reads it from a repository, a
pipeline or Helm's release can act on the deployment as far as the token's role goes, also where lineage
is switched off.

## Fix

Revoke the key, for it counts as known. Create a Secret with the key `api-key` that holds a new one, and name it.

Before:

    openLineage:
      apiKey: eyJ...

After:

    openLineage:
      apiKeySecret: openlineage-api-key

## Not reported

A placeholder, an encrypted text, a template; OPENLINEAGE_API_KEY with `valueFrom`. Terraform's
`set_sensitive` with a value from elsewhere is worth knowing only: Terraform's state and Helm's release
keep the key.
"""

from astrovet import Agent, Context, CredentialKind, Severity, Verdicts, rule
from astrovet_rules.remote_execution.clear_text import clear_text

REMEDY = "revoke it, put a new one into a Kubernetes Secret, and name that in openLineage.apiKeySecret"


@rule(
    "REX020",
    "lineage-key-literal",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("T2", "D:remote-execution-configure-openlineage"),
    controls=(
        "PCI DSS v4 8.6.3",
        "PCI DSS v4 8.3.2",
    ),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for credential in agent.credentials:
        if credential.kind is CredentialKind.LINEAGE_KEY:
            yield from clear_text(credential, credential.label, REMEDY)
