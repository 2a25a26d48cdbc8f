"""Which files are worth reading as deployment files of the Astro CLI, by their bytes."""

from __future__ import annotations

import pytest

from astrovet.helm.deployment_file import (
    begins_as_deployment_file,
    looks_like_deployment_file,
    may_be_deployment_file,
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"deployment:\n  configuration:\n    executor: CeleryExecutor\n", True),
        (b"\xef\xbb\xbf'deployment' :\n  worker_queues: []\n", True),
        (b"# ours\n---\ndeployment: {configuration: {runtime_version: 3.0-4}}\n", True),
        (b'{"deployment": {"metadata": {}}}', True),
        (b"app:\n  deployment:\n    executor: x\n", False),
        (b"deployment:\n  replicas: 3\n", False),
        (b"deployments:\n  executor: x\n", False),
    ],
)
def test_what_may_be_one(data: bytes, expected: bool) -> None:
    assert may_be_deployment_file(data) is expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{\n    "deployment": {\n        "configuration": {', True),
        (b'\xef\xbb\xbf{"deployment":{', True),
        (b'{"deployment": "blue"}', False),
        (b'{"name": "x", "deployment": {', False),
        (b"deployment:\n  configuration: {}\n", False),
    ],
)
def test_what_begins_as_one_in_json(data: bytes, expected: bool) -> None:
    assert begins_as_deployment_file(data) is expected


def test_a_broken_file_is_worth_a_word_where_its_configuration_shows() -> None:
    assert looks_like_deployment_file(b"deployment:\n  configuration:\n    name: x\n   executor: y\n")
    assert not looks_like_deployment_file(b"deployment:\n  metadata:\n    name: x\n   labels: y\n")
