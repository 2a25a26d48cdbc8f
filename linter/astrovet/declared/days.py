"""Days as people write them for astrovet: `2027-01-31`, and no other form, so that they compare as texts."""

from __future__ import annotations

import re


def is_day(text: str) -> bool:
    """Whether the text is a day of the calendar."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) is None:
        return False
    from datetime import date  # days are rarely written

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
