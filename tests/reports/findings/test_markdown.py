"""The findings in Markdown: lines that are shown as they are, and the list of what was not seen."""

from __future__ import annotations

from pathlib import Path

from support import astrovet, write

REMOTE = (
    'resource "astro_deployment" "claims" {\n  name = "claims"\n  type = "DEDICATED"\n'
    "  remote_execution = {\n    enabled = true\n  }\n}\n"
)


def test_findings_stand_as_they_are(repository: Path) -> None:
    write("<b>[x](y).tf", REMOTE.replace('"DEDICATED"', '"STANDARD"').replace("true", "false"))
    text = astrovet("scan", "--format=markdown", "--require=hipaa", "--select=REQ001").stdout
    heading, empty, *lines = text.partition("\n### Picture")[0].splitlines()
    assert (heading, empty) == ("## astrovet", "")
    assert lines[0].startswith("    <b>[x](y).tf:3:10: REQ001 critical ")
    assert all(line.startswith("    ") for line in lines)
    assert "Not seen" not in text


def test_what_was_not_seen_is_a_list(repository: Path) -> None:
    write("ma|in.tf", REMOTE)
    write("main.tf", REMOTE)
    text = astrovet("scan", "--format=markdown", "--require=no-vendor-inbound").stdout
    _, title, gaps = text.partition("### Not seen\n\n")
    assert title
    head, _, *rows = gaps.partition("\n### Picture")[0].strip().splitlines()
    assert head == "| what | where | to see it | leaves open |"
    assert any(
        "no input shows the values of the agents" in row and "NET001" not in row and "REX" in row for row in rows
    )
    assert all(row.count(" | ") == 3 for row in rows)


def test_what_nothing_declared_rests_on_leaves_nothing_open(repository: Path) -> None:
    write("main.tf", REMOTE)
    text = astrovet("scan", "--format=markdown").stdout.partition("### Picture")[0]
    gaps = text.partition("### Not seen")[2]
    assert gaps
    assert all(row.endswith("| – |") for row in gaps.strip().splitlines()[2:])
