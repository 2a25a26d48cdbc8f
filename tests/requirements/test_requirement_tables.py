"""Every cell of the capability matrix and every row of the decision table, held to what the source documents say.

The documents are Astronomer's security overview (S000) and its guide to the deployment models (S003), read November
2026; C-nn is a contradiction between them. What they say is written out here once more, by hand: a test that took it
from the tables could not fail. The name of a test begins with the number of the statement that it rests on.
"""

from __future__ import annotations

import pytest

from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.requirement import Requirement, Tier
from astrovet.requirements.advice import advise, conflicts, satisfying
from astrovet.requirements.tables import (
    ATTESTED,
    ATTESTED_FOR,
    AUDIT_DAYS,
    CAPABILITIES,
    LEAST_TIER,
    MODELS,
    SITES,
    SUITABILITY,
    Fit,
    audit_days,
)

PHI = {"baa", "sso", "phi-handling", "mfa"}
ST, DE, RE, PC = "standard", "dedicated", "remote-execution", "private-cloud"
YES, NO, DOUBTFUL, NOT_APPLICABLE = "yes", "no", "doubtful", "not applicable"

MATRIX = (
    # the statement, the row, the model, the words that say it
    ("S003-02", "tenancy", ST, "shared clusters namespaces"),
    ("S003-03", "tenancy", DE, "cluster of your own"),
    ("S003-04", "tenancy", RE, "orchestration by Astronomer tasks in your own"),
    ("S003-05", "tenancy", PC, "all in your own"),
    ("S003-06", "clouds", ST, "AWS Azure Google"),
    ("S003-06", "clouds", DE, "AWS Azure Google"),
    ("S003-06", "clouds", RE, "AWS Azure Google"),
    ("S003-06", "clouds", PC, "AWS Azure Google on premises"),
    ("S003-07", "managed by Astronomer", ST, "everything"),
    ("S003-07", "managed by Astronomer", DE, "everything"),
    ("S003-07", "managed by Astronomer", RE, "orchestration plane"),
    ("S003-07", "managed by Astronomer", PC, "nothing"),
    ("S003-08", "code runs at", ST, "Astronomer"),
    ("S003-08", "code runs at", DE, "Astronomer"),
    ("S003-08", "code runs at", RE, "customer"),
    ("S003-08", "code runs at", PC, "customer"),
    ("S003-09", "logs rest at", ST, "Astronomer"),
    ("S003-09", "logs rest at", DE, "Astronomer"),
    ("S003-09", "logs rest at", RE, "customer"),
    ("S003-09", "logs rest at", PC, "customer"),
    ("S003-10", "secrets", ST, "Astronomer external"),
    ("S003-16", "secrets", ST, "external backend"),
    ("S003-10", "secrets", DE, "Astronomer external"),
    ("S003-16", "secrets", DE, "external backend"),
    ("S003-10", "secrets", RE, "customer required"),
    ("S003-25", "secrets", RE, "backend required"),
    ("S003-10", "secrets", PC, "customer required"),
    ("C-12", "secrets", PC, "recommended"),
    ("S003-18", "network", ST, "namespaces public"),
    ("C-08", "network", ST, "fixed private endpoints"),
    ("S003-17", "network", DE, "VPC peering PrivateLink VNet peering VPN transit"),
    ("S003-23", "network", RE, "outbound only"),
    ("S003-11", "network", PC, "customer"),
    ("S003-32", "no inbound by the vendor", ST, NO),
    ("S003-32", "no inbound by the vendor", DE, NO),
    ("S003-32", "no inbound by the vendor", RE, YES),
    ("S003-32", "no inbound by the vendor", PC, YES),
    ("S003-33", "code and data in your own network", ST, NO),
    ("S003-33", "code and data in your own network", DE, NO),
    ("S003-33", "code and data in your own network", RE, YES),
    ("S003-33", "code and data in your own network", PC, YES),
    ("S003-39", "air gap", ST, NO),
    ("S003-39", "air gap", DE, NO),
    ("S003-39", "air gap", RE, NO),
    ("S003-31", "air gap", PC, YES),
    ("S003-12", "HIPAA business associate agreement", ST, NO),
    ("S003-12", "HIPAA business associate agreement", DE, "Business Enterprise"),
    ("S003-12", "HIPAA business associate agreement", RE, YES),
    ("S003-12", "HIPAA business associate agreement", PC, YES),
    ("S003-13", "PCI-DSS", ST, NO),
    ("S003-13", "PCI-DSS", DE, "Business Enterprise"),
    ("S003-13", "PCI-DSS", RE, YES),
    ("S003-13", "PCI-DSS", PC, YES),
    ("S003-45", "GDPR", ST, YES),
    ("S003-45", "GDPR", DE, YES),
    ("S003-45", "GDPR", RE, YES),
    ("S003-45", "GDPR", PC, YES),
    ("S003-42", "SOC 2 Type II", ST, YES),
    ("S003-42", "SOC 2 Type II", DE, YES),
    ("S003-42", "SOC 2 Type II", RE, YES),
    ("S003-42", "SOC 2 Type II", PC, YES),
    ("S003-37", "DORA", ST, NO),
    ("S003-37", "DORA", DE, YES),
    ("C-04", "DORA", RE, "not listed"),
    ("S003-37", "DORA", PC, YES),
    ("S003-37", "recovery in another region", ST, NO),
    ("S003-38", "recovery in another region", DE, YES),
    ("C-04", "recovery in another region", DE, "Enterprise Business Critical"),
    ("C-04", "recovery in another region", RE, "through the dedicated cluster"),
    ("WEB", "recovery in another region", PC, "customer 2.0"),
    ("S003-48", "audit log kept by the plan", ST, "Team: 7"),
    ("C-01", "audit log kept by the plan", ST, "Developer: not at all"),
    ("S003-48", "audit log kept by the plan", DE, "90"),
    ("S003-48", "audit log kept by the plan", RE, "90"),
    ("WEB", "audit log kept by the plan", PC, "customer sink"),
)
"""Section 3: the capability matrix."""


@pytest.mark.parametrize(
    ("source", "row", "model", "words"),
    [pytest.param(*cell, id=f"{cell[0]}-{cell[2]}-{cell[1]}") for cell in MATRIX],
)
def test_a_cell_of_the_capability_matrix(source: str, row: str, model: str, words: str) -> None:
    statement = CAPABILITIES[row][DeploymentModel(model)]
    assert source in statement.sources
    if words in {YES, NO}:
        assert statement.text.startswith(words)
    else:
        assert not [word for word in words.split() if word not in statement.text]


def test_no_cell_of_the_matrix_is_left_out() -> None:
    written = {(row, model) for _, row, model, _ in MATRIX}
    assert written == {(row, str(model)) for row, statements in CAPABILITIES.items() for model in statements}
    assert len(written) == 4 * len(CAPABILITIES)


@pytest.mark.parametrize(
    ("model", "tier"),
    [
        pytest.param(ST, "developer", id="S003-14-standard"),
        pytest.param(DE, "business", id="S003-14-dedicated"),
        pytest.param(RE, "enterprise", id="S003-14-C-07-remote-execution"),
        pytest.param(PC, "enterprise", id="S003-14-private-cloud"),
    ],
)
def test_the_least_plan_of_a_model(model: str, tier: str) -> None:
    least, sources = LEAST_TIER[DeploymentModel(model)]
    assert least == tier
    assert "S003-14" in sources


@pytest.mark.parametrize(
    ("model", "clouds"),
    [
        pytest.param(ST, {"aws", "azure", "gcp"}, id="S003-06-standard"),
        pytest.param(DE, {"aws", "azure", "gcp"}, id="S003-06-dedicated"),
        pytest.param(RE, {"aws", "azure", "gcp"}, id="S003-06-remote-execution"),
        pytest.param(PC, {"aws", "azure", "gcp", "on-premises"}, id="S003-06-private-cloud"),
    ],
)
def test_where_a_model_runs(model: str, clouds: set[str]) -> None:
    assert set(SITES[DeploymentModel(model)]) == clouds


@pytest.mark.parametrize(
    ("tier", "overview", "guide", "stricter"),
    [
        pytest.param("developer", 7, 0, 0, id="S000-47-S003-48-C-01-developer"),
        pytest.param("team", 90, 7, 7, id="S000-48-S003-48-C-01-team"),
        pytest.param("business", 90, 90, 90, id="S000-48-S003-48-business"),
        pytest.param("enterprise", 90, 90, 90, id="S000-48-S003-48-enterprise"),
        pytest.param("enterprise-business-critical", 90, 90, 90, id="S000-48-S003-48-enterprise-business-critical"),
    ],
)
def test_how_long_a_plan_keeps_the_audit_log(tier: str, overview: int, guide: int, stricter: int) -> None:
    assert AUDIT_DAYS[Tier(tier)] == {"S000": overview, "S003": guide}
    assert audit_days(Tier(tier)) == stricter
    assert audit_days(Tier(tier), "S000") == overview
    assert audit_days(Tier(tier), "S003") == guide


DECISIONS = (
    # the statement, the requirement, the model, the answer, the least plan where the model satisfies it
    ("S003-32", "no-vendor-inbound", ST, NO, ""),
    ("S003-32", "no-vendor-inbound", DE, NO, ""),
    ("S003-32", "no-vendor-inbound", RE, YES, "enterprise"),
    ("S003-32", "no-vendor-inbound", PC, YES, "enterprise"),
    ("S003-33", "customer-execution-plane", ST, NO, ""),
    ("S003-33", "customer-execution-plane", DE, NO, ""),
    ("S003-33", "customer-execution-plane", RE, YES, "enterprise"),
    ("S003-33", "customer-execution-plane", PC, YES, "enterprise"),
    ("S003-12", "hipaa", ST, NO, ""),
    ("S003-34", "hipaa", DE, YES, "business"),
    ("S003-34", "hipaa", RE, YES, "enterprise"),
    ("S003-34", "hipaa", PC, YES, "enterprise"),
    ("S003-13", "pci", ST, NO, ""),
    ("S003-36", "pci", DE, YES, "business"),
    ("S003-36", "pci", RE, YES, "enterprise"),
    ("S003-36", "pci", PC, YES, "enterprise"),
    ("S003-37", "dora", ST, NO, ""),
    ("S003-38", "dora", DE, YES, "enterprise-business-critical"),
    ("C-04", "dora", RE, DOUBTFUL, "enterprise-business-critical"),
    ("S003-37", "dora", PC, YES, "enterprise"),
    ("S003-39", "air-gapped", ST, NO, ""),
    ("S003-39", "air-gapped", DE, NO, ""),
    ("S003-39", "air-gapped", RE, NO, ""),
    ("S003-39", "air-gapped", PC, YES, "enterprise"),
    ("S003-40", "private-connectivity", ST, NO, ""),
    ("S003-40", "private-connectivity", DE, YES, "business"),
    ("S003-40", "private-connectivity", RE, NOT_APPLICABLE, "enterprise"),
    ("S003-40", "private-connectivity", PC, NOT_APPLICABLE, "enterprise"),
    ("S003-45", "gdpr", ST, YES, "developer"),
    ("S003-45", "gdpr", DE, YES, "business"),
    ("S003-45", "gdpr", RE, YES, "enterprise"),
    ("S003-45", "gdpr", PC, YES, "enterprise"),
    ("S003-42", "soc2", ST, YES, "developer"),
    ("S003-42", "soc2", DE, YES, "business"),
    ("S003-42", "soc2", RE, YES, "enterprise"),
    ("S003-42", "soc2", PC, YES, "enterprise"),
    ("S003-49", "audit-retention", ST, YES, "developer"),
    ("S003-49", "audit-retention", DE, YES, "business"),
    ("S003-49", "audit-retention", RE, YES, "enterprise"),
    ("WEB", "audit-retention", PC, YES, "enterprise"),
)
"""Section 4: the decision table."""


@pytest.mark.parametrize(
    ("source", "requirement", "model", "fit", "tier"),
    [pytest.param(*cell, id=f"{cell[0]}-{cell[2]}-{cell[1]}") for cell in DECISIONS],
)
def test_a_row_of_the_decision_table(source: str, requirement: str, model: str, fit: str, tier: str) -> None:
    answer = SUITABILITY[Requirement(requirement)][DeploymentModel(model)]
    assert answer.fit == fit
    assert source in answer.sources
    option = next(option for option in advise([Requirement(requirement)]).options if option.model == model)
    assert option.satisfies is (fit != NO)
    if option.satisfies:
        assert option.tier == tier


def test_no_row_of_the_decision_table_is_left_out() -> None:
    written = {(requirement, model) for _, requirement, model, _, _ in DECISIONS}
    asked = {(str(name), str(model)) for name in Requirement for model in MODELS}
    assert written == asked, "DECISIONS says by hand what the documents say of each requirement in each model"


@pytest.mark.parametrize(
    ("requirement", "model", "word"),
    [
        pytest.param("hipaa", DE, "S000-36", id="S000-36-hipaa-dedicated-isolated-cluster"),
        pytest.param("hipaa", DE, "S003-35", id="S003-35-hipaa-dedicated-no-clear-text"),
        pytest.param("hipaa", RE, "S003-26", id="S003-26-hipaa-remote-execution-xcom-backend"),
        pytest.param("pci", DE, "12 months", id="S003-49-pci-dedicated-export"),
        pytest.param("pci", RE, "12 months", id="S003-49-pci-remote-execution-export"),
        pytest.param("dora", DE, "replication time control", id="S003-38-dora-dedicated-recovery-point"),
        pytest.param("dora", RE, "two regions", id="C-04-dora-remote-execution-agents"),
        pytest.param("no-vendor-inbound", RE, "S003-23", id="S003-23-no-vendor-inbound-no-open-port"),
        pytest.param("customer-execution-plane", RE, "S003-25", id="S003-25-customer-execution-plane-secrets"),
        pytest.param("air-gapped", PC, "private registry", id="S003-31-air-gapped-private-cloud"),
        pytest.param("private-connectivity", DE, "overlap", id="S003-40-private-connectivity-ranges"),
        pytest.param("audit-retention", DE, "S003-49", id="S003-49-audit-retention-export"),
    ],
)
def test_what_a_requirement_asks_for_besides(requirement: str, model: str, word: str) -> None:
    needs = SUITABILITY[Requirement(requirement)][DeploymentModel(model)].needs
    assert any(word in need for need in needs)


@pytest.mark.parametrize(
    ("requirement", "model", "attestations"),
    [
        pytest.param("hipaa", ST, PHI, id="S000-34-S000-39-S000-41-hipaa-standard"),
        pytest.param("hipaa", DE, PHI | {"cloud-baa"}, id="S000-34-S000-39-DG-hipaa-dedicated"),
        pytest.param("hipaa", RE, PHI | {"cloud-baa"}, id="S003-35-DG-hipaa-remote-execution"),
        pytest.param("hipaa", PC, {"phi-handling", "cloud-baa", "mfa"}, id="C-03-hipaa-private-cloud"),
        pytest.param("pci", ST, {"mfa"}, id="S000-14-pci-standard"),
        pytest.param("pci", DE, {"mfa", "pci-scope"}, id="S000-14-pci-dedicated"),
        pytest.param("pci", RE, {"mfa", "pci-scope"}, id="S000-14-pci-remote-execution"),
        pytest.param("pci", PC, {"mfa", "pci-scope"}, id="S000-14-pci-private-cloud"),
        pytest.param("dora", ST, {"mfa"}, id="S000-14-dora-standard"),
        pytest.param("dora", DE, {"mfa", "dr-test"}, id="S003-38-dora-dedicated"),
        pytest.param("dora", RE, {"mfa", "dr-test"}, id="S003-38-dora-remote-execution"),
        pytest.param("dora", PC, {"mfa", "dr-test"}, id="S003-38-dora-private-cloud"),
        pytest.param("soc2", ST, {"mfa"}, id="S000-14-soc2-standard"),
        pytest.param("soc2", PC, {"mfa"}, id="S000-14-soc2-private-cloud"),
        pytest.param("gdpr", ST, {"dpa"}, id="S003-45-gdpr-standard"),
        pytest.param("gdpr", DE, {"dpa"}, id="S003-45-gdpr-dedicated"),
        pytest.param("gdpr", RE, {"dpa"}, id="S003-45-gdpr-remote-execution"),
        pytest.param("gdpr", PC, set(), id="S003-45-gdpr-private-cloud"),
    ],
)
def test_what_has_to_be_attested(requirement: str, model: str, attestations: set[str]) -> None:
    asked = ATTESTED[Requirement(requirement)].get(DeploymentModel(model), ())
    assert set(asked) == attestations
    assert all(requirement in ATTESTED_FOR[what] for what in asked)


@pytest.mark.parametrize(
    ("requires", "sure"),
    [
        pytest.param({"dora", "customer-execution-plane"}, {PC}, id="S003-33-S003-37-own-network-and-dora"),
        pytest.param({"hipaa", "no-vendor-inbound"}, {RE, PC}, id="S003-32-S003-34-phi-and-no-inbound"),
        pytest.param({"hipaa", "pci"}, {DE, RE, PC}, id="S003-34-S003-36-phi-and-cards"),
        pytest.param({"pci", "private-connectivity"}, {DE, RE, PC}, id="S003-36-S003-40-cards-and-peering"),
        pytest.param({"air-gapped", "hipaa"}, {PC}, id="S003-34-S003-39-phi-and-air-gap"),
        pytest.param({"gdpr", "soc2"}, {ST, DE, RE, PC}, id="S003-42-S003-45-nothing-special"),
        pytest.param({"air-gapped", "private-connectivity"}, set(), id="S003-39-S003-40-air-gap-and-peering"),
    ],
)
def test_several_requirements_intersect(requires: set[str], sure: set[str]) -> None:
    """Of DORA on Remote Execution the sources leave open whether it will do (C-04): it is advised with a doubt."""
    options = advise([Requirement(name) for name in requires]).satisfying
    assert {
        option.model for option in options if all(reason.fit is not Fit.DOUBTFUL for reason in option.reasons)
    } == sure


def test_the_contradicting_pair_is_named() -> None:
    """S003-39, S003-40: and what is declared besides is not blamed."""
    requires = [Requirement(name) for name in ("soc2", "air-gapped", "private-connectivity", "pci")]
    assert conflicts(requires) == ((Requirement.AIR_GAPPED, Requirement.PRIVATE_CONNECTIVITY),)


def test_plain_orchestration_is_cheapest_on_standard() -> None:
    """S003-41."""
    assert satisfying([]) == (DeploymentModel.STANDARD, *MODELS[1:])
    assert advise([Requirement.SOC2]).satisfying[0].model == ST


@pytest.mark.parametrize(
    ("requires", "model", "tier"),
    [
        pytest.param({"hipaa", "dora"}, DE, "enterprise-business-critical", id="S003-34-C-04-phi-and-dora"),
        pytest.param({"hipaa", "pci"}, DE, "business", id="S003-12-S003-13-phi-and-cards"),
        pytest.param({"gdpr", "no-vendor-inbound"}, RE, "enterprise", id="S003-14-S003-32-no-inbound"),
    ],
)
def test_of_several_the_stricter_plan_counts(requires: set[str], model: str, tier: str) -> None:
    options = advise([Requirement(name) for name in requires]).options
    assert next(option for option in options if option.model == model).tier == tier
