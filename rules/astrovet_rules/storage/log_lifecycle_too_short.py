"""No lifecycle rule may delete task logs before the time that is asked for: under PCI DSS a year.

## Why

PCI DSS (v4, 10.5.1) wants the history of audit logs for twelve months. With Remote Execution the logs of tasks lie in
a store of the customer; a lifecycle rule that tidies them up after weeks deletes what an auditor, or whoever
investigates an incident, asks for. `audit-retention` asks for as many days as you declare.

## Fix

Before:

    rule {
      id     = "tidy"
      status = "Enabled"
      filter {}
      expiration { days = 30 }
    }

After:

    rule {
      id     = "tidy"
      status = "Enabled"
      filter {}
      expiration { days = 400 }
    }

Where space counts, move them to a colder class before that.

## Not reported

Rules that are disabled, that cover another folder or only tagged objects, transitions to colder classes, and
unfinished uploads; stores that are not named for task logs by a deployment, by the agents' variables or by their
logging sidecar.
"""

from astrovet import (
    Absent,
    Context,
    Expiration,
    Known,
    ObjectStore,
    Place,
    Requirement,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_unknown,
    known_values,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.storage.uses import LOGS, SOMETHING, Use, named_at, not_here, uses
from astrovet_rules.tables.object_stores import LOG_DAYS


@rule(
    "STO006",
    "log-lifecycle-too-short",
    on=ObjectStore,
    severity=Severity.MEDIUM,
    raised={"pci": Severity.HIGH, "audit-retention": Severity.HIGH},
    when=("pci", "audit-retention"),
    sources=("S003-49", "CLOUD"),
    controls=("PCI DSS v4 10.5.1", "PCI DSS v4 10.3"),
)
def check(store: ObjectStore, context: Context) -> Verdicts:
    sinks = tuple(use for use in uses(store, context) if use.what in {LOGS, SOMETHING})
    if why := not_here(store, context) or ("" if sinks else "nothing of Astro keeps logs in it"):
        yield not_applicable(why)
        return
    days = max(LOG_DAYS if Requirement.PCI in context.requires else 0, context.facts.audit_days or 0)
    if not days:
        yield undecided(Unknown("for how many days logs have to be kept is not declared", store.place))
        return
    match store.expirations:
        case Known(expirations):
            for expiration in expirations:
                yield from _judged(expiration, sinks, days)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass


def _judged(expiration: Expiration, sinks: tuple[Use, ...], asked: int) -> Verdicts:
    """One rule of a lifecycle, unless it deletes late enough or covers no logs."""
    match expiration.days:
        case Known(days) if days >= asked:
            return
        case Known(days):
            term = "within a year" if asked == LOG_DAYS else f"and have to be kept for {asked}"
            message = f"task logs are deleted after {days} {'day' if days == 1 else 'days'}, {term}"
        case Unknown() | Absent():
            message = ""
    covered = [_covers(expiration.prefixes, use, expiration.place) for use in sinks]
    unclear = first_unknown((*covered, expiration.days))
    hit = [use for use, answer in zip(sinks, covered, strict=True) if isinstance(answer, Known) and answer.value]
    if message and hit:
        remedy = f"let it delete after {asked} days or more, or move logs to a colder class instead"
        yield fail(expiration.place, message, remedy=remedy, related=named_at(tuple(hit)))
    elif unclear is not None and (hit or first_unknown(covered) is not None):
        yield undecided(unclear)


def _covers(prefixes: Value[tuple[Value[str], ...]], use: Use, place: Place) -> Value[bool]:
    """Whether objects whose names begin like this are those of a sink."""
    match prefixes:
        case Known(()) if use.what == SOMETHING:
            return Unknown("whether the agents keep logs in this store cannot be told from the inputs", place)
        case Known(()):
            return Known(True, place)
        case Known(listed):
            answers = [_begins(prefix, use.folder) for prefix in listed]
        case Unknown() | Absent():
            return prefixes
    if any(known_values(answers)):
        return Known(True, place)
    unclear = first_unknown(answers)
    return unclear or Known(False, place)


def _begins(prefix: Value[str], folder: Value[str]) -> Value[bool]:
    """Whether the names of all objects in a folder begin like this; of the folder only its beginning may be known."""
    match prefix:
        case Known(beginning, place):
            pass
        case Unknown() | Absent():
            return prefix
    match folder:
        case Known(path):
            return Known(path.startswith(beginning), place)
        case Unknown(prefix=start) if beginning.startswith(start) and beginning != start:
            return folder
        case Unknown(prefix=start):
            return Known(start.startswith(beginning), place)
        case Absent():
            return Known(not beginning, place)
