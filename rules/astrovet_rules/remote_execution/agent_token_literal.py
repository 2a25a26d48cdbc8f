"""An agent's token and Sentinel's shared secret must not stand in its values in clear text.

## Why

With the agent token, anybody can register an agent of their own with the deployment: it is then given
tasks to run, and the connections and variables that go with them. Values files are kept in
repositories and pipelines, and Helm stores them in the cluster.

## Fix

Revoke the token, for it counts as known. Create a Secret with the key `token` that holds a new one, and name it.
`agentTokenFile` names a mounted file instead; `sentinelAuthSecretName` does the same for Sentinel.

Before:

    agentToken: eyJ...

After:

    agentTokenSecretName: agent-token

## Not reported

A placeholder, an encrypted text, a template. Terraform's `set_sensitive` with a value from elsewhere is
worth knowing only: the values hold no literal, but Terraform's state and Helm's release keep the token.
"""

from astrovet import Agent, Context, CredentialKind, Severity, Verdicts, rule
from astrovet_rules.remote_execution.clear_text import clear_text

TOKENS = (CredentialKind.AGENT_TOKEN, CredentialKind.SENTINEL_SECRET)
REMEDY = "revoke it, put a new one into a Kubernetes Secret, and name that"


@rule(
    "REX013",
    "agent-token-literal",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("D:remote-agents-helm-reference", "S000-12", "S000-32"),
    controls=("PCI DSS v4 8.6.3", "PCI DSS v4 8.3.2", "SOC 2 CC6.1"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for credential in agent.credentials:
        if credential.kind in TOKENS:
            yield from clear_text(credential, credential.label, REMEDY)
