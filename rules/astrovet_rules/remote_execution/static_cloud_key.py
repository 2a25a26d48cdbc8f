"""Agents should enter a cloud with a workload identity, not with a static key.

## Why

A key in an environment variable lives until somebody remembers to change it, works from everywhere, and
is the same for every Pod. A workload identity gives each ServiceAccount short-lived credentials that are
worth nothing outside the cluster. That holds for keys that a Kubernetes Secret supplies, too.

## Fix

Remove the variables, and give the ServiceAccounts an identity of the cloud.

Before:

    commonEnv:
      - name: AWS_ACCESS_KEY_ID
        valueFrom:
          secretKeyRef: {name: aws, key: id}
      - name: AWS_SECRET_ACCESS_KEY
        valueFrom:
          secretKeyRef: {name: aws, key: secret}

After:

    serviceAccount:
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/claims-agent

## Not reported

Keys that stand in the file itself, which REX016 reports; a credentials file of workload identity
federation.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Note,
    Place,
    Severity,
    Unknown,
    Verdicts,
    credential_kind,
    fail,
    rule,
    settled,
    undecided,
)
from astrovet_rules.tables.cloud_keys import CLOUDS, FEDERATION_FOLDER, KEY_FILE

REMEDY = "remove it, and give the ServiceAccounts an identity of the cloud by an annotation"


@rule(
    "REX017",
    "static-cloud-key",
    on=Agent,
    severity=Severity.LOW,
    raised={"pci": Severity.MEDIUM, "hipaa": Severity.MEDIUM},
    sources=("S000-12", "T2"),
    controls=("45 CFR 164.312(d)", "PCI DSS v4 8.6.3"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for unknown in agent.unknown_environments():
        yield undecided(unknown)
    keys: dict[str, list[Place]] = {}
    literal: set[str] = set()
    for variable in agent.all_variables():
        match variable.name:
            case Known(name) if name in CLOUDS:
                cloud = CLOUDS[name]
            case Known() | Unknown() | Absent():
                continue
        match settled(variable.value) if name == KEY_FILE else variable.value:
            case Known(text, written=True) if credential_kind(name, text):
                literal.add(cloud)
            case Known(text) if text and not (name == KEY_FILE and FEDERATION_FOLDER in text):
                keys.setdefault(cloud, []).append(variable.place)
            case Unknown() if variable.from_source and name != KEY_FILE:
                keys.setdefault(cloud, []).append(variable.place)
            case Unknown() as unknown:
                yield undecided(unknown, about=name)
            case Known() | Absent():
                pass
    for cloud in [name for name in keys if name not in literal]:
        place, *others = keys[cloud]
        related = tuple(Note("here, too", other) for other in others)
        yield fail(place, f"a static key opens {cloud}", remedy=REMEDY, about=cloud, related=related)
