"""`.astrovet.yaml`: what the user declares. Parsed with places, checked against the JSON Schema that
ships with the package, then turned into frozen settings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from astrovet.declared.days import is_day
from astrovet.formats.text_file import TextFile
from astrovet.model.facts import Attestation, Facts
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.waiver import Waiver
from astrovet.place import Place, step
from astrovet.terraform.source.environment import Environment
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at

FILE_NAME = ".astrovet.yaml"
PYPROJECT = "pyproject.toml"
PYPROJECT_TABLE = b"[tool.astrovet"
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class Declaration(Struct, frozen=True):
    """What the deployments of a name must satisfy."""

    match: str
    requires: frozenset[Requirement] = frozenset()
    facts: Facts = Facts()
    place: Place = Place("")


class Use(Struct, frozen=True):
    """A root module, and an environment for which it is applied."""

    root: str
    """The root module's folder."""
    environment: Environment
    place: Place
    requires: frozenset[Requirement] = frozenset()
    facts: Facts = Facts()


class DeclaredAgent(Struct, frozen=True):
    """An agent and the layers of its values, in Helm's order."""

    name: str
    values: tuple[Known[str], ...]
    """Paths of files, each with its place in the configuration."""
    settings: tuple[Known[str], ...]
    """What `--set` gets."""
    deployment: str
    """The name or the address of the deployment that it serves; empty where nothing is said."""
    place: Place


class RuleSettings(Struct, frozen=True):
    """What is said of rules. Each selector is an id, a name or a prefix of ids, at its place."""

    ignore: tuple[Known[str], ...] = ()
    severity: tuple[tuple[Known[str], Severity], ...] = ()
    never_waive: tuple[Known[str], ...] = ()


class WaiverPolicy(Struct, frozen=True):
    """What a waiver has to have."""

    reason_length: int = 1
    """The shortest reason, in characters."""
    until: Severity | None = Severity.HIGH
    """From this severity of a finding up a waiver needs a date; None: never."""
    owner: Severity | None = None
    """The same for an owner."""


class Config(Struct, frozen=True):
    """The settings that hold for an input."""

    path: str = ""
    """The file they come from; empty without one."""
    requires: frozenset[Requirement] = frozenset()
    """What every deployment must satisfy."""
    facts: Facts = Facts()
    """What is declared of every deployment."""
    deployments: tuple[Declaration, ...] = ()
    workspaces: tuple[Declaration, ...] = ()
    """What holds for the deployments of the workspaces that match."""
    declared_at: Mapping[str, Place] = {}
    """Where a requirement, by its name, or `plan-tier` is first declared."""
    attestations: tuple[Attestation, ...] = ()
    sources: Mapping[str, str] = {}
    """Which source counts, by topic, where sources contradict each other."""
    attestation_days: int | None = None
    environments: tuple[Use, ...] = ()
    """For what root modules are applied; one that is not listed here has no environments."""
    agents: tuple[DeclaredAgent, ...] = ()
    token_days: int | None = None
    organization_owners: int | None = None
    owner_domains: frozenset[str] = frozenset()
    """Domains of the addresses whose people may own the organization, in small letters; empty: not declared."""
    rules: RuleSettings = RuleSettings()
    waivers: tuple[Waiver, ...] = ()
    waiver_policy: WaiverPolicy = WaiverPolicy()

    @property
    def declares(self) -> bool:
        """Whether anything is declared of any deployment."""
        by_name = self.deployments or self.workspaces or any(use.requires for use in self.environments)
        return bool(self.requires or by_name) or self.facts != Facts()


class ConfigProblem(Struct, frozen=True):
    """One thing wrong with a configuration file."""

    place: Place
    message: str


class ConfigError(Exception):
    """A configuration file cannot be used; `problems` says what is wrong, and where."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__(f"{len(problems)} problems in the configuration")
        self.problems = tuple(problems)


def read_config(file: TextFile) -> Config:
    """The settings of a `.astrovet.yaml`, or of `[tool.astrovet]` in a pyproject.toml.

    Raises ConfigError for text that does not parse and for anything that the schema refuses.
    """
    path = file.path
    if path.endswith(".toml"):
        return _checked(path, _from_pyproject(path, file.data), Absent(Place(path)))
    document = file.yaml[0]
    problems = [
        ConfigProblem(problem.place, problem.why.partition("; ")[0])  # what follows speaks of Helm
        for problem in (*file.decoded.problems, *document.problems)
        if problem.kind not in {"remark", "odd-encoding"}
    ]
    if problems:
        raise ConfigError(problems)
    return _checked(path, _plain(document.root), document.root)


def _from_pyproject(path: str, data: bytes) -> Any:
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found = _TOML_PLACE.search(str(error))
        place = Place(path, int(found[1]), int(found[2])) if found else Place(path)
        raise ConfigError([ConfigProblem(place, "this is not valid TOML")]) from None
    return _without_dates(table.get("tool", {}).get("astrovet", {}))


def _without_dates(content: Any) -> Any:
    """A day is text in YAML, and has a type of its own in TOML."""
    match content:
        case dict():
            return {key: _without_dates(value) for key, value in content.items()}
        case list():
            return list(map(_without_dates, content))
        case str() | int() | float():
            return content
        case day:
            return str(day)


def _checked(path: str, content: Any, root: Value[Tree]) -> Config:
    if content is None:
        return Config(path)
    problems = sorted(_problems(content, root), key=lambda problem: (problem.place.line, problem.message))
    if problems:
        raise ConfigError(problems)
    return Config(
        path=path,
        requires=_requirements(content.get("requires")),
        facts=Facts(plan_tier=content.get("plan-tier", ""), audit_days=_audit_days(content.get("requires"))),
        deployments=_declarations("deployments", content, root),
        workspaces=_declarations("workspaces", content, root),
        declared_at=_declared_at(content, root),
        attestations=_attestations(content.get("attestations", ()), root),
        sources=content.get("sources", {}),
        attestation_days=content.get("limits", {}).get("attestation-days"),
        environments=_environments(path, content.get("environments", ()), root),
        agents=_agents(path, content.get("agents", ()), root),
        token_days=content.get("limits", {}).get("token-days"),
        organization_owners=content.get("limits", {}).get("organization-owners"),
        owner_domains=frozenset(each.lower().removeprefix("@") for each in content.get("owner-domains", ())),
        rules=_rule_settings(content.get("rules", {}), root),
        waivers=_waivers(path, content.get("waivers", ()), root),
        waiver_policy=_waiver_policy(content.get("waiver-policy", {})),
    )


def _rule_settings(content: Any, root: Value[Tree]) -> RuleSettings:
    def selectors(key: str) -> tuple[Known[str], ...]:
        return tuple(
            Known(text, at(root, "rules", key, index).place) for index, text in enumerate(content.get(key, ()))
        )

    severities = (
        (Known(selector, _key_place(root, ("rules", "severity", selector))), Severity(severity))
        for selector, severity in content.get("severity", {}).items()
    )
    return RuleSettings(selectors("ignore"), tuple(severities), selectors("never-waive"))


def _waiver_policy(content: Any) -> WaiverPolicy:
    default = WaiverPolicy()

    def severity(key: str, otherwise: Severity | None) -> Severity | None:
        word = content.get(key)
        return otherwise if word is None else (None if word == "never" else Severity(word))

    return WaiverPolicy(
        content.get("reason-length", default.reason_length),
        severity("until", default.until),
        severity("owner", default.owner),
    )


def _waivers(path: str, content: Sequence[Any], root: Value[Tree]) -> tuple[Waiver, ...]:
    waivers: list[Waiver] = []
    for number, item in enumerate(content):
        place = at(root, "waivers", number).place
        until = item.get("until", "")
        if until and not is_day(until):
            message = "this is no day of the calendar; write it as 2027-01-31"
            key = ("waivers", number, "until")
            raise ConfigError([_problem(at(root, *key).place, key, message)])
        rules, globs = _several(item["rule"]), _several(item["at"])
        waiver = Waiver(
            place=replace(place, end_line=place.line, end_column=place.column + 1) if place.has_lines else place,
            rules=rules,
            reason=item.get("reason", "").strip(),
            owner=item.get("owner", "").strip(),
            until=until,
            at=globs,
            paths=tuple(_below(path, each) for each in globs),
            number=1 + sum(other.rules == rules for other in waivers),
        )
        waivers.append(waiver)
    return tuple(waivers)


def _several(content: Any) -> tuple[str, ...]:
    """A text, or a list of them."""
    return (content,) if isinstance(content, str) else tuple(content)


def _requirements(listed: Sequence[Any] | None) -> frozenset[Requirement]:
    names = (name for item in listed or () for name in ([item] if isinstance(item, str) else item))
    return frozenset(map(Requirement, names))


def _audit_days(listed: Sequence[Any] | None) -> int | None:
    """The most days that a list of requirements asks for."""
    asked = (int(item["audit-retention"][:-1]) for item in listed or () if isinstance(item, dict))
    return max(asked, default=None)


def _declarations(key: str, content: Any, root: Value[Tree]) -> tuple[Declaration, ...]:
    items = enumerate(content.get(key, ()))
    return tuple(_declaration(item, at(root, key, number).place) for number, item in items)


def _declared_at(content: Any, root: Value[Tree]) -> Mapping[str, Place]:
    """Where each requirement first stands, and the plan."""
    lists: list[tuple[str | int, ...]] = [("requires",)]
    for key in ("deployments", "workspaces", "environments"):
        lists += [(key, number, "requires") for number, _ in enumerate(content.get(key, ()))]
    found = {"plan-tier": at(root, "plan-tier").place} if "plan-tier" in content else {}
    for path in lists:
        holder = content
        for step_ in path[:-1]:
            holder = holder[step_]
        for number, item in enumerate(holder.get("requires", ())):
            for name in [item] if isinstance(item, str) else item:
                found.setdefault(name, at(root, *path, number).place)
    return found


def _declaration(item: Any, place: Place) -> Declaration:
    regions = item.get("allowed-regions")
    facts = Facts(
        environment=item.get("environment", ""),
        models=frozenset({item["model"]} if "model" in item else ()),
        allowed_regions=frozenset(each.lower() for each in regions) if regions is not None else None,
        min_tls=item.get("min-tls", ""),
        min_runtime=item.get("min-runtime", ""),
        customer_managed_keys=item.get("customer-managed-keys", False),
        audit_days=_audit_days(item.get("requires")),
    )
    return Declaration(item["match"], _requirements(item.get("requires")), facts, place)


def _attestations(content: Sequence[Any], root: Value[Tree]) -> tuple[Attestation, ...]:
    found = []
    for number, item in enumerate(content):
        for key in ("signed", "until"):
            if item.get(key) and not is_day(item[key]):
                path = ("attestations", number, key)
                message = "this is no day of the calendar; write it as 2027-01-31"
                raise ConfigError([_problem(at(root, *path).place, path, message)])
        owner, signed, until, evidence = (item.get(key, "").strip() for key in ("owner", "signed", "until", "evidence"))
        place = at(root, "attestations", number).place
        found.append(Attestation(item["what"], owner, signed, until, evidence, place))
    return tuple(found)


def _below(path: str, relative: str) -> str:
    """A path that counts from the configuration's folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))


def _agents(path: str, content: Sequence[Any], root: Value[Tree]) -> tuple[DeclaredAgent, ...]:
    agents: dict[str, DeclaredAgent] = {}
    for number, item in enumerate(content):

        def texts(key: str, number: int = number, item: Any = item) -> list[Known[str]]:
            places = (at(root, "agents", number, key, index).place for index in range(len(item.get(key, ()))))
            return [Known(text, place) for text, place in zip(item.get(key, ()), places, strict=True)]

        agent = DeclaredAgent(
            name=item["name"],
            values=tuple(Known(_below(path, each.value), each.place) for each in texts("values")),
            settings=tuple(texts("set")),
            deployment=item.get("deployment", ""),
            place=at(root, "agents", number).place,
        )
        if agents.setdefault(agent.name, agent) is not agent:
            message = f"there is an agent {agent.name!r} already: name this one otherwise"
            raise ConfigError([_problem(agent.place, ("agents", number), message)])
    return tuple(agents.values())


def _environments(path: str, content: Sequence[Any], root: Value[Tree]) -> tuple[Use, ...]:
    """The uses of root modules."""

    def below(relative: str) -> str:
        return _below(path, relative)

    uses: dict[tuple[str, str], Use] = {}
    for number, item in enumerate(content):
        environment = Environment(item["name"], tuple(map(below, item.get("var-files", ()))), item.get("workspace"))
        asked = item.get("requires")
        use = Use(
            below(item.get("root", ".")),
            environment,
            at(root, "environments", number).place,
            _requirements(asked),
            Facts(audit_days=_audit_days(asked)),
        )
        if uses.setdefault((use.root, environment.name), use) is not use:
            message = (
                f"the root module {use.root} has an environment {environment.name!r} already: name this one otherwise"
            )
            raise ConfigError([_problem(use.place, ("environments", number), message)])
    return tuple(uses.values())


def schema() -> Any:
    """The JSON Schema of the configuration."""
    import json
    from pathlib import Path

    return json.loads(Path(__file__).with_name("configuration.schema.json").read_text("utf-8"))


def _problems(content: Any, root: Value[Tree]) -> Iterator[ConfigProblem]:
    """What the schema refuses, in words, each at its place."""
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(schema()).iter_errors(content):
        path = tuple(error.absolute_path)
        place = at(root, *path).place
        if error.validator == "additionalProperties":
            known = sorted(error.schema["properties"])
            for key in error.instance:
                if key not in known:
                    message = f"unknown key {key!r}{_suggestion(key, known)}"
                    yield _problem(_key_place(root, (*path, key)), path, message)
        elif error.validator == "anyOf":
            is_days = isinstance(error.instance, dict) and "audit-retention" in error.instance
            inner = next(each for each in error.context if each.schema_path[0] == int(is_days))
            what = inner.schema.get("title", "")
            yield _problem(place, path, _refusal(inner.validator, inner.validator_value, inner.instance, what))
        else:
            what = error.schema.get("title", "")
            yield _problem(place, path, _refusal(error.validator, error.validator_value, error.instance, what))


def _problem(place: Place, path: Sequence[str | int], message: str) -> ConfigProblem:
    """A place without a line (TOML) is told by the path of its key."""
    from functools import reduce

    return ConfigProblem(place, message if place.has_lines else f"{reduce(step, path, 'tool.astrovet')}: {message}")


def _refusal(constraint: str, value: Any, instance: Any, what: str) -> str:
    """What a constraint of the schema asks for; `what` is the schema's title."""
    match constraint:
        case "enum" if isinstance(instance, str):
            return f"unknown {what} {instance!r}{_suggestion(instance, value)}"
        case "enum":
            return f"the name of a {what} is expected here; known are {', '.join(value)}"
        case "required":
            return f"the key {', '.join(repr(key) for key in value if key not in instance)} is missing"
        case "const":
            return f"this has to be {value!r}"
        case "type" if isinstance(value, list):
            return f"{' or '.join(_TYPES[each] for each in value)} is expected here"
        case "type":
            return f"{_TYPES.get(value, value)} is expected here"
        case "pattern":
            return "a number of days is expected here, as 365d"
        case "minimum":
            return f"this has to be at least {value}"
        case "minLength" | "minItems":
            return "this must not be empty"
        case _:
            return f"this breaks the schema's {constraint!r}"


_TYPES: Mapping[str, str] = {
    "object": "a map",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
}


def _suggestion(wrong: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(wrong.lower(), known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


def _key_place(root: Value[Tree], path: Sequence[str | int]) -> Place:
    match at(root, *path[:-1]):
        case Known(Map() as tree) if path[-1] in tree.entries:
            return tree.entries[str(path[-1])].key_place
        case Known(_, place) | Unknown(_, place) | Absent(place):
            return place


def _plain(value: Value[Tree]) -> Any:
    """The tree as Python's own maps and lists, as jsonschema takes it."""
    match value:
        case Known(Map() as tree):
            return {key: _plain(entry.value) for key, entry in tree.entries.items()}
        case Known(List() as tree):
            return [_plain(item) for item in tree.items]
        case Known(leaf):
            return leaf
        case Unknown() | Absent():
            return None
