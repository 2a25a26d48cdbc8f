"""Which chart a file is for: scored signals, umbrellas, and files that must be left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.charts import CHARTS, faults
from astrovet.helm.charts.chart import Chart, ChartKind
from astrovet.helm.charts.recognition import ChartMatch, may_matter, recognise
from astrovet.helm.merging import merge
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Unknown

AGENT = """\
resourceNamePrefix: team-a
namespace: airflow
astroDeploymentAPIURL: https://x.external.astronomer.run/dabc
agentTokenSecretName: agent-token
secretBackend: airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend
xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.1-1
commonEnv: []
workers:
- name: default
  syncSlots: 20
triggerer: {asyncSlots: 1000}
dagProcessor: {}
sentinel: {enabled: true}
"""

UPSTREAM = """\
executor: KubernetesExecutor
fernetKey: x
images:
  airflow: {repository: apache/airflow}
workers: {replicas: 1}
webserver: {replicas: 1}
scheduler: {replicas: 1}
triggerer: {enabled: true}
dagProcessor:
  dagBundleConfigList:
  - name: bundle
data:
  metadataConnection: {user: postgres}
"""

PLATFORM = """\
global:
  baseDomain: astro.example.com
  tlsSecret: astronomer-tls
  plane: {mode: unified}
  privateRegistry: {enabled: true}
astronomer:
  houston:
    config:
      publicSignups: false
nginx: {}
"""


def kind(content: str) -> ChartKind:
    return match(content).kind


def match(content: str) -> ChartMatch:
    return recognise(read_yaml("values.yaml", content)[0].root)


def indented(content: str, spaces: int = 2) -> str:
    return "".join(" " * spaces + line for line in content.splitlines(keepends=True))


def test_the_agent_chart() -> None:
    chart = match(AGENT)
    assert chart.kind is ChartKind.AGENT
    assert chart.score == 5 + 4 + 3 + 3 + 3 + 3 + 2 + 2
    assert chart.path == ()
    assert chart.signals[:2] == ("astroDeploymentAPIURL", "agentTokenSecretName")
    assert "workers.*.syncSlots" in chart.signals


@pytest.mark.parametrize(
    ("content", "expected", "score"),
    [
        ("astroDeploymentAPIURL: x\nimagePullSecretName: y\n", ChartKind.AGENT, 6),
        ("astroDeploymentAPIURL:\nimagePullSecretName:\n", ChartKind.AGENT, 6),
        ("agentToken: x\nresourceNamePrefix: y\n", ChartKind.AGENT, 6),
        ("agentToken: x\nagentTokenFile: y\nimagePullSecretName: z\n", ChartKind.AGENT_FRAGMENT, 5),
        ("astroDeploymentAPIURL: x\n", ChartKind.AGENT_FRAGMENT, 5),
        ("secretBackend: x\nxcomBackend: x\n", ChartKind.AGENT_FRAGMENT, 6),  # nothing strong
        ("secretBackend: {x: y}\nopenLineage: {}\nloggingSidecar: {}\n", ChartKind.AGENT_FRAGMENT, 2),
        ("resourceNamePrefix: x\n", ChartKind.AGENT_FRAGMENT, 2),
        ("imagePullSecretName: x\n", ChartKind.OTHER, 1),
        ("workers:\n- name: a\n", ChartKind.OTHER, 0),
        ("workers: {syncSlots: 1}\n", ChartKind.OTHER, 0),
        ("dagBundleConfigList: [x]\n", ChartKind.OTHER, 0),
        ("commonEnv: []\nimage: astronomer\n", ChartKind.OTHER, 0),
    ],
)
def test_scores(content: str, expected: ChartKind, score: int) -> None:
    chart = match(content)
    assert (chart.kind, chart.score) == (expected, score)


def test_an_unknown_value_counts_where_its_key_is_listed() -> None:
    assert (
        kind(AGENT.replace("astroDeploymentAPIURL: https:", "astroDeploymentAPIURL: !tool https:")) is ChartKind.AGENT
    )
    assert kind("astroDeploymentAPIURL: !tool x\nxcomBackend: !tool x\n") is ChartKind.AGENT


@pytest.mark.parametrize(
    ("content", "signals"),
    [
        ("secretBackend: {a: 1}\nxcomBackend: {a: 1}\nimage: {tag: x}\n", ("secretBackend", "xcomBackend", "image")),
        (
            AGENT.replace("commonEnv: []", "commonEnv: {A: b}").replace(
                "triggerer: {asyncSlots: 1000}", "triggerer: []"
            )
            + "dagBundleConfigList: []\n",
            ("dagBundleConfigList", "commonEnv", "triggerer"),
        ),
    ],
)
def test_three_contradicting_types_are_another_format(content: str, signals: tuple[str, ...]) -> None:
    chart = match(content)
    assert chart.kind is ChartKind.NOT_AGENT_FORMAT
    assert chart.signals == signals


@pytest.mark.parametrize(
    "content",
    [
        AGENT.replace("commonEnv: []", "commonEnv: {A: b}").replace("triggerer: {asyncSlots: 1000}", "triggerer: []"),
        AGENT.replace("namespace: airflow", "namespace: 5")
        .replace("team-a", "7")
        .replace("image: images", "image: 1 #"),
    ],
)
def test_two_contradictions_or_numbers_are_still_the_agent(content: str) -> None:
    assert kind(content) is ChartKind.AGENT


def test_types_of_common_keys_alone_say_nothing() -> None:
    content = "image: {repository: x}\nworkers: {replicas: 1}\nnamespace: {create: true}\ncommonEnv: {A: b}\n"
    assert kind(content) is ChartKind.OTHER


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (UPSTREAM, ChartKind.AIRFLOW),
        ("executor: CeleryExecutor\napiServer: {}\n", ChartKind.AIRFLOW),
        ("airflow:\n" + indented(UPSTREAM) + "dagDeploy: {enabled: true}\n", ChartKind.AIRFLOW_DEPLOYMENT),
        ("airflow:\n" + indented(UPSTREAM), ChartKind.AIRFLOW),
        (PLATFORM, ChartKind.PLATFORM),
        ("global: {plane: {mode: data}}\n", ChartKind.PLATFORM),
        ("global: {plane: {mode: other}}\n", ChartKind.OTHER),
        ("astronomer: {commander: {replicas: 1}}\n", ChartKind.PLATFORM),
        ("astronomer: {registry: {replicas: 1}}\n", ChartKind.OTHER),
        ("astronomer: {registry: {s3: {}}}\n", ChartKind.PLATFORM),
        ("global: {baseDomain: x, tlsSecret: y}\n", ChartKind.OTHER),  # 4 of 5
        ("global: {baseDomain: x, tlsSecret: y, helmRepo: z}\n", ChartKind.PLATFORM),
        ("global: {baseDomain: x, helmRepo: z, scc: a, azure: b}\n", ChartKind.OTHER),
        # words that charts of others have too
        ("global: {baseDomain: x, azure: {}, privateRegistry: {}}\nnginx: {}\npostgresql: {}\n", ChartKind.OTHER),
        ("global: {baseDomain: x, defaultDenyNetworkPolicy: true}\nnginx: {}\n", ChartKind.OTHER),
        ("global: {baseDomain: x}\nnginx: {}\ntags: {monitoring: true, logging: false}\n", ChartKind.OTHER),
        ("global: {baseDomain: x}\nnginx: {}\nfluentd: {}\nkibana: {}\n", ChartKind.OTHER),
        ("global: {baseDomain: x, tlsSecret: y}\ntags: {platform: true}\n", ChartKind.PLATFORM),
        ("global: {helmRepo: z, scc: a, azure: b, sccEnabled: c}\nkube-state: {}\n", ChartKind.OTHER),
        ("platform:\n" + indented(PLATFORM), ChartKind.PLATFORM),
        ("apiVersion: v1\nkind: ConfigMap\ndata: {agentToken: x, astroDeploymentAPIURL: y}\n", ChartKind.KUBERNETES),
        ("deployment:\n  configuration: {executor: CELERY}\n", ChartKind.ASTRO_DEPLOYMENT_FILE),
        ("deployment: {alert_emails: [], worker_queues: null}\n", ChartKind.ASTRO_DEPLOYMENT_FILE),
        ("deployment: {metadata: {}}\n", ChartKind.OTHER),
        ("deployment: {configuration: {name: x, region: y}}\n", ChartKind.OTHER),
        ("services:\n  web: {image: x}\n", ChartKind.OTHER),
        ("- a\n", ChartKind.OTHER),
        ("text\n", ChartKind.OTHER),
        ("", ChartKind.OTHER),
        ("a: [\n", ChartKind.OTHER),
    ],
)
def test_other_documents(content: str, expected: ChartKind) -> None:
    assert kind(content) is expected


def test_the_named_globals_of_the_platform_count_six_at_most() -> None:
    keys = ", ".join(f"{key}: x" for key in ("helmRepo", "scc", "azure", "sccEnabled", "authSidecar"))
    assert match(f"global: {{plane: {{mode: data}}, {keys}}}\n").score == 5 + 6


def test_an_umbrella_chart_is_unwrapped_one_level() -> None:
    chart = match("replicas: 1\nother: {x: 1}\nagent:\n" + indented(AGENT))
    assert (chart.kind, chart.path, chart.also) == (ChartKind.AGENT, ("agent",), ())
    assert kind("a:\n  b:\n" + indented(AGENT, 4)) is ChartKind.OTHER


def test_two_aliases_of_the_agent_are_both_found() -> None:
    chart = match("east:\n" + indented("agentToken: x\nresourceNamePrefix: y\n") + "west:\n" + indented(AGENT))
    assert (chart.kind, chart.path, chart.also) == (ChartKind.AGENT, ("west",), (("east",),))


def test_a_fragment_inside_another_chart_is_none() -> None:
    assert kind("redis:\n  sentinel: {enabled: true}\n") is ChartKind.OTHER
    assert kind("agent:\n  astroDeploymentAPIURL: x\n") is ChartKind.OTHER


def test_an_agent_beside_a_loose_key_is_the_agent() -> None:
    chart = match("resourceNamePrefix: x\nagent:\n" + indented(AGENT))
    assert (chart.kind, chart.path) == (ChartKind.AGENT, ("agent",))


def test_values_inside_a_kubernetes_object_are_left_to_the_readers_of_wrappers() -> None:
    head = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n"
    assert kind(head + indented(AGENT, 4)) is ChartKind.KUBERNETES


def test_a_helm_release_of_another_chart_is_a_kubernetes_object() -> None:
    head = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n"
    assert kind(head + "  values: {replicas: 1}\n") is ChartKind.KUBERNETES
    assert kind(head + "  chart: {}\n") is ChartKind.KUBERNETES


def test_what_is_not_known_is_other() -> None:
    unknown = Unknown("made by another resource", Place("plan.json"))
    assert recognise(unknown).kind is ChartKind.OTHER
    assert recognise(Absent(Place("f"))).kind is ChartKind.OTHER
    assert recognise(Known(Map({}, unlisted=unknown), Place("f"))).kind is ChartKind.OTHER
    layers = (unknown, read_yaml("values.yaml", AGENT)[0].root)
    assert recognise(merge(layers)).kind is ChartKind.AGENT


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.kind)
def test_every_chart_of_the_table_can_be_recognised_and_its_keys_judged(chart: Chart) -> None:
    assert any(signal.strong for signal in chart.signals)
    assert chart.marks
    assert faults(chart.kind, Absent(Place("values.yaml"))) == ()


@pytest.mark.parametrize(
    "content", [AGENT, PLATFORM, "global: {plane: {mode: data}}\n", "# astro-remote-execution-agent\n"]
)
def test_the_quick_look_lets_through_what_matters(content: str) -> None:
    assert may_matter(content.encode())
    assert may_matter(content.encode("utf-16"))
    assert may_matter(content.encode("utf-16-le"))


@pytest.mark.parametrize(
    "content",
    ["services:\n  web: {image: x}\n", "redis:\n  sentinel: {enabled: true}\n", "apiVersion: v1\nkind: Service\n", ""],
)
def test_the_quick_look_passes_over_the_rest(content: str) -> None:
    assert not may_matter(content.encode())


KEYS = st.sampled_from(
    (
        *("astroDeploymentAPIURL", "agentToken", "xcomBackend", "secretBackend", "image", "workers", "sentinel"),
        *("global", "plane", "mode", "baseDomain", "nginx", "astronomer", "houston", "commander", "registry", "s3"),
        *("config", "executor", "scheduler", "apiVersion", "kind", "deployment", "configuration", "airflow", "a"),
    )
)
TREES = st.recursive(
    st.sampled_from(["data", "x", "1", "~"]),
    lambda inner: st.dictionaries(KEYS, inner, max_size=4).map(
        lambda tree: "{" + ", ".join(f"{key}: {value}" for key, value in tree.items()) + "}"
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(TREES)
def test_the_quick_look_never_hides_what_is_recognised(content: str) -> None:
    if not may_matter(content.encode()):
        assert kind(content) not in (ChartKind.AGENT, ChartKind.NOT_AGENT_FORMAT, ChartKind.PLATFORM)
