"""The service accounts of agents must not rule the cluster, nor read every Secret of a namespace.

## Why

Every task can use the token of its Pod's service account. Where that is an administrator of the cluster, or reads all
Secrets, a mistake in one DAG or a dependency gone bad takes over what else runs there, and the agent's own token
with it.

## Fix

Bind a role that names the resources and the verbs.

Before:

    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}

After:

    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: task-pods}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: task-pods, namespace: airflow-agents}
    rules:
      - {apiGroups: [""], resources: [pods, pods/log], verbs: [create, get, list, watch, delete]}

## Not reported

Roles for single Secrets, by `resourceNames`; bindings of other service accounts. An agent's are those that its values
name, and those in its namespace whose names begin with `resourceNamePrefix`. A role that is not in the inputs is
undecided.
"""

from collections.abc import Iterable, Iterator

from astrovet import (
    Absent,
    Agent,
    BoundSubject,
    ClusterRights,
    Context,
    Fail,
    Known,
    KubernetesRole,
    RoleBinding,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    known_values,
    not_applicable,
    rule,
    undecided,
    unless_unclear,
)

REMEDY = "bind a role that names the resources and the verbs that tasks need, and single Secrets by `resourceNames`"
BUILT_IN = {
    "cluster-admin": "do everything",
    "admin": "read all Secrets",
    "edit": "read all Secrets",
    "view": "",
}
"""The roles that every cluster has for people, and what is too much of them."""
READING = frozenset({"get", "list", "watch", "*"})
EVERYONE = frozenset({"system:serviceaccounts", "system:authenticated", "system:unauthenticated"})
OF_NAMESPACE = "system:serviceaccounts:"
NOT_HERE = "the role that is bound here is not in these inputs"
HOW = "scan the manifest that has it too"


@rule(
    "REX038",
    "agent-rights-too-wide",
    on=RoleBinding,
    severity=Severity.HIGH,
    sources=("S000-18", "S003-23", "our inference"),
    controls=("PCI DSS v4 7.2", "SOC 2 CC6.1", "45 CFR 164.312(a)(1)"),
)
def check(binding: RoleBinding, context: Context) -> Verdicts:
    answers = [_is_an_agents(subject, context) for subject in binding.subjects]
    doubt = next((answer for answer in answers if isinstance(answer, Unknown)), None)
    if True in answers:
        yield from _judged(binding, context)
    elif doubt is None:
        yield not_applicable("it binds no service account of an agent of the inputs")
    else:
        yield from unless_unclear(doubt, _judged(binding, context))


def _judged(binding: RoleBinding, context: Context) -> Verdicts:
    match binding.role_kind, binding.role:
        case Known("ClusterRole"), Known(name) if name in BUILT_IN:
            if BUILT_IN[name]:
                yield _too_wide(binding, BUILT_IN[name])
        case Known(kind), Known(name):
            yield from _by_rules(binding, _roles(binding, kind, name, context))
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown)
        case (Known() | Absent(), _):
            pass


def _too_wide(binding: RoleBinding, what: str) -> Fail:
    where = "in the whole cluster" if binding.what == "ClusterRoleBinding" else "in a namespace"
    return fail(binding.role.place, f"a service account of the agents may {what} {where}", remedy=REMEDY, about=what)


def _roles(binding: RoleBinding, kind: str, name: str, context: Context) -> Iterator[KubernetesRole]:
    for role in context.estate.of(KubernetesRole):
        is_here = kind == "ClusterRole" or _text(role.namespace) == _text(binding.namespace)
        if role.what == kind and _text(role.name) == name and is_here:
            yield role


def _by_rules(binding: RoleBinding, roles: Iterable[KubernetesRole]) -> Verdicts:
    role = next(iter(roles), None)
    if role is None:
        yield undecided(Unknown(NOT_HERE, binding.role.place, how=HOW))
        return
    match role.rights:
        case Known(rights):
            for right in rights:
                match right:
                    case Known(granted) if what := _too_much(granted):
                        yield _too_wide(binding, what)
                        return
                    case Unknown() as unknown:
                        yield undecided(unknown)
                    case Known() | Absent():
                        pass
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass


def _too_much(granted: ClusterRights) -> str:
    """What is too much of a rule of a role; empty where nothing is."""
    groups, resources, verbs = map(set, map(known_values, (granted.groups, granted.resources, granted.verbs)))
    if "*" in groups & resources & verbs:
        return "do everything"
    is_about_secrets = bool(groups & {"", "*"}) and bool(resources & {"secrets", "*"})
    reads_all = is_about_secrets and not READING.isdisjoint(verbs) and not granted.names_single_objects
    return "read all Secrets" if reads_all else ""


def _is_an_agents(subject: BoundSubject, context: Context) -> bool | Unknown:
    match subject.kind, subject.name:
        case Known("Group"), Known(name):
            agents = [_text(agent.namespace) for agent in context.estate.of(Agent)]
            return bool(agents) and (name in EVERYONE or name in {f"{OF_NAMESPACE}{namespace}" for namespace in agents})
        case Known("ServiceAccount"), Known(name):
            answers = [_is_called(agent, name, subject.namespace) for agent in context.estate.of(Agent)]
            return True in answers or next((answer for answer in answers if isinstance(answer, Unknown)), False)
        case (Known() | Unknown() | Absent(), _):
            return False


def _is_called(agent: Agent, name: str, namespace: Value[str]) -> bool | Unknown:
    prefix = _text(agent.name)
    named = known_values(account.name for account in agent.service_accounts)
    if name not in named and not (prefix and name.startswith(f"{prefix}-")):
        return False
    for own in (agent.namespace, namespace):
        if isinstance(own, Unknown):
            return own
    return _text(agent.namespace) in ("", _text(namespace))


def _text(value: Value[str]) -> str:
    return value.value if isinstance(value, Known) else ""
