"""A `helm_release` of the platform's chart becomes the values that Helm will use, and so a platform."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.helm.charts.platform import is_platform_chart
from astrovet.model.platform import Platform
from astrovet.readers.agent.helm_release import values_of
from astrovet.terraform.plan.resources import Terraform
from astrovet.value import Known, text


def platforms(terraform: Terraform) -> Iterator[Platform]:
    """The platforms that releases install and that will stand after apply."""
    for resource in terraform.judged(("helm_release",)):
        chart = text(resource.attribute("chart"))
        if isinstance(chart, Known) and is_platform_chart(chart.value):
            from astrovet.readers.platform.values import read_platform  # most releases are of other charts

            version = text(resource.attribute("version"))
            yield read_platform(resource.address, values_of(resource), resource.place, version)
