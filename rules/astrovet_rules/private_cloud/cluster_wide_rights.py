"""Pools of namespaces must name namespaces.

## Why

A pool keeps Commander, which installs Deployments, to the namespaces that it names. With none it may install nothing;
whoever then takes the pool away again leaves it rights in the whole cluster.

## Fix

Name the namespaces.

    global:
      namespaceManagement:
        namespacePools:
          enabled: true
          namespaces:
            names:
              - airflow-claims

## Not reported

Rights in the whole cluster by themselves: files do not show whether the cluster is shared with others.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    Platform,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)


@rule(
    "APC030",
    "cluster-wide-rights",
    on=Platform,
    severity=Severity.HIGH,
    sources=("S003-30", "DOC24"),
    controls=("PCI DSS v4 7.2", "SOC 2 CC6.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    match platform.pools, platform.pool_names:
        case Known(True, place), Known(()) | Absent():
            yield fail(place, "the pool of namespaces names none", remedy="name the namespaces")
        case (Unknown() as unknown, _) | (Known(True), Unknown() as unknown):
            yield undecided(unknown)
        case Known() | Absent(), Known() | Unknown() | Absent():
            yield not_applicable("there is no pool of namespaces, or it names some")
