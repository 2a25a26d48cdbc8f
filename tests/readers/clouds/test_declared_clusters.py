"""The configuration names the Kubernetes cluster that agents run in, and the deployment that they serve."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from support import astrovet, write

CLUSTER = (
    'resource "aws_eks_cluster" "%s" {\n  name = %s\n  vpc_config {\n    endpoint_public_access = true\n'
    '    public_access_cidrs = ["0.0.0.0/0"]\n  }\n}\n'
)
VALUES = "resourceNamePrefix: claims\nagentToken: not-a-real-token-1\ncommonEnv: []\n"
AGENT = "agents:\n  - name: claims\n    values: [helm/claims.yaml]\n    %s: %s\n"


def judged(*words: str) -> tuple[Mapping[str, str], list[str], int]:
    """What NET003 says of each cluster, the findings of INP001, and the exit status."""
    result = astrovet("scan", "--format=json", "--show=pass,unknown", "--select=NET003,INP001,INP012", *words)
    verdicts = json.loads(result.stdout)["verdicts"]
    clusters = {verdict["subject"]: verdict["verdict"] for verdict in verdicts if verdict["rule"] == "NET003"}
    errors = [
        f"{verdict['place']['path']}:{verdict['place']['line']}: {verdict['message']}; {verdict['fix']}"
        for verdict in verdicts
        if verdict["rule"] == "INP001" and verdict["verdict"] == "fail"
    ]
    return clusters, errors, result.exit_code


@pytest.fixture(autouse=True)
def _two_clusters(repository: None) -> None:
    write("infra/main.tf", CLUSTER % ("one", '"platform-one"') + CLUSTER % ("two", '"platform-two"'))
    write("helm/claims.yaml", VALUES)


def test_without_a_name_it_is_undecided_which_one() -> None:
    clusters, errors, status = judged()
    assert clusters == {"aws_eks_cluster.one": "unknown", "aws_eks_cluster.two": "unknown"}
    assert (errors, status) == ([], 0)


@pytest.mark.parametrize("name", ["platform-two", "aws_eks_cluster.two"])
def test_the_named_one_is_judged_and_the_other_is_not_theirs(name: str) -> None:
    write(".astrovet.yaml", AGENT % ("cluster", name))
    assert judged() == ({"aws_eks_cluster.two": "fail"}, [], 1)


def test_of_agents_without_a_name_it_stays_open() -> None:
    write(".astrovet.yaml", AGENT % ("cluster", "platform-two"))
    write("other/agents.yaml", VALUES)
    clusters, _, _ = judged()
    assert clusters == {"aws_eks_cluster.one": "unknown", "aws_eks_cluster.two": "fail"}


def test_a_slip_is_an_error_at_its_line_with_the_candidates() -> None:
    write(".astrovet.yaml", AGENT % ("cluster", "platform-tow"))
    _, errors, status = judged()
    assert errors == [
        ".astrovet.yaml:4: an agent runs in the cluster `platform-tow`, and nothing here has that name; did you mean "
        "`platform-two`?; correct the name: these inputs have platform-one, platform-two"
    ]
    assert status == 2


def test_a_cluster_elsewhere_is_no_slip_and_is_not_seen() -> None:
    write(".astrovet.yaml", AGENT % ("cluster", "company-wide") + "requires: [no-vendor-inbound]\n")
    clusters, errors, _ = judged()
    assert (clusters, errors) == ({}, [])
    unseen = json.loads(astrovet("scan", "--format=json").stdout)["unseen"]
    assert [gap["counts"] for gap in unseen if "Kubernetes cluster" in gap["what"]] == [True]


def test_the_only_cluster_is_not_theirs_where_another_one_is_named() -> None:
    write("infra/main.tf", CLUSTER % ("one", '"platform-one"'))
    assert judged()[0] == {"aws_eks_cluster.one": "fail"}
    write(".astrovet.yaml", AGENT % ("cluster", "company-wide"))
    assert judged()[0] == {}


def test_whether_it_is_one_of_which_the_name_is_open_is_undecided() -> None:
    write("infra/main.tf", 'variable "name" {}\n' + CLUSTER % ("one", "var.name") + CLUSTER % ("two", '"platform-two"'))
    write(".astrovet.yaml", AGENT % ("cluster", "company-wide"))
    assert judged()[0] == {"aws_eks_cluster.one": "unknown"}


def test_a_slip_in_the_name_of_a_deployment_is_an_error_too() -> None:
    write("infra/main.tf", 'resource "astro_deployment" "claims" {\n  name = "claims"\n  type = "DEDICATED"\n}\n')
    write(".astrovet.yaml", AGENT % ("deployment", "clams"))
    _, errors, status = judged()
    assert errors == [
        ".astrovet.yaml:4: an agent serves the deployment `clams`, and nothing here has that name; did you mean "
        "`claims`?; correct the name: these inputs have claims"
    ]
    assert status == 2
    for name in ("claims", "astro_deployment.claims", "of-another-repository"):
        write(".astrovet.yaml", AGENT % ("deployment", name))
        assert judged()[1:] == ([], 0)


def test_the_configuration_is_an_input_of_the_report_then() -> None:
    write(".astrovet.yaml", AGENT % ("cluster", "platform-tow"))
    (file,) = (
        file
        for file in json.loads(astrovet("report", "--format=json").stdout)["inputs"]
        if file["path"] == ".astrovet.yaml"
    )
    assert file["kind"] == "configuration"
    assert file["sha256"]


@pytest.mark.parametrize("written", ["''", "[a]", "3"])
def test_what_is_no_name_is_refused(written: str) -> None:
    write(".astrovet.yaml", AGENT % ("cluster", written))
    assert astrovet("scan").exit_code == 2


def test_in_a_pyproject_too() -> None:
    write(
        "pyproject.toml",
        '[[tool.astrovet.agents]]\nname = "claims"\nvalues = ["helm/claims.yaml"]\ncluster = "platform-one"\n',
    )
    assert judged()[0] == {"aws_eks_cluster.one": "fail"}
