"""Settings that switch the checks of TLS and of SSH off, and versions of TLS that are too old.

Sources, read November 2026: Git's `http.c` and `config.c`, ssh_config(5); Node's documentation of its command line;
CPython 3.13's `ssl` module; apache-airflow-core 3.3.2 and the providers cncf-kubernetes 10.25.0, elasticsearch
6.10.0, opensearch 1.15.0 and git 1.0.1; Vector's `lib/vector-core/src/tls/settings.rs`.
"""

import re

from astrovet import airflow
from astrovet_rules.tables.booleans import is_false

NO_VERIFY_WHERE_SET = frozenset({"GIT_SSL_NO_VERIFY"})
"""Variables that switch the check off whatever their value is, also with `false` or an empty text."""

NO_VERIFY_WHERE_ZERO = frozenset({"NODE_TLS_REJECT_UNAUTHORIZED"})
"""Variables of which exactly `0` switches the check off."""

NO_VERIFY_IN_PYTHON_2 = "PYTHONHTTPSVERIFY"
"""As the others, but Python 3 does not look at it."""

NO_HOST_KEYS = r"(?i).*\bStrictHostKeyChecking[= ](?:no|off)\b.*"
"""In a command of SSH, with which Git reaches repositories."""
SSH_COMMANDS = frozenset({"GIT_SSH_COMMAND"})

GIT_SETTINGS = "GIT_CONFIG_PARAMETERS"
"""How `git -c` hands settings on: `'http.sslVerify=false' 'core.editor=vi'`, or each with a quoted key and value."""
GIT_SETTING_KEY, GIT_SETTING_VALUE = "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"
"""Before the number of a setting of which the one is the key and the other the value."""
GIT_VERIFY = r"(?i)http\.(?:.*\.)?sslVerify"
GIT_SSH = r"(?i)core\.sshCommand"
GIT_FALSE = frozenset({"false", "no", "off", "0", ""})

AIRFLOW_VERIFY = rf"{airflow.OPTION}\w+__\w*(?:SSL_VERIFY|VERIFY_SSL|VERIFY_CERTS)"
"""Airflow's options for it, such as `[kubernetes_executor] verify_ssl` and `[elasticsearch_configs] verify_certs`."""

NO_HOST_KEY_CHECK = frozenset({"no", "off"})
"""Values of a Git connection's `strict_host_key_checking` with which SSH trusts every server, every time."""

OLD_TLS = frozenset({"TLSv1", "TLSv1.1"})
"""Vector's spellings of the versions below TLS 1.2 (C-02)."""
NOT_NEWEST = frozenset({"TLSv1.2"})
"""And of what else is too old where TLS 1.3 is declared."""


def switches_off(name: str, value: str) -> bool:
    """Whether an environment variable with this value keeps programs from checking certificates."""
    if name in NO_VERIFY_WHERE_SET:
        return True
    if name == GIT_SETTINGS:
        return any(_git_off(key, setting) for key, setting in _git_settings(value))
    if name in NO_VERIFY_WHERE_ZERO or name == NO_VERIFY_IN_PYTHON_2:
        return value.strip() == "0"
    return re.fullmatch(AIRFLOW_VERIFY, name) is not None and is_false(value)


def takes_any_host(name: str, value: str) -> bool:
    """Whether an environment variable with this value makes Git's SSH trust every server, every time."""
    if name == GIT_SETTINGS:
        return any(_git_host_keys(key, setting) for key, setting in _git_settings(value))
    return name in SSH_COMMANDS and re.fullmatch(NO_HOST_KEYS, value, re.DOTALL) is not None


def git_pair(key: str, value: str) -> str:
    """What a setting of Git's switches off: "certificates", "host keys"; empty for every other."""
    if _git_off(key, value):
        return "certificates"
    return "host keys" if _git_host_keys(key, value) else ""


def _git_settings(text: str) -> list[tuple[str, str]]:
    """The settings of `GIT_CONFIG_PARAMETERS`."""
    words = [word.replace("'", "") for word in re.findall(r"(?:'[^']*'|[^\s'])+", text)]
    return [(key, value if equals else "true") for key, equals, value in (word.partition("=") for word in words)]


def _git_off(key: str, value: str) -> bool:
    return re.fullmatch(GIT_VERIFY, key.strip()) is not None and value.strip().lower() in GIT_FALSE


def _git_host_keys(key: str, value: str) -> bool:
    return re.fullmatch(GIT_SSH, key.strip()) is not None and re.fullmatch(NO_HOST_KEYS, value, re.DOTALL) is not None


def is_switch(name: str) -> bool:
    """Whether an environment variable can keep programs from checking certificates."""
    switches = NO_VERIFY_WHERE_SET | NO_VERIFY_WHERE_ZERO | SSH_COMMANDS | {NO_VERIFY_IN_PYTHON_2, GIT_SETTINGS}
    return name in switches or re.fullmatch(AIRFLOW_VERIFY, name) is not None
