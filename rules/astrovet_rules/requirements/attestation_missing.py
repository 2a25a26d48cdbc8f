"""What a declared requirement needs and no file can show must be attested.

## Why

A part of each requirement lies outside all files: whether people sign in through the identity provider, whether
DAGs keep PHI out of logs, images, XComs and lineage, whether agreements are signed. An auditor asks who says so,
since when, and where that can be looked up.

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
whose values show how people sign in. `cloud-baa` on shared clusters, which take no PHI at all.
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


@rule(
    "REQ005",
    "attestation-missing",
    on=Obligation,
    severity=Severity.MEDIUM,
    when=("gdpr", "hipaa"),
    sources=("S000-02", "S000-39", "S000-41", "S003-35", "S003-45", "DG:hipaa-compliance"),
    controls=("45 CFR 164.308(b)(1)", "45 CFR 164.312(d)", "GDPR Art. 28"),
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
    for requirement in (name for name in Requirement if name in context.requires and name in ATTESTED):
        needs = [ATTESTED[requirement].get(model, ()) for model in models]
        for what in dict.fromkeys(need for some in needs for need in some if need != "baa"):
            if all(what in some for some in needs):
                severity = Severity.HIGH if what == "phi-handling" else None
                yield from attestation(what, obligation.at(requirement), context, (requirement,), severity)
            elif best(what, context) is None:
                yield undecided(doubt, about=what)
