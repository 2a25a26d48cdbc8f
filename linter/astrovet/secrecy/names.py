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
    "POLICY", "PROVIDER", "PARAM", "PARAMETER", "LOCATION", "VERSION", "LENGTH", "ROTATION", "MODE", "MANAGER", "STORE",
    "BACKEND", "CLASS", "PREFIX", "SUFFIX", "ISSUER", "AUDIENCE", "SCOPE", "SCOPES", "FORMAT", "LIFETIME", "MINUTES",
    "HOURS", "TIMEOUT", "INTERVAL", "REQUIRED", "COMPLEXITY", "REGION", "ALIAS", "ENGINE", "METHOD", "USERNAME", "REF",
    "GOOGLE_APPLICATION_CREDENTIALS",  # the path of a file, as Google's clients read it
)  # fmt: skip

# Secret in spite of a harmless ending: whoever knows a webhook's address may post to it.
SECRET_ENDINGS = ("WEBHOOK_URL",)

# What may follow the secret word: which one of several it is.
QUALIFIERS = frozenset({
    "PROD", "PRODUCTION", "DEV", "DEVELOPMENT", "STAGING", "STAGE", "TEST", "QA", "UAT", "NEW", "OLD", "CURRENT",
    "PREVIOUS", "NEXT", "BACKUP", "MAIN", "PRIMARY", "SECONDARY", "VALUE", "PLAIN", "RAW", "DEFAULT", "LIVE",
    "EU", "US",
})  # fmt: skip

# Words that are a secret only where the value looks like one, too.
WEAK_LAST_WORDS = ("PASS", "AUTH", "KEY")
GLUED = r"[A-Z]{2,}(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|PASS)"
"""One word that ends as a secret does: libpq's PGPASSWORD, SSHPASS."""
HARMLESS_WORDS = frozenset({"BYPASS", "COMPASS", "TRESPASS", "OVERPASS", "UNDERPASS"})
HARMLESS_KEYS = (
    "PUBLIC", "PRIMARY", "PARTITION", "SORT", "CACHE", "ROUTING", "FOREIGN", "OBJECT", "HASH", "RANGE", "DEDUP",
    "IDEMPOTENCY", "JOIN", "UNIQUE", "SURROGATE", "BUSINESS", "LOOKUP", "INDEX", "GROUP", "NATURAL", "MERGE", "LICENSE",
    "KMS", "PROJECT", "ISSUE", "SSM", "PARAMETER", "S", "HOST", "KNOWN", "CONFIG", "TRANSLATION", "FEATURE", "TAG",
)  # fmt: skip
"""Before KEY: what identifies or finds something."""

# Airflow reads AIRFLOW__SECTION__KEY_CMD and AIRFLOW__SECTION__KEY_SECRET as the name of a command and of
# a lookup key, but these options end that way themselves (airflow-core, [api_auth] jwt_secret).
AIRFLOW_SECRET_OPTIONS = ("JWT_SECRET", "CLIENT_SECRET")
AIRFLOW_POINTERS = ("_CMD", "_SECRET")

SECRET_FIELDS = frozenset({
    "password", "token", "secret", "private_key", "key_json", "keyfile_dict", "aws_secret_access_key",
    "client_secret", "api_key", "auth", "secret_id", "passwd", "pwd", "passphrase", "private_key_passphrase",
    "access_token", "refresh_token", "api_token", "jwt_token", "radius_secret", "aws_session_token", "sas_token",
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
    last = words.rpartition("_")[0].rpartition("_")[2]
    is_glued = last not in HARMLESS_WORDS and re.fullmatch(GLUED, last) is not None
    return is_glued or last == "PASS" or any(f"_{word}_" in words for word in SECRET_WORDS)


def plain_secret_name(name: str) -> bool:
    """Whether the name says that the value itself is the secret: its last word does, but for which one it is.

    Of `SECRET_SANTA_TEAM` and `TOKEN_RULES` only the value can tell.
    """
    words = _words(name).strip("_").split("_")
    while len(words) > 1 and words[-1] in QUALIFIERS:
        words.pop()
    kept = f"_{'_'.join(words)}_"
    return _ends(kept, SECRET_WORDS) or re.fullmatch(GLUED, words[-1]) is not None


def weak_secret_name(name: str) -> bool:
    """Whether the name ends with a word that can be one for a secret: PASS, AUTH or KEY."""
    words = _words(name).strip("_").split("_")
    if name.upper().startswith((airflow.OPTION, airflow.CONNECTION)) or words[-1] not in WEAK_LAST_WORDS:
        return False
    return words[-1] != "KEY" or (len(words) > 1 and words[-2] not in HARMLESS_KEYS)


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
