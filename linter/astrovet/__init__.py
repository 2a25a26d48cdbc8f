"""astrovet vets Astronomer Astro deployments before they exist.

This is the front door: all that a rule pack may import. A name is loaded when it is first asked for,
so that `astrovet --version` need not load the rest.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # type checkers take it for true; `typing` itself would double the start-up time
if TYPE_CHECKING:
    from astrovet.document import InputKind as InputKind
    from astrovet.document import Note as Note
    from astrovet.document import Problem as Problem
    from astrovet.document import ProblemKind as ProblemKind
    from astrovet.helm.keys import nearest as nearest
    from astrovet.inputs.json_text import JsonText as JsonText
    from astrovet.model.access import AddressList as AddressList
    from astrovet.model.access import Organization as Organization
    from astrovet.model.access import Removal as Removal
    from astrovet.model.access import RoleGrant as RoleGrant
    from astrovet.model.access import RootModule as RootModule
    from astrovet.model.access import StateBackend as StateBackend
    from astrovet.model.access import TokenRole as TokenRole
    from astrovet.model.address_range import AddressRange as AddressRange
    from astrovet.model.address_range import CustomerNetwork as CustomerNetwork
    from astrovet.model.agent import SECRET_KEYS as SECRET_KEYS
    from astrovet.model.agent import Agent as Agent
    from astrovet.model.agent import Choice as Choice
    from astrovet.model.agent import Credential as Credential
    from astrovet.model.agent import CredentialKind as CredentialKind
    from astrovet.model.agent import DagBundle as DagBundle
    from astrovet.model.agent import Lineage as Lineage
    from astrovet.model.agent import LoggingSidecar as LoggingSidecar
    from astrovet.model.agent import LogSink as LogSink
    from astrovet.model.agent import SecretsBackend as SecretsBackend
    from astrovet.model.agent import Sentinel as Sentinel
    from astrovet.model.agent import ServiceAccountSetting as ServiceAccountSetting
    from astrovet.model.change import Change as Change
    from astrovet.model.change import Drift as Drift
    from astrovet.model.change import Effect as Effect
    from astrovet.model.change import ObjectType as ObjectType
    from astrovet.model.change import Posture as Posture
    from astrovet.model.component import TASK_COMPONENTS as TASK_COMPONENTS
    from astrovet.model.component import Component as Component
    from astrovet.model.component import ComponentEnvironment as ComponentEnvironment
    from astrovet.model.component import ComponentKind as ComponentKind
    from astrovet.model.component import Mount as Mount
    from astrovet.model.component import SecurityContext as SecurityContext
    from astrovet.model.component import Volume as Volume
    from astrovet.model.declared import Declaration as Declaration
    from astrovet.model.declared import Obligation as Obligation
    from astrovet.model.deployment import AgentToken as AgentToken
    from astrovet.model.deployment import ApiToken as ApiToken
    from astrovet.model.deployment import Cluster as Cluster
    from astrovet.model.deployment import Deployment as Deployment
    from astrovet.model.deployment import DeploymentModel as DeploymentModel
    from astrovet.model.deployment import ProviderConfiguration as ProviderConfiguration
    from astrovet.model.deployment import RemoteExecution as RemoteExecution
    from astrovet.model.deployment import Workspace as Workspace
    from astrovet.model.environment_object import EnvironmentObject as EnvironmentObject
    from astrovet.model.environment_object import NotificationChannel as NotificationChannel
    from astrovet.model.environment_object import OpenSettings as OpenSettings
    from astrovet.model.estate import Estate as Estate
    from astrovet.model.estate import Input as Input
    from astrovet.model.identity import CloudIdentity as CloudIdentity
    from astrovet.model.identity import IdentityKind as IdentityKind
    from astrovet.model.identity import TrustedAccounts as TrustedAccounts
    from astrovet.model.identity import short_name as short_name
    from astrovet.model.kubernetes import BackEnd as BackEnd
    from astrovet.model.kubernetes import ExposedService as ExposedService
    from astrovet.model.kubernetes import KubernetesObjects as KubernetesObjects
    from astrovet.model.kubernetes import KubernetesSecret as KubernetesSecret
    from astrovet.model.kubernetes import Labels as Labels
    from astrovet.model.kubernetes import NetworkPolicy as NetworkPolicy
    from astrovet.model.kubernetes import PodTemplate as PodTemplate
    from astrovet.model.kubernetes import Route as Route
    from astrovet.model.kubernetes import ServiceAccount as ServiceAccount
    from astrovet.model.link import Link as Link
    from astrovet.model.network import InboundPath as InboundPath
    from astrovet.model.network import KubernetesCluster as KubernetesCluster
    from astrovet.model.network import NodeAccess as NodeAccess
    from astrovet.model.network import Opening as Opening
    from astrovet.model.platform import Platform as Platform
    from astrovet.model.secret import Secret as Secret
    from astrovet.model.storage import Cloud as Cloud
    from astrovet.model.storage import Expiration as Expiration
    from astrovet.model.storage import ObjectStore as ObjectStore
    from astrovet.model.storage import PublicAccessGuard as PublicAccessGuard
    from astrovet.model.storage import PublicGrant as PublicGrant
    from astrovet.model.storage import StoreEncryption as StoreEncryption
    from astrovet.model.variables import EnvironmentVariable as EnvironmentVariable
    from astrovet.model.variables import settled as settled
    from astrovet.model.waiver import Waiver as Waiver
    from astrovet.place import Place as Place
    from astrovet.requirements.advice import advise as advise
    from astrovet.requirements.advice import conflicts as conflicts
    from astrovet.requirements.advice import satisfying as satisfying
    from astrovet.requirements.facts import Attestation as Attestation
    from astrovet.requirements.facts import attested as attested
    from astrovet.requirements.isolation import isolation as isolation
    from astrovet.requirements.names import Requirement as Requirement
    from astrovet.requirements.names import Tier as Tier
    from astrovet.requirements.responsibilities import SIGNED_BY as SIGNED_BY
    from astrovet.requirements.responsibilities import Party as Party
    from astrovet.requirements.scope import Scopes as Scopes
    from astrovet.requirements.tables import ANSWERS as ANSWERS
    from astrovet.requirements.tables import ATTESTED as ATTESTED
    from astrovet.requirements.tables import ATTESTED_FOR as ATTESTED_FOR
    from astrovet.requirements.tables import AUDIT_DAYS as AUDIT_DAYS
    from astrovet.requirements.tables import LEAST_TIER as LEAST_TIER
    from astrovet.requirements.tables import TITLES as TITLES
    from astrovet.requirements.tables import Fit as Fit
    from astrovet.requirements.tables import audit_days as audit_days
    from astrovet.rulebook import Context as Context
    from astrovet.rulebook import Family as Family
    from astrovet.rulebook import Limits as Limits
    from astrovet.rulebook import Rule as Rule
    from astrovet.rulebook import rule as rule
    from astrovet.secrecy import connection_name as connection_name
    from astrovet.secrecy import credential_kind as credential_kind
    from astrovet.secrecy import is_variable_name as is_variable_name
    from astrovet.secrecy import literal as literal
    from astrovet.secrecy import pattern_kind as pattern_kind
    from astrovet.secrecy import placeholder as placeholder
    from astrovet.secrecy import secret_field as secret_field
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
    from astrovet.verdict import first_gap_only as first_gap_only
    from astrovet.verdict import not_applicable as not_applicable
    from astrovet.verdict import undecided as undecided

_MODULES = (
    "value",
    "verdict",
    "rulebook",
    "model.address_range",
    "model.agent",
    "model.access",
    "model.component",
    "model.change",
    "model.declared",
    "model.deployment",
    "model.environment_object",
    "model.estate",
    "model.network",
    "model.identity",
    "model.kubernetes",
    "model.secret",
    "model.storage",
    "model.link",
    "model.platform",
    "model.variables",
    "model.waiver",
    "document",
    "place",
    "secrecy",
    "requirements.names",
    "requirements.facts",
    "requirements.responsibilities",
    "requirements.scope",
    "requirements.isolation",
    "requirements.tables",
    "requirements.advice",
    "inputs.json_text",
    "helm.keys",
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
