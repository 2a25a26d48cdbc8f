"""Which values files belong together, by their names alone."""

from __future__ import annotations

import pytest

from astrovet.helm.conventions import Pair, environment_of, pairs


@pytest.mark.parametrize(
    ("base", "overlay", "environment"),
    [
        ("values.yaml", "values-prod.yaml", "prod"),
        ("values.yaml", "values.prod.yaml", "prod"),
        ("values.yaml", "values_prod.yaml", "prod"),
        ("values.yaml", "values-prod.yml", "prod"),
        ("values.yaml", "prod.values.yaml", "prod"),
        ("values.yaml", "prod-values.yaml", "prod"),
        ("values.yaml", "values-prod-eu.yaml", "prod-eu"),
        ("agent.yaml", "agent-prod.yaml", "prod"),
        ("helm/values.yaml", "helm/prod/values.yaml", "prod"),
        ("helm/values.yaml", "helm/prod/values-prod.yaml", "prod"),
        ("helm/values.yaml", "helm/environments/prod/values.yaml", "prod"),
        ("helm/base/values.yaml", "helm/prod/values.yaml", "prod"),
        ("values-base.yaml", "values-prod.yaml", "prod"),
        ("values-common.yaml", "values-prod.yaml", "prod"),
        ("values.yaml", "values.yaml", ""),
        ("values.yaml", "valuesprod.yaml", ""),
        ("values-prod.yaml", "values.yaml", ""),
        ("values-dev.yaml", "values-prod.yaml", ""),
        ("helm/values.yaml", "other/values.yaml", ""),
        ("helm/values.yaml", "helm/prod/other.yaml", ""),
        ("helm/values.yaml", "helm/prod/values-dev.yaml", ""),
        ("helm/values.yaml", "helm/base/values.yaml", ""),
        ("helm/dev/values.yaml", "helm/prod/values.yaml", ""),
        ("values.yaml", "a/b/values.yaml", ""),
    ],
)
def test_a_name_tells_the_environment(base: str, overlay: str, environment: str) -> None:
    assert environment_of(base, overlay) == environment


def test_every_environment_is_paired_with_the_file_under_all_of_them() -> None:
    paths = ["values.yaml", "values-prod.yaml", "values-prod-eu.yaml", "stage/values.yaml", "deployment.yaml"]
    assert pairs(["values.yaml"], paths, lambda _: True) == (
        Pair("values.yaml", "values-prod.yaml", "prod"),
        Pair("values.yaml", "stage/values.yaml", "stage"),
        Pair("values.yaml", "values-prod-eu.yaml", "prod-eu"),
    )


def test_a_recognised_overlay_finds_the_base_that_looks_like_nothing() -> None:
    paths = ["values.yaml", "values-dev.yaml", "values-prod.yaml"]
    assert [pair.overlay for pair in pairs(["values-prod.yaml"], paths, lambda _: True)] == [
        "values-dev.yaml",
        "values-prod.yaml",
    ]


def test_a_file_that_does_not_fit_is_neither_layer_nor_base() -> None:
    paths = ["values.yaml", "values-postgres.yaml", "values-prod.yaml"]
    paired = pairs(["values.yaml"], paths, lambda path: "postgres" not in path)
    assert [pair.overlay for pair in paired] == ["values-prod.yaml"]
    assert pairs(["values-prod.yaml"], paths, lambda path: path != "values.yaml") == ()


def test_only_files_around_recognised_ones_are_looked_at() -> None:
    asked = []

    def fits(path: str) -> bool:
        asked.append(path)
        return True

    others = [f"charts/other-{number}/values-prod.yaml" for number in range(50)]
    assert pairs(["agents/values.yaml"], ["agents/values.yaml", "agents/values-prod.yaml", *others], fits)
    assert asked == ["agents/values-prod.yaml"]
