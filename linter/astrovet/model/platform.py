"""An installation of Astro Private Cloud."""

from __future__ import annotations

from typing import ClassVar

from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.subject import AstroPart
from astrovet.value import Known, Value


class Platform(AstroPart, frozen=True):
    """Astro Private Cloud, or one of its planes, as its Helm values describe it. Its deployments are in no file.

    Its name is the domain that all its addresses end in; Absent in a file that leaves it to another layer.
    """

    kind: ClassVar[str] = "platform"
    order: ClassVar[int] = 14
    listing: ClassVar[int] = 3

    plane: Value[str]
    """`control`, `data` or `unified`."""

    @property
    def model(self) -> Value[DeploymentModel]:
        return Known(DeploymentModel.PRIVATE_CLOUD, self.place)
