"""Does anything break over inputs that nobody wrote? Hypothesis and, where it is installed, Atheris look for them.

    python bench/fuzz.py [--time 60] [--target NAME] [--engine hypothesis|atheris] [--seed N] [--limit 20]

Each target of tests/fuzz_targets.py gets its share of the time: a decoder, the parser of expressions, those of `--set`
and of comments, and the whole command over a small repository. A finding is an error that nobody catches, the status
3, a credential in an output, or no end within --limit seconds. Its input is written to .fuzz/TARGET/; once it is
mended, a small one goes to tests/data/fuzz/TARGET/, which the tests read. The exit status is 1 with a finding.

Hypothesis edits what people write and makes what breaks small; Atheris follows what code an input reaches.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("linter", "rules", "tests")]
FOUND = ROOT / ".fuzz"
ATHERIS_SHARE = 0.5


class TooLongError(BaseException):
    """No end within the limit. No guard catches it."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--time", type=float, default=60.0, help="seconds for all targets together")
    parser.add_argument("--target", action="append", help="only this one; may be given again")
    parser.add_argument("--engine", choices=("hypothesis", "atheris"), help="only this one")
    parser.add_argument("--seed", type=int, default=None, help="for the same inputs again")
    parser.add_argument("--limit", type=int, default=20, help="seconds that one input may take")
    parser.add_argument("--within", choices=("atheris",), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.within:
        follow(options.target[0], options.time, options.limit, options.seed or 0)
    from fuzz_targets import TARGETS

    engines = [options.engine] if options.engine else ["hypothesis", "atheris"]
    if "atheris" in engines and find_spec("atheris") is None:
        print("atheris is not installed: hypothesis alone")
        engines.remove("atheris")
    names = options.target or list(TARGETS)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}, {options.time:.0f} s for {', '.join(names)} by {', '.join(engines)}", flush=True)
    breaking = 0
    for name in names:
        share = options.time * (3 if name == "command" else 1)
        share /= (len(names) + 2 * ("command" in names)) * max(len(engines), 1)
        for engine in engines:
            search = edit if engine == "hypothesis" else started
            begin = time.monotonic()
            inputs = search(name, share, options.limit, seed)
            breaking += len(inputs)
            verdict = "finds " + ", ".join(map(str, inputs)) if inputs else "finds nothing"
            print(f"{name:14}{engine:12}{time.monotonic() - begin:6.0f} s  {verdict}", flush=True)
    return 1 if breaking else 0


def keep(target: str, data: bytes, said: str) -> Path:
    """Write a finding down, and say what broke."""
    path = FOUND / target / hashlib.sha256(data).hexdigest()[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"--- {path.relative_to(ROOT)}: {data[:200]!r}\n{said}", flush=True)
    return path.relative_to(ROOT)


def edit(target: str, seconds: float, limit: int, seed: int) -> list[Path]:
    """Inputs that people write, edited by Hypothesis; it ends with the first finding, made small."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    from fuzz_targets import TARGETS, TOKENS, seeds

    run, known = TARGETS[target], seeds(target)
    pieces = st.one_of(
        st.sampled_from(TOKENS), st.binary(max_size=8), st.sampled_from(known).map(lambda data: data[:200])
    )
    edits = st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 40), pieces), max_size=8)
    written = st.builds(edited, st.sampled_from(known), edits)
    inputs = st.one_of(written, st.lists(pieces, max_size=40).map(b"".join))
    last: list[bytes] = []

    def attempt(data: bytes) -> None:
        last[:] = [data]
        with timed(limit):
            run(data)

    ends, number = time.monotonic() + seconds, seed
    while time.monotonic() < ends:
        number += 1
        batch = settings(
            max_examples=100,
            deadline=None,
            database=None,
            print_blob=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        try:
            seeded(number)(batch(given(inputs)(attempt)))()
        except (Exception, TooLongError):  # noqa: BLE001  that is what is looked for
            return [keep(target, last[0], traceback.format_exc(limit=-6))]
    return []


def edited(data: bytes, edits: Sequence[tuple[int, int, bytes]]) -> bytes:
    """An input with pieces put in the place of others."""
    for start, length, piece in edits:
        at = start % (len(data) + 1)
        data = data[:at] + piece + data[at + length :]
    return data


class timed:  # noqa: N801  it reads as a statement
    """Raises TooLongError in what takes more than so many seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, _ring)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(_: int, __: FrameType | None) -> None:
    raise TooLongError


def started(target: str, seconds: float, limit: int, seed: int) -> list[Path]:
    """The same by Atheris, in a process of its own: libFuzzer ends the process with what it finds."""
    folder = FOUND / target
    folder.mkdir(parents=True, exist_ok=True)
    before = set(_artifacts(folder))
    words = [
        "--within",
        "atheris",
        "--target",
        target,
        "--time",
        str(seconds),
        "--limit",
        str(limit),
        "--seed",
        str(seed),
    ]
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=False)
    new = [path for path in _artifacts(folder) if path not in before]
    if done.returncode != 0 or new:
        print(done.stdout[-3000:] + done.stderr[-3000:])
    unknown = [] if new or done.returncode == 0 else [Path(f"(status {done.returncode})")]
    return [*(path.relative_to(ROOT) for path in new), *unknown]


def _artifacts(folder: Path) -> Iterator[Path]:
    for kind in ("crash", "timeout", "oom", "slow-unit"):
        yield from sorted(folder.glob(f"{kind}-*"))


def follow(target: str, seconds: float, limit: int, seed: int) -> None:
    """Run libFuzzer; it does not return."""
    import atheris

    with atheris.instrument_imports(include=["astrovet", "astrovet_rules"], enable_loader_override=False):
        from fuzz_targets import TARGETS, TOKENS, seeds

    folder = FOUND / target
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for data in seeds(target):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = folder / "dictionary"
    short = [token for token in TOKENS if len(token) < 100]
    escaped = ("".join(f"\\x{octet:02x}" for octet in token) for token in short)
    words.write_text("".join(f'"{token}"\n' for token in escaped))
    arguments = [
        f"-max_total_time={max(int(seconds), 1)}", f"-timeout={limit}", f"-report_slow_units={limit}",
        f"-seed={seed % 2**31 or 1}", "-max_len=8000",
        "-rss_limit_mb=2048", f"-artifact_prefix={folder}{os.sep}", f"-dict={words}", "-verbosity=0", str(corpus),
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *arguments], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
