"""Which folders are root modules, and which of them have to do with Astro."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

from astrovet.formats.hcl.literals import literal
from astrovet.terraform.source.declared import Declared
from astrovet.terraform.source.environment import InstalledModule
from astrovet.terraform.source.project import Project
from astrovet.value import Known

ASTRO_SIGNS = (
    "astro_",
    "astro-remote-execution-agent",
    "astro-agent",
    'provider "astro"',
    "astronomer/astro",
    *(f"{start}astronomer{end}" for start in ('"', "/") for end in ('"', ".tgz", "-0", "-1", "-2", "-${")),
)
"""One of these texts stands in every root module that declares an object of Astro, installs agents or Private Cloud."""
CLUSTER_SIGNS = ("aws_eks_cluster", "google_container_cluster", "azurerm_kubernetes_cluster")
"""One of these texts stands in every root module that makes a Kubernetes cluster of a cloud by itself."""

FIREWALL_SIGNS = (
    "aws_security_group",
    "aws_vpc_security_group_",
    "google_compute_firewall",
    "azurerm_network_security_",
)
"""One of these texts stands in every root module that makes a firewall of a cloud by itself."""

STORE_SIGNS = ("aws_s3_bucket", "google_storage_bucket", "azurerm_storage_account")
"""One of these texts stands in every root module that makes an object store of a cloud by itself."""


def root_modules(project: Project) -> tuple[str, ...]:
    """The folders with sources that no other folder calls as a module."""
    called = {target for folder in project.folders for target in local_calls(project, folder)}
    return tuple(folder for folder in project.folders if folder not in called)


def local_calls(project: Project, folder: str) -> Iterator[str]:
    """The folders that a module calls by a path."""
    if not any("module" in file.content for file in project.contents(folder).values()):
        return  # most folders of most repositories: not worth a scan
    for declared in project.folder(folder).calls.values():
        target = called_folder(folder, declared)
        if target is not None:
            yield target


def called_folder(folder: str, call: Declared, fetched: InstalledModule | None = None) -> str | None:
    """The folder that a call in this one leads to: by a path, or where its module was fetched to; None without one."""
    source = _written(call, "source")
    if not source.startswith(("./", "../")):
        return fetched.folder if fetched is not None and fetched.is_of(source, _written(call, "version")) else None
    target = posixpath.normpath(posixpath.join(folder or ".", source))
    return "" if target == "." else target


def _written(call: Declared, name: str) -> str:
    """An argument of a call that is a literal text; else an empty one."""
    argument = call.attribute(name)
    match literal(*argument) if argument is not None else None:
        case Known(str(content)):
            return content
        case _:
            return ""


def named_templates(project: Project, folder: str, root: str) -> Iterator[str]:
    """The files that a folder's sources name as templates in so many words; who evaluates them knows the others too."""
    for file in project.contents(folder).values():
        for start, path in re.findall(r'templatefile\(\s*"(\$\{path\.\w+\}/)?([^"$\n]+)"', file.content):
            base = folder if start == "${path.module}/" else root
            yield posixpath.normpath(posixpath.join(base or ".", path))


def tree_of(project: Project, root: str) -> tuple[str, ...]:
    """A root module and all local modules below it."""
    seen: dict[str, None] = {}
    pending = [root]
    while pending:
        current = pending.pop()
        if current not in seen:
            seen[current] = None
            pending.extend(local_calls(project, current))
    return tuple(seen)


def concerns_astro(project: Project, root: str, stores: Collection[str]) -> bool:
    """Whether anything of Astro can be declared in a root module or in what it calls.

    So can it where one of these stores, which agents of the run use, is named.
    """
    return _mentions(project, root, (*ASTRO_SIGNS, *(f'"{name}"' for name in stores)))


def has_cluster(project: Project, root: str) -> bool:
    """Whether a root module, or what it calls, may make a Kubernetes cluster."""
    return _mentions(project, root, CLUSTER_SIGNS)


def has_firewalls(project: Project, root: str, names: Collection[str]) -> bool:
    """Whether a root module, or what it calls, may make a firewall or a network that goes by one of these names."""
    return _mentions(project, root, FIREWALL_SIGNS) and _mentions(project, root, {f'"{name}"' for name in names})


def may_add_rules(project: Project, root: str, names: Collection[str]) -> bool:
    """Whether a root module, or what it calls, may add rules to what goes by one of these names, or by its address."""
    ends = {f'{before}{name}"' for name in names for before in ('"', "/")}
    return _mentions(project, root, FIREWALL_SIGNS) and _mentions(project, root, ends)


def may_add_rules_by_output(project: Project, root: str, outputs: Collection[str]) -> bool:
    """The same of what it is told of by one of these outputs of another root module."""
    return _mentions(project, root, FIREWALL_SIGNS) and _mentions(
        project, root, {f".outputs.{name}" for name in outputs}
    )


def has_store(project: Project, root: str) -> bool:
    """Whether a root module, or what it calls, may make an object store."""
    return _mentions(project, root, STORE_SIGNS)


def _mentions(project: Project, root: str, signs: Collection[str]) -> bool:
    return any(
        sign in file.content
        for folder in tree_of(project, root)
        for file in project.contents(folder).values()
        for sign in signs
    )
