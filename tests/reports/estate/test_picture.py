"""The picture of the architecture: what stands where, who calls whom, and that nothing hostile gets through."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.model.estate import Estate
from astrovet.model.kubernetes import ExposedService
from astrovet.model.severity import Severity
from astrovet.place import Place
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile, TerraformSources
from astrovet.reports.estate.drawing import draw, failures
from astrovet.reports.estate.mermaid import mermaid
from astrovet.reports.estate.picture import PLANE_TITLES, Box, BoxKind, Fact, Picture, Plane
from astrovet.reports.estate.svg import svg
from astrovet.secrecy import Redactor

REDACT = Redactor(())

MAIN = """\
resource "astro_cluster" "eu" {
  name             = "claims-eu"
  type             = "DEDICATED"
  region           = "eu-west-1"
  cloud_provider   = "AWS"
  vpc_subnet_range = "172.20.0.0/20"
  workspace_ids    = []
}

resource "astro_deployment" "claims" {
  name                  = "claims"
  type                  = "DEDICATED"
  cluster_id            = astro_cluster.eu.id
  environment_variables = []
  remote_execution = {
    enabled                = true
    allowed_ip_address_ranges = ["198.51.100.17/32"]
  }
}

resource "astro_deployment" "letters" {
  name                  = "letters"
  type                  = "STANDARD"
  environment_variables = []
}

resource "aws_s3_bucket" "xcom" {
  bucket = "northwind-xcom"
}
"""

VALUES = """\
resourceNamePrefix: claims
namespace: airflow-agents
astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d7f3k2a1
agentTokenSecretName: agent-token
imagePullSecretName: astro-registry
image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1
secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
dagBundleConfigList: >-
  [{"name": "dags", "classpath": "airflow.providers.git.bundles.git.GitDagBundle", "kwargs": {}}]
commonEnv:
  - {name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH, value: "s3://aws_default@northwind-xcom/claims"}
workers:
  - name: default
"""

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: agent-debug
  namespace: airflow-agents
spec:
  type: LoadBalancer
  selector:
    app: astro-agent
"""


def read(main: str = MAIN, values: str = VALUES, *others: str) -> Estate:
    files = [SourceFile.of("values.yaml", values.encode(), Role.VALUES)] if values else []
    files += [
        SourceFile.of(f"other{number}.yaml", content.encode(), Role.FOUND) for number, content in enumerate(others)
    ]
    sources = [SourceFile.of("main.tf", main.encode(), Role.FOUND)] if main else []
    return build([*sources, *files], ".", TerraformSources(files=tuple(sources))).estate


def boxes(drawn: Picture) -> dict[str, Box]:
    return {box.title: box for box in drawn.boxes}


def calls(drawn: Picture) -> set[tuple[str, str, str]]:
    titles = {box.key: box.title for box in drawn.boxes}
    return {(titles[arrow.source], arrow.what, titles.get(arrow.target, arrow.target)) for arrow in drawn.arrows}


def test_everything_stands_in_its_plane() -> None:
    drawn = draw(read(), REDACT)
    where = {(box.kind, box.title): box.plane for box in drawn.boxes}
    assert where == {
        (BoxKind.CLUSTER, "cluster claims-eu"): Plane.ORCHESTRATION,
        (BoxKind.DEPLOYMENT, "claims"): Plane.ORCHESTRATION,
        (BoxKind.DEPLOYMENT, "letters"): Plane.HOSTED,
        (BoxKind.AGENT, "claims"): Plane.EXECUTION,
        (BoxKind.STORE, "a Git repository"): Plane.OUTSIDE,
        (BoxKind.STORE, "HashiCorp Vault"): Plane.EXECUTION,
        (BoxKind.STORE, "aws_s3_bucket.xcom"): Plane.EXECUTION,
    }
    inside = next(box for box in drawn.boxes if box.kind is BoxKind.DEPLOYMENT and box.title == "claims").inside
    assert inside == boxes(drawn)["cluster claims-eu"].key


def test_arrows_lead_from_the_agent_to_what_it_uses() -> None:
    assert calls(draw(read(), REDACT)) == {
        ("claims", "calls Astro's API: HTTPS, outbound", "claims"),
        ("claims", "DAGs", "a Git repository"),
        ("claims", "secrets", "HashiCorp Vault"),
        ("claims", "XComs", "aws_s3_bucket.xcom"),
    }


def test_an_agent_alone_calls_a_deployment_that_is_not_shown() -> None:
    drawn = draw(read(main=""), REDACT)
    assert boxes(drawn)["a deployment that the inputs do not show"].plane is Plane.ORCHESTRATION
    assert ("claims", "XComs", "Amazon S3") in calls(drawn)


def test_without_an_xcom_backend_xcoms_go_to_astronomer() -> None:
    values = VALUES.replace("xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend\n", "")
    drawn = draw(read(values=values), REDACT)
    assert boxes(drawn)["Airflow's database at Astronomer"].plane is Plane.ORCHESTRATION
    assert ("claims", "XComs", "Airflow's database at Astronomer") in calls(drawn)


def test_what_is_unknown_is_called_so() -> None:
    values = VALUES.replace("airflow.providers.hashicorp.secrets.vault.VaultBackend", '"{{ backend }}"')
    agent = next(box for box in draw(read(values=values), REDACT).boxes if box.kind is BoxKind.AGENT)
    assert Fact("secrets", "unknown", is_known=False) in agent.facts


def test_a_class_of_ones_own_is_not_named() -> None:
    values = VALUES.replace("airflow.providers.hashicorp.secrets.vault.VaultBackend", "northwind.vaults.Backend")
    drawn = draw(read(values=values), REDACT)
    assert "a class of your own" in boxes(drawn)
    assert "northwind.vaults" not in mermaid(drawn) + svg(drawn)


def test_a_way_in_is_red_where_a_rule_failed() -> None:
    estate = read(MAIN, VALUES, SERVICE)
    service = estate.of(ExposedService)[0]
    drawn = draw(estate, REDACT, {service.id: Severity.HIGH})
    inbound = [arrow for arrow in drawn.arrows if arrow.is_inbound]
    assert [(arrow.failed, arrow.what) for arrow in inbound] == [
        (Severity.HIGH, "inbound through a Service"),
        (Severity.HIGH, "leads to agents"),
    ]
    assert "linkStyle 4,5 stroke:#c01c28" in mermaid(drawn)
    assert svg(drawn).count('class="arrow failed') == 2
    assert "a rule failed (high)" in svg(drawn)


def verdict(subject: str, severity: Severity, *instances: str, kind: VerdictKind = VerdictKind.FAIL) -> Verdict:
    return Verdict("X1", "x", kind, severity, subject, "agent", "m", "w", "f", Place("x"), instances=instances)


def test_the_worst_failure_of_each_subject_counts() -> None:
    verdicts = (
        verdict("a", Severity.LOW),
        verdict("a", Severity.HIGH),
        verdict("a", Severity.MEDIUM),
        verdict("b", Severity.LOW, "b[0]", "b[1]"),
        verdict("c", Severity.HIGH, kind=VerdictKind.WAIVED),
    )
    failed = failures(Report(verdicts, (), (), ()))
    assert failed == {"a": Severity.HIGH, "b[0]": Severity.LOW, "b[1]": Severity.LOW}


def test_the_mermaid_text_is_stable() -> None:
    boxed = (
        Box("c0", BoxKind.CLUSTER, "cluster eu", Plane.HOSTED),
        Box("d1", BoxKind.DEPLOYMENT, "claims", Plane.HOSTED, "c0", (Fact("model", "dedicated"),), Severity.HIGH),
    )
    assert mermaid(Picture(boxed)).splitlines() == [
        "flowchart TB",
        '  subgraph hosted["Data plane hosted by Astronomer"]',
        '    subgraph c0["cluster eu"]',
        '      d1["claims (high)<br/>model: dedicated"]',
        "    end",
        "  end",
        "  classDef failed fill:#fde8e8,stroke:#c01c28,stroke-width:3px,color:#1d1d1f",
        "  class d1 failed",
    ]


def test_an_empty_picture_can_be_drawn() -> None:
    assert mermaid(Picture()) == "flowchart TB\n"
    ElementTree.fromstring(svg(Picture()))


HOSTILE = (
    'a"]; click a "x"',
    "<script>alert(1)</script>",
    "]]><x>",
    "a\nend\nb",
    "a\u202eb",
    "#quot;",
    "`*_x_*`",
    "%%{x}%%",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(name: str) -> None:
    drawn = Picture((Box("a0", BoxKind.AGENT, name, Plane.EXECUTION, "", (Fact("DAGs", name),), Severity.LOW),))
    text = mermaid(drawn)
    assert len(text.splitlines()) == 6
    label = re.fullmatch(r' {4}a0\["([^"]*)"\]', text.splitlines()[2])
    assert label is not None
    assert not set(label[1].replace("<br/>", "").replace("#", "").replace(";", "")) & set('<>"&`*%{}|\u202e')
    root = ElementTree.fromstring(svg(drawn))
    assert {element.tag for element in root.iter()} <= {"svg", "title", "style", "g", "rect", "text", "path"}
    assert "\u202e" not in svg(drawn)


def test_the_svg_tells_those_who_do_not_see_it() -> None:
    root = ElementTree.fromstring(svg(draw(read(), REDACT, {"astro_deployment.letters": Severity.CRITICAL})))
    assert root.get("role") == "img"
    told = root.get("aria-label") or ""
    assert "Astronomer's orchestration plane: cluster claims-eu, claims." in told
    assert "A rule failed for: letters" in told


def test_every_text_of_the_svg_lies_within_it() -> None:
    long = "module.a_very_long_name_of_a_module.aws_s3_bucket.with_a_long_name_too[0]" + "x" * 90
    drawn = Picture((Box("a0", BoxKind.STORE, long, Plane.EXECUTION, "", (Fact("holds", long),)),))
    root = ElementTree.fromstring(svg(drawn))
    assert max(len(element.text or "") for element in root.iter("text")) <= 46
    assert max(map(len, PLANE_TITLES.values())) <= 36
    shown = "".join(element.text or "" for element in root.iter("text") if element.get("class") == "title")
    assert shown == long


def test_addresses_are_not_drawn() -> None:
    drawn = draw(read(), REDACT)
    for text in (mermaid(drawn), svg(drawn)):
        assert "northwind-xcom" not in text
        assert "aws_default" not in text


SIDECAR = "loggingSidecar: {enabled: true, config: {sinks: {out: {type: %s}}}}\n"
UPLOAD = """\
  - {name: AIRFLOW__LOGGING__REMOTE_LOGGING, value: %s}
  - {name: AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER, value: '%s'}
"""


def kept(values: str, what: str) -> list[str]:
    """Where an agent keeps something: what has a box; in brackets what only the agent's own box says."""
    drawn = draw(read(values=values), REDACT)
    agent = next(box for box in drawn.boxes if box.kind is BoxKind.AGENT)
    titles = {box.key: box.title for box in drawn.boxes}
    reached = {titles[arrow.target] for arrow in drawn.arrows if arrow.source == agent.key and arrow.what == what}
    said = {fact.value for fact in agent.facts if fact.what == what}
    assert reached <= said
    return sorted([*reached, *(f"({words})" for words in said - reached)])


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        ("dagBundleConfigList", "otherKey", "DAGs", ["(in no bundle that is set)"]),
        ("git.bundles.git.GitDagBundle", "amazon.aws.bundles.s3.S3DagBundle", "DAGs", ["Amazon S3"]),
        (
            "providers.git.bundles.git.GitDagBundle",
            "dag_processing.bundles.local.LocalDagBundle",
            "DAGs",
            ["(a folder in the Pod)"],
        ),
        (
            "airflow.providers.git.bundles.git.GitDagBundle",
            "acme.bundles.ArtifactBundle",
            "DAGs",
            ["a class of your own"],
        ),
        ('"classpath": "airflow.providers.git.bundles.git.GitDagBundle", ', "", "DAGs", ["(none set)"]),
        ("secretBackend: ", "otherKey: ", "secrets", ["(none set)"]),
        (
            "hashicorp.secrets.vault.VaultBackend",
            "amazon.aws.secrets.secrets_manager.SecretsManagerBackend",
            "secrets",
            ["AWS Secrets Manager"],
        ),
        (
            "hashicorp.secrets.vault.VaultBackend",
            "microsoft.azure.secrets.key_vault.AzureKeyVaultBackend",
            "secrets",
            ["Azure Key Vault"],
        ),
        (
            "providers.hashicorp.secrets.vault.VaultBackend",
            "secrets.local_filesystem.LocalFilesystemBackend",
            "secrets",
            ["(a file in the Pod)"],
        ),
        ("s3://aws_default@northwind-xcom/claims", "s3://elsewhere/claims", "XComs", ["Amazon S3"]),
        ("s3://aws_default@northwind-xcom/claims", "gs://elsewhere/claims", "XComs", ["Google Cloud Storage"]),
        (
            "s3://aws_default@northwind-xcom/claims",
            "abfss://files@acme.dfs.core.windows.net/x",
            "XComs",
            ["Azure Storage"],
        ),
        ("s3://aws_default@northwind-xcom/claims", "file:///xcom", "XComs", ["(a folder in the Pod)"]),
        ("s3://aws_default@northwind-xcom/claims", "/xcom", "XComs", ["(a folder in the Pod)"]),
        ("s3://aws_default@northwind-xcom/claims", "s3://northwind-xcom", "XComs", ["aws_s3_bucket.xcom"]),
        ("workers:", "loggingSidecar: {enabled: false}\nworkers:", "logs", ["(sent nowhere)"]),
        ("workers:", SIDECAR % "aws_s3, bucket: northwind-xcom" + "workers:", "logs", ["aws_s3_bucket.xcom"]),
        ("workers:", SIDECAR % "aws_s3, bucket: elsewhere" + "workers:", "logs", ["a bucket"]),
        ("workers:", SIDECAR % "http, uri: 'https://logs.acme.example'" + "workers:", "logs", ["an https:// address"]),
        ("workers:", UPLOAD % ("'True'", "s3://northwind-xcom/logs") + "workers:", "logs", ["aws_s3_bucket.xcom"]),
        ("workers:", UPLOAD % ("'False'", "s3://northwind-xcom/logs") + "workers:", "logs", ["(sent nowhere)"]),
    ],
)
def test_where_an_agent_keeps_things(old: str, new: str, what: str, where: list[str]) -> None:
    assert old in VALUES
    assert kept(VALUES.replace(old, new), what) == where


def test_agents_share_the_places_that_are_the_same() -> None:
    own = VALUES.replace("xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend\n", "")
    other = own.replace("resourceNamePrefix: claims", "resourceNamePrefix: letters").replace("d7f3k2a1", "d7f3k2a2")
    drawn = draw(read("", own, other), REDACT)
    assert sorted(box.title for box in drawn.boxes if box.kind is BoxKind.STORE) == [
        "Airflow's database at Astronomer",
        "HashiCorp Vault",
        "a Git repository",
    ]
    assert {agent for agent, what, _ in calls(drawn) if what == "XComs"} == {"claims", "letters"}
