"""What REX013, REX014 and REX020 have in common: a credential that stands in the values themselves."""

from astrovet import (
    Absent,
    Credential,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    fail_if_written,
    literal,
    template,
    undecided,
)

REMEDY_STATE = "create the Kubernetes Secret outside this configuration, and name it instead"


def clear_text(credential: Credential, what: str, remedy: str) -> Verdicts:
    """A finding where the credential is a literal; `what` names it in the message.

    What Terraform hands over from elsewhere is no literal of the values, but stays in its state.
    """
    label = credential.label
    match credential.value:
        case Known(text) if not literal(text) or template(text):
            pass
        case Known(_, place) | Unknown(_, place) if credential.handed_over:
            message = f"{what} passes through Terraform, whose state keeps it in clear text"
            yield fail(place, message, remedy=REMEDY_STATE, severity=Severity.INFO, about=label)
        case Known() as known:
            yield fail_if_written(known, f"{what} stands here in clear text", remedy=remedy, about=label)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass
