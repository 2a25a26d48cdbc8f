"""A rule's manual as people read it: the page of `docs/rules/`, what `astrovet explain` shows, SARIF's help."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import fill

from msgspec import Struct

from astrovet.docstrings import docstring
from astrovet.formats.spelling import either
from astrovet.judging.rulebook import Rule
from astrovet.requirements.citations import citation
from astrovet.requirements.controls import Control, named

_KINDS = {"bad": "Reported", "good": "Not reported", "unknown": "Undecided"}
"""What the first word of a fixture's name says of the rule's answer."""


def page(rule: Rule, examples: Iterable[str] = ()) -> str:
    """All that is to be known of a rule, as Markdown; `examples` are the names of its fixtures, to be linked."""
    _, _, body = rule.manual.partition("\n")
    sections = {
        "Supports": "\n\n".join(_supports(rule)),
        "Sources": "\n".join(map(_source, rule.sources)),
        "Examples": "\n".join(_example(rule, name) for name in examples),
    }
    parts = [
        f"# {rule.id} {rule.name}",
        rule.law,
        "\n".join(_facts(rule)),
        body.strip("\n"),
        *(f"## {title}\n\n{text}" for title, text in sections.items() if text),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _facts(rule: Rule) -> Iterator[str]:
    raised: dict[str, list[str]] = {}
    for name, severity in sorted(rule.raised.items()):
        raised.setdefault(severity, []).append(f"`{name}`")
    steps = [
        f"{'never below ' if severity == rule.severity else ''}{severity} where {either(names)} is declared"
        for severity, names in raised.items()  # a check may give a single finding less than the rule's own severity
    ]
    yield f"- **Severity:** {'; '.join([rule.severity, *steps])}"
    yield f"- **Speaks:** {_when(rule)}"
    yield from map(_subject, rule.on)


def _subject(subject: type[Struct]) -> str:
    """What the objects are called in reports, and the first line of what is said about them."""
    kind = getattr(subject, "kind", subject.__name__)
    what, *_ = docstring(subject.__module__, subject.__name__, subject.__doc__).strip().split("\n")
    return f"- **Subject:** {kind}. {what}"


def _when(rule: Rule) -> str:
    names = sorted(f"`{name}`" for name in rule.when)
    return f"only where {either(names)} is declared" if names else "always"


def _supports(rule: Rule) -> Iterator[str]:
    if rule.supports:
        yield f"Requirements that can be declared: {', '.join(f'`{name}`' for name in sorted(rule.supports))}."
    controls = named(rule.controls)
    if controls:
        yield "A pass supports these controls; it proves none of them:"
        yield "\n".join(f"- {control.reference}, {control.title}{_only(rule, control)}" for control in controls)


def _only(rule: Rule, control: Control) -> str:
    return f" (of {rule.id} the attestation `{control.attestation}`)" if control.attestation else ""


def _source(tag: str) -> str:
    source = citation(tag)
    if source is None:
        return f"- {tag}"
    return f"- **{tag}:** {source.what}" + (f" <{source.address}>" if source.address else "")


def _example(rule: Rule, name: str) -> str:
    kind, _, what = name.partition("-")
    return f"- {_KINDS.get(kind, kind)}: [{what.replace('-', ' ')}](../../fixtures/rules/{rule.name}/{name})"


def plain(markdown: str, width: int) -> str:
    """A page for a terminal: without its marks, wrapped; code and tables as they are."""
    blocks = re.split(r"\n\s*\n", re.sub(r"(?m)^(#+ .*)\n(?=\S)", r"\1\n\n", markdown.strip("\n")))
    return "\n\n".join(_plain_block(block, width) for block in blocks) + "\n"


def _plain_block(block: str, width: int) -> str:
    if block.startswith(("    ", "|")):
        return block
    if block.startswith("## "):
        return block[3:].upper()
    text = re.sub(r"<(https://[^>]+)>", r"\1", block.removeprefix("# ").replace("**", ""))
    items = re.split(r"\n(?=- )", text)
    return "\n".join(_wrapped(item, width) for item in items)


def _wrapped(text: str, width: int) -> str:
    indent = "  " if text.startswith("- ") else ""
    return fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
