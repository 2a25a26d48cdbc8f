"""Applications that Terraform's provider of Argo CD makes (`argocd_application`), as Argo CD itself has them.

The provider has the fields of an Application in snake case, and a block in the singular for each item of a list
(argoproj-labs/argocd, docs/resources/application.md, read December 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from astrovet.formats.layout import text_of_file
from astrovet.helm.api_groups import ARGO, ARGO_APPLICATION
from astrovet.helm.kustomize.trees import entries_of, entry, is_list, map_of
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, listed, text

BLOCKS = frozenset({"metadata", "spec", "destination", "helm", "directory", "kustomize", "plugin", "target"})
"""Blocks of which there is one."""
LISTS = {"source": "sources", "parameter": "parameters", "file_parameter": "fileParameters"}
"""Blocks of which there are several, and what their list is called."""
NAMES = {"repo_url": "repoURL"}


def application_of(resource: Resource, paths: Mapping[str, str]) -> Value[Tree]:
    """The Application that a resource makes; `paths` are the files of values, by what they hold."""
    place = resource.place
    parts = {key: _renamed(key, resource.blocks(key), paths) for key in ("metadata", "spec")}
    return map_of({"apiVersion": Known(f"{ARGO}/v1alpha1", place), "kind": Known("Application", place), **parts}, place)


def documents_of(terraform: Terraform) -> Iterator[str]:
    """The texts that the sources of Applications get as values."""
    specs = (spec for one in terraform.judged((ARGO_APPLICATION,)) for spec in listed(one.blocks("spec")))
    for source in (source for spec in specs for source in listed(at(spec, "source"))):
        for helm in listed(at(source, "helm")):
            written = text(at(helm, "values"))
            if isinstance(written, Known):
                yield written.value


def _renamed(key: str, value: Value[Tree], paths: Mapping[str, str]) -> Value[Tree]:
    """A value with the names that Argo CD has for what stands in it."""
    if key in BLOCKS and is_list(value):
        return _renamed("", next(iter(listed(value)), Absent(value.place)), paths)
    match value:
        case Known(List(items)):
            return Known(List(tuple(_renamed("", item, paths) for item in items)), value.place)
        case Known(Map() as tree):
            made = {}
            for name, inner in entries_of(value).items():
                known = LISTS.get(name) or NAMES.get(name) or _camel(name)
                if name == "values":
                    known, decoded = _values(inner.value, paths)
                    made[known] = entry(known, decoded, inner.key_place)
                elif not _is_empty(inner.value):
                    made[known] = entry(known, _renamed(name, inner.value, paths), inner.key_place)
            return Known(Map(made, tree.unlisted), value.place)
        case Known() | Unknown() | Absent():
            return value


def _is_empty(value: Value[Tree]) -> bool:
    """What nobody wrote: a plan has it as null, as an empty text or list."""
    return isinstance(value, Absent) or (isinstance(value, Known) and value.value in ("", List(())))


def _values(value: Value[Tree], paths: Mapping[str, str]) -> tuple[str, Value[Tree]]:
    """What is encoded there, where that is known better than its text; what a file holds, where it stands there."""
    match text(value):
        case Known(document=Known() as encoded) | Unknown(document=Known() as encoded):
            return "valuesObject", encoded
        case Known("", place):
            return "values", Absent(place)
        case Known(content, layout=None, sensitive=False) if content.strip() in paths:
            return "values", text_of_file(paths[content.strip()], content)
        case written:
            return "values", written


def _camel(name: str) -> str:
    return re.sub("_([a-z])", lambda letter: letter[1].upper(), name)
