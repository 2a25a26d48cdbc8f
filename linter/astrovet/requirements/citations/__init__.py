"""What the tag of a source stands for: what it says or is, how old it is, and where it can be read."""

from __future__ import annotations

from msgspec import Struct

from astrovet.requirements.citations.published import CONTRADICTIONS, GUIDE, OVERVIEW, STATEMENTS


class Citation(Struct, frozen=True):
    """A source that a rule rests on."""

    tag: str
    what: str
    """What it says or is, in whole sentences, with its date where that is known."""
    address: str = ""
    """Where it can be read; empty where it is not published as such."""


_READ = "Read November 2026."

_PACKAGES = {
    "amazon": ("apache-airflow-providers-amazon", "9.39.0"),
    "apache-airflow-core": ("apache-airflow-core", "3.3.2"),
    "common-io": ("apache-airflow-providers-common-io", "1.11.0"),
    "git": ("apache-airflow-providers-git", "1.0.1"),
    "google": ("apache-airflow-providers-google", "22.8.0"),
    "hashicorp": ("apache-airflow-providers-hashicorp", "4.8.4"),
    "microsoft-azure": ("apache-airflow-providers-microsoft-azure", "15.2.1"),
    "openlineage": ("apache-airflow-providers-openlineage", "2.20.3"),
}
"""`P:name`: the packages whose source was read, and in which version."""

_WORKS = {
    "T1": ("The commented values that Astronomer hands out with the agent's chart 1.0.2.", ""),
    "T2": ("The commented values that Astronomer hands out with the agent's charts 2.0.0 to 2.2.", ""),
    "TF": (
        "Astronomer's Terraform provider 1.5.2 of 12 August 2026: its schemas and its documentation.",
        "https://github.com/astronomer/terraform-provider-astro/tree/v1.5.2",
    ),
    "CLI": (
        "The source of Astronomer's command line 1.9: what `astro deployment inspect` writes, and what is made of it.",
        "https://github.com/astronomer/astro-cli/tree/v1.9.0/cloud/deployment",
    ),
    "PLAN": ("What Terraform 1.11.4 writes, seen in plans that were made for this purpose.", ""),
    "CH": (
        "The chart of Astro Private Cloud, up to 2.1.0 of 10 August 2026.",
        "https://github.com/astronomer/astronomer",
    ),
    "DOC24": (
        "Astronomer's documentation of Software 0.30 to 0.35, archived in August 2024.",
        "https://github.com/astronomer/docs",
    ),
    "WEB": (
        f"Astronomer's documentation of Private Cloud. {_READ}",
        "https://www.astronomer.io/docs/astro-private-cloud",
    ),
    "PSS": (
        "The Pod security standards of Kubernetes.",
        "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    ),
    "CLOUD": (f"The documentation of the Terraform providers aws, google and azurerm. {_READ}", ""),
    "ADEQUACY": (
        f"The European Commission's list of adequacy decisions under Article 45 of the GDPR. {_READ}",
        "https://commission.europa.eu/law/law-topic/data-protection/international-dimension-data-protection/adequacy-decisions_en",
    ),
    "LIFECYCLE": (
        "Astronomer's lifecycle schedule of Astro Runtime, as archived in August 2024.",
        "https://github.com/astronomer/docs/blob/main/astro/runtime-version-lifecycle-policy.md",
    ),
    "FIELD": ("Seen in public repositories of people who run Astro.", ""),
    "our rule": ("Astrovet's own; no source asks for it.", ""),
    "our inference": ("Concluded from the sources beside it; none of them says it in so many words.", ""),
}
"""Sources that are known by one tag."""

_PARTS = {
    "PSS baseline": ("PSS", "The level baseline."),
    "PSS restricted": ("PSS", "The level restricted."),
}
"""A part of such a source."""


def citation(tag: str) -> Citation | None:
    """What a source's tag stands for; None for a tag of somebody else's rules."""
    collection, _, name = tag.partition(":")
    if said := STATEMENTS.get(tag):
        page, title = (OVERVIEW, "Security overview") if tag.startswith("S000") else (GUIDE, "Security guide")
        return Citation(tag, f"{said} {title}, statement {int(tag[-2:])} in our count.", page)
    if readings := CONTRADICTIONS.get(tag):
        return Citation(tag, f"Where sources contradict each other. {readings}")
    if work := _WORKS.get(tag):
        return Citation(tag, *work)
    if part := _PARTS.get(tag):
        what, address = _WORKS[part[0]]
        return Citation(tag, f"{what} {part[1]}", address)
    return _in_collection(tag, collection, name) if name else None


def _in_collection(tag: str, collection: str, name: str) -> Citation | None:
    """One page, package or plan of many."""
    match collection:
        case "D":
            return Citation(tag, f"Astronomer's documentation. {_READ}", f"https://www.astronomer.io/docs/astro/{name}")
        case "DG":
            address = f"https://github.com/astronomer/docs/blob/main/astro/{name}.md"
            return Citation(tag, "Astronomer's documentation as archived in August 2024.", address)
        case "P" if package := _PACKAGES.get(name):
            full, version = package
            return Citation(tag, f"The source of {full} {version}. {_READ}", f"https://pypi.org/project/{full}/")
        case "PLAN":
            what, _ = _WORKS["PLAN"]
            return Citation(tag, f"{what} The one called {name}.")
        case _:
            return None
