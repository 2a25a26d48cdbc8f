"""Write `docs/statements.md`: what answers each statement of the two source documents. Run it with `make docs`.

A rule answers the statements that it names as its sources; attestations and commands stand in the tables that they
rest on. What none of them answers is in `NOT_VISIBLE`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.reports.home import page_name
from astrovet.requirements.citations.published import GUIDE, OVERVIEW, STATEMENTS
from astrovet.requirements.responsibilities import DUTIES
from astrovet.requirements.tables import CAPABILITIES, LEAST_TIER, SUITABILITY

PAGE = Path(__file__).resolve().parent / "statements.md"

INTRODUCTION = """\
# What answers each statement

Astronomer's two public pages on security, statement by statement in our own words, and what of astrovet answers
it: the rules that rest on it, the attestation that people record because no file can show it, or the command that tells
it. What no file can show and nobody has to attest says why. This file is made by `make docs` from the rules and tables
themselves (read November 2026).
"""

ATTESTED_BY: Mapping[str, tuple[str, ...]] = {
    "S000-13": ("sso",),
    "S000-14": ("mfa",),
    "S000-34": ("baa",),
    "S000-39": ("sso",),
    "S000-41": ("phi-handling",),
    "S003-35": ("baa", "phi-handling"),
    "S003-38": ("dr-test",),
    "S003-44": ("baa",),
    "S003-45": ("dpa",),
    "S003-49": ("audit-export",),
}
"""What of `ATTESTED_FOR` each statement makes people attest."""

ADVISE, REPORT, MODEL = "astrovet advise", "astrovet report", "astrovet model"

TOLD_BY: Mapping[str, str] = {"S000-24": ADVISE, "S003-29": MODEL, "S003-58": ADVISE}
"""What a command tells besides what its tables name as their sources."""

_OF_ASTRONOMER = "Astronomer's own side"
_OF_OTHERS = "it says something of others, and asks nothing of a deployment"

NOT_VISIBLE: Mapping[str, str] = {
    "S000-01": "certificates are papers, which Astronomer's trust center has",
    "S000-21": f"{_OF_ASTRONOMER}; of Standard clusters the other page says otherwise (C-05)",
    "S000-22": f"{_OF_ASTRONOMER}; whether its range meets others, LNK011 judges",
    "S000-27": _OF_ASTRONOMER,
    "S000-28": f"{_OF_ASTRONOMER}; the sources contradict each other (C-09)",
    "S000-30": _OF_ASTRONOMER,
    "S000-44": "what the product sends; what a file makes agents send besides, other rules judge",
    "S000-45": "a claim about a model, and no waiver of anything (C-03)",
    "S000-49": _OF_ASTRONOMER,
    "S003-46": _OF_OTHERS,
    "S003-47": f"{_OF_ASTRONOMER}; how long audit logs are kept, REQ014 judges",
    "S003-52": _OF_ASTRONOMER,
    "S003-53": "papers, which Astronomer's trust center has",
    "S003-55": _OF_OTHERS,
    "S003-56": _OF_OTHERS,
}
"""Why no file shows it, and nobody has to attest it."""


def answers() -> dict[str, list[str]]:
    """What answers each statement, as Markdown; empty where nothing does."""
    rules: dict[str, list[str]] = {tag: [] for tag in STATEMENTS}
    for rule in sorted(load_pack(BUILT_IN), key=lambda rule: rule.id):
        for tag in (source for source in rule.sources if source in rules):
            rules[tag].append(f"[{rule.id}](rules/{page_name(rule)})")
    commands = _commands()
    return {
        tag: [
            *rules[tag],
            *(f"attestation `{what}`" for what in ATTESTED_BY.get(tag, ())),
            *(f"`{command}`" for command in dict.fromkeys(commands.get(tag, ()))),
        ]
        for tag in STATEMENTS
    }


def _commands() -> dict[str, list[str]]:
    """The commands that tell a statement: what they print names it as its source."""
    commands = {tag: [command] for tag, command in TOLD_BY.items()}
    for tag in _advised():
        commands.setdefault(tag, []).append(ADVISE)
    for duty in DUTIES:
        commands.setdefault(duty.source, []).append(REPORT)
    return commands


def _advised() -> Iterator[str]:
    said = [statement.sources for row in CAPABILITIES.values() for statement in row.values()]
    said += [suitability.sources for row in SUITABILITY.values() for suitability in row.values()]
    said += [sources for _, sources in LEAST_TIER.values()]
    yield from (tag for sources in said for tag in sources)


def page() -> str:
    """The text of the file."""
    overview = (tag for tag in STATEMENTS if tag.startswith("S000"))
    guide = (tag for tag in STATEMENTS if tag.startswith("S003"))
    parts = [INTRODUCTION, f"## The [security overview]({OVERVIEW})\n", _table(overview)]
    parts += [f"## The [guide to the deployment models]({GUIDE})\n", _table(guide)]
    return "\n".join(parts)


def _table(tags: Iterable[str]) -> str:
    answered = answers()
    rows = (
        f"| {tag} | {STATEMENTS[tag]} | {', '.join(answered[tag]) or f'not visible in files: {NOT_VISIBLE[tag]}'} |\n"
        for tag in tags
    )
    return "| statement | what it says | what answers it |\n| --- | --- | --- |\n" + "".join(rows)


def main() -> None:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
