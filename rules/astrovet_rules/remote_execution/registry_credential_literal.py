"""The login of an image registry must not stand in an agent's values in clear text.

## Why

For Astronomer's registry the password is an API token of the deployment or the organization: whoever
reads it from a repository, a pipeline or Helm's release can act on Astro with it. Whoever can push to a
registry of your own changes what every worker runs.

## Fix

Revoke the token, for it counts as known. Make a new one, create a Secret of the type
`kubernetes.io/dockerconfigjson` with it in the agent's namespace, and name that.

Before:

    imagePullSecretData: '{"auths": {"images.astronomer.cloud": {"auth": "Y2xpOmtlc3RyZWw0MWhhcmJvdXI3bGFudGVybg=="}}}'

After:

    imagePullSecretName: astro-registry

## Not reported

A configuration without logins; a placeholder, an encrypted text, a template. Terraform's `set_sensitive`
with a value from elsewhere is worth knowing only: Terraform's state and Helm's release keep the login.
"""

from astrovet import Agent, Context, CredentialKind, Fail, Severity, Verdicts, rule
from astrovet_rules.remote_execution.clear_text import clear_text

REMEDY = "revoke it, put a new one into a Secret of type docker-registry, and name that in imagePullSecretName"


@rule(
    "REX014",
    "registry-credential-literal",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("T2", "D:remote-agents-helm-reference"),
    controls=(
        "PCI DSS v4 8.6.3",
        "PCI DSS v4 8.3.2",
    ),
)
def check(agent: Agent, context: Context) -> Verdicts:
    logins = [credential for credential in agent.credentials if credential.kind is CredentialKind.REGISTRY_LOGIN]
    outcomes = [outcome for login in logins for outcome in clear_text(login, "the login of a registry", REMEDY)]
    failures = [outcome for outcome in outcomes if isinstance(outcome, Fail)]
    yield from (failures or outcomes)[:1]  # one Secret takes the place of the whole setting
