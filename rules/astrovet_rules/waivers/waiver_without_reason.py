"""A waiver must give a reason and, for a high or critical finding, a date.

## Why

A waiver is a decision to live with a risk. Without a reason nobody can tell later whether it still holds,
and an auditor takes it for a finding that was hidden. A high or critical finding that is waived without a
date is never looked at again. Where a compliance requirement is declared for what it covers, such a waiver does not
count: the finding is reported too.

## Fix

Write down the reason and, for high and critical findings, the last day:

    # astrovet: ignore[REX008] until=2027-01-31 owner=data@example.com reason="bucket is approved, moved in May"

In the configuration:

    waivers:
      - rule: REX008
        at: helm/values-prod.yaml
        reason: bucket is approved, moved in May
        until: 2027-01-31

What a waiver has to have is the user's to set. These are the defaults:

    waiver-policy:
      reason-length: 1 # the shortest reason, in characters
      until: high # from this severity up a waiver needs a date; `never` for none
      owner: never # the same for an owner

## Not reported

A missing owner, unless the policy asks for one; a missing date of a waiver whose findings are medium or less;
a waiver that has ended.
"""

from astrovet import Context, Requirement, Severity, Verdicts, Waiver, fail, not_applicable, rule

EXAMPLES = {"reason": "why it is accepted", "owner": "data@example.com", "until": "2027-01-31"}


@rule(
    "WVR003",
    "waiver-without-reason",
    on=Waiver,
    severity=Severity.MEDIUM,
    raised={str(requirement): Severity.HIGH for requirement in Requirement},
    sources=("our rule",),
    never_waived=True,
    controls=("45 CFR 164.316(b)(2)",),
)
def check(waiver: Waiver, context: Context) -> Verdicts:
    lacks = waiver.use.lacks
    if waiver.has_ended(context.today):
        yield not_applicable("it has ended, which is reported for itself")
    elif lacks:
        reason = "too short a reason" if waiver.reason else "no reason"
        words = {"reason": reason, "owner": "no owner", "until": "no date"}
        effect = ", so that it does not count where requirements are declared" if waiver.use.requires else ""
        form = '{}="{}"' if waiver.is_comment else "{}: {}"
        added = ", ".join(form.format(name, EXAMPLES[name]) for name in lacks)
        message = f"this waiver has {' and '.join(words[name] for name in lacks)}{effect}"
        yield fail(waiver.place, message, remedy=f"add {added}")
