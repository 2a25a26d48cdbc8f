"""Where each region of the three clouds lies, country by country, by the clouds' own lists (November 2026)."""

from __future__ import annotations

import pytest

from astrovet_rules.tables.regions import canonical, is_adequate, is_european, is_on_continent, is_outside

UNION_AND_ECONOMIC_AREA = {
    "Austria": "austriaeast",
    "Belgium": "europe-west1 belgiumcentral",
    "Denmark": "denmarkeast",
    "Finland": "europe-north1 finlandcentral",
    "France": "eu-west-3 europe-west9 francecentral francesouth",
    "Germany": "eu-central-1 eusc-de-east-1 europe-west3 europe-west10 germanywestcentral germanynorth",
    "Greece": "greececentral",
    "Ireland": "eu-west-1 northeurope",
    "Italy": "eu-south-1 europe-west8 europe-west12 italynorth",
    "the Netherlands": "europe-west4 westeurope",
    "Norway": "norwayeast norwaywest",
    "Poland": "europe-central2 polandcentral",
    "Spain": "eu-south-2 europe-southwest1 spaincentral",
    "Sweden": "eu-north-1 europe-north2 swedencentral swedensouth",
    "several at once": "eu eur4",
}
ADEQUATE = {
    "Canada": "ca-central-1 ca-west-1 northamerica-northeast1 northamerica-northeast2 canadacentral canadaeast",
    "Israel": "il-central-1 me-west1 israelcentral",
    "Japan": "ap-northeast-1 ap-northeast-3 asia-northeast1 asia-northeast2 japaneast japanwest asia1",
    "New Zealand": "ap-southeast-6 newzealandnorth",
    "South Korea": "ap-northeast-2 asia-northeast3 koreacentral koreasouth",
    "several at once": "eur5 eur7 eur8",
}
ADEQUATE_IN_EUROPE = {
    "Switzerland": "eu-central-2 europe-west6 switzerlandnorth switzerlandwest",
    "the United Kingdom": "eu-west-2 europe-west2 uksouth ukwest",
}
OUTSIDE = {
    "Australia": "ap-southeast-2 ap-southeast-4 australia-southeast1 australia-southeast2 australiaeast"
    " australiasoutheast australiacentral australiacentral2",
    "Bahrain": "me-south-1",
    "Chile": "southamerica-west1 chilecentral",
    "China": "cn-north-1 cn-northwest-1 chinanorth chinanorth2 chinanorth3 chinaeast chinaeast2 chinaeast3",
    "Hong Kong": "ap-east-1 asia-east2 eastasia",
    "India": "ap-south-1 ap-south-2 asia-south1 asia-south2 centralindia southindia westindia jioindiawest"
    " jioindiacentral",
    "Indonesia": "ap-southeast-3 asia-southeast2 indonesiacentral",
    "Malaysia": "ap-southeast-5 malaysiawest",
    "Mexico": "mx-central-1 northamerica-south1 mexicocentral",
    "Qatar": "me-central1 qatarcentral",
    "Saudi Arabia": "me-central2",
    "Singapore": "ap-southeast-1 asia-southeast1 southeastasia",
    "South Africa": "af-south-1 africa-south1 southafricanorth southafricawest",
    "Taiwan": "ap-east-2 asia-east1",
    "Thailand": "ap-southeast-7 asia-southeast3",
    "the Emirates": "me-central-1 uaenorth uaecentral",
    "the United States, Amazon": "us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1",
    "the United States, Google": "us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4"
    " us nam4",
    "the United States, Azure": "eastus eastus2 centralus northcentralus southcentralus westcentralus westus westus2"
    " westus3 usgovarizona usgovtexas usgovvirginia",
    "several at once": "asia",
}


def answers(region: str) -> tuple[bool, bool, bool, bool]:
    return is_european(region), is_on_continent(region), is_adequate(region), is_outside(region)


@pytest.mark.parametrize(
    ("countries", "expected"),
    [
        (UNION_AND_ECONOMIC_AREA, (True, True, False, False)),
        (ADEQUATE, (False, False, True, False)),
        (ADEQUATE_IN_EUROPE, (False, True, True, False)),
        (OUTSIDE, (False, False, False, True)),
        ({"Brazil and names of no region": "sa-east-1 southamerica-east1 brazilsouth eu-west-9 east"}, (False,) * 4),
    ],
)
def test_the_law_of_a_country_holds_in_all_its_regions(
    countries: dict[str, str], expected: tuple[bool, bool, bool, bool]
) -> None:
    regions = [region for names in countries.values() for region in names.split()]
    assert {region: answers(region) for region in regions} == dict.fromkeys(regions, expected)


@pytest.mark.parametrize(
    ("written", "name"),
    [("West Europe", "westeurope"), ("EU", "eu"), ("UK South", "uksouth"), ("eu-west-1", "eu-west-1")],
)
def test_other_spellings(written: str, name: str) -> None:
    assert canonical(written) == name
    assert answers(written) == answers(name)
