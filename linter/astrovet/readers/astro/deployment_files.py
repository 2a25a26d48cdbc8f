"""Deployment files of the Astro CLI become deployments, as `astro_deployment` does.

What a file leaves out is what the CLI then sends: `false` for a switch, nothing for a list (astro-cli 1.9,
cloud/deployment/fromfile/fromfile.go, November 2026). What only Astro knows is Unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from astrovet.budget import Budget
from astrovet.document import InputKind, ProblemKind, bug
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.charts.recognition import recognise
from astrovet.helm.deployment_file import looks_like_deployment_file
from astrovet.model.deployment import Cluster, Deployment, RemoteExecution, Twin, Workspace
from astrovet.model.estate import Estate, Input
from astrovet.model.link import Link
from astrovet.model.secret import Secret
from astrovet.model.variables import EnvironmentVariable
from astrovet.place import Place
from astrovet.readers.astro.resources import deployment_model
from astrovet.readers.astro.variables import environment
from astrovet.readers.settings import any_of, or_default, texts
from astrovet.readers.source_file import Role, SourceFile
from astrovet.readers.yaml_files import YamlFile, YamlFiles
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, are_same, at, boolean, listed, may_be, text

INSPECT = "scan what `astro deployment inspect` writes"
STATE = "scan the Terraform state of the deployment"
NOT_APPLICABLE = "N/A"
"""What the CLI writes for an id or a name that Astro does not show."""

TYPES: Mapping[str, str] = {"HOSTED_SHARED": "STANDARD", "HOSTED_STANDARD": "STANDARD", "HOSTED_DEDICATED": "DEDICATED"}
"""Older words of the CLI for the types of today."""


def deployment_files(files: Sequence[SourceFile], budget: Budget) -> tuple[YamlFile, ...]:
    """Those that are deployment files, or would be if they could be read."""
    yaml_files = YamlFiles(files, {}, budget)
    parsed = (yaml_files[file.path] for file in files if file.role is not Role.BESIDE)
    return tuple(file for file in parsed if _is_deployment_file(file))


def deployments(files: Sequence[YamlFile], estate: Estate) -> tuple[Estate, tuple[Input, ...]]:
    """The deployments of the files, each with its workspace and its cluster; and the files as inputs.

    Of one that Terraform writes too, both are told to be the same.
    """
    made: list[Deployment] = []
    inputs: list[Input] = []
    for file in files:
        problems = file.problems
        try:
            made += _of_file(file, estate)
        except Exception as error:  # noqa: BLE001  see `bug`
            problems = (*problems, bug(file.path, error))
        inputs.append(Input(file.path, InputKind.DEPLOYMENT_FILE, problems, file.file.is_named))
    return Estate(objects=(*made, *_twins(made, estate.of(Deployment)))), tuple(inputs)


def _twins(running: Sequence[Deployment], written: Sequence[Deployment]) -> Iterator[Twin]:
    for runs in running:
        by_id = [one for one in written if are_same(one.identity, runs.identity)]
        matches = by_id or [one for one in written if _may_be_one(one, runs)]
        if len(matches) == 1:
            yield Twin(runs.id, runs.block, runs.place, runs.name, matches[0], runs)


def _may_be_one(written: Deployment, running: Deployment) -> bool:
    """They have one name, and nothing tells them apart: an id, or the names of their workspaces."""
    if not are_same(written.name, running.name) or _differ(written.identity, running.identity):
        return False
    match written.workspace.to, running.workspace.to:
        case Known(one), Known(other):
            return not _differ(one.name, other.name)
        case (Known() | Unknown() | Absent(), _):
            return True


def _is_deployment_file(file: YamlFile) -> bool:
    if not file.documents:
        is_broken = any(problem.kind is ProblemKind.UNREADABLE for problem in file.problems)
        return is_broken and looks_like_deployment_file(file.file.data)
    return recognise(file.documents[0].root).kind is ChartKind.ASTRO_DEPLOYMENT_FILE


def _of_file(file: YamlFile, estate: Estate) -> Iterator[Deployment]:
    """The CLI reads the first document alone; of several, people keep several deployments in one file."""
    for number, document in enumerate(file.documents, start=1):
        match document.root:
            case Known(Map(entries)) if recognise(document.root).kind is ChartKind.ASTRO_DEPLOYMENT_FILE:
                identity = file.path if number == 1 else f"{file.path}[{number}]"
                yield _Writing(entries["deployment"].value, estate).deployment(
                    identity, entries["deployment"].key_place
                )
            case Known() | Unknown() | Absent():
                pass


class _Writing:
    """What stands in one file, below `deployment`."""

    def __init__(self, root: Value[Tree], estate: Estate) -> None:
        self._root = root
        self._estate = estate

    def deployment(self, identity: str, place: Place) -> Deployment:
        """The deployment that the file writes."""
        kind = self._type()
        remote = self._remote_execution()
        variables = self._environment()
        version = self._set("runtime_version")
        return Deployment(
            id=identity,
            block=identity,
            place=place,
            name=self._set("name"),
            description=self._set("description"),
            type=kind,
            region=self._set("region"),
            model=deployment_model(kind, remote),
            cluster=self._cluster(kind),
            workspace=self._workspace(),
            remote_execution=_remote_execution(remote),
            environment=variables,
            secrets=tuple(_secrets(variables)),
            identity=self._told("deployment_id", "the id of the deployment", INSPECT),
            namespace=self._told("release_name", "the namespace of the deployment", STATE),
            enforces_cicd=self._switch("ci_cd_enforcement"),
            is_development=self._switch("is_development_mode"),
            is_highly_available=self._switch("is_high_availability"),
            hibernates=self._hibernates(),
            runtime=version if self._runs or isinstance(version, Absent) else _upgraded(version.place),
            first_runtime=self._first_runtime(version),
        )

    @property
    def _runs(self) -> bool:
        """The CLI wrote it of a deployment that is there: it has an id."""
        return isinstance(_filled(text(at(self._root, "metadata", "deployment_id"))), Known)

    def _set(self, key: str) -> Value[str]:
        """A text of the configuration; an empty one is none, as for the CLI."""
        return _filled(text(at(self._root, "configuration", key)))

    def _switch(self, key: str) -> Value[bool]:
        return or_default(boolean(at(self._root, "configuration", key)), default=False)

    def _told(self, key: str, what: str, how: str) -> Value[str]:
        """What only Astro gives a deployment."""
        match _filled(text(at(self._root, "metadata", key))):
            case Known(str(content)) as known if content != NOT_APPLICABLE:
                return known
            case Known(_, place) | Absent(place):
                return Unknown(f"this file does not tell {what}", place, how=how)
            case Unknown() as unknown:
                return unknown

    def _type(self) -> Value[str]:
        match self._set("deployment_type"):
            case Known(word, place):
                upper = word.upper()
                return Known(TYPES.get(upper, upper), place)
            case Absent(place):
                return Unknown("this file does not tell the type of the deployment", place, how=INSPECT)
            case Unknown() as unknown:
                return unknown

    def _remote_execution(self) -> Value[Tree]:
        """The block, where it is switched on: without `enabled` the CLI leaves it off."""
        block = at(self._root, "configuration", "remote_execution")
        match boolean(at(block, "enabled")):
            case Known(flag, place):
                return block if flag else Absent(place)
            case Absent(place):
                return Absent(place)
            case Unknown() as unknown:
                return unknown

    def _environment(self) -> Value[tuple[EnvironmentVariable, ...]]:
        match environment(at(self._root, "environment_variables")):
            case Known(variables, place):
                given = tuple(_shown(variable) for variable in variables)
                return Known((*given, *self._left_out(place)), place)
            case Absent(place):
                return Known(tuple(self._left_out(place)), place, written=False)
            case Unknown() as unknown:
                return unknown

    def _left_out(self, place: Place) -> Iterator[EnvironmentVariable]:
        """A template, which has no name, lacks the variables that are secret."""
        if isinstance(self._set("name"), Absent):
            why = "a template of a deployment leaves out the variables that are secret"
            open_ = Unknown(why, place, how=INSPECT)
            yield EnvironmentVariable(open_, open_, place, Known(True, place, written=False))

    def _hibernates(self) -> Value[bool]:
        schedules = at(self._root, "hibernation_schedules")
        override = at(self._root, "metadata", "hibernation_override", "is_hibernating")
        switches = (boolean(at(schedule, "enabled")) for schedule in listed(schedules))
        return any_of((*switches, boolean(override)), schedules.place)

    def _first_runtime(self, version: Value[str]) -> Value[str]:
        if self._runs:
            why = "this file tells which Astro Runtime runs, and not the first one"
            return Unknown(why, version.place, how=STATE)
        return version

    def _cluster(self, kind: Value[str]) -> Link[Cluster]:
        """By its name among those of the run; a STANDARD deployment has none."""
        name = self._set("cluster_name")
        identity = at(self._root, "metadata", "cluster_id")
        if isinstance(kind, Known) and kind.value == "STANDARD":
            return Link(Absent(name.place))
        matches = tuple(cluster for cluster in self._estate.of(Cluster) if are_same(cluster.name, name))
        if len(matches) == 1:
            return Link(Known(matches[0], name.place), matches, "by its name")
        why = "the cluster that this file names is not in the inputs"
        match text(identity):
            case Known(known):
                return Link(Unknown(why, name.place, how="scan what declares it"), id=known)
            case Unknown() | Absent():
                return Link(Unknown(why, name.place, how="scan what declares it"))

    def _workspace(self) -> Link[Workspace]:
        """By its name among those of the run; else one of which nothing but the name is known."""
        match self._set("workspace_name"):
            case Known(label, place) as name:
                matches = tuple(workspace for workspace in self._estate.of(Workspace) if are_same(workspace.name, name))
                if len(matches) == 1:
                    return Link(Known(matches[0], place), matches, "by its name")
                why = "this file names the workspace and none of its settings"
                enforces: Value[bool] = Unknown(why, place, how="scan what declares it")
                alone = Workspace(label, label, place, name, enforces)
                return Link(Known(alone, place), (alone,), "by its name")
            case Absent(place):
                return Link(Unknown("this file does not name the workspace", place, how=INSPECT))
            case Unknown() as unknown:
                return Link(unknown)


def _filled(value: Value[str]) -> Value[str]:
    match value:
        case Known("", place):
            return Absent(place)
        case Known() | Unknown() | Absent():
            return value


def _differ(one: Value[str], other: Value[str]) -> bool:
    return isinstance(one, Known) and isinstance(other, Known) and one.value != other.value


def _upgraded(place: Place) -> Unknown:
    why = "this file names the Astro Runtime that the deployment is created with, and a newer one may run by now"
    return Unknown(why, place, how=INSPECT)


def _shown(variable: EnvironmentVariable) -> EnvironmentVariable:
    """A variable; of a secret, Astro gives out no value, and the CLI writes an empty one."""
    match variable.is_secret, _filled(variable.value):
        case Known(True), Absent(place):
            why = "Astro does not show the value of a secret"
            hidden = Unknown(why, place, how="look it up where the secret is kept")
            return EnvironmentVariable(variable.name, hidden, variable.place, variable.is_secret)
        case (Known() | Unknown() | Absent(), _):
            return variable


def _secrets(variables: Value[tuple[EnvironmentVariable, ...]]) -> Iterator[Secret]:
    """Those that are marked as secret, or may be. A value that is known is written: a file refers to nothing."""
    match variables:
        case Known(known):
            for variable in known:
                name = variable.name.value if isinstance(variable.name, Known) else ""
                if may_be(variable.is_secret):
                    is_written = isinstance(variable.value, Known)
                    written = Known(is_written, variable.value.place, written=False)
                    yield Secret(name, variable.value, variable.is_secret, written)
        case Unknown() | Absent():
            pass


def _remote_execution(block: Value[Tree]) -> Value[RemoteExecution]:
    match block:
        case Known(_, place):
            why = "a deployment file does not hold the address of the agents' API"
            made = RemoteExecution(
                place=place,
                allowed_ranges=texts(at(block, "allowed_ip_address_ranges")),
                task_log_bucket=_filled(text(at(block, "task_log_bucket"))),
                task_log_url=_filled(text(at(block, "task_log_url_pattern"))),
                api_url=Unknown(why, place, how=STATE),
            )
            return Known(made, place)
        case Unknown() | Absent():
            return block
