"""Texts that stand for a value and are none: placeholders, references, and templates that a later step fills in."""

from __future__ import annotations

import re

PLACEHOLDER_BRACKETS = (
    ("<", ">"), ("${", "}"), ("$(", ")"), ("{{", "}}"), ("{%", "%}"), ("((", "))"), ("#{", "}"), ("@@", "@@"),
    ("[[", "]]"),
)  # fmt: skip
PLACEHOLDER_WORDS = frozenset({
    "", "~", "null", "changeme", "change-me", "replace-me", "replaceme", "todo", "tbd", "fixme",
    "placeholder", "dummy", "redacted", "example", "insert-here", "not-a-token",
    "(known-after-apply)", "(sensitive-value)",
})  # fmt: skip
"""In small letters, with hyphens between the words: `REPLACE_ME` and `Replace me` are the same."""
STAND_INS = frozenset({
    "sample", "dummy", "fake", "placeholder", "changeme", "replaceme", "redacted", "todo", "fixme", "tbd",
    "foobar", "notreal", "mock",
})  # fmt: skip
"""Words that make a text with one of them no secret."""
STAND_IN_PHRASES = ("change-me", "replace-me", "not-a-token", "insert-", "fill-in", "your-", "-here", "to-be-")
DESCRIBING = frozenset({
    "my", "api", "token", "key", "secret", "password", "passwd", "pass", "access", "client", "auth", "value", "user",
    "db", "database", "credential", "credentials", "connection", "string", "app", "service", "account", "webhook",
})  # fmt: skip
"""Words that only say what would stand there, as in `example_api_token`."""
PLACEHOLDER_NAME = r"\$[A-Z_][A-Z0-9_]*+|%[A-Z_][A-Z0-9_]*+%"
KNOWN_PREFIX = r"Bearer |gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|AIza|hv[sb]\.|sk-"

REFERENCE_STARTS = ("!vault", "$ANSIBLE_VAULT", "op://", "@Microsoft.KeyVault(")
REFERENCE = (
    r"ENC\[[^\]]*+\]|ref\+[\w.+-]++://\S*+|vault:[^#\s]++#\S++|arn:[a-z-]++:\S++"
    r"|projects/[^\s/]++/(?:locations/[^\s/]++/)?(?:secrets|keyRings)/\S++"
    r"|https://[\w-]++\.vault\.[a-z.]++/(?:secrets|keys)/\S++"
    r"|(?:var|local|module|data)(?:\.[A-Za-z_][\w-]*+|\[[^\]\s]*+\])++"
)
TEMPLATE = r"\$\{[^{}]++\}|\$\(\w++\)|\{\{[^{}]*+\}\}|\{%[^{}]*+%\}"


def placeholder(text: str) -> bool:
    """Whether the whole text stands for a value that somebody or something has still to put in."""
    text = text.strip()
    word = _in_words(text)
    if word in PLACEHOLDER_WORDS or word.startswith("your-"):
        return True
    if word.startswith("my-") and word.endswith("-here"):
        return True
    if any(_is_bracketed(text, opening, closing) for opening, closing in PLACEHOLDER_BRACKETS):
        return True
    if re.fullmatch(PLACEHOLDER_NAME, text):
        return True
    return _is_run(text) or _is_run(re.sub(rf"\A(?:{KNOWN_PREFIX})", "", text))


def stand_in(text: str) -> bool:
    """Whether a text under a secret-looking name is surely no secret, for its own words say so.

    More than a placeholder: `example_api_token`, `sk-abc123-replace-me`, the name of a variable (`HARBOUR_TOKEN`).
    """
    words = _in_words(text.strip())
    parts = set(words.split("-"))
    if (
        placeholder(text)
        or not STAND_INS.isdisjoint(parts)
        or ("example" in parts and parts - {"example"} <= DESCRIBING)
    ):
        return True
    if any(phrase in f"-{words}-" for phrase in STAND_IN_PHRASES):
        return True
    return re.fullmatch(r"[A-Z]{2,}+(?:_[A-Z]++)++", text.strip()) is not None


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
    first = re.search(TEMPLATE, text)
    return text[: first.start()] if first is not None else text


def _in_words(text: str) -> str:
    """In small letters, with a hyphen between the words."""
    return re.sub(r"[\s_-]+", "-", text.lower())


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
