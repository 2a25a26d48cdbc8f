"""`astrovet advise`: which deployment models satisfy a set of requirements, and why the others do not."""

from __future__ import annotations

import sys

import click

from astrovet.cli.app import EXIT_FINDINGS, completed_requirements, format_option, listed, option, subcommand
from astrovet.cli.streams import show
from astrovet.model.requirement import Requirement, Tier
from astrovet.reports.formats import ADVISE
from astrovet.requirements.advice import advise
from astrovet.requirements.tables import Site


@subcommand("advise", short_help="Which deployment models satisfy these requirements.")
@option(
    "--require",
    "required",
    multiple=True,
    required=True,
    metavar="NAME[,NAME]",
    callback=listed(Requirement.names()),
    shell_complete=completed_requirements,
    help=f"What must be satisfied: {', '.join(Requirement)}.",
)
@option("--plan-tier", type=click.Choice([str(tier) for tier in Tier]), help="Only what this plan has.")
@option("--cloud", type=click.Choice([str(site) for site in Site]), help="Only what runs there.")
@format_option(ADVISE.names)
def command(required: tuple[str, ...], plan_tier: str | None, cloud: str | None, form: str) -> None:
    """Which deployment models satisfy these requirements, the cheapest first, and why each other one does not.

    Where none does, which requirements exclude each other. Every statement bears the number that it has
    in the source documents. Exit status: 0 where a model satisfies them all, 1 where none does.
    """
    advice = advise(
        list(dict.fromkeys(map(Requirement, required))),
        tier=Tier(plan_tier) if plan_tier else None,
        cloud=Site(cloud) if cloud else None,
    )
    show(ADVISE.render(form, advice))
    sys.exit(0 if advice.satisfying else EXIT_FINDINGS)
