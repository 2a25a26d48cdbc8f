"""The state of tasks and assets must not stay in Astro's metadata database or on the disk of one Pod.

## Why

From Astro Runtime 3.3 on, workers keep the state of tasks and assets through a state-store backend. What
it does not put into object storage lies in Astro's metadata database, outside the customer's environment;
what it puts on a Pod's disk is gone with the Pod.

## Fix

Leave `stateStoreBackend` to the chart or name the class, keep everything in a bucket, and drop the
threshold or set it to `"0"`.

Before:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.3-1-python-3.12-astro-agent-1.8.2
    commonEnv:
      - name: AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_PATH
        value: file:///tmp/state
      - name: AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_THRESHOLD
        value: "65536"

After:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.3-1-python-3.12-astro-agent-1.8.2
    commonEnv:
      - name: AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_PATH
        value: s3://acme-claims-state/prod

## Not reported

Runtime below 3.3; `stateStoreBackend` that is not there at all, because the chart has a class of its own;
a path that is not set; a class of your own, or one that AIRFLOW__WORKERS__STATE_STORE_BACKEND names.
"""

from astrovet import (
    TASK_COMPONENTS,
    Absent,
    Agent,
    ComponentKind,
    Context,
    Known,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    fail_if,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.tables.images import runtime_of
from astrovet_rules.tables.state_store_backends import OBJECT_STORAGE_BACKEND, SINCE_RUNTIME

REMEDY_BACKEND = f"take `stateStoreBackend` out, or set it to {OBJECT_STORAGE_BACKEND}"
REMEDY_THRESHOLD = f'set {airflow.STATE_STORE_THRESHOLD} to "0" in commonEnv, or take it out'
REMEDY_PATH = f"set {airflow.STATE_STORE_PATH} to a path in a bucket, scheme://[connection@]bucket/prefix"
OWN_TAG = "the name of an image does not tell its Astro Runtime, and the rule holds from Runtime 3.3 on"


@rule(
    "REX009",
    "state-store-in-astro",
    on=Agent,
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "customer-execution-plane": Severity.HIGH},
    sources=("D:remote-execution-configure-state-store-backend", "P:common-io"),
    controls=("45 CFR 164.312(e)(1)",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match _has_state_store(agent):
        case Known(True):
            yield from _faults(agent)
        case Unknown() as unknown:
            if any(_faults(agent)):
                yield undecided(unknown)
        case Known() | Absent():
            yield not_applicable("Astro Runtime before 3.3 has no state store")


def _has_state_store(agent: Agent) -> Value[bool]:
    """Whether a component that runs tasks has Runtime 3.3 or later."""
    doubt: Unknown | None = None
    for image in agent.images(*TASK_COMPONENTS):
        match image:
            case Known(name, place) if runtime := runtime_of(name):
                if runtime[:2] >= SINCE_RUNTIME:
                    return Known(True, place)
            case Unknown():
                doubt = image
            case Known(_, place) | Absent(place):
                doubt = Unknown(OWN_TAG, place)
    return doubt or Known(False, agent.place)


def _faults(agent: Agent) -> Verdicts:
    match agent.state_store_backend:
        case Absent(explicit=True) as absent:
            yield from _no_backend(agent, absent)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known(backend) if backend != OBJECT_STORAGE_BACKEND:
            pass
        case Known() | Absent():
            yield from _thresholds(agent)
            yield from _paths(agent)


def _no_backend(agent: Agent, absent: Absent) -> Verdicts:
    for instead in agent.variables(airflow.WORKERS_STATE_STORE, ComponentKind.WORKER):
        match instead:
            case Known("") | Absent():
                yield fail(absent, "the state-store backend is taken away", remedy=REMEDY_BACKEND)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known():
                pass


def _thresholds(agent: Agent) -> Verdicts:
    for threshold in agent.variables(airflow.STATE_STORE_THRESHOLD):
        match threshold:
            case Known(text, place) if _whole(text) > 0:
                yield fail(place, "state smaller than the threshold stays in Astro's database", remedy=REMEDY_THRESHOLD)
            case Known(text, place) if _whole(text) < 0:
                yield fail(place, "the threshold of the state store is negative", remedy=REMEDY_THRESHOLD)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known() | Absent():
                pass


def _paths(agent: Agent) -> Verdicts:
    message = "the path of the state store lies on the disk of one Pod"
    for path in agent.variables(airflow.STATE_STORE_PATH):
        yield from fail_if(path, lambda text: text.strip().lower().startswith("file://"), message, remedy=REMEDY_PATH)


def _whole(text: str) -> int:
    """The number; 0 for what is none, which the agent itself refuses."""
    try:
        return int(text)
    except ValueError:
        return 0
