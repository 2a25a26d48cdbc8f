"""Variable files: which are read, in what order, and where each value stands."""

from __future__ import annotations

from itertools import permutations

import pytest

from astrovet.document import ProblemKind
from astrovet.place import Place
from astrovet.terraform.source.variable_files import read_variables
from astrovet.value import Absent, Known, Tree, Unknown, Value, at
from support import text_files


def texts(files: dict[str, str], folder: str = ".", var_files: tuple[str, ...] = ()) -> dict[str, Value[Tree]]:
    """The values of files that hold no mistake."""
    variables = read_variables(text_files(files), folder, var_files)
    assert variables.problems == ()
    return dict(variables.values)


def test_values_stand_at_their_places() -> None:
    values = texts(
        {
            "infra/terraform.tfvars": '# of the team\nname    = "claims"\n'
            'emails = ["a@example.com", "b@example.com"]\nsize = { min = 1 }\nnothing = null\n'
        },
        "infra",
    )
    path = "infra/terraform.tfvars"
    assert values["name"] == Known("claims", Place(path, 2, 11, 2, 19, pointer="name"))
    assert at(values["emails"], 1) == Known("b@example.com", Place(path, 3, 28, 3, 43, pointer="emails[1]"))
    assert at(values["size"], "min") == Known(1, Place(path, 4, 16, 4, 17, pointer="size.min"))
    assert values["nothing"] == Absent(Place(path, 5, 11, 5, 15, pointer="nothing"), explicit=True)


def test_values_of_json_files_stand_at_their_places() -> None:
    content = '{\n  "//": "of the team",\n  "name": "${claims}",\n  "size": {"min": 1, "//": true}\n}\n'
    values = texts({"terraform.tfvars.json": content})
    path = "terraform.tfvars.json"
    assert values["name"] == Known("${claims}", Place(path, 3, 11, 3, 22, pointer="name"))
    assert at(values["size"], "min") == Known(1, Place(path, 4, 19, 4, 20, pointer="size.min"))
    assert at(values["size"], "//") == Known(True, Place(path, 4, 28, 4, 32, pointer='size["//"]'))
    assert set(values) == {"name", "size"}


IN_ORDER = ("terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars", "a.auto.tfvars.json", "b.auto.tfvars")
"""As Terraform 1.11 reads them: each beats the ones before it."""


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [(weaker, stronger) for index, weaker in enumerate(IN_ORDER) for stronger in IN_ORDER[index + 1 :]],
)
@pytest.mark.parametrize("folder", [".", "infra", "../infra"])
def test_the_later_file_wins(weaker: str, stronger: str, folder: str) -> None:
    def content(name: str) -> str:
        return f'{{"who": "{name}"}}' if name.endswith("json") else f'who = "{name}"\n'

    prefix = "" if folder == "." else f"{folder}/"
    for names in permutations((weaker, stronger)):
        values = texts({prefix + name: content(name) for name in names}, folder)
        assert at(values["who"]) == Known(stronger, values["who"].place)
        assert values["who"].place.path == prefix + stronger


def test_named_files_come_last_and_in_their_order() -> None:
    files = {
        "z.auto.tfvars": "a = 1\nb = 1\nc = 1\n",
        "env/prod.tfvars": "b = 2\nc = 2\n",
        "env/more.json": '{"c": 3}',
    }
    values = texts(files, ".", ("./env/prod.tfvars", "env/more.json"))
    assert {name: (value.place.path, value.place.line) for name, value in values.items()} == {
        "a": ("z.auto.tfvars", 1),
        "b": ("env/prod.tfvars", 1),
        "c": ("env/more.json", 1),
    }
    values = texts(files, ".", ("env/more.json", "env/prod.tfvars"))
    assert values["c"].place.path == "env/prod.tfvars"


def test_a_later_value_replaces_the_whole_earlier_one() -> None:
    values = texts({"terraform.tfvars": "tags = { a = 1 }\n", "x.auto.tfvars": "tags = { b = 2 }\n"})
    assert isinstance(at(values["tags"], "a"), Absent)


def test_other_files_are_not_read() -> None:
    files = {
        "prod.tfvars": "a = 1\n",
        "infra/terraform.tfvars": "b = 1\n",
        "main.tf": 'variable "c" {}\n',
        "other.json": "{}",
        "auto.tfvars": "d = 1\n",
    }
    assert texts(files) == {}


def test_an_expression_is_unknown_and_the_rest_of_the_value_is_kept() -> None:
    values = texts({"terraform.tfvars": 'list = ["a", upper("b")]\n'})
    assert at(values["list"], 0) == Known("a", Place("terraform.tfvars", 1, 9, 1, 12, pointer="list[0]"))
    assert isinstance(at(values["list"], 1), Unknown)


@pytest.mark.parametrize(
    ("name", "content", "kind", "line", "column"),
    [
        ("terraform.tfvars", 'good = 1\nsecret "canary"', ProblemKind.UNREADABLE, 2, 16),
        ("terraform.tfvars", 'good = 1\nvariable "x" {\n}\n', ProblemKind.UNREADABLE, 2, 1),
        ("terraform.tfvars", 'good = 1\ngood = "canary"\n', ProblemKind.DUPLICATE_KEY, 2, 1),
        ("terraform.tfvars.json", '{\n"good": 1,\n"canary": }', ProblemKind.UNREADABLE, 3, 11),
        ("terraform.tfvars.json", '{"good": 1,\n "good": "canary"}', ProblemKind.DUPLICATE_KEY, 2, 2),
        ("terraform.tfvars.json", '[{"good": 1},\n "canary"]', ProblemKind.UNREADABLE, 2, 2),
    ],
)
def test_what_terraform_refuses_is_a_problem_and_the_rest_is_kept(
    name: str, content: str, kind: ProblemKind, line: int, column: int
) -> None:
    variables = read_variables(text_files({name: content}), ".", ())
    (problem,) = variables.problems
    assert (problem.kind, problem.place.path, problem.place.line, problem.place.column) == (kind, name, line, column)
    assert "canary" not in problem.why + problem.how
    assert variables.values["good"] == Known(1, variables.values["good"].place)


def test_a_named_file_that_is_not_there_is_a_problem() -> None:
    variables = read_variables({}, ".", ("env/prod.tfvars",))
    (problem,) = variables.problems
    assert (problem.kind, str(problem.place)) == (ProblemKind.UNREADABLE, "env/prod.tfvars")
    assert variables.values == {}


@pytest.mark.parametrize("unread", ["env/lost.tfvars", "env/broken.tfvars"])
def test_what_a_file_that_is_not_read_may_set_is_open_until_a_later_file_sets_it(unread: str) -> None:
    files = {
        "terraform.tfvars": 'region = "eu-central-1"\nsize = 1\n',
        "env/broken.tfvars": "size = [\n",
        "env/prod.tfvars": 'region = "westeurope"\n',
    }
    variables = read_variables(text_files(files), ".", (unread, "env/prod.tfvars"))
    assert variables.unread is not None
    assert variables.unread.place == Place(unread)
    assert variables.values["size"] == variables.unread
    region = variables.values["region"]
    assert isinstance(region, Known)
    assert region.value == "westeurope"
