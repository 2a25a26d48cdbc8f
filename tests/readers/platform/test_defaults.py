"""The script that holds the table of defaults against a copy of the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

import pytest

from support import ROOT, write

Differences: TypeAlias = Callable[[Path], Iterator[str]]


@pytest.fixture
def differences(monkeypatch: pytest.MonkeyPatch) -> Differences:
    monkeypatch.syspath_prepend(ROOT / "bench")
    compare: Differences = import_module("platform_defaults").differences
    return compare


def test_a_default_that_the_chart_has_otherwise_is_told(tmp_path: Path, differences: Differences) -> None:
    write(tmp_path / "Chart.yaml", "name: astronomer\nversion: 2.1.3\n")
    write(tmp_path / "values.yaml", "global: {tlsSecret: other, helmRepo: https://helm.astronomer.io}\n")
    write(tmp_path / "charts/nginx/values.yaml", "privateLoadBalancer: true\nserviceType: LoadBalancer\n")
    assert list(differences(tmp_path)) == [
        "global.tlsSecret: the table has 'astronomer-tls', and the chart 'other'",
        "nginx.privateLoadBalancer: the table has False, and the chart True",
    ]


def test_older_names_are_those_of_the_charts_generation(tmp_path: Path, differences: Differences) -> None:
    write(tmp_path / "Chart.yaml", "name: astronomer\nversion: 1.2.0\n")
    write(tmp_path / "values.yaml", "global: {postgresqlEnabled: true}\n")
    assert list(differences(tmp_path)) == ["global.postgresql.enabled: the table has False, and the chart True"]


def test_another_chart_is_no_measure(tmp_path: Path, differences: Differences) -> None:
    write(tmp_path / "Chart.yaml", "name: astronomer\nversion: 0.30.0\n")
    write(tmp_path / "values.yaml", "")
    assert list(differences(tmp_path)) == ["the table is of the charts 0.37, 1.2, 2.1, and this one is 0.30"]
