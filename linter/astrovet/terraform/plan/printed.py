"""Terraform's JSON: which of its outputs a text is, and its typed reading.

The signatures are those that Terraform 1.11.4 writes (internals/json-format, read in November 2026).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from astrovet.document import Problem, ProblemKind
from astrovet.place import Place

if TYPE_CHECKING:
    from astrovet.terraform.plan.shapes import PlanJson, StateJson

SUPPORTED_MAJOR = 1


class _Head(Struct, frozen=True):
    """The top-level keys by which Terraform's outputs are told apart."""

    format_version: str | None = None
    plan_format_version: str | None = None
    remote_plan_format: Any = None
    run_id: Any = None
    provider_schemas: msgspec.Raw = msgspec.Raw()
    lineage: Any = None
    version: Any = None
    data: msgspec.Raw = msgspec.Raw()
    resource_changes: msgspec.Raw = msgspec.Raw()
    planned_values: msgspec.Raw = msgspec.Raw()
    configuration: msgspec.Raw = msgspec.Raw()

    @property
    def is_redacted(self) -> bool:
        """HCP Terraform's redacted plan, which carries the providers' schemas too."""
        return self.plan_format_version is not None

    @property
    def is_plan(self) -> bool:
        parts = (self.resource_changes, self.planned_values, self.configuration)
        return self.is_redacted or any(bytes(part) for part in parts)


class PlanOrState(Struct, frozen=True):
    """What came of a text: a plan, a state, or neither and why; remarks in any case."""

    plan: PlanJson | None = None
    state: StateJson | None = None
    problems: tuple[Problem, ...] = ()


_SHOW = "terraform show -json plan.out > plan.json"
_MAKE_PLAN = f"run: terraform plan -out=plan.out && {_SHOW}"
_PRINTED = ("\x1b[", "Terraform used the selected providers", "Terraform will perform", "OpenTofu will perform")
_PRINTED_FIRST = ("╷", "│", "Error:", "No changes.")
_BYTE = re.compile(r" \(byte (\d+)\)$")


def may_be_terraform(head: bytes) -> bool:
    """Whether a JSON file that nobody named is worth reading as a plan or state, by its first bytes."""
    start = head[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return start.startswith(b"{") and (b'"format_version"' in start or b'"plan_format_version"' in start)


def is_binary_plan(data: bytes) -> bool:
    """A saved plan is a zip archive."""
    return data.startswith(b"PK\x03\x04")


def is_printed(text: str) -> bool:
    """Whether terraform printed this for people."""
    return any(mark in text for mark in _PRINTED) or text.lstrip().startswith(_PRINTED_FIRST)


def binary_plan(path: str) -> Problem:
    """What to tell who gives the saved plan itself."""
    return _wrong(path, "this is a saved, binary plan (terraform plan -out)", f"run: {_SHOW.replace('plan.out', path)}")


def read_terraform(path: str, content: str) -> PlanOrState:
    """Read a plan or a state. Whatever else the text is, the problem says so and what to do."""
    text, remarks = _without_wrapper(path, content)
    if not text.strip():
        return PlanOrState(problems=(*remarks, _unreadable(Place(path), "the file is empty", _MAKE_PLAN)))
    if text.lstrip().startswith("{"):
        try:
            return _read_json(path, text, remarks)
        except RecursionError:
            fault = _unreadable(Place(path), "the JSON is nested too deeply", "check what wrote the file")
            return PlanOrState(problems=(*remarks, fault))
    return PlanOrState(problems=(*remarks, _no_json(path, text)))


def _no_json(path: str, text: str) -> Problem:
    """The problem of text that does not begin as Terraform's JSON does."""
    before, _, _ = text.partition('\n{"format_version"')
    if before != text:
        line = before.count("\n") + 2
        return _unreadable(
            Place(path, line, 1, line, 2),
            "other lines stand before the JSON, which begins here",
            f"write nothing but the JSON into the file: {_SHOW}",
        )
    if is_printed(text):
        return _wrong(path, "this is what terraform prints for people; it lacks most of the values", _MAKE_PLAN)
    return _wrong(
        path, "this is not the JSON of a plan or a state, nor anything else that terraform writes", _MAKE_PLAN
    )


def _read_json(path: str, text: str, remarks: tuple[Problem, ...]) -> PlanOrState:
    if _is_log(text):
        wrong = _wrong(
            path,
            "this is the log of `terraform plan -json`, which holds addresses and actions but no values",
            _MAKE_PLAN,
        )
        return PlanOrState(problems=(*remarks, wrong))
    data = text.encode("utf-8", "surrogatepass")
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError as error:
        return PlanOrState(problems=(*remarks, _unexpected(path, error)))
    except msgspec.DecodeError as error:
        return PlanOrState(problems=(*remarks, _broken(path, text, error)))
    other = _other_output(path, head)
    if other is not None:
        return PlanOrState(problems=(*remarks, other))
    from astrovet.terraform.plan import shapes  # values files are looked at here too

    try:
        if head.is_plan:
            return PlanOrState(plan=msgspec.json.decode(data, type=shapes.PlanJson), problems=remarks)
        return PlanOrState(state=msgspec.json.decode(data, type=shapes.StateJson), problems=remarks)
    except msgspec.ValidationError as error:
        return PlanOrState(problems=(*remarks, _unexpected(path, error)))


def _other_output(path: str, head: _Head) -> Problem | None:
    """The problem of JSON that is neither a plan nor a state."""
    if bytes(head.provider_schemas) and not head.is_redacted:
        return _wrong(path, "this is the output of `terraform providers schema -json`", _MAKE_PLAN)
    if head.remote_plan_format is not None and head.run_id is not None:
        return _wrong(
            path,
            "this is the bookmark of a plan that is kept in HCP Terraform; it holds no values",
            f"log in (terraform login) and run: {_SHOW.replace('plan.out', path)}",
        )
    if head.lineage is not None and head.version is not None:
        return _wrong(
            path,
            "this is a raw state file (terraform.tfstate), whose format is internal to terraform",
            "run: terraform show -json > state.json",
        )
    if b'"plans"' in bytes(head.data)[:400]:
        return _wrong(
            path,
            "this is an answer of the HCP Terraform API that wraps a plan",
            "save what /api/v2/plans/<id>/json-output returns and give that",
        )
    version = head.format_version or head.plan_format_version
    if version is None:
        remedy = f"for a plan {_MAKE_PLAN}; Helm values in JSON are given with -f"
        return _wrong(path, "this JSON is neither a plan nor a state: it has no format_version", remedy)
    major = version.partition(".")[0]
    if not major.isdecimal() or len(major) > 9 or int(major) > SUPPORTED_MAJOR:
        return _wrong(
            path,
            f"its format_version has another major number than {SUPPORTED_MAJOR}, which this version of astrovet reads",
            "update astrovet, or make the plan with an older terraform",
        )
    return None


def _without_wrapper(path: str, content: str) -> tuple[str, tuple[Problem, ...]]:
    """Blank out what the wrapper of the setup-terraform GitHub Action prints around the JSON."""
    if not content.lstrip().startswith("[command]"):
        return content, ()
    noise = ("[command]", "::")
    kept = "\n".join("" if line.startswith(noise) else line for line in content.split("\n"))
    remark = Problem(
        ProblemKind.REMARK,
        "the wrapper of hashicorp/setup-terraform wrote lines around the JSON; they were skipped",
        "set terraform_wrapper: false in the workflow's setup-terraform step",
        Place(path),
    )
    return kept, (remark,)


def _is_log(text: str) -> bool:
    first_line = text.lstrip().partition("\n")[0]
    return '"@level"' in first_line and '"@module"' in first_line


def _broken(path: str, text: str, error: msgspec.DecodeError) -> Problem:
    """The problem of JSON that does not parse; msgspec's messages hold offsets, never content."""
    data = text.encode("utf-8", "surrogatepass")
    byte = _BYTE.search(str(error))
    reason = _BYTE.sub("", str(error)).removeprefix("JSON is malformed: ")
    offset = int(byte[1]) if byte else len(data)
    if "trailing characters" in reason:
        offset -= 1  # of these msgspec counts the first one in
    place = _at_byte(path, data, offset)
    if "trailing characters" in reason and data.startswith(b"{", offset):
        return _unreadable(
            place,
            "a second JSON document begins here (terragrunt run-all writes them one after the other)",
            "write each plan into a file of its own, and give each with its own --plan",
        )
    if "trailing characters" in reason:
        return _unreadable(place, "other text follows the JSON", f"write nothing but the JSON into the file: {_SHOW}")
    if "truncated" in reason:
        message = f"the JSON ends too early: the file is cut off after {len(data)} bytes"
        return _unreadable(place, message, f"write it again; {_MAKE_PLAN}")
    return _unreadable(place, f"the JSON is broken here: {reason}", f"write it again; {_MAKE_PLAN}")


def _at_byte(path: str, data: bytes, offset: int) -> Place:
    before = data[:offset].decode("utf-8", "replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Place(path, line, column, line, column + 1)


def _unexpected(path: str, error: msgspec.ValidationError) -> Problem:
    return _wrong(path, f"the JSON is not shaped as terraform writes it: {error}", _MAKE_PLAN)


def _unreadable(place: Place, message: str, remedy: str) -> Problem:
    return Problem(ProblemKind.UNREADABLE, message, remedy, place)


def _wrong(path: str, message: str, remedy: str) -> Problem:
    return Problem(ProblemKind.WRONG_TERRAFORM_OUTPUT, message, remedy, Place(path))
