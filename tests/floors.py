"""Does every file have the coverage that it had?

    python tests/floors.py coverage.json          fails where a file falls below its floor in floors.txt
    python tests/floors.py coverage.json --raise  raises the floors of the exceptions to what is reached now

`coverage.json` is what `pytest --cov --cov-report=json` writes. A floor is a percentage of lines and branches; it only
rises. The line `*` is the floor of all files; below it stand the files that do not reach that yet.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

TABLE = Path(__file__).with_name("floors.txt")
SLACK = 1
"""Percent below what is reached at which a floor is set, for lines that only some machines run."""


def floors(table: str) -> dict[str, float]:
    """The floor of each file that the table names, and of all others under `*`."""
    rows = (line.split(maxsplit=1) for line in table.splitlines() if line.strip() and not line.startswith("#"))
    return {path: float(floor) for floor, path in rows}


def reached(report: Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]]) -> dict[str, float]:
    """The coverage of each file in a report of coverage.py."""
    return {path.replace("\\", "/"): file["summary"]["percent_covered"] for path, file in report["files"].items()}


def faults(least: Mapping[str, float], now: Mapping[str, float]) -> Iterator[str]:
    """What is wrong: a file below its floor, an exception that is none any more, a file that is gone."""
    for path, percent in sorted(now.items()):
        floor = least.get(path, least["*"])
        if percent < floor:
            yield f"{path}: {percent:.1f} % is below its floor of {floor:g} %"
    for path in sorted(least.keys() - now.keys() - {"*"}):
        yield f"{path}: has a floor and is not there any more; remove its line"
    for path in sorted(path for path, floor in least.items() if path != "*" and floor >= least["*"]):
        yield f"{path}: its floor is no exception any more; remove its line"


def raised(table: str, now: Mapping[str, float]) -> str:
    """The table with the floors of today: none lower than before, no exception that is none."""
    least = floors(table)
    everywhere = least["*"]
    lines = [line for line in table.splitlines() if line.startswith("#")]
    lines.append(f"{everywhere:<4g} *")
    for path, percent in sorted(now.items()):
        floor = max(least.get(path, 0), float(int(percent - SLACK)))
        if floor < everywhere:
            lines.append(f"{floor:<4g} {path}")
    return "\n".join(lines) + "\n"


def main() -> None:
    report, *options = sys.argv[1:]
    now = reached(json.loads(Path(report).read_text("utf-8")))
    if options == ["--raise"]:
        TABLE.write_text(raised(TABLE.read_text("utf-8"), now), "utf-8")
    wrong = list(faults(floors(TABLE.read_text("utf-8")), now))
    print("\n".join(wrong or [f"coverage: each of {len(now)} files is above its floor"]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
