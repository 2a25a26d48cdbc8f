"""The names of images: what a reference tells of Runtime and agent, and whether it may move."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrovet_rules.tables.images import agent_of, parse, runtime_of

OURS = "images.astronomer.cloud/baseimages/astro-remote-execution-agent"
SENTINEL = "images.astronomer.cloud/baseimages/astro-remote-execution-sentinel"
DIGEST = "sha256:" + "3f" * 32


@pytest.mark.parametrize(
    ("reference", "repository", "tag", "digest"),
    [
        ("busybox", "busybox", None, None),
        ("busybox:1.36", "busybox", "1.36", None),
        ("localhost:5000/agent", "localhost:5000/agent", None, None),
        ("localhost:5000/team/agent:7", "localhost:5000/team/agent", "7", None),
        (f"localhost:5000/agent@{DIGEST}", "localhost:5000/agent", None, DIGEST),
        (f"{OURS}:3.2-5@{DIGEST}", OURS, "3.2-5", DIGEST),
        ("", "", None, None),
    ],
)
def test_the_parts_of_a_reference(reference: str, repository: str, tag: str | None, digest: str | None) -> None:
    image = parse(reference)
    assert (image.repository, image.tag, image.digest) == (repository, tag, digest)


@pytest.mark.parametrize(
    ("reference", "runtime", "python", "agent", "floating"),
    [
        (f"{OURS}:3.2-5-python-3.12-astro-agent-1.7.1", (3, 2, 5), "3.12", (1, 7, 1), False),
        (f"{OURS}:3.2-5-python-3.12-astro-agent-1.7.1-base", (3, 2, 5), "3.12", (1, 7, 1), False),
        (f"{OURS}:3.2-5-astro-agent-1.7.1", (3, 2, 5), None, (1, 7, 1), False),
        (f"{OURS}:3.2-5-python-3.12", (3, 2, 5), "3.12", None, True),
        (f"{OURS}:3.2-5-python-3.12-base", (3, 2, 5), "3.12", None, True),
        (f"{OURS}:3.2-5", (3, 2, 5), None, None, True),
        (f"{OURS}:3.2-5-base", (3, 2, 5), None, None, True),
        (f"{OURS}:3.2-5-base@{DIGEST}", (3, 2, 5), None, None, False),
        (f"{OURS}:latest", None, None, None, True),
        (OURS, None, None, None, True),
        (f"{OURS}:release-2026-01-15", None, None, None, False),
        (f"{SENTINEL}:1.7.1", None, None, (1, 7, 1), False),
        ("registry.acme.example:5000/astro-remote-execution-agent:3.3-1", (3, 3, 1), None, None, True),
        ("registry.acme.example/claims:3.2-5-python-3.12-astro-agent-1.7.1", (3, 2, 5), "3.12", (1, 7, 1), False),
        ("registry.acme.example/claims:3.2-5", None, None, None, False),
        ("registry.acme.example/claims:2026-01-15", None, None, None, False),
        ("registry.acme.example/claims:1.7.1", None, None, None, False),
        ("registry.acme.example:5000/claims", None, None, None, True),
    ],
)
def test_what_a_tag_says(
    reference: str,
    runtime: tuple[int, int, int] | None,
    python: str | None,
    agent: tuple[int, int, int] | None,
    floating: bool,
) -> None:
    image = parse(reference)
    assert (image.runtime, image.python, image.agent) == (runtime, python, agent)
    assert image.is_floating is floating
    assert (runtime_of(reference), agent_of(reference)) == (runtime, agent)


@pytest.mark.parametrize(
    ("reference", "ours"),
    [
        (OURS, True),
        (f"{SENTINEL}:1.7.1", True),
        ("registry.acme.example/astro-remote-execution-agent:our-build-7", True),
        ("registry.acme.example/claims:3.2-5-python-3.12-astro-agent-1.7.1", True),
        ("registry.acme.example/claims:3.2-5", False),
        ("timberio/vector:0.45.0-debian", False),
    ],
)
def test_whose_image_it_is(reference: str, ours: bool) -> None:
    assert parse(reference).is_astronomer is ours


@given(st.text(alphabet="ab1.-:/@_9 ٣\n", max_size=60))
def test_no_reference_is_too_odd(reference: str) -> None:
    image = parse(reference)
    assert image.repository in reference
    assert image.tag != ""


def test_a_number_without_end_is_no_version() -> None:
    assert runtime_of(f"{OURS}:3.{'9' * 5000}-1") is None
