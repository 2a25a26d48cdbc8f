"""What GitOps tools make of releases and manifests is what is judged: each finding where the value was set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent

import pytest

from support import astrovet, write

ON_DISK = "airflow.secrets.local_filesystem.LocalFilesystemBackend"
VALUES = """\
resourceNamePrefix: claims
namespace: claims-agents
astroDeploymentAPIURL: https://cxclaims01.external.astronomer.run/dclaims01
agentTokenSecretName: claims-token
secretBackend: airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend
xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
commonEnv:
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH
    value: s3://claims-xcom/prod
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
    value: "0"
workers:
  - {name: default, queues: default}
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: claims, namespace: claims-agents}
spec:
  chart: {spec: {chart: astro-remote-execution-agent, version: 2.3.3, sourceRef: {kind: HelmRepository, name: a}}}
  values:
""" + indent(VALUES, "    ")
PATCH = f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: claims, namespace: claims-agents}}
spec:
  values:
    secretBackend: {ON_DISK}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: metrics}
spec: {type: LoadBalancer, selector: {component: worker}}
"""
BASE = {"base/kustomization.yaml": "resources: [release.yaml]\n", "base/release.yaml": RELEASE}
PROD = "overlays/prod/kustomization.yaml"
BAD_BACKEND = "REX001 high this secrets backend reads files in the container, not an external store"


def said(files: Mapping[str, str], rules: str = "REX001,REX008,NET004,NET005,NET007,NET008") -> list[str]:
    for path, content in files.items():
        write(path, dedent(content))
    result = astrovet("scan", ".", "--select", rules, "--format", "concise", "--show", "unknown")
    lines = [line for line in result.stdout.splitlines() if any(f" {rule} " in line for rule in rules.split(","))]
    return [line for line in lines if " pass " not in line]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def overlay(*lines: str) -> dict[str, str]:
    return {**BASE, PROD: "\n".join(("resources: [../../base]", *lines, ""))}


def test_a_base_is_judged_as_its_overlay_makes_it() -> None:
    files = overlay("patches: [{path: patch.yaml}]")
    assert said({**files, "overlays/prod/patch.yaml": PATCH}) == [f"overlays/prod/patch.yaml:6:20: {BAD_BACKEND}"]


def test_what_an_overlay_mends_is_no_fault() -> None:
    mended = {
        PROD: "resources: [../../base]\npatches: [{path: patch.yaml}]\n",
        "overlays/prod/patch.yaml": PATCH.replace(ON_DISK, "airflow.providers.hashicorp.secrets.vault.VaultBackend"),
    }
    broken = RELEASE.replace("airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend", ON_DISK)
    assert not said({**BASE, "base/release.yaml": broken, **mended})


def test_two_overlays_of_one_base_are_two_agents() -> None:
    files = {**overlay("patches: [{path: patch.yaml}]"), "overlays/prod/patch.yaml": PATCH}
    files["overlays/dev/kustomization.yaml"] = "resources: [../../base]\n"
    assert said(files) == [f"overlays/prod/patch.yaml:6:20: {BAD_BACKEND}"]


def test_a_patch_that_no_kustomization_names_is_not_deployed() -> None:
    assert not said({**overlay(), "overlays/prod/old.yaml": PATCH})


def test_a_patch_of_json_points_into_the_patch() -> None:
    operation = "{op: replace, path: /spec/values/commonEnv/1/value, value: '4096'}"
    (line,) = said(
        overlay("patches:", "- target: {kind: HelmRelease}", f"  patch: '[{operation}]'".replace("'4096'", "''4096''"))
    )
    assert line.startswith(f"{PROD}:4:")
    assert "REX008" in line


def test_an_overlay_that_kustomize_refuses_is_undecided() -> None:
    lines = said(overlay("patches:", "- target: {kind: HelmRelease}", "  patch: '[{op: remove, path: /spec/nothing}]'"))
    assert {line.split(": ")[1].split(" Kustomize")[0] for line in lines} >= {"REX001 unknown"}
    assert all("kustomize build overlays/prod" in line for line in lines if "REX" in line)


IMAGES = "{path: spec/values/image, kind: HelmRelease}"


@pytest.mark.parametrize(
    ("fields", "image", "expected"),
    [
        (f"images: [{IMAGES}]", "newTag: latest", f"{PROD}:3:"),
        (f"images: [{IMAGES}]", f"digest: 'sha256:{'0' * 64}'", ""),
        ("images: [{path: spec/values/image, kind: Other}]", "newTag: latest", ""),
        ("varReference: [{path: spec/values}]", "newTag: latest", ""),  # no `vars` here
    ],
)
def test_images_are_those_that_a_kustomization_puts_into_configured_fields(
    fields: str, image: str, expected: str
) -> None:
    files = overlay("configurations: [fields.yaml]", f"images: [{{name: example.com/agent, {image}}}]")
    release = RELEASE + f"    image: example.com/agent@sha256:{'1' * 64}\n"
    files = {**files, "base/release.yaml": release, "overlays/prod/fields.yaml": fields + "\n"}
    lines = said(files, "REX029")
    assert [line[: len(expected)] for line in lines] == ([expected] if expected else [])


def test_further_fields_that_a_configuration_names_are_undecided() -> None:
    fields = "commonLabels: [{path: spec/values/labels, create: true, kind: HelmRelease}]\n"
    files = {**overlay("configurations: [fields.yaml]", "commonLabels: {a: b}"), "overlays/prod/fields.yaml": fields}
    assert any(" REX001 unknown " in line for line in said(files))
    assert not said({**files, **overlay("configurations: [fields.yaml]")})


def test_an_overlay_of_a_base_elsewhere_is_undecided_where_its_patch_speaks_of_agents() -> None:
    files = {
        PROD: "resources: ['https://git.example.com/agents//base?ref=v3']\npatches: [{path: patch.yaml}]\n",
        "overlays/prod/patch.yaml": PATCH + "    xcomBackend: example.Backend\n",
    }
    lines = said(files)
    assert {line.split(": ")[1].split(" a part")[0] for line in lines} >= {"REX001 unknown"}
    assert all("kustomize build overlays/prod | astrovet scan -" in line for line in lines)
    other = PATCH.replace("secretBackend", "replicas")
    assert not said({**files, "overlays/prod/patch.yaml": other})


@pytest.mark.parametrize(
    ("kustomization", "expected"),
    [
        ("namespace: claims-agents", ["metrics/service.yaml:4:14: NET004"]),
        ("namespace: portal", []),
        ("namespace: claims-agents\ncommonLabels: {app: portal}", []),
    ],
)
def test_manifests_lie_where_their_kustomization_puts_them(kustomization: str, expected: list[str]) -> None:
    files = {"agents/values.yaml": VALUES, "metrics/service.yaml": SERVICE}
    lines = said({**files, "metrics/kustomization.yaml": f"resources: [service.yaml]\n{kustomization}\n"}, "NET004")
    assert [line.split(" ")[0] + " " + line.split(" ")[1] for line in lines] == expected


HOST_NETWORK = "{op: add, path: /spec/template/spec/hostNetwork, value: true}"
REPLICAS = "{op: replace, path: /spec/replicas, value: 3}"
VARIABLE = "{op: replace, path: /spec/template/spec/containers/0/env/1/value, value: x}"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (HOST_NETWORK, ["NET007 high"]),
        (REPLICAS, []),
        (VARIABLE, ["REX001 unknown", "REX008 unknown"]),
        ("{op: remove, path: /spec/template}", ["NET007 unknown", "REX001 unknown", "REX008 unknown"]),
    ],
)
def test_a_patch_over_what_the_chart_renders_counts(operation: str, expected: list[str]) -> None:
    renderer = (
        f"  postRenderers: [{{kustomize: {{patches: [{{target: {{kind: Deployment}}, patch: [{operation}]}}]}}}}]\n"
    )
    lines = said({"release.yaml": RELEASE.replace("  values:\n", f"{renderer}  values:\n", 1)}, "REX001,REX008,NET007")
    assert sorted({" ".join(line.split(": ", 1)[1].split(" ")[:2]) for line in lines}) == expected


def test_a_patch_may_name_the_variable_that_it_sets() -> None:
    container = "{name: worker, env: [{name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD, value: '5'}]}"
    patch = f"{{kind: Deployment, spec: {{template: {{spec: {{containers: [{container}]}}}}}}}}"
    renderer = f"  postRenderers: [{{kustomize: {{patchesStrategicMerge: [{patch}]}}}}]\n"
    (line,) = said({"release.yaml": RELEASE.replace("  values:\n", f"{renderer}  values:\n", 1)}, "REX001,REX008")
    assert "REX008 unknown a patch changes what the chart makes" in line


def test_a_folder_that_flux_builds_with_patches_of_its_own() -> None:
    cluster = f"""\
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: {{name: agents, namespace: flux-system}}
        spec:
          path: ./base
          patches:
            - target: {{kind: HelmRelease, name: claims}}
              patch: '[{{op: replace, path: /spec/values/secretBackend, value: "${{backend}}"}}]'
          postBuild: {{substitute: {{backend: {ON_DISK}}}}}
    """
    (line,) = said({**BASE, "clusters/prod/agents.yaml": cluster})
    assert line.startswith("clusters/prod/agents.yaml:8:")
    assert "REX001" in line


IN_STORE = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
SETTINGS = """\
---
apiVersion: v1
kind: {kind}
metadata: {{name: {name}, namespace: flux-system}}
data: {{backend: {value}}}
"""
DISABLED = "{kustomize.toolkit.fluxcd.io/substitute: disabled}"


@pytest.mark.parametrize(
    ("build", "objects", "mark", "expected"),
    [
        ("substituteFrom: [{kind: ConfigMap, name: a}]", [("ConfigMap", "a", ON_DISK)], "", "high"),
        ("substituteFrom: [{kind: ConfigMap, name: a}]", [], "", "unknown"),
        ("substituteFrom: [{kind: Secret, name: a}]", [("Secret", "a", ON_DISK)], "", "unknown"),
        ("substitute: {other: x}, substituteFrom: [{kind: ConfigMap, name: a}]", [], "", "unknown"),
        (
            f"substitute: {{backend: {IN_STORE}}}, substituteFrom: [{{kind: ConfigMap, name: a}}]",
            [("ConfigMap", "a", ON_DISK)],
            "",
            "",
        ),
        (
            "substituteFrom: [{kind: ConfigMap, name: a}, {kind: ConfigMap, name: b}]",
            [("ConfigMap", "b", ON_DISK), ("ConfigMap", "a", IN_STORE)],
            "",
            "high",
        ),
        ("substitute: {other: x}", [], "", ""),
        (f"substitute: {{backend: {IN_STORE}}}", [], f"annotations: {DISABLED}", "unknown"),
        (f"substitute: {{backend: {IN_STORE}}}", [], f"labels: {DISABLED}", "unknown"),
    ],
)
def test_what_flux_puts_in_the_place_of_variables(
    build: str, objects: list[tuple[str, str, str]], mark: str, expected: str
) -> None:
    """As the controller's documentation has it (fluxcd/kustomize-controller, docs/spec/v1, November 2026)."""
    cluster = f"""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: agents, namespace: flux-system}}
spec:
  path: ./apps
  postBuild: {{{build}}}
"""
    cluster += "".join(SETTINGS.format(kind=kind, name=name, value=value) for kind, name, value in objects)
    backend = re.search("secretBackend: (.*)", RELEASE)
    assert backend is not None
    release = RELEASE.replace(backend[1], f"${{backend:={IN_STORE}}}")
    release = release.replace("metadata: {", f"metadata: {{{mark}, ") if mark else release
    lines = said({"apps/release.yaml": release, "clusters/prod/agents.yaml": cluster}, "REX001")
    assert [line.split(" REX001 ")[1].split(" ")[0] for line in lines] == [expected] * bool(expected)


def test_flux_takes_values_from_objects_at_hand() -> None:
    release = RELEASE[: RELEASE.index("  values:")] + "  valuesFrom: [{kind: ConfigMap, name: values}]\n"
    config = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: values, namespace: claims-agents}\ndata:\n  values.yaml: |\n"
    )
    held = indent(VALUES.replace('"0"', '"7"'), "    ")
    (line,) = said({"release.yaml": release, "config/values.yaml": config + held})
    assert line.startswith("config/values.yaml:16:")
    assert "REX008" in line
    other = config.replace("claims-agents", "portal")
    lines = said({"release.yaml": release, "config/values.yaml": other + held})
    assert all(" unknown " in line for line in lines)


def test_files_beside_a_chart_go_over_an_application() -> None:
    application = """\
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: claims}
        spec:
          destination: {namespace: claims-agents}
          source: {repoURL: 'https://git.example.com/a.git', path: chart, targetRevision: main}
    """
    parameter = f"helm: {{parameters: [{{name: secretBackend, value: {ON_DISK}}}]}}\n"
    files = {"apps/claims.yaml": application, "chart/values.yaml": VALUES}
    assert not said(files)
    assert not said({**files, "chart/.argocd-source-other.yaml": parameter})
    (line,) = said({**files, "chart/.argocd-source-claims.yaml": parameter})
    assert line.startswith("chart/.argocd-source-claims.yaml:1:")
    assert "REX001" in line


def test_helmfile_with_bases_and_arguments() -> None:
    files = {
        "helmfile.yaml": "bases: [common.yaml]\n---\nreleases:\n  - {name: claims, inherit: [{template: agent}]}\n",
        "common.yaml": "templates:\n  agent: {chart: astronomer/astro-remote-execution-agent, values: [v.yaml]}\n",
        "v.yaml": VALUES,
    }
    assert not said(files)
    argument = f"--set=secretBackend={ON_DISK}"
    (line,) = said({**files, "common.yaml": files["common.yaml"] + f"helmDefaults: {{args: ['{argument}']}}\n"})
    assert line.startswith("common.yaml:3:")
    assert "REX001" in line


def test_manifests_in_json_and_kustomizations_without_an_ending() -> None:
    service = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "claims-agents"},\n'
    spec = '"spec": {"type": "LoadBalancer", "selector": {"app": "astro-agent"}}}\n'
    assert said({"values.yaml": VALUES, "k8s/a.json": service + spec}, "NET004")[0].startswith("k8s/a.json:2:")
    chart = "helmCharts: [{name: astro-remote-execution-agent, releaseName: a, valuesInline: {secretBackend: %s}}]\n"
    assert said({"agents/Kustomization": chart % ON_DISK}, "REX001")[0].startswith("agents/Kustomization:1:")


def test_templates_of_a_chart_that_are_yaml_are_read() -> None:
    service = SERVICE.replace("{name: metrics}", '{name: "a-{{ .Release.Name }}", namespace: claims-agents}')
    chart = {"chart/Chart.yaml": "name: agents\n", "chart/values.yaml": VALUES}
    selecting = service.replace("component: worker", "app: astro-agent")
    assert said({**chart, "chart/templates/service.yaml": selecting}, "NET004")
    assert not said({**chart, "chart/templates/service.yaml": "{{- if .Values.on }}\n" + selecting}, "NET004")


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("projectcontour.io/v1 HTTPProxy", "{routes: [{services: [{name: metrics}]}]}"),
        ("traefik.io/v1alpha1 IngressRoute", "{routes: [{services: [{name: metrics}]}]}"),
        ("k8s.nginx.org/v1 VirtualServer", "{upstreams: [{service: metrics}]}"),
        ("getambassador.io/v3alpha1 Mapping", "{service: 'http://metrics.claims-agents:80'}"),
        ("elbv2.k8s.aws/v1beta1 TargetGroupBinding", "{serviceRef: {name: metrics}}"),
        ("networking.istio.io/v1 VirtualService", "{gateways: [a], http: [{mirror: {host: metrics}}]}"),
    ],
)
def test_routes_of_other_controllers_lead_to_agents(kind: str, spec: str) -> None:
    version, name = kind.split()
    service = SERVICE.replace("name: metrics", "name: metrics, namespace: claims-agents")
    service = service.replace("component: worker", "app: astro-agent").replace("LoadBalancer", "ClusterIP")
    route = f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: a, namespace: claims-agents}}\nspec: {spec}\n"
    files = {"agents/values.yaml": VALUES, "k8s/service.yaml": service, "k8s/route.yaml": route}
    (line,) = said(files, "NET005")
    assert line.startswith("k8s/route.yaml:4:")
    assert not said({**files, "k8s/route.yaml": route.replace("metrics", "portal")}, "NET004")


def application_set(git: str, name: str, file: str, go: str = "true") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: agents}}
spec:
  goTemplate: {go}
  generators: [{{git: {{repoURL: 'https://git.example.com/a.git', revision: HEAD, {git}}}}}]
  template:
    metadata: {{name: '{name}'}}
    spec:
      destination: {{namespace: claims-agents}}
      sources:
        - repoURL: https://helm.astronomer.io
          chart: astro-remote-execution-agent
          targetRevision: 2.3.3
          helm: {{valueFiles: [$here/envs/base.yaml, '$here/{file}']}}
        - {{repoURL: 'https://git.example.com/a.git', ref: here}}
"""


ENVS = {
    "envs/base.yaml": VALUES,
    "envs/dev/values.yaml": "labels: {tier: dev}\n",
    "envs/prod/values.yaml": f"secretBackend: {ON_DISK}\n",
    "envs/dev/about.yaml": "env: dev\nsize: 1\n",
    "envs/prod/about.yaml": "env: prod\nsize: 2\n",
}
IN_PROD = f"envs/prod/values.yaml:1:16: {BAD_BACKEND}"
FOLDERS = "directories: [{path: envs/*}]"
ABOUT = "files: [{path: envs/*/about.yaml}]"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (application_set(FOLDERS, "{{.path.basename}}", "{{.path.path}}/values.yaml"), [IN_PROD]),
        (application_set(FOLDERS, "{{path.basename}}", "{{path}}/values.yaml", "false"), [IN_PROD]),
        (application_set(FOLDERS, "{{path[1]}}", "envs/{{path[1]}}/values.yaml", "false"), [IN_PROD]),
        (application_set(ABOUT, "{{.env}}", "envs/{{.env}}/values.yaml"), [IN_PROD]),
        (application_set(ABOUT, "{{.path.basename}}", "{{.path.path}}/values.yaml"), [IN_PROD]),
        (application_set("directories: [{path: envs/dev}]", "a", "{{.path.path}}/values.yaml"), []),
        (
            application_set(
                "directories: [{path: envs/*}, {path: envs/prod, exclude: true}]", "a", "{{.path.path}}/values.yaml"
            ),
            [],
        ),
    ],
)
def test_git_generators_give_what_the_folders_at_hand_show(declared: str, expected: list[str]) -> None:
    assert said({**ENVS, "apps/agents.yaml": declared}) == expected


@pytest.mark.parametrize("git", [FOLDERS, ABOUT])
def test_a_repository_that_lies_in_a_folder_of_what_is_scanned(git: str) -> None:
    files = {**ENVS, "apps/agents.yaml": application_set(git, "{{.path.basename}}", "{{.path.path}}/values.yaml")}
    assert said({f"gitops/{path}": content for path, content in files.items()}) == [f"gitops/{IN_PROD}"]


@pytest.mark.parametrize(
    "git",
    [
        "directories: [{path: elsewhere/*}]",
        f"{FOLDERS}, values: {{a: b}}",
        f"{FOLDERS}, pathParamPrefix: mine",
        "directories: [{path: 'envs/[dp]*'}]",
        "files: [{path: envs/*/about.json}]",
        "files: [{path: '*/about.yaml'}]",  # git itself lets the star stand for folders, too
        f"{FOLDERS}, files: [{{path: envs/*/about.yaml}}]",
    ],
)
def test_git_generators_that_the_inputs_do_not_tell_are_undecided(git: str) -> None:
    declared = application_set(git, "a", "{{.path.path}}/values.yaml")
    assert any(" REX001 unknown the generator " in line for line in said({**ENVS, "apps/agents.yaml": declared}))


def test_numbers_in_files_are_not_told_to_templates_of_the_older_kind() -> None:
    declared = application_set(ABOUT, "{{env}}", "envs/{{env}}/values.yaml", "false")
    assert any(" REX001 unknown the generator " in line for line in said({**ENVS, "apps/agents.yaml": declared}))


def test_a_matrix_of_a_git_generator_and_a_list() -> None:
    declared = application_set(FOLDERS, "{{.path.basename}}-{{.zone}}", "{{.path.path}}/values.yaml")
    inner = f"{{git: {{repoURL: 'https://git.example.com/a.git', revision: HEAD, {FOLDERS}}}}}"
    matrix = f"{{matrix: {{generators: [{inner}, {{list: {{elements: [{{zone: a}}]}}}}]}}}}"
    assert said({**ENVS, "apps/agents.yaml": declared.replace(inner, matrix)}) == [IN_PROD]


def deployment(app: str) -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: claims-worker, namespace: claims-agents}}
spec:
  selector: {{matchLabels: {{app: {app}}}}}
  template:
    metadata: {{labels: {{app: {app}}}}}
    spec: {{containers: [{{name: worker, image: 'example.com/agent:latest'}}]}}
"""


def test_what_is_not_judged_of_rendered_agents_is_said() -> None:
    (line,) = said({"rendered.yaml": deployment("astro-agent")}, "INP012,REX001,REX029")
    assert " INP012 unknown agents are here as Helm renders them: " in line


def test_nothing_is_said_of_rendered_agents_with_their_values_nor_of_other_applications() -> None:
    assert not said({"rendered.yaml": deployment("shop")}, "INP012")
    files = {"rendered.yaml": deployment("astro-agent"), "values.yaml": VALUES}
    assert not [line for line in said(files, "INP012") if "renders them" in line]
