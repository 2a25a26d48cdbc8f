"""Which addresses others can read along, and what the model takes from connections and from Vector."""

from __future__ import annotations

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.connection import connection
from astrovet.place import Place
from astrovet.readers.agent.log_sinks import log_sinks
from astrovet.value import Absent, Known, Unknown
from astrovet_rules.tables.tls import is_switch, switches_off
from astrovet_rules.tables.urls import cleartext_scheme, is_of_third_party, speaks_https

HERE = Place("values.yaml", 1, 1)


@pytest.mark.parametrize(
    "address",
    [
        "http://vault.acme.example:8200",
        "HTTP://VAULT.ACME.EXAMPLE",
        "http://airflow:pass@vault.acme.example/",
        "http://10.20.0.4:8200",
        "http://vault.svcs:80",
        "http://[2001:db8::5]:8200/",
        "http://${VAULT_HOST}:8200",
        "http://{{ .Values.host }}/v1",
        "http://",
    ],
)
def test_others_read_along(address: str) -> None:
    assert cleartext_scheme(address) == "http"


@pytest.mark.parametrize(
    "address",
    [
        "https://vault.acme.example",
        "http://localhost:8200",
        "http://agent.localhost/",
        "http://127.8.0.1",
        "http://[::1]:8200/",
        "http://[fe80::1]/",
        "http://169.254.170.2/v2/credentials",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://vault:8200",
        "http://vault.vault.svc",
        "http://vault.vault.svc:${PORT}/v1",
        "http://vault.vault.svc.cluster.local:8200/v1",
        "http://${RELEASE}-loki.logging.svc:3100",
        "git@github.com:acme/dags.git",
        "vault.acme.example:8200",
        "s3://acme-task-logs/prod",
        "",
    ],
)
def test_nobody_reads_along(address: str) -> None:
    assert cleartext_scheme(address) == ""


def test_git_without_encryption() -> None:
    assert cleartext_scheme("git://git.acme.example/dags.git") == "git"


def test_where_only_the_scheme_has_to_change() -> None:
    assert speaks_https("http://cm0k8x0.external.astronomer.run/d7f3k2a1")
    assert not speaks_https("http://astronomer.run.acme.example/")
    assert not speaks_https("http://notastronomer.run/")


@pytest.mark.parametrize(
    ("name", "value", "off"),
    [
        ("GIT_SSL_NO_VERIFY", "false", True),
        ("GIT_SSL_NO_VERIFY", "", True),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "0", True),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "false", False),
        ("AIRFLOW__KUBERNETES_EXECUTOR__VERIFY_SSL", "F", True),
        ("AIRFLOW__KUBERNETES_EXECUTOR__VERIFY_SSL", "True", False),
        ("AIRFLOW__ELASTICSEARCH_CONFIGS__CA_CERTS", "false", False),
        ("ACME_SSL_VERIFY", "false", False),
    ],
)
def test_what_a_variable_switches_off(name: str, value: str, off: bool) -> None:
    assert switches_off(name, value) is off
    assert is_switch(name) or not off


def test_a_connection_in_json() -> None:
    parsed = connection(
        Known('{"host": "https://git.acme.example", "extra": {"strict_host_key_checking": "no"}}', HERE)
    )
    assert isinstance(parsed.host, Known)
    assert parsed.host.value == "https://git.acme.example"
    setting = parsed.setting("strict_host_key_checking")
    assert isinstance(setting, Known)
    assert setting.value == "no"


@pytest.mark.parametrize(
    "written",
    [
        '{"extra": "{\\"strict_host_key_checking\\": \\"no\\"}"}',
        "git://git@git.acme.example?strict_host_key_checking=no",
        "git://git@git.acme.example?__extra__=%7B%22strict_host_key_checking%22%3A%20%22no%22%7D",
    ],
)
def test_where_a_connection_keeps_its_settings(written: str) -> None:
    setting = connection(Known(written, HERE)).setting("strict_host_key_checking")
    assert isinstance(setting, Known)
    assert setting.value == "no"


@pytest.mark.parametrize("written", ["git://git@git.acme.example", '{"conn_type": "git"}'])
def test_a_connection_without_settings(written: str) -> None:
    assert isinstance(connection(Known(written, HERE)).setting("strict_host_key_checking"), Absent)


def test_a_connection_that_is_no_json() -> None:
    assert isinstance(connection(Known('{"conn_type": ', HERE)).setting("port"), Unknown)


SINKS = """\
sinks:
  search:
    type: elasticsearch
    endpoints: [https://a.acme.example, http://b.acme.example]
    tls: {verify_certificate: false, min_tls_version: TLSv1.1}
  telemetry:
    type: opentelemetry
    protocol:
      uri: http://otel.acme.example:4318
      tls: {verify_hostname: false}
  broker:
    type: pulsar
    protocol: plain
    endpoint: pulsar.acme.example:6650
"""


def test_the_sinks_of_vector() -> None:
    sinks = log_sinks(read_yaml("vector.yaml", SINKS)[0].root)
    assert isinstance(sinks, Known)
    search, telemetry, broker = sinks.value
    assert [address.value for address in search.addresses if isinstance(address, Known)] == [
        "https://a.acme.example",
        "http://b.acme.example",
    ]
    assert isinstance(search.verify_certificate, Known)
    assert search.verify_certificate.value is False
    assert isinstance(search.minimum_tls, Known)
    assert search.minimum_tls.value == "TLSv1.1"
    assert [address.value for address in telemetry.addresses if isinstance(address, Known)] == [
        "http://otel.acme.example:4318"
    ]
    assert isinstance(telemetry.verify_hostname, Known)
    assert telemetry.verify_hostname.value is False
    assert isinstance(telemetry.verify_certificate, Absent)
    assert [address.value for address in broker.addresses if isinstance(address, Known)] == ["pulsar.acme.example:6650"]
    assert isinstance(broker.verify_hostname, Absent)


@pytest.mark.parametrize("config", ["data_dir: /var/lib/vector\n", "sinks:\n"])
def test_no_sinks(config: str) -> None:
    assert isinstance(log_sinks(read_yaml("vector.yaml", config)[0].root), Absent)


@pytest.mark.parametrize(
    ("address", "is_third"),
    [
        ("https://lineage.catalogue.example/api", True),
        ("https://8.8.8.8:5000", True),
        ("https://organization.astronomer.run/api", False),
        ("https://astronomer.io", False),
        ("https://astronomer.io.evil.example", True),
        ("https://marquez.lineage.svc.cluster.local", False),
        ("http://marquez:5000", False),
        ("https://10.20.0.4", False),
        ("https://marquez.acme.internal", False),
        ("https://marquez.corp.", False),
        ("kafka", False),
        ("", False),
    ],
)
def test_an_address_is_of_a_third_party_where_it_leads_out_and_not_to_the_vendor(address: str, is_third: bool) -> None:
    assert is_of_third_party(address) is is_third
