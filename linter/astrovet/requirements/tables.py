"""Which deployment model satisfies which requirement, and at which plan: the source documents as data.

Cells and rows carry the tags of the statements in the source documents (S000-nn, S003-nn; C-nn is a
contradiction between them), which `citations/published.py` has in full. The stricter reading stands here;
`readings` has both. Read November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.requirement import Requirement, Tier

ST = DeploymentModel.STANDARD
DE = DeploymentModel.DEDICATED
RE = DeploymentModel.REMOTE_EXECUTION
PC = DeploymentModel.PRIVATE_CLOUD

MODELS = (ST, DE, RE, PC)
"""The four models of S003-01, the cheapest first (S003-14, S003-41)."""


class Cloud(StrEnum):
    """Where a deployment can stand (S003-06)."""

    AWS = "aws"
    AZURE = "azure"
    GCP = "gcp"
    ON_PREMISES = "on-premises"


class Cell(Struct, frozen=True):
    """One statement and where it comes from."""

    text: str
    sources: tuple[str, ...]


class Fit(StrEnum):
    """How a model stands to a requirement."""

    YES = "yes"
    NO = "no"
    DOUBTFUL = "doubtful"
    """The sources disagree, or leave the model out."""
    NOT_APPLICABLE = "not applicable"
    """The need does not arise in this model."""


class Answer(Struct, frozen=True):
    """What the sources say of one model and one requirement."""

    fit: Fit
    why: str
    sources: tuple[str, ...]
    tier: Tier | None = None
    """The least plan that the requirement asks for here, where it asks for more than the model does."""
    needs: tuple[str, ...] = ()
    """What must be done besides, for people."""


LEAST_TIER: Mapping[DeploymentModel, tuple[Tier, tuple[str, ...]]] = {
    ST: (Tier.DEVELOPER, ("S003-14",)),
    DE: (Tier.BUSINESS, ("S003-14",)),
    RE: (Tier.ENTERPRISE, ("S003-14", "C-07")),
    PC: (Tier.ENTERPRISE, ("S003-14",)),
}
"""The least plan that has a model; Private Cloud is sold with Enterprise or by a contract of its own."""

CLOUDS: Mapping[DeploymentModel, tuple[Cloud, ...]] = {
    ST: (Cloud.AWS, Cloud.AZURE, Cloud.GCP),
    DE: (Cloud.AWS, Cloud.AZURE, Cloud.GCP),
    RE: (Cloud.AWS, Cloud.AZURE, Cloud.GCP),
    PC: (Cloud.AWS, Cloud.AZURE, Cloud.GCP, Cloud.ON_PREMISES),
}

CAPABILITIES: Mapping[str, Mapping[DeploymentModel, Cell]] = {
    "tenancy": {
        ST: Cell("shared clusters, separated by namespaces", ("S003-02", "C-05")),
        DE: Cell("a cluster of your own", ("S003-03",)),
        RE: Cell("orchestration by Astronomer, tasks in your own environment", ("S003-04", "TF")),
        PC: Cell("all in your own environment", ("S003-05",)),
    },
    "clouds": {
        ST: Cell("AWS, Azure, Google Cloud", ("S003-06",)),
        DE: Cell("AWS, Azure, Google Cloud", ("S003-06",)),
        RE: Cell("AWS, Azure, Google Cloud", ("S003-06",)),
        PC: Cell("AWS, Azure, Google Cloud, on premises", ("S003-06",)),
    },
    "managed by Astronomer": {
        ST: Cell("everything", ("S003-07",)),
        DE: Cell("everything", ("S003-07",)),
        RE: Cell("the orchestration plane", ("S003-07",)),
        PC: Cell("nothing", ("S003-07",)),
    },
    "code runs at": {
        ST: Cell("Astronomer", ("S003-08",)),
        DE: Cell("Astronomer", ("S003-08",)),
        RE: Cell("the customer", ("S003-08",)),
        PC: Cell("the customer", ("S003-08",)),
    },
    "logs rest at": {
        ST: Cell("Astronomer", ("S003-09",)),
        DE: Cell("Astronomer", ("S003-09",)),
        RE: Cell("the customer", ("S003-09",)),
        PC: Cell("the customer", ("S003-09",)),
    },
    "secrets": {
        ST: Cell("Astronomer, or an external backend", ("S003-10", "S003-16")),
        DE: Cell("Astronomer, or an external backend", ("S003-10", "S003-16")),
        RE: Cell("a backend of the customer, required", ("S003-10", "S003-25")),
        PC: Cell("a backend of the customer; required, or recommended, by source", ("S003-10", "C-12")),
    },
    "network": {
        ST: Cell("namespaces, public connectivity, the clouds' fixed private endpoints", ("S003-18", "C-08")),
        DE: Cell("VPC peering, PrivateLink, VNet peering, VPN, transit gateway", ("S003-17",)),
        RE: Cell("outbound connections only", ("S003-23",)),
        PC: Cell("the customer's own", ("S003-11",)),
    },
    "no inbound by the vendor": {
        ST: Cell("no", ("S003-32",)),
        DE: Cell("no", ("S003-32",)),
        RE: Cell("yes", ("S003-32",)),
        PC: Cell("yes", ("S003-32",)),
    },
    "code and data in your own network": {
        ST: Cell("no", ("S003-33",)),
        DE: Cell("no", ("S003-33",)),
        RE: Cell("yes", ("S003-33",)),
        PC: Cell("yes", ("S003-33",)),
    },
    "air gap": {
        ST: Cell("no", ("S003-39",)),
        DE: Cell("no", ("S003-39",)),
        RE: Cell("no: agents call out", ("S003-39",)),
        PC: Cell("yes", ("S003-31",)),
    },
    "HIPAA business associate agreement": {
        ST: Cell("no", ("S003-12",)),
        DE: Cell("on Business and Enterprise", ("S003-12",)),
        RE: Cell("yes", ("S003-12",)),
        PC: Cell("yes", ("S003-12",)),
    },
    "PCI-DSS": {
        ST: Cell("no", ("S003-13",)),
        DE: Cell("on Business and Enterprise", ("S003-13",)),
        RE: Cell("yes", ("S003-13",)),
        PC: Cell("yes", ("S003-13",)),
    },
    "DORA": {
        ST: Cell("no", ("S003-37",)),
        DE: Cell("yes", ("S003-37",)),
        RE: Cell("not listed", ("S003-37", "C-04")),
        PC: Cell("yes", ("S003-37",)),
    },
    "SOC 2 Type II": dict.fromkeys(MODELS, Cell("yes", ("S003-42",))),
    "GDPR": {
        ST: Cell("yes, with a data processing agreement", ("S003-45",)),
        DE: Cell("yes, with a data processing agreement", ("S003-45",)),
        RE: Cell("yes; data stays with the customer", ("S003-45",)),
        PC: Cell("yes", ("S003-45",)),
    },
    "recovery in another region": {
        ST: Cell("no", ("S003-37",)),
        DE: Cell("yes, on Enterprise Business Critical", ("S003-38", "C-04")),
        RE: Cell("through the dedicated cluster; the agents are the customer's", ("C-04",)),
        PC: Cell("run by the customer, from 2.0", ("WEB",)),
    },
    "audit log kept by the plan": {
        ST: Cell("Developer: not at all; Team: 7 days", ("S003-48", "C-01")),
        DE: Cell("90 days", ("S003-48",)),
        RE: Cell("90 days", ("S003-48",)),
        PC: Cell("in the customer's own sink", ("WEB",)),
    },
}
"""What the models can do, in the stricter reading."""

_INBOUND = "Astronomer runs the cluster and reaches into it"
_RESIDENCE = "code runs and logs rest at Astronomer"

ANSWERS: Mapping[Requirement, Mapping[DeploymentModel, Answer]] = {
    Requirement.HIPAA: {
        ST: Answer(
            Fit.NO, "no business associate agreement for shared clusters", ("S003-12", "S000-35", "C-03", "C-06")
        ),
        DE: Answer(
            Fit.YES,
            "a business associate agreement is to be had, on a cluster of your own",
            ("S003-12", "S003-34", "S003-44", "S000-35"),
            Tier.BUSINESS,
            (
                "keep other workspaces off the cluster (S000-36)",
                "keep PHI out of logs, images, XComs and lineage (S003-35)",
            ),
        ),
        RE: Answer(
            Fit.YES,
            "a Remote Execution deployment stands on a dedicated cluster, and PHI stays with the customer",
            ("S003-12", "S003-34", "C-03"),
            Tier.ENTERPRISE,
            (
                "an external secrets backend and XCom backend (S003-25, S003-26)",
                "a business associate agreement with the cloud provider too (DG:hipaa-compliance)",
            ),
        ),
        PC: Answer(
            Fit.YES,
            "all of it runs in the customer's own environment",
            ("S003-12", "S003-34", "C-03"),
            None,
            ("a business associate agreement with the cloud provider (DG:hipaa-compliance)",),
        ),
    },
    Requirement.PCI: {
        ST: Answer(Fit.NO, "not available on shared clusters, in the stricter reading", ("S003-13", "C-06")),
        DE: Answer(
            Fit.YES,
            "certified on dedicated clusters",
            ("S003-13", "S003-36", "S003-43"),
            Tier.BUSINESS,
            ("export the audit log: 12 months are asked for, 90 days are kept (S003-48, S003-49)",),
        ),
        RE: Answer(
            Fit.YES,
            "cardholder data stays with the customer",
            ("S003-13", "S003-36"),
            Tier.ENTERPRISE,
            ("export the audit log: 12 months are asked for, 90 days are kept (S003-48, S003-49)",),
        ),
        PC: Answer(Fit.YES, "all of it runs in the customer's own environment", ("S003-13", "S003-36")),
    },
    Requirement.DORA: {
        ST: Answer(Fit.NO, "not in the list of models for DORA", ("S003-37",)),
        DE: Answer(
            Fit.YES,
            "recovery in another region within an hour, losing at most 15 minutes",
            ("S003-37", "S003-38"),
            Tier.ENTERPRISE_BUSINESS_CRITICAL,
            ("turn on cross-region recovery and replication time control (S003-38, C-04)",),
        ),
        RE: Answer(
            Fit.DOUBTFUL,
            "not in the list of models for DORA, though an EU bank on it is named elsewhere; justify it, or move",
            ("S003-37", "S003-54", "C-04"),
            Tier.ENTERPRISE_BUSINESS_CRITICAL,
            ("turn on recovery of the dedicated cluster, and run agents in two regions (C-04)",),
        ),
        PC: Answer(
            Fit.YES,
            "recovery is the customer's own",
            ("S003-37", "S003-57"),
            None,
            ("run the failover yourself (WEB)",),
        ),
    },
    Requirement.GDPR: {
        ST: Answer(Fit.YES, "with a data processing agreement", ("S003-45",)),
        DE: Answer(Fit.YES, "with a data processing agreement", ("S003-45",)),
        RE: Answer(Fit.YES, "data stays with the customer", ("S003-45",)),
        PC: Answer(Fit.YES, "data stays with the customer", ("S003-45",)),
    },
    Requirement.SOC2: dict.fromkeys(MODELS, Answer(Fit.YES, "SOC 2 Type II holds for every model", ("S003-42",))),
    Requirement.NO_VENDOR_INBOUND: {
        ST: Answer(Fit.NO, _INBOUND, ("S003-32", "S003-07")),
        DE: Answer(Fit.NO, _INBOUND, ("S003-32", "S003-07")),
        RE: Answer(
            Fit.YES,
            "agents open every connection themselves",
            ("S003-32", "S003-23", "S000-42"),
            Tier.ENTERPRISE,
            ("open no Service, route or port to the agents (S003-23)",),
        ),
        PC: Answer(Fit.YES, "Astronomer has no access", ("S003-32", "S000-31")),
    },
    Requirement.CUSTOMER_DATA_PLANE: {
        ST: Answer(Fit.NO, _RESIDENCE, ("S003-33", "S003-08", "S003-09")),
        DE: Answer(Fit.NO, _RESIDENCE, ("S003-33", "S003-08", "S003-09")),
        RE: Answer(
            Fit.YES,
            "code, data, secrets and logs stay with the customer",
            ("S003-33", "S000-43"),
            Tier.ENTERPRISE,
            ("keep secrets, XComs, state, lineage and logs out of the orchestration plane (S003-25, S003-26)",),
        ),
        PC: Answer(Fit.YES, "all of it runs in the customer's own environment", ("S003-33", "S003-28")),
    },
    Requirement.AIR_GAPPED: {
        ST: Answer(Fit.NO, "it is a service in the Internet", ("S003-39",)),
        DE: Answer(Fit.NO, "it is a service in the Internet", ("S003-39",)),
        RE: Answer(Fit.NO, "agents need outbound HTTPS", ("S003-39", "S003-22")),
        PC: Answer(
            Fit.YES,
            "private registries, your own certificate authority, nothing outside",
            ("S003-39", "S003-31"),
            None,
            ("a private registry and chart repository (S003-31)",),
        ),
    },
    Requirement.PRIVATE_CONNECTIVITY: {
        ST: Answer(Fit.NO, "only the cloud's own services have private endpoints", ("S003-40", "S003-18", "C-08")),
        DE: Answer(
            Fit.YES,
            "VPC peering, PrivateLink, VNet peering, VPN, transit gateway",
            ("S003-40", "S003-17", "S000-33"),
            Tier.BUSINESS,
            ("address ranges that do not overlap (D:disaster-recovery-prepare)",),
        ),
        RE: Answer(Fit.NOT_APPLICABLE, "tasks run in your own network already", ("S003-40",)),
        PC: Answer(Fit.NOT_APPLICABLE, "it runs in your own network", ("S003-40",)),
    },
    Requirement.AUDIT_RETENTION: {
        model: Answer(
            Fit.YES,
            "the plan keeps some days, an export keeps the rest",
            ("S003-48", "S003-49", "C-01"),
            None,
            ("export the audit log where more days are asked for than the plan keeps (S003-49)",),
        )
        for model in (ST, DE, RE)
    }
    | {PC: Answer(Fit.YES, "the audit log goes to the customer's own sink", ("WEB",))},
}
"""What the sources say of each requirement in each model, in the stricter reading."""

ATTESTED: Mapping[Requirement, Mapping[DeploymentModel, tuple[str, ...]]] = {
    Requirement.HIPAA: {
        ST: ("baa", "sso", "phi-handling"),
        DE: ("baa", "sso", "phi-handling"),
        RE: ("baa", "sso", "phi-handling", "cloud-baa"),
        PC: ("phi-handling", "cloud-baa"),
    },
    Requirement.GDPR: {ST: ("dpa",), DE: ("dpa",), RE: ("dpa",)},
}
"""What no file can show and people have to attest.

S000-34, S000-39, S000-41, S003-35, S003-45; `cloud-baa`: DG:hipaa-compliance.
"""

ATTESTED_FOR: Mapping[str, frozenset[Requirement]] = {
    "baa": frozenset({Requirement.HIPAA}),
    "cloud-baa": frozenset({Requirement.HIPAA}),
    "sso": frozenset({Requirement.HIPAA}),
    "phi-handling": frozenset({Requirement.HIPAA}),
    "dpa": frozenset({Requirement.GDPR}),
    "audit-export": frozenset({Requirement.PCI, Requirement.AUDIT_RETENTION}),
    "log-shipping": frozenset(Requirement),
}
"""For whose sake each attestation is made."""

AUDIT_DAYS: Mapping[Tier, Mapping[str, int]] = {
    Tier.DEVELOPER: {"S000": 7, "S003": 0},
    Tier.TEAM: {"S000": 90, "S003": 7},
    Tier.BUSINESS: {"S000": 90, "S003": 90},
    Tier.ENTERPRISE: {"S000": 90, "S003": 90},
    Tier.ENTERPRISE_BUSINESS_CRITICAL: {"S000": 90, "S003": 90},
}
"""How many days a plan keeps the audit log, by source (S000-47, S000-48, S003-48; C-01)."""


def audit_days(tier: Tier, pinned: str | None = None) -> int:
    """The days that a plan keeps the audit log: of the pinned source, else in the stricter reading."""
    readings = AUDIT_DAYS[tier]
    return readings[pinned] if pinned is not None else min(readings.values())


TITLES: Mapping[DeploymentModel, str] = {
    ST: "Standard",
    DE: "Dedicated",
    RE: "Remote Execution",
    PC: "Private Cloud",
    DeploymentModel.HYBRID: "Hybrid (legacy)",
}
"""What Astronomer calls the models."""
