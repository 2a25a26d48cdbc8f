"""What is a secret, and what of the user's files may be shown.

Two opposite questions, answered by two opposite means. Whether a text is a secret is decided by lists
of what secrets look like: names and patterns, below. Whether a text may be printed is decided by a list
of what is harmless: everything else stays hidden, secret or not.

No function here returns any part of the text it was asked about, except `shown`, for harmless texts.
Every pattern is searched in linear time, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from astrovet import airflow
from astrovet.value import Known, shape

# --- Names that look secret (our own list, November 2026) ------------------------------------------
# Compared in capitals and word by word, so that TOKEN is not found in TOKENIZER or MAX_TOKENS.

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

# --- Patterns of values (our own list, November 2026) ----------------------------------------------
# The kind, the texts of which one occurs wherever the pattern matches (so that most values never meet
# the pattern), and the pattern, whose group is what must not be a placeholder. Each either stops after
# a fixed number of characters or cannot begin again inside its own match: linear time.

PATTERNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("AWS key id", ("AKIA", "ASIA"), r"(?<![0-9A-Za-z])(?:AKIA|ASIA)(?![0-9A-Z]*EXAMPLE)([0-9A-Z]{16})(?![0-9A-Za-z])"),
    ("GitHub token", ("gh",), r"(?<![0-9A-Za-z])gh[pousr]_([A-Za-z0-9]{36,})"),
    ("GitHub token", ("github_pat_",), r"(?<![0-9A-Za-z])github_pat_([A-Za-z0-9_]{22,})"),
    ("GitLab token", ("glpat-",), r"(?<![0-9A-Za-z])glpat-([A-Za-z0-9_-]{20,})"),
    ("Slack token", ("xox",), r"(?<![0-9A-Za-z])xox[abprs]-([A-Za-z0-9-]{10,})"),
    ("Slack webhook", ("hooks.slack.com",), r"https://hooks\.slack\.com/services/T\w++/\w++/(\w++)"),
    ("private key", ("PRIVATE KEY",), r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY)"),
    ("JWT", ("eyJ",), r"(?<![\w-])eyJ[\w-]++\.eyJ[\w-]++\.([\w-]++)"),
    ("Google API key", ("AIza",), r"(?<![0-9A-Za-z])AIza([0-9A-Za-z_-]{35})"),
    ("Azure account key", ("AccountKey=",), r"AccountKey=([A-Za-z0-9+/]{80,}+={0,2})"),
    ("Vault token", ("hvs.", "hvb."), r"(?<![0-9A-Za-z])hv[sb]\.([A-Za-z0-9_.-]{20,})"),
)

# Both must occur in a shared access signature, in any order.
SIGNATURE = r"(?<![\w.-])sig=([^&\s\"']++)"
SIGNATURE_EXPIRY = r"(?<![\w.-])se=[0-9]"

AUTHORITY = r"(?<=[A-Za-z0-9])://([^\s/?#\"'`\\]++)"
URI = r"[A-Za-z][A-Za-z0-9+.-]*+://\S*+"

VARIABLE_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,120}"

PLACEHOLDER_BRACKETS = (
    ("<", ">"), ("${", "}"), ("$(", ")"), ("{{", "}}"), ("{%", "%}"), ("((", "))"), ("#{", "}"), ("@@", "@@"),
    ("[[", "]]"),
)  # fmt: skip
PLACEHOLDER_WORDS = frozenset({
    "", "~", "null", "changeme", "change-me", "change_me", "replace-me", "replaceme", "todo", "tbd", "fixme",
    "placeholder", "dummy", "redacted", "example", "insert-here", "not-a-token",
    "(known after apply)", "(sensitive value)",
})  # fmt: skip
PLACEHOLDER_NAME = r"\$[A-Z_][A-Z0-9_]*+|%[A-Z_][A-Z0-9_]*+%"
KNOWN_PREFIX = r"Bearer |gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|AIza|hv[sb]\.|sk-"

REFERENCE_STARTS = ("!vault", "$ANSIBLE_VAULT", "op://", "@Microsoft.KeyVault(")
REFERENCE = (
    r"ENC\[[^\]]*+\]|ref\+[\w.+-]++://\S*+|vault:[^#\s]++#\S++|arn:[a-z-]++:\S++"
    r"|projects/[^\s/]++/(?:locations/[^\s/]++/)?(?:secrets|keyRings)/\S++"
    r"|https://[\w-]++\.vault\.[a-z.]++/(?:secrets|keys)/\S++"
    r"|(?:var|local|module|data)(?:\.[A-Za-z_][\w-]*+|\[[^\]\s]*+\])++"
)
SETTING = r"(?<![\w.-])([\w.-]++)(\s*+[:=]\s*+)(\S++)"
TEMPLATE = r"\$\{[^{}]++\}|\$\(\w++\)|\{\{[^{}]*+\}\}|\{%[^{}]*+%\}"

# --- What may be printed: shapes and closed enumerations -----------------------------------------

SHOWABLE_SHAPE = (
    r"-?[0-9]{1,6}|-?[0-9]{1,3}\.[0-9]{1,3}"  # numbers
    r"|[0-9]{1,6}(?:ms|[smhdwy]|[KMGT]i)"  # durations and sizes
    r"|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?"  # IPv4 addresses and networks
    r"|(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}(?:/[0-9]{1,3})?"  # IPv6 addresses and networks
    r"|(?=.{2,43}\Z)"
    r"(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6})?::(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6})?(?:/[0-9]{1,3})?"
    r"|airflow\.(?:providers|secrets|dag_processing|sdk|models|executors|utils|logging)"
    r"(?:\.[a-z][a-z0-9_]{0,30}){1,8}\.[A-Z][A-Za-z0-9]{0,60}"  # Airflow's own classes
)
SHOWABLE_WORDS = frozenset({
    "", "true", "false", "null", "True", "False", "None", "yes", "no", "on", "off",
    # Astro provider, 1.5.2
    "STANDARD", "DEDICATED", "HYBRID", "CELERY", "KUBERNETES", "ASTRO", "AWS", "GCP", "AZURE", "SMALL", "MEDIUM",
    "LARGE", "EXTRA_LARGE", "A5", "A10", "A20", "A40", "A60", "A120", "A160", "ORGANIZATION", "WORKSPACE",
    "DEPLOYMENT", "DAG", "DAG_TAG", "AIRFLOW_VARIABLE", "ENVIRONMENT_VARIABLE", "CONNECTION", "METRICS_EXPORT",
    "AUTH_TOKEN", "BASIC", "PROMETHEUS", "ORGANIZATION_OWNER", "ORGANIZATION_MEMBER", "ORGANIZATION_BILLING_ADMIN",
    "ORGANIZATION_OBSERVE_ADMIN", "ORGANIZATION_OBSERVE_MEMBER", "WORKSPACE_OWNER", "WORKSPACE_MEMBER",
    "WORKSPACE_ACCESSOR", "WORKSPACE_OPERATOR", "WORKSPACE_AUTHOR", "DEPLOYMENT_ADMIN",
    # clouds
    "ingress", "egress", "INGRESS", "EGRESS", "Inbound", "Outbound", "Allow", "Deny", "tcp", "udp", "icmp", "icmpv6",
    "all", "Tcp", "Udp", "Icmp", "TCP", "UDP", "ICMP", "*", "Internet", "Any", "VirtualNetwork", "AzureLoadBalancer",
    "private", "public-read", "public-read-write", "authenticated-read", "blob", "container", "allUsers",
    "allAuthenticatedUsers", "enforced", "inherited", "AES256", "aws:kms", "aws:kms:dsse", "TLS1_0", "TLS1_1", "TLS1_2",
    "TLS1_3", "Enabled", "Disabled", "Suspended",
    # Kubernetes
    "LoadBalancer", "NodePort", "ClusterIP", "ExternalName", "Always", "IfNotPresent", "Never", "Cluster", "Local",
    "RuntimeDefault", "Unconfined", "Localhost", "ALL", "NONE",
    # Airflow, Helm and the rest
    "CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "critical", "error", "warning", "info", "debug", "disable",
    "allow", "prefer", "require", "verify-ca", "verify-full", "unified", "control", "data",
})  # fmt: skip

# Schemes that may be named, with the article they are read with.
SHOWABLE_SCHEMES = {
    "s3": "an", "gs": "a", "gcs": "a", "abfs": "an", "abfss": "an", "wasb": "a", "adl": "an", "file": "a",
    "http": "an", "https": "an", "git": "a", "ssh": "an",
}  # fmt: skip

NOT_SHOWN = "a value that is not shown"
REDACTED = "(secret)"


def secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret, by its name alone: by `SECRET_WORDS`.

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


def placeholder(text: str) -> bool:
    """Whether the whole text stands for a value that somebody or something has still to put in."""
    text = text.strip()
    word = text.lower()
    if word in PLACEHOLDER_WORDS or word.startswith(("your-", "your_")):
        return True
    if word.startswith("my-") and word.endswith("-here"):
        return True
    if any(_is_bracketed(text, opening, closing) for opening, closing in PLACEHOLDER_BRACKETS):
        return True
    if re.fullmatch(PLACEHOLDER_NAME, text):
        return True
    return _is_run(text) or _is_run(re.sub(rf"\A(?:{KNOWN_PREFIX})", "", text))


def reference(text: str) -> bool:
    """Whether the whole text is encrypted, or only says where the value is kept."""
    text = text.strip()
    return text.startswith(REFERENCE_STARTS) or re.fullmatch(REFERENCE, text) is not None


def literal(text: str) -> bool:
    """Whether the text is itself the value: neither empty, nor a placeholder, nor a reference."""
    return not placeholder(text) and not reference(text)


def template(text: str) -> bool:
    """Whether a part of the text is filled in by a later step: `${NAME}`, `$(NAME)`, `{{ ... }}`, `{% ... %}`."""
    return re.search(TEMPLATE, text) is not None


def before_template(text: str) -> str:
    """The text up to the first part of it that a later step fills in; all of it where there is none."""
    found = re.search(TEMPLATE, text)
    return text[: found.start()] if found is not None else text


def pattern_kind(text: str) -> str | None:
    """The kind of secret that the text, or a leaf of it where it is JSON, looks like.

    Only the kind: "AWS key id", "GitHub token", "URI with a password", never a part of the text.
    """
    for _, node in _nodes(text):
        kind = _map_kind(node) if isinstance(node, dict) else _text_kind(node)
        if kind is not None:
            return kind
    return None


def without_secrets(text: str) -> str:
    """What people wrote, without the words that look like a secret or are set to a secret-looking name."""
    said = re.sub(SETTING, _without_value, text)
    words = (REDACTED if pattern_kind(word) is not None else word for word in re.split(r"(\s+)", said))
    joined = "".join(words)
    return joined if credential_kind("", joined) is None else REDACTED


def credential_kind(name: str, text: str) -> str | None:
    """Why the literal text of the environment variable `name` is a secret; None where it is none.

    The answer completes "it holds ...": "a GitHub token", "a JSON field `password`", "a value under a
    secret-looking name".
    """
    kind = pattern_kind(text)
    if kind is not None:
        return f"{'an' if kind[0] in 'AEIO' else 'a'} {kind}"
    for field, value in _fields(text):
        if secret_field(field) and _is_telling(value):
            # Only a field of the list is named: any other is a part of the value.
            return f"a JSON field `{field}`" if field in SECRET_FIELDS else "a secret-looking JSON field"
    for parameter, value in _parameters(text):
        if secret_field(parameter) and _is_telling(value):
            return "an address with a secret-looking parameter"
    if secret_name(name) and _is_secret_by_name(name, text):
        return "a value under a secret-looking name"
    return None


def showable(text: str) -> bool:
    """Whether the text may be printed: it has a harmless shape, or is one of a closed enumeration."""
    return text in SHOWABLE_WORDS or re.fullmatch(SHOWABLE_SHAPE, text) is not None


def is_variable_name(text: str) -> bool:
    """Whether a text where the name of a variable stands looks like one, and so may be printed."""
    return re.fullmatch(VARIABLE_NAME, text) is not None and pattern_kind(text) is None


def shown(known: Known[Any]) -> str:
    """How a message mentions a value: in quotes where it may be printed, else by what it is."""
    match known.value:
        case _ if known.sensitive:
            return NOT_SHOWN
        case bool(flag):
            return f'"{str(flag).lower()}"'
        case str() | int() | float() as leaf:
            content = str(leaf)
        case tree:
            return shape(tree)
    if showable(content):
        return f'"{content}"'
    scheme, separator, _ = content.partition("://")
    article = SHOWABLE_SCHEMES.get(scheme.lower()) if separator else None
    return f"{article} {scheme.lower()}:// address" if article else NOT_SHOWN


class Redactor:
    """Takes known secrets out of a text, as a last line of defence: `redactor(text)`.

    Looks for each secret of six or more characters, also as JSON and as percent-encoding write it.
    Not a record, on purpose: a record's `repr` would print the secrets.
    """

    __slots__ = ("_forms", "_lengths")

    _HEAD = 6

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms = {form for secret in secrets for form in _written_forms(secret) if len(form) >= self._HEAD}
        # By the first characters of a secret: how long the ones are that begin so, the longest first.
        lengths: dict[str, set[int]] = {}
        for form in self._forms:
            lengths.setdefault(form[: self._HEAD], set()).add(len(form))
        self._lengths = {head: sorted(found, reverse=True) for head, found in lengths.items()}

    def __call__(self, text: str) -> str:
        """The text with every known secret replaced; overlapping ones are replaced as one."""
        pieces: list[str] = []
        hidden_to = 0  # everything before it is in `pieces`, shown or hidden
        for start in range(len(text) - self._HEAD + 1) if self._forms else ():
            lengths = self._lengths.get(text[start : start + self._HEAD], ())
            length = next((length for length in lengths if text[start : start + length] in self._forms), 0)
            if length:
                if start >= hidden_to:
                    pieces += (text[hidden_to:start], REDACTED)
                hidden_to = max(hidden_to, start + length)
        return "".join((*pieces, text[hidden_to:]))


def _without_value(setting: re.Match[str]) -> str:
    return f"{setting[1]}{setting[2]}{REDACTED}" if secret_name(setting[1]) else setting[0]


def _words(name: str) -> str:
    """`apiKey2` as `_API_KEY_`. Digits part words as underscores do, so that TOKEN2 is a token."""
    return f"_{'_'.join(re.findall(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+', name)).upper()}_"


def _ends(words: str, endings: tuple[str, ...]) -> bool:
    return words.endswith(tuple(f"_{ending}_" for ending in endings))


def _written_forms(secret: str) -> tuple[str, ...]:
    try:
        octets = secret.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which neither JSON nor a URI can carry
        return (secret,)
    percent = "".join(chr(octet) if chr(octet) in _UNRESERVED else f"%{octet:02X}" for octet in octets)
    return (secret, msgspec.json.encode(secret)[1:-1].decode(), percent)


_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


def _is_bracketed(text: str, opening: str, closing: str) -> bool:
    """`${a}` and `${a:-${b}}`, but neither `${a}text${b}` nor the JSON list `[["a"]]`."""
    if not (text.startswith(opening) and text.endswith(closing) and len(text) >= len(opening) + len(closing)):
        return False
    inner = text[len(opening) : -len(closing)]
    first_end = inner.find(closing)
    return not (first_end >= 0 and opening in inner[first_end:]) and not (opening == "[[" and '"' in inner)


def _is_run(text: str) -> bool:
    """`xxxx`, `****`, `00000000-0000`: one character over and over."""
    return len(text) > 2 and len(set(text) - {"-"}) <= 1


def _nodes(text: str) -> Iterator[tuple[str, str | dict[str, Any]]]:
    """The text itself; where it is JSON also its maps and texts, each with its key, and JSON inside them."""
    pending: list[tuple[str, Any]] = [("", text)]
    while pending:
        key, node = pending.pop()
        if isinstance(node, str):
            yield key, node
            pending.append((key, _json(node)))
        elif isinstance(node, dict):
            yield key, node
            pending.extend(node.items())
        elif isinstance(node, list):
            pending.extend((key, item) for item in node)


def _json(text: str) -> Any:
    """The map or list that the text spells; None for every other text."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _map_kind(tree: dict[str, Any]) -> str | None:
    if tree.get("type") == "service_account" and _is_literal(tree.get("private_key")):
        return "Google service account key"
    registries = tree.get("auths")
    if isinstance(registries, dict) and any(
        _is_literal(registry.get(field))
        for registry in registries.values()
        if isinstance(registry, dict)
        for field in ("auth", "password", "identitytoken")
    ):
        return "registry login (docker config)"
    return None


def _text_kind(text: str) -> str | None:
    for kind, hints, pattern in PATTERNS:
        if any(hint in text for hint in hints) and _is_found(pattern, text):
            return kind
    if "sig=" in text and re.search(SIGNATURE_EXPIRY, text) and _is_found(SIGNATURE, text):
        return "Azure shared access signature"
    if "://" in text and any(_is_literal(password) for password in _passwords(text)):
        return "URI with a password"
    return None


def _is_found(pattern: str, text: str) -> bool:
    return any(not placeholder(match[1]) for match in re.finditer(pattern, text))


def _is_literal(node: object) -> bool:
    return isinstance(node, str) and literal(node)


def _passwords(text: str) -> Iterator[str]:
    """The passwords of `scheme://user:password@host`, anywhere in the text."""
    for authority in re.findall(AUTHORITY, text):
        yield authority.rpartition("@")[0].partition(":")[2]


def _fields(text: str) -> Iterator[tuple[str, str]]:
    return ((key, node) for key, node in _nodes(text) if key and isinstance(node, str))


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    """The query parameters of a URI; for Airflow's `__extra__`, which is JSON, the fields in it too."""
    if "?" not in text or not re.fullmatch(URI, text.strip()):
        return
    from urllib.parse import unquote_plus  # rarely needed, slow to import

    for pair in text.partition("?")[2].partition("#")[0].split("&"):
        parameter, _, value = pair.partition("=")
        decoded = unquote_plus(value)
        yield unquote_plus(parameter), decoded
        yield from _fields(decoded)


def _is_telling(value: str) -> bool:
    """Whether the value of a secret-looking field is one: literal, no switch, nothing filled in from elsewhere."""
    return literal(value) and value.lower() not in ("true", "false") and not template(value)


def _is_secret_by_name(name: str, text: str) -> bool:
    """Whether the name is enough: it is not for switches, numbers, short texts and addresses without password."""
    text = text.strip()
    if len(text) < 4 or showable(text) or re.fullmatch(r"[+-]?[0-9]*+\.?[0-9]*+", text):
        return False
    if re.fullmatch(URI, text) and not _ends(_words(name), SECRET_ENDINGS):
        return False
    return _is_telling(text)
