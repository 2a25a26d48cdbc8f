"""No Dockerfile of an Astro project may hold a secret in clear text.

## Why

What a Dockerfile sets, labels or runs stays in the layers of the image and in its history, also where a later line
takes it away. Whoever may pull the image reads it, and so does everybody who reads the repository. It bypasses the
secrets backend, and with it access control, rotation and the audit trail.

## Fix

Replace the secret, for it counts as known. Give a secret of the build to the build alone, and one of the tasks to the
secrets backend.

Before:

    ENV WAREHOUSE_PASSWORD=kestrel-41-harbour

After:

    RUN --mount=type=secret,id=warehouse ./load.sh

## Not reported

Secrets that are mounted for the build, arguments without a default, placeholders, and what is taken from another
variable. Of what is run only tokens, keys and passwords in addresses are told, which show by their form.
"""

from astrovet import (
    Absent,
    AstroProject,
    Context,
    Known,
    ProjectImage,
    Severity,
    Unknown,
    Verdicts,
    credential_kind,
    fail,
    is_variable_name,
    pattern_kind,
    rule,
)

REMEDY = "revoke it; mount a secret of the build (`RUN --mount=type=secret`), keep one of tasks in the secrets backend"


@rule(
    "PRJ001",
    "secret-in-dockerfile",
    on=AstroProject,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S000-12", "our inference"),
    controls=("PCI DSS v4 8.6.2",),
)
def check(project: AstroProject, context: Context) -> Verdicts:
    for image in project.images:
        yield from _set(image)
        for command in image.commands:
            yield from _run(command)


def _set(image: ProjectImage) -> Verdicts:
    for variable in image.variables:
        match variable.name, variable.value:
            case Known(name), Known(text, place) if kind := credential_kind(name, text):
                shown = name if is_variable_name(name) else "a name"
                yield fail(place, f"{shown} holds {kind} in clear text", remedy=REMEDY, about=name)
            case (Known() | Unknown() | Absent(), _):
                pass


def _run(command: Known[str]) -> Verdicts:
    kinds = (pattern_kind(word.strip("\"';")) for word in command.value.split())
    for kind in dict.fromkeys(filter(None, kinds)):
        yield fail(command.place, f"a command holds a secret in clear text: {kind}", remedy=REMEDY, about=kind)
