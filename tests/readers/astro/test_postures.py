"""What a plan changes of each kind of object; owners and address lists of organizations; links between plans."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.model.access import AddressList, Organization, Removal
from astrovet.model.change import Change, Drift, Effect, Posture
from astrovet.model.deployment import AgentToken, Cluster, Deployment
from astrovet.model.environment_object import EnvironmentObject
from astrovet.model.estate import Estate
from astrovet.readers.astro.links_between_plans import link_facts
from astrovet.readers.astro.resources import AstroFacts, read_facts
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Known, Unknown, Value
from support import known, root_module, state


def change(kind: str, actions: list[str], before: Any = None, after: Any = None, **more: Any) -> dict[str, Any]:
    paths = {"replace_paths": more.pop("replace_paths")} if "replace_paths" in more else {}
    return {
        "address": f"{kind}.a", "mode": "managed", "type": kind, "name": "a",
        "provider_name": "registry.terraform.io/astronomer/astro",
        "change": {"actions": actions, "before": before, "after": after, **paths}, **more,
    }  # fmt: skip


def facts(*changes: dict[str, Any], path: str = "plan.json", **more: Any) -> AstroFacts:
    text = json.dumps({"format_version": "1.2", "resource_changes": changes, **more})
    return read_facts(read(path, read_terraform(path, text)))


def sources(content: str) -> Estate:
    return read_facts(root_module({"main.tf": content}, ".")).estate


def listed(value: Value[tuple[Value[str], ...]]) -> object:
    return [state(text) for text in value.value] if isinstance(value, Known) else state(value)


def shown(posture: Posture) -> dict[str, object]:
    """What of a posture is there."""
    environment = posture.environment
    all_of_it: dict[str, object] = {
        "environment": [state(variable.name) for variable in environment.value]
        if isinstance(environment, Known)
        else "-",
        "enforces_cicd": state(posture.enforces_cicd),
        "admitted": listed(posture.admitted),
        "disaster_recovery": state(posture.disaster_recovery),
        "is_failed_over": state(posture.is_failed_over),
        "roles": listed(posture.roles),
        "is_secret": state(posture.is_secret),
    }
    return {name: value for name, value in all_of_it.items() if value != "-"}


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("astro_deployment", {"environment_variables": [{"key": "K"}]}, {"environment": ["K"]}),
        ("astro_deployment", {"is_cicd_enforced": True}, {"enforces_cicd": True}),
        (
            "astro_deployment",
            {"remote_execution": {"allowed_ip_address_ranges": ["10.0.0.0/8"]}},
            {"admitted": ["10.0.0.0/8"]},
        ),
        (
            "astro_cluster",
            {"is_dr_enabled": True, "is_failed_over": False},
            {"disaster_recovery": True, "is_failed_over": False},
        ),
        ("astro_api_token", {"roles": [{"role": "A"}, {"role": "B"}]}, {"roles": ["A", "B"]}),
        ("astro_api_token", {"roles": []}, {"roles": []}),
        ("astro_environment_object", {"is_secret": True}, {"is_secret": True}),
        ("astro_allowed_ip_address_ranges", {"ip_address_ranges": ["a", "b"]}, {"admitted": ["a", "b"]}),
    ],
)
def test_what_a_change_can_weaken(kind: str, values: dict[str, Any], expected: dict[str, object]) -> None:
    before = {"name": "claims", "id": "i", "cluster_id": "c", **values}
    (made,) = facts(change(kind, ["update"], before, {"name": "later"})).estate.of(Change)
    assert (shown(made.before), shown(made.after)) == (expected, {})
    assert (made.type, made.effect, state(made.name)) == (kind, Effect.UPDATE, "claims")
    assert state(made.cluster_id) == ("i" if kind == "astro_cluster" else "c")
    (turned,) = facts(change(kind, ["update"], {}, before)).estate.of(Change)
    assert (shown(turned.before), shown(turned.after)) == ({}, expected)
    (drifted,) = facts(resource_drift=[change(kind, ["update"], before, {"name": "later"})]).estate.of(Drift)
    assert (shown(drifted.before), shown(drifted.after)) == (expected, {})
    assert (drifted.type, state(drifted.name), drifted.id, drifted.block) == (kind, "claims", f"{kind}.a", f"{kind}.a")
    assert state(drifted.cluster_id) == state(made.cluster_id)


@pytest.mark.parametrize(
    ("actions", "effect"),
    [
        (["update"], Effect.UPDATE),
        (["delete", "create"], Effect.REPLACE),
        (["create", "delete"], Effect.REPLACE),
        (["delete"], Effect.DESTROY),
        (["create"], None),
        (["no-op"], None),
        (["forget"], None),
    ],
)
def test_effects(actions: list[str], effect: Effect | None) -> None:
    made = change(
        "astro_deployment", actions, {}, {}, action_reason="replace_by_request", replace_paths=[["name"], ["type"]]
    )
    changes = facts(made).estate.of(Change)
    assert [one.effect for one in changes] == ([] if effect is None else [effect])
    for one in changes:
        assert (one.reason, one.replaced_for) == ("replace_by_request", ("name", "type"))
        assert one.cause.pointer == "name"
    drift = facts(resource_drift=[made]).estate.of(Drift)
    assert len(drift) == (effect is Effect.UPDATE)
    assert facts(change("astro_workspace", actions, {}, {})).estate.of(Change) == ()


def test_without_a_reason_the_object_itself_is_the_cause() -> None:
    (made,) = facts(change("astro_deployment", ["delete"], {"name": "x"})).estate.of(Change)
    assert (made.reason, made.replaced_for, made.cause) == ("", (), made.place)


GRANTS = """
resource "astro_user_roles" "u" {
  user_id           = "u-1"
  organization_role = "ORGANIZATION_OWNER"
}
resource "astro_team" "t" {
  name              = "platform"
  organization_role = "ORGANIZATION_MEMBER"
}
resource "astro_team_roles" "r" {
  team_id           = astro_team.t.id
  organization_role = "ORGANIZATION_OWNER"
}
resource "astro_user_invite" "i" {
  email = "Ada@Example.com"
  role  = "ORGANIZATION_OWNER"
}
resource "astro_user_roles" "v" {
  user_id           = astro_user_invite.i.user_id
  organization_role = "ORGANIZATION_BILLING_ADMIN"
}
resource "astro_team_roles" "w" { team_id = var.team }
variable "team" {}
"""


def test_who_gets_which_role() -> None:
    (organization,) = sources(GRANTS).of(Organization)
    grants = {
        grant.id: (state(grant.role), state(grant.holder), state(grant.email), state(grant.name))
        for grant in organization.grants
    }
    owner = "ORGANIZATION_OWNER"
    assert grants == {
        "astro_user_roles.u": (owner, "u-1", "-", "-"),
        "astro_team.t": ("ORGANIZATION_MEMBER", "astro_team.t", "-", "platform"),
        "astro_team_roles.r": (owner, "astro_team.t", "-", "-"),
        "astro_user_invite.i": (owner, "ada@example.com", "Ada@Example.com", "-"),
        "astro_user_roles.v": ("ORGANIZATION_BILLING_ADMIN", "ada@example.com", "-", "-"),
        "astro_team_roles.w": ("-", "?", "-", "-"),
    }
    assert (organization.id, organization.block) == ("organization", "organization")


def lists(*changes: dict[str, Any], **more: Any) -> tuple[AddressList, ...]:
    return facts(*changes, **more).estate.of(AddressList)


RANGES = "astro_allowed_ip_address_ranges"


@pytest.mark.parametrize(
    ("actions", "removal"),
    [
        (["create"], None),
        (["no-op"], None),
        (["delete"], Removal.DELETED),
        (["forget"], Removal.FORGOTTEN),
    ],
)
def test_lists_of_addresses(actions: list[str], removal: Removal | None) -> None:
    values = {"ip_address_ranges": ["a"], "id": "org-1"}
    (made,) = lists(change(RANGES, actions, values, values))
    assert (made.removal, made.id, made.block, made.rivals, made.doubt) == (
        removal,
        f"{RANGES}.a",
        f"{RANGES}.a",
        (),
        None,
    )
    assert state(made.organization) == ("org-1" if removal is None else state(made.organization))


@pytest.mark.parametrize(
    ("first", "second", "rivals", "doubtful"),
    [("org-1", "org-1", 1, False), ("org-1", "org-2", 0, False)],
)
def test_two_lists(first: str, second: str, rivals: int, doubtful: bool) -> None:
    one = change(RANGES, ["no-op"], None, {"id": first})
    other = {**change(RANGES, ["no-op"], None, {"id": second}), "address": f"{RANGES}.b", "name": "b"}
    before, after = lists(one, other)
    assert (before.rivals, before.doubt) == ((), None)
    assert len(after.rivals) == rivals
    assert (after.doubt is not None) is doubtful
    gone = {**one, "change": {"actions": ["delete"], "before": {"id": first}, "after": None}}
    assert [made.rivals for made in lists(gone, other)] == [(), ()]


@pytest.mark.parametrize(
    ("first", "second", "rivals", "doubt"),
    [
        ("var.x", "var.x", 1, ""),
        ("var.x", "var.y", 0, "which organization it belongs to depends on var.y"),
        ('"org-1"', "var.y", 0, "which organization it belongs to depends on var.y"),
        ("var.x", '"org-1"', 0, "which organization it belongs to depends on var.x"),
        ('"org-1"', '"org-2"', 0, ""),
        ('"org-1"', '"org-1"', 1, ""),
    ],
)
def test_two_lists_of_providers_of_which_the_organization_may_be_the_same(
    first: str, second: str, rivals: int, doubt: str
) -> None:
    source = f"""
    variable "x" {{}}
    variable "y" {{}}
    provider "astro" {{ organization_id = {first} }}
    provider "astro" {{
      alias           = "other"
      organization_id = {second}
    }}
    resource "{RANGES}" "a" {{ ip_address_ranges = ["a"] }}
    resource "{RANGES}" "b" {{
      provider          = astro.other
      ip_address_ranges = ["b"]
    }}
    """
    before, after = sources(source).of(AddressList)
    assert (before.rivals, before.doubt) == ((), None)
    assert [place.address for place in after.rivals] == [f"{RANGES}.a"] * rivals
    assert (after.doubt.why if after.doubt is not None else "") == doubt


@pytest.mark.parametrize(
    ("setting", "variables", "expected", "words"),
    [
        ({"constant_value": "org-1"}, {}, "org-1", ""),
        ({"references": ["var.org"]}, {"org": {"value": "org-2"}}, "org-2", ""),
        (
            {"references": ["var.org"]},
            {},
            "?",
            "which organization it belongs to depends on var.org; scan the state after apply",
        ),
        (
            {"references": ["local.org"]},
            {},
            "?",
            "which organization it belongs to depends on local.org; scan the state after apply",
        ),
        (None, {}, "?", "which organization it belongs to is not shown; scan a full plan"),
    ],
)
def test_the_organization_of_a_list(setting: object, variables: object, expected: str, words: str) -> None:
    expressions = {} if setting is None else {"organization_id": setting}
    block = {"mode": "managed", "type": RANGES, "name": "a", "provider_config_key": "astro"}
    configuration = {
        "provider_config": {"astro": {"name": "astro", "expressions": expressions}},
        "root_module": {"resources": [block]},
    }
    (made,) = lists(change(RANGES, ["create"], None, {}), configuration=configuration, variables=variables)
    assert state(made.organization) == expected
    if isinstance(made.organization, Unknown):
        assert made.organization.in_full == words


def test_ids_that_another_plan_knows() -> None:
    first = facts(
        change("astro_workspace", ["no-op"], None, {"id": "w-1", "name": "claims"}),
        change("astro_cluster", ["no-op"], None, {"id": "c-1", "workspace_ids": ["w-1"]}),
        path="platform.json",
    )
    second = facts(
        change("astro_deployment", ["no-op"], None, {"id": "d-1", "cluster_id": "c-1", "workspace_id": "w-1"}),
        change("astro_agent_token", ["no-op"], None, {"deployment_id": "d-1"}),
        change(
            "astro_environment_object",
            ["no-op"],
            None,
            {
                "scope": "WORKSPACE",
                "scope_entity_id": "w-1",
                "links": [{"scope_entity_id": "d-1"}],
                "exclude_links": [{"scope_entity_id": "d-2"}],
            },
        ),
        path="deployments.json",
    )
    reaching = {"links": [{"scope_entity_id": "d-1"}], "exclude_links": [{"scope_entity_id": "d-1"}]}
    third = facts(change("astro_environment_object", ["no-op"], None, reaching), path="objects.json")
    (reached,) = link_facts([third, second])[0].estate.of(EnvironmentObject)
    assert [known(link.to).id for link in (*reached.linked, *reached.excluded)] == ["astro_deployment.a"] * 2
    (alone,) = second.estate.of(Deployment)
    assert (state(alone.cluster.to), alone.cluster.id) == ("?", "c-1")
    assert link_facts([second]) == (second,)
    for order in ([first, second], [second, first]):
        joined = dict(zip((part.estate.objects[0].place.path for part in order), link_facts(order), strict=True))
        (made,) = joined["deployments.json"].estate.of(Deployment)
        cluster = known(made.cluster.to)
        assert (cluster.id, made.cluster.how, made.cluster.id) == ("astro_cluster.a", "by its id", "c-1")
        assert [known(link.to).id for link in known(cluster.workspaces)] == ["astro_workspace.a"]
        assert known(made.workspace.to).id == "astro_workspace.a"
        (token,) = joined["deployments.json"].estate.of(AgentToken)
        assert known(known(token.deployment.to).cluster.to).id == "astro_cluster.a"
        (kept,) = joined["deployments.json"].estate.of(EnvironmentObject)
        assert known(kept.workspace.to).id == "astro_workspace.a"
        assert [known(link.to).id for link in kept.linked] == ["astro_deployment.a"]
        assert [state(link.to) for link in kept.excluded] == ["?"]
        assert joined["deployments.json"].identities[Deployment]["d-1"] == made
        assert joined["platform.json"].estate.of(Cluster) == first.estate.of(Cluster)
