"""`.astrovet.yaml`, or `[tool.astrovet]` of a pyproject.toml, to settings: parsed with places, then checked."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from astrovet.budget import MAX_DEPTH
from astrovet.declared.configuration import (
    Config,
    ConfigError,
    ConfigProblem,
    DeclaredAgent,
    DeclaredByName,
    RuleSettings,
    Use,
    WaiverPolicy,
)
from astrovet.declared.configuration_schema import key_place, problem_at, problems_of
from astrovet.declared.days import is_day
from astrovet.formats.text_file import TextFile
from astrovet.model.facts import Attestation, Facts
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.waiver import Waiver
from astrovet.place import Place
from astrovet.terraform.source.environment import Environment
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at

_TOML_PLACE = r"\(at line (\d+), column (\d+)\)"


def read_config(file: TextFile) -> Config:
    """The settings of a `.astrovet.yaml`, or of `[tool.astrovet]` in a pyproject.toml.

    Raises ConfigError for text that does not parse and for anything that the schema refuses.
    """
    path = file.path
    if path.endswith(".toml"):
        return _checked(path, _from_pyproject(path, file.data), Absent(_table(path, file.content)))
    document = file.yaml[0]
    problems = [
        ConfigProblem(problem.place, problem.why.partition("; ")[0])  # what follows speaks of Helm
        for problem in (*file.decoded.problems, *document.problems)
        if problem.kind not in {"remark", "odd-encoding"}
    ]
    if problems:
        raise ConfigError(problems)
    return _checked(path, _plain(document.root), document.root)


def _table(path: str, content: str) -> Place:
    """Where the settings begin in a pyproject.toml, which is read without places."""
    header = re.search(r"^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*astrovet\b", content, re.MULTILINE)
    return Place(path, content.count("\n", 0, header.start()) + 1, 1) if header is not None else Place(path)


def _from_pyproject(path: str, data: bytes) -> Any:
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except RecursionError:
        raise ConfigError([ConfigProblem(Place(path), _TOO_DEEP)]) from None
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        said = re.search(_TOML_PLACE, str(error))
        place = Place(path, int(said[1]), int(said[2])) if said else Place(path)
        raise ConfigError([ConfigProblem(place, "this is not valid TOML")]) from None
    tool = table.get("tool", {})
    return _without_dates(path, tool.get("astrovet", {}) if isinstance(tool, dict) else {})


_TOO_DEEP = "this is nested too deeply to be read here"


def _without_dates(path: str, content: Any, depth: int = 0) -> Any:
    """A day is text in YAML, and has a type of its own in TOML."""
    if depth > MAX_DEPTH:
        raise ConfigError([ConfigProblem(Place(path), _TOO_DEEP)])
    match content:
        case dict():
            return {key: _without_dates(path, value, depth + 1) for key, value in content.items()}
        case list():
            return [_without_dates(path, item, depth + 1) for item in content]
        case str() | int() | float():
            return content
        case day:
            return str(day)


def _checked(path: str, content: Any, root: Value[Tree]) -> Config:
    if content is None:
        return Config(path)
    problems = sorted(problems_of(content, root), key=lambda problem: (problem.place.line, problem.message))
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
        owner_domains=frozenset(domain.lower().removeprefix("@") for domain in content.get("owner-domains", ())),
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
        (Known(selector, key_place(root, ("rules", "severity", selector))), Severity(severity))
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
    of_rules: Counter[tuple[str, ...]] = Counter()
    for number, item in enumerate(content):
        place = at(root, "waivers", number).place
        until = item.get("until", "")
        if until and not is_day(until):
            message = "this is no day of the calendar; write it as 2027-01-31"
            key = ("waivers", number, "until")
            raise ConfigError([problem_at(at(root, *key).place, key, message)])
        rules, globs = _several(item["rule"]), _several(item["at"])
        of_rules[rules] += 1
        waiver = Waiver(
            place=replace(place, end_line=place.line, end_column=place.column + 1) if place.has_lines else place,
            rules=rules,
            reason=item.get("reason", "").strip(),
            owner=item.get("owner", "").strip(),
            until=until,
            at=globs,
            paths=tuple(_below(path, glob) for glob in globs),
            number=of_rules[rules],
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


def _declarations(key: str, content: Any, root: Value[Tree]) -> tuple[DeclaredByName, ...]:
    items = enumerate(content.get(key, ()))
    return tuple(_declaration(item, at(root, key, number)) for number, item in items)


def _declared_at(content: Any, root: Value[Tree]) -> Mapping[str, Place]:
    """Where each requirement stands that a part of the configuration lists, and the plan."""
    places = {"plan-tier": at(root, "plan-tier").place} if "plan-tier" in content else {}
    for number, item in enumerate(content.get("requires", ())):
        for name in [item] if isinstance(item, str) else item:
            places.setdefault(Requirement(name), at(root, "requires", number).place)
    return places


def _declaration(item: Any, root: Value[Tree]) -> DeclaredByName:
    regions = item.get("allowed-regions")
    facts = Facts(
        environment=item.get("environment", ""),
        models=frozenset({item["model"]} if "model" in item else ()),
        allowed_regions=frozenset(region.lower() for region in regions) if regions is not None else None,
        min_tls=item.get("min-tls", ""),
        min_runtime=item.get("min-runtime", ""),
        customer_managed_keys=item.get("customer-managed-keys", False),
        audit_days=_audit_days(item.get("requires")),
    )
    asked = _requirements(item.get("requires"))
    return DeclaredByName(item["match"], asked, facts, root.place, _declared_at(item, root))


def _attestations(content: Sequence[Any], root: Value[Tree]) -> tuple[Attestation, ...]:
    attestations = []
    for number, item in enumerate(content):
        for key in ("signed", "until"):
            if item.get(key) and not is_day(item[key]):
                path = ("attestations", number, key)
                message = "this is no day of the calendar; write it as 2027-01-31"
                raise ConfigError([problem_at(at(root, *path).place, path, message)])
        owner, signed, until, evidence = (item.get(key, "").strip() for key in ("owner", "signed", "until", "evidence"))
        place = at(root, "attestations", number).place
        attestations.append(Attestation(item["what"], owner, signed, until, evidence, place))
    return tuple(attestations)


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
            values=tuple(Known(_below(path, file.value), file.place) for file in texts("values")),
            settings=tuple(texts("set")),
            deployment=_named(item, "deployment", at(root, "agents", number)),
            cluster=_named(item, "cluster", at(root, "agents", number)),
            place=at(root, "agents", number).place,
        )
        if agents.setdefault(agent.name, agent) is not agent:
            message = f"there is an agent {agent.name!r} already: name this one otherwise"
            raise ConfigError([problem_at(agent.place, ("agents", number), message)])
    return tuple(agents.values())


def _named(item: Any, key: str, root: Value[Tree]) -> Value[str]:
    place = at(root, key).place
    return Known(item[key], place) if key in item else Absent(place)


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
            _declared_at(item, at(root, "environments", number)),
        )
        if uses.setdefault((use.root, environment.name), use) is not use:
            message = (
                f"the root module {use.root} has an environment {environment.name!r} already: name this one otherwise"
            )
            raise ConfigError([problem_at(use.place, ("environments", number), message)])
    return tuple(uses.values())


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
