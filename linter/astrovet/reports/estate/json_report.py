"""The model for scripts: schema 1, which only ever grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from astrovet.reports.escape import json_text
from astrovet.reports.estate.inventory import Described, Field, State
from astrovet.reports.estate.picture import TITLES, Picture
from astrovet.reports.findings.json_report import json_place

SCHEMA = 1

_SAID = {State.KNOWN: "value", State.UNKNOWN: "why", State.ABSENT: "default"}


def render(objects: Sequence[Described], picture: Picture, version: str) -> str:
    """All objects with their values, and the picture of the architecture as data.

    A field has its `name`, its `state` (`known`, `unknown`, `absent`), its `place`, and what there is
    to say: `value` (in words where it may not be shown), `why` or, where one is documented, `default`.
    """
    return json_text(
        {
            "schema": SCHEMA,
            "tool": {"name": "astrovet", "version": version},
            "objects": [_object(each) for each in objects],
            "picture": {
                "planes": [{"plane": plane, "title": TITLES[plane]} for plane in picture.planes()],
                "boxes": picture.boxes,
                "arrows": picture.arrows,
            },
        }
    )


def _object(described: Described) -> Mapping[str, object]:
    return {
        "kind": described.kind,
        "id": described.id,
        "title": described.title,
        "place": json_place(described.place),
        "layers": described.layers,
        "fields": [_field(each) for each in described.fields],
    }


def _field(field: Field) -> Mapping[str, object]:
    said = {_SAID[field.state]: field.says} if field.says or field.state is not State.ABSENT else {}
    return {"name": field.name, "state": field.state, **said, "place": json_place(field.place)}
