"""What Argo CD, Flux, Helmfile and Kustomize install: the layers of each release, in Helm's order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from msgspec.structs import replace

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.merging import merge
from astrovet.helm.release import LOCAL_CHART, Layer, Release, Setting, SettingKind, ValuesFile
from astrovet.helm.set_syntax import parse_set, set_value
from astrovet.helm.wrappers import TOOLS, Tool, may_be_wrapper, releases
from astrovet.helm.wrappers.named_files import OUTSIDE, PACKAGED, PATTERN, REMOTE, in_repository
from astrovet.helm.wrappers.placeholders import TEMPLATE
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at
from support import DATA
from support import plain as as_python

plain = partial(as_python, unknown=lambda value: f"Unknown: {value.why}")
"""With the reason of what is unknown."""

RECORDED = DATA / "wrappers"
CHART = "astro-remote-execution-agent"


def releases_in(path: str, content: str) -> tuple[Release, ...]:
    written = dedent(content)
    assert may_be_wrapper(written.encode())
    return releases(path, read_yaml(path, written))


def only(path: str, content: str) -> Release:
    (release,) = releases_in(path, content)
    return release


def shown(layer: Layer) -> Any:
    match layer:
        case ValuesFile(paths, _, optional):
            return (*paths, "optional") if optional else paths
        case Setting(kind, name, value):
            return f"{kind.value} {name}", plain(value)
        case Known() | Unknown() | Absent():
            return plain(layer)


def shown_layers(release: Release) -> list[Any]:
    return [shown(layer) for layer in release.layers]


def unknown(why: str) -> str:
    return f"Unknown: {why}"


# --- Argo CD


def application(source: str, metadata: str = "name: claims-agent") -> str:
    lines = dedent(source).strip().replace("\n", "\n    ")
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{{metadata}}}
spec:
  destination: {{server: https://kubernetes.default.svc, namespace: airflow-agents}}
  source:
    {lines}
"""


PACKAGED_CHART = """
    repoURL: https://helm.astronomer.io
    chart: astro-remote-execution-agent
    targetRevision: 2.3.3
    helm:
"""


def test_an_application_with_all_it_can_say() -> None:
    release = only(
        "apps/agent.yaml",
        application(
            PACKAGED_CHART
            + """\
      releaseName: claims
      valueFiles: [values-prod.yaml]
      values: "image: one"
      valuesObject:
        image: two
      fileParameters:
      - {name: dagBundleConfigList, path: bundles.json}
      parameters:
      - {name: namespace, value: "true", forceString: true}
      - {name: "workers[0].queues", value: "a,b"}
      - {name: hosts, value: "{a,b}"}
"""
        ),
    )
    assert release.id == "apps/agent.yaml#Application/claims-agent"
    assert release.tool == "Argo CD Application"
    assert str(release.place) == "apps/agent.yaml:3:18"
    assert [plain(field) for field in (release.name, release.namespace, release.chart, release.version)] == [
        "claims",
        "airflow-agents",
        CHART,
        "2.3.3",
    ]
    assert shown_layers(release) == [
        unknown(PACKAGED),
        {"image": "two"},
        ("set workers[0].queues", "a\\,b"),
        ("set hosts", "{a,b}"),
        ("set-string namespace", "true"),
        (
            "set-file dagBundleConfigList",
            unknown("the value is the content of a file (`fileParameters`), which is not read"),
        ),
    ]


def test_values_of_a_text_count_where_there_is_no_values_object() -> None:
    release = only("agent.yaml", application(PACKAGED_CHART + "      values: |\n        image: one\n"))
    assert shown_layers(release) == [{"image": "one"}]
    (layer,) = release.layers
    assert isinstance(layer, Known)
    assert str(at(layer, "image").place) == "agent.yaml:12:16"
    assert at(layer, "image").place.pointer == "spec.source.helm.values.image"


def test_the_object_has_its_own_places() -> None:
    release = only("agent.yaml", application(PACKAGED_CHART + "      valuesObject:\n        image: one\n"))
    (layer,) = release.layers
    assert isinstance(layer, Known)
    assert str(at(layer, "image").place) == "agent.yaml:12:16"


def test_a_folder_of_a_repository_is_looked_for_above_the_application() -> None:
    release = only(
        "clusters/prod/agent.yaml",
        application(
            """
            repoURL: https://git.acme.example/data/platform.git
            path: charts/agent
            targetRevision: main
            helm:
              ignoreMissingValueFiles: true
              valueFiles:
              - values-prod.yaml
              - ../common/values.yaml
              - /shared/values.yaml
              - ../../../../secrets.yaml
              - envs/*.yaml
              - https://acme.example/values.yaml
              - $values/values.yaml
              - $ARGOCD_APP_NAME.yaml
            """
        ),
    )
    assert plain(release.version) == unknown(LOCAL_CHART)
    assert plain(release.chart) == "charts/agent"
    assert shown_layers(release) == [
        (
            "charts/agent/values.yaml",
            "clusters/charts/agent/values.yaml",
            "clusters/prod/charts/agent/values.yaml",
        ),
        (
            "charts/agent/values-prod.yaml",
            "clusters/charts/agent/values-prod.yaml",
            "clusters/prod/charts/agent/values-prod.yaml",
            "optional",
        ),
        (
            "charts/common/values.yaml",
            "clusters/charts/common/values.yaml",
            "clusters/prod/charts/common/values.yaml",
            "optional",
        ),
        ("shared/values.yaml", "clusters/shared/values.yaml", "clusters/prod/shared/values.yaml", "optional"),
        unknown(OUTSIDE),
        unknown(PATTERN),
        unknown(REMOTE),
        unknown("the values file begins with a variable that names no source of this application"),
        unknown("Argo CD puts a variable of its build environment here"),
    ]
    assert [layer.place.line for layer in release.layers] == [8, 13, 14, 15, 16, 17, 18, 19, 20]


SOURCES = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: claims-agent}
spec:
  source: {repoURL: https://charts.example, chart: ignored}
  sources:
  - repoURL: https://helm.astronomer.io
    chart: astro-remote-execution-agent
    targetRevision: 2.*
    helm:
      valueFiles:
      - $values/agents/base.yaml
      - $values/agents/prod.yaml
  - repoURL: https://git.acme.example/data/platform.git
    targetRevision: main
    ref: values
  - repoURL: https://git.acme.example/data/manifests.git
    path: network
    directory: {recurse: true}
  - repoURL: https://charts.example
    chart: monitoring
    targetRevision: 1.0.0
"""


def test_values_files_of_another_source_and_what_is_no_chart() -> None:
    agent, monitoring = releases_in("apps/agent.yaml", SOURCES)
    assert shown_layers(agent) == [
        ("agents/base.yaml", "apps/agents/base.yaml"),
        ("agents/prod.yaml", "apps/agents/prod.yaml"),
    ]
    assert (plain(agent.chart), plain(agent.version)) == (CHART, None)
    assert agent.version.place.line == 9
    assert plain(monitoring.chart) == "monitoring"
    assert (agent.id, monitoring.id) == (
        "apps/agent.yaml#Application/claims-agent",
        "apps/agent.yaml#Application/claims-agent[2]",
    )


@pytest.mark.parametrize(
    ("path", "folders"),
    [
        ("agent.yaml", [""]),
        ("./apps/agent.yaml", ["", "apps/"]),
        ("../platform/apps/agent.yaml", ["../", "../platform/", "../platform/apps/"]),
        ("/home/ada/agent.yaml", ["/home/", "/home/ada/"]),
    ],
)
def test_folders_above_a_file(path: str, folders: list[str]) -> None:
    assert list(in_repository(path, "/values.yaml")) == [f"{folder}values.yaml" for folder in folders]


def test_a_chart_in_a_registry_has_no_folder() -> None:
    release = only(
        "agent.yaml",
        application(
            "{repoURL: 'oci://registry.acme.example/astro-remote-execution-agent', path: ., targetRevision: 2.3.3}"
        ),
    )
    assert plain(release.chart) == "oci://registry.acme.example/astro-remote-execution-agent"
    assert (plain(release.version), release.layers) == ("2.3.3", ())


def test_the_dry_source_of_a_hydrator_counts() -> None:
    release = only(
        "agent.yaml",
        """\
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: claims-agent}
        spec:
          sourceHydrator:
            drySource: {repoURL: https://git.acme.example/p.git, path: agent, targetRevision: main}
            syncSource: {targetBranch: env/prod, path: agent}
        """,
    )
    assert shown_layers(release) == [("agent/values.yaml",)]


def test_a_parameter_with_a_build_variable_is_unknown() -> None:
    release = only(
        "agent.yaml",
        application(
            PACKAGED_CHART
            + """\
      parameters:
      - {name: resourceNamePrefix, value: "${ARGOCD_APP_NAME}"}
      - {name: labels.team, value: "{{ team }}"}
"""
        ),
    )
    assert shown_layers(release) == [
        ("set resourceNamePrefix", unknown("Argo CD puts a variable of its build environment here")),
        ("set labels.team", "{{ team }}"),
    ]


APPLICATION_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: agents}
spec:
  generators:
  - clusters: {}
  template:
    metadata: {name: '{{team}}-agent'}
    spec:
      destination: {namespace: airflow-agents}
      sources:
      - repoURL: https://helm.astronomer.io
        chart: astro-remote-execution-agent
        targetRevision: 2.3.3
        helm:
          valueFiles:
          - $values/agents/base.yaml
          - $values/agents/{{team}}.yaml
          values: |
            resourceNamePrefix: agent-{{team}}
            image: one
            labels: {"{{team}}": x}
          parameters: [{name: agentToken, value: '{{token}}'}]
      - {repoURL: https://git.acme.example/p.git, ref: values}
"""
GENERATED = "the generator of the ApplicationSet fills this in"


def test_an_application_set_is_one_release_with_holes() -> None:
    release = only("agents.yaml", APPLICATION_SET)
    assert release.id == "agents.yaml#ApplicationSet/agents"
    assert release.tool == "Argo CD ApplicationSet"
    assert plain(release.name) == unknown(TEMPLATE)
    assert plain(release.namespace) == "airflow-agents"
    assert shown_layers(release) == [
        ("agents/base.yaml",),
        unknown(GENERATED),
        {"resourceNamePrefix": unknown(GENERATED), "image": "one", "labels": {"?": unknown(GENERATED)}},
        ("set agentToken", unknown(GENERATED)),
    ]
    values = release.layers[2]
    assert isinstance(values, Known)
    prefix, label = at(values, "resourceNamePrefix"), at(values, "labels", "team")
    assert isinstance(prefix, Unknown)
    assert prefix.prefix == "agent-"
    assert isinstance(label, Unknown), "a key with a hole can be any key"


@pytest.mark.parametrize(
    "values",
    [
        "image: one\n{{- if .prod }}\nagentToken: x\n{{- end }}\n",
        "image: one\n# {{- if .prod }}\nagentToken: x\n# {{- end }}\n",
        "image: {{ .image }}\n",
        "image: one\n{{ .more }}\n",
    ],
)
def test_values_that_a_template_can_reshape_are_unknown(values: str) -> None:
    block = values.strip().replace("\n", "\n            ")
    before, _, after = APPLICATION_SET.partition("resourceNamePrefix: agent-{{team}}")
    rest = after.partition("          parameters")[2]
    release = only("agents.yaml", f"{before}{block}\n          parameters{rest}")
    assert shown(release.layers[2]) == unknown(GENERATED)


@pytest.mark.parametrize(
    ("old", "new", "is_patched"),
    [
        ("  template:\n", "  templatePatch: 'spec: {source: {helm: {}}}'\n  template:\n", True),
        ("  template:\n", "  templatePatch: 'spec: {syncPolicy: {}}'\n  template:\n", False),
        ("  - clusters: {", "  - clusters: {template: {spec: {source: {chart: other}}}", True),
        ("  - clusters: {", "  - clusters: {template: {metadata: {}, spec: {project: data}}", False),
    ],
)
def test_what_changes_the_source_of_the_template_makes_all_unknown(old: str, new: str, is_patched: bool) -> None:
    release = only("agents.yaml", APPLICATION_SET.replace(old, new, 1))
    why = unknown("the ApplicationSet changes its template's source for some applications")
    assert (shown(release.layers[-1]) == why) is is_patched


def _set_of(generators: str, *, go: bool = False) -> str:
    written = APPLICATION_SET.replace("  - clusters: {}\n", generators)
    if not go:
        return written
    return re.sub(r"\{\{(\w+)\}\}", r"{{ .\1 }}", written).replace("spec:\n", "spec:\n  goTemplate: true\n", 1)


LISTED = """\
  - list: {elements: [{team: claims, token: one}, {team: billing, token: 'a,b'}]}
"""
MATRIX = """\
  - matrix:
      generators:
      - list: {elements: [{team: claims}, {team: billing}]}
      - list: {elements: [{token: one}]}
"""
MERGE = """\
  - merge:
      mergeKeys: [team]
      generators:
      - list: {elements: [{team: claims, token: one}, {team: billing, token: two}]}
      - list: {elements: [{team: billing, token: other}, {team: sales, token: three}]}
"""


@pytest.mark.parametrize("go", [False, True])
@pytest.mark.parametrize(
    ("generators", "tokens"),
    [
        # applicationset/generators/list.go
        (LISTED, ["one", "a\\,b"]),
        # applicationset/generators/matrix.go
        (MATRIX, ["one", "one"]),
        # applicationset/generators/merge.go: sets of later generators that match nothing are left out
        (MERGE, ["one", "other"]),
    ],
)
def test_generators_with_literal_data_are_expanded(generators: str, tokens: list[str], go: bool) -> None:
    claims, billing = releases_in("agents.yaml", _set_of(generators, go=go))
    assert claims.id == "agents.yaml#ApplicationSet/agents/claims-agent"
    assert plain(claims.name) == "claims-agent"
    assert shown_layers(claims)[1:3] == [
        ("agents/claims.yaml",),
        {"resourceNamePrefix": "agent-claims", "image": "one", "labels": {"claims": "x"}},
    ]
    assert [shown(one.layers[3]) for one in (claims, billing)] == [("set agentToken", token) for token in tokens]


def test_what_a_generator_gives_stands_where_it_is_written() -> None:
    _claims, billing = releases_in("agents.yaml", _set_of(LISTED))
    values, token = billing.layers[2], billing.layers[3]
    assert isinstance(values, Known)
    assert at(values, "image").place.line == APPLICATION_SET[: APPLICATION_SET.index("image: one")].count("\n") + 1
    assert isinstance(token, Setting)
    assert token.value.place.line == APPLICATION_SET[: APPLICATION_SET.index("- clusters")].count("\n") + 1


@pytest.mark.parametrize(
    ("generators", "count"),
    [
        ("  - list: {elements: [{team: claims}]}\n  - clusters: {}\n", 2),
        ("  - list: {elements: [{team: claims}], elementsYaml: '[]'}\n", 1),
        ("  - {list: {elements: [{team: claims}]}, selector: {matchLabels: {team: sales}}}\n", 1),
        ("  - list: {elements: [{team: 1}]}\n", 1),
        ("  - list: {elements: [{team: '{{other}}'}]}\n", 1),
        (MATRIX.replace("token: one", "team: one"), 1),
        (MATRIX.replace("- list: {elements: [{token: one}]}", "- git: {files: [{path: '*.json'}]}"), 1),
        (MERGE.replace("mergeKeys: [team]", "mergeKeys: []"), 1),
        (MERGE.replace("team: sales", "team: billing"), 1),
        (f"  - list: {{elements: [{', '.join(['{team: a}'] * 501)}]}}\n", 1),
    ],
    ids=str,
)
def test_a_generator_that_is_not_settled_here_leaves_a_release_with_holes(generators: str, count: int) -> None:
    *settled, holes = releases_in("agents.yaml", _set_of(generators))
    assert len(settled) == count - 1
    assert holes.id == "agents.yaml#ApplicationSet/agents"
    assert shown(holes.layers[1]) == unknown(GENERATED)


def test_only_plain_placeholders_of_go_are_filled_in() -> None:
    written = _set_of(LISTED, go=True).replace("agent-{{ .team }}", "agent-{{ .team | upper }}")
    (claims, _) = releases_in("agents.yaml", written.replace("'{{ .token }}'", "'{{ .tokens }}'"))
    assert shown(claims.layers[2])["resourceNamePrefix"] == unknown(GENERATED)
    assert shown(claims.layers[3]) == ("set agentToken", unknown(GENERATED))


# --- Flux

FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: claims, namespace: airflow-agents}
spec:
  suspend: true
  chart:
    spec:
      chart: astro-remote-execution-agent
      version: 2.3.3
      sourceRef: {kind: HelmRepository, name: astronomer}
  valuesFrom:
  - {kind: ConfigMap, name: common}
  - {kind: Secret, name: token, valuesKey: token, targetPath: agentToken}
  - {kind: Secret, name: extra, optional: true}
  values:
    image: one
    resourceNamePrefix: ${TEAM}
"""


def test_a_helm_release() -> None:
    release = only("flux/agent.yaml", FLUX)
    assert release.id == "flux/agent.yaml#HelmRelease/claims"
    assert [plain(field) for field in (release.name, release.namespace, release.chart, release.version)] == [
        "claims",
        "airflow-agents",
        CHART,
        "2.3.3",
    ]
    assert shown_layers(release) == [
        unknown("the ConfigMap `common` of the cluster sets values (`valuesFrom`)"),
        unknown("the Secret `extra` of the cluster can set values (`valuesFrom`)"),
        {"image": "one", "resourceNamePrefix": "${TEAM}"},
        ("set agentToken", unknown("the Secret `token` of the cluster sets values (`valuesFrom`)")),
    ]
    assert [layer.place.line for layer in release.layers] == [12, 14, 16, 13]


@pytest.mark.parametrize("version", ["v2beta1", "v2beta2", "v2"])
def test_every_version_of_the_api(version: str) -> None:
    assert only("agent.yaml", FLUX.replace("fluxcd.io/v2", f"fluxcd.io/{version}")).tool == "Flux HelmRelease"


@pytest.mark.parametrize(
    ("spec", "name", "namespace"),
    [
        ("releaseName: agent, targetNamespace: prod", "agent", "prod"),
        ("targetNamespace: prod", "prod-claims", "prod"),
        ("targetNamespace: '${NAMESPACE}'", unknown(TEMPLATE), unknown(TEMPLATE)),
        (
            f"targetNamespace: {'a' * 47}",
            unknown("Flux shortens the name of a release that is longer than 53 characters"),
            "a" * 47,
        ),
    ],
)
def test_the_name_and_namespace_of_a_helm_release(spec: str, name: str, namespace: str) -> None:
    written = f"""\
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {{name: claims, namespace: airflow-agents}}
        spec: {{{spec}}}
        """
    release = only("agent.yaml", written)
    assert (plain(release.name), plain(release.namespace)) == (name, namespace)


def test_a_chart_in_a_git_repository() -> None:
    folder = """\
      chart: ./charts/agent
      sourceRef: {kind: GitRepository, name: platform}
    """
    chart = FLUX.partition("      chart: astro")[0] + folder.rstrip(" ")
    release = only("flux/agent.yaml", chart)
    assert shown_layers(release) == [("charts/agent/values.yaml", "flux/charts/agent/values.yaml")]
    assert plain(release.version) == unknown(LOCAL_CHART)
    files = "      valuesFile: ./charts/agent/old.yaml\n      valuesFiles: [./charts/agent/a.yaml]\n"
    assert shown_layers(only("flux/agent.yaml", chart + files)) == [
        ("charts/agent/old.yaml", "flux/charts/agent/old.yaml"),
        ("charts/agent/a.yaml", "flux/charts/agent/a.yaml"),
    ]
    optional = only("agent.yaml", f"{chart}{files}      ignoreMissingValuesFiles: true\n")
    assert shown_layers(optional)[0] == ("charts/agent/old.yaml", "optional")


def test_values_files_of_a_packaged_chart_are_unknown() -> None:
    files = FLUX.replace("      sourceRef", "      valuesFiles: [values-prod.yaml]\n      sourceRef")
    assert shown_layers(only("agent.yaml", files))[0] == unknown(PACKAGED)


REFERENCE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: claims}
spec:
  chartRef: {kind: KIND, name: agent}
  values: {image: one}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: KIND
metadata: {name: agent}
spec: SPEC
"""


@pytest.mark.parametrize(
    ("kind", "spec", "chart", "version", "layers"),
    [
        (
            "OCIRepository",
            "{url: 'oci://acme.example/agent', ref: {tag: 2.3.3}}",
            "oci://acme.example/agent",
            "2.3.3",
            [],
        ),
        (
            "OCIRepository",
            "{url: 'oci://acme.example/agent', ref: {semver: 2.x}}",
            "oci://acme.example/agent",
            None,
            [],
        ),
        ("HelmChart", "{chart: agent, version: 2.3.3}", "agent", "2.3.3", []),
        (
            "HelmChart",
            "{chart: agent, sourceRef: {kind: Bucket}, valuesFiles: [agent/prod.yaml]}",
            "agent",
            unknown(LOCAL_CHART),
            [("agent/prod.yaml",)],
        ),
    ],
)
def test_a_chart_in_an_object_of_the_same_file(
    kind: str, spec: str, chart: str, version: str | None, layers: list[Any]
) -> None:
    release = only("agent.yaml", REFERENCE.replace("KIND", kind).replace("SPEC", spec))
    assert (plain(release.chart), plain(release.version)) == (chart, version)
    assert shown_layers(release) == [*layers, {"image": "one"}]


@pytest.mark.parametrize(("kind", "beneath"), [("OCIRepository", 0), ("HelmChart", 1)])
def test_a_chart_in_another_file_is_unknown(kind: str, beneath: int) -> None:
    """A HelmChart can replace the chart's values, an OCIRepository cannot."""
    release = only("agent.yaml", REFERENCE.partition("---")[0].replace("KIND", kind))
    why = unknown("the chart stands in an object (`chartRef`) that is not in this file")
    assert (plain(release.chart), plain(release.version)) == (why, why)
    assert shown_layers(release) == [*[why] * beneath, {"image": "one"}]


def test_objects_of_a_list() -> None:
    items = "\n".join(f"  {line}" for line in FLUX.splitlines())
    assert only("agent.yaml", f"apiVersion: v1\nkind: List\nitems:\n- {items[2:]}\n").tool == "Flux HelmRelease"


# --- Helmfile

HELMFILE = """\
repositories:
- {name: astronomer, url: https://helm.astronomer.io}
helmDefaults: {wait: true}
environments:
  prod: {values: [env/prod.yaml]}
releases:
- name: claims
  namespace: airflow-agents
  chart: astronomer/astro-remote-execution-agent
  version: 2.3.3
  secrets: [secrets/claims.yaml]
  setString:
  - {name: labels.build, value: 17}
  set:
  - {name: image, value: "a,{b}"}
  - {name: dagBundleConfigList, file: bundles.json}
  - {name: hosts, values: [a, "b,c"]}
  valuesTemplate:
  - {region: "{{ .Environment.Name }}", image: one}
  values:
  - ../values/agent.yaml
  - ./values/{{ .Environment.Name }}.yaml
  - values/token.yaml.gotmpl
  - values/*.yaml
  - git::https://git.acme.example/values.git@agent.yaml
  - ref+s3://acme/agent.yaml
  - {resourceNamePrefix: "{{ .Values.team }}", image: two}
- {name: old, chart: astronomer/astro-remote-execution-agent, installed: false}
"""


def test_a_helmfile() -> None:
    release = only("deploy/helmfile.yaml", HELMFILE)
    assert release.id == "deploy/helmfile.yaml#releases/claims"
    assert [plain(field) for field in (release.name, release.namespace, release.chart, release.version)] == [
        "claims",
        "airflow-agents",
        f"astronomer/{CHART}",
        "2.3.3",
    ]
    assert shown_layers(release) == [
        (f"deploy/astronomer/{CHART}/values.yaml", "optional"),
        {"region": unknown(TEMPLATE), "image": "one"},
        ("values/agent.yaml",),
        unknown(TEMPLATE),
        unknown(TEMPLATE),
        unknown(PATTERN),
        unknown(REMOTE),
        unknown("Helmfile fetches the name of the values file from elsewhere (`ref+`)"),
        {"resourceNamePrefix": "{{ .Values.team }}", "image": "two"},
        ("deploy/secrets/claims.yaml",),
        ("set image", "a\\,\\{b\\}"),
        ("set hosts", "{a,b\\,c}"),
        ("set-string labels.build", "17"),
        ("set-file dagBundleConfigList", "deploy/bundles.json"),
    ]
    assert [layer.place.line for layer in release.layers] == [9, 19, 21, 22, 23, 24, 25, 26, 27, 11, 15, 17, 13, 16]


def helmfile(release: str, beside: str = "") -> Release:
    lines = dedent(release).strip().replace("\n", "\n  ")
    return only("helmfile.yaml", f"{dedent(beside)}releases:\n- {lines}\n")


def test_a_chart_of_a_helmfile_in_a_folder() -> None:
    release = helmfile("{name: claims, chart: ../charts/agent, version: 2.3.3}")
    assert shown_layers(release) == [("../charts/agent/values.yaml",)]
    assert plain(release.version) == unknown(LOCAL_CHART)


@pytest.mark.parametrize("handler", ["Warn", "Info", "Debug"])
@pytest.mark.parametrize("by_release", [True, False])
def test_missing_files_that_helmfile_passes_over(handler: str, by_release: bool) -> None:
    setting = f"missingFileHandler: {handler}"
    own = f"{setting}, " if by_release else ""
    release = helmfile(f"{{name: a, chart: a/b, {own}values: [x.yaml]}}", "" if by_release else f"{setting}\n")
    assert shown_layers(release)[1:] == [("x.yaml", "optional")]
    failing = helmfile("{name: a, chart: a/b, missingFileHandler: Error, values: [x.yaml]}", f"{setting}\n")
    assert shown_layers(failing)[1:] == [("x.yaml",)]


def test_yaml_anchors_and_a_prefix_of_the_paths() -> None:
    release = only(
        "helmfile.d/10-agents.yaml",
        """\
        default: &default
          chart: astronomer/astro-remote-execution-agent
          version: ~2.3.0
          valuesPathPrefix: values/
        releases:
        - <<: *default
          name: claims
          values: [agent.yaml]
        """,
    )
    assert plain(release.version) is None
    assert shown_layers(release)[1:] == [("helmfile.d/values/agent.yaml",)]


INHERITED = """\
    namespace: agents
    defaultInherit: [common]
    templates:
      common: {values: [common.yaml]}
      base:
        chart: astronomer/astro-remote-execution-agent
        values: [base.yaml]
      agent:
        inherit: [{template: base}]
        version: 2.3.3
        values: [{image: one}]
        set: [{name: a, value: b}]
"""


def test_a_release_inherits_lists_before_its_own() -> None:
    release = helmfile(
        """
        name: claims
        namespace: airflow-agents
        inherit: [{template: agent, except: [set]}]
        values: [own.yaml]
        """,
        INHERITED,
    )
    assert [plain(field) for field in (release.chart, release.version, release.namespace)] == [
        f"astronomer/{CHART}",
        "2.3.3",
        "agents",
    ]
    assert shown_layers(release)[1:] == [("common.yaml",), ("base.yaml",), {"image": "one"}, ("own.yaml",)]


def test_a_template_of_another_file_can_set_anything() -> None:
    release = helmfile("{name: claims, chart: a/b, inherit: [{template: gone}], values: [{image: one}]}")
    why = unknown("the release inherits from a template that is not in this file")
    assert (plain(release.name), plain(release.chart), plain(release.version)) == ("claims", "a/b", why)
    layers = shown_layers(release)
    assert {"image": "one"} in layers
    assert [layer for layer in layers[1:] if layer != why] == [{"image": "one"}]
    assert layers[-1] == why


def test_templates_that_inherit_from_each_other_come_to_an_end() -> None:
    circle = "templates:\n  a: {inherit: [{template: b}]}\n  b: {inherit: [{template: a}]}\n"
    release = helmfile("{name: claims, chart: a/b, inherit: [{template: a}]}", circle)
    assert plain(release.chart) == "a/b"


def test_what_whoever_runs_helmfile_decides_is_unknown() -> None:
    release = helmfile(
        """
        name: claims
        chart: astronomer/astro-remote-execution-agent
        namespace: "{{ .Values.namespace }}"
        reuseValues: true
        env: [{name: agentToken, value: AGENT_TOKEN}]
        setTemplate: [{name: image, value: "{{ .Values.image }}"}]
        set: [{name: "{{ .Values.key }}", value: x}]
        """
    )
    assert plain(release.namespace) == unknown(TEMPLATE)
    layers = shown_layers(release)
    assert layers[0] == unknown("values of the release that is installed are kept (`reuseValues`)")
    assert layers[2:] == [
        ("set image", unknown(TEMPLATE)),
        ("set agentToken", unknown("an environment variable of whoever runs Helmfile sets this (`env`)")),
        unknown(TEMPLATE),
    ]


def test_a_list_of_releases_of_something_else() -> None:
    assert releases_in("product.yaml", "releases:\n- {name: '2.3.3', date: 2026-07-22}\n- 2.3.2\n") == ()
    assert releases_in("object.yaml", "kind: Catalogue\nreleases:\n- {name: a, chart: b}\n") == ()


# --- Kustomize


def kustomization(chart: str, beside: str = "") -> Release:
    return only("overlays/prod/kustomization.yaml", f"{beside}helmCharts:\n- {{{chart}}}\n")


def test_a_kustomization() -> None:
    release = kustomization(
        f"name: {CHART}, repo: https://helm.astronomer.io, version: 2.3.3, releaseName: claims, "
        "namespace: other, valuesFile: ../base.yaml, valuesInline: {image: one}, additionalValuesFiles: [extra.yaml]",
        "namespace: airflow-agents\n",
    )
    assert release.id == "overlays/prod/kustomization.yaml#helmCharts/claims"
    assert [plain(field) for field in (release.name, release.namespace, release.chart, release.version)] == [
        "claims",
        "airflow-agents",
        CHART,
        "2.3.3",
    ]
    assert shown_layers(release) == [
        (
            f"overlays/prod/charts/{CHART}-2.3.3/{CHART}/values.yaml",
            f"overlays/prod/charts/{CHART}/values.yaml",
            "optional",
        ),
        ("overlays/base.yaml",),
        {"image": "one"},
        ("overlays/prod/extra.yaml",),
    ]


OWN = ("overlays/prod/charts/agent/values.yaml", "optional")


@pytest.mark.parametrize(
    ("chart", "layers"),
    [
        ("", [OWN]),
        ("valuesInline: {a: 1}", [OWN, {"a": 1}]),
        ("valuesInline: {a: 1}, valuesMerge: override", [OWN, {"a": 1}]),
        ("valuesInline: {a: 1}, valuesMerge: merge", [{"a": 1}, OWN[:1]]),
        ("valuesInline: {a: 1}, valuesMerge: replace", [{"a": 1}]),
        ("valuesInline: {}, valuesMerge: replace", [OWN]),
        ("valuesFile: v.yaml", [OWN, ("overlays/prod/v.yaml",)]),
        ("valuesFile: v.yaml, valuesInline: {a: 1}", [OWN, ("overlays/prod/v.yaml",), {"a": 1}]),
        ("valuesFile: v.yaml, valuesInline: {a: 1}, valuesMerge: merge", [OWN, {"a": 1}, ("overlays/prod/v.yaml",)]),
        ("valuesFile: v.yaml, valuesInline: {a: 1}, valuesMerge: replace", [OWN, {"a": 1}]),
        (
            "valuesInline: {a: 1}, valuesMerge: overwrite",
            [{"a": 1}, unknown("`valuesMerge` is none of override, merge and replace, and Kustomize refuses it")],
        ),
    ],
)
def test_how_inline_values_and_the_file_go_together(chart: str, layers: list[Any]) -> None:
    assert shown_layers(kustomization(f"name: agent, {chart}")) == layers


def test_a_release_without_a_name_and_a_folder_of_charts() -> None:
    release = kustomization("name: agent", "helmGlobals: {chartHome: ../../vendor}\n")
    assert plain(release.name) == unknown("Helm makes up the name of the release where `releaseName` is missing")
    assert release.id == "overlays/prod/kustomization.yaml#helmCharts/agent"
    assert plain(release.namespace) is None
    assert shown_layers(release) == [("vendor/agent/values.yaml", "optional")]


def test_the_older_form() -> None:
    release = only(
        "Kustomization",
        """\
        helmChartInflationGenerator:
        - chartName: astro-remote-execution-agent
          chartVersion: 2.3.3
          chartHome: vendor
          releaseName: claims
          releaseNamespace: ignored
          values: agent.yaml
          valuesLocal: {image: one}
        """,
    )
    assert (plain(release.chart), plain(release.version), plain(release.namespace)) == (CHART, "2.3.3", None)
    assert shown_layers(release) == [(f"vendor/{CHART}/values.yaml", "optional"), ("agent.yaml",), {"image": "one"}]


def test_a_generator_in_a_file_of_its_own() -> None:
    release = only(
        "agent/chart.yaml",
        """\
        apiVersion: builtin
        kind: HelmChartInflationGenerator
        metadata: {name: agent}
        name: astro-remote-execution-agent
        releaseName: claims
        namespace: airflow-agents
        valuesInline: {image: one}
        """,
    )
    assert release.id == "agent/chart.yaml#HelmChartInflationGenerator/claims"
    assert plain(release.namespace) == "airflow-agents"
    assert shown_layers(release)[-1] == {"image": "one"}


# --- all of them


@pytest.mark.parametrize(
    ("version", "is_exact"),
    [
        ("2.3.3", True),
        ("v2.3.3", True),
        ("=2.3.3", True),
        ("2.3.3-rc.1+build.5", True),
        ("2.3", False),
        ("2", False),
        ("*", False),
        ("2.x", False),
        ("~2.3.3", False),
        ("^2.3.3", False),
        (">=2.3.3", False),
        ("2.3.3 - 2.4.0", False),
        ("latest", False),
    ],
)
def test_a_range_pins_no_version(version: str, is_exact: bool) -> None:
    release = helmfile(f"{{name: a, chart: a/b, version: '{version}'}}")
    assert plain(release.version) == (version if is_exact else None)
    assert release.version.place.line == 2


@pytest.mark.parametrize(
    "content",
    [
        "apiVersion: app.k8s.io/v1beta1\nkind: Application\nmetadata: {name: argoproj.io}\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: data}\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: root}\nspec: {}\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source: {path: a, kustomize: {}}\n",
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmChart\nmetadata: {name: helm.toolkit.fluxcd.io}\n",
        "# argoproj.io\n",
        "releases:\n",
        "releases: yes\n",
        "- helmCharts\n",
        "helmCharts: [{name: a}]\n",
        "releases: [\n",
    ],
)
def test_what_installs_no_chart(content: str) -> None:
    assert releases_in("deploy.yaml", content) == ()


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.reader)
def test_every_tool_of_the_table_has_its_reader(tool: Tool) -> None:
    reader = import_module(f"astrovet.helm.wrappers.{tool.reader}")
    assert list(reader.releases("empty.yaml", ())) == []


@pytest.mark.parametrize("content", ["image: one\n", "latest_releases: [a]\n", "kind: Deployment\n", ""])
def test_what_cannot_be_a_wrapper(content: str) -> None:
    assert not may_be_wrapper(content.encode())


@pytest.mark.parametrize("encode", [str.encode, lambda content: content.encode("utf-16")])
def test_a_wrapper_is_never_passed_over(encode: Callable[[str], bytes]) -> None:
    json = '{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}'
    for content in (json, HELMFILE, FLUX, APPLICATION_SET, '{"releases" : []}', "helmCharts: []"):
        assert may_be_wrapper(encode(content))


def places(value: Value[Tree], path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of everything inside a value."""
    match value:
        case Known(Map(entries)):
            for key, entry in entries.items():
                yield (*path, key)
                yield from places(entry.value, (*path, key))
        case Known(List(items)):
            for index, item in enumerate(items):
                yield (*path, index)
                yield from places(item, (*path, index))
        case Known() | Unknown() | Absent():
            pass


def put(value: Value[Tree], path: tuple[str | int, ...], new: Callable[[Value[Tree]], Value[Tree]]) -> Value[Tree]:
    """The value with something else at a path."""
    match path, value:
        case (), _:
            return new(value)
        case (str() as key, *rest), Known(Map(entries, unlisted)):
            entry = replace(entries[key], value=put(entries[key].value, tuple(rest), new))
            return replace(value, value=Map({**entries, key: entry}, unlisted))
        case (int() as index, *rest), Known(List(items)):
            item = put(items[index], tuple(rest), new)
            return replace(value, value=List((*items[:index], item, *items[index + 1 :])))
        case _:
            pytest.fail(f"there is nothing at {path}")


def applied(release: Release) -> Value[Tree]:
    """The values that Helm would use, as far as they stand in the file itself."""
    values: Value[Tree] = Absent(release.place)
    for layer in release.layers:
        match layer:
            case Setting(kind, name, Known(str(content)), place) if kind is not SettingKind.FILE:
                values = parse_set(values, f"{name}={content}", place, as_text=kind is SettingKind.TEXT)
            case Setting(_, name, _, place):
                values = set_value(values, name, Unknown("a setting", place), place)
            case ValuesFile():
                values = merge((values, Unknown("a file", layer.place)))
            case Known() | Unknown() | Absent():
                values = merge((values, layer))
    return values


def settled(value: Value[Tree]) -> dict[tuple[str | int, ...], Any]:
    """The leaves that are known, by their paths."""
    return {
        path: leaf.value
        for path in places(value)
        if isinstance(leaf := at(value, *path), Known) and not isinstance(leaf.value, Map | List)
    }


FULL = application(
    PACKAGED_CHART
    + """\
      releaseName: claims
      valueFiles: [values-prod.yaml]
      values: |
        image: one
        labels: {a: b}
      parameters:
      - {name: namespace, value: "true", forceString: true}
      - {name: "workers[0].queues", value: "a,b"}
      fileParameters:
      - {name: dagBundleConfigList, path: bundles.json}
"""
)
KUSTOMIZATION = """\
namespace: airflow-agents
helmGlobals: {chartHome: vendor}
helmCharts:
- name: astro-remote-execution-agent
  repo: https://helm.astronomer.io
  version: 2.3.3
  releaseName: claims
  valuesFile: base.yaml
  valuesMerge: override
  valuesInline: {image: one, labels: {a: b}}
- {name: agent, valuesInline: {image: two}, valuesMerge: replace}
- {name: agent, additionalValuesFiles: [a.yaml], valuesInline: {image: three}, valuesMerge: merge}
"""
SAMPLES = {
    "application.yaml": FULL,
    "object.yaml": FULL.replace("values: |", "valuesObject:"),
    "folder.yaml": application("{path: agent, helm: {valueFiles: [a.yaml, /b.yaml], values: 'image: one'}}"),
    "sources.yaml": SOURCES,
    "set.yaml": APPLICATION_SET,
    "flux.yaml": FLUX,
    "git.yaml": FLUX.replace("HelmRepository", "GitRepository").replace("version: 2.3.3", "valuesFiles: [a.yaml]"),
    "oci.yaml": REFERENCE.replace("KIND", "OCIRepository").replace("SPEC", "{url: 'oci://a.example/b', ref: {tag: x}}"),
    "chart.yaml": REFERENCE.replace("KIND", "HelmChart").replace("SPEC", "{chart: agent, version: 1.0.0}"),
    "helmfile.yaml": HELMFILE,
    "inherited.yaml": dedent(INHERITED)
    + "releases:\n- {name: claims, inherit: [{template: agent}], values: [{b: c}]}\n",
    "kustomization.yaml": KUSTOMIZATION,
}


def variants(name: str, new: Callable[[Value[Tree]], Value[Tree]]) -> Iterator[tuple[Release, ...]]:
    """What a sample installs, each time with something else at another place of it."""
    documents = read_yaml(name, SAMPLES[name])
    for index, document in enumerate(documents):
        for path in places(document.root):
            changed = replace(document, root=put(document.root, path, new))
            yield releases(name, (*documents[:index], changed, *documents[index + 1 :]))


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_unknown_in_the_file_never_makes_another_value_known(name: str) -> None:
    original = {leaf for release in releases_in(name, SAMPLES[name]) for leaf in settled(applied(release)).items()}
    judged = 0
    for installed in variants(name, lambda old: Unknown("hidden", old.place)):
        for release in installed:
            assert settled(applied(release)).items() <= original
            judged += 1
    assert judged > 10


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("tree", [5, "", "{{ x }}", Map({}), List(()), None])
def test_anything_can_stand_anywhere(name: str, tree: Tree | None) -> None:
    for installed in variants(
        name, lambda old: Absent(old.place, explicit=True) if tree is None else Known(tree, old.place)
    ):
        for release in installed:
            applied(release)
            assert release.id.startswith(f"{name}#")


def leaves(value: Value[Tree]) -> list[Value[Tree]]:
    match value:
        case Known(Map(entries)):
            return [leaf for entry in entries.values() for leaf in leaves(entry.value)]
        case Known(List(items)):
            return [leaf for item in items for leaf in leaves(item)]
        case Known() | Unknown() | Absent():
            return [value]


def values_of(path: Path) -> Known[Tree]:
    """The values of the one release of a file, with its values files read."""
    release = only(path.name, path.read_text("utf-8"))
    assert plain(release.namespace) == "airflow-agents"
    assert (plain(release.name), plain(release.version)) == ("claims", "2.3.3")
    layers = []
    for layer in release.layers:
        match layer:
            case ValuesFile(paths, _, optional):
                there = [path.parent / name for name in paths if (path.parent / name).exists()]
                assert there or optional
                layers += [read_yaml(file.name, file.read_text("utf-8"))[0].root for file in there[:1]]
            case Known() | Unknown() | Absent():
                layers.append(layer)
            case Setting():
                pytest.fail("a setting")
    values = merge(layers)
    assert isinstance(values, Known)
    return values


WRAPPERS = (
    "argo/claims-agent.yaml",
    "flux/claims-agent.yaml",
    "helmfile/helmfile.yaml",
    "kustomize/kustomization.yaml",
)


def test_the_same_values_come_out_of_every_tool_at_their_own_places() -> None:
    values = {name: values_of(RECORDED / name) for name in WRAPPERS}
    expected = plain(read_yaml("", (RECORDED / "kustomize" / "claims-agent.yaml").read_text("utf-8"))[0].root)
    assert expected["secretBackend"] == "airflow.secrets.local_filesystem.LocalFilesystemBackend"
    assert {name: plain(value) for name, value in values.items()} == dict.fromkeys(WRAPPERS, expected)
    assert [str(at(value, "agentToken").place) for value in values.values()] == [
        "claims-agent.yaml:21:21",
        "claims-agent.yaml:28:17",
        "helmfile.yaml:14:21",
        "claims-agent.yaml:4:13",
    ]
    assert all(leaf.place.has_lines for value in values.values() for leaf in leaves(value))
