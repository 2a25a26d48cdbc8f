"""A waiver must waive something.

## Why

What was accepted has been mended, moved or removed, and the waiver is still there. It covers whatever comes
to stand in that place next, which nobody has accepted, and its reason misleads whoever reads it. It may
also never have worked, because it stands one line too high.

## Fix

Remove the waiver, or of several rules the one that is named. If it should cover a finding that is still
reported, move it to the finding's line, or directly above it.

Before:

    # astrovet: ignore[REX008] until=2027-01-31 reason="the bucket is approved, move in January"
    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
        value: "0"

After:

    commonEnv:
      - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
        value: "0"

## Not reported

A waiver whose rule did not run, or left something undecided anywhere; an entry of the configuration that
means nothing in this run, unless all that lies beside the configuration was scanned; a waiver that has ended
or that names a rule nobody may waive, which are findings of their own. Where an input could not be used or a
plan is incomplete, the rule is undecided.
"""

from astrovet import (
    Context,
    Input,
    ProblemKind,
    Severity,
    Unknown,
    Verdicts,
    Waiver,
    fail,
    not_applicable,
    rule,
    undecided,
)


@rule(
    "WVR001",
    "waiver-unused",
    on=Waiver,
    severity=Severity.LOW,
    sources=("our rule",),
    never_waived=True,
)
def check(waiver: Waiver, context: Context) -> Verdicts:
    inputs = context.estate.of(Input)
    if waiver.has_ended(context.today):
        yield not_applicable("it has ended, which is reported for itself")
    elif waiver.use.idle and any(source.failed or source.problems_of(ProblemKind.INCOMPLETE_PLAN) for source in inputs):
        yield undecided(Unknown("not everything could be judged: what it covers may be there", waiver.place))
    else:
        for word in waiver.use.idle:
            remedy = "remove the waiver" if waiver.use.idle == waiver.rules else f"take {word} out of it"
            remedy = f"{remedy}; if it is for a finding that is reported, move it to that line or directly above"
            yield fail(waiver.place, f"{word} reports nothing that this waiver covers", remedy=remedy, about=word)
