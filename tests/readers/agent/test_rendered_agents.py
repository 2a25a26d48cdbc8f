"""Agents as Helm renders them are judged as their values are: the same rules, the same verdicts.

The chart in `tests/data/agent-chart` is a stand-in of ours: Astronomer publishes the values of its chart, and no
templates. It makes what the documentation says that the chart makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from support import FIXTURES, ROOT, TODAY, astrovet, write

CHART = ROOT / "tests" / "data" / "agent-chart"
VALUES = """\
resourceNamePrefix: claims
namespace: claims-agents
astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d7f3k2a1
image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1
agentTokenSecretName: agent-token
imagePullSecretName: astro-registry
secretBackend: airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend
xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
dagBundleConfigList: >-
  [{"name": "dags", "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
  "kwargs": {"git_conn_id": "claims_repo", "tracking_ref": "main"}}]
podSecurityContext: {runAsNonRoot: true, runAsUser: 50000, seccompProfile: {type: RuntimeDefault}}
containerSecurityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
commonEnv:
- {name: AIRFLOW__SECRETS__BACKEND_KWARGS, value: '{"region_name": "eu-central-1"}'}
- {name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH, value: 's3://acme-claims/xcom'}
- {name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD, value: "0"}
- {name: AIRFLOW__LOGGING__REMOTE_LOGGING, value: "True"}
- {name: AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER, value: 's3://acme-claims/logs'}
sentinel: {enabled: true, config: "api_server: {}"}
workers: [{name: default}]
"""

NOT_COMPARED = ("INP", "WVR", "LNK")
"""Rules about a file and its comments, and about what lies beside it."""

LOST: Mapping[str, str] = {
    "REX013": "a token in the values becomes a Secret, and REX036 reports that",
    "REX014": "so does a login",
    "REX020": "so does the key of lineage",
    "REX036": "there are no Secrets in values",
    "REX015": "of two settings the chart takes one",
    "REX018": "which variable holds the address is told by its form alone",
    "REX019": "the chart writes a configuration for Sentinel where the values have none",
    "REX030": "the label of an object tells the version of the chart",
    "REX032": "whether Sentinel runs is seen, whatever the default of the chart's version is",
    "REX033": "a variable that all components have and one has again stands twice in its list",
    "REX034": "createNamespace becomes a Namespace, which somebody else may have written too",
}
"""Rules that may say something else of a rendered agent, and why."""

ELSEWHERE: Mapping[str, str] = {
    "api-url-shape/bad-no-scheme": "an address of another form is not found",
    "api-url-shape/bad-web-host": "an address of another form is not found",
    "lineage-sends-too-much/unknown-switch": "what is no boolean is true to a template",
    "logging-sidecar-not-wired/unknown-switch": "what is no boolean is true to a template",
    "pod-security-weak/unknown-own-context": "what is rendered shows which of two contexts holds",
    "sidecar-config-credential/bad-header-and-key": "a sidecar that is off is not rendered",
    "git-source-unusable/bad-yaml-list": "a template prints a list in a form of its own",
    "wrong-type/*": "Helm leaves out what has another type than the chart's default",
    "placeholder-left/*": "what is filled in later is rendered as it stands",
}
"""Fixtures of which other things are rendered than their values say."""


@pytest.fixture
def helm() -> Any:
    return pytest.importorskip("helm_python")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rendered(helm: Any, values: str) -> str:
    with helm.Chart.load(CHART) as chart:
        made = chart.render(helm.values_from_yaml(values))
    return "\n---\n".join(text for path, text in made.items() if path.endswith(".yaml"))


def told(*words: str, stdin: str | None = None) -> list[str]:
    options = ("--today", TODAY, "--format", "concise", "--show", "unknown")
    return astrovet("scan", *words, *options, stdin=stdin).stdout.splitlines()


def verdicts(lines: list[str]) -> dict[str, set[str]]:
    """Of each rule whether it fails or is undecided somewhere."""
    kinds: dict[str, set[str]] = {}
    for line in lines:
        verdict = re.match(r"\S+ ([A-Z]{3}\d{3}) (\w+) ", line)
        if verdict is not None and not verdict[1].startswith(NOT_COMPARED):
            kinds.setdefault(verdict[1], set()).add("unknown" if verdict[2] == "unknown" else "fail")
    return kinds


BESIDE_A_KEY = re.compile(r"AIRFLOW__(?:CORE__XCOM_|SECRETS__)BACKEND\b")
"""A variable of Airflow in place of the chart's key, or beside it: what is rendered tells which of the two wins."""


def comparable() -> Iterator[Path]:
    """The fixtures with all values of an agent in one file."""
    for path in sorted(FIXTURES.glob("rules/*/*/values.yaml")):
        text = path.read_bytes().decode("utf-8", "replace")
        keys = ("resourceNamePrefix: ", "astroDeploymentAPIURL: ", "workers:")
        if (
            BESIDE_A_KEY.search(text) is None
            and all(f"\n{key}" in f"\n{text}" for key in keys)
            and "astrovet: " not in text
            and "\ufffd" not in text
        ):
            yield path


def differences(helm: Any, path: Path) -> dict[str, tuple[set[str], set[str]]]:
    values = path.read_text("utf-8")
    name = f"{path.parts[-3]}/{path.parts[-2]}"
    if name in ELSEWHERE or f"{path.parts[-3]}/*" in ELSEWHERE:
        return {}
    try:
        made = rendered(helm, values)
    except helm.HelmError:
        return {}  # Helm refuses these values, or the stand-in does
    write("values.yaml", values)
    write("rendered.yaml", made)
    direct = told("-f", "values.yaml")
    if any("is only a part of the values" in line for line in direct):
        return {}
    ours, theirs = verdicts(direct), verdicts(told("rendered.yaml"))
    return {
        f"{name} {rule}": (ours.get(rule, set()), theirs.get(rule, set()))
        for rule in sorted(ours.keys() | theirs.keys() - LOST.keys())
        if rule not in LOST and ours.get(rule) != theirs.get(rule)
    }


def test_rendered_agents_are_judged_as_their_values(helm: Any) -> None:
    paths = list(comparable())
    assert len(paths) > 300
    for path in paths[::12]:
        assert not differences(helm, path)


@pytest.mark.slow
def test_all_rendered_agents_are_judged_as_their_values(helm: Any) -> None:
    different = {key: what for path in comparable() for key, what in differences(helm, path).items()}
    assert different == {}


def line_of(lines: list[str], rule: str) -> str:
    """What is said of a rule: of several components in the same words."""
    said = [line for line in lines if f" {rule} " in line]
    assert len({line.partition(" ")[2] for line in said}) == 1
    return said[0]


def replaced(text: str, old: str, new: str, times: int = 1) -> str:
    assert text.count(old) >= times
    return text.replace(old, new, times)


CLASS = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
BACKEND = f'- {{name: AIRFLOW__SECRETS__BACKEND, value: "{CLASS}"}}'


def test_what_helm_prints_is_judged_from_standard_input(helm: Any) -> None:
    lines = told("-", stdin=rendered(helm, VALUES))
    assert not [line for line in lines if re.match(r"\S+ [A-Z]{3}\d{3} ", line)]
    assert [line for line in lines if "judged as Helm renders it; its values tell more" in line] == [
        "note: stdin#claims: judged as Helm renders it; its values tell more"
        " (helm get values RELEASE -n NAMESPACE -o yaml)"
    ]


def test_a_component_that_loses_its_secrets_backend_fails_where_it_stands(helm: Any) -> None:
    made = replaced(rendered(helm, VALUES), BACKEND, "")
    assert "no secrets backend is set" in line_of(told("-", stdin=made), "REX001")


def test_another_backend_of_one_component_is_judged_too(helm: Any) -> None:
    made = rendered(helm, VALUES)
    last = made.rindex(CLASS)
    made = made[:last] + "airflow.secrets.local_filesystem.LocalFilesystemBackend" + made[last + len(CLASS) :]
    line = line_of(told("-", stdin=made), "REX001")
    assert "reads files in the container" in line
    assert line.startswith(f"stdin:{made[:last].count(chr(10)) + 1}:")


def test_variables_of_config_maps_at_hand_count_and_of_others_leave_all_open(helm: Any) -> None:
    config_map = f"""
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings, namespace: claims-agents}}
data: {{AIRFLOW__SECRETS__BACKEND: {CLASS}, backend: {CLASS}}}
"""
    made = rendered(helm, VALUES)
    for written in (
        "- {name: AIRFLOW__SECRETS__BACKEND, valueFrom: {configMapKeyRef: {name: settings, key: backend}}}",
        "envFrom: [{configMapRef: {name: settings}}]",
    ):
        key = "        env:\n" if written.startswith("envFrom") else BACKEND
        new = f"        {written}\n{key}" if written.startswith("envFrom") else written
        text = made.replace(BACKEND, "") if written.startswith("envFrom") else made
        text = text.replace(key, new)
        assert not verdicts(told("-", stdin=text + config_map))
        alone = told("-", stdin=text)
        assert " unknown " in line_of(alone, "REX001")


def test_a_mounted_configuration_may_hold_what_variables_do_not(helm: Any) -> None:
    made = replaced(rendered(helm, VALUES), BACKEND, "", 3).replace(BACKEND, "")
    mount = "volumeMounts: [{name: cfg, mountPath: /usr/local/airflow/airflow.cfg}]"
    made = made.replace("volumeMounts: []", mount)
    assert " unknown the manifests that Helm renders do not show this value" in line_of(told("-", stdin=made), "REX001")


def test_a_chart_may_be_rendered_into_a_folder(helm: Any) -> None:
    for number, document in enumerate(rendered(helm, VALUES).split("\n---\n")):
        write(f"out/templates/{number}.yaml", document)
    lines = told("out")
    assert [line for line in lines if line.startswith("note: out/templates#claims: judged as")]
    assert not verdicts(lines)


def test_one_component_alone_tells_of_itself_only(helm: Any) -> None:
    made = rendered(helm, VALUES).split("\n---\n")
    worker = next(document for document in made if "claims-worker-default" in document and "Deployment" in document)
    lines = told("-", stdin=worker.replace(CLASS, "airflow.secrets.local_filesystem.LocalFilesystemBackend"))
    assert " unknown " in line_of(lines, "REX001")


def test_agents_whose_values_are_at_hand_are_judged_by_these(helm: Any) -> None:
    write("values.yaml", VALUES)
    write("rendered.yaml", rendered(helm, VALUES))
    assert not [line for line in told(".") if "judged as Helm renders it" in line]
    write("other.yaml", rendered(helm, VALUES.replace("claims", "loans")))
    assert len([line for line in told(".") if "judged as Helm renders it" in line]) == 1


def test_a_prefix_may_hold_the_word_worker(helm: Any) -> None:
    lines = told("-", stdin=rendered(helm, VALUES.replace("Prefix: claims", "Prefix: my-worker-pool")))
    assert [line for line in lines if line.startswith("note: stdin#my-worker-pool: judged as")]
    assert not verdicts(lines)


def test_what_an_overlay_makes_of_rendered_agents_is_judged(helm: Any) -> None:
    write("base/agents.yaml", rendered(helm, VALUES))
    write("base/kustomization.yaml", "resources: [agents.yaml]\n")
    patch = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: claims-worker-default, namespace: claims-agents}
      spec:
        template:
          spec:
            containers: [{name: worker, env: [{name: AIRFLOW__SECRETS__BACKEND, $patch: delete}]}]
"""
    write("prod/kustomization.yaml", f"resources: [../base]\nnameSuffix: -prod\npatches:\n- patch: |-{patch}")
    assert "no secrets backend is set" in line_of(told("."), "REX001")


def test_pods_that_show_nothing_of_agents_are_said_not_to_be_judged(helm: Any) -> None:
    made = re.sub(r"name: (AIRFLOW__|ASTRO_)\w+", "name: OTHER", rendered(helm, VALUES))
    lines = told("-", stdin=made)
    assert [line for line in lines if " INP012 unknown agents are here as Helm renders them: " in line]


def test_the_token_comes_from_a_secret_that_is_mounted_or_from_a_file(helm: Any) -> None:
    values = VALUES.replace("agentTokenSecretName: agent-token", "agentTokenFile: /run/agent/token")
    made = rendered(helm, values)
    assert not verdicts(told("-", stdin=made))
    mount = "volumeMounts: [{name: token, mountPath: /run/agent}]"
    made = made.replace("volumeMounts: []", mount)
    made = made.replace("volumes: []", "volumes: [{name: token, secret: {secretName: agent-token}}]")
    secret = """
---
apiVersion: v1
kind: Secret
metadata: {name: agent-token, namespace: claims-agents}
stringData: {token: kestrel41harbour}
"""
    assert "this Secret holds the agent's token in clear text" in line_of(told("-", stdin=made + secret), "REX036")


def test_no_token_at_all_is_found(helm: Any) -> None:
    made = rendered(helm, VALUES.replace("agentTokenSecretName: agent-token\n", ""))
    assert "no agent token is given" in line_of(told("-", stdin=made), "REX015")


def test_the_logging_sidecar_is_known_by_its_name_or_by_its_config_map(helm: Any) -> None:
    sidecar = """loggingSidecar:
  enabled: true
  name: shipper
  config: |
    sources: {logs: {type: file}}
    sinks: {out: {type: http, inputs: [logs], uri: "http://logs.acme.example"}}
"""
    lines = told("-", stdin=rendered(helm, VALUES + sidecar))
    assert "no volume is mounted at /usr/local/airflow/logs" in "\n".join(lines)
    assert " NET009 " in "\n".join(lines)
    made = rendered(helm, VALUES + sidecar)
    without = made[: made.index("kind: ConfigMap")].rpartition("---")[0]
    assert " unknown the manifests that Helm renders do not show this value" in line_of(
        [line for line in told("-", stdin=without) if " NET009 " in line], "NET009"
    )


def test_further_containers_and_accounts_of_pods_are_judged(helm: Any) -> None:
    worker = """workers:
- name: default
  serviceAccount: {name: claims-workers, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/a"}}
  initContainers: [{name: init, image: busybox, securityContext: {privileged: true}}]
  extraContainers: [{name: extra, image: "busybox:1.36", ports: [{hostPort: 8125}]}]
"""
    lines = told("-", stdin=rendered(helm, VALUES.replace("workers: [{name: default}]\n", worker)))
    rules = verdicts(lines)
    assert {"REX028", "REX029", "NET007"} <= rules.keys()
    assert len([line for line in lines if " NET007 " in line]) == 1
