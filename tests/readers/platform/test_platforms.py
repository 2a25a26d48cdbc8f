"""Values of Private Cloud: which chart they are for, what holds where nothing is set, and the same for all charts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from click.testing import Result

from support import astrovet, write

PLAIN = "global: {baseDomain: airflow.acme.example, plane: {mode: unified}}\n"

OF_0 = """\
global:
  baseDomain: airflow.acme.example
  tlsSecret: ""
  nginxEnabled: false
  postgresqlEnabled: true
  acme: true
  features: {namespacePools: {enabled: true}}
tags: {stan: true}
nginx: {cspPolicy: {cdnEnabled: true}}
astronomer:
  registry: {enableInsecureAuth: true}
  houston:
    updateRuntimeCheck: {enabled: true}
    config:
      publicSignups: true
      emailConfirmation: false
      disableSSLVerify: true
      auth: {local: {enabled: true}, openidConnect: {insecureIDPTokenLog: true}}
      webserver: {graphqlPlaygroundEnabled: true}
      deployments: {logHelmValues: true}
"""
OF_1 = OF_0.replace("  tlsSecret", "  plane: {mode: unified}\n  tlsSecret").replace("tags: {stan: true}\n", "")
OF_2 = """\
global:
  baseDomain: airflow.acme.example
  plane: {mode: unified}
  tlsSecret: ""
  nginx: {enabled: false}
  postgresql: {enabled: true}
  acme: true
  namespaceManagement: {namespacePools: {enabled: true}}
nginx: {cspPolicy: {enabled: true}}
astronomer:
  registry: {enableInsecureAuth: true}
  houston:
    updateRuntimeCheck: {enabled: true}
    config:
      publicSignups: {enabled: true}
      emailConfirmation: {enabled: false}
      sslVerification: {enabled: false}
      auth: {local: {enabled: true}, openidConnect: {insecureIDPTokenLog: {enabled: true}}}
      webserver: {graphqlPlayground: {enabled: true}}
      deployments: {logHelmValues: {enabled: true}}
"""


LACKING = {"APC005", "APC011", "APC027"}
"""Rules on what a generation has not at all: planes (0.3x), an audit log that is sent on and failover (0.3x, 1.x)."""


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, str, str]]]:
    """Rule, verdict and message of what a scan says of these files."""
    monkeypatch.chdir(tmp_path)

    def run(files: dict[str, str], *words: str) -> list[tuple[str, str, str]]:
        for path, content in files.items():
            write(path, content)
        verdicts = report(astrovet("scan", *(words or (".",)), "--format", "json"))["verdicts"]
        return [(said["rule"], said["verdict"], said["message"]) for said in verdicts if said["rule"].startswith("APC")]

    return run


Judged = Callable[..., list[tuple[str, str, str]]]


def report(result: Result) -> Any:
    return json.loads(result.stdout)


def failing(judged: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return sorted(
        (rule, message.partition(", the default of")[0]) for rule, verdict, message in judged if verdict == "fail"
    )


def test_one_installation_written_for_each_generation_gets_the_same_verdicts(judged: Judged) -> None:
    gap = {".astrovet.yaml": "version: 1\nrequires: [air-gapped, dora]\n"}
    shipped = "charts before 2.0 have nothing that sends the audit log on"
    by_generation = []
    for values in (OF_0, OF_1, OF_2):
        by_generation.append(
            [said for said in failing(judged({**gap, "values.yaml": values})) if said[0] not in LACKING]
        )
        assert (("APC005", "fail", shipped) in judged(gap)) is (values is not OF_2)
    first, second, third = by_generation
    assert first == second == third
    assert {rule for rule, _ in first} == {
        *("APC001", "APC003", "APC008", "APC009", "APC010", "APC013", "APC014", "APC015", "APC016", "APC017"),
        *("APC018", "APC022", "APC023", "APC030"),
    }


def test_a_default_installation_gets_what_a_review_wants_first_and_not_fifty(judged: Judged) -> None:
    values = "global: {baseDomain: airflow.acme.example, tlsSecret: astronomer-tls}\ntags: {platform: true}\n"
    chart = "name: p\ndependencies: [{name: astronomer, version: 2.1.0, repository: 'https://helm.astronomer.io'}]\n"
    said = judged({"values.yaml": values, "Chart.yaml": chart})
    assert [rule for rule, _ in failing(said)] == ["APC002", "APC005", "APC014", "APC020", "APC035"]
    assert not [rule for rule, verdict, _ in said if verdict == "unknown"]


@pytest.mark.parametrize(
    ("files", "whose"),
    [
        ({"Chart.yaml": "name: p\ndependencies: [{name: astronomer, version: ~2.1.0}]\n"}, "the default of chart 2.1"),
        ({"requirements.yaml": "dependencies: [{name: astronomer, version: 0.37.x}]\n"}, "the default of chart 0.37"),
        ({"Chart.yaml": "name: p\ndependencies: [{name: astronomer, version: 1.2.0}]\n"}, "the default of chart 1.2"),
        ({"Chart.yaml": "name: p\ndependencies: [{name: redis, version: 1.2.0}]\n"}, "the chart's default"),
        ({"Chart.yaml": "name: p\ndependencies: [{name: astronomer, version: '*'}]\n"}, "the chart's default"),
        ({"Chart.yaml": "name: p\ndependencies: [{name: astronomer, version: 7.0.0}]\n"}, "the chart's default"),
    ],
)
def test_files_beside_the_values_tell_whose_defaults_hold(judged: Judged, files: dict[str, str], whose: str) -> None:
    messages = [message for rule, _, message in judged({**files, "values.yaml": PLAIN}) if rule == "APC002"]
    assert messages == [f"the connection to the database is not encrypted, {whose}"]


def test_a_default_is_told_at_its_place(judged: Judged) -> None:
    judged({"values.yaml": PLAIN + "astronomer: {houston: {logging: {loggingSidecar: {}}}}\n"})
    verdicts = report(astrovet("scan", ".", "--format", "json"))["verdicts"]
    (place,) = [said["place"] for said in verdicts if said["rule"] == "APC002"]
    assert place["pointer"] == "global.ssl (the default of chart 2.1)"


def test_the_values_of_the_chart_itself_are_no_installation(judged: Judged) -> None:
    chart = "apiVersion: v2\nname: astronomer\nversion: 2.1.0\n"
    values = "global: {baseDomain: null, plane: {mode: unified}}\nastronomer: {houston: {}}\n"
    assert not judged({"Chart.yaml": chart, "values.yaml": values})


def test_an_old_name_says_nothing_in_a_newer_chart(judged: Judged) -> None:
    chart = "name: p\ndependencies: [{name: astronomer, version: 2.1.0}]\n"
    values = PLAIN + "astronomer: {houston: {config: {publicSignups: true}}}\n"
    files = {"Chart.yaml": chart, "values.yaml": values}
    assert "APC016" not in [rule for rule, verdict, _ in judged(files) if verdict == "fail"]
    assert "INP009" in {said["rule"] for said in report(astrovet("scan", ".", "--format", "json"))["verdicts"]}


APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: platform}
spec:
  source:
    repoURL: https://helm.astronomer.io
    chart: astronomer
    targetRevision: VERSION
    helm:
      values: |
"""


def test_a_wrapper_names_the_chart_and_its_version(judged: Judged) -> None:
    application = APPLICATION.replace("VERSION", "1.2.0") + indent(
        "global: {baseDomain: airflow.acme.example}\n", " " * 8
    )
    messages = [message for rule, _, message in judged({"application.yaml": application}) if rule == "APC002"]
    assert messages == ["the connection to the database is not encrypted, the default of chart 1.2"]


def test_a_layer_leaves_open_what_it_does_not_say(judged: Judged) -> None:
    said = judged({"values.yaml": "astronomer: {houston: {config: {auth: {local: {enabled: true}}}}}\n"})
    assert failing(said) == [
        ("APC013", "people may log in with a password of the platform's own, past the identity provider")
    ]
    unknown = [rule for rule, verdict, _ in said if verdict == "unknown"]
    assert len(unknown) == len(set(unknown)) > 8


def test_layers_are_judged_together(judged: Judged) -> None:
    layer = "astronomer: {registry: {enableInsecureAuth: true}}\n"
    said = judged({"base.yaml": PLAIN, "prod.yaml": layer}, "-f", "base.yaml", "-f", "prod.yaml")
    assert (
        "APC003",
        "anybody may push images of Deployments to the registry, and pull them, without a login",
    ) in failing(said)
    assert "APC002" in {rule for rule, _ in failing(said)}


def test_no_secret_of_the_values_is_shown(judged: Judged) -> None:
    canary = "q7Zk2LwX9vTb4RnY"
    secrets = (
        f"astronomer: {{houston: {{config: {{auth: {{openidConnect: {{okta: {{clientSecret: {canary}}}}}}}}}}}}}\n"
    )
    said = judged({"values.yaml": PLAIN + secrets})
    assert "APC021" in {rule for rule, _ in failing(said)}
    for command in ("scan", "model", "report"):
        for form in ("json", "text") if command != "report" else ("json", "markdown"):
            assert canary not in astrovet(command, ".", "--format", form).output


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("postgresql: {postgresqlPassword: q7Zk2LwX9vTb4RnY, replication: {password: q7Zk2LwX9vTb4RnY}}\n", 2),
        ("postgresql: {postgresqlPassword: postgres, replication: {password: repl_password}}\n", 0),
    ],
)
def test_a_password_of_the_database_is_a_secret_and_the_shipped_one_is_not(
    judged: Judged, values: str, expected: int
) -> None:
    assert [rule for rule, _ in failing(judged({"values.yaml": PLAIN + values}))].count("APC021") == expected


def test_a_password_in_the_address_of_a_repository_is_a_secret(judged: Judged) -> None:
    address = ", helmRepo: 'https://reader:q7Zk2LwX9vTb4RnY@charts.acme.example'}\n"
    assert "APC021" in {rule for rule, _ in failing(judged({"values.yaml": PLAIN.replace("}}\n", f"}}{address}")}))}


def test_an_empty_key_of_a_part_is_still_to_be_filled_in(judged: Judged) -> None:
    said = judged({"values.yaml": "global: {baseDomain: ~, tlsSecret: ~}\nastronomer: {houston: {config: {}}}\n"})
    assert not failing(said)
    assert ("APC001", "unknown") in {(rule, verdict) for rule, verdict, _ in said}


RIGHT = """\
global:
  baseDomain: airflow.acme.example
  rbac: {enabled: true}
  privateRegistry: {enabled: true, repository: registry.acme.example/astronomer}
  ssl: {enabled: true, mode: verify-full}
  airflow:
    images:
      statsd: {repository: registry.acme.example/ap-statsd-exporter}
      redis: {repository: registry.acme.example/ap-redis}
      pgbouncer: {repository: registry.acme.example/ap-pgbouncer}
      pgbouncerExporter: {repository: registry.acme.example/ap-pgbouncer-exporter}
      gitSync: {repository: registry.acme.example/ap-git-sync}
  gitSyncRelay:
    images:
      gitDaemon: {repository: registry.acme.example/ap-git-daemon}
      gitSync: {repository: registry.acme.example/ap-git-sync-relay}
nginx: {privateLoadBalancer: true, cspPolicy: {enabled: false}}
astronomer:
  commander: {airGapped: {enabled: true}}
  houston:
    updateRuntimeCheck: {enabled: false}
    runtimeReleasesConfigMapName: runtime-releases
    logging: {loggingSidecar: {enabled: true, elasticsearch: {enabled: true, endpoint: 'https://logs.acme.example'}}}
    config:
      auth:
        github: {enabled: false}
        openidConnect:
          google: {enabled: false}
          adfs: {enabled: true, clientId: airflow, discoveryUrl: 'https://adfs.acme.example/.well-known/openid'}
      deployments:
        helm:
          runtimeImages: {airflow: {repository: registry.acme.example/astro-runtime}}
          airflow: {defaultRuntimeRepository: registry.acme.example/astro-runtime}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("", "", []),
        ("privateRegistry: {enabled: true", "privateRegistry: {enabled: false", ["APC008"]),
        ("redis: {repository: registry.acme.example/ap-redis}", "redis: {}", ["APC009"]),
        ("airGapped: {enabled: true}", "airGapped: {enabled: false}", ["APC010"]),
        ("updateRuntimeCheck: {enabled: false}", "updateRuntimeCheck: {enabled: true}", ["APC010"]),
        ("runtimeReleasesConfigMapName: runtime-releases", "replicas: 2", ["APC010"]),
        ("cspPolicy: {enabled: false}", "cspPolicy: {}", ["APC010"]),
        ("auth:\n        github", "apollo: {schema: {reporting: true}}\n      auth:\n        github", ["APC010"]),
        ("github: {enabled: false}", "github: {}", ["APC015"]),
        ("google: {enabled: false}", "google: {enabled: true}", ["APC015"]),
        ("adfs.acme.example", "acme.okta.com", ["APC015"]),
        (
            "airflow: {defaultRuntimeRepository: registry.acme.example",
            "airflow: {defaultRuntimeRepository: quay.io",
            ["APC009"],
        ),
        ("helm:\n", "helm:\n          defaultRuntimeRepository: quay.io/astronomer/astro-runtime\n", ["APC009"]),
        ("runtimeImages: {", "runtimeImages: {flower: {repository: quay.io/astronomer/flower}, ", ["APC009"]),
        ("privateLoadBalancer: true, ", "", ["APC020"]),
    ],
)
def test_each_piece_of_the_air_gap_has_its_finding(judged: Judged, right: str, wrong: str, expected: list[str]) -> None:
    assert right in RIGHT
    files = {".astrovet.yaml": "version: 1\nrequires: [air-gapped]\n", "values.yaml": RIGHT.replace(right, wrong, 1)}
    said = judged(files)
    assert [rule for rule, _ in failing(said) if rule != "APC035"] == expected
    assert not [rule for rule, verdict, _ in said if verdict == "unknown"]


RELEASE = """\
resource "helm_release" "platform" {
  name       = "platform"
  chart      = "astronomer"
  repository = "https://helm.astronomer.io"
  version    = "1.2.0"
  values     = [yamlencode({ global = { baseDomain = "airflow.acme.example" } })]

  set {
    name  = "astronomer.registry.enableInsecureAuth"
    value = "true"
  }
}
"""


def test_a_helm_release_of_the_chart_is_a_platform(judged: Judged) -> None:
    said = failing(judged({"main.tf": RELEASE, "other/main.tf": RELEASE.replace('"astronomer"', '"redis"')}))
    assert [rule for rule, _ in said] == ["APC002", "APC003", "APC014", "APC020", "APC035"]


def test_objects_of_astro_beside_an_air_gap_are_critical(judged: Judged) -> None:
    deployment = 'resource "astro_deployment" "claims" {\n  name = "claims"\n  type = "STANDARD"\n}\n'
    gap = {".astrovet.yaml": "version: 1\nrequires: [air-gapped]\n"}
    judged({**gap, "values.yaml": RIGHT, "main.tf": deployment})
    verdicts = report(astrovet("scan", ".", "--format", "json"))["verdicts"]
    assert [said["subject"] for said in verdicts if said["severity"] == "critical"] == ["astro_deployment.claims"]
