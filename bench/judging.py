"""200 deployments and 200 agents: what judging them with all rules costs, measured against parsing them.

    python bench/judging.py [--check]

Both are measured in one process, one run after the other; prints the medians and their ratio; --check exits with 1
above the limit.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from astrovet.declared.configuration import Config
from astrovet.judging.engine import judge
from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.model.agent import Agent
from astrovet.model.deployment import Deployment
from astrovet.model.requirement import Requirement
from astrovet.readers.estate import Reading, build
from astrovet.readers.source_file import Role, SourceFile, TerraformSources

LIMIT = 1.0
RUNS = 5
COUNT = 200

CONFIG = Config(requires=frozenset({Requirement("hipaa")}))

ROOT = Path(__file__).resolve().parent.parent
AGENT = (ROOT / "fixtures" / "rules" / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml").read_text("utf-8")

DEPLOYMENT = """
resource "astro_deployment" "team_{n}" {{
  name             = "team-{n}"
  description      = "agents of team {n}"
  type             = "DEDICATED"
  cluster_id       = astro_cluster.shared.id
  workspace_id     = astro_workspace.team.id
  executor         = "ASTRO"
  is_cicd_enforced = true
  remote_execution = {{
    enabled                   = true
    allowed_ip_address_ranges = ["203.0.113.{n}/32"]
  }}
  environment_variables = [
    {{ key = "ENV", value = "prod", is_secret = false }},
    {{ key = "TEAM", value = "team-{n}", is_secret = false }},
  ]
}}
resource "astro_agent_token" "team_{n}" {{
  name                  = "team-{n}"
  deployment_id         = astro_deployment.team_{n}.id
  expiry_period_in_days = 90
}}
"""
SHARED = """
resource "astro_workspace" "team" {
  name        = "team"
  description = "all teams"
}
resource "astro_cluster" "shared" {
  name           = "shared"
  type           = "DEDICATED"
  cloud_provider = "AWS"
  region         = "eu-central-1"
  workspace_ids  = [astro_workspace.team.id]
}
"""


def files() -> list[SourceFile]:
    sources = SHARED + "".join(DEPLOYMENT.format(n=number) for number in range(COUNT))
    agents = {f"agents/team-{number}.yaml": _agent(number) for number in range(COUNT)}
    return [SourceFile.of(path, text.encode(), Role.FOUND) for path, text in {"main.tf": sources, **agents}.items()]


def _agent(number: int) -> str:
    return AGENT.replace("resourceNamePrefix: ", f"resourceNamePrefix: team-{number}-")


def read(inputs: list[SourceFile]) -> Reading:
    return build(inputs, ".", TerraformSources(tuple(file for file in inputs if file.path.endswith(".tf"))))


def main() -> None:
    rules = load_pack(BUILT_IN)
    parsing, judging = [], []
    for _ in range(RUNS):
        inputs = files()  # anew, since what is read of a file is kept with it
        begin = time.perf_counter()
        reading = read(inputs)
        middle = time.perf_counter()
        judgement = judge(reading.estate, rules, lambda _: CONFIG, (), lambda place: (place, ()), "2026-11-22")
        judging.append(time.perf_counter() - middle)
        parsing.append(middle - begin)
    counted = len(reading.estate.of(Deployment)), len(reading.estate.of(Agent))
    if counted != (COUNT, COUNT) or judgement.faults:
        sys.exit(f"{counted} deployments and agents, faults: {judgement.faults}")
    ratio = statistics.median(judging) / statistics.median(parsing)
    milliseconds = [f"{statistics.median(times) * 1000:.0f} ms" for times in (parsing, judging)]
    print(f"{COUNT} deployments and {COUNT} agents: parsing {milliseconds[0]}, {len(rules)} rules {milliseconds[1]}")
    print(f"ratio {ratio:.2f}, limit {LIMIT:g}")
    if "--check" in sys.argv[1:] and ratio > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
