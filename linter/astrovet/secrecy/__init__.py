"""What is a secret, and what of the user's files may be shown.

Two opposite questions, answered by two opposite means. Whether a text is a secret is decided by lists
of what secrets look like (`names`, `patterns`, `credentials`). Whether a text may be printed is
decided by a list of what is harmless (`showing`; under a telling name `named`): everything else stays
hidden, secret or not.

No function here returns any part of the text it was asked about, except `shown`, for harmless texts,
and what takes secrets out of a text (`redaction`). Every pattern is searched in linear time, whatever the text.
"""

from __future__ import annotations

from astrovet.secrecy.credentials import credential_kind, hidden_by_name
from astrovet.secrecy.named import showable_as, shown
from astrovet.secrecy.names import SECRET_FIELDS, connection_name, secret_field, secret_name
from astrovet.secrecy.patterns import pattern_kind
from astrovet.secrecy.placeholders import before_template, literal, placeholder, reference, template
from astrovet.secrecy.redaction import REDACTED, Redactor, without_credentials, without_secrets, without_value
from astrovet.secrecy.showing import NOT_SHOWN, SHOWABLE_WORDS, is_variable_name, showable

__all__ = [
    "NOT_SHOWN",
    "REDACTED",
    "SECRET_FIELDS",
    "SHOWABLE_WORDS",
    "Redactor",
    "before_template",
    "connection_name",
    "credential_kind",
    "hidden_by_name",
    "is_variable_name",
    "literal",
    "pattern_kind",
    "placeholder",
    "reference",
    "secret_field",
    "secret_name",
    "showable",
    "showable_as",
    "shown",
    "template",
    "without_credentials",
    "without_secrets",
    "without_value",
]
