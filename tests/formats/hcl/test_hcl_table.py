"""The scanner's verdict on a table of constructs: that of Terraform, and python-hcl2's structure.

`terraform fmt` gave the answers (1.11.4), and gives them anew where it is installed. The table says
where python-hcl2 fails, which is why it is asked for expressions only.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import hcl2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.document import ProblemKind
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Body, scan
from astrovet.value import Known, List, at

VALID = [
    "a = 1",
    "a = -1.5e3",
    'a = "x"',
    'a = "é\\n\\t\\"\\\\ \\u00e9 $${no} %%{no} 100%"',
    'a = "${var.a}"',
    'a = "${join(",", [for k, v in var.m : "${k}=${v["x"]}"])} }"',
    'a = "%{ if var.a }yes%{ else }no%{ endif }"',
    'a = "%{ for x in var.l ~}${x}%{~ endfor }"',
    'a = "${~ var.a ~}"',
    'a = "${\n  var.a\n}"',
    "a = true ? 1 : 2",
    "a = x ? y ? 1 : 2 : z ? 3 : 4",
    "a = [1, 2, 3]",
    "a = [1,\n  2,\n]",
    "a = []",
    "a = {}",
    "a = { b = 1, c : 2 }",
    "a = {\n  b = 1\n  c = 2\n}",
    'a = { "b" = 1, (var.c) = 2, "${var.d}" = 3, 4 = 5 }',
    "a = { b.c = 1 }",
    "a = { null = 1, true = 2, for_each = 3 }",
    "a = [for x in y : x]",
    "a = [for i, x in y : x if x != null]",
    "a = {for k, v in y : k => v}",
    "a = {for k, v in y : k => v... if v}",
    "a = {\n  for k, v in y :\n  k => v\n}",
    "a = x.*.y",
    "a = x[*].y[0]",
    "a = x.0.y",
    'a = x[0]["b"].c',
    "a = x[var.y]",
    "a = f()",
    "a = f(1, 2)",
    "a = f(\n  1,\n  2,\n)",
    "a = f(x...)",
    "a = provider::astro::f(1)",
    "a = (1 + 2) * 3 / 4 % 5 - -6",
    "a = !x && y || z == 1 && z != 2 && z < 3 && z <= 4 && z > 5 && z >= 6",
    "a = (\n  1\n  +\n  2\n)",
    "a = null",
    "a = <<EOT\ntext\nEOT\n",
    "a = <<-EOT\n    text ${var.x}\n    EOT\n",
    "a = <<EOT\n${<<IN\ninner\nIN\n}\nEOT\n",
    "a = [<<A\nx\nA\n, 2]",
    "a = { b = <<A\nx\nA\n  c = 2 }",
    "a = f(<<A\nx\nA\n)",
    "a = <<EOT\n\nEOT\n",
    'a = <<EOT\n\\q $${x} "quotes"\nEOT\n',
    "a = <<a-b\nx\na-b\n",
    "a = <<EOT\n%{ if x }\ny\n%{ endif }\nEOT\n",
    "été = ß",
    "a-b = c-d",
    "a = a-1",
    "b {}",
    "b { a = 1 }",
    "b {\n}",
    'b "l" {}',
    "b l {}",
    'b "l" m "n" {\n  a = 1\n}',
    "b {\n  c {\n    d {}\n  }\n  c {}\n}",
    'b "$${l}" {}',
    "for = 1",
    "if = 1",
    "in {}",
    "null = 1",
    "# only a comment",
    "// only a comment",
    "/* only\na comment */",
    "a = 1 # c",
    "a = 1 // c",
    "a = /* c */ 1 /* d */",
    "a = [\n  1, # c\n  // d\n  2 /* e */\n]",
    'b /* c */ "l" /* d */ { # e\n  # f\n}',
    "b {} # c",
    "/* c */ a = 1",
    "a = {\n  # c\n  b = 1 # d\n  /* e */\n}",
    'a = "$"',
    'a = "a$b%c"',
    'a = "$$"',
    'a = "%"',
    'a = "${"}"}"',
    'a = "${{}}"',
    'a = "${<<A\nx\nA\n}"',
    "a = x ? [\n1\n] : {\n}",
    "a = (x\n  .y)",
    "a = f(\n)",
    "a = x[\n  0\n]",
    "a = [for x in y :\n  x]",
    "a = [\nfor x in y : x\n]",
    "a = 1 + {}",
    'a = "x" == "y"',
    'a = "x".y',
    "a = [1][0]",
    "a = {}.b",
    "a = f(x).b[0]",
    "a = (x)[0]",
    "a = x[*][0].*.b",
    "a = -x",
    "a = !!x",
    "a = - - 1",
    "a = 0.5",
    "a = 1e5",
    "a = 1E+5",
    'a = "\\U0001F600"',
    "a = x==y",
    "a = x?y:z",
    "a = x ? y : z",
    "a=1",
    'a="x"',
    'a = [ "x" , ]',
    "a = {b=1,}",
    "a = {\n  b = 1,\n  c = 2,\n}",
    "a = {\n\nb = 1\n\n\nc = 2\n\n}",
    "a = [\n\n1\n\n,\n\n2\n\n]",
    'b "l"{}',
    "b{}",
    'b "a" "b" "c" "d" {}',
    "_a = 1",
    "a = _b",
    'a = each.value["x"].y[count.index]',
    "a = x.y[*]",
    "",
    "\n",
    "\ufeffa = 1\n",
    "a = 1\r\nb {\r\n  c = [\r\n    1,\r\n  ]\r\n}\r\n",
    "a = <<E\r\nx\r\nE\r\n",
    "\ta\t=\t1\t\n",
    "# c",
    "a = x || y",
    "b { /* x */ a = 1 }",
    "b { # c\n  a = 1\n}\n",
    "a = f({\n  b = 1\n  c = 2\n})",
    'a = "${x}\\n${y}"',
    'a = "%{for k, v in x}%{if k}a%{else}b%{endif}%{endfor}"',
    "a = [for x in y : x][0]",
    "a = [for x in y : { k = x } if x ? true : false]",
    "a = {for x in y : x.a ? 1 : 2 => x...}",
    'a = {\n  "a" : x ? y : z\n  b ? c : d = 1\n}',
    "a = [\n  x,\n  # c\n]",
    "a = x[(\n1\n)]",
    "a = { f(x) = 1 }",
    "a = {\n  b = [\n    1\n  ]\n}",
    "a = {\n b = (\n x\n + 1)\n}",
    'a = {\n b = "${\n x\n}"\n}',
    "a = x.y.*",
    "a = x.for.if.in",
    "a = {\n  if = 1\n}",
    "a = [\n  for x in y : x\n  if x\n]",
    "a = {\n  for k, v in y :\n  k\n  => v\n  ...\n}",
    "a = (x # c\n + y)",
    "a = x ?y :z",
    'a = "~"',
    "a = 1 + -1",
    "a = -(1)",
    "a = !f(x)",
    'a = ""',
    "a = {\n  # only\n}",
    "a = [\n  # only\n]",
    "a = f(\n  # only\n)",
    "b {\n\n\n}\n\n",
    'b "" {}',
    'a = "${f("${x}")}"',
    "a = trueish",
    "a = x.*[0]",
    "a = x[*][0]",
    "a = x.*.0",
    'a = x["a"]',
    "a = [ for x in y : x ]",
    "a = <<-A\n  %{~ if x ~}\n  y\n  %{~ endif ~}\n  A\n",
    'a = 1 # "\n',
    "a = {b=1}\nc=2",
    "a = a::b()",
    "a = f(x...)[0]",
    "a = x[*]",
    "a = <<A\nA B\nA\n",
    "a = <<-A\n\tx\n\tA\n",
    'a = "\\\\"',
    "a = {\n\n}",
    "a = [1]\n\n\n# end",
    "a = 10000000000000000000000",
    "a = 1.0000000001",
    "a = (((x)))",
    "a = {\n  a = 1 # c\n  b = 2 // d\n}",
    "a = x ? (\n1\n) : [\n]",
    "\n\n\n",
    "a = <<A\n\\${x}\nA\n",
    'a = "$$${x}"',
    'a = "%%%{x}"',
    "b_1-2 {}",
    "b {\n  /* c\n  */ a = 1\n}",
    "a = x/y",
    "a = x //y",
    "a = x /2",
    "a = 1 /* c\n */",
    "a = 1.x",
    "a = f (x)",
    "a = for",
    'a = "\u0000"',
    "a = é\u0301",
]
"""What Terraform reads."""

INVALID = [
    ("a = 1;b = 2", 1, 6),
    ("a = x.y\n  .z", 2, 3),
    ("a = 1.0.5", 1, 5),
    ("a = { b = 1\n, c = 2 }", 2, 1),
    ("a = <<E\nx\n  E\nE\n", 4, 2),
    ("a = x.0.1.y", 1, 7),
    ("a = {\n  b = 1 /* c\n */ c = 2\n}", 3, 5),
    ("a = 1 b = 2", 1, 7),
    ("a = 1, b = 2", 1, 6),
    ("a =", 1, 4),
    ("a = \n1", 1, 5),
    ("= 1", 1, 1),
    ("a = 1 +", 1, 8),
    ("a = * 1", 1, 5),
    ("a = 1 2", 1, 7),
    ('a = "x" "y"', 1, 9),
    ("a = [1 2]", 1, 8),
    ("a = [1,,2]", 1, 8),
    ("a = [,1]", 1, 6),
    ("a = [1, 2", 1, 5),
    ("a = [1, 2)", 1, 10),
    ("a = {b}", 1, 7),
    ("a = {b = 1 c = 2}", 1, 12),
    ("a = {b = 1,, c = 2}", 1, 12),
    ("a = {= 1}", 1, 6),
    ("a = {b = }", 1, 10),
    ('a = {"b"}', 1, 9),
    ("a = {b = 1", 1, 5),
    ("a = f(1 2)", 1, 9),
    ("a = f(,)", 1, 7),
    ("a = f(1,,2)", 1, 9),
    ("a = f(1", 1, 6),
    ("a = f(x... , 1)", 1, 12),
    ("a = f(x...,)", 1, 11),
    ("a = x.", 1, 7),
    ("a = .x", 1, 5),
    ("a = x..y", 1, 7),
    ("a = x[", 1, 6),
    ("a = x[]", 1, 7),
    ("a = x[1 2]", 1, 9),
    ("a = x ? y", 1, 10),
    ("a = x ? : z", 1, 9),
    ("a = x ? y :", 1, 12),
    ("a = x ? y z", 1, 11),
    ("a = ()", 1, 6),
    ("a = (1", 1, 5),
    ("a = (1 2)", 1, 8),
    ('a = "x', 1, 5),
    ('a = "x\ny"', 1, 5),
    ('a = "${"', 1, 8),
    ('a = "${}"', 1, 8),
    ('a = "${1 2}"', 1, 10),
    ('a = "${x"', 1, 9),
    ('a = "%{ if x }y"', 1, 16),
    ('a = "%{ else }"', 1, 9),
    ('a = "%{ foo }"', 1, 9),
    ('a = "%{ endif }"', 1, 9),
    ('a = "\\q"', 1, 6),
    ('a = "\\u12"', 1, 6),
    ('a = "x\\"', 1, 5),
    ("a = <<EOT\nx", 1, 5),
    ("a = <<EOT", 1, 5),
    ("a = << EOT\nx\nEOT\n", 1, 5),
    ("a = <<EOT x\ny\nEOT\n", 1, 5),
    ('a = <<"EOT"\nx\nEOT\n', 1, 5),
    ("a = <<EOT\n${x\nEOT\n", 3, 1),
    ("a = <<EOT\n${}\nEOT\n", 2, 3),
    ("a = 1\na = 2", 2, 1),
    ("b {\na = 1\na = 2\n}", 3, 1),
    ("a", 1, 2),
    ("a b", 1, 4),
    ("b {", 1, 1),
    ("b {\n  a = 1", 1, 1),
    ("}", 1, 1),
    ("b {}}", 1, 5),
    ("b { a = 1 b = 2 }", 1, 11),
    ("b { a = 1, b = 2 }", 1, 10),
    ("b { a = 1; b = 2 }", 1, 10),
    ("b { c {} }", 1, 5),
    ("b { a = 1\n}", 1, 10),
    ("b {} c {}", 1, 6),
    ("b {\n} c {}", 2, 3),
    ('b "l"\n{}', 1, 6),
    ("b\n{}", 1, 2),
    ('b "${x}" {}', 1, 3),
    ('b "l" = 1', 1, 7),
    ("b 1 {}", 1, 3),
    ("b.c {}", 1, 2),
    ("b.c = 1", 1, 2),
    ('"a" = 1', 1, 1),
    ("1a = 1", 1, 1),
    ("a = 'x'", 1, 5),
    ("a = `x`", 1, 5),
    ("a = @", 1, 5),
    ("a = x & y", 1, 7),
    ("a = x | y", 1, 7),
    ("a = x ^ y", 1, 7),
    ("a = ~x", 1, 5),
    ("a = x === y", 1, 9),
    ("a = x = y", 1, 7),
    ("a = x => y", 1, 7),
    ("a = 1 < < 2", 1, 9),
    ("a = x !", 1, 7),
    ("a = ! ", 1, 7),
    ("/* open", 1, 1),
    ("a = 1 /* open", 1, 7),
    ("a = [for x in y]", 1, 16),
    ("a = [for in y : x]", 1, 13),
    ("a = [for x y : x]", 1, 12),
    ("a = [for x, y, z in w : x]", 1, 16),
    ("a = [for x in y : x => 1]", 1, 21),
    ("a = {for x in y : x}", 1, 20),
    ("a = {for x in y : x => }", 1, 24),
    ("a = [for x in y : x if]", 1, 23),
    ("a = [for x in y : x...]", 1, 20),
    ("a = x.*y", 1, 8),
    ("a = x[*]y", 1, 9),
    ("a = 1...", 1, 6),
    ("a = x...", 1, 6),
    ("a = 01x", 1, 7),
    ("a = 1.", 1, 7),
    ("a = .5", 1, 5),
    ("a = 0x1F", 1, 6),
    ("a = 1__2", 1, 6),
    ('a = "x" + ', 1, 11),
    ("a = [1, 2]]", 1, 11),
    ("a = {}}", 1, 7),
    ("a = ]", 1, 5),
    ("[", 1, 1),
    ('"', 1, 1),
    ("$", 1, 1),
    ("a ? b : c", 1, 3),
    ('b "x" "y"', 1, 10),
    ('b "x', 1, 3),
    ("a = x,y", 1, 6),
    ("a = x:y", 1, 6),
    ("a = x\n  .y", 2, 3),
    ("a = x\n  ? y : z", 2, 3),
    ("a = x\n+ y", 2, 1),
    ("a = {\n  b = x\n    .y\n}", 3, 5),
    ("a = { b : }", 1, 11),
    ("a = { (b = 1 }", 1, 10),
    ('a = "a" b', 1, 9),
    ("a = x y", 1, 7),
    ("a = [x y]", 1, 8),
    ("a = { b = x y }", 1, 13),
    ("a = !", 1, 6),
    ("a = %", 1, 5),
    ("a = <<E\n", 1, 5),
    ("a = x.[0]", 1, 7),
    ("a = x.(y)", 1, 7),
    ('a = x."y"', 1, 7),
    ("a = 1 == == 2", 1, 10),
    ("a = f(1\n2)", 2, 1),
    ("a = [1\n2]", 2, 1),
    ("a = {b = 1\nc}", 2, 2),
    ('a = "x${y}z', 1, 5),
    ("a = if x", 1, 8),
    ("b l = 1", 1, 5),
    ("b { a }", 1, 7),
    ("b { a = }", 1, 9),
    ("b { 1 }", 1, 5),
    ('b { "a" = 1 }', 1, 5),
    ('b "l" {\n  a = [\n}', 3, 1),
    ('c = "}', 1, 5),
    ("a\u00a0= 1", 1, 1),
    ("a = 1\u0000", 1, 6),
    ("a = \u201cx\u201d", 1, 5),
    ("a = 1\rb = 2\n", 1, 7),
    ("a = x\u200b", 1, 5),
    ("\ufeff\ufeffa = 1", 1, 1),
    ("a = { for = 1 }", 1, 11),
    ("b { a = 1\n b = 2 }", 1, 10),
    ("b { c { d = 1 } }", 1, 5),
    ("b {a = {\n}\n}", 2, 2),
    ("a = f(x)(y)", 1, 9),
    ("a = x + (\n", 1, 9),
    ("a = { (x) }", 1, 11),
    ("a = { x ? y = 1 }", 1, 13),
    ("a = { b = 1\n, }", 2, 1),
    ("a = {\n b =\n 1\n}", 2, 5),
    ("a = x ?\n y : z", 1, 8),
    ("a = x\n ? y : z", 2, 2),
    ("a = 1 +\n 2", 1, 8),
    ("a = [for x in y: x, ]", 1, 19),
    ("a = [for x, in y: x]", 1, 16),
    ("a = [for 1 in y: x]", 1, 10),
    ("a = {for x in y: x => x if}", 1, 27),
    ("a = {for x in y: x => x ... ...}", 1, 29),
    ('a = "%{ if }x%{ endif }"', 1, 12),
    ('a = "%{ if x }%{ else }%{ else }%{ endif }"', 1, 27),
    ('a = "%{ for x in y }%{ endif }"', 1, 24),
    ('a = "%{ if x y }%{ endif }"', 1, 14),
    ('a = "${x ~ y}"', 1, 10),
    ("a = <<A\n%{ if x }\nA\n", 3, 1),
    ("a = x[*", 1, 6),
    ("a = x[* 1]", 1, 9),
    ("a = x[1,2]", 1, 8),
    ("a = a::b", 1, 9),
    ("a = ::a()", 1, 5),
    ("a::b = 1", 1, 1),
    ("b c::d {}", 1, 3),
    ("a = x::y.z", 1, 9),
    ('a = "x" {}', 1, 9),
    ("a {} = 1", 1, 6),
    ("a = 1 {}", 1, 7),
    ("a = <<A\nx\nA b = 1\n", 1, 5),
    ("a = f(<<A\nx\nA)\n", 1, 7),
    ("a = x.\ny", 1, 7),
    ("a = x.1a", 1, 8),
    ('a = "${\n', 1, 6),
    ('a = "${x\n"', 2, 1),
    ('a = "$${" "', 1, 11),
    ("b {\n  a = 1\n}}\n", 3, 2),
    ("b {\n  c {\n}\n", 1, 1),
    ("a = [\n1\n2\n]", 3, 1),
    ("a = {\n b = 1\n c\n}", 3, 3),
    ('b "a\\q" {}', 1, 5),
    ('b "a\nb" {}', 1, 3),
    ("a = (1,2)", 1, 7),
    ("a = x = 1", 1, 7),
    ("a = x ? y : z : w", 1, 15),
    ("a = {b = x ? 1}", 1, 15),
    ("a = [x ? 1]", 1, 11),
    ("a = [x : 1]", 1, 8),
    ("a = f(x = 1)", 1, 9),
    ("a = f(for x in y : x)", 1, 11),
    ("a = (for x in y : x)", 1, 10),
    ("b = {\n", 1, 5),
    ("b [1] {}", 1, 3),
    ("b {\n  = 1\n}", 2, 3),
    ("b {\n  a == 1\n}", 2, 5),
    ("a += 1", 1, 3),
    ("a := 1", 1, 3),
    ("a: 1", 1, 2),
    ("a = x++", 1, 7),
    ("a = 1\n  b\n", 2, 4),
    ('a = "\t\\x41"', 1, 7),
    ("a = 0x10", 1, 6),
    ("a = 1e", 1, 6),
    ("a = 1e+", 1, 6),
    ("a = 12abc", 1, 7),
    ("a = $x", 1, 5),
    ("a = ${x}", 1, 5),
    ("a = %{x}", 1, 5),
    ("a = #", 1, 6),
    ("a = // x", 1, 9),
    ("*", 1, 1),
    ("a = x\\y", 1, 6),
    ("a = 1\\\n", 1, 6),
    ("a = {a = 1}}", 1, 12),
    ("?", 1, 1),
    ('a = "x""y"', 1, 8),
    ('a = x"y"', 1, 6),
    ('a = ["x""y"]', 1, 9),
    ("a = f\n(x)", 2, 1),
    ("a = x\n[0]", 2, 1),
    ("a = x ? y\n: z", 1, 10),
]
"""What Terraform refuses, with the line and the column where the scanner stops."""

TERRAFORM_LINE = {
    "a = <<EOT\nx": 2,
    "a = <<E\n": 2,
    "a = x + (\n": 2,
    "a = <<A\nx\nA b = 1\n": 4,
    "a = f(<<A\nx\nA)\n": 4,
    'a = "${\n': 2,
    'a = "${x\n"': 1,
    "b = {\n": 2,
}
"""Where Terraform names another line than the scanner, which names the opening of what is never closed."""

HCL2_FAILS = {
    'a = "${~ var.a ~}"': "a marker that trims white space",
    'a = "${\n  var.a\n}"': "a template over several lines",
    "été = ß": "names beyond ASCII",
    'b "$${l}" {}': "takes the escaped `$${` of a label as it stands",
    "a = /* c */ 1 /* d */": "a comment before a value",
    'b /* c */ "l" /* d */ { # e\n  # f\n}': "a comment before a label",
    "a = (x\n  .y)": "a step on a line of its own",
    "a = !!x": "an operator after an operator",
    "a = - - 1": "an operator after an operator",
    "\ufeffa = 1\n": "a byte-order mark",
    'a = {\n b = "${\n x\n}"\n}': "a template over several lines",
    "a = {\n  for k, v in y :\n  k\n  => v\n  ...\n}": "a `for` over several lines",
    "a = a::b()": "a function of a provider, without arguments",
    "a = é\u0301": "names beyond ASCII",
}
"""What python-hcl2 8.1 cannot read, or reads as something else, and why."""

LENIENT = ("a = x.*.y.*.z",)
"""What Terraform refuses and the scanner does not: a splat on the result of a splat."""


def structure(body: Body) -> list[Any]:
    """Names, types and labels, in the order of the file."""
    arguments = [((attribute.place.line, attribute.place.column), attribute.name) for attribute in body.attributes]
    blocks = [
        ((block.place.line, block.place.column), (block.type, *block.labels, structure(block.body)))
        for block in body.blocks
    ]
    return [shown for _, shown in sorted([*arguments, *blocks], key=lambda item: item[0])]


def structure_by_hcl2(content: str) -> list[Any] | None:
    """The same by python-hcl2; None where it cannot read the content."""
    try:
        tree = hcl2.parses(content if content.endswith("\n") else f"{content}\n")
    except Exception:  # noqa: BLE001  it raises errors of many kinds
        return None
    return _by_hcl2(tree.body)


def _by_hcl2(body: Any) -> list[Any]:
    parts: list[Any] = []
    for child in body.children:
        match type(child).__name__:
            case "AttributeRule":
                parts.append(str(child.identifier.token.value))
            case "BlockRule":
                parts.append((*map(_label, child.labels), _by_hcl2(child.body)))
            case _:
                pass  # line ends and comments
    return parts


def _label(label: Any) -> str:
    if type(label).__name__ == "IdentifierRule":
        return str(label.token.value)
    return "".join(str(part.content.value) for part in label.string_parts)


def test_the_table_is_large_and_holds_nothing_twice() -> None:
    snippets = [*VALID, *(snippet for snippet, _, _ in INVALID), *LENIENT]
    assert len(snippets) == len(set(snippets))
    assert len(VALID) >= 80
    assert len(INVALID) >= 80
    assert set(HCL2_FAILS) <= set(VALID)
    assert set(TERRAFORM_LINE) <= {snippet for snippet, _, _ in INVALID}


@pytest.mark.parametrize("content", VALID)
def test_what_terraform_reads_is_read(content: str) -> None:
    file = scan("main.tf", content)
    assert file.problems == ()
    for attribute in file.body.attributes:
        whole = file.lines.place(attribute.start, attribute.end, attribute.place.pointer)
        assert literal(file, attribute).place == whole


@pytest.mark.parametrize(("content", "line", "column"), INVALID)
def test_what_terraform_refuses_is_a_problem_at_its_place(content: str, line: int, column: int) -> None:
    (problem,) = scan("main.tf", content).problems
    assert problem.kind in {ProblemKind.UNREADABLE, ProblemKind.DUPLICATE_KEY}
    assert (problem.place.line, problem.place.column) == (line, column)


@pytest.mark.parametrize("content", LENIENT)
def test_what_only_terraform_refuses(content: str) -> None:
    assert scan("main.tf", content).problems == ()


def test_python_hcl2_finds_the_same_structure() -> None:
    different = {content for content in VALID if structure_by_hcl2(content) != structure(scan("main.tf", content).body)}
    assert different == set(HCL2_FAILS)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_says_the_same(tmp_path: Path) -> None:
    expected: list[tuple[str, int | None]] = [(content, None) for content in VALID]
    expected += [(content, TERRAFORM_LINE.get(content, line)) for content, line, _ in INVALID]
    expected += [(content, 1) for content in LENIENT]
    for index, (content, _) in enumerate(expected):
        (tmp_path / f"{index}.tf").write_bytes(content.encode())
    command = ["terraform", "fmt", "-no-color", "-write=false", "-list=false", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    lines: dict[int, int] = {}
    for index, line in re.findall(r" on \S*?(\d+)\.tf line (\d+)", said):
        lines.setdefault(int(index), int(line))
    assert [(content, lines.get(index)) for index, (content, _) in enumerate(expected)] == expected


def test_a_very_long_line_is_read() -> None:
    content = f'a = "{"x" * 200_000}"\nb = [{"1, " * 50_000}]\n'
    file = scan("main.tf", content)
    assert file.problems == ()
    assert [attribute.place.end_column for attribute in file.body.attributes] == [200_007, 150_007]


NESTINGS = [
    ("[", "1", "]"),
    ("(", "1", ")"),
    ("{ a = ", "1", " }"),
    ('"${', "1", '}"'),
    ("f(", "1", ")"),
    ("x[", "1", "]"),
    ("[for x in y : ", "x", "]"),
    ("{ for x in y : x => ", "x", " }"),
    ("x ? ", "1", " : 2"),
    ('"%{ if x }', "1", '%{ endif }"'),
    ("-", "1", ""),
    ("{\n(", "1", ") = 2\n}"),
]


@pytest.mark.parametrize(("opening", "inner", "closing"), NESTINGS)
def test_four_hundred_levels_are_read(opening: str, inner: str, closing: str) -> None:
    opened, closed = opening * 400, closing * 400
    if '"%{' in opening:  # a text inside of a directive, not inside of a text
        opened, closed = '"' + opening[1:] * 400, closing[:-1] * 400 + '"'
    file = scan("main.tf", f"a = {opened}{inner}{closed}\nb = 2\n")
    assert file.problems == ()
    assert [attribute.name for attribute in file.body.attributes] == ["a", "b"]
    literal(file, file.body.attributes[0])
    if closing:
        (problem, *_) = scan("main.tf", f"a = {opened}{inner}{closed[: -len(closing.strip())]}\n").problems
        assert problem.kind is ProblemKind.UNREADABLE


def test_four_hundred_blocks_are_read() -> None:
    file = scan("main.tf", "b {\n" * 400 + "a = [[]]\n" + "}\n" * 400)
    assert file.problems == ()
    body = file.body
    for _ in range(400):
        body = body.blocks[0].body
    value = literal(file, body.attributes[0])
    assert isinstance(value, Known)
    assert isinstance(at(value, 0), Known)
    assert isinstance(value.value, List)


# --- HCL made by hypothesis

names = st.sampled_from(["a", "b_1", "c-d", "if", "in", "true_", "é"])
operands = st.one_of(
    st.sampled_from(
        ["1", "2.5e-3", "true", "null", '"x"', '"é $${x} \\n"', "var.a", "x.0.y", "x[*].y", "x.*.y", "f()"]
    ),
    names,
)


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "[\n" + "".join(f"  {item}, # c }}\n" for item in items) + "]"
        ),
        st.lists(st.tuples(names, inner), max_size=3).map(
            lambda items: "{\n" + "".join(f"{key} = {item}\n" for key, item in items) + "}"
        ),
        st.lists(st.tuples(names, inner), max_size=3).map(
            lambda items: "{ " + ", ".join(f'"{key}" : {item}' for key, item in items) + " }"
        ),
        st.tuples(inner, inner, inner).map(lambda parts: f"{parts[0]} ? {parts[1]} : {parts[2]}"),
        st.tuples(inner, st.sampled_from(["+", "-", "==", "&&", "||", "<=", "%"]), inner).map(" ".join),
        st.tuples(st.sampled_from("-!"), inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.lists(inner, max_size=2).map(lambda items: f"merge({', '.join(items)})"),
        inner.map(lambda operand: f"concat(\n  {operand}...\n)"),
        inner.map(lambda operand: f"({operand})[{operand}].b"),
        inner.map(lambda operand: f'"a ${{{operand}}} }} b"'),
        st.tuples(inner, inner).map(lambda parts: f'"%{{ if {parts[0]} }}x${{ {parts[1]} }}%{{ else }}y%{{ endif }}"'),
        st.tuples(inner, inner).map(lambda parts: f"[for k, v in ({parts[0]}) : {parts[1]} if v]"),
        st.tuples(inner, inner).map(lambda parts: f"{{ for k in {parts[0]} : k => {parts[1]}... }}"),
        inner.map(lambda operand: f'f(<<-EOT\n  }} text ${{{operand}}} "\n  EOT\n)'),
    )


expressions = st.recursive(operands, compound, max_leaves=6)
comments = st.sampled_from(["", " # c {", " // ] c", " /* c */"])


@st.composite
def bodies(draw: st.DrawFn, depth: int = 0) -> tuple[str, list[Any]]:
    """The text of a body, and its structure."""
    content = ""
    declared: list[Any] = []
    for name in draw(st.lists(names, max_size=3, unique=True)):
        content += f"{name} = {draw(expressions)}{draw(comments)}\n"
        declared.append(name)
    for _ in range(draw(st.integers(0, 2 if depth < 3 else 0))):
        name, label = draw(names), draw(names)
        inner, inside = draw(bodies(depth + 1))
        content += f'{name} {label} "{label} }}" {{{draw(comments)}\n{inner}}}{draw(comments)}\n'
        declared.append((name, label, f"{label} }}", inside))
    return content, declared


@given(bodies(), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=150)
def test_made_files_are_read_with_their_structure(made: tuple[str, list[Any]], newline: str) -> None:
    content, expected = made
    file = scan("main.tf", content.replace("\n", newline))
    assert file.problems == ()
    assert structure(file.body) == expected
    for attribute in file.body.attributes:
        literal(file, attribute)


@given(bodies(), st.data())
@settings(max_examples=150)
def test_made_files_with_a_bracket_less_are_refused(made: tuple[str, list[Any]], data: st.DataObject) -> None:
    content, _ = made
    brackets = [
        bracket.start()
        for bracket in re.finditer(r"[\[\](]", re.sub(r"#.*|//.*", lambda comment: "-" * len(comment[0]), content))
    ]
    if brackets:
        offset = data.draw(st.sampled_from(brackets))
        file = scan("main.tf", content[:offset] + content[offset + 1 :])
        assert [problem.kind for problem in file.problems] == [ProblemKind.UNREADABLE]
