"""What people attest, in words: what each attestation is about, and how to come by it.

Sources, read November 2026: the security overview (S000-13, S000-14, S000-34, S000-39, S000-41), the guide to the
deployment models (S003-35, S003-38, S003-45, S003-49) for the cloud provider's agreement, Astronomer's page on HIPAA,
and its pages on private links of Remote Execution agents.
"""

from msgspec import Struct


class Attestable(Struct, frozen=True):
    """One thing that no file can show."""

    gap: str
    """What is wrong where nobody attests it."""
    remedy: str
    """What has to be done before it can be attested."""


ATTESTABLES = {
    "baa": Attestable(
        "no business associate agreement with Astronomer is attested",
        "have a business associate agreement signed by Astronomer",
    ),
    "cloud-baa": Attestable(
        "no business associate agreement with the cloud provider is attested",
        "sign a business associate agreement with the provider of the cloud that the tasks run in",
    ),
    "dpa": Attestable(
        "no data processing agreement with Astronomer is attested",
        "have the data processing agreement signed by Astronomer",
    ),
    "sso": Attestable(
        "nobody attests that people sign in through the company's identity provider",
        "connect the organization to your identity provider and enforce SSO",
    ),
    "phi-handling": Attestable(
        "nobody attests that logs, images, XComs and lineage are free of clear-text PHI",
        "review the DAGs for PHI in logs, images, XComs and lineage",
    ),
    "audit-export": Attestable(
        "nobody attests that the audit log is exported",
        "export the audit log to a bucket of your own",
    ),
    "private-link": Attestable(
        "nobody attests that the agents call Astro over a private link",
        "set up AWS PrivateLink or Azure Private Link for the agents",
    ),
    "own-backends": Attestable(
        "nobody attests where backend classes of your own keep secrets and XComs",
        "review what these classes do",
    ),
    "mfa": Attestable(
        "nobody attests that people sign in with a second factor",
        "enforce multi-factor authentication at the identity provider",
    ),
    "dr-test": Attestable(
        "nobody attests that the recovery is tested",
        "fail over to the other region and back, and write down how long that took and what was lost",
    ),
    "pci-scope": Attestable(
        "nobody attests which deployments, networks and people are in scope of PCI DSS",
        "document the scope, as PCI DSS asks for once a year",
    ),
    "vendor-baa": Attestable(
        "no business associate agreement with the third party that data goes to is attested",
        "sign a business associate agreement with whoever runs that service",
    ),
    "log-shipping": Attestable(
        "nobody attests that logs are shipped to a sink of your own",
        "ship the logs to a sink of your own",
    ),
}
"""By the attestation's name in the configuration."""
