"""What becomes of a run whose streams, disk or patience end: the status that everybody knows, and no half a report."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from astrovet.cli.streams import write_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors and signals of POSIX")

VALUES = 'resourceNamePrefix: a\nagentToken: not-a-real-token-1\ncommonEnv: []\nannotations: {a: "é😀"}\n'
ASTROVET = (sys.executable, "-c", "from astrovet.cli import main; main()")
COMMANDS = (("scan", "."), ("model", "."), ("config",), ("rules",), ("--version",), ("--help",), ("scan", "--help"))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("values.yaml").write_text(VALUES)


def run(
    *words: str,
    stdout: int | None = None,
    close: tuple[int, ...] = (),
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] = lambda: None,
) -> subprocess.CompletedProcess[bytes]:
    def prepare() -> None:
        for descriptor in close:
            os.close(descriptor)
        before()

    return subprocess.run(
        [*ASTROVET, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "", **(env or {})},
        check=False,
        preexec_fn=prepare,
    )


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_full_disk_is_said_and_is_no_success(words: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        done = run(*words, stdout=full.fileno())
    assert done.stderr.decode() == "Error: standard output cannot be written: No space left on device\n"
    assert done.returncode == 2


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_reader_that_has_gone_ends_the_run_as_any_other(words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run(*words, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_closed_standard_output_is_said(words: tuple[str, ...]) -> None:
    done = run(*words, close=(1,))
    assert done.stderr.decode() == "Error: standard output cannot be written: it is closed\n"
    assert done.returncode == 2


def test_a_closed_standard_error_changes_nothing_else() -> None:
    done = run("scan", ".", "-v", close=(2,))
    assert (done.returncode, b"REX013" in done.stdout) == (1, True)


def test_no_file_takes_the_place_of_a_closed_stream() -> None:
    done = run("scan", ".", "--output", "json=o.json", close=(0, 1, 2))
    assert done.returncode == 2
    assert json.loads(Path("o.json").read_text())["result"] == "fail"


def test_a_file_that_is_opened_is_never_a_standard_stream() -> None:
    code = (
        "import os; from astrovet.cli.streams import prepare; prepare(); os._exit(os.open('values.yaml', os.O_RDONLY))"
    )
    descriptors = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=False,
            preexec_fn=lambda: list(map(os.close, (0, 1, 2))),
        ).returncode
    }
    assert min(descriptors) > 2


def test_what_a_stream_cannot_encode_is_escaped_and_stays_json() -> None:
    Path("é😀.yaml").write_text(VALUES)
    done = run("scan", ".", "--format=json", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert "é😀.yaml" in {read["path"] for read in json.loads(done.stdout)["inputs"]}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_as_any_other_and_leaves_nothing(number: signal.Signals) -> None:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [*ASTROVET, "scan", "--plan", "-", ".", "--output", "json=o.json"],
        stdin=reader,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    time.sleep(1.0)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    os.close(reader)
    os.close(writer)
    assert (process.returncode, out, err) == (-number, b"", b"")
    assert sorted(os.listdir()) == ["values.yaml"]


def test_no_room_leaves_the_report_that_was_there() -> None:
    Path("o.json").write_text("the old one")
    done = run(
        "scan", ".", "--output", "json=o.json", before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    )
    assert done.returncode == 2
    assert b"the report o.json cannot be written: File too large" in done.stderr
    assert b"REX013" in done.stdout
    assert Path("o.json").read_text() == "the old one"
    assert sorted(os.listdir()) == ["o.json", "values.yaml"]


def test_a_report_goes_through_a_fifo_and_through_standard_output() -> None:
    os.mkfifo("pipe")
    process = subprocess.Popen(
        [*ASTROVET, "scan", ".", "--output", "json=pipe"],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert json.loads(Path("pipe").read_bytes())["result"] == "fail"
    assert process.wait(20) == 1
    with open("both", "wb") as both:
        run("scan", ".", "--output", "json=/dev/stdout", stdout=both.fileno())
    first, _, second = Path("both").read_text().partition("\n}\n")
    assert json.loads(first + "}")["result"] == "fail"
    assert "REX013" in second


def test_a_link_is_replaced_and_never_followed() -> None:
    Path("elsewhere").write_text("mine")
    os.symlink("elsewhere", "o.json")
    write_file("o.json", "{}\n")
    assert Path("elsewhere").read_text() == "mine"
    assert Path("o.json").read_text() == "{}\n"
    assert not Path("o.json").is_symlink()


def test_a_report_keeps_the_rights_of_the_file_that_was_there() -> None:
    Path("o.json").touch(mode=0o640)
    os.chmod("o.json", 0o640)
    write_file("o.json", "{}\n")
    assert stat.S_IMODE(os.stat("o.json").st_mode) == 0o640


def test_a_file_that_may_not_be_written_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("o.json").write_text("mine")
    monkeypatch.setattr(os, "access", lambda *_: False)  # as root every file may
    with pytest.raises(PermissionError):
        write_file("o.json", "{}\n")
    assert Path("o.json").read_text() == "mine"


def test_a_file_in_a_folder_that_takes_none_is_written_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    Path("o.json").write_text("a longer one")
    monkeypatch.setattr(os, "replace", refused)
    write_file("o.json", "{}\n")
    assert Path("o.json").read_text() == "{}\n"
    assert sorted(os.listdir()) == ["o.json", "values.yaml"]
    with pytest.raises(PermissionError):
        write_file("new.json", "{}\n")


@pytest.mark.slow
@pytest.mark.parametrize("words", [("scan", "."), ("--help",), ("scan", "--help"), ("explain", "REX013"), ("rules",)])
def test_without_docstrings_everything_is_said_all_the_same(words: tuple[str, ...]) -> None:
    whole, optimized = (run(*words, env={"PYTHONOPTIMIZE": level}) for level in ("0", "2"))
    assert whole.stdout
    assert (optimized.stdout, optimized.returncode) == (whole.stdout, whole.returncode)


def test_without_docstrings_every_rule_has_its_manual() -> None:
    code = (
        "from astrovet.judging.packs import load_pack; print([r.id for r in load_pack('astrovet_rules') if not r.law])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONOPTIMIZE": "2"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
