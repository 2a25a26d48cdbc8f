"""What a root module reads from the states of others: `data.terraform_remote_state.net.outputs.agents_group`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from astrovet.document import InputKind
from astrovet.model.estate import Estate
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.terraform.state_location import DEFAULT, StateLocation, StateOutput, location
from astrovet.value import Absent, Known, Tree, Unknown, Value, text

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform
    from astrovet.terraform.resource import Resource

REMOTE_STATE = "terraform_remote_state"
_OUTPUTS = ".outputs."


def outputs_named(value: Value[Tree], resource: Resource, word: str, terraform: Terraform) -> Iterator[StateOutput]:
    """The outputs that a value may come from, which stands in an argument with this word in its name."""
    if not isinstance(value, Unknown):
        return
    for reference in resource.references_below(word):
        data, is_output, path = reference.partition(_OUTPUTS)
        address = f"{resource.module_address}.{data}".lstrip(".")
        if is_output and f".{REMOTE_STATE}." in data and (not value.origins or address in value.origins):
            yield StateOutput(path.partition(".")[0].partition("[")[0], _state(address, terraform))


def _state(address: str, terraform: Terraform) -> StateLocation | None:
    data = terraform.by_address.get(address)
    if data is None:
        return None
    backend = text(data.attribute("backend"))
    if not isinstance(backend, Known):
        return None
    is_source = terraform.kind is InputKind.TERRAFORM_SOURCE
    folder = terraform.path if is_source else posixpath.dirname(terraform.path)
    return location(backend.value, lambda path: data.attribute("config", *path), folder, _workspace(data))


def _workspace(data: Resource) -> str | None:
    match text(data.attribute("workspace")):
        case Known(name):
            return name
        case Absent():
            return DEFAULT
        case Unknown():
            return None


def kept_in(estate: Estate, state: StateLocation | None) -> Estate:
    """What a plan shows of the cloud, with where the sources that it was made from keep their state."""
    if state is None:
        return estate

    def placed(outputs: Iterable[StateOutput]) -> frozenset[StateOutput]:
        return frozenset(StateOutput(output.name, state) for output in outputs)

    paths = tuple(replace(path, outputs=placed(path.outputs)) for path in estate.of(InboundPath))
    clusters = tuple(
        replace(cluster, network_outputs=placed(cluster.network_outputs)) for cluster in estate.of(KubernetesCluster)
    )
    return estate.with_all(InboundPath, paths).with_all(KubernetesCluster, clusters)
