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
from astrovet.readers.settings import any_of, is_one_of
from astrovet.terraform.address import parse
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, listed, mapping, text

LOGGING = "aws_s3_bucket_logging"
DIAGNOSTICS = "azurerm_monitor_diagnostic_setting"

TRAIL = "aws_cloudtrail"
OBJECTS = "AWS::S3::Object"
"""How a trail says that it records what is done with the objects of buckets."""

AUDITED = ("google_project_iam_audit_config", "google_folder_iam_audit_config", "google_organization_iam_audit_config")
READING, STORAGE = ("DATA_READ",), ("storage.googleapis.com", "allServices")
"""What such a configuration records where it records who reads objects."""

ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?(?P<account>\d{12})(?::.*)?", re.DOTALL)
"""A principal of Amazon's that is an account, or lies in one."""


def access_logged(resource: Resource, attachments: Attachments, terraform: Terraform) -> Value[bool]:
    """Whether something records who reads it; Absent where nothing in its input does."""
    match resource.type:
        case "aws_s3_bucket":
            answers = [_inline(resource), _attached(resource, attachments, LOGGING)]
            answers += [_recorded(trail) for trail in terraform.judged((TRAIL,))]
        case "google_storage_bucket":
            answers = [_inline(resource), *(_audited(config) for config in terraform.judged(AUDITED))]
        case _:
            answers = [_attached(resource, attachments, DIAGNOSTICS)]
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


def _recorded(trail: Resource) -> Value[bool]:
    """Whether a trail records what is done with objects; of which buckets is not looked at."""
    events = [
        text(at(data, "type"))
        for selector in listed(trail.attribute("event_selector"))
        for data in listed(at(selector, "data_resource"))
    ]
    events += [
        text(kind)
        for selector in listed(trail.attribute("advanced_event_selector"))
        for field in listed(at(selector, "field_selector"))
        for kind in listed(at(field, "equals"))
    ]
    return any_of((is_one_of(kind, (OBJECTS,)) for kind in events), trail.place)


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
