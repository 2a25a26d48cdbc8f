"""What settings of Airflow mean, value by value: connections, switches, levels of logs, paths of XComs."""

from __future__ import annotations

import json

import pytest

from astrovet import Absent, Fail, Known, Severity, Unknown, Value, connection
from astrovet.judging.verdict import Undecided
from astrovet.model.network import Opening
from astrovet.place import Place
from astrovet_rules.network.openings import unknown_sources, world_open
from astrovet_rules.settings.airflow_switches import logs_everything, masking_off
from astrovet_rules.settings.connections import in_clear, unchecked
from astrovet_rules.settings.xcoms import path_fault, stays_in_database, threshold_fault
from astrovet_rules.tables.address_ranges import address_range, lies_in, overlap

HERE = Place("values.yaml", 3, 5)
HTTPS = "write https://: give `https` as the schema, or an address that begins with it"
FTPS = "use ftps or sftp"
ENCRYPT = 'set sslmode to "verify-full", or at least to "require"'


def written(**parts: object) -> Known[str]:
    return Known(json.dumps(parts), HERE)


@pytest.mark.parametrize(
    ("given", "message", "remedy"),
    [
        (written(conn_type="http", host="http://a.example"), "X goes over http://, in clear text", HTTPS),
        (written(conn_type="other", host="git://a.example"), "X goes over git://, in clear text", HTTPS),
        (written(conn_type="http", host="a.example"), "X goes over http://, in clear text", HTTPS),
        (written(conn_type="HTTP", host="a.example", schema="http"), "X goes over http://, in clear text", HTTPS),
        (written(conn_type="ftp", host="a.example"), "X goes over FTP, in clear text", FTPS),
        *(
            (
                written(conn_type=kind, host="a.example", extra={"sslmode": mode}),
                "the sslmode of X lets it go without encryption",
                ENCRYPT,
            )
            for kind, mode in (
                *(("postgres", mode) for mode in ("disable", "allow", "prefer", " Disable ")),
                *((kind, "disable") for kind in ("postgresql", "redshift", "greenplum", "cockroachdb")),
            )
        ),
        (
            Known("postgres://u:p@a.example/db?sslmode=prefer", HERE),
            "the sslmode of X lets it go without encryption",
            ENCRYPT,
        ),
        (Known("http://u:p@a.example/", HERE), "X goes over http://, in clear text", HTTPS),
        (Known("ftp://a.example", HERE), "X goes over FTP, in clear text", FTPS),
    ],
)
def test_connections_that_others_can_read(given: Known[str], message: str, remedy: str) -> None:
    (failure,) = in_clear("X", connection(given))
    assert isinstance(failure, Fail)
    assert (failure.message, failure.remedy, failure.severity, failure.about) == (message, remedy, Severity.MEDIUM, "X")
    assert (failure.place.path, failure.place.line) == ("values.yaml", 3)


@pytest.mark.parametrize(
    "given",
    [
        written(conn_type="http", host="https://a.example"),
        written(conn_type="http", host="a.example", schema="HTTPS"),
        written(conn_type="http", host="http://localhost"),
        written(conn_type="http", host="localhost"),
        written(conn_type="http", host="Vault"),
        written(conn_type="http", host=""),
        written(conn_type="http"),
        written(conn_type="http", host="a.example", schema={"a": 1}),
        written(conn_type="ftp", host="s3://a.example"),
        written(conn_type="ftp", host=""),
        written(conn_type="ftps", host="a.example"),
        written(host="a.example"),
        written(conn_type="postgres", host="a.example"),
        written(conn_type="postgres", host="a.example", extra={"sslmode": "require"}),
        written(conn_type="postgres", host="a.svc", extra={"sslmode": "disable"}),
        written(conn_type="mysql", host="a.example", extra={"sslmode": "disable"}),
    ],
)
def test_connections_that_nobody_reads(given: Known[str]) -> None:
    assert not list(in_clear("X", connection(given)))


CHECK = "remove `verify`; if the other end has a certificate of your own authority, name that instead"
KNOWN_HOSTS = "remove no_host_key_check, and give the server's host_key"


@pytest.mark.parametrize(
    ("kind", "extra", "expected"),
    [
        ("http", {"verify": False}, [("X does not check the certificate of the other end", CHECK)]),
        ("any", {"verify": "f"}, [("X does not check the certificate of the other end", CHECK)]),
        ("http", {"verify": True}, []),
        ("http", {"verify": "/etc/ca.pem"}, []),
        ("ssh", {"no_host_key_check": True}, [("X does not check the host key of the other end", KNOWN_HOSTS)]),
        ("SFTP", {"no_host_key_check": "true"}, [("X does not check the host key of the other end", KNOWN_HOSTS)]),
        ("ssh", {"no_host_key_check": False}, []),
        ("http", {"no_host_key_check": True}, []),
        (None, {"no_host_key_check": True}, []),
        (
            "ssh",
            {"verify": "0", "no_host_key_check": "1"},
            [
                ("X does not check the certificate of the other end", CHECK),
                ("X does not check the host key of the other end", KNOWN_HOSTS),
            ],
        ),
    ],
)
def test_connections_that_take_whoever_answers(kind: object, extra: object, expected: list[tuple[str, str]]) -> None:
    failures = list(unchecked("X", connection(written(conn_type=kind, host="a.example", extra=extra))))
    assert [(failure.message, failure.remedy) for failure in failures if isinstance(failure, Fail)] == expected
    for failure in failures:
        assert isinstance(failure, Fail)
        assert (failure.severity, failure.about) == (Severity.MEDIUM, "X")


@pytest.mark.parametrize(
    ("level", "is_debug"),
    [
        ("DEBUG", True),
        (" debug ", True),
        ("INFO", False),
        ("a=INFO, b=DEBUG", True),
        ("a=INFO b=debug", True),
        ("debug=INFO", False),
        ("a.debug", False),
        ("", False),
    ],
)
def test_levels_of_logs(level: str, is_debug: bool) -> None:
    whole, part = logs_everything([Known(level, HERE)], []), logs_everything([], [Known(level, HERE)])
    assert list(whole) == ([Fail(HERE, "the log level is DEBUG", "set it to INFO")] if is_debug else [])
    message, remedy = "the log level of a logger is DEBUG", "set the level of this logger to INFO"
    assert list(part) == ([Fail(HERE, message, remedy)] if is_debug else [])


@pytest.mark.parametrize(("text", "is_off"), [("False", True), ("0", True), ("True", False), ("no", False)])
def test_secrets_in_logs(text: str, is_off: bool) -> None:
    outcomes = list(masking_off([Known(text, HERE)]))
    remedy = 'remove AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS, or set it to "True"'
    assert outcomes == ([Fail(HERE, "secrets are not masked in logs", remedy)] if is_off else [])


SCHEMELESS = "the XCom path names no object store: it has no scheme"


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        *(
            (f"{scheme}://bucket/xcom", "")
            for scheme in ("s3", "s3a", "s3n", "gs", "gcs", "abfs", "abfss", "adl", "S3")
        ),
        ("s3://conn@bucket/xcom", ""),
        ("s3://bucket", ""),
        ("s3://conn@/xcom", "the XCom path names no bucket"),
        ("s3:///xcom", "the XCom path names no bucket"),
        ("", "no XCom path is set: tasks that hand a value over fail"),
        ("  ", "no XCom path is set: tasks that hand a value over fail"),
        ("/mnt/xcom", SCHEMELESS),
        ("bucket/xcom", SCHEMELESS),
        ("file:///mnt", "the XCom path lies on the disk of one Pod"),
        ("FILE:///mnt", "the XCom path lies on the disk of one Pod"),
        ("wasb://bucket/xcom", "no provider of Airflow opens the scheme of the XCom path"),
        ("https://bucket/xcom", "no provider of Airflow opens the scheme of the XCom path"),
    ],
)
def test_paths_of_xcoms(path: str, fault: str) -> None:
    assert path_fault(path) == fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("0", ""),
        (" 0 ", ""),
        ("1", "XComs smaller than the threshold stay in Astro's database"),
        ("1048576", "XComs smaller than the threshold stay in Astro's database"),
        ("-1", "a negative XCom threshold keeps every XCom in Astro's database"),
        ("--1", "the XCom threshold is no whole number"),
        ("1.5", "the XCom threshold is no whole number"),
        ("", "the XCom threshold is no whole number"),
        ("1k", "the XCom threshold is no whole number"),
    ],
)
def test_thresholds_of_xcoms(text: str, fault: str) -> None:
    assert threshold_fault(text) == fault


@pytest.mark.parametrize(
    ("backend", "stays"),
    [
        ("airflow.sdk.bases.xcom.BaseXCom", True),
        ("BaseXCom", True),
        ("acme.MyBaseXCom", False),
        ("BaseXCom.Other", False),
        ("", False),
    ],
)
def test_backends_of_xcoms(backend: str, stays: bool) -> None:
    assert stays_in_database(backend) is stays


def opening(ports: str, *sources: str | None, line: int = 1) -> Opening:
    given: tuple[Value[str], ...] = tuple(
        Unknown("no value for var.x", Place("main.tf", number))
        if source is None
        else Known(source, Place("main.tf", number))
        for number, source in enumerate(sources, start=10)
    )
    return Opening(Place("main.tf", line), ports, given)


@pytest.mark.parametrize(
    ("openings", "ports", "doubts"),
    [
        ([opening("tcp 22", "10.0.0.0/8", "0.0.0.0/0")], {"tcp 22": 11}, 0),
        ([opening("tcp 22", "0.0.0.0/1", "128.0.0.0/1", line=4)], {"tcp 22": 4}, 0),
        ([opening("tcp 22", "10.0.0.0/8")], {}, 0),
        ([opening("tcp 22", "10.0.0.0/8", None)], {}, 1),
        ([opening("tcp 22", None, "0.0.0.0/0")], {"tcp 22": 11}, 0),
        (
            [opening("tcp 22", "::/0"), opening("tcp 22", "a", "::/0"), opening("tcp 80", "*")],
            {"tcp 22": 10, "tcp 80": 10},
            0,
        ),
        ([opening("tcp 22", "0.0.0.0/0"), opening("tcp 80", None, None)], {"tcp 22": 10}, 2),
        ([opening("tcp 22")], {}, 0),
        ([], {}, 0),
    ],
)
def test_what_the_whole_world_reaches(openings: list[Opening], ports: dict[str, int], doubts: int) -> None:
    assert {words: place.line for words, place in world_open(tuple(openings)).items()} == ports
    assert len(unknown_sources(tuple(openings))) == doubts


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("10.0.0.0/24", "10.0.0.0/16", True),
        ("10.0.0.0/24", "10.0.1.0/24", False),
        ("10.0.0.0/24", "10.0.0.255", True),
        ("10.0.0.0/24", "10.0.0.0", True),
        ("10.0.0.0/24", "10.0.1.0", False),
        ("10.0.1.0/24", "10.0.0.255", False),
        ("10.0.0.0/24", "nonsense", False),
        ("::a00:0/104", "10.0.0.0/8", False),
        ("fd00::/8", "fd12::/16", True),
    ],
)
def test_ranges_that_share_an_address(one: str, other: str, shared: bool) -> None:
    assert overlap(one, other) is shared
    assert overlap(other, one) is shared


@pytest.mark.parametrize(
    ("inner", "outer", "inside"),
    [
        ("10.0.0.0/24", ["10.0.0.0/24"], True),
        ("10.0.0.0/24", ["192.0.2.0/24", "10.0.0.0/8"], True),
        ("10.0.0.0/8", ["10.0.0.0/24"], False),
        ("10.0.0.0/23", ["10.0.0.0/24", "10.0.1.0/24"], False),
        ("10.0.0.0/24", ["::/0"], False),
        ("10.0.0.0/24", [], False),
    ],
)
def test_ranges_within_others(inner: str, outer: list[str], inside: bool) -> None:
    given = address_range(inner)
    assert given is not None
    assert lies_in(given, [network for text in outer if (network := address_range(text)) is not None]) is inside


def test_nothing_written_is_no_fault_and_what_is_not_known_is_open() -> None:
    nothing = connection(Absent(HERE))
    assert [*in_clear("X", nothing), *unchecked("X", nothing)] == []
    unread = connection(written(conn_type="postgres", host="a.example", extra="no JSON"))
    for outcomes in (list(in_clear("X", unread)), list(unchecked("X", unread))):
        assert [type(outcome) for outcome in outcomes] == [Undecided]
    later = connection(Unknown("no value for var.x", HERE))
    assert not any(isinstance(outcome, Fail) for outcome in (*in_clear("X", later), *unchecked("X", later)))


@pytest.mark.parametrize(
    ("extra", "host", "open_questions"),
    [
        ({"sslmode": "prefer"}, "a.example", 1),
        ({"sslmode": "require"}, "a.example", 1),
        ({"sslmode": "prefer"}, "localhost", 0),
        ({}, "", 0),
    ],
)
def test_a_connection_of_which_the_type_is_not_known(extra: dict[str, object], host: str, open_questions: int) -> None:
    way = connection(written(conn_type={"a": 1}, host=host, extra=extra))
    outcomes = list(in_clear("X", way))
    assert [type(outcome) for outcome in outcomes] == [Undecided] * open_questions
    assert not any(isinstance(outcome, Fail) for outcome in outcomes)
