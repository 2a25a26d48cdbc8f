"""Expressions of Terraform's JSON syntax, written as the native syntax has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from astrovet.formats.hcl.json_values import Array, Json, Object, Scalar, Text
from astrovet.formats.hcl.tokens import Lines, MisreadError, TokenReader


class Interpretation(StrEnum):
    """What Terraform makes of a text."""

    TEMPLATE = "template"
    TEXT = "text"
    REFERENCE = "reference"


def native_expression(value: Json, reading: Interpretation) -> str:
    """A value in native syntax."""
    done: list[str] = []
    todo: list[str | Json] = [value]
    while todo:
        match todo.pop():
            case str(text) | Scalar(text):
                done.append(text)
            case Text(text):
                done.append(_text_expression(text, reading))
            case Array(items):
                todo.append("]")
                for index, item in reversed(tuple(enumerate(items))):
                    todo += (item, ", ") if index else (item,)
                todo.append("[")
            case Object(members):
                todo.append("}")
                for index, member in reversed(tuple(enumerate(members))):
                    key = f"{native_text(member.key.text, reading)} = "
                    todo += (member.value, f", {key}" if index else key)
                todo.append("{")
    return "".join(done)


def _text_expression(text: str, reading: Interpretation) -> str:
    """A text in native syntax: of one template alone the expression in it, as Terraform takes it."""
    if reading is Interpretation.TEXT:
        return native_text(text, reading)
    try:
        pieces = tuple(piece for piece in split_templates(text) if piece[0])
    except MisreadError:
        return native_text(text, reading)
    if len(pieces) == 1 and pieces[0][1] and text.startswith("${"):
        inner = text[2:-1].removeprefix("~").removesuffix("~").strip()
        return f"({inner}\n)" if "\n" in inner else inner
    return text if reading is Interpretation.REFERENCE else native_text(text, reading)


def native_text(text: str, reading: Interpretation) -> str:
    """A text in double quotes; templates in it stay templates."""
    if reading is not Interpretation.TEMPLATE:
        return f'"{_escaped(text).replace("${", "$${").replace("%{", "%%{")}"'
    try:
        pieces = tuple(split_templates(text))
    except MisreadError:
        return f'"{_escaped(text)}"'
    return f'"{"".join(piece if is_template else _escaped(piece) for piece, is_template in pieces)}"'


def split_templates(text: str) -> Iterator[tuple[str, bool]]:
    """A text as plain pieces and templates, in turn; whether a piece is a template stands beside it."""
    reader = TokenReader(text, Lines("", (0,)))
    position = 0
    for opening in re.finditer(r"\$\$\{|%%\{|(?P<template>[$%]\{)", text):
        if opening["template"] and opening.start() >= position:
            yield text[position : opening.start()], False
            reader.position = opening.end() - 1
            reader.pass_enclosed(reader.take())
            position = reader.position
            yield text[opening.start() : position], True
    yield text[position:], False


def _escaped(text: str) -> str:
    """A text as it stands between the quotes of the native syntax."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r"[\x00-\x1f\x7f]", lambda control: f"\\u{ord(control[0]):04x}", text)
