"""Which deployment model satisfies which requirement, and at which plan: the source documents as data.

Every statement carries the tags of its sources, which `citations` explains (S000-nn and S003-nn are statements,
C-nn is a contradiction between them). Where sources contradict each other, the stricter reading stands here.
The module is long because its tables are read side by side, against the documents. Read November 2026.
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


class Site(StrEnum):
    """Where a deployment can stand (S003-06)."""

    AWS = "aws"
    AZURE = "azure"
    GCP = "gcp"
    ON_PREMISES = "on-premises"


class Statement(Struct, frozen=True):
    """What the sources say of a model, in a few words."""

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


class Suitability(Struct, frozen=True):
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

SITES: Mapping[DeploymentModel, tuple[Site, ...]] = {
    ST: (Site.AWS, Site.AZURE, Site.GCP),
    DE: (Site.AWS, Site.AZURE, Site.GCP),
    RE: (Site.AWS, Site.AZURE, Site.GCP),
    PC: (Site.AWS, Site.AZURE, Site.GCP, Site.ON_PREMISES),
}

CAPABILITIES: Mapping[str, Mapping[DeploymentModel, Statement]] = {
    "tenancy": {
        ST: Statement("shared clusters, separated by namespaces", ("S003-02", "C-05")),
        DE: Statement("a cluster of your own", ("S003-03",)),
        RE: Statement("orchestration by Astronomer, tasks in your own environment", ("S003-04", "TF")),
        PC: Statement("all in your own environment", ("S003-05",)),
    },
    "clouds": {
        ST: Statement("AWS, Azure, Google Cloud", ("S003-06",)),
        DE: Statement("AWS, Azure, Google Cloud", ("S003-06",)),
        RE: Statement("AWS, Azure, Google Cloud", ("S003-06",)),
        PC: Statement("AWS, Azure, Google Cloud, on premises", ("S003-06",)),
    },
    "managed by Astronomer": {
        ST: Statement("everything", ("S003-07",)),
        DE: Statement("everything", ("S003-07",)),
        RE: Statement("the orchestration plane", ("S003-07",)),
        PC: Statement("nothing", ("S003-07",)),
    },
    "code runs at": {
        ST: Statement("Astronomer", ("S003-08",)),
        DE: Statement("Astronomer", ("S003-08",)),
        RE: Statement("the customer", ("S003-08",)),
        PC: Statement("the customer", ("S003-08",)),
    },
    "logs rest at": {
        ST: Statement("Astronomer", ("S003-09",)),
        DE: Statement("Astronomer", ("S003-09",)),
        RE: Statement("the customer", ("S003-09",)),
        PC: Statement("the customer", ("S003-09",)),
    },
    "secrets": {
        ST: Statement("Astronomer, or an external backend", ("S003-10", "S003-16")),
        DE: Statement("Astronomer, or an external backend", ("S003-10", "S003-16")),
        RE: Statement("a backend of the customer, required", ("S003-10", "S003-25")),
        PC: Statement("a backend of the customer; required, or recommended, by source", ("S003-10", "C-12")),
    },
    "network": {
        ST: Statement("namespaces, public connectivity, the clouds' fixed private endpoints", ("S003-18", "C-08")),
        DE: Statement("VPC peering, PrivateLink, VNet peering, VPN, transit gateway", ("S003-17",)),
        RE: Statement("outbound connections only", ("S003-23",)),
        PC: Statement("the customer's own", ("S003-11",)),
    },
    "no inbound by the vendor": {
        ST: Statement("no", ("S003-32",)),
        DE: Statement("no", ("S003-32",)),
        RE: Statement("yes", ("S003-32",)),
        PC: Statement("yes", ("S003-32",)),
    },
    "code and data in your own network": {
        ST: Statement("no", ("S003-33",)),
        DE: Statement("no", ("S003-33",)),
        RE: Statement("yes", ("S003-33",)),
        PC: Statement("yes", ("S003-33",)),
    },
    "air gap": {
        ST: Statement("no", ("S003-39",)),
        DE: Statement("no", ("S003-39",)),
        RE: Statement("no: agents call out", ("S003-39",)),
        PC: Statement("yes", ("S003-31",)),
    },
    "HIPAA business associate agreement": {
        ST: Statement("no", ("S003-12",)),
        DE: Statement("on Business and Enterprise", ("S003-12",)),
        RE: Statement("yes", ("S003-12",)),
        PC: Statement("yes", ("S003-12",)),
    },
    "PCI-DSS": {
        ST: Statement("no", ("S003-13",)),
        DE: Statement("on Business and Enterprise", ("S003-13",)),
        RE: Statement("yes", ("S003-13",)),
        PC: Statement("yes", ("S003-13",)),
    },
    "DORA": {
        ST: Statement("no", ("S003-37",)),
        DE: Statement("yes", ("S003-37",)),
        RE: Statement("not listed", ("S003-37", "C-04")),
        PC: Statement("yes", ("S003-37",)),
    },
    "SOC 2 Type II": dict.fromkeys(MODELS, Statement("yes", ("S003-42",))),
    "GDPR": {
        ST: Statement("yes, with a data processing agreement", ("S003-45",)),
        DE: Statement("yes, with a data processing agreement", ("S003-45",)),
        RE: Statement("yes; data stays with the customer", ("S003-45",)),
        PC: Statement("yes", ("S003-45",)),
    },
    "recovery in another region": {
        ST: Statement("no", ("S003-37",)),
        DE: Statement("yes, on Enterprise Business Critical", ("S003-38", "C-04")),
        RE: Statement("through the dedicated cluster; the agents are the customer's", ("C-04",)),
        PC: Statement("run by the customer, from 2.0", ("WEB",)),
    },
    "audit log kept by the plan": {
        ST: Statement("Developer: not at all; Team: 7 days", ("S003-48", "C-01")),
        DE: Statement("90 days", ("S003-48",)),
        RE: Statement("90 days", ("S003-48",)),
        PC: Statement("in the customer's own sink", ("WEB",)),
    },
}
"""What the models can do, in the stricter reading."""

_INBOUND = "Astronomer runs the cluster and reaches into it"
_RESIDENCE = "code runs and logs rest at Astronomer"

SUITABILITY: Mapping[Requirement, Mapping[DeploymentModel, Suitability]] = {
    Requirement.HIPAA: {
        ST: Suitability(
            Fit.NO, "no business associate agreement for shared clusters", ("S003-12", "S000-35", "C-03", "C-06")
        ),
        DE: Suitability(
            Fit.YES,
            "a business associate agreement is to be had, on a cluster of your own",
            ("S003-12", "S003-34", "S003-44", "S000-35"),
            Tier.BUSINESS,
            (
                "keep other workspaces off the cluster (S000-36)",
                "keep PHI out of logs, images, XComs and lineage (S003-35)",
            ),
        ),
        RE: Suitability(
            Fit.YES,
            "a Remote Execution deployment stands on a dedicated cluster, and PHI stays with the customer",
            ("S003-12", "S003-34", "C-03"),
            Tier.ENTERPRISE,
            (
                "an external secrets backend and XCom backend (S003-25, S003-26)",
                "a business associate agreement with the cloud provider too (DG:hipaa-compliance)",
            ),
        ),
        PC: Suitability(
            Fit.YES,
            "all of it runs in the customer's own environment",
            ("S003-12", "S003-34", "C-03"),
            None,
            ("a business associate agreement with the cloud provider (DG:hipaa-compliance)",),
        ),
    },
    Requirement.PCI: {
        ST: Suitability(Fit.NO, "not available on shared clusters, in the stricter reading", ("S003-13", "C-06")),
        DE: Suitability(
            Fit.YES,
            "certified on dedicated clusters",
            ("S003-13", "S003-36", "S003-43"),
            Tier.BUSINESS,
            ("export the audit log: 12 months are asked for, 90 days are kept (S003-48, S003-49)",),
        ),
        RE: Suitability(
            Fit.YES,
            "cardholder data stays with the customer",
            ("S003-13", "S003-36"),
            Tier.ENTERPRISE,
            ("export the audit log: 12 months are asked for, 90 days are kept (S003-48, S003-49)",),
        ),
        PC: Suitability(Fit.YES, "all of it runs in the customer's own environment", ("S003-13", "S003-36")),
    },
    Requirement.DORA: {
        ST: Suitability(Fit.NO, "not in the list of models for DORA", ("S003-37",)),
        DE: Suitability(
            Fit.YES,
            "recovery in another region within an hour, losing at most 15 minutes",
            ("S003-37", "S003-38"),
            Tier.ENTERPRISE_BUSINESS_CRITICAL,
            ("turn on cross-region recovery and replication time control (S003-38, C-04)",),
        ),
        RE: Suitability(
            Fit.DOUBTFUL,
            "not in the list of models for DORA, though an EU bank on it is named elsewhere; justify it, or move",
            ("S003-37", "S003-54", "C-04"),
            Tier.ENTERPRISE_BUSINESS_CRITICAL,
            ("turn on recovery of the dedicated cluster, and run agents in two regions (C-04)",),
        ),
        PC: Suitability(
            Fit.YES,
            "recovery is the customer's own",
            ("S003-37", "S003-57"),
            None,
            ("run the failover yourself (WEB)",),
        ),
    },
    Requirement.GDPR: {
        ST: Suitability(Fit.YES, "with a data processing agreement", ("S003-45",)),
        DE: Suitability(Fit.YES, "with a data processing agreement", ("S003-45",)),
        RE: Suitability(Fit.YES, "data stays with the customer", ("S003-45",)),
        PC: Suitability(Fit.YES, "data stays with the customer", ("S003-45",)),
    },
    Requirement.SOC2: dict.fromkeys(MODELS, Suitability(Fit.YES, "SOC 2 Type II holds for every model", ("S003-42",))),
    Requirement.NO_VENDOR_INBOUND: {
        ST: Suitability(Fit.NO, _INBOUND, ("S003-32", "S003-07")),
        DE: Suitability(Fit.NO, _INBOUND, ("S003-32", "S003-07")),
        RE: Suitability(
            Fit.YES,
            "agents open every connection themselves",
            ("S003-32", "S003-23", "S000-42"),
            Tier.ENTERPRISE,
            ("open no Service, route or port to the agents (S003-23)",),
        ),
        PC: Suitability(Fit.YES, "Astronomer has no access", ("S003-32", "S000-31")),
    },
    Requirement.CUSTOMER_EXECUTION_PLANE: {
        ST: Suitability(Fit.NO, _RESIDENCE, ("S003-33", "S003-08", "S003-09")),
        DE: Suitability(Fit.NO, _RESIDENCE, ("S003-33", "S003-08", "S003-09")),
        RE: Suitability(
            Fit.YES,
            "code, data, secrets and logs stay with the customer",
            ("S003-33", "S000-43"),
            Tier.ENTERPRISE,
            ("keep secrets, XComs, state, lineage and logs out of the orchestration plane (S003-25, S003-26)",),
        ),
        PC: Suitability(Fit.YES, "all of it runs in the customer's own environment", ("S003-33", "S003-28")),
    },
    Requirement.AIR_GAPPED: {
        ST: Suitability(Fit.NO, "it is a service in the Internet", ("S003-39",)),
        DE: Suitability(Fit.NO, "it is a service in the Internet", ("S003-39",)),
        RE: Suitability(Fit.NO, "agents need outbound HTTPS", ("S003-39", "S003-22")),
        PC: Suitability(
            Fit.YES,
            "private registries, your own certificate authority, nothing outside",
            ("S003-39", "S003-31"),
            None,
            ("a private registry and chart repository (S003-31)",),
        ),
    },
    Requirement.PRIVATE_CONNECTIVITY: {
        ST: Suitability(Fit.NO, "only the cloud's own services have private endpoints", ("S003-40", "S003-18", "C-08")),
        DE: Suitability(
            Fit.YES,
            "VPC peering, PrivateLink, VNet peering, VPN, transit gateway",
            ("S003-40", "S003-17", "S000-33"),
            Tier.BUSINESS,
            ("address ranges that do not overlap (D:disaster-recovery-prepare)",),
        ),
        RE: Suitability(
            Fit.NOT_APPLICABLE,
            "tasks run in your own network already",
            ("S003-40",),
            None,
            ("let the agents call Astro over AWS PrivateLink or Azure Private Link (D:remote-agents-aws-privatelink)",),
        ),
        PC: Suitability(Fit.NOT_APPLICABLE, "it runs in your own network", ("S003-40",)),
    },
    Requirement.AUDIT_RETENTION: {
        model: Suitability(
            Fit.YES,
            "the plan keeps some days, an export keeps the rest",
            ("S003-48", "S003-49", "C-01"),
            None,
            ("export the audit log where more days are asked for than the plan keeps (S003-49)",),
        )
        for model in (ST, DE, RE)
    }
    | {PC: Suitability(Fit.YES, "the audit log goes to the customer's own sink", ("WEB",))},
}
"""What the sources say of each requirement in each model, in the stricter reading."""

ATTESTED: Mapping[Requirement, Mapping[DeploymentModel, tuple[str, ...]]] = {
    Requirement.HIPAA: {
        ST: ("baa", "sso", "phi-handling", "mfa"),
        DE: ("baa", "sso", "phi-handling", "cloud-baa", "mfa"),
        RE: ("baa", "sso", "phi-handling", "cloud-baa", "mfa"),
        PC: ("phi-handling", "cloud-baa", "mfa"),
    },
    Requirement.PCI: {ST: ("mfa",)} | dict.fromkeys((DE, RE, PC), ("mfa", "pci-scope")),
    Requirement.DORA: {ST: ("mfa",)} | dict.fromkeys((DE, RE, PC), ("mfa", "dr-test")),
    Requirement.SOC2: dict.fromkeys(MODELS, ("mfa",)),
    Requirement.GDPR: {ST: ("dpa",), DE: ("dpa",), RE: ("dpa",)},
}
"""What no file can show and people have to attest.

S000-14, S000-34, S000-39, S000-41, S003-35, S003-38, S003-45; `cloud-baa`: DG:hipaa-compliance. A Standard cluster
takes no card data and has no recovery to test: nothing is to be attested of them there.
"""

ATTESTED_FOR: Mapping[str, frozenset[Requirement]] = {
    "baa": frozenset({Requirement.HIPAA}),
    "cloud-baa": frozenset({Requirement.HIPAA}),
    "sso": frozenset({Requirement.HIPAA}),
    "phi-handling": frozenset({Requirement.HIPAA}),
    "dpa": frozenset({Requirement.GDPR}),
    "audit-export": frozenset({Requirement.PCI, Requirement.AUDIT_RETENTION}),
    "log-shipping": frozenset(Requirement),
    "private-link": frozenset({Requirement.PRIVATE_CONNECTIVITY}),
    "own-backends": frozenset({Requirement.HIPAA, Requirement.PCI, Requirement.CUSTOMER_EXECUTION_PLANE}),
    "mfa": frozenset({Requirement.HIPAA, Requirement.PCI, Requirement.SOC2, Requirement.DORA}),
    "dr-test": frozenset({Requirement.DORA}),
    "pci-scope": frozenset({Requirement.PCI}),
    "vendor-baa": frozenset({Requirement.HIPAA}),
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
