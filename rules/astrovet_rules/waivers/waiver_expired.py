"""A waiver must not be past its date.

## Why

The date is when somebody promised to look again: a migration would be done, a vendor would have mended
something. From the next day on the waiver does not count, and what it covered is reported as before. The
team that promised should learn it from here, and not from an auditor.

## Fix

Mend what the waiver covers, and remove it. Where more time is needed, let its owner decide so, with a new
reason and a new date:

    # astrovet: ignore[REX008] until=2027-06-30 owner=data@example.com reason="bucket is approved, moved in May"

`until` is the last day on which a waiver counts.

## Not reported

A waiver without a date, which WVR003 asks for where the finding is high or critical.
"""

from astrovet import Context, Severity, Verdicts, Waiver, fail, rule


@rule(
    "WVR002",
    "waiver-expired",
    on=Waiver,
    severity=Severity.MEDIUM,
    sources=("our rule",),
    never_waived=True,
)
def check(waiver: Waiver, context: Context) -> Verdicts:
    if waiver.has_ended(context.today):
        covered = "what it covers counts again" if waiver.use.findings else "it covers nothing any more"
        remedy = "mend what it covers and remove it, or" if waiver.use.findings else "remove it, or"
        yield fail(
            waiver.place,
            f"this waiver ended on {waiver.until}: {covered}",
            remedy=f"{remedy} let its owner give it a new date and a new reason",
        )
