"""What is a secret, and what may be shown."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet import secrecy
from astrovet.place import Place
from astrovet.secrecy import (
    Redactor,
    connection_name,
    credential_kind,
    literal,
    pattern_kind,
    placeholder,
    reference,
    secret_field,
    secret_name,
    showable,
    showable_as,
    shown,
    template,
)
from astrovet.value import Known, List, Map

# Put together here, so that no scanner of this repository takes them for real ones.
AWS_KEY = "AKIA" + "QWERTYUIOPASDFGH"
GITHUB = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
GITLAB = "glpat-" + "a1B2c3D4e5F6g7H8i9J0"
SLACK = "xoxb-" + "1234567890-abcdef"
SLACK_HOOK = "https://hooks.slack.com" + "/services/T0AB12CD3/B0AB12CD3/a1B2c3D4e5F6g7H8"
PEM = "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n"
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".dozjgNryP4J3jVmNHl0w"
GOOGLE = "AIza" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"
ACCOUNT = "DefaultEndpointsProtocol=https;AccountName=logs;AccountKey=" + "a1B2" * 21 + "ab=="
SIGNED = "https://logs.blob.core.windows.net/c?sv=2022-11-02&se=2027-01-01T00%3A00Z&sr=c&sig=a1B2c3D4e5F6%3D"
VAULT = "hvs." + "CAESIJ1a2b3c4d5e6f7g8h9i"
URI = "postgresql://airflow:s3cr3t@db.internal:5432/airflow"

KINDS = [
    (AWS_KEY, "AWS key id"),
    (GITHUB, "GitHub token"),
    ("github_pat_" + "11ABCDEFG0a1B2c3D4e5F6", "GitHub token"),
    (GITLAB, "GitLab token"),
    (SLACK, "Slack token"),
    (SLACK_HOOK, "Slack webhook"),
    (PEM, "private key"),
    (JWT, "JWT"),
    (GOOGLE, "Google API key"),
    (ACCOUNT, "Azure account key"),
    (SIGNED, "Azure shared access signature"),
    (SIGNED.partition("?")[2], "Azure shared access signature"),
    (VAULT, "Vault token"),
    (URI, "URI with a password"),
    ("redis://:s3cr3t@cache:6379/0", "URI with a password"),
    ("https://" + GITHUB + "@github.com/acme/dags.git", "GitHub token"),
    (f"curl -H 'Authorization: Bearer {GITLAB}' https://gitlab.com", "GitLab token"),
    ('{"auths": {"images.astronomer.cloud": {"auth": "Y2xpOmFiYw=="}}}', "registry login (docker config)"),
    ('{"auths": {"r.example": {"identitytoken": "a1B2c3"}}}', "registry login (docker config)"),
    ('{"type": "service_account", "private_key": "a1B2c3"}', "Google service account key"),
]


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD", "DB_PASSWORD", "db-password", "dbPassword", "POSTGRES_PWD", "GITHUB_TOKEN", "githubToken2",
        "API_KEY",
        "apiKey", "OPENAI_APIKEY", "OpenAIApiKey", "AWS_SECRET_ACCESS_KEY", "STORAGE_ACCOUNT_KEY", "SLACK_WEBHOOK_URL",
        "slackWebhookUrl", "AZURE_SAS", "AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__WEBSERVER__SECRET_KEY",
        "AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW_VAR_PARTNER_TOKEN", "GOOGLE.CREDENTIALS",
        "DATABASE_CONNECTION_STRING",
    ],
)  # fmt: skip
def test_a_name_with_a_secret_word_is_a_secret_name(name: str) -> None:
    assert secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "MAX_TOKENS", "TOKENIZER", "TOKENIZERS_PARALLELISM", "PUBLIC_KEY", "PRIMARY_KEY", "PARTITION_KEY", "SORT_KEY",
        "CACHE_KEY", "SECRET_NAME", "SECRETS_BACKEND", "SECRETARY", "KEYBOARD", "AWS_ACCESS_KEY_ID", "TOKEN_FILE",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "TOKEN_URL", "TOKEN_TTL", "SECRET_ARN", "PASSWORD_MIN_LIMIT", "tokenType", "ASTRO_DEPLOYMENT_ID", "",
        "AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS", "AIRFLOW__CORE__FERNET_KEY_CMD",
        "AIRFLOW__CORE__FERNET_KEY_SECRET", "AIRFLOW__API_AUTH__JWT_SECRET_CMD", "AIRFLOW__SECRETS__BACKEND_KWARGS",
        "AIRFLOW__SECRETS__BACKEND_KWARG__TOKEN", "AIRFLOW__WORKERS__SECRETS_BACKEND_KWARGS", "AIRFLOW_CONN_MY_TOKEN",
    ],
)  # fmt: skip
def test_a_name_without_one_or_with_a_harmless_ending_is_not(name: str) -> None:
    assert not secret_name(name)


def test_a_connection_is_recognised_by_its_name() -> None:
    assert connection_name("AIRFLOW_CONN_GIT_REPO")
    assert not connection_name("AIRFLOW__CORE__SQL_ALCHEMY_CONN")


@pytest.mark.parametrize(
    "field",
    [
        "password",
        "auth",
        "private_key",
        "extra__google_cloud_platform__keyfile_dict",
        "clientSecret",
        "jwt_token",
        "AUTH",
        "extra__http__Auth",
    ],
)
def test_a_secret_field(field: str) -> None:
    assert secret_field(field)


@pytest.mark.parametrize("field", ["login", "host", "private_key_path", "token_url", "author", "keyfile_path"])
def test_no_secret_field(field: str) -> None:
    assert not secret_field(field)


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_each_pattern_has_its_kind(text: str, kind: str) -> None:
    assert pattern_kind(text) == kind


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_a_pattern_is_found_in_json_and_in_json_inside_json(text: str, kind: str) -> None:
    once = json.dumps({"conn_type": "git", "list": [{"extra": text}]})
    assert pattern_kind(once) == kind
    assert pattern_kind(json.dumps([1, None, {"extra": once}])) == kind


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "airflow", "0.0.0.0/0", "AKIA" + "IOSFODNN7EXAMPLE", "AKIA", "ghp_" + "x" * 36,
        "glpat-" + "x" * 20,
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "https://hooks.slack.com/",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----",
        "eyJhbGci.eyJzdWIi",
        "AccountKey=short", "AccountKey=${KEY}", "https://x.blob.core.windows.net/c?sig=${SIG}&se=2027",
        "design=1&se=2",
        "s3://bucket/prefix", "git@github.com:acme/dags.git", "ssh://git@github.com/acme/dags.git", "https://h/a:b@c",
        "postgresql://airflow@db/airflow", "postgresql://airflow:@db/airflow", "postgresql://airflow:${PW}@db/airflow",
        "postgresql://airflow:$(PW)@db/airflow", "postgresql://airflow:<password>@db/airflow",
        "postgresql://airflow:********@db/airflow", "postgresql://airflow:changeme@db/airflow",
        "http://a:80,http://b@c",
        '{"auths": {}}', '{"auths": {"r": {"auth": ""}}}', '{"auths": {"r": {"auth": "${AUTH}"}}}', '{"auths": [1]}',
        '{"type": "service_account"}', "{not json", "[" * 5000, '{"a": "\ud800"}',
    ],
)  # fmt: skip
def test_what_only_resembles_a_secret_has_no_kind(text: str) -> None:
    assert pattern_kind(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "~", "null", "<token>", "${TOKEN}", "${TOKEN:-${OTHER}}", "$TOKEN", "$(cat token)",
        "{{ .Values.token }}",
        "{% token %}", "((token))", "%TOKEN%", "#{token}", "@@token@@", "[[token]]", "changeme", "CHANGE-ME", "Todo",
        "your-token", "YOUR_TOKEN", "my-token-here", "xxxx", "****", "0000", "00000000-0000-0000-0000-000000000000",
        "ghp_xxxx", "Bearer xxxxxx", "(known after apply)", "(sensitive value)",
    ],
)  # fmt: skip
def test_a_placeholder_is_no_literal(text: str) -> None:
    assert placeholder(text)
    assert not literal(text)


@pytest.mark.parametrize(
    "text",
    [
        "ENC[AES256_GCM,data:abc,iv:def]", "!vault |", "$ANSIBLE_VAULT;1.1;AES256", "ref+awssecrets://app/token",
        "op://vault/item/field", "vault:secret/data/app#token", "arn:aws:secretsmanager:eu-west-1:1:secret:app",
        "projects/p/secrets/s/versions/1", "https://kv.vault.azure.net/secrets/app/1", "var.token",
        "data.aws_ssm_parameter.token.value", "module.keys[0].token",
    ],
)  # fmt: skip
def test_a_reference_is_no_literal(text: str) -> None:
    assert reference(text)
    assert not literal(text)


@pytest.mark.parametrize(
    "text",
    [
        "hunter2", "$ecret123", "${A}hunter2${B}", "<a>hunter2<b>", "pa%ss%word", "mypassword", "examples",
        '[["hunter2"]]',
        "ENC", "vault", "operator", "aab", "variable.x y",
    ],
)  # fmt: skip
def test_a_literal(text: str) -> None:
    assert literal(text)


def test_a_template_is_found_inside_a_text() -> None:
    assert template("https://{{ .Values.host }}/api")
    assert template("Bearer $(TOKEN)")
    assert not template('{"a": {"b": {}}}')
    assert not template("pa$$word{}")


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("ANYTHING", AWS_KEY, "an AWS key id"),
        ("ANYTHING", GITHUB, "a GitHub token"),
        ("REPO_URL", URI, "a URI with a password"),
        ("DB_PASSWORD", "hunter2", "a value under a secret-looking name"),
        ("SLACK_WEBHOOK_URL", "https://chat.example/hooks/a1b2c3", "a value under a secret-looking name"),
        ("AIRFLOW_CONN_DB", '{"conn_type": "postgres", "password": "hunter2"}', "a JSON field `password`"),
        ("AIRFLOW_CONN_DB", '{"conn_type": "postgres", "password": "20240101"}', "a JSON field `password`"),
        (
            "AIRFLOW_CONN_GCP",
            json.dumps({"extra": json.dumps({"keyfile_dict": "abcd"})}),
            "a JSON field `keyfile_dict`",
        ),
        ("AIRFLOW_CONN_X", '{"extra": {"oauth_token": "hunter2"}}', "a secret-looking JSON field"),
        ("AIRFLOW_CONN_X", '{"extra": {"token": ["hunter2"]}}', "a JSON field `token`"),
        ("AIRFLOW_CONN_AWS", "aws://?aws_secret_access_key=hunter2", "an address with a secret-looking parameter"),
        (
            "AIRFLOW_CONN_AWS",
            "aws://?__extra__=%7B%22password%22%3A%22hunter2%22%7D",
            "an address with a secret-looking parameter",
        ),
        ("AIRFLOW__SECRETS__BACKEND_KWARGS", '{"url": "https://v", "token": "hunter2"}', "a JSON field `token`"),
        ("AIRFLOW__API_AUTH__JWT_SECRET", "hunter2", "a value under a secret-looking name"),
    ],
)
def test_why_a_value_is_a_credential(name: str, text: str, kind: str) -> None:
    assert credential_kind(name, text) == kind


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "<password>"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD", "op://vault/db/password"),
        ("USE_TOKEN", "true"),
        ("USE_TOKEN", "False"),
        ("REFRESH_TOKEN", "86400"),
        ("REFRESH_TOKEN", "1234567890123456"),
        ("REFRESH_TOKEN", "30d"),
        ("REFRESH_TOKEN", "abc"),
        ("AUTHORIZATION_BEARER", "Bearer ${TOKEN}"),
        ("DB_CONNECTION_STRING", "postgresql://airflow:$(DB_PASSWORD)@db/airflow"),
        ("DB_CONNECTION_STRING", "postgresql://airflow@db/airflow"),
        ("AIRFLOW_CONN_MY_TOKEN", "s3://"),
        ("AIRFLOW_CONN_MY_TOKEN", "hunter2"),
        ("AIRFLOW_CONN_DB", '{"conn_type": "postgres", "password": "${PW}"}'),
        ("AIRFLOW_CONN_DB", '{"conn_type": "postgres", "password": ""}'),
        ("AIRFLOW_CONN_DB", '{"conn_type": "aws", "extra": {"role_arn": "arn:aws:iam::1:role/x"}}'),
        ("AIRFLOW__SECRETS__BACKEND_KWARGS", '{"connections_prefix": "airflow/connections"}'),
        ("SECRET_BACKEND", "airflow.providers.hashicorp.secrets.vault.VaultBackend"),
        ("LOG_LEVEL", "INFO"),
        ("TOKEN_URL", "https://login.example/oauth?grant_type=client"),
    ],
)
def test_what_is_no_credential(name: str, text: str) -> None:
    assert credential_kind(name, text) is None


@given(
    secret=st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=12, max_size=20).filter(
        lambda text: text[0] > "9"
    ),
    field=st.sampled_from(sorted(secrecy.SECRET_FIELDS)),
)
@settings(max_examples=60)
def test_no_answer_contains_the_value(secret: str, field: str) -> None:
    texts = (secret, f"x://u:{secret}@h", json.dumps({field: secret}), json.dumps({f"{secret}_token": secret}))
    for answer in (credential_kind("DB_PASSWORD", text) for text in texts):
        assert answer is None or secret not in answer


@pytest.mark.parametrize(
    "text",
    [
        "true", "false", "null", "0", "-1", "443", "999999", "1.2", "30d", "10.0.0.0/8", "0.0.0.0/0", "192.168.1.7",
        "::/0",
        "::1", "2001:db8::/32", "fe80:0:0:0:0:0:0:1", "STANDARD", "AZURE", "tcp", "*", "LoadBalancer", "Internet",
        "DEBUG",
        "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend",
        "airflow.secrets.local_filesystem.LocalFilesystemBackend",
        "airflow.providers.amazon.aws.bundles.s3.S3DagBundle",
    ],
)  # fmt: skip
def test_harmless_shapes_are_showable(text: str) -> None:
    assert showable(text)


@pytest.mark.parametrize(
    "text",
    [
        "CANARY_7f3a", "hunter2", "sk-live-abcdef", "1234567", "4111111111111111", "true ", "0\n", "standard", " tcp",
        "airflow.CANARY_7f3a", "airflow.secrets.hunter2", "airflow.secrets.x.Y/../z",
        "airflow.secrets.local.Backend?x=y",
        "10.0.0.0/8?x", "10.0.0.1:s3cr3t", "dead:beef", "a1:b2:c3:d4:e5:f6:a7:b8:c9:d0", "cafe", "1e400", "٣",
        "/etc/passwd",
        "https://example.com", "2024-01-01", "my.class.Backend", "\u202e30d",
    ],
)  # fmt: skip
def test_everything_else_is_not(text: str) -> None:
    assert not showable(text)


@given(
    st.text(min_size=7, max_size=40).filter(
        lambda text: any(character in "ghijklmnopqrstuvwxyz_" for character in text.lower())
    )
)
@settings(max_examples=200)
def test_only_lists_and_shapes_are_showable(text: str) -> None:
    assert not showable(text) or text in secrecy.SHOWABLE_WORDS or text.startswith("airflow.")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.0.0.0/0", '"0.0.0.0/0"'),
        (True, '"true"'),
        (3, '"3"'),
        ("hunter2", "a value that is not shown"),
        (4111111111111111, "a value that is not shown"),
        ("s3://bucket/hunter2", "an s3:// address"),
        ("gs://bucket", "a gs:// address"),
        ("hunter2://x", "a value that is not shown"),
        (Map({}), "a map"),
        (List(()), "a list"),
    ],
)
def test_how_a_message_mentions_a_value(value: Any, expected: str) -> None:
    assert shown(Known(value, Place("values.yaml"))) == expected


def test_a_sensitive_value_is_never_mentioned() -> None:
    assert shown(Known("true", Place("values.yaml"), sensitive=True)) == "a value that is not shown"


def test_the_redactor_replaces_each_written_form() -> None:
    redact = Redactor(['pa"ss/word é', "hunter2", "short"])
    assert redact('raw pa"ss/word é, json pa\\"ss/word é, uri pa%22ss%2Fword%20%C3%A9.') == (
        "raw (secret), json (secret), uri (secret)."
    )
    assert redact("hunter2hunter2 short") == "(secret)(secret) short"
    assert redact("") == ""
    assert Redactor([])("hunter2") == "hunter2"


def test_the_redactor_takes_the_longest_and_joins_overlaps() -> None:
    redact = Redactor(["abcdef", "abcdefgh", "ghijkl"])
    assert redact("-abcdefghijkl-") == "-(secret)-"
    assert redact("-abcdefg-") == "-(secret)g-"


def test_the_redactor_takes_text_that_no_file_can_hold() -> None:
    assert Redactor(["hunter\ud800"])("a hunter\ud800 b") == "a (secret) b"


def test_the_redactor_does_not_print_its_secrets() -> None:
    assert "hunter2" not in repr(Redactor(["hunter2"]))


@given(st.lists(st.text("ab", min_size=6, max_size=9), max_size=5), st.text("ab", max_size=60))
def test_no_secret_is_left_after_the_redactor(secrets: list[str], text: str) -> None:
    redacted = Redactor(secrets)(text)
    assert not any(secret in redacted for secret in secrets)


def test_the_redactor_stands_thousands_of_secrets() -> None:
    secrets = [f"secret/{number * 7919}-value" for number in range(5000)]
    texts = [
        f"message {number} about secret/{number * 7919}-value in a file of ordinary length" for number in range(200)
    ]
    began = time.process_time()
    redact = Redactor(secrets)
    assert all("(secret)" in redact(text) for text in texts)
    assert time.process_time() - began < 10  # seconds of the processor; 0.05 when the machine is idle


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "eyJ", "eyJa.", "AKIA", "ghp_", "github_pat_", "glpat-", "xoxb-", "AIza", "hvs.", "AccountKey=", "sig=&se=1",
        "://", "a://",
        "a:b@", "://a:", "-----BEGIN ", "PRIVATE KEY", "https://hooks.slack.com/services/T", "{", "[", '{"a":', "${",
        "{{",
        "((", "$(", "<", "%A", "$A", "a.b[", "var.", "arn:", "vault:", "projects/", "ref+a", "::", "1:", "airflow.",
        "-",
        "?a=", "&token=", "\\", '"', "A", "aB",
    ],
)  # fmt: skip
def test_hostile_texts_take_linear_time(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    began = time.process_time()
    for hostile in (text, text + "\n", "x://" + text, '{"a": "' + text.replace("\\", "").replace('"', "") + '"}'):
        credential_kind("DB_PASSWORD", hostile)
        secret_name(hostile)
        showable(hostile)
        shown(Known(hostile, Place("values.yaml")))
    assert time.process_time() - began < 30  # seconds of the processor; quadratic time would be minutes


def test_more_is_hidden_than_is_reported() -> None:
    """A value under a secret-looking name is not printed, even where no finding is made of it."""
    assert credential_kind("PASSWORD_ROTATION_TEAM", "harbour") is None
    assert secrecy.hidden_by_name("PASSWORD_ROTATION_TEAM", "harbour")
    assert not secrecy.hidden_by_name("PASSWORD_ROTATION_TEAM", "${TEAM}")
    assert not secrecy.hidden_by_name("TEAM", "harbour")


@pytest.mark.parametrize("text", ["REPLACE_ME", "Replace Me", "change_me", "YOUR_TOKEN", "INSERT_HERE", "Not_A_Token"])
def test_a_placeholder_is_one_in_any_spelling(text: str) -> None:
    assert placeholder(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("region", "eu-central-1"), ("allowed_regions", "europe-west4"), ("AWS_REGION", "us-gov-west-1"),
        ("location", "West Europe"), ("location", "germanywestcentral"), ("availability_zones", "eu-west-1a"),
        ("image", "registry.example.com:5000/team/agent:1.8.2"), ("image", "agent"), ("image", "agent:3.1-2-base"),
        ("image", "123456789012.dkr.ecr.eu-central-1.amazonaws.com/agents/claims:4f9c2d1"),
        ("image", "cl3k9x2m.registry.example.com/agent@sha256:" + "0f" * 32),
        ("repository", "quay.io/astronomer/agent"),
        ("tag", "latest"), ("imageTag", "v1.2.3-rc1"), ("tag", "4f9c2d1"), ("astro_runtime_version", "3.1-4"),
        ("namespace", "claims-agents"), ("watchNamespaces", "team-a"), ("host", "db.internal.example.com:5432"),
        ("hostname", "localhost"), ("domain", "*.example.com"), ("host", "cl1a2b3c4d5e.example.com"),
        ("description", "Claims processing (EU), owned by the claims team: see the wiki, page 12."),
    ],
)  # fmt: skip
def test_what_its_name_announces_is_shown(name: str, text: str) -> None:
    assert showable_as(name, text)
    assert shown(Known(text, Place("x")), name) == f'"{text}"'
    assert not showable_as("note", text)
    assert not showable_as(f"{name}_password", text)
    assert shown(Known(text, Place("x"), sensitive=True), name) == "a value that is not shown"


@pytest.mark.parametrize(
    "name", ["region", "image", "tag", "version", "namespace", "host", "description", "AWS_REGION"]
)
@pytest.mark.parametrize(
    "text",
    [
        "CANARY7f3a9cQz", "CANARY_7f3a", "postgres://user:hunter2@db/prod", "AKIAIOSFODNN7ABCDEFG",
        "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "https://hooks.example.com/x?token=hunter2", "a\nb", "\u202eb",
        '{"password": "hunter2"}', "Zq7VbN2mKx9R", "token=hunter2", "x9Fk2 and more",
    ],
)  # fmt: skip
def test_what_may_be_a_secret_is_hidden_whatever_its_name_announces(name: str, text: str) -> None:
    assert not showable_as(name, text)
    assert text not in shown(Known(text, Place("x")), name)
