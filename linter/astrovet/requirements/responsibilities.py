"""Who must act: the responsibility that Astronomer, the customer and the cloud provider share, as data.

The words of each duty are those of its statement in `citations`; the models are those of which the security
overview speaks there (S000-02 to S000-20), and of Private Cloud and Remote Execution the guide (S003-07). Read
November 2026.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from astrovet.model.deployment_model import DeploymentModel
from astrovet.requirements.citations import citation
from astrovet.requirements.tables import DE, MODELS, PC, RE, ST


class Party(StrEnum):
    """Who answers for a duty (S000-02)."""

    ASTRONOMER = "Astronomer"
    CUSTOMER = "customer"
    CLOUD_PROVIDER = "cloud provider"


class Duty(Struct, frozen=True):
    """What a party answers for, and in which deployment models."""

    party: Party
    models: tuple[DeploymentModel, ...]
    source: str
    """The statement that says so."""

    @property
    def what(self) -> str:
        """The statement in our own words."""
        statement = citation(self.source)
        assert statement is not None  # noqa: S101  a tag of the table below; a test holds it
        return statement.what.partition(". ")[0] + "."


def _duties(party: Party, *rows: tuple[str, tuple[DeploymentModel, ...]]) -> tuple[Duty, ...]:
    return tuple(Duty(party, models, source) for source, models in rows)


DUTIES = (
    *_duties(
        Party.ASTRONOMER,
        ("S000-03", (ST, DE, RE)),
        ("S000-04", (ST, DE, RE)),
        ("S000-05", (ST, DE)),
        ("S000-06", (ST, DE)),
        ("S000-07", (ST, DE)),
        ("S000-08", (ST, DE)),
        ("S000-09", MODELS),
        ("S000-10", (DE,)),
        ("S003-07", (RE, PC)),
    ),
    *_duties(
        Party.CUSTOMER,
        ("S000-11", MODELS),
        ("S000-12", MODELS),
        ("S000-13", MODELS),
        ("S000-14", MODELS),
        ("S000-15", MODELS),
        ("S000-16", (ST, DE, RE)),
        ("S000-17", MODELS),
        ("S000-18", (DE, RE, PC)),
    ),
    *_duties(Party.CLOUD_PROVIDER, ("S000-19", MODELS), ("S000-20", MODELS)),
)
"""In the order of the overview."""

SIGNED_BY = {
    "baa": (Party.CUSTOMER, Party.ASTRONOMER),
    "cloud-baa": (Party.CUSTOMER, Party.CLOUD_PROVIDER),
    "dpa": (Party.CUSTOMER, Party.ASTRONOMER),
    "sso": (Party.CUSTOMER,),
    "phi-handling": (Party.CUSTOMER,),
    "audit-export": (Party.CUSTOMER,),
    "log-shipping": (Party.CUSTOMER,),
    "private-link": (Party.CUSTOMER, Party.ASTRONOMER),
    "own-backends": (Party.CUSTOMER,),
    "mfa": (Party.CUSTOMER,),
    "dr-test": (Party.CUSTOMER,),
    "pci-scope": (Party.CUSTOMER,),
    "vendor-baa": (Party.CUSTOMER,),
}
"""Whom an attestation takes: who obtains and records it, and with whom it is agreed.

S000-14, S000-34, S000-39, S000-41, S003-45, S003-49; `cloud-baa`: DG:hipaa-compliance. `vendor-baa`, `dr-test` and
`pci-scope` are what HIPAA (164.308(b)(1)), DORA (Art. 11 and 12) and PCI DSS ask of the customer itself.
"""
