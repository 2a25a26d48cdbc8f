"""Names that look as if a secret stood under them.

They are compared in capitals and word by word, so that TOKEN is found neither in TOKENIZER nor in MAX_TOKENS.
The lists are ours: what the vendors' own options and our users' variables are called (November 2026).
"""

from __future__ import annotations

import re

from astrovet import airflow

SECRET_WORDS = (
    "PASSWORD", "PASSWD", "PWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "API_KEY", "APP_KEY", "ACCESS_KEY",
    "SECRET_KEY", "PRIVATE_KEY", "SIGNING_KEY", "ENCRYPTION_KEY", "FERNET_KEY", "STORAGE_KEY", "ACCOUNT_KEY",
    "CLIENT_SECRET", "CREDENTIAL", "CREDENTIALS", "SAS", "BEARER", "WEBHOOK_URL", "CONNECTION_STRING",
)  # fmt: skip

HARMLESS_ENDINGS = (
    "FILE", "PATH", "DIR", "NAME", "ARN", "ID", "URL", "ENDPOINT", "HOST", "HEADER", "TTL", "EXPIRY", "DAYS",
    "SECONDS", "ENABLED", "TYPE", "ALGORITHM", "LIMIT", "COUNT",
    "MAX_TOKENS", "PUBLIC_KEY", "PRIMARY_KEY", "PARTITION_KEY", "SORT_KEY", "CACHE_KEY", "SECRETS_BACKEND",
    "HIDE_SENSITIVE_VAR_CONN_FIELDS",
    "GOOGLE_APPLICATION_CREDENTIALS",  # the path of a file, as Google's clients read it
)  # fmt: skip

# Secret in spite of a harmless ending: whoever knows a webhook's address may post to it.
SECRET_ENDINGS = ("WEBHOOK_URL",)

# Airflow reads AIRFLOW__SECTION__KEY_CMD and AIRFLOW__SECTION__KEY_SECRET as the name of a command and of
# a lookup key, but these options end that way themselves (airflow-core, [api_auth] jwt_secret).
AIRFLOW_SECRET_OPTIONS = ("JWT_SECRET", "CLIENT_SECRET")
AIRFLOW_POINTERS = ("_CMD", "_SECRET")

SECRET_FIELDS = frozenset({
    "password", "token", "secret", "private_key", "key_json", "keyfile_dict", "aws_secret_access_key",
    "client_secret", "api_key", "auth",
})  # fmt: skip


def secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret, by its name alone.

    False for `AIRFLOW_CONN_*`, which is decided by its content: see `connection_name`.
    """
    upper = name.upper()
    if connection_name(name) or upper.startswith(airflow.SECRETS_OPTIONS):
        return False
    if upper.startswith(airflow.OPTION) and upper.endswith(AIRFLOW_POINTERS):
        return upper.endswith(tuple(f"__{option}" for option in AIRFLOW_SECRET_OPTIONS))
    words = _words(name)
    if _ends(words, HARMLESS_ENDINGS) and not _ends(words, SECRET_ENDINGS):
        return False
    return any(f"_{word}_" in words for word in SECRET_WORDS)


def connection_name(name: str) -> bool:
    """Whether Airflow reads a connection from a variable of this name."""
    return name.upper().startswith(airflow.CONNECTION)


def secret_field(name: str) -> bool:
    """Whether a field of this name in a JSON value or a query string holds a secret.

    The fields of `SECRET_FIELDS`, also behind Airflow's old prefix `extra__<type>__`, and every secret name.
    """
    return name.rpartition("__")[2].lower() in SECRET_FIELDS or secret_name(name)


def secret_by_ending(name: str) -> bool:
    """Whether even an address under this name is a secret."""
    return _ends(_words(name), SECRET_ENDINGS)


def _words(name: str) -> str:
    """`apiKey2` as `_API_KEY_`. Digits part words as underscores do, so that TOKEN2 is a token."""
    return f"_{'_'.join(re.findall(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+', name)).upper()}_"


def _ends(words: str, endings: tuple[str, ...]) -> bool:
    return words.endswith(tuple(f"_{ending}_" for ending in endings))
