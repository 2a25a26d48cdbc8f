"""Which values files belong together, by their names alone."""

from __future__ import annotations

import time
from itertools import product

import pytest

from astrovet.helm import conventions
from astrovet.helm.conventions import Pair, environment_of, is_kustomization, pairs

BASE_WORDS = ("base", "common", "default", "defaults", "shared", "global")
FOLDERS = ("environments", "envs", "env", "overlays", "clusters")
ENVIRONMENTS = [
    "acc", "acceptance", "ci", "dev", "development", "dr", "int", "integration", "live", "local", "nonprod", "perf",
    "preprod", "preproduction", "prd", "preview", "prod", "production", "qa", "sandbox", "sbx", "sit", "stage",
    "staging", "stg", "test", "tst", "uat",
]  # fmt: skip


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
        ("helm/base/values.yaml", "helm/base/prod/values.yaml", ""),
        ("helm/base/values.yaml", "helm/other/values-prod.yaml", ""),
        ("helm/values.yaml", "helm/envs/values.yaml", ""),
        ("helm/values.yaml", "helm/envs/prod/eu/values.yaml", ""),
        ("helm/values.yaml", "helm/values/prod-eu.yaml", "prod-eu"),
        ("helm/values.yaml", "helm/values/other.yaml", ""),
        ("helm/values.yaml", "helm/other/prod.yaml", ""),
        ("helm/agent.yaml", "helm/values/prod.yaml", ""),
        ("agent.yaml", "prod.yaml", ""),
        ("values.yaml", "europe.yaml", ""),
        ("values.yaml", "prod.eu.yaml", "prod.eu"),
        ("values.yaml", "eu_prod.yaml", "eu_prod"),
        ("values.v1.yaml", "values.v1-prod.yaml", "prod"),
        *((f"{word}.yaml", "prod.yaml", "prod") for word in BASE_WORDS),
        *((f"values{separator}{word}.yaml", "values-prod.yaml", "prod") for word in BASE_WORDS for separator in "-._"),
        *((f"helm/{word}/values.yaml", "helm/prod/values.yaml", "prod") for word in BASE_WORDS),
        *(("helm/values.yaml", f"helm/{word}/values.yaml", "") for word in BASE_WORDS),
        *(("helm/values.yaml", f"helm/{folder}/values.yaml", "") for folder in FOLDERS),
        *(("helm/values.yaml", f"helm/{folder}/prod/values.yaml", "prod") for folder in FOLDERS),
        *(("helm/values.yaml", f"helm/{folder}/prod.yaml", "prod") for folder in FOLDERS),
        *(("values.yaml", f"{name}.yaml", name) for name in ENVIRONMENTS),
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


def test_of_several_bases_the_one_with_the_shortest_path_counts() -> None:
    paths = ["a/values.yaml", "a/values-prod-eu.yaml", "a/values-prod.yaml", "a/values-dev.json"]
    assert [(pair.base, pair.environment) for pair in pairs(["a/values-prod-eu.yaml"], paths, lambda _: True)] == [
        ("a/values.yaml", "prod"),
        ("a/values.yaml", "prod-eu"),
    ]


@pytest.mark.parametrize(
    ("bases", "wins"),
    [
        (["a/base/values.yaml", "a/values.yaml"], "a/values.yaml"),
        (["a/shared/values.yaml", "a/common/values.yaml"], "a/common/values.yaml"),
    ],
)
def test_a_layer_over_two_bases_is_over_the_shorter_path(bases: list[str], wins: str) -> None:
    (pair,) = pairs(bases, [*bases, "a/prod/values.yaml"], lambda _: True)
    assert pair == Pair(wins, "a/prod/values.yaml", "prod")


def test_a_base_that_is_a_layer_itself_has_no_layers() -> None:
    paths = ["values.yaml", "values-prod.yaml", "values-prod-eu.yaml", "other/values.yaml", "other/values-prod.yaml"]
    paired = pairs([paths[0], paths[1], paths[3]], paths, lambda path: path not in {"values.yaml", "other/values.yaml"})
    assert [(pair.base, pair.overlay) for pair in paired] == [
        ("values.yaml", "values-prod.yaml"),
        ("values.yaml", "values-prod-eu.yaml"),
        ("other/values.yaml", "other/values-prod.yaml"),
    ]


@pytest.mark.parametrize(
    ("recognised", "other"),
    [
        ("a/values.yaml", "a/values-prod.yml"),
        ("a/values.yaml", "a/prod/values.yaml"),
        ("a/values.yaml", "a/envs/prod/values.yaml"),
        ("a/values.yaml", "a/values/prod.yaml"),
        ("a/base/values.yaml", "a/prod/values.yaml"),
        ("a/base/values.yaml", "a/envs/prod/values.yaml"),
    ],
)
def test_base_and_layer_find_each_other(recognised: str, other: str) -> None:
    for start in (recognised, other):
        assert pairs([start], [recognised, other], lambda _: True) == (Pair(recognised, other, "prod"),)


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("kustomization.yaml", True),
        ("a/kustomization.yml", True),
        ("a/Kustomization", True),
        ("a/kustomization", False),
        ("kustomization.yaml/a.yaml", False),
    ],
)
def test_the_names_of_kustomizations(path: str, is_one: bool) -> None:
    assert is_kustomization(path) is is_one


def test_only_files_around_recognised_ones_are_looked_at() -> None:
    asked = []

    def fits(path: str) -> bool:
        asked.append(path)
        return True

    others = [f"charts/other-{number}/values-prod.yaml" for number in range(50)]
    assert pairs(["agents/values.yaml"], ["agents/values.yaml", "agents/values-prod.yaml", *others], fits)
    assert asked == ["agents/values-prod.yaml"]


def test_files_that_do_not_belong_together_are_not_held_against_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def counted(base: str, overlay: str) -> str:
        asked.append((base, overlay))
        return environment_of(base, overlay)

    monkeypatch.setattr(conventions, "environment_of", counted)
    teams = [f"agents/team{number}{ending}.yaml" for number in range(100) for ending in ("", "-prod")]
    folders = [f"agents/folder{number}/values.yaml" for number in range(100)]
    assert len(pairs([*teams, *folders], [*teams, *folders], lambda _: True)) == 100
    assert len(asked) < 1000


def test_no_pair_is_overlooked() -> None:
    words = ("values", "base", "common", "prod", "dev", "x", "")
    folders = ("", "helm/", "helm/prod/", "helm/envs/prod/", "helm/base/", "helm/values/", "base/", "a/b/c/", "../")
    stems = ["-".join(some) for length in (1, 2) for some in product(words, repeat=length)]
    paths = [f"{folder}{stem}.yaml" for folder, stem in product(folders, stems)]
    for base, overlay in product(paths, repeat=2):
        environment = environment_of(base, overlay) if base != overlay else ""
        if environment and not environment_of(overlay, base):
            for recognised in (base, overlay):
                paired = pairs([recognised], [base, overlay], lambda _: True)
                assert paired == (Pair(base, overlay, environment),)


def test_the_end_of_a_template_is_looked_for_once() -> None:
    line = "values: {{" + "}}" * 20_000 + " x"
    start = time.process_time()
    assert conventions.with_texts(line) == line
    assert time.process_time() - start < 2, "each end held against the rest of the line takes a minute"
