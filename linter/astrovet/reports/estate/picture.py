"""The architecture as a picture shows it: what runs in which plane, where data lies, who calls whom.

Pure data, with titles that may be shown: names of people's objects and words of ours, never a value of
an input that may be secret. `reporters.mermaid` and `reporters.svg` draw it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from astrovet.judging.verdict import Report, VerdictKind
from astrovet.model.agent import Agent
from astrovet.model.component import ComponentKind
from astrovet.model.deployment import Cluster, Deployment
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.estate import Estate
from astrovet.model.identity import CloudIdentity
from astrovet.model.kubernetes import ExposedService, PodTemplate, Route
from astrovet.model.logging_sidecar import LoggingSidecar
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.platform import Platform
from astrovet.model.severity import Severity
from astrovet.model.storage import Cloud, ObjectStore
from astrovet.model.subject import Subject, label
from astrovet.place import Place
from astrovet.secrecy import NOT_SHOWN, showable, shown
from astrovet.value import Absent, Known, Unknown, Value, boolean


class Plane(StrEnum):
    """The parts of the world that trust ends between."""

    OUTSIDE = "outside"
    """What belongs to neither side: other networks, and what agents fetch from elsewhere."""
    ORCHESTRATION = "orchestration"
    HOSTED = "hosted"
    EXECUTION = "execution"
    PRIVATE = "private"
    UNKNOWN = "unknown"


FOUND_BY_NAME = (ObjectStore, CloudIdentity, Platform)


TITLES = {
    Plane.OUTSIDE: "Elsewhere",
    Plane.ORCHESTRATION: "Astronomer's orchestration plane",
    Plane.HOSTED: "Data plane hosted by Astronomer",
    Plane.EXECUTION: "The customer's execution plane",
    Plane.PRIVATE: "Private Cloud, run by the customer",
    Plane.UNKNOWN: "Where it runs is unknown",
}


PLANES = {
    DeploymentModel.STANDARD: Plane.HOSTED,
    DeploymentModel.DEDICATED: Plane.HOSTED,
    DeploymentModel.REMOTE_EXECUTION: Plane.ORCHESTRATION,
    DeploymentModel.PRIVATE_CLOUD: Plane.PRIVATE,
    DeploymentModel.HYBRID: Plane.EXECUTION,
}
"""Where a deployment stands; the tasks of one with Remote Execution run in agents, which stand elsewhere."""

SYSTEMS = {
    "VaultBackend": "HashiCorp Vault",
    "SecretsManagerBackend": "AWS Secrets Manager",
    "SystemsManagerParameterStoreBackend": "AWS Parameter Store",
    "CloudSecretManagerBackend": "Google Secret Manager",
    "AzureKeyVaultBackend": "Azure Key Vault",
    "LockboxSecretBackend": "Yandex Lockbox",
    "GitDagBundle": "a Git repository",
    "S3DagBundle": "Amazon S3",
    "GCSDagBundle": "Google Cloud Storage",
}
"""What Airflow's classes talk to."""
SCHEMES = {
    "s3": "Amazon S3",
    "gs": "Google Cloud Storage",
    "gcs": "Google Cloud Storage",
    "abfs": "Azure Storage",
    "abfss": "Azure Storage",
    "wasb": "Azure Storage",
}
LOCAL = {"LocalDagBundle": "a folder in the Pod", "LocalFilesystemBackend": "a file in the Pod"}

SECRETS_BACKEND = "AIRFLOW__SECRETS__BACKEND"
XCOM_PATH = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH"
REMOTE_LOGGING = "AIRFLOW__LOGGING__REMOTE_LOGGING"
LOG_FOLDER = "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"

OPEN_SERVICES = ("LoadBalancer", "NodePort")
UNKNOWN = "unknown"
FOUND_BY_NAME = (ObjectStore, CloudIdentity, Platform)


class BoxKind(StrEnum):
    """What a box stands for."""

    CLUSTER = "cluster"
    DEPLOYMENT = "deployment"
    AGENT = "agent"
    STORE = "store"
    ENTRANCE = "entrance"
    PLATFORM = "platform"
    WORLD = "world"


class Fact(Struct, frozen=True):
    """One line in a box."""

    what: str
    """DAGs, XComs, secrets, logs, model."""
    value: str
    is_known: bool = True


class Box(Struct, frozen=True):
    """Something that runs, or that holds data."""

    key: str
    """Tells it apart within the picture: letters and digits only."""
    kind: BoxKind
    title: str
    plane: Plane
    inside: str = ""
    """The key of the cluster that it stands in."""
    facts: tuple[Fact, ...] = ()
    failed: Severity | None = None
    """The worst failure of a rule about it."""


class Arrow(Struct, frozen=True):
    """Traffic: who opens the connection points at whom."""

    source: str
    """The key of a box, or a plane."""
    target: str
    what: str
    is_certain: bool = True
    """False where the inputs leave open whether there is this traffic."""
    is_inbound: bool = False
    """It comes into a plane from outside."""
    failed: Severity | None = None
    """The worst failure of a rule about it."""


class Picture(Struct, frozen=True):
    """All boxes, in the order to draw them, and all arrows."""

    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()

    def planes(self) -> tuple[Plane, ...]:
        """The planes that hold a box, in the order of `Plane`."""
        held = {box.plane for box in self.boxes}
        return tuple(plane for plane in Plane if plane in held)

    def boxes_in(self, plane: Plane, inside: str = "") -> tuple[Box, ...]:
        """The boxes that stand in a plane itself, or in one of its clusters."""
        return tuple(box for box in self.boxes if box.plane is plane and box.inside == inside)


def failures(report: Report) -> dict[str, Severity]:
    """The worst failure of each subject, by its id (with the environment, as reports have it)."""
    found: dict[str, Severity] = {}
    for verdict in report.verdicts:
        if verdict.kind is VerdictKind.FAIL:
            for name in verdict.instances or (verdict.subject,):
                found[name] = min(verdict.severity, found.get(name, verdict.severity), key=lambda each: each.rank)
    return found


def picture(estate: Estate, failed: Mapping[str, Severity] | None = None) -> Picture:
    """The architecture of an estate; what a rule failed for is marked with the worst severity."""
    drawn = _Drawn({}, [], failed or {})
    deployments = _draw_deployments(estate, drawn)
    agents = _draw_agents(estate, deployments, drawn)
    _draw_entrances(estate, agents, drawn)
    _draw_platforms(estate, drawn)
    return Picture(tuple(drawn.boxes.values()), tuple(dict.fromkeys(drawn.arrows)))


def title(subject: Subject) -> str:
    """What people call it: its name, else its id; with the environment where there are several.

    Not the name of what is found by it alone, as a bucket is in a whole cloud.
    """
    match subject.name:
        case Known(str(name), sensitive=False) if name and not isinstance(subject, FOUND_BY_NAME):
            environment = subject.place.environment
            return f"{name} ({environment})" if environment else name
        case _:
            return label(subject)


class _Drawn(NamedTuple):
    """What is drawn so far."""

    boxes: dict[object, Box]
    """By what they stand for, so that a thing is drawn once."""
    arrows: list[Arrow]
    failed: Mapping[str, Severity]

    def box(
        self,
        of: object,
        kind: BoxKind,
        words: str,
        plane: Plane,
        facts: Iterable[Fact] = (),
        *,
        inside: str = "",
        subject: Subject | None = None,
    ) -> Box:
        """The box of a thing; one that is there gets the facts that it lacks."""
        failed = self.failed.get(label(subject)) if subject is not None else None
        drawn = self.boxes.get(of) or Box(f"{kind[0]}{len(self.boxes)}", kind, words, plane, inside, (), failed)
        self.boxes[of] = replace(drawn, facts=tuple(dict.fromkeys((*drawn.facts, *facts))))
        return self.boxes[of]


def _draw_deployments(estate: Estate, drawn: _Drawn) -> dict[Place, Box]:
    """All deployments in their clusters, and clusters without any."""
    found: dict[Place, Box] = {}
    for deployment in estate.of(Deployment):
        plane, model = _plane(deployment.model)
        facts = [model]
        if plane is Plane.HOSTED:
            facts.append(Fact("DAGs, logs", "at Astronomer"))
        elif plane is Plane.ORCHESTRATION:
            facts.append(_admits(deployment))
        inside = ""
        match deployment.cluster.to:
            case Known(cluster):
                inside = _draw_cluster(cluster, plane, drawn).key
            case Unknown() | Absent():
                pass
        box = drawn.box(
            (deployment.place, "deployment"),
            BoxKind.DEPLOYMENT,
            title(deployment),
            plane,
            facts,
            inside=inside,
            subject=deployment,
        )
        if plane is Plane.HOSTED:
            box = _draw_kept(box, (deployment.place, "deployment"), _kept_by(deployment, estate), drawn)
        found[deployment.place] = box
    used = {of[0] for of in drawn.boxes if isinstance(of, tuple)}
    for cluster in estate.of(Cluster):
        if cluster.place not in used:
            _draw_cluster(cluster, Plane.HOSTED, drawn)
    return found


def _draw_cluster(cluster: Cluster, plane: Plane, drawn: _Drawn) -> Box:
    """A cluster is drawn in each plane in which it has deployments."""
    facts = [Fact("cloud", _shown(cluster.cloud))] if isinstance(cluster.cloud, Known) else []
    words = f"cluster {title(cluster)}"
    return drawn.box((cluster.place, plane), BoxKind.CLUSTER, words, plane, facts, subject=cluster)


def _plane(model: Value[DeploymentModel]) -> tuple[Plane, Fact]:
    match model:
        case Known(known):
            return PLANES[known], Fact("model", known)
        case Unknown() | Absent():
            return Plane.UNKNOWN, Fact("model", UNKNOWN, is_known=False)


def _admits(deployment: Deployment) -> Fact:
    """Who may call the API for agents."""
    match deployment.remote_execution:
        case Known(settings):
            ranges = settings.allowed_ranges
        case Unknown() | Absent() as ranges:
            pass
    match ranges:
        case Known(listed) if listed:
            return Fact("agent API open to", "the addresses that are listed")
        case Known() | Absent():
            return Fact("agent API open to", "every address")
        case Unknown():
            return Fact("agent API open to", UNKNOWN, is_known=False)


class _Store(NamedTuple):
    """Where something lies."""

    words: str
    is_known: bool = True
    plane: Plane | None = None
    """Absent where it lies in the thing itself, or nowhere: then it has no box."""
    identity: object = None
    """What tells it from others that are called the same."""
    subject: Subject | None = None


_NOBODY_KNOWS = _Store(UNKNOWN, is_known=False)
_AT_ASTRONOMER = _Store("at Astronomer")
_DATABASE = _Store("Airflow's database at Astronomer", plane=Plane.ORCHESTRATION, identity="database")


def _draw_agents(estate: Estate, deployments: Mapping[Place, Box], drawn: _Drawn) -> tuple[Box, ...]:
    found = []
    for agent in estate.of(Agent):
        of = agent.place, agent.id
        box = drawn.box(of, BoxKind.AGENT, title(agent), Plane.EXECUTION, subject=agent)
        found.append(box)
        for target, is_certain in _served(agent, deployments, drawn):
            drawn.arrows.append(Arrow(box.key, target, "calls Astro's API: HTTPS, outbound", is_certain))
        _draw_kept(box, of, _kept(agent, estate), drawn)
    return tuple(found)


def _draw_kept(box: Box, of: object, kept: Iterable[tuple[str, Iterable[_Store]]], drawn: _Drawn) -> Box:
    """What a thing keeps where: in its box, and with arrows to what else there is."""
    for what, stores in kept:
        for store in _each_once(stores):
            box = drawn.box(of, box.kind, box.title, box.plane, [Fact(what, store.words, store.is_known)])
            if store.plane is not None:
                facts = [Fact("holds", what)]
                held = drawn.box(store.identity, BoxKind.STORE, store.words, store.plane, facts, subject=store.subject)
                drawn.arrows.append(Arrow(box.key, held.key, what))
    return box


def _each_once(stores: Iterable[_Store]) -> Iterable[_Store]:
    return {(store.words, store.identity): store for store in stores}.values()


def _served(agent: Agent, deployments: Mapping[Place, Box], drawn: _Drawn) -> Iterator[tuple[str, bool]]:
    """The deployments that an agent serves, or may."""
    link = agent.deployment
    keys = [deployments[each.place].key for each in link.candidates if each.place in deployments]
    match link.to:
        case Known(deployment) if deployment.place in deployments:
            yield deployments[deployment.place].key, not link.is_guess
        case _ if keys:
            yield from ((key, False) for key in dict.fromkeys(keys))
        case _:
            words = "a deployment that the inputs do not show"
            yield drawn.box("deployment", BoxKind.DEPLOYMENT, words, Plane.ORCHESTRATION).key, True


def _kept(agent: Agent, estate: Estate) -> Iterator[tuple[str, Iterable[_Store]]]:
    """What lies where."""
    yield "DAGs", _dags(agent)
    yield "secrets", _secrets(agent)
    yield "XComs", _xcoms(agent, estate)
    yield "logs", _logs(agent, estate)


def _dags(agent: Agent) -> Iterator[_Store]:
    bundles = agent.bundles()
    for bundle in bundles:
        yield _of_class(bundle.classpath, Plane.OUTSIDE)
    if not bundles:
        match agent.dag_bundles.raw:
            case Absent():
                yield _Store("in no bundle that is set")
            case Known() | Unknown():
                yield _NOBODY_KNOWS


def _secrets(agent: Agent) -> Iterator[_Store]:
    for each in agent.secrets:
        yield _of_class(each.backend, Plane.EXECUTION)
    if not agent.secrets:
        yield _of_class(agent.secrets_backend, Plane.EXECUTION)


def _kept_by(deployment: Deployment, estate: Estate) -> Iterator[tuple[str, Iterable[_Store]]]:
    """What a deployment keeps elsewhere, whose tasks run at Astronomer."""
    backend = deployment.variable(SECRETS_BACKEND)
    yield "secrets", [_AT_ASTRONOMER if isinstance(backend, Absent) else _of_class(backend, Plane.EXECUTION)]
    yield "XComs", [_of_address(deployment.variable(XCOM_PATH), estate, _AT_ASTRONOMER)]


def _of_class(classpath: Value[str], plane: Plane) -> _Store:
    """The system behind a class of Airflow's; a class of people's own is only said to be one."""
    match classpath:
        case Known(path, sensitive=False) if showable(path):
            name = path.rpartition(".")[2]
            if name in LOCAL:
                return _Store(LOCAL[name])
            return _Store(SYSTEMS.get(name, name), plane=plane, identity=(plane, path))
        case Known(path):
            return _Store("a class of your own", plane=plane, identity=(plane, path))
        case Unknown():
            return _NOBODY_KNOWS
        case Absent():
            return _Store("none set")


def _xcoms(agent: Agent, estate: Estate) -> Iterator[_Store]:
    match agent.xcom_backend:
        case Known():
            for path in agent.variables(XCOM_PATH):
                yield _of_address(path, estate, _NOBODY_KNOWS)
        case Unknown():
            yield _NOBODY_KNOWS
        case Absent():
            yield _DATABASE


def _logs(agent: Agent, estate: Estate) -> Iterator[_Store]:
    """Where the sidecar sends them, and where Airflow itself does."""
    found = list(_sent(agent.logging_sidecar, estate))
    for upload in agent.variables(REMOTE_LOGGING, ComponentKind.WORKER):
        match boolean(_lower(upload)):
            case Known(True):
                folders = agent.variables(LOG_FOLDER, ComponentKind.WORKER)
                found.extend(_of_address(folder, estate, _NOBODY_KNOWS) for folder in folders)
            case Unknown():
                found.append(_NOBODY_KNOWS)
            case Known() | Absent():
                pass
    yield from found or (_Store("sent nowhere"),)


def _sent(sidecar: LoggingSidecar, estate: Estate) -> Iterator[_Store]:
    if sidecar.is_off:
        return
    match sidecar.sinks:
        case Known(sinks) if sinks and isinstance(sidecar.enabled, Known):
            for sink in sinks:
                if isinstance(sink.bucket, Absent):
                    yield from (_of_address(each, estate, _NOBODY_KNOWS) for each in sink.addresses)
                else:
                    yield _of_bucket(sink.bucket, estate)
        case Known() | Unknown() | Absent():
            yield _NOBODY_KNOWS


def _lower(value: Value[str]) -> Value[str]:
    """Airflow reads True as true."""
    return replace(value, value=value.value.lower()) if isinstance(value, Known) else value


def _of_address(address: Value[str], estate: Estate, unset: _Store) -> _Store:
    """The object store that an address leads to, where that is in the inputs; else what kind of address it is."""
    match address:
        case Known(text):
            scheme, separator, rest = text.partition("://")
            before, _, after = rest.partition("/")[0].rpartition("@")
            for store in estate.of(ObjectStore) if separator else ():
                name = before if store.cloud is Cloud.AZURE and before else after
                if any(isinstance(each, Known) and each.value == name for each in store.paths):
                    return _of_store(store)
            if scheme == "file" or not separator:
                return _Store("a folder in the Pod")
            words = SCHEMES.get(scheme, shown(address))
            return _Store("an address that is not shown" if words == NOT_SHOWN else words, True, Plane.EXECUTION, text)
        case Unknown():
            return _NOBODY_KNOWS
        case Absent():
            return unset


def _of_bucket(bucket: Value[str], estate: Estate) -> _Store:
    match bucket:
        case Known(name):
            for store in estate.of(ObjectStore):
                if any(isinstance(each, Known) and each.value == name for each in store.paths):
                    return _of_store(store)
            return _Store("a bucket", plane=Plane.EXECUTION, identity=("bucket", name))
        case Unknown() | Absent():
            return _NOBODY_KNOWS


def _of_store(store: ObjectStore) -> _Store:
    return _Store(label(store), plane=Plane.EXECUTION, identity=store.place, subject=store)


def _draw_entrances(estate: Estate, agents: tuple[Box, ...], drawn: _Drawn) -> None:
    """What lets traffic in to agents, or may."""
    for subject, what, is_certain in _entrances(estate, drawn.failed):
        world = drawn.box("world", BoxKind.WORLD, "other networks", Plane.OUTSIDE)
        box = drawn.box(subject.place, BoxKind.ENTRANCE, label(subject), Plane.EXECUTION, subject=subject)
        target = agents[0].key if len(agents) == 1 else Plane.EXECUTION
        drawn.arrows.append(Arrow(world.key, box.key, what, is_certain, True, box.failed))
        drawn.arrows.append(Arrow(box.key, target, "leads to agents", is_certain, True, box.failed))


def _entrances(estate: Estate, failed: Mapping[str, Severity]) -> Iterator[tuple[Subject, str, bool]]:
    for subject in (subject for subject in estate.everything() if subject.is_of_astro):
        match subject:
            case ExposedService(reaches_agents=reaches):
                inner = isinstance(subject.type, Known) and subject.type.value not in OPEN_SERVICES
                if not inner or isinstance(subject.external_addresses, Known) or label(subject) in failed:
                    yield subject, "inbound through a Service", isinstance(reaches, Known)
            case Route(back_ends=back_ends):
                sure = any(isinstance(each.reaches_agents, Known) and each.reaches_agents.value for each in back_ends)
                yield subject, f"inbound through {subject.what}", sure
            case PodTemplate(host_ports=ports, host_network=host):
                if ports or (isinstance(host, Known) and host.value):
                    yield subject, "inbound through ports of the node", isinstance(subject.runs_agents, Known)
            case _:
                pass
    for path in estate.of(InboundPath):
        others = isinstance(path.other_workloads, Known) and path.other_workloads.value
        is_open = isinstance(path.openings, Known) and any(each.sources for each in path.openings.value)
        if estate.has_execution_plane and (label(path) in failed or (is_open and not others)):
            yield path, "inbound through a firewall", False
    for cluster in estate.of(KubernetesCluster):
        is_public = isinstance(cluster.public_endpoint, Known) and cluster.public_endpoint.value
        if estate.has_execution_plane and is_public and not cluster.is_without_agents:
            yield cluster, "inbound to the API of Kubernetes", isinstance(cluster.runs_agents, Known)


def _draw_platforms(estate: Estate, drawn: _Drawn) -> None:
    for each in estate.of(Platform):
        _, model = _plane(each.model)
        facts = [model, Fact("DAGs, secrets, XComs, logs", "at the customer")]
        if isinstance(each.plane, Known):
            facts.insert(1, Fact("holds", f"{_shown(each.plane)} plane"))
        drawn.box(each.place, BoxKind.PLATFORM, label(each), Plane.PRIVATE, facts, subject=each)


def _shown(value: Known[str]) -> str:
    return shown(value).strip('"')
