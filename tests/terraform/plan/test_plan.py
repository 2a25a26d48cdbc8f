"""Plan and state JSON, held against the plans that Terraform made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from astrovet.document import InputKind, ProblemKind
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import Terraform, read
from astrovet.terraform.resource import Action, Resource
from astrovet.terraform.sensitive import sensitive_texts
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at
from support import ROOT

PLANS = ROOT / "fixtures" / "plans"
ALL = sorted(path for path in PLANS.glob("*/plan*.json"))


def plan(name: str) -> Terraform:
    path = PLANS / name
    if path.is_dir():
        path /= "plan.json"
    return read(path.name, read_terraform(path.name, path.read_text()))


def resource(terraform: Terraform, address: str) -> Resource:
    (instance,) = (candidate for candidate in terraform.resources if candidate.address == address)
    return instance


def leaves(value: Value[Tree]) -> Iterator[tuple[str, object]]:
    """Every leaf as (pointer without set labels, what is known of it)."""
    match value:
        case Known(Map() as tree):
            for entry in tree.entries.values():
                yield from leaves(entry.value)
        case Known(List() as tree):
            for item in tree.items:
                yield from leaves(item)
        case Known(leaf):
            yield "known", leaf
        case Unknown():
            yield "unknown", None
        case Absent():
            yield "absent", None


def expected_leaves(after: Any, unknown: Any) -> Iterator[tuple[str, object]]:
    """The same, straight from the JSON, by the three sentences of Terraform's format."""
    if unknown is True:
        yield "unknown", None
    elif after is None:
        yield "absent", None
    elif isinstance(after, dict):
        marks = unknown if isinstance(unknown, dict) else {}
        for key, child in after.items():
            yield from expected_leaves(child, marks.get(key))
        for key, mark in marks.items():
            if key not in after:
                yield from expected_leaves(None, mark)
    elif isinstance(after, list):
        for index, child in enumerate(after):
            yield from expected_leaves(child, unknown[index] if isinstance(unknown, list) else None)
    else:
        yield "known", after


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_values_and_unknown_marks_are_walked_together(path: Path) -> None:
    changes = json.loads(path.read_text()).get("resource_changes", [])
    terraform = read(path.name, read_terraform(path.name, path.read_text()))
    for change in changes:
        after, unknown = change["change"]["after"], change["change"]["after_unknown"]
        if not isinstance(after, dict):
            continue
        instance = resource(terraform, change["address"])
        for name in {*after, *(unknown if isinstance(unknown, dict) else {})}:
            mark = unknown.get(name) if isinstance(unknown, dict) else unknown
            assert list(leaves(instance.computed(name))) == list(expected_leaves(after.get(name), mark)), name


@pytest.mark.parametrize(
    ("name", "address", "action"),
    [
        ("change-actions", 'astro_deployment.this["brand_new"]', Action.CREATE),
        ("change-actions", 'astro_deployment.this["update"]', Action.UPDATE),
        ("change-actions", 'astro_deployment.this["noop"]', Action.KEEP),
        ("change-actions", 'astro_deployment.this["replace_dev_mode"]', Action.REPLACE),
        ("change-actions", 'astro_deployment.this["delete_me"]', Action.DELETE),
        ("moved-import-removed", "astro_workspace.forget", Action.FORGET),
    ],
)
def test_actions(name: str, address: str, action: Action) -> None:
    assert resource(plan(name), address).action is action


def test_what_is_removed_is_not_judged() -> None:
    assert not [instance.address for instance in plan("destroy").resources if instance.is_judged]


def test_an_attribute_that_the_author_left_out_is_absent_and_not_unknown() -> None:
    good, phi = plan("remote-exec-aws-good"), plan("dedicated-phi")
    assert isinstance(resource(good, "astro_cluster.orchestration").attribute("is_dr_enabled"), Absent)
    assert resource(phi, "astro_cluster.phi").attribute("is_dr_enabled") == Known(
        True, resource(phi, "astro_cluster.phi").attribute("is_dr_enabled").place
    )
    assert isinstance(resource(good, "astro_deployment.payments").attribute("cluster_id"), Unknown)
    assert isinstance(resource(good, "astro_deployment.payments").computed("id"), Unknown)
    assert isinstance(
        resource(plan("standard-two-deployments"), "astro_deployment.dev").attribute("cluster_id"), Absent
    )


def test_one_unknown_element_of_a_list_does_not_make_the_list_unknown() -> None:
    listed = resource(plan("dedicated-phi"), "astro_cluster.phi").attribute("workspace_ids")
    assert isinstance(at(listed, 0), Unknown)
    assert isinstance(listed, Known)


def test_a_literal_is_told_from_what_came_through_a_reference() -> None:
    release = resource(plan("remote-exec-aws-open"), "helm_release.agent")
    literal, referenced = release.attribute("set"), release.attribute("set_sensitive")
    assert isinstance(literal, Known)
    assert isinstance(referenced, Known)
    assert (literal.written, referenced.written) == (True, False)


def test_json_syntax_gives_a_constant_and_references_and_the_references_count() -> None:
    deployment = resource(plan("json-syntax"), "astro_deployment.d")
    assert "astro_workspace.w.id" in deployment.references("workspace_id")


def test_an_unknown_says_what_it_is_and_what_to_do() -> None:
    value = resource(plan("remote-exec-aws-good"), "astro_deployment.payments").attribute("cluster_id")
    assert isinstance(value, Unknown)
    assert value.in_full == "astro_deployment.payments.cluster_id is known only after apply; scan the state then"


def test_a_set_of_objects_is_pointed_into_by_the_names_of_its_elements() -> None:
    variables = resource(plan("remote-exec-aws-open"), "astro_deployment.re").attribute("environment_variables")
    value = at(variables, 0, "is_secret")
    assert value.place.pointer == "environment_variables.DB_URI.is_secret"


def test_data_that_was_read_is_known_and_what_it_lacks_is_no_default() -> None:
    terraform = plan("data-sources/plan-after-apply.json")
    assert isinstance(resource(terraform, "data.astro_cluster.shared").computed("id"), Known)


def test_a_state_is_read_as_known_values() -> None:
    terraform = plan("state-show/state.json")
    assert terraform.kind is InputKind.TERRAFORM_STATE
    instance = resource(terraform, 'astro_deployment.this["noop"]')
    assert isinstance(instance.attribute("cluster_id"), Known)
    assert instance.writes("anything")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"errored": True, "complete": False}, "planning ended with an error"),
        ({"complete": False}, "only a part of the configuration"),
        ({"deferred_changes": [{"reason": "x"}]}, "deferred to a later one"),
        ({"plan_format_version": "0.2"}, "redacted plan"),
        ({"resource_changes": None}, "-refresh-only"),
    ],
)
def test_a_plan_that_does_not_show_everything_says_so(change: dict[str, Any], message: str) -> None:
    content = {**json.loads((PLANS / "dedicated-phi" / "plan.json").read_text()), **change}
    problems = read("plan.json", read_terraform("plan.json", json.dumps(content))).problems
    assert [problem.kind for problem in problems] == [ProblemKind.INCOMPLETE_PLAN]
    assert message in problems[0].why


@pytest.mark.parametrize("change", [{"applyable": False}, {"complete": None}])
def test_a_plan_without_changes_or_of_an_older_terraform_is_complete(change: dict[str, Any]) -> None:
    content = {**json.loads((PLANS / "no-changes" / "plan.json").read_text()), **change}
    assert not read("plan.json", read_terraform("plan.json", json.dumps(content))).problems


def test_what_a_redacted_plan_hides_is_unknown() -> None:
    content = json.loads((PLANS / "dedicated-phi" / "plan.json").read_text())
    content = {**content, "plan_format_version": "0.2", "configuration": None}
    instance = resource(read("p", read_terraform("p", json.dumps(content))), "astro_environment_object.warehouse")
    value = instance.attribute("password")
    assert isinstance(value, Unknown)
    assert "redacted" in value.why


@pytest.mark.parametrize(
    ("provider", "known"),
    [
        ("registry.opentofu.org/astronomer/astro", "astronomer/astro"),
        ("registry.terraform.io/somebody/astro", "somebody/astro"),
        ("example.com/astronomer/astro", "astro"),
        ("app.terraform.io/acme/astro", "astro"),
        ("astronomer/astro", "astronomer/astro"),
        ("astro", "astro"),
    ],
)
def test_a_provider_is_known_by_its_namespace_but_in_a_private_registry(provider: str, known: str) -> None:
    text = (PLANS / "dedicated-phi" / "plan.json").read_text()
    changed = text.replace("registry.terraform.io/astronomer/astro", provider)
    instance = resource(read("p", read_terraform("p", changed)), "astro_deployment.claims")
    assert instance.provider == known


def test_a_deposed_object_is_not_a_second_instance() -> None:
    content = json.loads((PLANS / "no-changes" / "plan.json").read_text())
    change = next(change for change in content["resource_changes"] if change["address"] == "astro_cluster.main")
    deposed = {**change, "deposed": "0a1b2c", "change": {**change["change"], "actions": ["delete"], "after": None}}
    content["resource_changes"].append(deposed)
    assert resource(read("p", read_terraform("p", json.dumps(content))), "astro_cluster.main").action is Action.KEEP


def test_sensitive_texts_are_found_wherever_terraform_writes_them() -> None:
    texts = set(sensitive_texts(plan("remote-exec-aws-open")))
    assert "STANDIN-NOT-A-TOKEN-hardcoded-in-provider-block" in texts  # configuration
    assert "STANDIN-NOT-A-TOKEN-abc" in texts  # a sensitive variable, and set_sensitive
    assert "postgresql://svc:EXAMPLEPASS@db.internal/prod" in texts  # a marked set
    assert "DB_URI" not in texts  # a name beside it


def test_a_deferred_change_is_judged_by_what_it_shows() -> None:
    plan = msgspec.json.decode((PLANS / "dedicated-phi" / "plan.json").read_bytes())
    moved = [change for change in plan["resource_changes"] if change["address"] == "astro_deployment.claims"]
    plan["resource_changes"] = [change for change in plan["resource_changes"] if change not in moved]
    plan["deferred_changes"] = [{"reason": "provider_config_unknown", "resource_change": change} for change in moved]
    terraform = read("p", read_terraform("p", msgspec.json.encode(plan).decode()))
    assert resource(terraform, "astro_deployment.claims").attribute("type") is not None
    assert [problem.kind for problem in terraform.problems] == [ProblemKind.INCOMPLETE_PLAN]
