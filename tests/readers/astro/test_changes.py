"""What a plan changes, what was changed outside Terraform, and where secrets stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from astrovet.declared.configuration import Config, DeclaredByName
from astrovet.declared.scope import Scopes
from astrovet.judging.engine import judge
from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.judging.verdict import VerdictKind
from astrovet.model.change import Change, Effect, ObjectType
from astrovet.model.deployment import Deployment
from astrovet.model.environment_object import EnvironmentObject
from astrovet.model.estate import Estate
from astrovet.model.requirement import Requirement
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile, TerraformSources
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import Terraform, read
from astrovet.terraform.sensitive import sensitive_texts
from astrovet.value import Known, Unknown
from support import ROOT

FIXTURES = ROOT / "fixtures"
RULES = load_pack(BUILT_IN)


def document(name: str) -> Any:
    return json.loads((FIXTURES / name / "plan.json").read_text())


def terraform(plan: Any) -> Terraform:
    return read("plan.json", read_terraform("plan.json", json.dumps(plan)))


def estate(plan: Any) -> Estate:
    return build([SourceFile.of("plan.json", json.dumps(plan).encode(), Role.PLAN)], "plan.json").estate


def messages(plan: Any, rule: str, kind: VerdictKind = VerdictKind.FAIL) -> list[str]:
    """The messages of one rule."""
    judgement = judge(estate(plan), RULES, lambda _: Config(), (), lambda place: (place, ()), "2026-11-22")
    assert not judgement.faults
    return [verdict.message for verdict in judgement.report.of(kind) if verdict.rule == rule]


def changes(name: str) -> dict[str, Change]:
    return {change.id: change for change in estate(document(name)).of(Change)}


def test_only_what_is_there_and_changes_is_a_change() -> None:
    """Neither what is created, nor what stays, nor what Terraform only forgets."""
    assert {address: change.effect for address, change in changes("plans/change-actions").items()} == {
        "astro_api_token.cbd": Effect.REPLACE,
        "astro_cluster.main": Effect.UPDATE,
        'astro_deployment.this["delete_me"]': Effect.DESTROY,
        'astro_deployment.this["replace_dev_mode"]': Effect.REPLACE,
        'astro_deployment.this["update"]': Effect.UPDATE,
    }
    assert set(changes("plans/moved-import-removed")) == {"astro_deployment.legacy"}
    assert not changes("plans/no-changes")
    assert {change.effect for change in changes("plans/destroy").values()} == {Effect.DESTROY}


def test_a_change_says_why_and_from_what_to_what() -> None:
    by_address = changes("plans/change-actions")
    replaced = by_address['astro_deployment.this["replace_dev_mode"]']
    assert replaced.replaced_for == ("is_development_mode",)
    assert replaced.cause.pointer == "is_development_mode"
    gone = by_address['astro_deployment.this["delete_me"]']
    assert (gone.reason, gone.name) == ("delete_because_each_key", Known("delete_me", gone.name.place, written=False))
    cluster = by_address["astro_cluster.main"]
    assert cluster.type is ObjectType.CLUSTER
    assert isinstance(cluster.before.disaster_recovery, Known)
    assert isinstance(cluster.after.disaster_recovery, Known)
    assert (cluster.before.disaster_recovery.value, cluster.after.disaster_recovery.value) == (True, False)


def test_leftovers_of_an_earlier_replacement_are_no_change() -> None:
    plan = document("rules/deployment-replaced/bad-block-removed")
    for change in plan["resource_changes"]:
        change["deposed"] = "6a7c3d1b"
    assert not terraform(plan).alterations
    assert not messages(plan, "AST017")


def test_an_object_that_was_deleted_outside_terraform_is_no_drift() -> None:
    plan = document("rules/posture-drift/bad-deploys-by-people")
    (drift,) = plan["resource_drift"]
    assert messages(plan, "AST023")
    drift["change"]["actions"], drift["change"]["after"] = ["delete"], None
    assert not messages(plan, "AST023")


@pytest.mark.parametrize("reason", ["replace_because_of_the_moon", None])
def test_a_reason_that_nobody_knows_is_left_out(reason: str | None) -> None:
    plan = document("rules/deployment-replaced/bad-on-request")
    for change in plan["resource_changes"]:
        change["action_reason"] = reason
    assert messages(plan, "AST017") == ["the plan destroys this deployment to make a new one"]


def test_paths_of_another_shape_than_terraforms_are_no_reason() -> None:
    plan = document("rules/deployment-replaced/bad-attribute-forces-it")
    for change in plan["resource_changes"]:
        change["change"]["replace_paths"] = [[], "x", [1], ["worker_queues", 0, "name"], ["worker_queues", 1]]
    assert messages(plan, "AST017") == [
        "the plan destroys this deployment to make a new one: worker_queues cannot be changed in place"
    ]


def test_what_was_secret_before_is_never_shown() -> None:
    """A removed mark, a removed variable and a drift leave their values in the plan."""
    texts = set(sensitive_texts(terraform(document("plans/change-actions"))))
    assert {"EXAMPLE-secret-old", "EXAMPLE-secret-new"} <= texts
    drift = terraform(document("rules/posture-drift/bad-variable-unmarked"))
    alone = replace(drift, resources=(), alterations=())
    assert "invented-licence-text" in set(sensitive_texts(alone))
    removed = terraform(document("rules/env-vars-emptied/bad-emptied"))
    assert "invented-for-a-test" in set(sensitive_texts(removed))


def test_a_redacted_plan_decides_nothing_about_secrets() -> None:
    plan = document("rules/secret-literal/bad-connection-password")
    plan.pop("configuration")
    plan.pop("format_version")
    plan["plan_format_version"] = "1.2"
    assert not messages(plan, "AST003")
    assert len(messages(plan, "AST003", VerdictKind.UNKNOWN)) == 1


def test_a_variable_whose_name_is_not_known_yet_may_be_the_one() -> None:
    plan = document("rules/secret-mark-removed/bad-mark-removed")
    (change,) = (change["change"] for change in plan["resource_changes"] if change["change"]["actions"] == ["update"])
    (number,) = (
        number
        for number, variable in enumerate(change["after"]["environment_variables"])
        if variable["key"] != "AIRFLOW__CORE__PARALLELISM"
    )
    del change["after"]["environment_variables"][number]["key"]
    change["after_unknown"]["environment_variables"] = [{}, {}]
    change["after_unknown"]["environment_variables"][number] = {"key": True}
    assert not messages(plan, "AST004")
    assert len(messages(plan, "AST004", VerdictKind.UNKNOWN)) == 1
    assert not [message for message in messages(plan, "AST018") if "removes variables" in message]


def scopes(declared: str, name: str) -> tuple[Estate, Scopes]:
    config = Config(deployments=(DeclaredByName(declared, frozenset({Requirement.DORA})),))
    made = estate(document(name))
    return made, Scopes(made, lambda _: config)


def test_a_change_must_satisfy_what_its_deployments_must() -> None:
    made, of = scopes("claims", "rules/deployment-replaced/bad-under-dora")
    assert {change.type for change in made.of(Change)} == {ObjectType.CLUSTER, ObjectType.DEPLOYMENT}
    assert all(of.of(change).requires == {Requirement.DORA} for change in made.of(Change))
    made, of = scopes("another", "rules/deployment-replaced/bad-under-dora")
    assert not any(of.of(change).requires for change in made.of(Change))


def test_an_object_must_satisfy_what_the_deployments_of_its_workspace_must() -> None:
    made, of = scopes("claims-prod", "plans/dedicated-phi")
    assert {
        environment_object.id: of.of(environment_object).requires for environment_object in made.of(EnvironmentObject)
    } == {
        "astro_environment_object.batch_size": {Requirement.DORA},
        "astro_environment_object.warehouse": {Requirement.DORA},
    }


def test_sources_tell_what_a_plan_does_not_show() -> None:
    folder = FIXTURES / "rules" / "secret-literal" / "bad-beside-a-reference"
    plan = SourceFile.of("infra/plan.json", (folder / "plan.json").read_bytes(), Role.PLAN)
    (alone,) = build([plan], "infra").estate.of(Deployment)
    assert {type(secret.is_written) for secret in alone.secrets if secret.name == "WAREHOUSE_PASSWORD"} == {Unknown}
    source = SourceFile.of("infra/main.tf", (folder / "main.tf").read_bytes(), Role.FOUND)
    (both,) = build([plan], "infra", TerraformSources((source,))).estate.of(Deployment)
    told = {secret.name: secret.is_written for secret in both.secrets}
    assert {name: value.value for name, value in told.items() if isinstance(value, Known)} == {
        "CRM_API_KEY": False,
        "WAREHOUSE_PASSWORD": True,
    }
    assert told["WAREHOUSE_PASSWORD"].place.path == "infra/plan.json"
