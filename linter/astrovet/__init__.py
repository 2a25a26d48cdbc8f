"""astrovet vets Astronomer Astro deployments before they exist.

This is the front door: all that a rule pack may import. A name is loaded when it is first asked for,
so that `astrovet --version` need not load the rest.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # type checkers take it for true; `typing` itself would double the start-up time
if TYPE_CHECKING:
    from astrovet.document import Note as Note
    from astrovet.document import Problem as Problem
    from astrovet.document import ProblemKind as ProblemKind
    from astrovet.inputs.json_text import JsonText as JsonText
    from astrovet.model import TASK_COMPONENTS as TASK_COMPONENTS
    from astrovet.model import Agent as Agent
    from astrovet.model import AgentToken as AgentToken
    from astrovet.model import ApiToken as ApiToken
    from astrovet.model import Cluster as Cluster
    from astrovet.model import Component as Component
    from astrovet.model import ComponentKind as ComponentKind
    from astrovet.model import Credential as Credential
    from astrovet.model import Deployment as Deployment
    from astrovet.model import DeploymentModel as DeploymentModel
    from astrovet.model import EnvironmentVariable as EnvironmentVariable
    from astrovet.model import Estate as Estate
    from astrovet.model import Expiration as Expiration
    from astrovet.model import ExposedService as ExposedService
    from astrovet.model import InboundPath as InboundPath
    from astrovet.model import Ingress as Ingress
    from astrovet.model import Input as Input
    from astrovet.model import KubernetesCluster as KubernetesCluster
    from astrovet.model import Labels as Labels
    from astrovet.model import Link as Link
    from astrovet.model import NetworkPolicy as NetworkPolicy
    from astrovet.model import NodeAccess as NodeAccess
    from astrovet.model import ObjectStore as ObjectStore
    from astrovet.model import Opening as Opening
    from astrovet.model import ProviderConfiguration as ProviderConfiguration
    from astrovet.model import PublicAccessGuard as PublicAccessGuard
    from astrovet.model import PublicGrant as PublicGrant
    from astrovet.model import RemoteExecution as RemoteExecution
    from astrovet.model import SecretsBackend as SecretsBackend
    from astrovet.model import StoreEncryption as StoreEncryption
    from astrovet.model import Workspace as Workspace
    from astrovet.place import Place as Place
    from astrovet.requirements.isolation import isolation as isolation
    from astrovet.requirements.names import Requirement as Requirement
    from astrovet.requirements.scope import Scopes as Scopes
    from astrovet.rulebook import Context as Context
    from astrovet.rulebook import Limits as Limits
    from astrovet.rulebook import Rule as Rule
    from astrovet.rulebook import rule as rule
    from astrovet.secrecy import connection_name as connection_name
    from astrovet.secrecy import credential_kind as credential_kind
    from astrovet.secrecy import is_variable_name as is_variable_name
    from astrovet.secrecy import literal as literal
    from astrovet.secrecy import pattern_kind as pattern_kind
    from astrovet.secrecy import placeholder as placeholder
    from astrovet.secrecy import secret_name as secret_name
    from astrovet.secrecy import shown as shown
    from astrovet.secrecy import template as template
    from astrovet.value import Absent as Absent
    from astrovet.value import Known as Known
    from astrovet.value import List as List
    from astrovet.value import Map as Map
    from astrovet.value import Tree as Tree
    from astrovet.value import Unknown as Unknown
    from astrovet.value import Value as Value
    from astrovet.value import at as at
    from astrovet.value import shape as shape
    from astrovet.verdict import Fail as Fail
    from astrovet.verdict import Outcome as Outcome
    from astrovet.verdict import Severity as Severity
    from astrovet.verdict import Verdicts as Verdicts
    from astrovet.verdict import fail as fail
    from astrovet.verdict import fail_if_written as fail_if_written
    from astrovet.verdict import not_applicable as not_applicable
    from astrovet.verdict import undecided as undecided

_MODULES = (
    "value",
    "verdict",
    "rulebook",
    "model",
    "document",
    "place",
    "secrecy",
    "requirements.names",
    "requirements.scope",
    "requirements.isolation",
    "inputs.json_text",
)


def __getattr__(name: str) -> object:
    """Load a name of the front door from the module that defines it."""
    from importlib import import_module

    if not name.startswith("_"):
        for module in _MODULES:
            found = getattr(import_module(f"astrovet.{module}"), name, None)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(f"module 'astrovet' has no attribute {name!r}")
