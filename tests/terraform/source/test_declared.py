"""What Terraform refuses of a folder: one name for two blocks."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from astrovet.document import ProblemKind
from astrovet.formats.text_file import TextFile
from astrovet.terraform.source.declared import read_folder

BLOCK = 'resource "astro_workspace" "team" {\n  name = "team"\n}\n'


def opened(files: Mapping[str, str]) -> dict[str, TextFile]:
    return {path: TextFile.of(path, content) for path, content in files.items()}


@pytest.mark.parametrize(
    "files",
    [
        {"a.tf": BLOCK, "b.tf": BLOCK},
        {"a.tf": 'variable "name" {}\n', "b.tf": 'variable "name" {}\n'},
        {"a.tf": "locals {\n  a = 1\n}\n", "b.tf": "locals {\n  a = 2\n}\n"},
        {"a.tf": 'module "team" {\n  source = "./a"\n}\n', "b.tf": 'module "team" {\n  source = "./b"\n}\n'},
    ],
)
def test_a_second_block_of_a_name_is_a_problem_with_both_places(files: Mapping[str, str]) -> None:
    (problem,) = read_folder(opened(files), "").problems
    assert problem.kind is ProblemKind.DUPLICATE_KEY
    assert (problem.place.path, problem.related[0].place.path) == ("b.tf", "a.tf")


@pytest.mark.parametrize(
    "files",
    [
        {"a.tf": BLOCK, "a_override.tf": BLOCK},
        {"a.tf": BLOCK, "b.tf": BLOCK.replace('"team" {', '"other" {')},
        {"a.tf": BLOCK, "b.tf": BLOCK.replace("resource", "data", 1)},
        {"a.tf": "locals {\n  a = 1\n}\n", "b.tf": "locals {\n  b = 1\n}\n"},
        {"a.tf": "moved {\n}\nmoved {\n}\nimport {\n}\nimport {\n}\nremoved {\n}\nremoved {\n}\n"},
        {"a.tf": "locals {\n  a = 1\n}\n", "a_override.tf": "locals {\n  a = 2\n}\n"},
    ],
)
def test_overrides_and_other_names_are_none(files: Mapping[str, str]) -> None:
    assert not read_folder(opened(files), "").problems


@pytest.mark.parametrize(
    "block",
    [
        "moved {\n  from = a.b\n  to = a.%d\n}\n",
        'import {\n  id = "%d"\n  to = a.b\n}\n',
        "removed {\n  from = a.b%d\n}\n",
        'provider "aws" {\n  alias = "a%d"\n}\n',
        'check "c%d" {\n}\n',
    ],
)
def test_blocks_without_a_name_may_stand_as_often_as_one_likes(block: str) -> None:
    files = opened({"main.tf": block % 1 + block % 2, "other.tf": block % 3})
    assert read_folder(files, "").problems == ()
