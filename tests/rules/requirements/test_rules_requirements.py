"""A requirement that is declared, held against each deployment model: the rules say what `astrovet advise` says."""

from __future__ import annotations

from pathlib import Path

import pytest

from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.requirement import Requirement
from astrovet.requirements.advice import satisfying
from astrovet.requirements.tables import SUITABILITY, Fit
from astrovet_rules.tables.regions import (
    ADEQUATE,
    EUROPEAN,
    OUTSIDE,
    is_adequate,
    is_european,
    is_on_continent,
    is_outside,
)
from support import FIXTURES, astrovet

DEPLOYMENTS = {
    DeploymentModel.STANDARD: FIXTURES / "rules" / "data-plane-outside-customer" / "bad-standard",
    DeploymentModel.DEDICATED: FIXTURES / "rules" / "dora-recovery-off" / "good-on",
    DeploymentModel.REMOTE_EXECUTION: FIXTURES / "rules" / "data-plane-outside-customer" / "good-remote-execution",
}
"""A deployment of each model."""

RULES = {
    Requirement.HIPAA: "REQ001",
    Requirement.PCI: "REQ003",
    Requirement.NO_VENDOR_INBOUND: "REQ007",
    Requirement.CUSTOMER_EXECUTION_PLANE: "REQ008",
    Requirement.AIR_GAPPED: "REQ009",
    Requirement.PRIVATE_CONNECTIVITY: "REQ010",
    Requirement.DORA: "REQ011",
}


def findings(folder: Path, model: DeploymentModel, rule: str, *requires: Requirement) -> list[str]:
    """The rule's lines for the plan of a deployment of a model, away from what is declared beside it."""
    plan = folder / "plan.json"
    plan.write_bytes((DEPLOYMENTS[model] / "plan.json").read_bytes())
    asked = [word for name in requires for word in ("--require", name)]
    words = [str(plan), *asked, "--select", rule]
    done = astrovet("scan", *words, "--format", "concise")
    assert done.exit_code in {0, 1}, done.output
    return [line for line in done.stdout.splitlines() if f" {rule} " in line]


@pytest.mark.parametrize("model", DEPLOYMENTS)
@pytest.mark.parametrize("requirement", RULES)
def test_a_model_fails_where_the_sources_say_so(
    requirement: Requirement, model: DeploymentModel, tmp_path: Path
) -> None:
    failed = findings(tmp_path, model, RULES[requirement], requirement)
    if (requirement, model) == (Requirement.PRIVATE_CONNECTIVITY, DeploymentModel.REMOTE_EXECUTION):
        assert [line for line in failed if " unknown " in line]  # how its agents reach Astro shows in no file
        return
    assert bool(failed) is (SUITABILITY[requirement][model].fit in {Fit.NO, Fit.DOUBTFUL})
    assert not [line for line in failed if " unknown " in line]


@pytest.mark.parametrize("model", DEPLOYMENTS)
@pytest.mark.parametrize("rule", ["REQ007", "REQ008", "REQ009", "REQ010", "REQ011"])
def test_requirements_that_exclude_each_other_are_one_finding_of_another_rule(
    rule: str, model: DeploymentModel, tmp_path: Path
) -> None:
    assert not satisfying(tuple(Requirement))
    assert not findings(tmp_path, model, rule, *Requirement)


def test_a_region_lies_in_one_place() -> None:
    regions = [region for table in (EUROPEAN, ADEQUATE, OUTSIDE) for names in table.values() for region in names]
    assert len(regions) == len(set(regions)) > 120
    assert all(is_european(region) + is_adequate(region) + is_outside(region) == 1 for region in regions)
    assert not any(map(is_outside, ("eu-atlantis-1", "brazilsouth", "")))


@pytest.mark.parametrize(("region", "expected"), [("eu-west-2", True), ("westeurope", True), ("japaneast", False)])
def test_a_country_with_adequate_law_need_not_be_in_europe(region: str, expected: bool) -> None:
    assert is_on_continent(region) is expected


@pytest.mark.parametrize("name", ["westeurope", "West Europe", "EU-CENTRAL-1", "EUROPE-WEST3"])
def test_a_region_is_known_in_any_spelling(name: str) -> None:
    assert is_european(name)


@pytest.mark.parametrize("name", ["us-east-1", "eu-west-2", "uksouth", "eastus2", ""])
def test_what_is_not_in_the_union_is_not_european(name: str) -> None:
    assert not is_european(name)
