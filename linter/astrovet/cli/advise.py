"""`astrovet advise`: which deployment models satisfy a set of requirements, and why the others do not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import click
import msgspec

from astrovet.cli.app import EXIT_FINDINGS, listed, option
from astrovet.model.requirement import Requirement, Tier
from astrovet.requirements.advice import Advice, Option, advise
from astrovet.requirements.tables import TITLES, Fit, Site


@click.command(name="advise", short_help="Which deployment models satisfy these requirements.")
@option(
    "--require",
    "required",
    multiple=True,
    required=True,
    metavar="NAME[,NAME]",
    callback=listed([str(each) for each in Requirement]),
    help=f"What must be satisfied: {', '.join(Requirement)}.",
)
@option("--plan-tier", type=click.Choice([str(each) for each in Tier]), help="Only what this plan has.")
@option("--cloud", type=click.Choice([str(each) for each in Site]), help="Only what runs there.")
@option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def command(required: tuple[str, ...], plan_tier: str | None, cloud: str | None, form: str) -> None:
    """Which deployment models satisfy these requirements, the cheapest first, and why each other one does not.

    Where none does, which requirements exclude each other. Every statement bears the number that it has
    in the source documents. Exit status: 0 where a model satisfies them all, 1 where none does.
    """
    advice = advise(
        [Requirement(name) for name in required],
        tier=Tier(plan_tier) if plan_tier else None,
        cloud=Site(cloud) if cloud else None,
    )
    lines = {"text": _text, "markdown": _markdown, "json": _json}[form](advice)
    click.echo("\n".join(lines))
    sys.exit(0 if advice.satisfying else EXIT_FINDINGS)


def _text(advice: Advice) -> Iterator[str]:
    yield _headline(advice)
    for each in advice.options:
        yield ""
        yield f"{'yes' if each.satisfies else 'no '}  {TITLES[each.model]}" + (_plan(each) if each.satisfies else "")
        for reason in each.reasons if each.satisfies else each.against:
            mark = {Fit.NO: "not ", Fit.DOUBTFUL: "? "}.get(reason.fit, "")
            yield f"       {mark}{reason.topic}: {reason.why} [{', '.join(reason.sources)}]"
        for label, what in _todo(each):
            yield f"       {label}: {what}"


def _markdown(advice: Advice) -> Iterator[str]:
    yield f"**{_headline(advice)}**"
    yield ""
    yield "| model | satisfies | least plan | why | still to do |"
    yield "|---|---|---|---|---|"
    for each in advice.options:
        reasons = each.reasons if each.satisfies else each.against
        why = "<br>".join(f"{reason.topic}: {reason.why} [{', '.join(reason.sources)}]" for reason in reasons)
        todo = "<br>".join(f"{label}: {what}" for label, what in _todo(each))
        doubt = any(reason.fit is Fit.DOUBTFUL for reason in each.reasons)
        verdict = ("with doubts" if doubt else "yes") if each.satisfies else "no"
        yield f"| {TITLES[each.model]} | {verdict} | {each.tier if each.satisfies else ''} | {why} | {todo} |"


def _json(advice: Advice) -> Iterator[str]:
    content = {
        "schema": 1,
        "requires": advice.requires,
        "satisfied_by": [each.model for each in advice.satisfying],
        "conflicts": advice.conflicts,
        "models": advice.options,
    }
    yield msgspec.json.format(msgspec.json.encode(content), indent=2).decode()


def _headline(advice: Advice) -> str:
    asked = ", ".join(advice.requires)
    found = [TITLES[each.model] for each in advice.satisfying]
    if found:
        return f"{asked}: {', '.join(found)}"
    pairs = "; ".join(_together(each) for each in advice.conflicts)
    return f"{asked}: no model satisfies this" + (f": {pairs}" if pairs else "")


def _together(names: Sequence[Requirement]) -> str:
    return f"{' and '.join(names)} exclude each other" if len(names) > 1 else f"no model satisfies {names[0]}"


def _plan(each: Option) -> str:
    return f" (plan: {each.tier} or above [{', '.join(each.tier_sources)}])"


def _todo(each: Option) -> Iterator[tuple[str, str]]:
    if each.satisfies:
        yield from (("to do", need) for need in each.needs)
        if each.attestations:
            yield "to attest", ", ".join(each.attestations)
