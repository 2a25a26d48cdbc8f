"""Hold the table of the platform chart's defaults against a copy of the chart.

    python bench/platform_defaults.py FOLDER

FOLDER is a checkout of github.com/astronomer/astronomer at the tag of one of the charts that the table is of. Houston's
keys (`H:`) stand in no values file, and are left out; so is a key that the chart reads and no values file writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.charts.platform_settings import CHARTS, DEFAULTS
from astrovet.helm.merging import merge
from astrovet.place import Place
from astrovet.readers.platform.effective import HOUSTON, Effective
from astrovet.value import Absent, Entry, Known, Map, Tree, Value, at, text


def values_in(path: Path) -> Value[Tree]:
    """The values in a file."""
    documents = read_yaml(str(path), path.read_text("utf-8"))
    return documents[0].root if documents else Absent(Place(str(path)))


def values_of_chart(folder: Path) -> Value[Tree]:
    """The values of the chart over those of its parts."""
    parts = {path.parent.name: values_in(path) for path in sorted(folder.glob("charts/*/values.yaml"))}
    below = Map({name: Entry(name, Place(name), values) for name, values in parts.items()})
    return merge((Known(below, Place(str(folder))), values_in(folder / "values.yaml")))


def differences(folder: Path) -> Iterator[str]:
    """The keys whose default in the chart is another one than the table says."""
    version = text(at(values_in(folder / "Chart.yaml"), "version"))
    chart = version.value.rpartition(".")[0] if isinstance(version, Known) else ""
    if chart not in CHARTS:
        yield f"the table is of the charts {', '.join(CHARTS)}, and this one is {chart or 'none'}"
        return
    generation = CHARTS.index(chart)
    effective = Effective(values_of_chart(folder), generation, True, "", {})
    for key, defaults in DEFAULTS.items():
        written = effective.tree(key)
        if not key.startswith(HOUSTON) and isinstance(written, Known) and written.value != defaults.of[generation]:
            yield f"{key}: the table has {defaults.of[generation]!r}, and the chart {written.value!r}"


if __name__ == "__main__":
    wrong = list(differences(Path(sys.argv[1])))
    print("\n".join(wrong) or "the table is what the chart says")
    sys.exit(bool(wrong))
