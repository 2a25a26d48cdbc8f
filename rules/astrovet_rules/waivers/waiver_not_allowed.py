"""A waiver must not name a rule that is never waived.

## Why

Some findings say that nothing can be said: a file that cannot be read, output of Terraform that is no plan, a
plan that shows a part only. Others keep the waivers themselves honest, or say that evidence has run out. To
accept one of them would make a blind spot look like a clean result.

The user's own list adds rules that the team has agreed to keep without exception. A waiver that names one of
either does not count.

## Fix

Take the rule out of the waiver and mend what it reports; INP001, for example, by leaving out a file that
is no input:

    astrovet scan --exclude 'docs/examples' .

Rules of your own list are in the configuration:

    rules:
      never-waive: [REX013]

INP001, INP002, INP003, REQ006 and WVR001 to WVR004 are never waived.

## Not reported

A prefix that means such a rule among others, `INP` for example: the waiver counts for the others, and a
finding that it does not cover says so.
"""

from astrovet import Context, Severity, Verdicts, Waiver, fail, rule


@rule(
    "WVR004",
    "waiver-not-allowed",
    on=Waiver,
    severity=Severity.HIGH,
    sources=("our rule",),
    never_waived=True,
)
def check(waiver: Waiver, context: Context) -> Verdicts:
    for word in waiver.use.refused:
        remedy = f"take {word} out of the waiver, and mend what it reports"
        yield fail(
            waiver.place, f"{word} is never waived: for it this waiver does not count", remedy=remedy, about=word
        )
