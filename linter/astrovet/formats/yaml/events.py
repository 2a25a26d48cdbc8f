"""YAML's events, by either of ruamel.yaml's two parsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Events = Callable[[str], Iterator[Any]]
"""A parser: the text of a file to ruamel.yaml's events."""


def c_events(content: str) -> Iterator[Any]:
    """The events of the C parser.

    Raises:
        ImportError: ruamel.yaml.clib is not installed.
        ruamel.yaml.error.YAMLError: the text is not YAML.
    """
    from _ruamel_yaml import CParser

    parser = CParser(content)
    while parser.check_event():
        yield parser.get_event()


def pure_events(content: str) -> Iterator[Any]:
    """The same events from ruamel.yaml's Python parser, which is slower.

    Raises:
        ruamel.yaml.error.YAMLError: the text is not YAML.
    """
    from ruamel.yaml import YAML

    # YAML 1.1 breaks lines at these too; the Python parser does not know them.
    same_length = content.translate({0x85: "\n", 0x2028: "\n", 0x2029: "\n"})
    yield from YAML(typ="safe", pure=True).parse(same_length)
