"""The model for scripts: schema 1, which only ever grows."""

from __future__ import annotations

from collections.abc import Mapping

from astrovet.reports.escape import json_text
from astrovet.reports.estate.contents import EstateContents
from astrovet.reports.estate.inventory import Described, Field, Knowledge
from astrovet.reports.estate.picture import PLANE_TITLES
from astrovet.reports.findings.json import json_place

SCHEMA = 1

_SAID = {Knowledge.KNOWN: "value", Knowledge.UNKNOWN: "why", Knowledge.ABSENT: "default"}


def render(contents: EstateContents) -> str:
    """All objects with their values, and the picture of the architecture as data.

    A field has its `name`, its `state` (`known`, `unknown`, `absent`), its `place`, and what there is
    to say: `value` (in words where it may not be shown), `why` or, where one is documented, `default`.
    """
    picture = contents.picture
    return json_text(
        {
            "schema": SCHEMA,
            "tool": {"name": "astrovet", "version": contents.version},
            "objects": [_object(described) for described in contents.objects],
            "picture": {
                "planes": [{"plane": plane, "title": PLANE_TITLES[plane]} for plane in picture.planes()],
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
        "fields": [_field(field) for field in described.fields],
    }


def _field(field: Field) -> Mapping[str, object]:
    said = {_SAID[field.state]: field.says} if field.says or field.state is not Knowledge.ABSENT else {}
    return {"name": field.name, "state": field.state, **said, "place": json_place(field.place)}
