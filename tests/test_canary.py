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
from click.testing import CliRunner

from astrovet.cli.scan import SHOWABLE, command
from astrovet.inputs.yaml_text import read_yaml
from astrovet.reporters import FORMATS
from astrovet.value import Known, List, Map, Tree, Value

ROOT = Path(__file__).parent.parent
PLANS = ROOT / "fixtures" / "plans"
CANARY = "CANARY7f3a9cQz"

NAMES = frozenset({"name", "key", "address", "module_address", "type", "mode", "index", "provider_name"})
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
    """Everything that a run writes: standard output and error, and a file of every format."""
    files = [f"--output={name}={folder / f'out.{name}'}" for name in FORMATS]
    shown = ",".join(SHOWABLE)
    words = [
        *arguments,
        *files,
        "-vv",
        "--show",
        shown,
        "--require",
        "hipaa,pci,customer-data-plane",
        "--color",
        "always",
    ]
    result = CliRunner().invoke(command, words)
    assert result.exit_code in {0, 1, 2}, result.exception
    return result.output + "".join((folder / f"out.{name}").read_text() for name in FORMATS)


SECTIONS = ("resource_changes", "variables", "prior_state", "configuration", "values")


def plan_cases() -> Iterator[tuple[str, Path_]]:
    for name in ("remote-exec-aws-open/plan.json", "dedicated-phi/plan.json", "data-sources/plan-after-apply.json",
                 "change-actions/plan.json", "state-show/state.json", "helm-v2-set-blocks/plan.json"):  # fmt: skip
        plan = json.loads((PLANS / name).read_text())
        for section in SECTIONS:
            ways = list(leaves(plan.get(section, {}), (section,)))
            for way in ways[:: max(1, len(ways) // 40)]:
                if way[-3:] != ("set", 1, "value"):  # this setting is the name of a variable
                    yield name, way


@pytest.mark.parametrize(("name", "way"), list(plan_cases()), ids=str)
def test_a_canary_in_a_plan_is_never_shown(
    name: str, way: Path_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = json.loads((PLANS / name).read_text())
    monkeypatch.chdir((PLANS / name).parent)  # the sources lie there, so that snippets are shown
    changed = tmp_path / "plan.json"
    for text in (CANARY, f"postgres://user:{CANARY}@db/prod"):
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
