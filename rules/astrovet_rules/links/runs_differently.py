"""What runs of a deployment must be what its Terraform writes.

## Why

A review sees what is written, and Astro runs what was last set, by whoever set it. A setting that differs was
changed outside Terraform, or was never applied. The next apply changes it back, without a word where it weakens
what protects the deployment by now.

## Fix

Find out who changed it, in the organization's audit log. Then apply the plan that puts it back, or write the
change into the configuration:

    resource "astro_deployment" "claims" {
      is_cicd_enforced = true
      ...
    }

and take the file anew: `astro deployment inspect --deployment-name claims > deployment.yaml`

## Not reported

Settings that Terraform leaves to the provider, and values of secrets, which Astro does not give out. The order of
address ranges and of variables. A file that has the name of several deployments in Terraform. What the model of
astrovet does not hold: executors, sizes of workers and schedulers, addresses for alerts.
"""

from collections.abc import Mapping
from typing import Any

from astrovet import (
    Absent,
    Context,
    Deployment,
    EnvironmentVariable,
    Known,
    Note,
    Outcome,
    Place,
    Severity,
    Twin,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    first_unknown,
    is_variable_name,
    known_values,
    rule,
    undecided,
)
from astrovet_rules.tables.versions import is_older

REMEDY = "find out in the audit log who changed it; then apply what is written, or write what runs"
NEWER = "write the Runtime that runs into the configuration, unless it is only to tell the first one"


@rule(
    "LNK013",
    "runs-differently",
    on=Twin,
    severity=Severity.MEDIUM,
    sources=("TF", "CLI"),
    controls=("SOC 2 CC7.2",),
)
def check(twin: Twin, context: Context) -> Verdicts:
    written, running = twin.written, twin.running
    yield from _switch(written.enforces_cicd, running.enforces_cicd, "is_cicd_enforced", Severity.HIGH)
    yield from _switch(written.is_development, running.is_development, "is_development_mode", Severity.HIGH)
    yield from _switch(written.is_highly_available, running.is_highly_available, "is_high_availability")
    yield from _setting(_or_off(written.hibernates), running.hibernates, "hibernation")
    yield from _setting(written.description, running.description, "description", Severity.LOW)
    yield from _setting(written.type, running.type, "type")
    if isinstance(written.region, Known):  # of a dedicated deployment only the file repeats it
        yield from _setting(written.region, running.region, "region")
    yield from _runtime(written, running)
    yield from _remote_execution(twin)
    yield from _variables(twin)


def _switch(written: Value[bool], running: Value[bool], what: str, severity: Severity = Severity.MEDIUM) -> Verdicts:
    """A switch that Terraform leaves out is the provider's."""
    if not isinstance(written, Absent):
        yield from _setting(written, running, what, severity)


def _or_off(written: Value[bool]) -> Value[bool]:
    """Nothing sleeps that nobody sends to sleep."""
    return Known(False, written.place, written=False) if isinstance(written, Absent) else written


def _setting(written: Value[Any], running: Value[Any], what: str, severity: Severity = Severity.MEDIUM) -> Verdicts:
    match written, running:
        case Known(one, there), Known(other, place) if one != other:
            yield _differs(place, there, f"{what} runs otherwise than it is written", what, severity)
        case Known(_, there), Absent(place):
            yield _differs(place, there, f"{what} is written, and not set where it runs", what, severity)
        case Absent(there), Known(_, place):
            yield _differs(place, there, f"{what} is set where it runs, and not written", what, severity)
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown, about=what)
        case (Known() | Absent(), _):
            pass


def _differs(place: Place, there: Place, message: str, about: str, severity: Severity) -> Outcome:
    related = (Note("as it is written", there),)
    return fail(place, message, remedy=REMEDY, related=related, about=about, severity=severity)


def _runtime(written: Deployment, running: Deployment) -> Verdicts:
    """A newer Runtime is what upgrades make; an older one nobody can run."""
    match _version(written), _version(running):
        case Known(one, there), Known(other, place) if one != other:
            related = (Note("as it is written", there),)
            is_newer = is_older(one, other) is True
            which = "a newer" if is_newer else "another"
            yield fail(
                place,
                f"{which} Astro Runtime runs than is written",
                remedy=NEWER if is_newer else REMEDY,
                related=related,
                about="runtime",
                severity=Severity.INFO if is_newer else Severity.MEDIUM,
            )
        case (Known() | Unknown() | Absent(), _):
            pass  # Terraform need not name one


def _version(deployment: Deployment) -> Value[str]:
    return deployment.runtime if isinstance(deployment.runtime, Known) else deployment.first_runtime


def _remote_execution(twin: Twin) -> Verdicts:
    match twin.written.remote_execution, twin.running.remote_execution:
        case Known(one), Known(other):
            yield from _setting(
                _ranges(one.allowed_ranges), _ranges(other.allowed_ranges), "allowed_ip_address_ranges", Severity.HIGH
            )
            yield from _setting(one.task_log_bucket, other.task_log_bucket, "task_log_bucket")
            yield from _setting(one.task_log_url, other.task_log_url, "task_log_url_pattern")
        case one, other:
            yield from _setting(one, other, "remote_execution")


def _ranges(value: Value[tuple[Value[str], ...]]) -> Value[tuple[str, ...]]:
    """The ranges, in whatever order they stand; an empty list is none."""
    match value:
        case Known((), place):
            return Absent(place)
        case Known(texts, place):
            return first_unknown(texts) or Known(tuple(sorted(known_values(texts))), place)
        case Unknown() | Absent():
            return value


def _variables(twin: Twin) -> Verdicts:
    match twin.written.environment, twin.running.environment:
        case (Known() | Absent()) as one, (Known() | Absent()) as other:
            yield from _each(one, other)
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown, about="environment_variables")
        case (Known() | Absent(), _):
            pass


def _each(
    written: Known[tuple[EnvironmentVariable, ...]] | Absent, running: Known[tuple[EnvironmentVariable, ...]] | Absent
) -> Verdicts:
    there, here = _by_name(written), _by_name(running)
    gap = first_unknown(variable.name for variable in (*_listed(written), *_listed(running)))
    if gap is not None:
        yield undecided(gap, about="environment_variables")
    for name in dict.fromkeys((*there, *here)):
        shown = name if is_variable_name(name) else "a variable"
        severity = Severity.HIGH if name.startswith((airflow.OPTION, "OPENLINEAGE_")) else Severity.MEDIUM
        one, other = there.get(name), here.get(name)
        if one is not None and other is not None:
            yield from _variable(one, other, shown, severity)
        elif one is not None and gap is None:
            yield _differs(running.place, one.place, f"{shown} is written, and not set where it runs", shown, severity)
        elif other is not None and gap is None:
            yield _differs(
                other.place, written.place, f"{shown} is set where it runs, and not written", shown, severity
            )


def _variable(one: EnvironmentVariable, other: EnvironmentVariable, shown: str, severity: Severity) -> Verdicts:
    gap = first_unknown((one.is_secret, other.is_secret))
    if gap is not None:
        yield undecided(gap, about=shown)
    elif _is_marked(one) != _is_marked(other):
        message = f"is_secret of {shown} runs otherwise than it is written"
        yield _differs(other.is_secret.place, one.is_secret.place, message, shown, Severity.HIGH)
    elif not _is_marked(one):  # of a secret Astro gives out no value
        yield from _setting(one.value, other.value, shown, severity)


def _is_marked(variable: EnvironmentVariable) -> bool:
    return isinstance(variable.is_secret, Known) and variable.is_secret.value


def _listed(variables: Known[tuple[EnvironmentVariable, ...]] | Absent) -> tuple[EnvironmentVariable, ...]:
    return variables.value if isinstance(variables, Known) else ()


def _by_name(variables: Known[tuple[EnvironmentVariable, ...]] | Absent) -> Mapping[str, EnvironmentVariable]:
    return {variable.name.value: variable for variable in _listed(variables) if isinstance(variable.name, Known)}
