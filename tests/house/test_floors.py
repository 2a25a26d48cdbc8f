"""The floors of coverage: what is told of a file that fell, and that a floor only rises."""

from __future__ import annotations

from floors import faults, floors, raised, reached

TABLE = "# a remark\n90   *\n70   linter/astrovet/cli/files.py\n"


def test_a_file_below_its_floor_is_told() -> None:
    now = {"linter/astrovet/cli/files.py": 71.0, "linter/astrovet/place.py": 89.4, "linter/astrovet/value.py": 90.0}
    assert list(faults(floors(TABLE), now)) == ["linter/astrovet/place.py: 89.4 % is below its floor of 90 %"]


def test_a_line_for_nothing_is_told() -> None:
    table = TABLE + "95 linter/astrovet/place.py\n"
    first, second = faults(floors(table), {"linter/astrovet/place.py": 99.0})
    assert first == "linter/astrovet/cli/files.py: has a floor and is not there any more; remove its line"
    assert second == "linter/astrovet/place.py: its floor is no exception any more; remove its line"


def test_a_floor_only_rises() -> None:
    path = "linter/astrovet/cli/files.py"
    assert raised(TABLE, {path: 60.0}) == TABLE
    assert raised(TABLE, {path: 80.7, "linter/astrovet/place.py": 95.0}) == f"# a remark\n90   *\n79   {path}\n"
    assert raised(TABLE, {path: 99.0}) == "# a remark\n90   *\n"


def test_a_report_is_read() -> None:
    assert reached({"files": {"linter\\astrovet\\place.py": {"summary": {"percent_covered": 95.5}}}}) == {
        "linter/astrovet/place.py": 95.5
    }
