"""The files of Astro projects among the files of a run.

A project has a Dockerfile on an image of Astronomer's, or the `.astro/config.yaml` that `astro dev init` writes
(astro-cli 1.9, November 2026). Dockerfiles of all else do not concern us.
"""

from __future__ import annotations

import os
import re

from astrovet.readers.source_file import is_dockerfile

_ASTRONOMER = re.compile(
    rb"^[ \t]*(?:FROM|ARG)\b[^\n#]*"
    rb"(?:\bastro-runtime|astrocrpublic\.azurecr\.io/runtime|\bastro-remote-execution-agent)\b",
    re.MULTILINE | re.IGNORECASE,
)
"""Above the stages an argument may hold the name of the image."""


def is_of_project(path: str, data: bytes) -> bool:
    """Whether a Dockerfile builds the image of an Astro project."""
    folder = os.path.dirname(path)
    if not is_dockerfile(path):
        return False
    return _ASTRONOMER.search(data) is not None or os.path.isfile(os.path.join(folder, ".astro", "config.yaml"))
