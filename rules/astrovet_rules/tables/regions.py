"""Where the regions of the clouds lie, as the European law on personal data sees it.

The regions: the clouds' own lists, as generally known in November 2026. The adequate countries: the European
Commission's list of adequacy decisions under Article 45 (the source `ADEQUACY`). The names of the three clouds do not
overlap. A region that stands in none of the tables is undecided: new ones come every year.
"""

from collections.abc import Mapping

EUROPEAN: Mapping[str, frozenset[str]] = {
    "AWS": frozenset(
        {"eu-west-1", "eu-west-3", "eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eusc-de-east-1"}
    ),
    "GCP": frozenset(
        {
            "europe-west1", "europe-west3", "europe-west4", "europe-west8", "europe-west9", "europe-west10",
            "europe-west12", "europe-north1", "europe-north2", "europe-central2", "europe-southwest1", "eu", "eur4",
        }
    ),
    "AZURE": frozenset(
        {
            "northeurope", "westeurope", "francecentral", "francesouth", "germanywestcentral", "germanynorth",
            "swedencentral", "swedensouth", "polandcentral", "italynorth", "spaincentral", "norwayeast", "norwaywest",
            "austriaeast", "belgiumcentral", "denmarkeast", "finlandcentral", "greececentral",
        }
    ),
}  # fmt: skip
"""In the European Union or the European Economic Area; of Google also `EU` and `EUR4`, which are several at once."""

ADEQUATE: Mapping[str, frozenset[str]] = {
    "AWS": frozenset(
        {
            "eu-west-2", "eu-central-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-6",
            "ca-central-1", "ca-west-1", "il-central-1",
        }
    ),
    "GCP": frozenset(
        {
            "europe-west2", "europe-west6", "asia-northeast1", "asia-northeast2", "asia-northeast3",
            "northamerica-northeast1", "northamerica-northeast2", "me-west1", "asia1", "eur5", "eur7", "eur8",
        }
    ),
    "AZURE": frozenset(
        {
            "uksouth", "ukwest", "switzerlandnorth", "switzerlandwest", "japaneast", "japanwest", "koreacentral",
            "koreasouth", "canadacentral", "canadaeast", "israelcentral", "newzealandnorth",
        }
    ),
}  # fmt: skip
"""In the United Kingdom, Switzerland, Japan, South Korea, Canada (for commercial organizations), Israel and New
Zealand; the Commission's other decisions are on countries without a region. Some of Google's lie in two."""

BESIDE_THE_UNION = frozenset({
    "eu-west-2", "eu-central-2", "europe-west2", "europe-west6", "uksouth", "ukwest", "switzerlandnorth",
    "switzerlandwest",
})  # fmt: skip
"""In Europe, and neither in the Union nor in the Economic Area."""

OUTSIDE: Mapping[str, frozenset[str]] = {
    "AWS": frozenset(
        {
            "us-east-1", "us-east-2", "us-west-1", "us-west-2", "us-gov-east-1", "us-gov-west-1", "af-south-1",
            "ap-east-1", "ap-east-2", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
            "ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "me-central-1", "me-south-1", "mx-central-1",
            "cn-north-1", "cn-northwest-1",
        }
    ),
    "GCP": frozenset(
        {
            "us-central1", "us-east1", "us-east4", "us-east5", "us-south1", "us-west1", "us-west2", "us-west3",
            "us-west4", "northamerica-south1", "southamerica-west1", "asia-east1", "asia-east2", "asia-south1",
            "asia-south2", "asia-southeast1", "asia-southeast2", "asia-southeast3", "australia-southeast1",
            "australia-southeast2", "africa-south1", "me-central1", "me-central2", "us", "nam4", "asia",
        }
    ),
    "AZURE": frozenset(
        {
            "eastus", "eastus2", "centralus", "northcentralus", "southcentralus", "westcentralus", "westus", "westus2",
            "westus3", "usgovarizona", "usgovtexas", "usgovvirginia", "eastasia", "southeastasia", "australiaeast",
            "australiasoutheast", "australiacentral", "australiacentral2", "centralindia", "southindia", "westindia",
            "jioindiawest", "jioindiacentral", "southafricanorth", "southafricawest", "uaenorth", "uaecentral",
            "qatarcentral", "mexicocentral", "chilecentral", "indonesiacentral", "malaysiawest", "chinanorth",
            "chinanorth2", "chinanorth3", "chinaeast", "chinaeast2", "chinaeast3",
        }
    ),
}  # fmt: skip
"""In countries of which no decision of the Commission holds for everybody: transfers there need a ground of their own.
Of the United States it covers only companies that are certified. Brazil, of which a decision was under way, is in no
table."""


def canonical(region: str) -> str:
    """The region's name in small letters; Azure also writes its names as titles, `West Europe`."""
    return region.lower().replace(" ", "")


def is_european(region: str) -> bool:
    """In the European Union or the European Economic Area."""
    return _is_in(EUROPEAN, region)


def is_on_continent(region: str) -> bool:
    """Anywhere in Europe, the United Kingdom and Switzerland among it."""
    return is_european(region) or canonical(region) in BESIDE_THE_UNION


def is_adequate(region: str) -> bool:
    """In a country whose law the European Commission found adequate."""
    return _is_in(ADEQUATE, region)


def is_outside(region: str) -> bool:
    """In a country of which the Commission found no such thing for everybody."""
    return _is_in(OUTSIDE, region)


def _is_in(table: Mapping[str, frozenset[str]], region: str) -> bool:
    return any(canonical(region) in regions for regions in table.values())
