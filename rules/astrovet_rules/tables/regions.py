"""Where the regions of the clouds lie, as the European law on personal data sees it.

General knowledge of the clouds, of November 2026. The names of the three
clouds do not overlap. A region that is missing here is a question of transfers, not a breach.
"""

from collections.abc import Mapping

EUROPEAN: Mapping[str, frozenset[str]] = {
    "AWS": frozenset({"eu-west-1", "eu-west-3", "eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2"}),
    "GCP": frozenset(
        {
            "europe-west1", "europe-west3", "europe-west4", "europe-west8", "europe-west9", "europe-west10",
            "europe-west12", "europe-north1", "europe-north2", "europe-central2", "europe-southwest1", "eu", "eur4",
        }
    ),
    "AZURE": frozenset(
        {
            "northeurope", "westeurope", "francecentral", "francesouth", "germanywestcentral", "germanynorth",
            "swedencentral", "polandcentral", "italynorth", "spaincentral", "norwayeast", "norwaywest",
        }
    ),
}  # fmt: skip
"""In the European Union or the European Economic Area; of Google also `EU` and `EUR4`, which are several at once."""

ADEQUATE: Mapping[str, frozenset[str]] = {
    "AWS": frozenset({"eu-west-2", "eu-central-2"}),
    "GCP": frozenset({"europe-west2", "europe-west6"}),
    "AZURE": frozenset({"uksouth", "ukwest", "switzerlandnorth", "switzerlandwest"}),
}
"""In the United Kingdom and Switzerland, whose law the European Commission found adequate."""


def canonical(region: str) -> str:
    """The region's name in small letters; Azure also writes its names as titles, `West Europe`."""
    return region.lower().replace(" ", "")


def is_european(region: str) -> bool:
    """In the European Union or the European Economic Area."""
    return any(canonical(region) in regions for regions in EUROPEAN.values())


def is_adequate(region: str) -> bool:
    """In a country whose law the European Commission found adequate."""
    return any(canonical(region) in regions for regions in ADEQUATE.values())
