"""Docstrings that are shown to users: manuals of rules, help of commands.

`python -OO` drops them; the sources still have them.
"""

from __future__ import annotations

import sys


def docstring(module_name: str, name: str = "", written: str | None = None) -> str:
    """The docstring of a loaded module, or of a function or a class at its top; empty where there is none.

    `written` is what the interpreter kept of it.
    """
    if written is None and not name:
        written = sys.modules[module_name].__doc__
    return written if written is not None else _in_source(module_name, name)


def _in_source(module_name: str, name: str) -> str:
    """The same, read from the module's source through whatever loaded it."""
    import ast

    loader = getattr(sys.modules[module_name].__spec__, "loader", None)
    try:
        source = loader.get_source(module_name) if loader is not None else None
    except (AttributeError, OSError):  # a loader that has no sources
        return ""
    if source is None:
        return ""
    tree = ast.parse(source)
    described: ast.Module | ast.FunctionDef | ast.ClassDef | None = tree
    if name:
        definitions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
        described = next((definition for definition in definitions if definition.name == name), None)
    return (ast.get_docstring(described, clean=False) or "") if described is not None else ""
