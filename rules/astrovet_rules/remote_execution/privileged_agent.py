"""No container of an agent may run privileged, as root, or with access to its node.

## Why

A privileged container, one that runs as root, and one that has a folder of the node or further
capabilities of Linux can leave its Pod. Agents run the code of DAGs: whoever may change a DAG could then
take over the node, and with it every Pod and every secret there.

## Fix

Take the setting out. Where a further container has to prepare a folder, let it run as the user of the
agent: `fsGroup` already gives that user the volumes of the Pod.

Before:

    workers:
      - name: default
        initContainers:
          - name: prepare
            securityContext: {runAsUser: 0}

After:

    workers:
      - name: default
        initContainers:
          - name: prepare
            securityContext: {runAsUser: 50000, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}

## Not reported

The capability `NET_BIND_SERVICE`, which the restricted standard allows; components that are switched
off; ports and the network of the node, which NET007 reports.
"""

from astrovet import (
    Absent,
    Agent,
    Component,
    Context,
    Known,
    SecurityContext,
    Severity,
    Unknown,
    Verdicts,
    fail,
    fail_if,
    first_gap_only,
    rule,
    undecided,
)

HARMLESS = frozenset({"NET_BIND_SERVICE"})
"""What the baseline and the restricted Pod security standard let a container add."""


@rule(
    "REX028",
    "privileged-agent",
    on=Agent,
    severity=Severity.HIGH,
    sources=("PSS baseline",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    outcomes = _outcomes(agent)
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _outcomes(agent: Agent) -> Verdicts:
    for security in agent.security_contexts():
        yield from _rights(security)
        yield from _capabilities(security)
    for component in agent.running():
        yield from _volumes(component)


def _rights(security: SecurityContext) -> Verdicts:
    yield from fail_if(security.privileged, bool, "a container is privileged", remedy="remove privileged")
    remedy = "set runAsUser to 50000, for Sentinel to 5000"
    yield from fail_if(security.run_as_user, lambda user: user == 0, "a container runs as root", remedy=remedy)


def _capabilities(security: SecurityContext) -> Verdicts:
    match security.added_capabilities:
        case Known(names, place):
            if any(isinstance(name, Known) and name.value not in HARMLESS for name in names):
                yield fail(place, "a container gets further capabilities of Linux", remedy="remove capabilities.add")
            else:
                yield from (undecided(name) for name in names if isinstance(name, Unknown))
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass


def _volumes(component: Component) -> Verdicts:
    match component.volumes:
        case Known(volumes):
            for volume in volumes:
                match volume.host_path:
                    case Known(_, place):
                        yield fail(place, "a volume opens a folder of the node", remedy="use a volume of the cluster")
                    case Unknown() as unknown:
                        yield undecided(unknown)
                    case Absent():
                        pass
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass
