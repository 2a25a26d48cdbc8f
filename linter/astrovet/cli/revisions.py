"""Revisions of a git repository as folders; git itself is never run.

Source: https://git-scm.com/docs/gitrevisions (read 2026-11), of which names, ids, `~` and `^` are understood.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dulwich.objects import Commit
    from dulwich.repo import Repo

_SPELLING = re.compile(r"(?P<name>(?!.*//)[^\x00-\x20\x7f~^:?*\[\\]+)(?P<steps>(?:[~^]\d{0,6})*)")
LARGEST = 64 << 20
"""Files above this size are left out: none that large is read anyway."""

SUBMODULE = 0o160000
"""How a tree calls another repository, whose files it does not have."""


class RevisionError(Exception):
    """A revision cannot be had; the text says why."""


@contextmanager
def checked_out(top: str, revision: str) -> Iterator[tuple[str, str]]:
    """A folder with the files of a revision, which is gone afterwards; and the id of its commit.

    Raises RevisionError where there is none of this name, or where its files are not all there.
    """
    from tempfile import TemporaryDirectory  # only comparisons of revisions need these

    from dulwich.errors import NotGitRepository
    from dulwich.repo import Repo

    with TemporaryDirectory(prefix="astrovet-") as folder:
        try:
            with Repo(top) as repository:
                commit = _commit(repository, revision)
                _write(repository, commit, folder)
        except NotGitRepository:
            raise RevisionError(f"there is no file, folder or git repository to find {revision!r} in") from None
        except KeyError as error:
            what = f"an object of the revision {revision!r} is not there"
            raise RevisionError(f"{what}; a shallow or partial clone lacks some: fetch them") from error
        yield folder, commit.id.decode()


def _commit(repository: Repo, revision: str) -> Commit:
    from dulwich.objectspec import parse_commit

    spelled = _SPELLING.fullmatch(revision)
    what = f"no file, folder, branch, tag or commit is called {revision!r}"
    if spelled is None:
        raise RevisionError(what)
    try:
        commit = parse_commit(repository, spelled["name"].encode())
    except (KeyError, ValueError):
        raise RevisionError(f"{what}; a remote branch is called origin/<branch>, and has to be fetched") from None
    for sign, digits in re.findall(r"([~^])(\d*)", spelled["steps"]):
        number = int(digits or 1)
        for _ in range(number if sign == "~" else min(number, 1)):
            parent = 0 if sign == "~" else number - 1
            if parent >= len(commit.parents):
                raise RevisionError(f"the revision {revision!r} goes back further than the history does")
            commit = parse_commit(repository, commit.parents[parent])
    return commit


def _write(repository: Repo, commit: Commit, folder: str) -> None:
    """Write the files of a commit. The folder becomes the top of a repository, so that nothing outside is read."""
    from dulwich.object_store import iter_tree_contents
    from dulwich.objects import Blob

    os.mkdir(os.path.join(folder, ".git"))
    links: list[tuple[str, bytes]] = []
    for entry in iter_tree_contents(repository.object_store, commit.tree):
        if not _is_safe(entry.path) or stat.S_IFMT(entry.mode) == SUBMODULE:
            continue
        path = os.path.join(folder, os.fsdecode(entry.path))
        blob = repository.object_store[entry.sha]
        if not isinstance(blob, Blob) or blob.raw_length() > LARGEST:
            continue
        if stat.S_ISLNK(entry.mode):
            links.append((path, blob.data))
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as stream:
            stream.write(blob.data)
    for path, target in links:  # last, so that nothing is written through one
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not os.path.lexists(path):
            os.symlink(os.fsdecode(target), path)


def _is_safe(path: bytes) -> bool:
    """Whether a path stays below its folder, and out of what git keeps there; git makes no other."""
    parts = path.split(b"/")
    return not any(part in {b"", b".", b".."} or part.lower() == b".git" or b"\0" in part for part in parts)
