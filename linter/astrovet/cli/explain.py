"""`astrovet explain`: a rule's manual."""

from __future__ import annotations

import click

from astrovet.cli.app import option
from astrovet.rulebook import BUILT_IN, PackError, Rule, find, join_packs, load_pack, no_such_rule


@click.command(name="explain", short_help="Show a rule's manual.")
@click.argument("rule")
@option("--rules", "packs", multiple=True, metavar="MODULE_OR_FILE", help="A further rule pack. Its code is run.")
def command(rule: str, packs: tuple[str, ...]) -> None:
    """Show the manual of RULE: an id, a name, or a prefix of ids."""
    try:
        rules = join_packs(load_pack(each) for each in (BUILT_IN, *packs))
    except PackError as error:
        raise click.UsageError(str(error)) from None
    found = find(rules, rule)
    if not found:
        raise click.UsageError(no_such_rule(rules, rule))
    click.echo("\n\n".join(manual(each) for each in found))


def manual(rule: Rule) -> str:
    """All that is to be known of a rule."""
    raised = ", ".join(f"{severity} with {name}" for name, severity in sorted(rule.raised.items()))
    facts = [
        ("Severity", rule.severity + (f"; {raised}" if raised else "")),
        ("Speaks", f"only where {' or '.join(sorted(rule.when))} is declared" if rule.when else "always"),
        ("Sources", ", ".join(rule.sources)),
    ]
    lines = [f"{rule.id} {rule.name}", "", rule.manual, ""]
    lines += [f"{label + ':':<10}{text}" for label, text in facts]
    return "\n".join(lines)
