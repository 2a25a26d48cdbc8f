"""The paths of Python classes, as settings name them."""

from collections.abc import Iterable

SLIPS = 2
"""So many letters may be wrong."""


def is_class_path(text: str) -> bool:
    """Whether it is module and class with dots between them."""
    parts = text.split(".")
    return len(parts) > 1 and all(part.isidentifier() for part in parts)


def meant(text: str, known: Iterable[str]) -> str | None:
    """The known class of which this is a part, or the name under another module of Airflow's, or nearly the path."""
    module, _, name = text.rpartition(".")
    near: list[str] = []
    for path in known:
        is_airflows = module.partition(".")[0] == "airflow"
        if path.endswith(f".{text}") or (is_airflows and path.endswith(f".{name}")):
            return path
        if abs(len(path) - len(text)) <= SLIPS:
            near.append(path)
    if not near:
        return None
    from astrovet import nearest  # rarely needed

    return nearest(text, near)
