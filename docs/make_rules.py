"""Write `docs/rules/`: a page for every built-in rule, and an index. Run it with `make docs`.

The pages are made of the rules' own manuals; nobody edits them by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from astrovet.judging.packs import BUILT_IN, Family, load_pack
from astrovet.judging.rulebook import Rule
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.reports.catalogue.manual import page
from astrovet.reports.catalogue.markdown import table
from astrovet.reports.home import page_name

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures" / "rules"
FOLDER = ROOT / "docs" / "rules"

INTRODUCTION = """\
# Rules

Every rule has a page: the law, why it matters and to whom, how to fix it, what it does not report, which controls it
supports, and the sources it rests on. `astrovet explain` shows the same in a terminal. These files are made by
`make docs` from the rules themselves.

Severities mean the same in every family:

- **critical:** contradicts a declared requirement outright, or leaves a control or a credential open to anybody
- **high:** a mandatory control is missing or off, a secret is readable, or a change destroys data
- **medium:** weakens a control, is likely to break, or evidence is missing
- **low:** hardening
- **info:** worth knowing; never fails a run by default
"""


def pages() -> dict[str, str]:
    """The text of every file of the folder, by its name."""
    rules = load_pack(BUILT_IN)
    return {"README.md": index(rules), **{page_name(rule): page(rule, examples(rule)) for rule in rules}}


def examples(rule: Rule) -> list[str]:
    """The names of a rule's fixtures."""
    return sorted(folder.name for folder in (FIXTURES / rule.name).glob("*") if folder.is_dir())


def index(rules: Iterable[Rule]) -> str:
    """The rules by family, by severity and by requirement."""
    listed = sorted(rules, key=lambda rule: rule.id)
    parts = [INTRODUCTION, "## By family\n", *_by_family()]
    parts += ["## By severity\n", _mapping(_by_severity(listed)), "## By requirement\n", *_by_requirement(listed)]
    return "\n".join(parts)


def _by_family() -> Iterator[str]:
    families: tuple[Family, ...] = tuple(import_module(BUILT_IN).FAMILIES)
    for family in families:
        module = import_module(family.module)
        about, *_ = (module.__doc__ or "").strip().split("\n")
        prefixes = dict.fromkeys(rule.id.rstrip("0123456789") for rule in module.RULES)
        yield f"### {', '.join(prefixes)}\n\n{about}\n\n{table(module.RULES, linked=True)}"


def _by_severity(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Under each severity the rules that have it where no requirement raises it."""
    by_severity: dict[str, list[Rule]] = {severity: [] for severity in Severity}
    for rule in rules:
        by_severity[rule.severity].append(rule)
    return by_severity


def _by_requirement(rules: list[Rule]) -> Iterator[str]:
    for name in Requirement:
        does = {"speak only where it is declared": [rule for rule in rules if name in rule.when]}
        does |= {
            f"become {severity} where it is declared": [rule for rule in rules if rule.raised.get(name) is severity]
            for severity in Severity
        }
        if any(does.values()):
            yield f"### {name}\n\n{_mapping(does)}"


def _mapping(groups: Mapping[str, list[Rule]]) -> str:
    return "".join(f"- {what}: {', '.join(map(_link, rules))}\n" for what, rules in groups.items() if rules)


def _link(rule: Rule) -> str:
    return f"[{rule.id} {rule.name}]({page_name(rule)})"


def main() -> None:
    """Write what is new or changed, and remove the pages of rules that are gone."""
    wanted = pages()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
