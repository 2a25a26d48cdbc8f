"""Names of container images, and what the tags of Astronomer's say.

Source: Astronomer's pages on the maintenance and the archive of agent images, read November 2026.
"""

import re
from typing import NamedTuple

AGENT = "astro-remote-execution-agent"
SENTINEL = "astro-remote-execution-sentinel"
"""The last part of the name of Astronomer's images; copies in other registries keep it as a rule."""

AGENT_TAG = (
    r"(?P<runtime>\d{1,4}\.\d{1,4}-\d{1,4})(?:-python-(?P<python>3\.\d{1,4}))?"
    r"(?:-astro-agent-(?P<agent>\d{1,4}\.\d{1,4}\.\d{1,4}))?(?:-base)?"
)
SENTINEL_TAG = r"(?P<agent>\d{1,4}\.\d{1,4}\.\d{1,4})"
"""Sentinel has the version of the agent that it belongs to."""

LATEST = "latest"


class ImageReference(NamedTuple):
    """What the name of an image says."""

    repository: str
    """With the registry and its port."""
    tag: str | None
    digest: str | None
    runtime: tuple[int, int, int] | None
    """The version of Astro Runtime: `3.2-5` is (3, 2, 5). None where the tag is not of Astronomer's form."""
    python: str | None
    agent: tuple[int, int, int] | None
    """The version of the agent, or of the agent that this Sentinel belongs to."""
    is_astronomer: bool
    """It has the name of one of Astronomer's images or a tag of their form, in whatever registry."""

    @property
    def is_floating(self) -> bool:
        """The same name may mean another image tomorrow."""
        if self.digest is not None:
            return False
        return self.tag in {None, LATEST} or (self.runtime is not None and self.agent is None)


def parse(reference: str) -> ImageReference:
    """Take a reference apart; a registry's port is no tag. Never raises."""
    name, _, digest = reference.strip().partition("@")
    path, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    match = _version(last, tag)
    known = match.groupdict() if match else {}
    return ImageReference(
        repository=f"{path}{slash}{last}",
        tag=tag or None,
        digest=digest or None,
        runtime=_numbers(known.get("runtime")),
        python=known.get("python"),
        agent=_numbers(known.get("agent")),
        is_astronomer=last in {AGENT, SENTINEL} or match is not None,
    )


def runtime_of(image: str) -> tuple[int, int, int] | None:
    """The version of Astro Runtime in an agent's image; None where its name does not tell."""
    return parse(image).runtime


def agent_of(image: str) -> tuple[int, int, int] | None:
    """The version of the agent in an image; None where its name does not tell."""
    return parse(image).agent


def _version(name: str, tag: str) -> re.Match[str] | None:
    """A tag of Astronomer's form. Under another name a bare `3.2-5` may be a version of the customer's own."""
    if name == SENTINEL:
        return re.fullmatch(SENTINEL_TAG, tag)
    match = re.fullmatch(AGENT_TAG, tag)
    if match and name != AGENT and not (match["python"] or match["agent"]):
        return None
    return match


def _numbers(version: str | None) -> tuple[int, int, int] | None:
    if version is None:
        return None
    major, minor, patch = re.split(r"[.-]", version)
    return int(major), int(minor), int(patch)
