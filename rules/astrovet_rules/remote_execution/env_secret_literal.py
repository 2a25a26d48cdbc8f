"""No environment variable of an agent may hold a secret in clear text.

## Why

Values files are kept in repositories and pipelines, Helm stores them in the cluster, and the variables
of a Pod are readable for everybody who may look at it. Connections and passwords there bypass the
secrets backend, and with it its access control, its rotation and its audit trail.

## Fix

Replace the secret, for it counts as known. Take the new one from a Secret, or keep the connection in the secrets
backend and drop the variable.

Before:

    commonEnv:
      - name: WAREHOUSE_PASSWORD
        value: kestrel-41-harbour

After:

    commonEnv:
      - name: WAREHOUSE_PASSWORD
        valueFrom:
          secretKeyRef: {name: warehouse, key: password}

## Not reported

Names, paths, identifiers and addresses without a password, switches and numbers; placeholders and
templates; a value that is known only after apply under a harmless name, for then it is no literal; what
REX005 (secrets backend), REX012 (DAG sources), REX013 (agent token) and REX020 (lineage) report.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Severity,
    Unknown,
    Value,
    Verdicts,
    connection_name,
    credential_kind,
    fail_if_written,
    is_variable_name,
    rule,
    secret_name,
    undecided,
)

REMEDY = "revoke it, put a new one into a Kubernetes Secret, and read that with valueFrom.secretKeyRef"


@rule(
    "REX016",
    "env-secret-literal",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S000-12", "S003-25", "D:remote-execution-configure-secrets-backend"),
    controls=("PCI DSS v4 8.6.2",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for unknown in agent.unknown_environments():
        yield undecided(unknown)
    connections = agent.git_connections()
    elsewhere = (
        agent.dag_bundles.raw,
        *(arguments.raw for arguments in agent.secrets_kwargs),
        *(credential.value for credential in agent.credentials),
    )
    for variable in agent.all_variables():
        match variable.name:
            case Known(name) if name in connections or variable.value in elsewhere or variable.from_source:
                pass
            case Known(name):
                yield from _judged(name, variable.value)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Absent():
                pass


def _judged(name: str, value: Value[str]) -> Verdicts:
    match value:
        case Known(text) as known if kind := credential_kind(name, text):
            variable = name if is_variable_name(name) else "a variable"
            yield fail_if_written(known, f"{variable} holds {kind} in clear text", remedy=REMEDY, about=name)
        case Unknown() as unknown if secret_name(name) or connection_name(name):
            yield undecided(unknown, about=name)
        case Known() | Unknown() | Absent():
            pass
