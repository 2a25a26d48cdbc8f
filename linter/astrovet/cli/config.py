"""`astrovet config`: the settings that hold here, and the formats of configuration and values."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import click

from astrovet.cli.app import EXIT_INPUT, option, subcommand
from astrovet.cli.configs import config_finder
from astrovet.cli.files import Disk
from astrovet.cli.streams import show, tell
from astrovet.declared.configuration import ConfigError, WaiverPolicy
from astrovet.formats.text_file import TextFile
from astrovet.harmless import harmless
from astrovet.judging.rulebook import Limits
from astrovet.place import Place, step
from astrovet.secrecy import without_credentials, without_secrets, without_value
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, text

SCHEMAS = ("config", "agent-values")
SETTINGS_OF_AGENTS = r"agents\[[0-9]++\]\.set"


class ShownSetting(NamedTuple):
    """A setting, and where it comes from."""

    name: str
    value: str
    origin: str

    def __str__(self) -> str:
        return f"{without_credentials(self.name)} = {self.value}  ({self.origin})"


@subcommand("config", short_help="Show the settings, or the schema of a format.")
@option("--config", "config_file", metavar="FILE", help="The configuration, in place of the nearest one.")
@option(
    "--schema",
    type=click.Choice(SCHEMAS),
    is_flag=False,
    flag_value="config",
    help="Print a JSON Schema: of the configuration, or of the agent chart's values.",
)
def command(config_file: str | None, schema: str | None) -> None:
    """Show the settings that hold in the working directory, each with where it comes from.

    With --schema, print the JSON Schema of the configuration, and with --schema agent-values that of
    the agent chart's values, as far as its keys are known.
    """
    if schema is not None:
        show(_schema(schema))
        return
    disk = Disk()
    try:
        path = config_finder(config_file, disk)(".").path
    except ConfigError as error:
        for problem in error.problems:
            tell(f"{problem.place}: {problem.message}")
        sys.exit(EXIT_INPUT)
    written = list(_settings(disk.file(path))) if path else []
    named = {setting.name for setting in written}
    for setting in (*written, *(default for default in _defaults() if default.name not in named)):
        show(harmless(str(setting), is_line=True) + "\n")


def _schema(name: str) -> str:
    if name == "agent-values":
        from astrovet.helm.charts.agent_keys import schema_text

        return schema_text().decode()
    import json

    from astrovet.declared.configuration_schema import schema

    return json.dumps(schema(), indent=2) + "\n"


def _defaults() -> Iterator[ShownSetting]:
    limits = Limits()
    yield ShownSetting("limits.token-days", str(limits.token_days), "default")
    yield ShownSetting("limits.organization-owners", str(limits.organization_owners), "default")
    policy = WaiverPolicy()
    yield ShownSetting("waiver-policy.reason-length", str(policy.reason_length), "default")
    yield ShownSetting("waiver-policy.until", policy.until or "never", "default")
    yield ShownSetting("waiver-policy.owner", policy.owner or "never", "default")


def _settings(file: TextFile) -> Iterator[ShownSetting]:
    """What a configuration that is in order sets."""
    if file.path.endswith(".toml"):
        import tomllib

        root: Value[Tree] = _tree(tomllib.loads(file.data.decode())["tool"]["astrovet"], Place(file.path))
    else:
        root = file.yaml[0].root
    yield from _flat(root, "", root.place)


def _tree(content: Any, place: Place) -> Known[Tree]:
    """A TOML table, which is read without places: the file is all that is known of where a setting stands."""
    match content:
        case dict():
            entries = {key: Entry(key, place, _tree(value, place)) for key, value in content.items()}
            return Known(Map(entries), place)
        case list():
            return Known(List(tuple(_tree(item, place) for item in content)), place)
        case _:
            return Known(content, place)


def _flat(value: Value[Tree], name: str, key_place: Place) -> Iterator[ShownSetting]:
    """Each setting that is no map of others; a list of simple values is one."""
    match value:
        case Known(Map(entries)):
            for entry in entries.values():
                yield from _flat(entry.value, step(name, entry.key), entry.key_place)
        case Known(List(items)) if any(isinstance(item, Known) and isinstance(item.value, Map) for item in items):
            for index, item in enumerate(items):
                yield from _flat(item, step(name, index), item.place)
        case Known(List(items)):
            shown = _assignment if re.fullmatch(SETTINGS_OF_AGENTS, name) else _leaf
            yield ShownSetting(name, f"[{', '.join(map(shown, items))}]", str(key_place))
        case Known():
            yield ShownSetting(name, _leaf(value), str(key_place))
        case Unknown() | Absent():
            pass


def _leaf(value: Value[Tree]) -> str:
    match text(value):
        case Known(content):
            return without_secrets(content)
        case Unknown() | Absent():
            return "null"


def _assignment(value: Value[Tree]) -> str:
    """What an agent is set to may be secret, whatever it looks like."""
    match text(value):
        case Known(content):
            return without_value(content)
        case Unknown() | Absent():
            return "null"
