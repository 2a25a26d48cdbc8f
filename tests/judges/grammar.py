"""Terraform's expressions by chance, over variables of all types: what a judge asks about.

The forms of a kind are texts in which `{kind}` stands for another expression of that kind.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

VARIABLES = """\
variable "text" {
  default = "abc"
}
variable "digits" {
  type    = string
  default = 5
}
variable "texts" {
  type    = list(string)
  default = ["b", "a", 1]
}
variable "names" {
  type    = set(string)
  default = ["y", "x", "y"]
}
variable "labels" {
  type    = map(string)
  default = { k = "v", a = 1, z = true }
}
variable "nothing" {
  type    = string
  default = null
}
variable "never_null" {
  type     = string
  nullable = false
  default  = "n"
}
variable "service" {
  type = object({
    name  = string
    port  = optional(number, 80)
    tags  = optional(map(string), {})
    inner = optional(object({ a = optional(string, "x"), b = optional(list(number)) }), {})
  })
  default = { name = 1, more = true }
}
variable "services" {
  type    = list(object({ name = string, port = optional(number, 80), tags = optional(map(string)) }))
  default = [{ name = "p" }, { name = "q", port = "81", tags = { t = 1 } }]
}
variable "stages" {
  type    = map(object({ size = optional(string, "small"), ha = optional(bool), n = optional(number) }))
  default = { dev = {}, prod = { size = "big", ha = "true", n = "4" } }
}
variable "pairs" {
  type    = set(object({ k = string, v = optional(number, 1) }))
  default = [{ k = "b" }, { k = "a", v = "2" }, { k = "b", v = 1 }]
}
variable "any" {
  type    = any
  default = { x = [1, "a"], y = { z = null } }
}
"""

TYPED = """\
variable "text" {
  type    = string
  default = "own"
}
variable "never_null" {
  type     = string
  nullable = false
  default  = "own"
}
variable "numbers" {
  type    = list(number)
  default = []
}
variable "names" {
  type    = set(string)
  default = []
}
variable "labels" {
  type    = map(string)
  default = {}
}
variable "any" {
  type    = map(any)
  default = {}
}
variable "service" {
  type = object({
    name = optional(string, "unnamed")
    port = optional(number, 80)
    tags = optional(map(string), { own = "yes" })
    deep = optional(object({ a = optional(string, "x"), b = optional(set(string)) }))
    list = optional(list(object({ a = optional(number, 1) })), [{}])
  })
  default = {}
}
variable "services" {
  type    = map(object({ size = optional(string, "small"), on = optional(bool) }))
  default = {}
}
module "below" {
  source     = "./below"
  for_each   = var.services
  service    = each.value
  never_null = var.text
}
output "all" {
  value = [
    var.text, var.never_null, var.numbers, var.names, var.labels, var.any, var.service, var.services,
    { for key, part in module.below : key => part.all },
  ]
}
"""

BELOW = """\
variable "service" {
  type     = object({ size = string, on = optional(bool, false), more = optional(tuple([string, number]), ["m", 1]) })
  nullable = false
}
variable "never_null" {
  nullable = false
  default  = "below"
}
output "all" {
  value = [var.service, var.never_null, "%{ for part in var.service.more }<${part}>%{ endfor }"]
}
"""

LEAVES: Mapping[str, tuple[str, ...]] = {
    "text": ('"a"', '"B-c"', '""', '"12"', '"true"', '"x,y"', "null", "var.text", "var.digits", "var.nothing",
             "var.never_null", 'var.stages["dev"].size', "var.service.inner.a"),
    "number": ("0", "1", "-3", "2.5", "10", "var.service.port", "var.services[1].port", "var.stages.prod.n", "--2"),
    "flag": ("true", "false", "var.stages.prod.ha", "!!true", "var.nothing == null"),
    "list": ("[]", '["a", "b"]', '[1, "2", true]', '["b", "a", "b"]', "[null]", "var.texts", "var.services[*].name",
             "var.nothing[*]", "var.services.*.port", "[for pair in var.pairs : pair.k]"),
    "set": ('toset(["b", "a"])', "var.names", "toset([1, 2])", "var.pairs", 'toset([{ a = 1 }, { a = "1" }])'),
    "map": ("{}", "{ a = 1 }", '{ a = "x", b = "y" }', "{ a = [1], c = null }", "var.labels", "var.service.tags",
            "var.stages", "var.any"),
    "object": ("var.service", "{}", '{ name = "n" }', "{ port = 1 }", "null", "var.services[0]"),
}  # fmt: skip
FORMS: Mapping[str, tuple[str, ...]] = {
    "text": (
        "upper({text})", 'join("-", {list})', '"<${{{text}}}>"', "{flag} ? {text} : {number}", "tostring({number})",
        'lookup({map}, "a", {text})', "coalesce({text}, {text})", 'replace({text}, "a", "b")', "jsonencode({map})",
        'format("%s/%v", {text}, {number})', "trimspace({text})", "try({list}[0], {text})", "substr({text}, 0, 1)",
        '"%{{ if {flag} }}<${{{text}}}>%{{ else }}${{{number}}}%{{ endif }}"',
        '"a %{{~ for item in {list} ~}} ${{jsonencode(item)}}; %{{~ endfor ~}} b"',
        '" ${{~ {text} ~}} %%{{{{ $${{{{ "',
        "yamlencode({map})", "jsonencode({object})", "templatestring(var.text, {map})", 'formatlist("%s", {list})[0]',
        'one({list}[*])', "jsonencode({set})", 'trimsuffix({text}, "c")', "title({text})", "{object}.name",
    ),
    "number": (
        "{number} + {number}", "length({list})", "max({number}, {number})", "{number} % 7", "abs({number})",
        "tonumber({text})", "{number} / 4", "length({map})", "floor({number})", "length({set})", "{number} % {number}",
        "sum([{number}, {number}])", 'parseint({text}, 16)', "signum({number})", "{number} - -{number}",
    ),
    "flag": (
        "{text} == {text}", "!{flag}", "{number} < {number}", "contains({list}, {text})", "can({map}.a)",
        "{flag} && {flag}", "{list} == {list}", "{number} == {text}", 'startswith({text}, "a")', "{flag} || {flag}",
        "{map} == {map}", "{set} == {set}", "{object} == {object}", "alltrue([for item in {list} : item != null])",
        "can({object}.name)", "contains({set}, {text})", "!!{flag}", 'contains(keys({map}), "a")',
    ),
    "list": (
        "concat({list}, {list})", "[for item in {list} : item]", "keys({map})", "values({map})", "reverse({list})",
        "distinct({list})", "tolist(toset({list}))", "compact({list})", 'split(",", {text})', "[{text}, {number}]",
        "flatten([{list}, {list}])", "{flag} ? {list} : {list}", "slice({list}, 0, 1)", "sort({list})",
        "[for key, item in {map} : [key, item] if item != null]", "[for item in {set} : item]", "tolist({set})",
        "{list}[*]", "{text}[*]", "[{object}, {object}][*].name", "flatten([{list}, [{set}]])", "chunklist({list}, 2)",
        "setproduct({list}, {set})", "tolist([{object}, {object}])", "coalescelist({list}, {list})",
        "[for pair in setproduct({list}, {list}) : jsonencode(pair)]", "matchkeys({list}, {list}, {list})",
        "values({{ for item in {list} : jsonencode(item) => item... }})", "regexall(\"[a-z]\", {text})",
    ),
    "set": (
        "toset({list})", "setunion({set}, {set})", "setintersection({set}, {set})", "setsubtract({set}, {list})",
        "toset([{object}, {object}])", "toset(keys({map}))", "{flag} ? {set} : {set}", "toset([{map}, {map}])",
        "toset(values({map}))", "toset([{set}])",
    ),
    "map": (
        "merge({map}, {map})", "{{ for key, item in {map} : key => item }}", "tomap({map})", "{{ a = {text} }}",
        "{flag} ? {map} : {map}", "zipmap(keys({map}), values({map}))", "{{ for item in {list} : item => item... }}",
        "{{ for key, item in {map} : jsonencode(item) => key... }}",
        "{{ for pair in var.pairs : pair.k => pair.v... }}",
        "{{ for index, item in {list} : index => item }}", "{{ (var.text) = {number}, \"${{{text}}}\" = {flag} }}",
        "merge([for item in {list} : {{ (item) = 1 }}]...)", "jsondecode(jsonencode({map}))", "{object}",
        "yamldecode(yamlencode({map}))", "{{ a = {object}, b = {object} }}", "tomap({{ a = {list}, b = {list} }})",
        "transpose({{ a = {list}, b = {list} }})", "merge({map}, null)", "try({object}.tags, {map})",
    ),
    "object": (
        "{{ name = {text}, port = {number} }}", "merge({object}, {{ tags = {map} }})", "{flag} ? {object} : {object}",
        "coalesce({object}, {object})", "try(var.services[{number}], {object})", "{{ name = {number}, size = {text} }}",
        "{{ tags = {map}, deep = {{ b = {list} }} }}", "try(var.stages[{text}], {object})",
        "element(var.services, {number})",
    ),
}  # fmt: skip
DOCUMENTS = (
    "<<EOT\n x: ${{{text}}}\n%{{ if {flag} ~}}\n  y\n%{{ endif ~}}\nEOT\n",
    "<<-EOT\n    a\n      ${{{text}}}\n    %{{ for key, item in {map} ~}}\n    ${{key}}: ${{jsonencode(item)}}\n"
    "    %{{ endfor ~}}\n    b\n  EOT\n",
    "<<-EOT\n    key: ${{{text}}}\n    list: ${{jsonencode({list})}}\n  EOT\n",
    "<<-EOT\n      %{{ if {flag} }}\n      ${{{number}}}\n    %{{ else }}\n      none\n  %{{ endif }}\n  EOT\n",
    "yamldecode(<<-EOT\n    a: ${{jsonencode({text})}}\n    b: ${{jsonencode({map})}}\n  EOT\n  )",
)
"""Texts with lines, which do not stand within quotes."""
OF_A_MODULE = {
    "text": "text", "never_null": "text", "numbers": "list", "names": "list", "labels": "map", "any": "map",
    "service": "object", "services": "map",
}  # fmt: skip
"""The variables of TYPED, and what is given them."""
OPEN: Mapping[str, tuple[str, ...]] = {
    "text": ("terraform_data.base.id", '"pre-${terraform_data.base.id}"', "terraform_data.base.output.t"),
    "number": ("length(terraform_data.some)", "terraform_data.base.output.n"),
    "flag": ("terraform_data.base.id == null", 'startswith("pre-${terraform_data.base.id}", "pre-")',
             "terraform_data.base.output.n == 1"),
    "list": ("terraform_data.some[*].id", '["a", terraform_data.base.id]', "values(terraform_data.keyed)[*].input"),
    "set": ('toset(["a", terraform_data.base.input.t])',),
    "map": ("{ a = terraform_data.base.id, b = 1 }", "{ for key, item in terraform_data.keyed : key => item.id }"),
    "object": ("{ name = terraform_data.base.id }", '{ name = "n", port = terraform_data.base.output.n }'),
}  # fmt: skip
"""Leaves that are wholly or partly known only after apply."""
BASE = """\
resource "terraform_data" "base" {
  input = { t = "x", n = 1 }
}
resource "terraform_data" "some" {
  count = 2
}
resource "terraform_data" "keyed" {
  for_each = { a = 1, b = "x" }
  input    = each.value
}
"""


class Made(dict[str, str]):
    """Expressions by their kinds, another one each time."""

    def __init__(self, choice: random.Random, depth: int, more: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.choice, self.depth, self.more = choice, depth, more

    def __missing__(self, kind: str) -> str:
        return f"({expression(self.choice, kind, self.depth, self.more)})"


def expression(choice: random.Random, kind: str, depth: int, more: Mapping[str, tuple[str, ...]] = {}) -> str:
    """An expression of a kind; with `more` leaves."""
    if kind in more and choice.random() < 0.25:
        return choice.choice(more[kind])
    if depth == 0 or choice.random() < 0.2:
        return choice.choice(LEAVES[kind])
    return choice.choice(FORMS[kind]).format_map(Made(choice, depth - 1, more))


def any_expression(choice: random.Random, depth: int, more: Mapping[str, tuple[str, ...]] = {}) -> str:
    """An expression of any kind, perhaps a text with lines."""
    if choice.random() < 0.15:
        return choice.choice(DOCUMENTS).format_map(Made(choice, depth - 1, more))
    return expression(choice, choice.choice(list(FORMS)), depth, more)
