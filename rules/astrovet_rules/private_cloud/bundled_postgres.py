"""Production must not keep the platform in the PostgreSQL that the chart brings.

## Why

It has no TLS, and the chart itself calls it unfit for production. When its volume is lost, so are users, tokens and the
metadata of all Deployments.

## Fix

Take an external database.

Before:

    global:
      postgresql:
        enabled: true

After:

    global:
      postgresql:
        enabled: false
    astronomer:
      houston:
        backendSecretName: houston-database

## Not reported

Scopes of which neither `environment: production` nor `hipaa`, `pci` or `dora` is declared.
"""

from astrovet import PRODUCTION, Context, Platform, Requirement, Severity, Verdicts, fail_if, not_applicable, rule

STRICT = frozenset({Requirement.HIPAA, Requirement.PCI, Requirement.DORA})


@rule(
    "APC023",
    "bundled-postgres",
    on=Platform,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH, "dora": Severity.HIGH},
    sources=("CH", "DOC24"),
    controls=("45 CFR 164.312(e)(1)", "PCI DSS v4 4.2.1", "DORA Art. 11 and 12"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    if not context.requires & STRICT and context.facts.environment != PRODUCTION:
        yield not_applicable("it is declared neither as production nor to be under hipaa, pci or dora")
        return
    message = "the platform is kept in the PostgreSQL of the chart, which has no TLS"
    yield from fail_if(
        platform.database.is_bundled, bool, message, remedy="take an external database, and switch this one off"
    )
