"""An agent's token and Sentinel's shared secret must not stand in its values in clear text.

## Why

With the agent token, anybody can register an agent of their own with the deployment: it is then given
tasks to run, and the connections and variables that go with them. Values files are kept in
repositories and pipelines, and Helm stores them in the cluster.

## Fix

Create a Secret with the key `token` and name it:

    agentTokenSecretName: agent-token

`agentTokenFile` names a mounted file instead; `sentinelAuthSecretName` does the same for Sentinel.

## Not reported

A placeholder, an encrypted text, a template. Terraform's `set_sensitive` with a value from elsewhere is
worth knowing only: the values hold no literal, but Terraform's state and Helm's release keep the token.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    fail_if_written,
    literal,
    rule,
    template,
    undecided,
)

FIX = "revoke it, put a new one into a Kubernetes Secret, and name that"
FIX_STATE = "create the Kubernetes Secret outside this configuration, and name it instead"


@rule(
    "REX013",
    "agent-token-literal",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("D:remote-agents-helm-reference", "S000-12", "S000-32"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for credential in agent.credentials:
        label = credential.label
        match credential.value:
            case Known(text) if not literal(text) or template(text):
                pass
            case Known(_, place) | Unknown(_, place) if credential.handed_over:
                message = f"{label} passes through Terraform, whose state keeps it in clear text"
                yield fail(place, message, fix=FIX_STATE, severity=Severity.INFO, about=label)
            case Known() as known:
                yield fail_if_written(known, f"{label} stands here in clear text", fix=FIX, about=label)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Absent():
                pass
