"""What the values of a platform say of its Pods' rights."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.helm.charts.platform_keys import path_of
from astrovet.model.platform import PodSetting
from astrovet.model.variables import partial, settled
from astrovet.place import step
from astrovet.readers.agent.chart_values import pointer, settled_tree
from astrovet.readers.platform.secrets import at_map
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, boolean, text

CONTEXTS = frozenset({"securityContext", "podSecurityContext"})
WEAK = {"privileged": True, "runAsNonRoot": False, "allowPrivilegeEscalation": True}
"""The flags that weaken a Pod, and the side on which they do (the Pod security standards of Kubernetes)."""
MEANT = frozenset({"vector", "fluentd", "privateCaCertsAddToHost", "sysctlInitContainer", "nodeExporter"})
"""Parts that the chart itself runs with more rights: they read the logs, the kernel or the disk of a node."""
STANDARD = "pod-security.kubernetes.io/enforce"


def pod_settings(tree: Value[Tree], path: str = "") -> Iterator[PodSetting]:
    """The flags in contexts that may weaken Pods."""
    match tree:
        case Known(Map(entries)):
            for key, entry in entries.items():
                if key in CONTEXTS:
                    yield from _of_context(entry.value, step(path, key))
                elif key not in MEANT:
                    yield from pod_settings(entry.value, step(path, key))
        case Known() | Unknown() | Absent():
            pass


def _of_context(context: Value[Tree], path: str) -> Iterator[PodSetting]:
    for key, weak in WEAK.items():
        match boolean(settled_tree(at_map(context, (key,)))):
            case Known(flag, place):
                yield PodSetting(step(path, key), Known(flag is weak, place))
            case Unknown() as unknown:
                yield PodSetting(step(path, key), unknown)
            case Absent():
                pass
    user = settled(text(at_map(context, ("runAsUser",))))
    if isinstance(user, Known):
        yield PodSetting(step(path, "runAsUser"), Known(user.value == "0", user.place))


def pod_standard(root: Value[Tree], *, complete: bool) -> Value[str]:
    """The standard that a label makes the namespaces of Deployments enforce."""
    path = (*path_of("global.namespaceLabels"), STANDARD)
    written = settled(text(at_map(root, path)))
    return partial(pointer(path), written.place) if isinstance(written, Absent) and not complete else written
