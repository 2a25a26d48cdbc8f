"""The same bad values, whoever installs them: the same rules, each at its own place."""

from __future__ import annotations

import pytest

from support import DATA, astrovet

WRAPPERS = DATA / "wrappers"

RULES = ["REX001", "REX008", "REX013", "REX016"]

PLACES = {
    "argo": ["claims-agent.yaml:24:24", "claims-agent.yaml:29:9", "claims-agent.yaml:21:21", "claims-agent.yaml:35:20"],
    "flux": ["claims-agent.yaml:31:20", "claims-agent.yaml:36:5", "claims-agent.yaml:28:17", "claims-agent.yaml:42:16"],
    "helmfile": ["helmfile.yaml:17:24", "helmfile.yaml:22:9", "helmfile.yaml:14:21", "helmfile.yaml:28:20"],
    "kustomize": [
        "claims-agent.yaml:7:16",
        "claims-agent.yaml:12:1",
        "claims-agent.yaml:4:13",
        "claims-agent.yaml:18:12",
    ],
    "terraform": ["main.tf:21:29", "main.tf:28:5", "main.tf:18:29", "main.tf:34:46"],
}


@pytest.mark.parametrize("tool", PLACES)
def test_the_same_values_yield_the_same_rules_at_their_own_places(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(WRAPPERS / tool)
    result = astrovet("scan", ".", "--select", ",".join(RULES), "--format", "concise")
    findings = sorted((line.split()[1], line.split(": ")[0]) for line in result.stdout.splitlines() if "REX" in line)
    assert findings == list(zip(RULES, PLACES[tool], strict=True))
