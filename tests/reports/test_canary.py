"""No output of any format, at any verbosity, holds a value that may be a secret.

A canary stands in for the secret. It is put into one place at a time, in every place of a plan, a
state and a values file that holds a value, and all formats are searched for it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from astrovet.cli.scan import SHOWABLE
from astrovet.formats.yaml.documents import read_yaml
from astrovet.reports.formats import SCAN
from astrovet.value import Known, List, Map, Tree, Value
from support import ROOT, astrovet

pytestmark = pytest.mark.slow

PLANS = ROOT / "fixtures" / "plans"
CANARY = "CANARY7f3a9cQz"

NAMES = frozenset({"name", "key", "object_key", "address", "module_address", "type", "mode", "index", "provider_name"})
"""Names are no secrets: they tell people where to look."""

STRUCTURE = frozenset({"references", "actions", "alias", "full_name", "source", "replace_paths"})

Path_ = tuple[str | int, ...]


def leaves(tree: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The way to every text in a JSON document that is a value."""
    if isinstance(tree, dict):
        for key, child in tree.items():
            if key not in NAMES | STRUCTURE:
                yield from leaves(child, (*path, key))
    elif isinstance(tree, list):
        for index, child in enumerate(tree):
            yield from leaves(child, (*path, index))
    elif isinstance(tree, str) and tree:
        yield path


def replaced(tree: Any, path: Path_, text: str) -> Any:
    changed = copy.deepcopy(tree)
    owner = changed
    for key in path[:-1]:
        owner = owner[key]
    owner[path[-1]] = text
    return changed


def outputs(folder: Path, *arguments: str) -> str:
    """Everything that a run writes: standard output and error, a file of every format, and the model."""
    files = [f"--output={name}={folder / f'out.{name}'}" for name in SCAN.names]
    shown = ",".join(SHOWABLE)
    words = [
        *arguments,
        *files,
        "-vv",
        "--show",
        shown,
        "--require",
        "hipaa,pci,customer-execution-plane",
        "--color",
        "always",
    ]
    result = astrovet("scan", *words)
    assert result.exit_code in {0, 1, 2}, result.exception
    described = astrovet("model", *arguments, "--format", "json")  # the other formats say no more
    assert described.exit_code in {0, 2}, described.exception
    return result.output + described.output + "".join((folder / f"out.{name}").read_text() for name in SCAN.names)


SECTIONS = ("resource_changes", "resource_drift", "variables", "prior_state", "configuration", "values")


TEXTS = (CANARY, f"postgres://user:{CANARY}@db/prod")


def plan_cases() -> Iterator[tuple[str, Path_, str]]:
    for name in ("remote-exec-aws-open/plan.json", "dedicated-phi/plan.json", "data-sources/plan-after-apply.json",
                 "change-actions/plan.json", "state-show/state.json", "helm-v2-set-blocks/plan.json"):  # fmt: skip
        plan = json.loads((PLANS / name).read_text())
        for section in SECTIONS:
            ways = list(leaves(plan.get(section, {}), (section,)))
            for number, way in enumerate(ways[:: max(1, len(ways) // 10)]):
                if way[-3:] != ("set", 1, "value"):  # this setting is the name of a variable
                    yield name, way, TEXTS[number % len(TEXTS)]


CHANGED = ("before", "after")
RULES = ROOT / "fixtures" / "rules"

SECRETS = (
    "deployment-replaced/bad-attribute-forces-it", "deployment-replaced/bad-block-removed",
    "env-vars-emptied/bad-emptied", "env-vars-emptied/bad-some-removed", "secret-mark-removed/bad-mark-removed",
    "posture-drift/bad-variable-unmarked", "posture-drift/bad-object-unmarked", "posture-drift/bad-addresses-opened",
    "posture-drift/bad-token-became-owner", "dr-disabled-by-plan/bad-switched-off",
    "env-object-secret-open/bad-secret-in-override", "env-object-secret-open/bad-authorization-header",
    "env-object-secret-open/bad-password-in-host", "env-object-secret-open/bad-not-marked",
    "secret-literal/bad-beside-a-reference", "secret-literal/bad-channel", "secret-literal/bad-connection-password",
)  # fmt: skip
"""Plans that change something, or that give secrets to objects of Astro."""


def secret_cases() -> Iterator[tuple[str, Path_]]:
    for name in SECRETS:
        plan = json.loads((RULES / name / "plan.json").read_text())
        for section in ("resource_changes", "resource_drift"):
            for number, change in enumerate(plan.get(section, ())):
                own: list[Path_] = [("action_reason",)] if "action_reason" in change else []
                own += [way for side in CHANGED for way in leaves(change["change"].get(side), ("change", side))]
                yield from ((name, (section, number, *way)) for way in own if _may_hold_a_secret(way))


def _may_hold_a_secret(way: Path_) -> bool:
    """What holds or describes a secret; the rest of an object is tried by the other plans."""
    holders = {"action_reason", "environment_variables", "definition", "links", "roles", "headers", "ip_address_ranges"}
    words = {"value", "password", "basic_token", "extra", "host", "login"}
    told = {"updated_at", "is_secret", "scope", "scope_entity_id", "entity_id", "entity_type"}
    return way[-1] in words or (bool(holders.intersection(way)) and way[-1] not in told)


@pytest.mark.parametrize(("name", "way"), list(secret_cases()), ids=str)
def test_a_canary_in_a_changed_or_secret_value_is_never_shown(
    name: str, way: Path_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = json.loads((RULES / name / "plan.json").read_text())
    monkeypatch.chdir(RULES / name)
    changed = tmp_path / "plan.json"
    for text in (f"amqps://user:{CANARY}@broker/x", f'{{"client_secret": "{CANARY}"}}'):
        changed.write_text(json.dumps(replaced(plan, way, text)))
        assert CANARY not in outputs(tmp_path, "--plan", str(changed))


@pytest.mark.parametrize(("name", "way", "text"), list(plan_cases()), ids=str)
def test_a_canary_in_a_plan_is_never_shown(
    name: str, way: Path_, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = json.loads((PLANS / name).read_text())
    monkeypatch.chdir((PLANS / name).parent)  # the sources lie there, so that snippets are shown
    changed = tmp_path / "plan.json"
    changed.write_text(json.dumps(replaced(plan, way, text)))
    assert CANARY not in outputs(tmp_path, "--plan", str(changed))


VALUES = """\
resourceNamePrefix: claims
astroDeploymentAPIURL: http://x.example/d123
agentToken: plain-token-text
imagePullSecretData: '{"auths": {"images.astronomer.cloud": {"auth": "Y2xpOnNlY3JldA=="}}}'
image: registry.example.com/agent:1 # a comment with a value
secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
dagBundleConfigList: >-
  [{"name": "dags", "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
  "kwargs": {"repo_url": "https://svc:password@git.example.com/dags.git", "tracking_ref": "main"}}]
openLineage:
  apiKey: lineage-key-text
  endpoint: /api/v1/lineage?ASTRO_DEPLOYMENT_ID=another
  namespace: another-namespace
commonEnv:
  - {name: AIRFLOW__SECRETS__BACKEND_KWARGS, value: '{"url": "http://vault", "token": "literal"}'}
  - {name: ASTRO_DEPLOYMENT_ID, value: cm4x2k9q1000101mnd7f3k2a1}
  - {name: ASTRO_DEPLOYMENT_NAMESPACE, value: stellar-orbit-4821}
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
    value: "1048576"
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH
    value: file:///tmp/xcom
  - name: DB_PASSWORD
    value: |
      two
      lines
  - name: AIRFLOW_CONN_WAREHOUSE
    value: postgres://svc:password@wh/prod
workers:
  - name: default
    syncSlots: 4
    env:
      - name: API_KEY
        value: &shared some-key-text
      - name: OTHER_TOKEN
        value: *shared
sentinel:
  config: |
    api_server:
      base_url: https://another.example/d456
      api_token: sentinel-token-text
"""


def value_places(value: Value[Tree], key: str = "") -> Iterator[tuple[int, int, int, int]]:
    match value:
        case Known(Map() as tree):
            for name, entry in tree.entries.items():
                yield from value_places(entry.value, name)
        case Known(List() as tree):
            for item in tree.items:
                yield from value_places(item)
        case Known(_, place) if key not in {"name", "resourceNamePrefix"}:
            yield place.line, place.column, place.end_line, place.end_column
        case _:
            pass


def with_canary(place: tuple[int, int, int, int], text: str) -> str:
    """The values with one value replaced, whatever its style."""
    line, column, end_line, end_column = place
    rows = VALUES.split("\n")
    tail = rows[end_line - 1][end_column - 1 :] if end_line <= len(rows) else ""
    rest = rows[end_line:] if tail or end_line == line else rows[end_line - 1 :]
    return "\n".join([*rows[: line - 1], rows[line - 1][: column - 1] + text + tail, *rest])


PLACES = sorted(set(value_places(read_yaml("values.yaml", VALUES)[0].root)))


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize(
    "text",
    [CANARY, f'"{CANARY}"', f"'s3://{CANARY}@bucket/x'", f'\'{{"token": "{CANARY}"}}\'', f"airflow.secrets.{CANARY}"],
    ids=["plain", "quoted", "uri", "json", "dotted"],
)
def test_a_canary_in_values_is_never_shown(
    place: tuple[int, int, int, int], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    changed = with_canary(place, text)
    assert CANARY in changed
    (tmp_path / "values.yaml").write_text(changed)
    assert CANARY not in outputs(tmp_path, "-f", "values.yaml")


def test_the_canary_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is shown, so a canary in a name is found: the tests above can fail."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "values.yaml").write_text(VALUES.replace("resourceNamePrefix: claims", f"resourceNamePrefix: {CANARY}"))
    assert CANARY in outputs(tmp_path, "-f", "values.yaml")


@pytest.mark.parametrize("text", [f"a: [{CANARY}", f"a: *{CANARY}", f"a: !{CANARY} x\n b", f'{{"a": "{CANARY}'])
@pytest.mark.parametrize("name", ["values.yaml", "plan.json"])
def test_a_canary_in_a_broken_file_is_never_shown(
    text: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(text)
    assert CANARY not in outputs(tmp_path, name)


SAID = (
    f'ignore[REX008] reason="the password is {CANARY}, as everybody knows"',
    f'ignore[REX008] reason="see postgres://user:{CANARY}@db/prod" owner=https://me:{CANARY}@example.com',
    f'ignore[REX008] reason="password={CANARY}" owner="token: {CANARY}"',
    f'ignore[REX008] reason={CANARY} and {CANARY}',
    f"ignore[REX008] until={CANARY}",
    f"ignore[REX008] {CANARY}=x",
    f"{CANARY}[REX008]",
)  # fmt: skip
"""What a waiver may say by mistake; the first text is a secret only because the agent's token is the same."""


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("name", ["values.yaml", "main.tf"])
def test_a_canary_in_a_waiver_is_never_shown(
    said: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    values = VALUES.replace("agentToken: plain-token-text", f"agentToken: {CANARY}")
    (tmp_path / "values.yaml").write_text(values)
    (tmp_path / "main.tf").write_text('resource "astro_workspace" "w" {\n  cicd_enforced_default = false\n}\n')
    file = tmp_path / name
    file.write_text(f"# astrovet: {said.replace('ignore[', 'ignore-file[AST012, ')}\n{file.read_text()}")
    assert CANARY not in outputs(tmp_path, ".")


@pytest.mark.parametrize("text", [f"password={CANARY}", f"see https://me:{CANARY}@example.com", f"it is {CANARY}"])
def test_a_canary_in_a_configured_waiver_is_never_shown(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    values = VALUES.replace("agentToken: plain-token-text", f"agentToken: {CANARY}")
    (tmp_path / "values.yaml").write_text(values)
    entry = {"rule": "REX", "at": "values.yaml", "reason": text, "owner": text, "until": "2999-01-01"}
    (tmp_path / ".astrovet.yaml").write_text(json.dumps({"waivers": [entry]}))
    shown = outputs(tmp_path, ".")
    assert CANARY not in shown
    assert "; accepted: " in shown
