"""Where XComs go: the class of the backend, its path and its threshold (apache-airflow-providers-common-io 1.11.0)."""

from astrovet_rules.tables.xcom_backends import METADATA_BACKEND_CLASS, SCHEMES

NO_PATH = "no XCom path is set: tasks that hand a value over fail"
NO_THRESHOLD = "no XCom threshold is set: every XCom stays in Astro's database"


def stays_in_database(backend: str) -> bool:
    """Whether a class keeps XComs in Airflow's metadata database."""
    return backend.rpartition(".")[2] == METADATA_BACKEND_CLASS


def path_fault(path: str) -> str:
    """Why the object-storage backend cannot keep XComs there; empty where it can."""
    scheme, separator, rest = path.partition("://")
    bucket = rest.partition("/")[0].rpartition("@")[2]
    if not path.strip():
        return NO_PATH
    if not separator:
        return "the XCom path names no object store: it has no scheme"
    if scheme.lower() == "file":
        return "the XCom path lies on the disk of one Pod"
    if scheme.lower() not in SCHEMES:
        return "no provider of Airflow opens the scheme of the XCom path"
    return "" if bucket else "the XCom path names no bucket"


def threshold_fault(text: str) -> str:
    """Why the object-storage backend keeps XComs in the metadata database in spite of it; empty where none stays."""
    if not text.strip().removeprefix("-").isdecimal():
        return "the XCom threshold is no whole number"
    number = int(text)
    if number < 0:
        return "a negative XCom threshold keeps every XCom in Astro's database"
    return "XComs smaller than the threshold stay in Astro's database" if number else ""
