"""What pages share: how a template is filled such that nothing of an input becomes HTML."""

from __future__ import annotations

import os
from html import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from astrovet.reports.escape import spans, visible
from astrovet.reports.findings.summary import count

SHARED = os.path.join(os.path.dirname(__file__), "evidence", "page")
"""The style and the macros."""

DRAWING = 1_000_000
"""Characters of a picture; what is larger nobody can follow."""


def page_environment(folder: str) -> Environment:
    """Templates of a folder, beside the shared ones; a name that they do not know is an error."""
    environment = Environment(
        loader=FileSystemLoader((folder, SHARED)),
        autoescape=True,
        finalize=as_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(code=_code, prose=_prose)
    environment.globals.update(count=count, raw=lambda name: _raw(environment, name))
    return environment


def as_html(value: object) -> Markup:
    """What the templates print: HTML of ours as it is; any other text made visible and escaped, like nothing else."""
    if isinstance(value, Markup):
        return value
    if not isinstance(value, str | int | Undefined):
        raise TypeError(f"a template prints a {type(value).__name__}")
    return Markup(escape(visible(str(value))))  # noqa: S704  here it is escaped


def _prose(text: str) -> Markup:
    """What stands between backticks is code."""
    return Markup("").join(_code(piece) if is_code else as_html(piece) for piece, is_code in spans(text))


def _code(value: object) -> Markup:
    """A text, or a place, as code; nothing where it is empty."""
    text = str(value)
    return Markup("<code>{}</code>").format(as_html(text)) if text else Markup("")


def _raw(environment: Environment, name: str) -> Markup:
    """A file beside the templates, as it is: style and script of ours."""
    assert environment.loader is not None  # noqa: S101
    return Markup(environment.loader.get_source(environment, name)[0])  # noqa: S704  of ours
