"""How Airflow spells true and false, in any case (apache-airflow-core 3.3.2, read November 2026)."""

TRUE = frozenset({"t", "true", "1"})
FALSE = frozenset({"f", "false", "0"})


def is_true(text: str) -> bool:
    """Whether Airflow reads the text as true."""
    return text.strip().lower() in TRUE


def is_false(text: str) -> bool:
    """Whether Airflow reads the text as false."""
    return text.strip().lower() in FALSE
