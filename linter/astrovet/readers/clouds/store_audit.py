"""What records who reads an object store, and which accounts its policy lets in.

Attribute names: the documentation of the Terraform providers aws, google and azurerm. Elements of policies:
Amazon's IAM reference (November 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from astrovet.formats.json_text import json_text
from astrovet.readers.clouds.attachments import Attachments
from astrovet.readers.clouds.statements import one_or_more
from astrovet.readers.clouds.store_settings import is_there
from astrovet.readers.settings import all_of, any_of, is_one_of, negated
from astrovet.terraform.address import parse
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, listed, mapping, text

LOGGING = "aws_s3_bucket_logging"
DIAGNOSTICS = "azurerm_monitor_diagnostic_setting"

TRAIL = "aws_cloudtrail"
OBJECTS = "AWS::S3::Object"
"""How a trail says that it records what is done with the objects of buckets."""
ALL_BUCKETS = ("arn:aws:s3", "arn:aws:s3:::")
WRITES_ONLY = ("WriteOnly",)
TYPE, ARN, ONLY_READING = "resources.type", "resources.ARN", "readOnly"
"""The fields by which an advanced selector chooses events."""

STORAGE_READ, ALL_LOGS = ("StorageRead",), ("audit", "allLogs")
"""Categories of Azure's logs, and groups of them, that record who reads."""

AUDITED = ("google_project_iam_audit_config", "google_folder_iam_audit_config", "google_organization_iam_audit_config")
READING, STORAGE = ("DATA_READ",), ("storage.googleapis.com", "allServices")
"""What such a configuration records where it records who reads objects."""

ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?(?P<account>\d{12})(?::.*)?", re.DOTALL)
"""A principal of Amazon's that is an account, or lies in one."""


NARROWED = "an advanced selector of the trail narrows its events, and whether those of reading are left cannot be told"


def access_logged(resource: Resource, attachments: Attachments, terraform: Terraform) -> Value[bool]:
    """Whether something records who reads it; Absent where nothing in its input does."""
    match resource.type:
        case "aws_s3_bucket":
            answers = [_inline(resource), _attached(resource, attachments, LOGGING)]
            answers += [_recorded(trail, resource) for trail in terraform.judged((TRAIL,))]
        case "google_storage_bucket":
            answers = [_inline(resource), *(_audited(config) for config in terraform.judged(AUDITED))]
        case _:
            settings = attachments.of(resource, DIAGNOSTICS)
            answers = [_reading_logged(setting) for setting in settings.resources]
            answers += [settings.more] if settings.more is not None else []
    match any_of(answers, resource.place):
        case Known(False) | Absent():
            return Absent(resource.place)
        case (Known() | Unknown()) as logged:
            return logged


def _inline(resource: Resource) -> Value[bool]:
    block = resource.attribute("logging", 0)
    return block if isinstance(block, Unknown) else Known(is_there(block), block.place)


def _attached(resource: Resource, attachments: Attachments, kind: str) -> Value[bool]:
    match attachments.of(resource, kind).one():
        case Resource(place=place):
            return Known(True, place)
        case Unknown() as unknown:
            return unknown
        case None:
            return Known(False, resource.place)


def _reading_logged(setting: Resource) -> Value[bool]:
    """Whether a diagnostic setting of Azure's keeps the records of who reads; one may keep figures alone."""
    kinds = [
        answer
        for name in ("enabled_log", "log")
        for log in listed(setting.attribute(name))
        for answer in (
            is_one_of(text(at(log, "category")), STORAGE_READ),
            is_one_of(text(at(log, "category_group")), ALL_LOGS),
        )
    ]
    return any_of(kinds, setting.place)


def _recorded(trail: Resource, bucket: Resource) -> Value[bool]:
    """Whether a trail records who reads the objects of a bucket."""
    plain = (
        all_of(
            (negated(is_one_of(text(at(selector, "read_write_type")), WRITES_ONLY)), _covers(data, bucket)), data.place
        )
        for selector in listed(trail.attribute("event_selector"))
        for data in listed(at(selector, "data_resource"))
    )
    advanced = (_chosen(selector, bucket) for selector in listed(trail.attribute("advanced_event_selector")))
    return any_of((*plain, *advanced), trail.place)


def _covers(data: Value[Tree], bucket: Resource) -> Value[bool]:
    """Whether a plain selector names the objects of all buckets, or of this one."""
    is_of_objects = is_one_of(text(at(data, "type")), (OBJECTS,))
    named = any_of((_is_in(text(arn), bucket) for arn in listed(at(data, "values"))), data.place)
    return all_of((is_of_objects, named), data.place)


def _chosen(selector: Value[Tree], bucket: Resource) -> Value[bool]:
    """Whether an advanced selector keeps what is read of a bucket; undecided where it narrows otherwise."""
    answers: list[Value[bool]] = []
    is_of_objects: Value[bool] = Known(False, selector.place, written=False)
    for field in listed(at(selector, "field_selector")):
        match text(at(field, "field")):
            case Known(name) if name == TYPE:
                is_of_objects = any_of(
                    (is_one_of(text(kind), (OBJECTS,)) for kind in listed(at(field, "equals"))), field.place
                )
            case Known(name) if name == ONLY_READING:
                flags = [text(flag) for flag in listed(at(field, "equals"))]
                answers.append(any_of((is_one_of(flag, ("true",)) for flag in flags), field.place))
            case Known(name) if name == ARN and not isinstance(at(field, "starts_with"), Absent):
                answers.append(
                    any_of((_is_in(text(arn), bucket) for arn in listed(at(field, "starts_with"))), field.place)
                )
            case Known("eventCategory"):
                pass
            case Known(_, place) | Absent(place):
                answers.append(Unknown(NARROWED, place, how="see that it keeps the events of reading"))
            case Unknown() as unknown:
                answers.append(unknown)
    return all_of((is_of_objects, *answers), selector.place)


def _is_in(arn: Value[str], bucket: Resource) -> Value[bool]:
    """Whether an ARN stands for all buckets, or for the objects of this one: named, or by a reference to it."""
    if isinstance(arn, Unknown):
        return Known(True, arn.place) if bucket.address in arn.origins else arn
    name = text(bucket.computed("bucket"))
    if isinstance(arn, Known) and arn.value.rstrip("/") not in ALL_BUCKETS and isinstance(name, Unknown):
        return name
    of_this = f"arn:aws:s3:::{name.value}/" if isinstance(name, Known) else ""
    return is_one_of(arn, (*ALL_BUCKETS, *filter(None, (of_this,))))


def _audited(config: Resource) -> Value[bool]:
    kinds = [text(at(log, "log_type")) for log in listed(config.attribute("audit_log_config"))]
    reads = any_of((is_one_of(kind, READING) for kind in kinds), config.place)
    concerns = is_one_of(text(config.attribute("service")), STORAGE)
    return concerns if isinstance(reads, Known) and reads.value else reads


def admitted_accounts(policies: list[Value[Tree]]) -> Iterator[Value[str]]:
    """The accounts of Amazon that policies let in by name, each where it is written; Unknown for what is not known."""
    for raw in policies:
        content = raw if isinstance(raw, Known) and isinstance(raw.value, Map) else json_text(raw).content
        if isinstance(content, Unknown):
            yield content
        for statement in one_or_more(at(content, "Statement")):
            effect = text(at(statement, "Effect"))
            if isinstance(effect, Known) and effect.value == "Allow":
                yield from _accounts(at(statement, "Principal"))


def _accounts(principal: Value[Tree]) -> Iterator[Value[str]]:
    named = at(principal, "AWS") if isinstance(mapping(principal), Known) else Absent(principal.place)
    for value in map(text, one_or_more(named)):
        if isinstance(value, Known) and (match := ACCOUNT.fullmatch(value.value)):
            yield Known(match["account"], value.place, value.sensitive, value.written)
        elif isinstance(value, Unknown) and not all(map(_is_resource, value.origins or ("",))):
            yield value  # one that comes from a resource is a role that is made or looked up here


def _is_resource(origin: str) -> bool:
    return parse(origin) is not None and not origin.startswith(("var.", "module.", "local."))
