"""Which revision of which repository a run looks at, as the files in `.git` say; git itself is never run.

Sources: https://git-scm.com/docs/gitrepository-layout and https://git-scm.com/docs/git-check-ref-format (read 2026-11).
What these files say is shown only where it has the form that git gives it: a file of anybody's may stand there. A
repository whose references are in another format (`reftable`) has a name and no revision.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from astrovet.cli.bounds import repository_of
from astrovet.cli.files import Disk
from astrovet.readers.source_file import SizeLimit
from astrovet.reports.evidence.evidence import Project
from astrovet.reports.findings.display import Checkout

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCH = re.compile(r"ref: (refs/heads/(?!.*\.\.)(?!.*//)(?!.*@\{)[^\x00-\x20\x7f~^:?*\[\\]{1,200})")
_ORIGIN = re.compile(r'^\[remote "origin"\]\s*?\n(?:[ \t].*\n)*?[ \t]+url[ \t]*=[ \t]*(.+)$', re.MULTILINE)
_REST = r"(?P<host>[\w.-]{1,200}(?::[0-9]{1,5})?)/(?P<path>[\w./~-]{1,400})"
_ADDRESS = re.compile(rf"(?P<scheme>https?|ssh|git)://(?:[^/@]*@)?{_REST}", re.ASCII)
_OF_SSH = re.compile(r"(?P<scheme>)(?:[^/@:]*@)?(?P<host>[\w.-]{1,200}):(?P<path>[\w.~-][\w./~-]{0,400})", re.ASCII)
"""`git@host:path`, as git abbreviates `ssh://git@host/path`. Names and passwords of users are left out."""
_NAME = re.compile(r"[\w.-]{1,100}")
_SHORT = SizeLimit(1 << 12, "")
_LONG = SizeLimit(1 << 24, "")


def project_at(folder: str, disk: Disk) -> Project | None:
    """The repository that holds a folder; None where none does.

    It is called as its origin is, so that it has one name wherever it is checked out; without one as its folder.
    """
    there = _folders(folder, disk)
    if there is None:
        return None
    name = re.split(r"[/:]", _origin(there, disk).rstrip("/"))[-1].removesuffix(".git")
    branch, commit = _revision(there, disk)
    return Project(name if _NAME.fullmatch(name) else _name_of(there.common), branch, commit)


def checkout_at(folder: str, disk: Disk) -> Checkout | None:
    """Where the repository that holds a folder came from; None where that is no address that others can read."""
    there = _folders(folder, disk)
    origin = _origin(there, disk) if there is not None else ""
    address = _ADDRESS.fullmatch(origin) or _OF_SSH.fullmatch(origin)
    if there is None or address is None:
        return None
    return Checkout(f"{address['scheme'] or 'ssh'}://{address['host']}/{address['path']}", *_revision(there, disk))


class _Folders(NamedTuple):
    """The folders of a repository's files."""

    inner: str
    """That of this work tree, with HEAD."""
    common: str
    """That of all its work trees."""


def _folders(folder: str, disk: Disk) -> _Folders | None:
    inner = _git_folder(repository_of(folder), disk)
    if inner is None:
        return None
    is_further = _line(os.path.join(inner, "commondir"), disk) == "../.."  # git writes nothing else there
    return _Folders(inner, os.path.dirname(os.path.dirname(inner)) if is_further else inner)


def _revision(there: _Folders, disk: Disk) -> tuple[str, str]:
    """The branch and the commit; empty where the files do not say."""
    head = _line(os.path.join(there.inner, "HEAD"), disk)
    reference = _BRANCH.fullmatch(head)
    commit = head if reference is None else _commit_of(reference[1], there, disk)
    if not _COMMIT.fullmatch(commit):
        return "", ""
    return reference[1].removeprefix("refs/heads/") if reference is not None else "", commit


def _origin(there: _Folders, disk: Disk) -> str:
    """The address of `origin` as the settings have it; empty where there is none."""
    origin = _ORIGIN.search(_text(os.path.join(there.common, "config"), _LONG, disk).replace("\r\n", "\n"))
    return origin[1].strip() if origin is not None else ""


def _git_folder(top: str, disk: Disk) -> str | None:
    """The folder with HEAD: `.git`, or where a file of this name leads for a further work tree and for a submodule."""
    path = os.path.join(top, ".git")
    if os.path.isdir(path):
        return path
    line = _line(path, disk)
    if not line.startswith("gitdir: "):
        return None
    folder = os.path.normpath(os.path.join(top, line.removeprefix("gitdir: ")))
    is_gits = os.path.basename(os.path.dirname(folder)) == "worktrees" or "/.git/modules/" in folder.replace(
        os.sep, "/"
    )
    return folder if is_gits else None


def _name_of(common: str) -> str:
    """What a repository is called that came from nowhere: as the folder that its `.git` lies in."""
    folder = os.path.dirname(common) if os.path.basename(common) == ".git" else common
    return os.path.basename(folder).removesuffix(".git")


def _commit_of(reference: str, folders: _Folders, disk: Disk) -> str:
    """The commit that a branch is at; empty where the files do not say."""
    for folder in dict.fromkeys(folders):
        loose = _line(os.path.join(folder, reference), disk)
        if loose:
            return loose
    packed = _text(os.path.join(folders.common, "packed-refs"), _LONG, disk)
    line = re.search(rf"^(\S+) {re.escape(reference)}$", packed, re.MULTILINE)
    return line[1] if line is not None else ""


def _line(path: str, disk: Disk) -> str:
    return _text(path, _SHORT, disk).rstrip("\r\n")


def _text(path: str, limit: SizeLimit, disk: Disk) -> str:
    """A file of git's; empty where there is none that can be read."""
    return disk.peek(path, limit)
