"""Whatever the sources decide is what Terraform's own plan shows, and no rule flips between the two.

Every folder of `fixtures/plans` that has sources and a plan of them is read both ways. Each exception
stands in a table below with its reason; one that is no longer needed fails the test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

import pytest

from astrovet.declared.configuration import Config
from astrovet.declared.scope import Scopes
from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.judging.rulebook import Context
from astrovet.judging.verdict import Fail, NotApplicable, Undecided
from astrovet.model.access import RootModule
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.change import Change, Drift
from astrovet.model.deployment import AgentToken, Deployment, ProviderConfiguration
from astrovet.model.estate import Estate, Input
from astrovet.model.network import InboundPath
from astrovet.model.requirement import Requirement
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile, TerraformSources
from astrovet.terraform.plan.attributes import PlannedAttributes
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import Terraform, read
from astrovet.terraform.resource import Action, Resource
from astrovet.terraform.source.environment import Environment
from astrovet.terraform.values.unknowns import unknowns_in
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value
from support import DATA, ROOT, expect_of_file, root_module, text_files

PLANS = ROOT / "fixtures" / "plans"
NO_PLAN_OF_THESE_SOURCES = {
    "destroy": "the plan removes what the sources describe",
    "errored-plan": "the plan lacks what comes after the error",
    "state-show": "a state, no plan",
}
FIXTURES = sorted(
    path.parent.name for path in PLANS.glob("*/plan.json") if path.parent.name not in NO_PLAN_OF_THESE_SOURCES
)

# --- what the providers' schemas say of the attributes that the fixtures write

SETS = frozenset(
    {
        "astro_allowed_ip_address_ranges.ip_address_ranges",
        "astro_api_token.roles",
        "astro_cluster.workspace_ids",
        "astro_custom_role.permissions",
        "astro_deployment.contact_emails",
        "astro_deployment.environment_variables",
        "astro_deployment.remote_execution.allowed_ip_address_ranges",
        "astro_deployment.scaling_spec.hibernation_spec.schedules",
        "astro_deployment.worker_queues",
        "astro_environment_object.exclude_links",
        "astro_environment_object.links",
        "astro_hybrid_cluster_workspace_authorization.workspace_ids",
        "astro_team.deployment_roles",
        "astro_team.member_ids",
        "astro_team.workspace_roles",
        "astro_team_roles.deployment_roles",
        "astro_team_roles.workspace_roles",
        "astro_user_roles.deployment_roles",
        "astro_user_roles.workspace_roles",
        "aws_eks_cluster.encryption_config.resources",
        "aws_eks_cluster.vpc_config.public_access_cidrs",
        "aws_eks_cluster.vpc_config.security_group_ids",
        "aws_eks_cluster.vpc_config.subnet_ids",
        "aws_s3_bucket_server_side_encryption_configuration.rule",
        "aws_security_group.egress",
        "aws_security_group.ingress",
        "azurerm_kubernetes_cluster.api_server_access_profile.authorized_ip_ranges",
        "azurerm_network_security_group.security_rule",
        "azurerm_storage_account.network_rules.ip_rules",
        "google_container_cluster.master_authorized_networks_config.cidr_blocks",
        "helm_release.set",
        "helm_release.set_sensitive",
    }
)
"""Attributes whose items have no order. (Helm's `set` is a list since version 3 of its provider.)"""

FILLED_IN: Mapping[str, object] = {
    "astro_deployment.remote_execution.allowed_ip_address_ranges": (),
    "aws_eks_cluster.vpc_config.endpoint_private_access": False,
    "aws_eks_cluster.vpc_config.endpoint_public_access": True,
    "aws_s3_bucket.force_destroy": False,
    "aws_s3_bucket_public_access_block.block_public_policy": False,
    "helm_release.namespace": "default",
    "kubernetes_network_policy.spec.ingress.ports.protocol": "TCP",
    "kubernetes_secret.metadata.namespace": "default",
    "kubernetes_service.metadata.namespace": "default",
    "kubernetes_service.spec.port.protocol": "TCP",
    "kubernetes_service.spec.type": "ClusterIP",
}
"""What the provider plans where the author wrote nothing, or null."""

ANSWERED = frozenset({"astro_deployment.environment_variables.updated_at"})
"""What the service answers: a plan shows it where an earlier one was applied."""

SENSITIVE_BY_SCHEMA = (
    "astro_deployment.environment_variables",
    "astro_environment_object",
    "astro_notification_channel.definition",
    "aws_secretsmanager_secret_version.secret_string",
    "helm_release.set_sensitive",
    "kubernetes_secret.data",
)
"""The provider marks these, or some below; that does not stand in the sources."""

# --- the exceptions

OPEN_INSTANCES: Mapping[str, Mapping[str, str]] = {
    "path-and-workspace": {"module.inner.astro_workspace.this": "for_each over fileset"},
    "variables-without-value": {
        "astro_deployment.spare": "count comes with -var",
        "astro_workspace.team": "for_each comes with -var",
    },
}
"""Blocks of which the sources do not show how many instances there are."""

SHOWN_BY_SOURCES_ONLY: Mapping[str, Mapping[str, str]] = {
    "unknown-conditions": {"astro_deployment.this.environment_variables.value": "an id that is computed is never null"},
}
"""Attributes that the sources decide although the plan cannot."""

LINKED_BY_SOURCES_ONLY: Mapping[str, Mapping[tuple[str, str], str]] = {
    "agent-chain": {
        (f'module.agent["{site}"].{block}', "deployment"): f'astro_deployment.site["{site}"]'
        for site in ("berlin", "boston")
        for block in ("astro_agent_token.this", "helm_release.agent")
    },
    "cluster-links": {
        ('module.deployment["orders"].astro_deployment.this', "cluster"): 'astro_cluster.region["us"]',
        ('module.deployment["reports"].astro_deployment.this', "cluster"): 'astro_cluster.region["eu"]',
        ("module.either.astro_deployment.this", "cluster"): 'astro_cluster.region["us"]',
        ("module.vault.astro_deployment.this", "cluster"): 'astro_cluster.region["us"]',
    },
    "fleet-200": {
        (f'astro_deployment.fleet["dep-{number:03}"]', what): target
        for number in range(200)
        for what, target in (
            ("cluster", f'astro_cluster.c["{"abc"[number % 3]}"]'),
            ("workspace", f'astro_workspace.w["team-{number % 20:02}"]'),
        )
    },
    "typed-modules": {
        (f'module.platform.module.agent["{name}"].helm_release.agent', "deployment"): (
            f'module.platform.astro_deployment.d["{name}"]'
        )
        for name in ("claims", "tides")
    },
    "for-each-forms": {
        (f'astro_deployment.each["{team}/{stage}"]', "workspace"): f'astro_workspace.stage["{stage}"]'
        for team, stage in (("claims", "prod"), ("risk", "dev"), ("risk", "prod"))
    },
    "modules-nested": {
        (f'module.team["{team}"].module.deployment[{index}].astro_deployment.this', "cluster"): target
        for team, index, target in (
            ("mkt.sales", 0, "astro_cluster.shared[1]"),
            ("risk", 0, "astro_cluster.shared[0]"),
            ("risk", 1, "astro_cluster.shared[0]"),
        )
    },
    "security-group-chain": {
        (group, "cluster"): "module.cluster.aws_eks_cluster.agents"
        for group in (
            "aws_security_group.agents",
            'aws_security_group_rule.legacy["https"]',
            'aws_security_group_rule.legacy["ssh"]',
            "aws_vpc_security_group_ingress_rule.new[0]",
            "aws_vpc_security_group_ingress_rule.new[1]",
        )
    },
}
"""What the sources find an object to belong to by following references, which a plan lists without keys and steps."""

LESS_LINKED: Mapping[str, Mapping[tuple[str, str], str]] = {
    "unknown-conditions": {("astro_deployment.this", "workspace"): "coalesce may give the text that stands in it"},
}
"""Links that the sources leave open, where the plan only lists the one reference of the expression."""

_APPLIED = "an id that an earlier apply gave"
_DATA = "read from a data source while planning"

LEFT_OPEN: Mapping[str, Mapping[str, str]] = {
    "change-actions": {
        "astro_agent_token.t.deployment_id": _APPLIED,
        "astro_api_token.cbd.roles.entity_id": _APPLIED,
        "astro_cluster.main.workspace_ids": _APPLIED,
        "astro_deployment.this.cluster_id": _APPLIED,
        "astro_deployment.this.workspace_id": _APPLIED,
    },
    "no-changes": {
        "astro_agent_token.t.deployment_id": _APPLIED,
        "astro_cluster.main.workspace_ids": _APPLIED,
        "astro_deployment.this.cluster_id": _APPLIED,
        "astro_deployment.this.workspace_id": _APPLIED,
    },
    "data-sources": {
        "astro_deployment.d.cluster_id": _DATA,
        "astro_deployment.d.is_high_availability": _DATA,
        "astro_deployment.d.type": _DATA,
        "astro_workspace.w.description": _DATA,
    },
    "remote-exec-aws-open": {
        "aws_security_group.agents.ingress.cidr_blocks": _DATA,
        "aws_security_group.agents.vpc_id": _DATA,
    },
    "variables-without-value": {
        "astro_deployment.orders.contact_emails": "-var",
        "astro_deployment.orders.description": "-var",
        "astro_deployment.orders.environment_variables.value": "-var",
        "astro_deployment.orders.is_cicd_enforced": "-var",
        "astro_deployment.orders.name": "-var",
        "astro_deployment.spare.name": "-var",
        "astro_workspace.team.description": "-var",
        "astro_workspace.team.name": "-var",
    },
    "path-and-workspace": {
        "astro_deployment.this.description": "where Terraform runs (path.cwd) does not stand in the sources",
        "module.inner.astro_workspace.this.cicd_enforced_default": "a file that is not there may be made before",
        "module.inner.astro_workspace.this.description": "for_each over fileset",
        "module.inner.astro_workspace.this.name": "for_each over fileset",
    },
    "conversions": {
        "astro_deployment.this.environment_variables.value": "1 / 3 has 154 digits; a list with a text as index",
    },
    "unknown-conditions": {
        "aws_security_group.agents.ingress": "the plan has one block of unknown content for an unknown number of them",
    },
}
"""What the plan shows and the sources leave open."""

# --- both readings


@cache
def contents(name: str) -> dict[str, str]:
    """All files of a fixture but the plans, by displayed path."""
    folder = PLANS / name
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.match("plan*.json")
    }


@cache
def planned(name: str) -> Terraform:
    return read(f"{name}/plan.json", read_terraform(f"{name}/plan.json", (PLANS / name / "plan.json").read_text()))


@cache
def from_sources(name: str) -> Terraform:
    return root_module(contents(name), name, Environment(workspace="default"))


def managed(terraform: Terraform) -> dict[str, Resource]:
    """The managed instances by address; each address stands once."""
    judged = [resource for resource in terraform.resources if resource.is_judged]
    by_address = {resource.address: resource for resource in judged}
    assert len(by_address) == len(judged)
    return by_address


def pairs(name: str) -> Iterator[tuple[Resource, Resource]]:
    """Each instance of the sources with the planned one; one of an open block with all that are planned."""
    plan = managed(planned(name))
    for address, resource in managed(from_sources(name)).items():
        if resource.block in OPEN_INSTANCES.get(name, {}):
            yield from ((resource, counterpart) for counterpart in plan.values() if counterpart.block == resource.block)
        elif address in plan:
            yield resource, plan[address]


# --- values

HERE = Place("main.tf")
Items: TypeAlias = tuple[Value[Tree], ...]


def canonical(leaf: Tree) -> str:
    """A leaf as text: the provider's schema decides whether 80 is a number or a text."""
    match leaf:
        case bool():
            return "true" if leaf else "false"
        case float():
            return format(Decimal(str(leaf)).normalize(), "f")
        case _:
            return str(leaf)


def nothing(value: Value[Tree], path: str) -> bool:
    """Whether the plan shows what comes about where the author gives nothing."""
    match value:
        case Unknown() | Absent() | Known(List(())):
            return True
        case Known(Map() | List()):
            return False
        case Known(leaf):
            return path in ANSWERED or (path in FILLED_IN and leaf == FILLED_IN[path])


def differences(source: Value[Tree], plan: Value[Tree], path: str) -> Iterator[tuple[str, str]]:
    """Where the two disagree, as (kind, path): `wrong`, `claimed` by the sources alone, or left `open` by them."""
    match source, plan:
        case Unknown(), Known(leaf):
            yield ("open" if canonical(leaf).startswith(source.prefix) else "wrong"), path
        case Unknown(), Absent():
            yield "open", path
        case Unknown(), Unknown():
            pass
        case Absent(), _:
            if not nothing(plan, path):
                yield "wrong", path
        case Known(), Unknown():
            yield "claimed", path
        case Known(Map() as ours), Known(Map() as theirs):
            for key, entry in ours.entries.items():
                twin = theirs.entries.get(key)
                yield from differences(entry.value, twin.value, f"{path}.{key}") if twin else [("wrong", path)]
            for key, entry in theirs.entries.items():
                if key not in ours.entries and not nothing(entry.value, f"{path}.{key}"):
                    yield ("open" if ours.unlisted is not None else "wrong"), f"{path}.{key}"
        case Known(List(ours)), Known(List(theirs)):
            if path in SETS:
                yield from set_differences(ours, theirs, path)
            elif len(ours) != len(theirs):
                yield "wrong", path
            else:
                for one, other in zip(ours, theirs, strict=True):
                    yield from differences(one, other, path)
        case Known(Map() | List()), _:
            yield "wrong", path
        case Known(leaf), Known(other) if not isinstance(other, Map | List):
            if canonical(leaf) != canonical(other):
                yield "wrong", path
        case _:
            yield "wrong", path


def set_differences(ours: Items, theirs: Items, path: str) -> Iterator[tuple[str, str]]:
    """Each item is held against the one most like it; an unknown one can be any that is left."""
    settled = [item for item in ours if not isinstance(item, Unknown)]
    left = list(range(len(theirs)))
    for item in settled:
        comparisons = [list(differences(item, other, path)) for other in theirs]
        if not comparisons:
            yield "wrong", path
            continue
        nearest = min(range(len(theirs)), key=lambda index: (badness(comparisons[index]), index not in left))
        left = [index for index in left if index != nearest]
        yield from comparisons[nearest]
    for index in left:
        if len(settled) == len(ours):
            yield "wrong", path
        elif isinstance(theirs[index], Known):
            yield "open", path


def badness(disagreements: list[tuple[str, str]]) -> tuple[int, int]:
    return sum(kind == "wrong" for kind, _ in disagreements), len(disagreements)


def tree(plain: object) -> Value[Tree]:
    """A value from plain data: `...` is unknown, None is absent."""
    match plain:
        case dict():
            return Known(Map({key: Entry(key, HERE, tree(part)) for key, part in plain.items()}), HERE)
        case list():
            return Known(List(tuple(map(tree, plain))), HERE)
        case str() | bool() | int() | float():
            return Known(plain, HERE)
        case None:
            return Absent(HERE)
        case _:
            return Unknown("unknown", HERE)


@pytest.mark.parametrize(
    ("source", "plan", "kinds"),
    [
        ("80", 80, []),
        (True, "true", []),
        (1.0, "1", []),
        ("a", "b", ["wrong"]),
        (True, "1", ["wrong"]),
        (None, "a", ["wrong"]),
        ("a", None, ["wrong"]),
        ("a", ..., ["claimed"]),
        (..., "a", ["open"]),
        (..., ..., []),
        (["a", "b"], ["b", "a"], ["wrong", "wrong"]),
        (["a"], ["a", "b"], ["wrong"]),
        ({"a": 1}, {"a": 1, "b": None}, []),
        ({"a": 1}, {"a": 1, "b": 2}, ["wrong"]),
        ({"a": 1, "b": 2}, {"a": 1}, ["wrong"]),
        ({"a": ...}, {"a": 1}, ["open"]),
    ],
)
def test_differences_are_seen(source: object, plan: object, kinds: list[str]) -> None:
    assert [kind for kind, _ in differences(tree(source), tree(plan), "a_type.attribute")] == kinds


@pytest.mark.parametrize(
    ("source", "plan", "kinds"),
    [
        (["a", "b"], ["b", "a"], []),
        (["a", "a"], ["a"], []),
        (["a"], ["b"], ["wrong"]),
        (["a"], ["a", "b"], ["wrong"]),
        (["a", "b"], ["a"], ["wrong"]),
        ([...], ["a", "b"], ["open", "open"]),
        (["a", ...], [..., "a"], []),
        (["a", "b"], ["a", ...], ["claimed"]),
        ([{"key": "b", "value": ...}, {"key": "a", "value": "1"}], [{"key": "a", "value": 1}, {"key": "b"}], ["wrong"]),
    ],
)
def test_differences_of_sets_are_seen(source: object, plan: object, kinds: list[str]) -> None:
    disagreements = differences(tree(source), tree(plan), "astro_deployment.contact_emails")
    assert [kind for kind, _ in disagreements] == kinds


def test_a_wrong_beginning_is_seen() -> None:
    begun = Unknown("the rest is unknown", HERE, prefix="s3://")
    assert [kind for kind, _ in differences(begun, tree("s3://logs"), "a_type.attribute")] == ["open"]
    assert [kind for kind, _ in differences(begun, tree("gs://logs"), "a_type.attribute")] == ["wrong"]


@cache
def compared(name: str) -> tuple[tuple[str, str, str], ...]:
    """Every disagreement of a fixture: its kind, the instance, the attribute without any key."""
    return tuple(
        (kind, resource.address, f"{resource.block}{where.removeprefix(resource.type)}")
        for resource, plan in pairs(name)
        for attribute in written(plan)
        for kind, where in differences(
            resource.computed(attribute), plan.computed(attribute), f"{resource.type}.{attribute}"
        )
    )


def written(resource: Resource) -> list[str]:
    """The attributes that the author wrote, as the plan's configuration lists them."""
    attributes = resource.attributes
    assert isinstance(attributes, PlannedAttributes)
    return [
        name
        for name, after in (attributes.after or {}).items()
        if attributes.writes(name) or (resource.action is Action.CREATE and is_blocks(after))
    ]


def is_blocks(after: object) -> bool:
    """A plan's configuration leaves out what `dynamic` makes: that blocks are planned shows that they are written."""
    return isinstance(after, list) and any(isinstance(item, dict) for item in after)


@pytest.mark.parametrize("name", FIXTURES)
def test_the_instances_are_those_of_the_plan(name: str) -> None:
    plan, source = managed(planned(name)), managed(from_sources(name))
    unsure = OPEN_INSTANCES.get(name, {})
    assert unsure.keys() <= {resource.block for resource in source.values()}
    certain = {address for address, resource in source.items() if resource.block not in unsure}
    assert certain == {address for address, resource in plan.items() if resource.block not in unsure}


@pytest.mark.parametrize("name", FIXTURES)
def test_what_the_sources_decide_is_what_the_plan_shows(name: str) -> None:
    assert [(address, where) for kind, address, where in compared(name) if kind == "wrong"] == []


@pytest.mark.parametrize("name", FIXTURES)
def test_the_sources_claim_what_the_plan_cannot_know_only_where_they_show_it(name: str) -> None:
    claimed = {where for kind, _, where in compared(name) if kind == "claimed"}
    assert claimed == set(SHOWN_BY_SOURCES_ONLY.get(name, {}))


@pytest.mark.parametrize("name", FIXTURES)
def test_the_sources_leave_open_only_what_they_do_not_hold(name: str) -> None:
    left = {where for kind, _, where in compared(name) if kind == "open"}
    assert left == set(LEFT_OPEN.get(name, {})), "LEFT_OPEN has to list what is open, with the reason, and no more"


@pytest.mark.parametrize("name", FIXTURES)
def test_origins_are_instances_of_the_plan(name: str) -> None:
    plan = planned(name)
    addresses = {"", *(instance.address for instance in plan.resources), *OPEN_INSTANCES.get(name, {})}
    for resource in managed(from_sources(name)).values():
        for attribute in written_in_sources(resource, plan):
            for lost in unknowns_in(resource.computed(attribute)):
                origins = {origin for origin in lost.origins if not origin.startswith("var.")}
                assert origins <= addresses, f"{resource.address}.{attribute}"


def written_in_sources(resource: Resource, plan: Terraform) -> list[str]:
    alike = next(candidate for candidate in plan.resources if candidate.type == resource.type)
    assert isinstance(alike.attributes, PlannedAttributes)
    return [name for name in alike.attributes.after or {} if resource.writes(name)]


# --- what both readings say besides values


def described(value: Value[Tree], path: str) -> Iterator[str]:
    """Every leaf with its place, why it is unknown, and what it comes from."""
    place = value.place
    stands = (
        f"{place.path}:{place.line}:{place.column}-{place.end_line}:{place.end_column}" if place.line else place.path
    )
    match value:
        case Known(Map() as tree, sensitive=sensitive):
            yield f"{path} {{}} at {stands}{' sensitive' if sensitive else ''}"
            for entry in tree.entries.values():
                yield from described(entry.value, f"{path}.{entry.key}")
            if tree.unlisted is not None:
                yield from described(tree.unlisted, f"{path}.*")
        case Known(List(items), sensitive=sensitive):
            yield f"{path} [] at {stands}{' sensitive' if sensitive else ''}"
            for number, item in enumerate(items):
                yield from described(item, f"{path}[{number}]")
        case Known(leaf, sensitive=sensitive, written=written):
            marks = (" sensitive" if sensitive else "") + (" written" if written else "")
            yield f"{path} = {leaf!r} at {stands}{marks}"
        case Unknown(why, how=how, prefix=prefix, origins=origins):
            begins = f" beginning {prefix!r}" if prefix else ""
            yield f"{path} ? {why}{f'; {how}' if how else ''}{begins} <- {', '.join(origins)} at {stands}"
        case Absent(explicit=explicit):
            yield f"{path} {'null' if explicit else 'absent'} at {stands}"


@pytest.mark.parametrize("name", FIXTURES)
def test_reasons_places_and_origins_are_as_recorded(name: str) -> None:
    """`make expected` records them anew: after a deliberate change, and to read the difference."""
    lines: list[str] = []
    for terraform in (from_sources(name), planned(name)):
        shown: Counter[str] = Counter()
        for resource in sorted(terraform.resources, key=lambda resource: resource.address):
            shown[resource.block] += 1
            if shown[resource.block] > 3:
                continue
            lines.append(f"{resource.address} {resource.action} {resource.provider} {resource.place}")
            alike = next((other for other in planned(name).resources if other.type == resource.type), None)
            for attribute in written_in_sources(resource, planned(name)) if alike is not None else ():
                lines.extend(f"  {line}" for line in described(resource.attribute(attribute), attribute))
                lines.append(f"  {attribute} <- {', '.join(resource.attributes.references(attribute))}")
    expect_of_file("".join(f"{line}\n" for line in lines), DATA / "evaluated" / f"{name}.txt")


# --- what is sensitive


def leaves(value: Value[Tree], marked: bool = False) -> Iterator[tuple[str, bool]]:
    """Every text with whether it, or what it stands in, is marked as sensitive."""
    match value:
        case Known(Map(entries), _, sensitive):
            for entry in entries.values():
                yield from leaves(entry.value, marked or sensitive)
        case Known(List(items), _, sensitive):
            for item in items:
                yield from leaves(item, marked or sensitive)
        case Known(leaf, _, sensitive):
            yield canonical(leaf), marked or sensitive
        case Unknown() | Absent():
            pass


@pytest.mark.parametrize("name", FIXTURES)
def test_what_the_plan_marks_as_sensitive_the_sources_mark_too(name: str) -> None:
    missing = [
        f"{resource.block}.{attribute}"
        for resource, plan in pairs(name)
        for attribute in written(plan)
        if not f"{resource.type}.{attribute}".startswith(SENSITIVE_BY_SCHEMA)
        for text in {text for text, marked in leaves(plan.computed(attribute)) if marked}
        if (text, False) in set(leaves(resource.computed(attribute)))
    ]
    assert missing == []


def test_a_sensitive_value_stays_so_wherever_it_goes() -> None:
    secrets = ("EXAMPLE-db-Ke83", "EXAMPLE-agent-c70d", "EXAMPLE-marked-04aa")
    marks = {
        (secret, marked)
        for resource in managed(from_sources("sensitive-values")).values()
        for attribute in ("environment_variables", "secret_string", "values")
        if resource.writes(attribute)
        for text, marked in leaves(resource.computed(attribute))
        for secret in (*secrets, "EXAMPLE-literal-5e1b")
        if secret in text
    }
    assert marks == {*((secret, True) for secret in secrets), ("EXAMPLE-literal-5e1b", False)}


# --- verdicts

SCANNED = (".tf", ".tf.json", ".tfvars", ".tfvars.json")

NOT_OF_BOTH = frozenset({Estate, Input, RootModule, Change, Drift})
"""Only sources say where the state is kept, and only a plan what it changes."""

RULES = [rule for rule in load_pack(BUILT_IN) if not NOT_OF_BOTH.issuperset(rule.on)]

LESS_DECIDED: Mapping[str, Mapping[str, str]] = {
    "data-sources": {"astro_deployment.d": _DATA, "data.astro_cluster.shared": _DATA},
    "path-and-workspace": {
        "astro_deployment.this": "set by the selected workspace, which the sources do not name",
        "module.inner.astro_workspace.this": "set by whether a file is there, and it is not at hand",
    },
    "remote-exec-aws-open": {"aws_security_group.agents": _DATA},
    "variables-without-value": {"astro_deployment.orders": "set by a variable that the plan was given by hand"},
}
"""Blocks of which a rule decides on the plan and not on the sources."""


@cache
def estates(name: str) -> tuple[Estate, Estate]:
    """The estate of the plan and that of the sources."""
    plan = SourceFile.of(f"{name}/plan.json", (PLANS / name / "plan.json").read_bytes(), Role.PLAN)
    files = contents(name)
    scanned = {path: text.encode() for path, text in files.items() if path.endswith(SCANNED)}
    read = tuple(SourceFile.of(path, data, Role.FOUND) for path, data in scanned.items())
    others = text_files({path: text for path, text in files.items() if not path.endswith(SCANNED)})
    return build([plan], name).estate, build([], name, TerraformSources(read, others)).estate


def verdicts(estate: Estate) -> dict[tuple[str, str], dict[str, str]]:
    """What each rule says of each subject, by rule and block: pass, fail or unknown by what it is about.

    A rule that says nothing about something passes it. Every requirement is declared, so that all rules speak.
    """
    config = Config(requires=frozenset(Requirement))
    scopes = Scopes(estate, lambda _: config)
    by_subject: dict[tuple[str, str], dict[str, str]] = {}
    for rule in RULES:
        for subject in (subject for kind in rule.on for subject in estate.of(kind)):
            said = by_subject.setdefault((rule.id, subject.block), {})
            for outcome in rule.check(subject, Context(estate, config.requires, scopes, "2026-11-22")):
                match outcome:
                    case Fail(about=about):
                        said[about] = "fail"
                    case Undecided(about=about):
                        said.setdefault(about, "unknown")
                    case NotApplicable():
                        pass
    return by_subject


def judged_alike(said: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether each failure is one on the other side too, or could be."""
    return all(kind != "fail" or about in other or other.get("") == "unknown" for about, kind in said.items())


@pytest.mark.parametrize("name", FIXTURES)
def test_no_rule_flips(name: str) -> None:
    plan, source = map(verdicts, estates(name))
    flipped = {
        key: (plan.get(key), source.get(key))
        for key in plan.keys() | source.keys()
        if not judged_alike(plan.get(key, {}), source.get(key, {}))
        or not judged_alike(source.get(key, {}), plan.get(key, {}))
    }
    assert flipped == {}


@pytest.mark.parametrize("name", FIXTURES)
def test_links_lead_to_the_same_objects(name: str) -> None:
    plan, source = map(links, estates(name))
    left_open = dict.fromkeys(LESS_LINKED.get(name, {}), "Unknown")
    expected = {**plan, **LINKED_BY_SOURCES_ONLY.get(name, {}), **left_open}
    both = plan.keys() & source.keys()
    assert {key: source[key] for key in both} == {key: expected[key] for key in both}


@pytest.mark.parametrize("name", LINKED_BY_SOURCES_ONLY)
def test_the_sources_link_what_the_plan_cannot(name: str) -> None:
    plan, source = map(links, estates(name))
    assert source.items() >= LINKED_BY_SOURCES_ONLY[name].items()
    assert {plan[key] for key in LINKED_BY_SOURCES_ONLY[name]} == {"Unknown"}


def links(estate: Estate) -> dict[tuple[str, str], str]:
    """What each object belongs to: an id, or the kind of value that stands for none."""
    linked: list[tuple[str, str, Value[Any]]] = [
        *((deployment.id, "cluster", deployment.cluster.to) for deployment in estate.of(Deployment)),
        *((deployment.id, "workspace", deployment.workspace.to) for deployment in estate.of(Deployment)),
        *((agent.id, "deployment", agent.deployment.to) for agent in estate.of(Agent)),
        *((token.id, "deployment", token.deployment.to) for token in estate.of(AgentToken)),
        *((path.id, "cluster", path.cluster.to) for path in estate.of(InboundPath)),
    ]
    return {(owner, what): to.value.id if isinstance(to, Known) else type(to).__name__ for owner, what, to in linked}


@pytest.mark.parametrize("name", FIXTURES)
def test_resources_use_the_same_configuration_of_their_provider(name: str) -> None:
    """But below a module that does not require the provider: there a plan lists an empty configuration."""
    configuration = planned(name).configuration
    assert configuration is not None
    for source, plan in pairs(name):
        key = plan.provider_key
        is_empty = ":" in key and not configuration.provider_config[key].expressions
        assert source.provider_key == (key.rpartition(":")[2] if is_empty else key), plan.address


@pytest.mark.parametrize("name", FIXTURES)
def test_the_same_subjects_are_judged(name: str) -> None:
    """But for providers: a plan also lists one that a module requires and does not configure.

    And for what is not seen: sources name what a plan leaves open."""
    plan, source = ({subject.block for subject in subjects(estate)} for estate in estates(name))
    assert plan == source


def subjects(estate: Estate) -> Iterator[Subject]:
    for kind in {kind for rule in RULES for kind in rule.on} - {ProviderConfiguration, BlindSpot}:
        yield from estate.of(kind)


@pytest.mark.parametrize("name", FIXTURES)
def test_only_unknown_becomes_decided(name: str) -> None:
    plan, source = map(verdicts, estates(name))
    lost = {
        block
        for (rule, block), said in source.items()
        if "unknown" in said.values() and "unknown" not in plan.get((rule, block), {}).values()
    }
    assert lost == set(LESS_DECIDED.get(name, {})), "LESS_DECIDED has to list these, with the reason, and no others"


def test_the_fixtures_make_rules_pass_and_fail() -> None:
    """Else that nothing flips would prove nothing."""
    said = [kind for name in FIXTURES for outcomes in verdicts(estates(name)[1]).values() for kind in outcomes.values()]
    assert said.count("fail") > 40
