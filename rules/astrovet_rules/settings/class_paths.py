"""The paths of Python classes, as settings name them."""

from collections.abc import Collection, Iterable

from astrovet import Context, Requirement

ASKED_UNDER = (Requirement.HIPAA, Requirement.PCI, Requirement.CUSTOMER_EXECUTION_PLANE)
"""Where somebody has to answer for classes that no provider has, which REX039 asks for."""

ASKED = "no provider of Airflow that astrovet knows has this class, and REX039 asks what it does"

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


def is_own(path: str, known: Collection[str]) -> bool:
    """Whether a class is none of these, nor meant to be one of them."""
    return path not in known and is_class_path(path) and meant(path, known) is None


def is_asked_about(path: str, known: Collection[str], context: Context) -> bool:
    """Whether REX039 asks what a class does, so that nothing else can be said of it."""
    return not context.requires.isdisjoint(ASKED_UNDER) and is_own(path, known)
