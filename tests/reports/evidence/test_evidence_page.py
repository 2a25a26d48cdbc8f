"""The page for auditors escapes everything: no text of the evidence, whichever it is, can become HTML."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable
from enum import Enum
from html.parser import HTMLParser
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import pytest
from jinja2 import UndefinedError
from msgspec import Struct
from msgspec.structs import replace

from astrovet.judging.verdict import VerdictKind
from astrovet.reports.estate.picture import Box, BoxKind, Fact, Picture, Plane
from astrovet.reports.evidence import html
from astrovet.reports.evidence.evidence import Evidence, Source, Standing
from astrovet.reports.html import as_html
from astrovet.requirements.responsibilities import DUTIES, Duty

HOSTILE = "'\"><script>alert(1)</script></style><!--&lt;{{ 7 * 7 }}{% raw %}\u202e\x1b"
SEEN = HOSTILE.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b")
HARMLESS = re.sub(r"[^\s._/-]", "x", SEEN)
"""As long, and broken into as many lines by the picture."""

T = TypeVar("T")


def filled(kind: Any, text: str) -> Any:
    """A value of a type, every text in it being this one."""
    inner = get_args(kind)
    if kind is str:
        return text
    if kind is int:
        return 1
    if kind is bool:
        return False
    if kind is Duty:
        return DUTIES[0]  # its texts are words of ours
    if get_origin(kind) in {Union, types.UnionType}:
        return filled(next(kind for kind in inner if kind is not type(None)), text)
    if get_origin(kind) is tuple:
        return (filled(inner[0], text),) * 2
    if issubclass(kind, Enum):
        return next(iter(kind))
    assert issubclass(kind, Struct)
    hints = get_type_hints(kind)
    return kind(**{name: filled(hints[name], text) for name in kind.__struct_fields__})


def evidence(text: str) -> Evidence:
    """Evidence that says this wherever it can say anything, in every chapter and in every way."""
    made: Evidence = filled(Evidence, text)
    part, row = made.parts[0], made.rows[0]
    check = part.checks[0]
    link = Source(text, text, f"https://example.com/{text}")
    verdicts = [
        (kind, has_waiver) for kind in VerdictKind if kind is not VerdictKind.NOT_APPLICABLE for has_waiver in (0, 1)
    ]
    findings = tuple(
        replace(finding, verdict=replace(finding.verdict, kind=kind, **({} if has_waiver else {"waiver": None})))
        for kind, has_waiver in verdicts
        for finding in check.findings[:1]
    )
    many = (findings[0],) * (html.OPEN + 1)
    checks = tuple(
        replace(check, standing=standing, findings=(*findings, *many), sources=(*check.sources, link))
        for standing in Standing
    )
    attested = made.attestations[0]
    return replace(
        made,
        parts=(replace(part, checks=checks), replace(part, requirement="", checks=checks)),
        rows=(row, replace(row, name=None, kind="agent", worst=None), replace(row, model=None, cells=())),
        attestations=(attested, replace(attested, place=None, standing="valid")),
    )


PICTURE = {
    text: Picture((Box("b0", BoxKind.DEPLOYMENT, text, Plane.HOSTED, facts=(Fact(text, text),)),))
    for text in (HOSTILE, HARMLESS)
}


class Page(HTMLParser):
    """The tags of a page, with the names of their attributes; what it says, attributes included."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.said: list[str] = []
        self.comments: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def structs(value: object) -> Iterable[Struct]:
    if isinstance(value, Struct):
        yield value
        for name in value.__struct_fields__:
            yield from structs(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from structs(item)


def test_no_text_of_the_evidence_becomes_html() -> None:
    text = html.render(evidence(HOSTILE), PICTURE[HOSTILE])
    page, plain = Page(text), Page(html.render(evidence(HARMLESS), PICTURE[HARMLESS]))
    assert page.tags == plain.tags
    assert page.comments == []
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "{{ 7 * 7 }}" in "".join(page.said)
    assert all(address.startswith(("#", "https://")) for address in page.addresses)


def test_every_kind_of_record_is_in_that_evidence() -> None:
    kinds = {type(struct).__name__ for struct in structs(evidence(HOSTILE))}
    assert {"Row", "Cell", "RequirementChecks", "RuleFindings", "Finding", "Verdict", "Note"} <= kinds
    assert {"Acceptance", "Attested", "OpenQuestion", "HashedFile", "Pack", "Origin", "Source", "Place"} <= kinds


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("rows", f'<th scope="row">{as_html(HOSTILE)}'),
        ("message", f"</span> {as_html(HOSTILE)}; {as_html(HOSTILE)}</p>"),
        ("command", f"<pre><code>{as_html(HOSTILE)}</code></pre>"),
    ],
)
def test_it_is_shown_for_what_it_is(where: str, shown: str) -> None:
    assert shown in html.render(evidence(HOSTILE), PICTURE[HOSTILE])


def test_what_stands_between_backticks_is_code_and_escaped_too() -> None:
    made = replace(evidence(HARMLESS), notes=("see `<b>` and `x",), requirements=())
    text = html.render(made, PICTURE[HARMLESS])
    assert "<li>see `&lt;b&gt;` and `x</li>" in text  # a backtick without its fellow is no mark
    made = replace(made, notes=("see `<b>`",))
    assert "<li>see <code>&lt;b&gt;</code></li>" in html.render(made, PICTURE[HARMLESS])


def test_a_template_that_asks_for_what_is_not_there_is_an_error() -> None:
    environment = html._environment()  # noqa: SLF001
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nothing }}").render()
    with pytest.raises(UndefinedError):
        environment.from_string("{{ evidence.nothing }}").render(evidence=evidence(HARMLESS))
    with pytest.raises(TypeError):
        environment.from_string("{{ evidence }}").render(evidence=evidence(HARMLESS))
    with pytest.raises(TypeError):
        environment.from_string("{{ name }}").render(name=None)


def test_style_and_script_are_sent_as_they_are() -> None:
    text = html.render(evidence(HOSTILE), PICTURE[HOSTILE])
    for name, tag in (("page.css", "style"), ("page.js", "script")):
        with open(f"{html.TEMPLATES}/{name}", encoding="utf-8") as stream:
            content = stream.read()
        assert f"<{tag}>\n{content}</{tag}>" in text
        assert f"</{tag}" not in content
