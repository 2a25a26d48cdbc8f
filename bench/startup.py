"""How long astrovet takes to start, in multiples of an empty Python program.

    python bench/startup.py            prints the table
    python bench/startup.py --check    exits with 1 where a limit is broken

Every case runs in turn with `python -c pass` (A B A B …) and is compared with the run just before it, so
that a busy machine slows both alike; the medians are printed. It measures the astrovet of the Python that
runs it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PLANS = [FIXTURES / "plans" / name / "plan.json" for name in ("dedicated-phi", "standard-two-deployments")]
AGENTS = FIXTURES / "rules" / "xcom-values-stay-in-astro"
VALUES = [AGENTS / name / "values.yaml" for name in ("good-zero", "bad-no-threshold")]

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""With compiled files, as an installed astrovet has them: the runs to warm up write them."""

ROUNDS = 25
WARM_UP = 3

NOTHING = ("-c", "pass")
ASTROVET = ("-c", "from astrovet.cli import main; main()")
"""What the installed script does, without the script's own file."""


class Case(NamedTuple):
    """One command and how many times slower than nothing it may be."""

    name: str
    arguments: tuple[str, ...]
    limit: float


CASES = (
    Case("astrovet --version", ("--version",), 5),
    Case("a scan of two small plans", ("scan", *(f"--plan={plan}" for plan in PLANS)), 12),
    Case("a scan of two small values files", ("scan", *map(str, VALUES)), 12),
)


def seconds(arguments: Sequence[str]) -> float:
    """How long one run of Python takes. A run that astrovet did not understand does not count."""
    start = time.perf_counter()
    run = subprocess.run([sys.executable, *arguments], env=ENVIRONMENT, capture_output=True, check=False)
    taken = time.perf_counter() - start
    if run.returncode not in {0, 1} or b"Traceback" in run.stderr:  # Python's own status of an error is 1 too
        sys.exit(f"{' '.join(arguments)}: status {run.returncode}")
    return taken


def measured(case: Case) -> tuple[float, float, float]:
    """The medians of an empty program and of the case, in seconds, and of their ratio."""
    command = (*ASTROVET, *case.arguments)
    for _ in range(WARM_UP):
        seconds(NOTHING)
        seconds(command)
    pairs = [(seconds(NOTHING), seconds(command)) for _ in range(ROUNDS)]
    return (
        statistics.median(nothing for nothing, _ in pairs),
        statistics.median(taken for _, taken in pairs),
        statistics.median(taken / nothing for nothing, taken in pairs),
    )


def main() -> None:
    """Measure all cases, print the table, judge it where asked to."""
    print(f"{'':<34}{'python -c pass':>15}{'astrovet':>12}{'ratio':>8}{'limit':>8}")
    broken = False
    for case in CASES:
        nothing, taken, ratio = measured(case)
        broken |= ratio > case.limit
        print(f"{case.name:<34}{nothing * 1000:>12.1f} ms{taken * 1000:>9.1f} ms{ratio:>8.1f}{case.limit:>8.0f}")
    sys.exit(1 if broken and "--check" in sys.argv[1:] else 0)


if __name__ == "__main__":
    main()
