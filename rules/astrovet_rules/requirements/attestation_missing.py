"""What a declared requirement needs and no file can show must be attested.

## Why

A part of each requirement lies outside all files: whether people sign in through the identity provider and with a
second factor, whether DAGs keep PHI out of logs, images, XComs and lineage, whether recovery was ever tried, whether
agreements are signed. An auditor asks who says so, since when, and where that can be looked up.

The finding says which of the three parties of the shared responsibility must act: the customer, Astronomer or
the cloud provider.

## Fix

Do what the finding names, then record who answers for it and since when:

    attestations:
      - what: phi-handling
        owner: data-platform@example.com
        signed: 2026-05-04
        evidence: https://wiki.example.com/phi-review

## Not reported

`baa`, which REQ004 asks for; an attestation that has run out, which REQ006 reports. `sso` in a private cloud,
whose values show how people sign in. `cloud-baa`, `pci-scope` and `dr-test` on shared clusters, which take no PHI, no
card data and no recovery at all. `audit-export`, for which REQ014 asks, and `vendor-baa`, for which REX021 does.
"""

from astrovet import (
    ATTESTED,
    Absent,
    Context,
    DeploymentModel,
    Known,
    Obligation,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    rule,
    undecided,
)
from astrovet_rules.requirements.attesting import attestation, best

ON_ASTRO = (DeploymentModel.STANDARD, DeploymentModel.DEDICATED, DeploymentModel.REMOTE_EXECUTION)
"""What a deployment of Astro can be whose model is not known."""

OF_OTHER_RULES = frozenset({"baa"})


@rule(
    "REQ005",
    "attestation-missing",
    on=Obligation,
    severity=Severity.MEDIUM,
    when=("dora", "gdpr", "hipaa", "pci", "soc2"),
    sources=(
        "S000-02",
        "S000-13",
        "S000-14",
        "S000-39",
        "S000-41",
        "S003-35",
        "S003-38",
        "S003-45",
        "DG:hipaa-compliance",
        "our inference",
    ),
    controls=(
        "45 CFR 164.308(b)(1)",
        "45 CFR 164.312(d)",
        "DORA Art. 9(4)(d)",
        "DORA Art. 11 and 12",
        "SOC 2 CC6.1",
        "GDPR Art. 28",
    ),
)
def check(obligation: Obligation, context: Context) -> Verdicts:
    models: tuple[DeploymentModel, ...]
    match obligation.model:
        case Known(model, place) if model is not DeploymentModel.HYBRID:
            models, doubt = (model,), Unknown("", place)
        case Known(_, place):
            why = "the sources leave Hybrid deployments out, so what has to be attested for them is not known"
            models, doubt = ON_ASTRO, Unknown(why, place)
        case Unknown() as unknown:
            models, doubt = ON_ASTRO, unknown
        case Absent(place):
            models, doubt = ON_ASTRO, Unknown("the model of the deployment is not known", place)
    surely: dict[str, list[Requirement]] = {}
    perhaps: set[str] = set()
    for requirement in (name for name in Requirement if name in context.requires and name in ATTESTED):
        needs = [frozenset(ATTESTED[requirement].get(model, ())) - OF_OTHER_RULES for model in models]
        for what in frozenset.intersection(*needs):
            surely.setdefault(what, []).append(requirement)
        perhaps |= frozenset.union(*needs)
    for what, asking in sorted(surely.items()):
        severity = Severity.HIGH if what == "phi-handling" else None
        yield from attestation(what, obligation.at(asking[0]), context, asking, severity)
    for what in sorted(perhaps - surely.keys()):
        if best(what, context) is None:
            yield undecided(doubt, about=what)
