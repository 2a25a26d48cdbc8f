"""What AST005 and AST006 have in common: no rule of its own."""

from astrovet import Absent, Known, Limits, Severity, Unknown, Value, Verdicts, fail, undecided


def expiry(days: Value[int], limits: Limits, remedy: str) -> Verdicts:
    """Judge the days after which a token expires; without them it never does (provider 1.5.2)."""
    match days:
        case Absent(place):
            yield fail(place, "expiry_period_in_days is not set: the token never expires", remedy=remedy)
        case Known(period, place) if period > limits.token_days:
            message = f"the token lives longer than {limits.token_days} days"
            yield fail(place, message, remedy=remedy, severity=Severity.MEDIUM)
        case Known():
            pass
        case Unknown() as unknown:
            yield undecided(unknown)
