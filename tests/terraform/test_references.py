"""Where an unknown `cluster_id` comes from, for every way to write it; see data/references/main.tf.

The plan is Terraform's own: `make-plan tests/data/references` of the stand-in makes it again.
"""

from __future__ import annotations

import pytest

from astrovet.model.deployment import Cluster, Deployment
from astrovet.model.link import Link
from astrovet.readers.astro.resources import read_facts
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Absent, Known, Unknown
from support import DATA

PLAN = DATA / "references" / "plan.json"
FACTS = read_facts(read("plan.json", read_terraform("plan.json", PLAN.read_text())))
LINKS = {deployment.id: deployment.cluster for deployment in FACTS.estate.of(Deployment)}

ONE = "astro_cluster.one"
US, EU = 'astro_cluster.by_key["us"]', 'astro_cluster.by_key["eu.west"]'
FIRST, SECOND = "astro_cluster.by_count[0]", "astro_cluster.by_count[1]"


def candidates(link: Link[Cluster]) -> set[str]:
    return {candidate.id for candidate in link.candidates}


@pytest.mark.parametrize(
    ("deployment", "cluster"),
    [
        ("astro_deployment.direct", ONE),
        ("astro_deployment.by_quoted_key", EU),
        ("astro_deployment.by_index", SECOND),
        # What a root variable holds is known, so the unknown value is the other arm's.
        ("astro_deployment.conditional_literal", ONE),
        # A block with count = 0 has no instance.
        ("astro_deployment.or_never", ONE),
        ("astro_deployment.of_a_module", "module.network.astro_cluster.this"),
        ("astro_deployment.of_one_of_several_modules", 'module.zones["b.c"].astro_cluster.this'),
        ("astro_deployment.of_a_deferred_data_source", "data.astro_cluster.deferred"),
        # Two variables up, through a module key with a dot.
        ('module.team["mkt.sales"].module.deployment[0].astro_deployment.this', US),
        ('module.team["risk"].module.deployment[0].astro_deployment.this', US),
    ],
)
def test_a_reference_leads_to_one_cluster(deployment: str, cluster: str) -> None:
    link = LINKS[deployment]
    match link.to:
        case Known(target, place):
            assert target.id == cluster
            assert place.address == deployment
            assert place.pointer == "cluster_id"
        case Unknown() | Absent():
            pytest.fail("the link is not resolved")
    assert candidates(link) == {cluster}
    assert link.how == f"by reference to {cluster}"


@pytest.mark.parametrize(
    ("deployment", "clusters"),
    [
        ("astro_deployment.by_variable_key", {US, EU}),
        ("astro_deployment.conditional", {ONE, FIRST}),
        ("astro_deployment.splat", {FIRST, SECOND}),
        ('astro_deployment.each_key["us"]', {US, EU}),
        ('astro_deployment.each_value["a"]', {ONE, US}),
        ('astro_deployment.each_value_of_a_resource["us"]', {US, EU}),
        ('module.teams_of_a_map["sales"].module.deployment[0].astro_deployment.this', {FIRST, SECOND}),
    ],
)
def test_a_reference_that_can_mean_several_clusters_gives_all_of_them(deployment: str, clusters: set[str]) -> None:
    link = LINKS[deployment]
    assert isinstance(link.to, Unknown)
    assert "shows only after apply" in link.to.why
    assert candidates(link) == clusters


@pytest.mark.parametrize(
    ("deployment", "lost"),
    [
        ("astro_deployment.by_local", "local.cluster_id, which no plan holds"),
        ("astro_deployment.of_a_module_behind_a_local", "local.id, which no plan holds"),
        ("astro_deployment.of_all_modules", "module.zones as a whole"),
        ("astro_deployment.through_another_resource", "terraform_data.chosen"),
    ],
)
def test_a_trail_that_is_lost_says_where(deployment: str, lost: str) -> None:
    link = LINKS[deployment]
    assert isinstance(link.to, Unknown)
    assert lost in link.to.why
    assert not link.candidates


def test_a_written_id_of_no_known_cluster_is_kept() -> None:
    link = LINKS["astro_deployment.written"]
    assert isinstance(link.to, Unknown)
    assert "not in these inputs" in link.to.why
    assert link.id == "clv17vgft000801kkydsws63x"


def test_a_standard_deployment_has_no_cluster() -> None:
    assert LINKS["astro_deployment.standard"].to == Absent(LINKS["astro_deployment.standard"].to.place)


def test_every_deployment_of_the_plan_is_looked_at() -> None:
    assert len(LINKS) == 27
