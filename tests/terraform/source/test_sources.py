"""Root modules evaluated from their sources: what is settled, what is not and why."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from astrovet.document import InputKind
from astrovet.model.deployment import Workspace
from astrovet.model.estate import Input
from astrovet.model.storage import ObjectStore
from astrovet.place import Place
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Resource
from astrovet.terraform.source.environment import Environment
from astrovet.terraform.source.project import Project
from astrovet.terraform.source.root_modules import concerns_astro, root_modules
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at
from support import known, root_module, text_files


def evaluated(expression: str, more: str = "", **files: str) -> Value[Tree]:
    """The value of an expression in a root module."""
    main = f'resource "astro_workspace" "w" {{\n  name = {expression}\n}}\n{more}'
    return only(root_module({"main.tf": main, **files}, "")).attribute("name")


def only(terraform: Terraform, address: str = "astro_workspace.w") -> Resource:
    (resource,) = (resource for resource in terraform.resources if resource.address == address)
    return resource


def addresses(files: Mapping[str, str], folder: str = "") -> list[str]:
    return sorted(resource.address for resource in root_module(files, folder).resources)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"a"', "a"),
        ('"a-${1 + 2}-${true}"', "a-3-true"),
        ('true ? "x" : "y"', "x"),
        ("1 < 2 && !false", True),
        ('"${"x"}"', "x"),
        ('{ a = { b = ["c"] } }.a.b[0]', "c"),
        ('["a", "b"][1]', "b"),
        ('[for s in ["a", "b"] : "${s}!"][1]', "b!"),
        ('{ for k, v in { a = 1 } : v => k }["1"]', "a"),
        ('[for s in ["a", "b", "c"] : s if s != "a"][0]', "b"),
        ('{ for s in ["ab", "ac"] : "a" => s... }.a[1]', "ac"),
        ('[{ n = ["x"] }, { n = ["y"] }][*].n[0]', ["x", "y"]),
        ('[for k, v in toset(["b", "a"]) : "${k}${v}"]', ["aa", "bb"]),
        ('[{ n = "x" }].*.n[0]', "x"),
        ('try({ a = 1 }.b, "fallback")', "fallback"),
        ("can({ a = 1 }.a)", True),
        ("path.module", "."),
        ('<<-EOT\n    one\n      two ${"x"}\n  EOT', "one\n  two x\n"),
        ("0.1 + 0.2", 0.3),
        ("7 % 3", 1),
        ('"$${kept}"', "${kept}"),
    ],
)
def test_what_the_sources_settle(expression: str, expected: object) -> None:
    value = known(evaluated(expression))
    assert ([known(item) for item in value.items] if isinstance(value, List) else value) == expected


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("var.missing", "var.missing is not declared in this module"),
        ("local.missing", "local.missing is not declared in this module"),
        ("var.open", "no value for var.open; pass --var-file"),
        ("astro_workspace.other.id", "astro_workspace.other.id is known only after apply; scan the state then"),
        ("data.astro_cluster.main.id", "data.astro_cluster.main is read only by a plan"),
        ("uuid()", "astrovet does not evaluate the function uuid"),
        ("local.circle", "local.circle refers to itself"),
        ("module.elsewhere.id", "the sources of module.elsewhere are not at hand"),
        (
            "terraform.workspace",
            "which workspace is selected does not stand in the sources; set TF_WORKSPACE",
        ),
        ("each.key", "each.key is not declared in this module"),
    ],
)
def test_what_they_do_not_settle_says_why(expression: str, why: str) -> None:
    more = """
variable "open" {}
locals {
  circle = local.square
  square = local.circle
}
resource "astro_workspace" "other" { name = "o" }
module "elsewhere" { source = "app.terraform.io/acme/team/astro" }
"""
    value = evaluated(expression, more)
    assert isinstance(value, Unknown), value
    assert value.in_full == why


def test_partial_knowledge_is_kept() -> None:
    value = evaluated('{ a = ["x", var.open], b = var.open, c = "s3://bucket/${var.open}" }', 'variable "open" {}')
    assert known(at(value, "a", 0)) == "x"
    assert isinstance(at(value, "a", 1), Unknown)
    text = at(value, "c")
    assert isinstance(text, Unknown)
    assert text.prefix == "s3://bucket/"


def test_values_stand_where_they_are_written() -> None:
    value = evaluated('{\n    a = "x"\n    b = var.b\n  }', 'variable "b" { default = "y" }')
    first, second = at(value, "a"), at(value, "b")
    assert (first.place.line, first.place.column) == (3, 9)
    assert (second.place.line, second.place.column) == (4, 9)
    assert second.place.address == "astro_workspace.w"
    assert isinstance(first, Known)
    assert isinstance(second, Known)
    assert (first.written, second.written) == (True, False)


def test_a_sensitive_variable_marks_what_it_touches() -> None:
    value = evaluated('"x-${var.s}"', 'variable "s" {\n  default = "y"\n  sensitive = true\n}')
    assert isinstance(value, Known)
    assert value.sensitive


@pytest.mark.parametrize(
    ("declaration", "files", "expected"),
    [
        ('variable "v" { default = "d" }', {}, "d"),
        ('variable "v" { default = "d" }', {"terraform.tfvars": 'v = "t"'}, "t"),
        ('variable "v" {}', {"terraform.tfvars": 'v = "t"', "a.auto.tfvars": 'v = "auto"'}, "auto"),
        ('variable "v" {}', {"a.auto.tfvars": 'v = "a"', "b.auto.tfvars.json": '{"v": "b"}'}, "b"),
        ('variable "v" { type = string }', {"terraform.tfvars": "v = 12"}, "12"),
        ('variable "v" {\n  default = "d"\n  nullable = false\n}', {"terraform.tfvars": "v = null"}, "d"),
    ],
)
def test_variables(declaration: str, files: dict[str, str], expected: str) -> None:
    assert known(evaluated("var.v", declaration, **files)) == expected


def test_optional_attributes_of_a_variable_have_their_defaults() -> None:
    declaration = 'variable "v" {\n  type = object({ a = string, b = optional(string, "normal") })\n'
    declaration += '  default = { a = "x" }\n}'
    assert known(evaluated("var.v.b", declaration)) == "normal"


def test_the_selected_workspace_counts_where_it_is_said() -> None:
    main = 'resource "astro_workspace" "w" {\n  name = "astro-${terraform.workspace}"\n}\n'
    selected = only(root_module({"main.tf": main}, "", Environment(workspace="prod")))
    assert known(selected.attribute("name")) == "astro-prod"
    assert isinstance(only(root_module({"main.tf": main}, "")).attribute("name"), Unknown)


COUNTED = 'resource "astro_workspace" "w" {\n  count = %s\n  name = "w-${count.index}"\n}\n'


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("2", ["astro_workspace.w[0]", "astro_workspace.w[1]"]),
        ("0", []),
        ("true ? 1 : 0", ["astro_workspace.w[0]"]),
        ("var.open", ["astro_workspace.w"]),
    ],
)
def test_counts(count: str, expected: list[str]) -> None:
    assert addresses({"main.tf": COUNTED % count + 'variable "open" {}'}) == expected


EACH = 'resource "astro_workspace" "w" {\n  for_each = %s\n  name = "${each.key}=${each.value}"\n}\n'


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ('toset(["b", "a"])', {'astro_workspace.w["a"]': "a=a", 'astro_workspace.w["b"]': "b=b"}),
        ('{ "x.y" = 1 }', {'astro_workspace.w["x.y"]': "x.y=1"}),
        ("{}", {}),
    ],
)
def test_for_each(over: str, expected: dict[str, str]) -> None:
    resources = root_module({"main.tf": EACH % over}, "").resources
    assert {resource.address: known(resource.attribute("name")) for resource in resources} == expected


def test_instances_that_are_not_known_are_one_that_stands_for_all() -> None:
    (resource,) = root_module({"main.tf": EACH % "var.open" + 'variable "open" {}'}, "").resources
    assert resource.address == "astro_workspace.w"
    value = resource.attribute("name")
    assert isinstance(value, Unknown)
    assert value.in_full == "no value for var.open; pass --var-file"


MODULES = {
    "main.tf": """
module "team" {
  source   = "./modules/team"
  for_each = { a = "x", "b.c" = "y" }
  name     = each.value
}
resource "astro_workspace" "all" {
  for_each = module.team
  name     = each.value.label
}
""",
    "modules/team/main.tf": """
variable "name" {}
module "inner" {
  source = "../inner"
  name   = "team-${var.name}"
}
output "label" { value = module.inner.label }
""",
    "modules/inner/main.tf": """
variable "name" {}
resource "astro_workspace" "this" { name = var.name }
output "label" { value = upper(var.name) }
""",
}


def test_modules_to_any_depth() -> None:
    terraform = root_module(MODULES, "")
    names = {resource.address: known(resource.attribute("name")) for resource in terraform.resources}
    assert names == {
        'astro_workspace.all["a"]': "TEAM-X",
        'astro_workspace.all["b.c"]': "TEAM-Y",
        'module.team["a"].module.inner.astro_workspace.this': "team-x",
        'module.team["b.c"].module.inner.astro_workspace.this': "team-y",
    }


def test_a_module_that_calls_itself_ends() -> None:
    files = {"main.tf": 'module "m" { source = "./m" }', "m/main.tf": 'module "m" { source = "../m" }'}
    assert addresses(files) == []


@pytest.mark.parametrize("for_each", ["merge({ a = 1 }, var.open)", '{ a = 1, "${var.open}" = 2 }'])
def test_a_dynamic_block_over_keys_that_are_not_all_known_may_make_more(for_each: str) -> None:
    content = '    content {\n      cidr_blocks = ["10.0.0.0/8"]\n    }\n'
    block = f'  dynamic "ingress" {{\n    for_each = {for_each}\n{content}  }}\n'
    main = f'variable "open" {{}}\nresource "aws_security_group" "g" {{\n{block}}}\n'
    made = only(root_module({"main.tf": main}, ""), "aws_security_group.g").attribute("ingress")
    assert isinstance(made, Known)
    assert isinstance(made.value, List)
    first, rest = made.value.items
    assert isinstance(first, Known)
    assert isinstance(rest, Unknown)
    assert rest.why == "no value for var.open"


def test_dynamic_blocks_and_plain_ones() -> None:
    main = """
resource "aws_security_group" "g" {
  ingress { from_port = 1 }
  dynamic "ingress" {
    for_each = { a = 2, b = 3 }
    content {
      description = ingress.key
      from_port   = ingress.value
    }
  }
  dynamic "egress" {
    for_each = var.open
    iterator = port
    content { from_port = port.value }
  }
}
variable "open" {}
"""
    group = only(root_module({"main.tf": main}, ""), "aws_security_group.g")
    ingress = group.attribute("ingress")
    assert [known(at(ingress, index, "from_port")) for index in range(3)] == [1, 2, 3]
    assert known(at(ingress, 2, "description")) == "b"
    assert isinstance(at(group.attribute("egress"), 0), Unknown)
    assert isinstance(group.attribute("tags"), Absent)


def test_of_a_set_of_which_not_all_is_known_a_dynamic_block_makes_what_is() -> None:
    main = """
variable "open" {}
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = toset(["b", var.open, "a"])
    content { description = ingress.key == ingress.value ? ingress.value : "" }
  }
  dynamic "egress" {
    for_each = toset([var.open])
    content { description = egress.value }
  }
}
"""
    group = only(root_module({"main.tf": main}, ""), "aws_security_group.g")
    ingress, egress = group.attribute("ingress"), group.attribute("egress")
    assert [known(at(ingress, index, "description")) for index in range(2)] == ["a", "b"]
    assert isinstance(at(ingress, 2), Unknown)
    assert isinstance(at(egress, 0), Known)
    assert isinstance(at(egress, 0, "description"), Unknown)


@pytest.mark.parametrize("name", ["data", "path", "var", "each", "anything"])
def test_the_iterator_of_a_dynamic_block_hides_what_else_is_called_so(name: str) -> None:
    main = f"""
resource "aws_security_group" "g" {{
  dynamic "ingress" {{
    for_each = {{ a = {{ port = 1 }} }}
    iterator = {name}
    content {{
      description = {name}.key
      from_port   = {name}.value.port
    }}
  }}
}}
"""
    ingress = only(root_module({"main.tf": main}, ""), "aws_security_group.g").attribute("ingress")
    assert known(at(ingress, 0, "description")) == "a"
    assert known(at(ingress, 0, "from_port")) == 1


def test_dynamic_blocks_in_json() -> None:
    main = """{"resource": {"kubernetes_network_policy": {"n": {"spec": {
      "ingress": {"ports": {"port": 9}},
      "dynamic": {"ingress": {"for_each": {"a": ["10.0.0.0/8"]}, "iterator": "rule", "content": {
        "dynamic": {"from": {"for_each": "${rule.value}", "content": {
          "ip_block": {"cidr": "${from.value}/${rule.key}"}}}}
      }}}}}}}}"""
    policy = only(root_module({"main.tf.json": main}, ""), "kubernetes_network_policy.n")
    ingress = at(policy.attribute("spec"), 0, "ingress")
    assert known(at(ingress, 0, "ports", "port")) == 9
    assert known(at(ingress, 1, "from", 0, "ip_block", "cidr")) == "10.0.0.0/8/a"


def test_what_is_read_while_terraform_runs_says_so() -> None:
    main = 'resource "terraform_data" "t" {\n  input = [ephemeral.vault.token.value, path.cwd]\n}\n'
    held = only(root_module({"main.tf": main}, ""), "terraform_data.t").attribute("input")
    secret, folder = at(held, 0), at(held, 1)
    assert isinstance(secret, Unknown)
    assert isinstance(folder, Unknown)
    assert secret.why == "ephemeral.vault.token is read only by a plan"
    assert folder.why == "where Terraform is run does not stand in the sources"


def test_the_whole_of_a_resource_has_no_argument_of_terraforms_own() -> None:
    main = """
resource "terraform_data" "some" {
  for_each   = { a = 1 }
  provider   = terraform
  depends_on = []
  input      = each.value
}
resource "terraform_data" "all" { input = terraform_data.some["a"] }
"""
    held = only(root_module({"main.tf": main}, ""), "terraform_data.all").attribute("input")
    assert isinstance(held, Known)
    assert isinstance(held.value, Map)
    assert held.value.entries.keys() == {"input", "id"}


def test_override_files() -> None:
    files = {
        "main.tf": 'resource "astro_workspace" "w" {\n  name = "main"\n  description = "kept"\n}',
        "main_override.tf": 'resource "astro_workspace" "w" { name = "changed" }',
        "override.tf": 'resource "astro_workspace" "w" { name = "first" }',
    }
    workspace = only(root_module(files, ""))
    assert known(workspace.attribute("description")) == "kept"
    assert known(workspace.attribute("name")) == "first"
    assert workspace.attribute("name").place.path == "override.tf"


def test_json_syntax() -> None:
    main = """{"//": "a comment", "variable": {"v": {"default": "x"}},
      "resource": {"astro_workspace": {"w": {"name": "${var.v}-y", "description": "${var.v}"}}}}"""
    workspace = only(root_module({"main.tf.json": main}, ""))
    assert known(workspace.attribute("name")) == "x-y"
    assert known(workspace.attribute("description")) == "x"


def test_files_and_templates_below_the_root_module() -> None:
    files = {"note.txt": "hello", "t.tftpl": "name: ${name}\n"}
    assert known(evaluated('file("${path.module}/note.txt")', **files)) == "hello"
    assert known(evaluated('templatefile("t.tftpl", { name = "x" })', **files)) == "name: x\n"
    assert isinstance(evaluated('file("missing.txt")'), Unknown)


def test_where_an_unknown_id_comes_from() -> None:
    main = """
resource "astro_cluster" "c" {
  for_each = toset(["eu", "us"])
  name     = each.key
}
locals { cluster = { for k, c in astro_cluster.c : k => c.id } }
variable "region" {}
resource "astro_deployment" "by_key" { cluster_id = astro_cluster.c["eu"].id }
resource "astro_deployment" "by_local" { cluster_id = local.cluster["us"] }
resource "astro_deployment" "by_variable" { cluster_id = astro_cluster.c[var.region].id }
resource "astro_deployment" "either" { cluster_id = var.region == "x" ? astro_cluster.c["eu"].id : "clv17vgft000801" }
"""
    terraform = root_module({"main.tf": main}, "")

    def origins(name: str) -> tuple[str, ...]:
        value = only(terraform, f"astro_deployment.{name}").attribute("cluster_id")
        assert isinstance(value, Unknown)
        return value.origins

    assert origins("by_key") == ('astro_cluster.c["eu"]',)
    assert origins("by_local") == ('astro_cluster.c["us"]',)
    assert set(origins("by_variable")) == {'astro_cluster.c["eu"]', 'astro_cluster.c["us"]'}
    assert set(origins("either")) == {'astro_cluster.c["eu"]', ""}


def files_of(contents: Mapping[str, str]) -> list[SourceFile]:
    return [SourceFile.of(path, content.encode(), Role.FOUND) for path, content in contents.items()]


def test_a_broken_root_module_does_not_keep_the_others_from_being_judged() -> None:
    contents = {
        "live/a/main.tf": 'resource "astro_workspace" "w" {\n  name = \n',
        "live/b/main.tf": 'resource "astro_workspace" "w" {\n  name = "b"\n  cicd_enforced_default = true\n}\n',
        "website/main.tf": 'resource "aws_s3_bucket" "site" {}\n',
    }
    estate = build(files_of(contents), ".").estate
    assert [(read_input.path, read_input.input_kind, read_input.failed) for read_input in estate.of(Input)] == [
        ("live/a/main.tf", InputKind.TERRAFORM_SOURCE, True),
        ("live/b/main.tf", InputKind.TERRAFORM_SOURCE, False),
    ]
    assert [workspace.id for workspace in estate.of(Workspace) if workspace.place.path == "live/b/main.tf"] == [
        "astro_workspace.w"
    ]


def test_root_modules_are_the_folders_that_nobody_calls() -> None:
    more = {"live/main.tf": 'module "t" { source = "../modules/team" }', "web/main.tf": ""}
    project = Project(text_files({**MODULES, **more}))
    assert root_modules(project) == ("", "live", "web")
    assert concerns_astro(project, "live", ())
    assert not concerns_astro(project, "web", ())


def test_places_of_resources_are_their_blocks() -> None:
    place = only(root_module({"live/main.tf": '\nresource "astro_workspace" "w" {}\n'}, "live")).place
    assert place == Place("live/main.tf", 2, 1, 2, 31, "astro_workspace.w")


def test_an_object_with_a_computed_key() -> None:
    value = evaluated("{ (var.k) = 1, plain = 2 }", 'variable "k" { default = "made" }')
    assert isinstance(value, Known)
    assert isinstance(value.value, Map)
    assert set(value.value.entries) == {"made", "plain"}


def test_a_root_module_that_names_a_store_of_the_agents_is_read() -> None:
    """Teams keep the data plane in a root module of its own, without any object of Astro."""
    bucket = 'resource "aws_s3_bucket" "xcom" {\n  bucket = "claims-xcom"\n}\n'
    agent = (
        "astroDeploymentAPIURL: https://x.external.astronomer.run/d1\nagentTokenSecretName: t\n"
        "commonEnv:\n- {name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH, value: 's3://aws@claims-xcom/prod'}\n"
    )
    other = 'resource "aws_s3_bucket" "site" {\n  bucket = "claims-site"\n}\n'
    contents = {"agent.yaml": agent, "infra/main.tf": bucket, "site/main.tf": other}
    estate = build(files_of(contents), ".").estate
    assert [store.id for store in estate.of(ObjectStore)] == ["aws_s3_bucket.xcom"]
    del contents["agent.yaml"]
    assert build(files_of(contents), ".").estate.of(ObjectStore) == ()


@pytest.mark.parametrize(
    ("expression", "references"),
    [
        ('"plain"', ()),
        ("astro_cluster.a[0].b[1].c", ("astro_cluster.a[0].b[1].c",)),
        ('astro_cluster.a["x"].id', ('astro_cluster.a["x"].id',)),
        ("astro_cluster.a[astro_cluster.b.key].id", ("astro_cluster.b.key", "astro_cluster.a")),
        ("(astro_cluster.a).id", ("astro_cluster.a.id",)),
        ("element([astro_cluster.a], 0).id", ("astro_cluster.a",)),
        ("{ k = astro_cluster.a }[var.key].id", ("astro_cluster.a", "var.key")),
        ('["a", "b"][astro_cluster.a.number]', ("astro_cluster.a.number",)),
        ("astro_cluster.a[*].roles[astro_cluster.b.number]", ("astro_cluster.a", "astro_cluster.b.number")),
        ('"x-${astro_cluster.a.id}"', ("astro_cluster.a.id",)),
        ("!astro_cluster.a.flag", ("astro_cluster.a.flag",)),
        ("astro_cluster.a.n + astro_cluster.b.n", ("astro_cluster.a.n", "astro_cluster.b.n")),
        ("astro_cluster.a.flag ? a.b : a.c", ("astro_cluster.a.flag", "a.b", "a.c")),
        ("{ (astro_cluster.a.id) = astro_cluster.b.id }", ("astro_cluster.a.id", "astro_cluster.b.id")),
        (
            "[for c in [astro_cluster.a] : c.id if astro_cluster.b.flag]",
            ("astro_cluster.a", "c.id", "astro_cluster.b.flag"),
        ),
        (
            "{ for c in [astro_cluster.a] : astro_cluster.b.id => astro_cluster.c.id }",
            ("astro_cluster.a", "astro_cluster.c.id", "astro_cluster.b.id"),
        ),
        ("local.through", ("astro_cluster.b.id",)),
        ("local.round", ()),
        ("local.missing.id", ("local.missing",)),
    ],
)
def test_what_an_expression_refers_to(expression: str, references: tuple[str, ...]) -> None:
    more = "locals {\n  through = astro_cluster.b.id\n  round = local.about\n  about = local.round\n}\n"
    main = f'resource "astro_workspace" "w" {{\n  name = {expression}\n}}\n{more}'
    assert only(root_module({"main.tf": main}, "")).attributes.references("name") == references


@pytest.mark.parametrize(
    "expression",
    [
        "[\n    {\n      a = 1\n      b = 2\n    },\n    {\n      a = 3\n      b = 4\n    },\n  ][1].b",
        "{\n    a = [\n      1,\n      4,\n    ]\n    b = 2\n  }.a[1]",
        "(\n    # how many\n    1 +\n    3\n  )",
        "{\n    a = <<-EOT\n      x\n    EOT\n    b = 4 // four\n  }.b",
        "[\n    for number in [1, 4] :\n    number\n    if number > 1\n  ][0]",
        "{\n    for key, number in { a = 4 } :\n    key => number\n  }.a",
        "{\n    a = {\n      b = 4\n    }\n    c = 1\n  }.a.b",
        "max(\n    1,\n    4\n  )",
    ],
)
def test_an_expression_may_stand_on_several_lines(expression: str) -> None:
    assert known(evaluated(expression)) == 4
