"""An installation of Astro Private Cloud."""

from __future__ import annotations

from msgspec import Struct

from astrovet.model.deployment import DeploymentModel
from astrovet.place import Place
from astrovet.value import Known, Value


class Platform(Struct, frozen=True):
    """Astro Private Cloud, or one of its planes, as its Helm values describe it. Its deployments are in no file."""

    id: str
    block: str
    place: Place
    name: Value[str]
    """The domain that all its addresses end in; Absent in a file that leaves it to another layer."""
    plane: Value[str]
    """`control`, `data` or `unified`."""
    kind: str = "platform"

    @property
    def model(self) -> Value[DeploymentModel]:
        return Known(DeploymentModel.PRIVATE_CLOUD, self.place)
