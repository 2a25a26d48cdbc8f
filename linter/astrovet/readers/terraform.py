"""Terraform resources become facts of the deployment model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from astrovet.document import InputKind
from astrovet.inputs.terraform_json import Configuration, ConfiguredModule, ConfiguredProvider, ModuleCall, Variable
from astrovet.model.deployment import (
    AgentToken,
    ApiToken,
    Cluster,
    Deployment,
    DeploymentModel,
    ProviderConfiguration,
    RemoteExecution,
    Workspace,
)
from astrovet.model.link import Link
from astrovet.model.variables import EnvironmentVariable
from astrovet.place import Place
from astrovet.readers.settings import texts
from astrovet.terraform.plan import Terraform
from astrovet.terraform.references import References, Resolution
from astrovet.terraform.resource import Action, Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, integer, items, text

T = TypeVar("T", Workspace, Cluster, Deployment)

ASTRO_PROVIDER = "astronomer/astro"


class TerraformFacts(Struct, frozen=True):
    """What one plan or state contributes to the estate."""

    workspaces: tuple[Workspace, ...]
    clusters: tuple[Cluster, ...]
    deployments: tuple[Deployment, ...]
    agent_tokens: tuple[AgentToken, ...]
    api_tokens: tuple[ApiToken, ...]
    providers: tuple[ProviderConfiguration, ...]
    other_objects: int
    """Objects of Astro that no rule looks at, those being removed included."""
    workspace_ids: Mapping[str, Workspace]
    cluster_ids: Mapping[str, Cluster]
    deployment_ids: Mapping[str, Deployment]
    """The objects whose ids are known, by these."""


class Objects(Generic[T]):
    """The objects of one kind, to be found by address or id."""

    def __init__(self, what: str, resource_type: str, references: References, *, of_sources: bool) -> None:
        self._of_sources = of_sources  # there, an unknown value tells itself where it comes from
        self._what = what
        self._resource_type = resource_type
        self._references = references
        self._by_address: dict[str, T] = {}
        self.by_id: dict[str, T] = {}

    def add(self, resource: Resource, made: T) -> T:
        self._by_address[resource.address] = made
        match text(resource.computed("id")):
            case Known(identity):
                self.by_id[identity] = made
            case Unknown() | Absent():
                pass
        return made

    def link(self, resource: Resource, attribute: str, value: Value[str]) -> Link[T]:
        """The object whose id an attribute holds: by the id, or by where the unknown id will come from."""
        match value:
            case Known(identity, place):
                found = self.by_id.get(identity)
                if found is not None:
                    return Link(Known(found, place), (found,), "by its id", identity)
                why = f"the {self._what} is not in these inputs; scan the plan or state that holds it too"
                return Link(Unknown(why, place), id=identity)
            case Absent():
                return Link(value)
            case Unknown(why, place, addresses) if self._of_sources or addresses:
                found_here = [self._by_address[each] for each in addresses if each in self._by_address]
                if not addresses or len(found_here) < len(addresses):
                    return Link(Unknown(why, place))
                return self._one_of(tuple(found_here), place)
            case Unknown(why, place):
                origins = self._references.origins(resource, attribute, (self._resource_type,))
                return self._by_origin(origins, why, place)

    def links(self, resource: Resource, attribute: str, values: tuple[Value[str], ...]) -> tuple[Link[T], ...]:
        """As `link`, for a set of ids: as many unknown ids as origins are those origins, in some order."""
        unknown = [value for value in values if isinstance(value, Unknown) and not self._of_sources]
        origins = self._references.origins(resource, attribute, (self._resource_type,)) if unknown else Resolution()
        found = [self._by_address[each.address] for each in origins.targets if each.address in self._by_address]
        if unknown and origins.is_settled and len(found) == len(origins.targets) == len(unknown):
            settled = [self.link(resource, attribute, value) for value in values if not isinstance(value, Unknown)]
            settled += [
                Link(Known(each, value.place), (each,), f"by reference to {each.id}")
                for each, value in zip(found, unknown, strict=True)
            ]
            return tuple(settled)
        return tuple(self.link(resource, attribute, value) for value in values)

    def _by_origin(self, origins: Resolution, why: str, place: Place) -> Link[T]:
        if not origins.is_settled:
            lost = "; ".join((*origins.dead_ends, *origins.others))
            why = f"which {self._what} it is cannot be told: it comes from {lost}; scan the state after apply"
            return Link(Unknown(why, place))
        candidates = tuple(
            self._by_address[target.address] for target in origins.targets if target.address in self._by_address
        )
        if not candidates or len(candidates) < len(origins.targets):
            return Link(Unknown(why, place))
        return self._one_of(candidates, place)

    def _one_of(self, candidates: tuple[T, ...], place: Place) -> Link[T]:
        if len(candidates) == 1:
            return Link(Known(candidates[0], place), candidates, f"by reference to {candidates[0].id}")
        names = several(tuple(candidate.id for candidate in candidates))
        return Link(Unknown(f"which {self._what} it is shows only after apply: one of {names}", place), candidates)


_READ_TYPES = frozenset(
    {"astro_workspace", "astro_cluster", "astro_deployment", "astro_agent_token", "astro_api_token"}
)


def read_facts(terraform: Terraform) -> TerraformFacts:
    """The objects of Astro that a plan or state holds, linked to each other.

    Data sources and what lies outside the plan's target are found by links; only what the plan
    manages and leaves in place is judged.
    """
    references = References(terraform)
    of_sources = terraform.kind is InputKind.TERRAFORM_SOURCE
    workspaces_known: Objects[Workspace] = Objects("workspace", "astro_workspace", references, of_sources=of_sources)
    clusters_known: Objects[Cluster] = Objects("cluster", "astro_cluster", references, of_sources=of_sources)
    deployments_known: Objects[Deployment] = Objects(
        "deployment", "astro_deployment", references, of_sources=of_sources
    )
    of_astro = [each for each in terraform.resources if _is_astro(each)]

    def present(kind: str) -> Iterator[Resource]:
        return (each for each in of_astro if each.type == kind and (each.is_judged or each.action is Action.READ))

    workspaces = [(each, workspaces_known.add(each, _workspace(each))) for each in present("astro_workspace")]
    clusters = [(each, clusters_known.add(each, _cluster(each, workspaces_known))) for each in present("astro_cluster")]
    deployments = [
        (each, deployments_known.add(each, _deployment(each, clusters_known, workspaces_known)))
        for each in present("astro_deployment")
    ]
    return TerraformFacts(
        workspaces=tuple(made for each, made in workspaces if each.is_judged),
        clusters=tuple(made for each, made in clusters if each.is_judged or each.mode == "data"),
        deployments=tuple(made for each, made in deployments if each.is_judged),
        agent_tokens=tuple(
            AgentToken(
                id=each.address,
                block=each.block,
                place=each.place,
                name=text(each.attribute("name")),
                expiry_days=integer(each.attribute("expiry_period_in_days")),
                deployment=deployments_known.link(each, "deployment_id", text(each.attribute("deployment_id"))),
            )
            for each in present("astro_agent_token")
            if each.is_judged
        ),
        api_tokens=tuple(
            ApiToken(
                id=each.address,
                block=each.block,
                place=each.place,
                name=text(each.attribute("name")),
                expiry_days=integer(each.attribute("expiry_period_in_days")),
            )
            for each in present("astro_api_token")
            if each.is_judged
        ),
        providers=tuple(_providers(terraform, bool(of_astro))),
        other_objects=sum(
            each.mode == "managed" and not (each.is_judged and each.type in _READ_TYPES) for each in of_astro
        ),
        workspace_ids=workspaces_known.by_id,
        cluster_ids=clusters_known.by_id,
        deployment_ids=deployments_known.by_id,
    )


def _is_astro(resource: Resource) -> bool:
    """Old versions of Terraform wrote the provider's bare name."""
    return resource.type.startswith("astro_") and resource.provider in {ASTRO_PROVIDER, "astro"}


def _workspace(resource: Resource) -> Workspace:
    return Workspace(resource.address, resource.block, resource.place, text(resource.attribute("name")))


def _cluster(resource: Resource, workspaces: Objects[Workspace]) -> Cluster:
    return Cluster(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        workspaces=_workspaces(resource, workspaces),
    )


def _workspaces(resource: Resource, known: Objects[Workspace]) -> Value[tuple[Link[Workspace], ...]]:
    listed = items(resource.attribute("workspace_ids"))
    match listed:
        case Known(found, place):
            return Known(known.links(resource, "workspace_ids", tuple(text(each) for each in found)), place)
        case Unknown() | Absent():
            return listed


def _deployment(resource: Resource, clusters: Objects[Cluster], workspaces: Objects[Workspace]) -> Deployment:
    kind = text(resource.attribute("type"))
    remote = resource.attribute("remote_execution")
    # STANDARD deployments show an unknown cluster id too, for the provider fills it in: the author's word counts.
    cluster_id = text(resource.attribute("cluster_id"))
    return Deployment(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        description=text(resource.attribute("description")),
        type=kind,
        model=deployment_model(kind, remote),
        cluster=clusters.link(resource, "cluster_id", cluster_id),
        workspace=workspaces.link(resource, "workspace_id", text(resource.attribute("workspace_id"))),
        remote_execution=_remote_execution(remote),
        environment=_environment(resource.attribute("environment_variables")),
    )


def deployment_model(kind: Value[str], remote: Value[Tree]) -> Value[DeploymentModel]:
    """STANDARD, DEDICATED without and with `remote_execution`, HYBRID (S003-01; provider 1.5.2)."""
    match kind, remote:
        case Known("STANDARD", place), _:
            return Known(DeploymentModel.STANDARD, place)
        case Known("HYBRID", place), _:
            return Known(DeploymentModel.HYBRID, place)
        case Known("DEDICATED", place), Absent():
            return Known(DeploymentModel.DEDICATED, place)
        case Known("DEDICATED"), Unknown():
            return remote
        case Known("DEDICATED"), Known(_, place):
            return Known(DeploymentModel.REMOTE_EXECUTION, place)
        case Known(_, place), _:
            return Unknown("the deployment's type is none that astrovet knows (STANDARD, DEDICATED, HYBRID)", place)
        case Absent(place), _:
            return Unknown("the deployment has no type", place)
        case ((Unknown() as unknown), _):
            return unknown


def _remote_execution(remote: Value[Tree]) -> Value[RemoteExecution]:
    match remote:
        case Known(_, place):
            ranges = texts(at(remote, "allowed_ip_address_ranges"))
            return Known(RemoteExecution(place, ranges, text(at(remote, "task_log_bucket"))), place)
        case Unknown() | Absent():
            return remote


def _environment(value: Value[Tree]) -> Value[tuple[EnvironmentVariable, ...]]:
    listed = items(value)
    match listed:
        case Known(found, place):
            return Known(tuple(_variable(each, place) for each in found), place)
        case Unknown() | Absent():
            return listed


def _variable(item: Value[Tree], around: Place) -> EnvironmentVariable:
    return EnvironmentVariable(
        name=text(at(item, "key")),
        value=text(at(item, "value")),
        place=item.place if isinstance(item, Known) else around,
        is_secret=boolean(at(item, "is_secret")),
    )


def _providers(terraform: Terraform, has_objects: bool) -> Iterator[ProviderConfiguration]:
    """The `provider "astro"` blocks. A state does not hold them, and a redacted plan neither."""
    if terraform.configuration is None:
        if has_objects:
            what = "a state" if terraform.kind is InputKind.TERRAFORM_STATE else "this plan"
            place = Place(terraform.path, address="provider.astro", pointer="token")
            why = f"{what} does not hold the provider's configuration; scan a full plan"
            yield _provider_configuration("provider.astro", terraform.path, Unknown(why, place))
        return
    for provider in terraform.configuration.provider_config.values():
        if "/".join(provider.full_name.split("/")[-2:]) == ASTRO_PROVIDER:
            label = f"provider.astro.{provider.alias}" if provider.alias else "provider.astro"
            address = f"{provider.module_address}.{label}" if provider.module_address else label
            token = _token(provider, address, terraform.path, terraform.configuration)
            yield _provider_configuration(address, terraform.path, token)


def _provider_configuration(address: str, path: str, token: Value[str]) -> ProviderConfiguration:
    place = Place(path, address=address)
    return ProviderConfiguration(address, address, place, Known(address, place), token)


def _token(provider: ConfiguredProvider, address: str, path: str, configuration: Configuration) -> Value[str]:
    """The token of a provider block: a literal, or the literal that the variable it reads is given."""
    modules = tuple(provider.module_address.split(".")[1::2])
    place = Place(path, address=address, pointer="token")
    return _literal(provider.expressions.get("token"), place, modules, configuration.root_module)


def _literal(expression: object, place: Place, modules: tuple[str, ...], root: ConfiguredModule) -> Value[str]:
    """The text that an expression in a module writes out, there or where a variable of it gets its value.

    Text that comes from elsewhere counts as Known, not written: what it is does not matter here.
    """
    match expression:
        case {"references": [*references]} if references:
            return _referenced([str(each) for each in references], place, modules, root)
        case {"constant_value": str(constant)}:
            return Known(constant, place, sensitive=True)
        case {"constant_value": _} | None:
            return Absent(place, explicit=expression is not None)
        case _:
            return Known("", place, written=False)


def _referenced(references: list[str], place: Place, modules: tuple[str, ...], root: ConfiguredModule) -> Value[str]:
    for reference in references:
        kind, _, name = reference.partition(".")
        if kind == "local":
            why = f"the token comes from {reference}, which no plan holds; see that none is written there"
            return Unknown(why, place)
        if kind == "var":
            return _variable_literal(name, place, modules, root)
    return Known("", place, written=False)


def _variable_literal(name: str, place: Place, modules: tuple[str, ...], root: ConfiguredModule) -> Value[str]:
    """What the caller of a module passes to its variable; else the variable's default."""
    around = ".".join(f"module.{each}" for each in modules)
    if modules:
        call = _module_at(root, modules[:-1]).module_calls.get(modules[-1], ModuleCall())
        if name in call.expressions:
            at_call = Place(place.path, address=around, pointer=name)
            return _literal(call.expressions[name], at_call, modules[:-1], root)
    match _module_at(root, modules).variables.get(name, Variable()).default:
        case str(default) if default:
            address = f"{around}.variable.{name}" if around else f"variable.{name}"
            return Known(default, Place(place.path, address=address, pointer="default"), sensitive=True)
        case _:
            return Known("", place, written=False)


def _module_at(root: ConfiguredModule, modules: tuple[str, ...]) -> ConfiguredModule:
    for name in modules:
        root = root.module_calls.get(name, ModuleCall()).module
    return root


def several(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
