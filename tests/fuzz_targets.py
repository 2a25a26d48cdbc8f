"""What fuzzing gives any bytes to, and what must hold of it.

`bench/fuzz.py` runs these, and `test_fuzz.py` over what once broke. Each target takes bytes and raises where something
of ours breaks over them, or shows what it must not.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from astrovet.declared.annotations import read_comments
from astrovet.document import Problem
from astrovet.formats.decode import decode
from astrovet.formats.embedded import embedded_yaml
from astrovet.formats.hcl.json_syntax import scan_json, scan_json_variables
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Body, HclFile, scan
from astrovet.formats.json_text import json_text
from astrovet.formats.text_file import TextFile
from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.release import Setting, SettingKind
from astrovet.helm.set_flags import FLAG_ORDER, apply_setting
from astrovet.place import Place
from astrovet.terraform.functions.filesystem import NoFiles
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.terraform.sensitive import sensitive_texts
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.parsing import parse
from astrovet.terraform.source.templates import template
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value
from support import DATA, PLANS, PROJECTS, astrovet

PLACE = Place("any")
CORPUS = DATA / "fuzz"
"""What once broke a target, in a folder of its name."""

CANARY = "ghp_Zq7VbN2mKx9RtL4wYc8PdH3sJf6GaE1uTo5i"
"""A credential by its looks: shown nowhere, wherever it stands."""


class BrokenPromiseError(AssertionError):
    """Nothing broke, and what is shown is wrong."""


def _text(data: bytes) -> str:
    return decode("any", data).content


def _walk(value: Value[Tree]) -> None:
    """Whatever a value holds can be asked for."""
    match value:
        case Known(Map(entries)):
            for entry in entries.values():
                _walk(entry.value)
        case Known(List(items)):
            for item in items:
                _walk(item)
        case Known() | Unknown() | Absent():
            str(value.place)


def _sound(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        if problem.is_bug:
            raise BrokenPromiseError(problem.why)


def _bodies(body: Body) -> Iterator[Body]:
    pending = [body]
    while pending:
        body = pending.pop()
        yield body
        pending.extend(block.body for block in body.blocks)


def _literals(file: HclFile) -> None:
    _sound(file.problems)
    for body in _bodies(file.body):
        for attribute in body.attributes:
            _walk(literal(file, attribute))


def decoded(data: bytes) -> None:
    decode("any", data)


def yaml(data: bytes) -> None:
    for document in read_yaml("any.yaml", _text(data)):
        _sound(document.problems)
        _walk(document.root)


def hcl(data: bytes) -> None:
    _literals(scan("any.tf", _text(data)))


def hcl_in_json(data: bytes) -> None:
    _literals(scan_json("any.tf.json", _text(data)))


def variables(data: bytes) -> None:
    _literals(scan("any.tfvars", _text(data)))
    _literals(scan_json_variables("any.tfvars.json", _text(data)))


def plan(data: bytes) -> None:
    terraform = read("any.json", read_terraform("any.json", _text(data)))
    _sound(terraform.problems)
    list(sensitive_texts(terraform))
    for resource in terraform.resources:
        list(resource.attributes.texts())


def embedded(data: bytes) -> None:
    known = Known(_text(data), PLACE)
    _walk(json_text(known).content)
    for document in embedded_yaml(known):
        _walk(document.root)


class _NoNames(NoFiles):
    def resolve(self, root: str, steps: object, place: Place) -> Value[Tree]:  # noqa: ARG002
        return Unknown(f"there is no {root}", place)


def expression(data: bytes) -> None:
    for parsed in (
        parse(_text(data)),
        template(_text(data), parse, flush=True),
        template(_text(data), parse, quoted=True),
    ):
        _walk(evaluate(parsed, _NoNames(), PLACE))


def settings(data: bytes) -> None:
    argument = _text(data)
    root: Value[Tree] = Known(Map({}), PLACE)
    for kind in FLAG_ORDER:
        root = apply_setting(root, Setting(kind, "", Known(argument, PLACE), PLACE), lambda _: None)
        _walk(root)
    assert SettingKind.TYPED in FLAG_ORDER


def comments(data: bytes) -> None:
    for name in ("any.tf", "any.yaml"):
        read_comments(TextFile(name, data))


SEPARATOR = b"\n--- astrovet-fuzz: "
"""Between the files of a repository in one text, before the name of the next."""
NAMES = frozenset({
    "main.tf", "more.tf.json", "terraform.tfvars", "values.yaml", "agent.yaml", "service.yaml", "plan.json",
    ".astrovet.yaml", "pyproject.toml", "kustomization.yaml", "helmfile.yaml", "application.yaml",
})  # fmt: skip
COMMANDS = (
    ("scan", ".", "-v", "--show=unknown"),
    ("scan", ".", "--format=sarif"),
    ("model", "."),
    ("report", ".", "--require=hipaa", "--format=json"),
    ("config",),
)


def command(data: bytes) -> None:
    """The whole of astrovet over a repository of these files."""
    with _repository(data):
        for words in COMMANDS:
            done = astrovet(*words)
            if done.exit_code not in (0, 1, 2):
                raise BrokenPromiseError(f"{words}: exit {done.exit_code}: {done.stderr[-500:]}")
            if re.search(rf"(?<![0-9A-Za-z_]){CANARY}(?![0-9A-Za-z])", done.output):
                raise BrokenPromiseError(f"{words} shows the canary")


@contextmanager
def _repository(data: bytes) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        os.mkdir(".git")
        first, *others = data.split(SEPARATOR)
        Path("main.tf").write_bytes(first)
        for other in others:
            name, _, content = other.partition(b"\n")
            if name.decode("latin-1") in NAMES:
                Path(name.decode("latin-1")).write_bytes(content)
        yield


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decoded": decoded,
    "yaml": yaml,
    "hcl": hcl,
    "hcl-in-json": hcl_in_json,
    "variables": variables,
    "plan": plan,
    "embedded": embedded,
    "expression": expression,
    "settings": settings,
    "comments": comments,
    "command": command,
}


def seeds(target: str) -> tuple[bytes, ...]:
    """Inputs to begin from: what people write, and what once broke."""
    known = tuple(path.read_bytes() for path in sorted((CORPUS / target).glob("*")))
    return (*known, *_SEEDS[target]())


def _of_projects(*endings: str) -> tuple[bytes, ...]:
    paths = sorted(path for path in PROJECTS.rglob("*") if path.name.endswith(endings))
    return tuple(data for path in paths if len(data := path.read_bytes()) < 6000)[:60]


def _expressions() -> tuple[bytes, ...]:
    functions = (DATA / "terraform-functions.txt").read_bytes().splitlines()
    return (
        *functions[::7],
        b'[for k, v in { a = 1 } : "${k}-${v}" if v > 0]',
        b"var.x[*].y[0]",
        b"%{ if true }a%{ endif }",
    )


def _settings() -> tuple[bytes, ...]:
    return (
        b"a.b[0].c=1,d={x,y}", b"workers[0].name=w", rb"a\.b=c\,d", b'x={"a": [1, null]}',
        b"agentToken=" + CANARY.encode(),
    )  # fmt: skip


def _comments() -> tuple[bytes, ...]:
    return (
        b'# astrovet: ignore[AST001] reason="a reason" owner=a@b.c until=2027-01-31\nname: x\n',
        b"# astrovet: requires hipaa, audit-retention=365d\nkey: |\n  # astrovet: ignore[x]\n",
        b'/* astrovet: ignore[REX*] */ resource "a" "b" {}\n',
    )


REPOSITORY = f"""\
variable "token" {{
  sensitive = true
  default   = "{CANARY}"
}}
locals {{
  names = toset(["a", "b"])
}}
resource "astro_deployment" "d" {{
  for_each = local.names
  name     = "d-${{each.key}}"
  type     = "DEDICATED"
  environment_variables = [{{ key = "A_TOKEN", value = var.token, is_secret = false }}]
  remote_execution = {{ enabled = true, allowed_ip_address_ranges = ["0.0.0.0/0"] }}
}}
resource "aws_s3_bucket" "logs" {{
  bucket = "logs"
  tags   = {{ "{CANARY}" = 1 }}
}}
--- astrovet-fuzz: values.yaml
resourceNamePrefix: a
namespace: n
agentToken: {CANARY}
commonEnv:
  - name: AIRFLOW__SECRETS__BACKEND_KWARGS
    value: '{{"url": "https://u:{CANARY}@vault.example.com"}}'
workers:
  - name: w
    replicas: 2
"{CANARY}": 1
--- astrovet-fuzz: service.yaml
apiVersion: v1
kind: Service
metadata: {{name: s, namespace: n}}
spec: {{type: LoadBalancer, selector: {{app: astro-agent}}}}
--- astrovet-fuzz: .astrovet.yaml
version: 1
requires: [hipaa]
agents:
  - {{name: a, values: [values.yaml], set: ["agentToken={CANARY}"], deployment: d-a}}
waivers:
  - {{rule: REX008, at: values.yaml, reason: "{CANARY}", owner: a@example.com, until: 2027-01-31}}
""".encode()


def _repositories() -> tuple[bytes, ...]:
    plans = (path.read_bytes() for path in sorted(PLANS.rglob("plan.json")) if path.stat().st_size < 20_000)
    return (REPOSITORY, *(REPOSITORY + SEPARATOR + b"plan.json\n" + data for data in plans))[:6]


_SEEDS: dict[str, Callable[[], tuple[bytes, ...]]] = {
    "decoded": lambda: (b"a: 1\n", "é: ü\n".encode("utf-16"), b"\xef\xbb\xbfa"),
    "yaml": lambda: _of_projects(".yaml", ".yml"),
    "hcl": lambda: _of_projects(".tf"),
    "hcl-in-json": lambda: (
        b'{"resource": {"a": {"b": {"c": "${d}", "e": [1e5, -0, null, true]}}}}',
        *_of_projects(".tf.json"),
    ),
    "variables": lambda: (b'a = "b"\nc = { d = [1, 2.5e3] }\n', b'{"a": {"b": [1, null]}}', *_of_projects(".tfvars")),
    "plan": lambda: tuple(path.read_bytes() for path in sorted(PLANS.rglob("*.json")) if path.stat().st_size < 20_000),
    "embedded": lambda: (b'{"a": [1, "b", null]}', b"a:\n  - b: c\n", b'{"a": "${X}"}'),
    "expression": _expressions,
    "settings": _settings,
    "comments": _comments,
    "command": _repositories,
}

TOKENS: tuple[bytes, ...] = (
    b"{", b"}", b"[", b"]", b"(", b")", b'"', b"'", b"\\", b"\n", b"\r\n", b"\r", b"\t", b"\0", b"\x85",
    b"\xe2\x80\xa8", b"#", b"//", b"/*", b"*/", b"<<-E\n", b"E\n", b"${", b"%{", b"~}", b"$${", b": ", b"- ", b"? ",
    b"&a ", b"*a", b"<<: *a", b"!!binary ", b"!!int ", b"|\n", b">-\n", b"---\n", b"...\n", b"%YAML 1.1\n", b",",
    b"=", b"==", b"?", b"...", b"=>", b"for a in b : ", b"null", b"true", b"~", b".nan", b".inf", b"1e999", b"-0",
    b"-0.0", b"0x1F", b"1e400", b"9" * 400, b"9" * 5000, b"0" * 20, b"1.5", b"\\u0000", b"\\ud800", b"\xed\xa0\x80",
    b"\xff\xfe", b"\xf0\x9f\x98\x80", "\u202e".encode(), b"[*]", b".*", b"[0]", b"[-1]", b"[99999999999999999999]",
    b"each.key", b"count.index", b"var.a", b"local.a", b"module.a", b"path.module", b'file("/etc/passwd")',
    b"format(\"%9999999d\", 1)", b"range(1e9)", b"astrovet: ", b"ignore[", b"requires ", b"until=", b"2027-02-30",
    b"::error::x\n", b"\x1b[31m", b"[" * 200, b"{" * 200, b"(" * 200, b"a." * 200, b'{"a":' * 200, b"- " * 200,
    CANARY.encode(), SEPARATOR,
)  # fmt: skip
"""What the formats are made of, and what was thought of too seldom."""
