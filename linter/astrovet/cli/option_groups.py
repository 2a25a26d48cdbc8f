"""Which options stand together in the help of a command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

GROUPS = {
    "Inputs": (
        "plans", "source_dir", "layers", "set_typed", "set_text", "set_json", "set_file", "set_literal", "var_files",
        "no_env_vars", "stdin_name", "include_outside", "exclude", "no_gitignore", "config_file", "hook",
    ),
    "What must hold": ("required", "plan_tier", "cloud", "today"),
    "Rules": ("selected", "ignored", "packs"),
    "Accepted findings": ("baseline", "write_baseline", "no_waivers"),
    "What fails": ("fail_on", "fail_on_unknown", "exit_zero", "accept_unseen"),
    "Output": (
        "form", "outputs", "output", "min_severity", "show", "statistics", "sarif_unknown", "color", "quiet", "verbose",
    ),
}  # fmt: skip
"""By the names of the parameters. What stands in none of them comes last."""
OTHERS = "Options"
FEW = 6
"""Options that need no groups."""


def grouped(parameters: Sequence[click.Parameter]) -> Iterator[tuple[str, Sequence[click.Parameter]]]:
    """The options of a command in their groups; a command with few of them has no groups."""
    options = [parameter for parameter in parameters if isinstance(parameter, click.Option)]
    if len(options) <= FEW:
        yield OTHERS, options
        return
    known = {name: heading for heading, names in GROUPS.items() for name in names}
    for heading in (*GROUPS, OTHERS):
        members = [option for option in options if known.get(option.name or "", OTHERS) == heading]
        yield heading, members
