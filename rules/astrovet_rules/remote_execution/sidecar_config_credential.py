"""The configuration of the logging sidecar must hold no credential in clear text.

## Why

Whoever reads the credential can write to the store of the logs, and often read all that lies there: what tasks
logged, of every team that logs to it. Values files are kept in repositories and pipelines, and the chart puts the
configuration into a ConfigMap, which everybody may read who may look at the namespace.

## Fix

Replace the credential, for it counts as known. Give the new one to the sidecar as a variable from a Kubernetes Secret
and name that in the configuration; for the stores of a cloud let the Pod log in with its own identity.

Before:

    loggingSidecar:
      config: |
        sinks:
          search:
            type: elasticsearch
            endpoints: ["https://logs.acme.example"]
            auth: {strategy: basic, user: airflow, password: kestrel-41-harbour}

After:

    loggingSidecar:
      env:
        - name: LOGS_PASSWORD
          valueFrom: {secretKeyRef: {name: logs, key: password}}
      config: |
        sinks:
          search:
            type: elasticsearch
            endpoints: ["https://logs.acme.example"]
            auth: {strategy: basic, user: airflow, password: "${LOGS_PASSWORD}"}

## Not reported

Variables (`${NAME}`, `$NAME`), Vector's own references (`SECRET[store.key]`) and templates; placeholders, paths of
files, names of users. A sidecar that is switched off is judged all the same: its configuration stands in the values.
"""

import re
from collections.abc import Iterator

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    List,
    Map,
    Severity,
    Tree,
    Unknown,
    Value,
    Verdicts,
    credential_kind,
    fail_if_written,
    literal,
    rule,
    template,
    undecided,
)

REMEDY = "revoke it, and name a variable that comes from a Kubernetes Secret: `${NAME}`"
CREDENTIALS = frozenset({"password", "license_key", "shared_key", "key_pass", "account_key"})
"""Options of Vector's that hold a credential whatever it looks like (its reference of sinks, November 2026)."""
HEADERS = frozenset({"authorization", "proxy-authorization"})
FILLED_IN = r"\$[A-Za-z_{]|SECRET\["
"""Where Vector puts in a variable or a secret of its own store."""
SWITCHES = frozenset({"none", "true", "false"})


@rule(
    "REX037",
    "sidecar-config-credential",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("D:remote-agents-logging-sidecar", "T2", "S000-12"),
    controls=("PCI DSS v4 8.6.2", "SOC 2 CC6.1"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for option, setting in _settings("", agent.logging_sidecar.config):
        match setting:
            case Known(str() | int() as content) as known if kind := _kind(option, str(content)):
                message = f"the logging sidecar's configuration holds {kind} in clear text"
                yield fail_if_written(known, message, remedy=REMEDY, about=known.place.pointer)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known() | Absent():
                pass


def _settings(option: str, value: Value[Tree]) -> Iterator[tuple[str, Value[Tree]]]:
    """Every setting with the name of its option; of what is unknown only whole parts and credentials."""
    match value:
        case Known(Map(entries, unlisted)):
            if unlisted is not None:
                yield option, unlisted
            for key, entry in entries.items():
                yield from _settings(key, entry.value)
        case Known(List(items)):
            for item in items:
                yield from _settings(option, item)
        case Known():
            yield option, value
        case Unknown() if not option or _is_credential(option):
            yield option, value
        case Unknown() | Absent():
            pass


def _kind(option: str, text: str) -> str | None:
    """What credential an option holds; None where it holds none, or one that is filled in later."""
    if re.search(FILLED_IN, text) or template(text) or not literal(text) or text.lower() in SWITCHES:
        return None
    return f"a credential under `{option.lower()}`" if _is_credential(option) else credential_kind(option, text)


def _is_credential(option: str) -> bool:
    return option in CREDENTIALS or option.lower() in HEADERS
