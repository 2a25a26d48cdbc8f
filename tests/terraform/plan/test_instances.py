"""A plan or a state becomes instances: with their actions, what is changed of them, and what the plan does not show."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from astrovet.document import InputKind, ProblemKind
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import Terraform, read
from astrovet.terraform.resource import Action
from support import state

FULL = "terraform plan -out=plan.out && terraform show -json plan.out > plan.json"


def change(address: str, actions: list[str], **more: Any) -> dict[str, Any]:
    kind, name = re.findall(r"(aws_\w+)\.(\w+)", address)[-1]
    values = {key: more.pop(key) for key in ("before", "after", "before_sensitive", "replace_paths") if key in more}
    return {
        "address": address, "mode": "managed", "type": kind, "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws", "change": {"actions": actions, **values}, **more,
    }  # fmt: skip


def terraform(**content: Any) -> Terraform:
    return read("plan.json", read_terraform("plan.json", json.dumps({"format_version": "1.2", **content})))


@pytest.mark.parametrize(
    ("actions", "action", "is_judged"),
    [
        (["create"], Action.CREATE, True),
        (["create", "delete"], Action.REPLACE, True),
        (["delete", "create"], Action.REPLACE, True),
        (["create", "forget"], Action.CREATE, True),
        (["update"], Action.UPDATE, True),
        (["delete"], Action.DELETE, False),
        (["forget"], Action.FORGET, False),
        (["read"], Action.READ, False),
        (["no-op"], Action.KEEP, True),
        ([], Action.KEEP, True),
    ],
)
def test_actions(actions: list[str], action: Action, is_judged: bool) -> None:
    (instance,) = terraform(resource_changes=[change("aws_x.a", actions)]).resources
    assert (instance.action, instance.is_judged) == (action, is_judged)


def test_what_an_instance_is() -> None:
    address = 'module.m["k"].aws_x.a[0]'
    made = change(address, ["create"], after={"name": "n"}, module_address='module.m["k"]', index=0)
    block = {"mode": "managed", "type": "aws_x", "name": "a", "provider_config_key": "module.m:aws.eu"}
    inner = {"resources": [{**block, "expressions": {"name": {"references": ["var.n"]}}}]}
    plan = terraform(
        resource_changes=[made],
        configuration={"root_module": {"module_calls": {"m": {"module": inner}}}},
        variables={"a": {"value": 1}},
    )
    (instance,) = plan.resources
    assert (instance.address, instance.module_address) == (address, 'module.m["k"]')
    assert (instance.mode, instance.type, instance.name, instance.provider) == (
        "managed",
        "aws_x",
        "a",
        "hashicorp/aws",
    )
    assert (instance.block, instance.provider_key) == ("module.m.aws_x.a", "module.m:aws.eu")
    assert (instance.place.path, instance.place.address) == ("plan.json", address)
    assert (state(instance.attribute("name")), instance.references("name")) == ("n", ("var.n",))
    assert not instance.writes("other")
    assert (plan.kind, plan.variables) == (InputKind.TERRAFORM_PLAN, {"a": 1})
    assert plan.by_address == {address: instance}


def test_modules_within_modules() -> None:
    block = {"mode": "managed", "type": "aws_x", "name": "a", "expressions": {"name": {"references": ["var.deep"]}}}
    deep = {"module_calls": {"n": {"module": {"resources": [block]}}}}
    made = change("module.m.module.n.aws_x.a", ["create"], module_address="module.m.module.n")
    plan = terraform(resource_changes=[made], configuration={"root_module": {"module_calls": {"m": {"module": deep}}}})
    assert plan.resources[0].references("name") == ("var.deep",)


def test_resources_by_type() -> None:
    changes = [change(f"aws_{name}", ["create"]) for name in ("b.one", "a.one", "b.two")]
    plan = terraform(resource_changes=[*changes, change("aws_a.gone", ["delete"])])
    assert [instance.address for instance in plan.of_types(("aws_a", "aws_b", "aws_a", "aws_c"))] == [
        *("aws_b.one", "aws_a.one", "aws_b.two", "aws_a.gone")
    ]
    assert [instance.address for instance in plan.judged(("aws_a",))] == ["aws_a.one"]
    assert plan.types == {"aws_a", "aws_b"}


def test_what_is_changed_and_what_was_changed_elsewhere() -> None:
    changes = [
        change("aws_x.new", ["create"]),
        change("aws_x.same", ["no-op"]),
        change("aws_x.old", ["delete"], before={"name": "o"}),
        change("aws_x.data", ["update"], mode="data"),
        change("aws_x.deposed", ["delete"], deposed="0a1b"),
        change(
            "aws_x.up",
            ["update"],
            before={"name": "b", "key": "s"},
            after={"name": "c"},
            before_sensitive={"key": True},
        ),
        change(
            "aws_x.re",
            ["delete", "create"],
            action_reason="replace_because_cannot_update",
            replace_paths=[["name"], ["name", 0], ["tags", "a"], [0], [], "odd"],
        ),
    ]
    plan = terraform(resource_changes=changes, resource_drift=[change("aws_x.up", ["update"], before={"name": "a"})])
    assert [(alteration.resource.address, alteration.reason) for alteration in plan.alterations] == [
        *(("aws_x.old", ""), ("aws_x.up", ""), ("aws_x.re", "replace_because_cannot_update"))
    ]
    _, updated, replaced = plan.alterations
    assert (state(updated.before.computed("name")), state(updated.resource.computed("name"))) == ("b", "c")
    assert list(updated.before.attributes.sensitive_texts()) == ["s"]
    assert (updated.replaced_for, replaced.replaced_for) == ((), ("name", "tags"))
    assert [state(drifted.before.computed("name")) for drifted in plan.drift] == ["a"]
    assert "aws_x.deposed" not in plan.by_address
    odd = terraform(resource_changes=[change("aws_x.re", ["update"], replace_paths={"a": 1})])
    assert odd.alterations[0].replaced_for == ()


SETTLED = {"mode": "data", "type": "aws_x", "name": "a", "provider_name": "registry.terraform.io/hashicorp/aws"}


def test_what_was_known_before_is_read_unless_it_changes() -> None:
    earlier = [
        {**SETTLED, "address": "data.aws_x.a", "values": {"name": "n"}},
        {**SETTLED, "address": "aws_x.a", "mode": "managed", "values": {"name": "old"}},
    ]
    plan = terraform(
        resource_changes=[change("aws_x.a", ["create"], after={"name": "new"})],
        prior_state={"values": {"root_module": {"resources": earlier}}},
    )
    names = {instance.address: (state(instance.computed("name")), instance.action) for instance in plan.resources}
    assert names == {"aws_x.a": ("new", Action.CREATE), "data.aws_x.a": ("n", Action.READ)}


def test_a_state() -> None:
    managed = {
        **SETTLED,
        "mode": "managed",
        "address": "aws_x.a",
        "values": {"key": "s"},
        "sensitive_values": {"key": True},
    }
    inner = {**SETTLED, "address": "module.m.data.aws_x.a", "values": {"name": "n"}}
    root = {"resources": [managed], "child_modules": [{"address": "module.m", "resources": [inner]}]}
    read_state = terraform(values={"root_module": root})
    assert read_state.kind is InputKind.TERRAFORM_STATE
    kept, looked_up = read_state.resources
    assert (kept.action, looked_up.action) == (Action.KEEP, Action.READ)
    assert (kept.block, looked_up.block) == ("aws_x.a", "module.m.data.aws_x.a")
    assert (kept.module_address, looked_up.module_address, kept.provider) == ("", "module.m", "hashicorp/aws")
    assert list(kept.attributes.sensitive_texts()) == ["s"]
    assert kept.place.address == "aws_x.a"
    assert (read_state.alterations, read_state.drift, read_state.problems) == ((), (), ())
    assert terraform().resources == ()


def test_what_is_no_plan_has_problems_alone() -> None:
    nothing = read("plan.json", read_terraform("plan.json", "nonsense"))
    assert (nothing.kind, nothing.resources, len(nothing.problems)) == (InputKind.UNRECOGNISED, (), 1)


MANAGED = {"resources": [{"mode": "managed", "type": "aws_x", "name": "a"}]}
READ = {"resources": [{"mode": "data", "type": "aws_x", "name": "a"}]}


@pytest.mark.parametrize(
    ("content", "why", "how"),
    [
        (
            {"errored": True, "complete": False},
            "planning ended with an error, so resources are missing from this plan",
            f"correct what `terraform plan` reports, then run: {FULL}",
        ),
        (
            {"deferred_changes": [{}], "complete": False},
            "changes of this plan are deferred to a later one, so not all of their values are in it",
            "apply this plan, then make the next one and scan it too",
        ),
        (
            {"plan_format_version": "1.0", "complete": False},
            "this is HCP Terraform's redacted plan: it lacks the configuration and the sensitive values",
            "save the full JSON, /api/v2/plans/<id>/json-output, which needs admin access to the workspace",
        ),
        *(
            (
                {"configuration": {"root_module": module}, "complete": False, "resource_changes": None},
                "this plan lists no changes (-refresh-only), so only what was applied before can be judged",
                f"plan without -refresh-only: {FULL}",
            )
            for module in (MANAGED, {"module_calls": {"m": {"module": MANAGED}}})
        ),
        (
            {"complete": False},
            "this plan covers only a part of the configuration (-target)",
            f"plan without -target: {FULL}",
        ),
    ],
)
def test_what_a_plan_does_not_show(content: dict[str, Any], why: str, how: str) -> None:
    (problem,) = terraform(**{"resource_changes": [], **content}).problems
    assert (problem.why, problem.how, problem.kind) == (why, how, ProblemKind.INCOMPLETE_PLAN)
    assert problem.place.path == "plan.json"


@pytest.mark.parametrize(
    "content",
    [
        {"complete": True},
        {"complete": None},
        {"resource_changes": None, "configuration": {"root_module": READ}},
        {"configuration": {"root_module": MANAGED}},
        {"resource_changes": None, "planned_values": {}},
    ],
)
def test_a_plan_that_shows_everything(content: dict[str, Any]) -> None:
    assert terraform(**{"resource_changes": [], **content}).problems == ()


@pytest.mark.parametrize("rest", [{"resource_changes": []}, {"values": {}}])
def test_an_early_format(rest: dict[str, Any]) -> None:
    (remark,) = terraform(**{"format_version": "0.1", **rest}).problems
    assert remark.kind is ProblemKind.REMARK
    assert remark.why == (
        "this is an early format of terraform's JSON (major version 0); what it lacks counts as unknown"
    )
    assert (remark.how, remark.place.path) == ("terraform 1.0 or later writes the stable format", "plan.json")
