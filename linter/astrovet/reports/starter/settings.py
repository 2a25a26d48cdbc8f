"""The configuration that `astrovet init` writes: what the repository holds, and as comments what to choose from."""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator
from textwrap import wrap

from msgspec import Struct

from astrovet.helm.conventions import ENDINGS, ENVIRONMENTS, FOLDERS_OF_ENVIRONMENTS
from astrovet.model.access import RootModule
from astrovet.model.agent import Agent
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate
from astrovet.model.requirement import Requirement, Tier
from astrovet.reports.escape import visible
from astrovet.reports.findings.summary import count
from astrovet.reports.home import HOME
from astrovet.secrecy import without_secrets
from astrovet.terraform.file_names import VARIABLE_FILES
from astrovet.value import Absent, Known, Unknown, Value

VARIABLE_FOLDERS = (*FOLDERS_OF_ENVIRONMENTS, "tfvars", "vars", "variables")
"""What teams call the folder beside a root module that holds its variable files."""
BY_NAMES = "by their names"
"""How layers were found that no tool names."""
DEPLOYMENTS = 20
"""Deployments that are suggested; of more the first ones."""


class Repository(Struct, frozen=True):
    """What a repository holds."""

    estate: Estate
    files: tuple[str, ...]
    """All that was looked at, as the estate has their paths."""
    from_top: Callable[[str], str]
    """A path as the configuration has it."""


class Use(Struct, frozen=True):
    """A root module with variable files that are named like an environment."""

    name: str
    root: str
    files: tuple[str, ...]


def settings(repository: Repository) -> str:
    """The file. What nobody can tell from the files is a comment, so that it changes no verdict."""
    return "\n".join(_lines(repository)) + "\n"


def _lines(repository: Repository) -> Iterator[str]:
    yield "# Settings, written by `astrovet init` from what this repository holds; all of it is yours to change."
    yield f"# {HOME}#declare-what-must-hold"
    yield "version: 1"
    yield ""
    yield "# What the organization has:"
    yield f"# {', '.join(map(str, Tier))}."
    yield "# plan-tier: business"
    yield ""
    yield "# What every deployment must satisfy; `astrovet advise --require hipaa` says what that asks for. Known are:"
    listed = f"{', '.join(map(str, Requirement))}."
    yield from wrap(listed, 118, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
    yield "# requires: [soc2]"
    yield ""
    yield from _deployments(repository.estate)
    yield from _environments(repository)
    yield from _agents(repository)
    yield "# A finding that is accepted for now, with the reason and the last day on which that counts."
    yield "# waivers:"
    yield '#   - {rule: REX027, at: helm/values.yaml, reason: "the node pool enforces it", until: 2027-01-31}'


def _deployments(estate: Estate) -> Iterator[str]:
    """Suggestions: what holds for a deployment stands in no file."""
    names = list(dict.fromkeys(_known(deployment.name) or deployment.id for deployment in estate.of(Deployment)))
    if not names:
        return
    yield f"# What holds for some deployments only. Found: {count(len(names), 'deployment')}."
    yield "# deployments:"
    for name in names[:DEPLOYMENTS]:
        yield f"#   - {{match: {_scalar(name)}, requires: [hipaa], environment: production}}"
    yield ""


def _environments(repository: Repository) -> Iterator[str]:
    uses = list(uses_of(repository))
    if not uses:
        return
    yield "# What root modules are applied for: each use is judged for itself."
    yield "environments:"
    for use in uses:
        files = ", ".join(_scalar(repository.from_top(path)) for path in use.files)
        root = f"root: {_scalar(repository.from_top(use.root or '.'))}, "
        yield f"  - {{name: {_scalar(use.name)}, {root}var-files: [{files}]}}"
    yield ""


def uses_of(repository: Repository) -> Iterator[Use]:
    """Root modules beside variable files that bear the name of an environment; Terraform loads those by no rule."""
    given = [path for path in repository.files if path.endswith(VARIABLE_FILES) and not _is_loaded(path)]
    for folder in dict.fromkeys(root.id for root in repository.estate.of(RootModule)):
        own = "" if folder == "." else folder
        by_name: dict[str, list[str]] = {}
        for path in given:
            name = _environment_of(path, own)
            if name:
                by_name.setdefault(name, []).append(path)
        yield from (Use(name, own, tuple(paths)) for name, paths in by_name.items())


def _is_loaded(path: str) -> bool:
    """Terraform loads it whatever the environment is."""
    name = posixpath.basename(path).removesuffix(".json")
    return name == "terraform.tfvars" or name.endswith(".auto.tfvars")


def _environment_of(path: str, root: str) -> str:
    """The environment that a variable file of a root module is for, by its name or its folder's; else empty."""
    folder, name = posixpath.split(path)
    beside = {root, *(posixpath.join(root, word) for word in VARIABLE_FOLDERS)}
    stem = name.partition(".tfvars")[0]
    if folder in beside and not ENVIRONMENTS.isdisjoint(re.split(r"[-._]", stem.lower())):
        return stem
    parent, last = posixpath.split(folder)
    return last if parent in beside and last.lower() in ENVIRONMENTS else ""


def _agents(repository: Repository) -> Iterator[str]:
    agents = [agent for agent in repository.estate.of(Agent) if _is_of_files(agent, repository)]
    others = len(repository.estate.of(Agent)) - len(agents)
    if others:
        yield f"# {count(others, 'agent')} more: another tool names its values, or Terraform does; nothing to declare."
    if not agents:
        yield from ("",) if others else ()
        return
    yield "# The layers of each agent's values in Helm's order: all that Helm is given. What a pipeline gives with"
    yield '# --set belongs here too, as `set: ["image=…"]`.'
    yield "agents:" if any(agent.complete for agent in agents) else "# agents:"
    names = Counter[str]()
    for agent in sorted(agents, key=lambda agent: not agent.complete):
        name = _known(agent.name) or posixpath.basename(agent.layers[-1]).rpartition(".")[0]
        names[name] += 1
        entry = (
            f"  - name: {_scalar(f'{name}-{names[name]}' if names[name] > 1 else name)}",
            f"    values: [{', '.join(_scalar(repository.from_top(layer)) for layer in agent.layers)}]",
            *_served(agent),
        )
        if agent.complete:
            yield from entry
        else:  # declared, it would be judged as if nothing were missing
            yield "# these files are not all that it needs: name what else Helm is given"
            yield from (f"# {line}" for line in entry)
    yield ""


def _is_of_files(agent: Agent, repository: Repository) -> bool:
    """Nothing but values files, which nobody but their names brings together."""
    is_plain = not agent.how or agent.how.startswith(BY_NAMES)
    files = frozenset(repository.files)
    return is_plain and bool(agent.layers) and all(path.endswith(ENDINGS) and path in files for path in agent.layers)


def _served(agent: Agent) -> Iterator[str]:
    """Whom it serves; where that is a guess, or open, it is a comment to choose from."""
    match agent.deployment.to:
        case Known(deployment):
            name = _scalar(_known(deployment.name) or deployment.id)
            how = f" # {visible(agent.deployment.how)}"
            yield f"    # deployment: {name}{how}" if agent.deployment.is_guess else f"    deployment: {name}"
        case Unknown() | Absent():
            names = [_scalar(_known(deployment.name) or deployment.id) for deployment in agent.deployment.candidates]
            yield f"    # deployment: {' # or '.join(names)}" if names else "    # deployment: which one it serves"


def _known(name: Value[str]) -> str:
    """A name that may be shown; empty where there is none."""
    match name:
        case Known(text, sensitive=False):
            return text if without_secrets(text) == text else ""
        case Known() | Unknown() | Absent():
            return ""


def _scalar(text: str) -> str:
    """A text as YAML in one line: plain where no reader can take it for anything else, else quoted as JSON is."""
    is_plain = re.fullmatch(r"[A-Za-z_][\w./-]*", text, re.ASCII) and text.lower() not in _WORDS
    return text if is_plain else json.dumps(text)


_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
"""What YAML 1.1 reads as something else."""
