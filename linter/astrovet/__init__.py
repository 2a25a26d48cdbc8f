"""astrovet vets Astronomer Astro deployments before they exist.

This is the front door: all that a rule pack may import. A name is loaded when it is first asked for,
so that `astrovet --version` need not load the rest. The module is long because every name stands here twice, for type
checkers and to be loaded.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # type checkers take it for true; `typing` itself would double the start-up time
if TYPE_CHECKING:
    from astrovet import airflow as airflow
    from astrovet.declared.scope import Scopes as Scopes
    from astrovet.document import InputKind as InputKind
    from astrovet.document import Note as Note
    from astrovet.document import Problem as Problem
    from astrovet.document import ProblemKind as ProblemKind
    from astrovet.formats.json_text import JsonText as JsonText
    from astrovet.formats.json_text import json_text as json_text
    from astrovet.formats.spelling import nearest as nearest
    from astrovet.judging.checks import fail_if as fail_if
    from astrovet.judging.checks import first_unknown as first_unknown
    from astrovet.judging.checks import known_values as known_values
    from astrovet.judging.checks import unless_unclear as unless_unclear
    from astrovet.judging.checks import when_known as when_known
    from astrovet.judging.packs import Family as Family
    from astrovet.judging.rulebook import Context as Context
    from astrovet.judging.rulebook import Limits as Limits
    from astrovet.judging.rulebook import Rule as Rule
    from astrovet.judging.rulebook import rule as rule
    from astrovet.judging.verdict import Fail as Fail
    from astrovet.judging.verdict import Outcome as Outcome
    from astrovet.judging.verdict import Verdicts as Verdicts
    from astrovet.judging.verdict import fail as fail
    from astrovet.judging.verdict import fail_if_written as fail_if_written
    from astrovet.judging.verdict import first_gap_only as first_gap_only
    from astrovet.judging.verdict import not_applicable as not_applicable
    from astrovet.judging.verdict import undecided as undecided
    from astrovet.model.access import AddressList as AddressList
    from astrovet.model.access import Organization as Organization
    from astrovet.model.access import Removal as Removal
    from astrovet.model.access import RoleGrant as RoleGrant
    from astrovet.model.access import RootModule as RootModule
    from astrovet.model.access import StateBackend as StateBackend
    from astrovet.model.access import TokenRole as TokenRole
    from astrovet.model.address_range import AddressRange as AddressRange
    from astrovet.model.address_range import CustomerNetwork as CustomerNetwork
    from astrovet.model.agent import Agent as Agent
    from astrovet.model.agent import DagBundle as DagBundle
    from astrovet.model.agent import Lineage as Lineage
    from astrovet.model.agent import Sentinel as Sentinel
    from astrovet.model.agent import ServiceAccountSetting as ServiceAccountSetting
    from astrovet.model.blind_spot import BlindSpot as BlindSpot
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
    from astrovet.model.connection import Connection as Connection
    from astrovet.model.connection import connection as connection
    from astrovet.model.connection import opened as opened
    from astrovet.model.credential import SECRET_KEYS as SECRET_KEYS
    from astrovet.model.credential import Choice as Choice
    from astrovet.model.credential import Credential as Credential
    from astrovet.model.credential import CredentialKind as CredentialKind
    from astrovet.model.declared import Declaration as Declaration
    from astrovet.model.declared import Obligation as Obligation
    from astrovet.model.deployment import AgentToken as AgentToken
    from astrovet.model.deployment import ApiToken as ApiToken
    from astrovet.model.deployment import Cluster as Cluster
    from astrovet.model.deployment import Deployment as Deployment
    from astrovet.model.deployment import ProviderConfiguration as ProviderConfiguration
    from astrovet.model.deployment import RemoteExecution as RemoteExecution
    from astrovet.model.deployment import Twin as Twin
    from astrovet.model.deployment import Workspace as Workspace
    from astrovet.model.deployment_model import DeploymentModel as DeploymentModel
    from astrovet.model.environment_object import EnvironmentObject as EnvironmentObject
    from astrovet.model.environment_object import NotificationChannel as NotificationChannel
    from astrovet.model.environment_object import OpenSettings as OpenSettings
    from astrovet.model.estate import Estate as Estate
    from astrovet.model.estate import Input as Input
    from astrovet.model.facts import PRODUCTION as PRODUCTION
    from astrovet.model.facts import Attestation as Attestation
    from astrovet.model.facts import attested as attested
    from astrovet.model.identity import CloudIdentity as CloudIdentity
    from astrovet.model.identity import IdentityKind as IdentityKind
    from astrovet.model.identity import TrustedAccounts as TrustedAccounts
    from astrovet.model.identity import short_name as short_name
    from astrovet.model.kubernetes import BackEnd as BackEnd
    from astrovet.model.kubernetes import BoundSubject as BoundSubject
    from astrovet.model.kubernetes import ClusterRights as ClusterRights
    from astrovet.model.kubernetes import ConfigMap as ConfigMap
    from astrovet.model.kubernetes import Egress as Egress
    from astrovet.model.kubernetes import Exit as Exit
    from astrovet.model.kubernetes import ExposedService as ExposedService
    from astrovet.model.kubernetes import KubernetesRole as KubernetesRole
    from astrovet.model.kubernetes import KubernetesSecret as KubernetesSecret
    from astrovet.model.kubernetes import Labels as Labels
    from astrovet.model.kubernetes import NetworkPolicy as NetworkPolicy
    from astrovet.model.kubernetes import PodTemplate as PodTemplate
    from astrovet.model.kubernetes import RoleBinding as RoleBinding
    from astrovet.model.kubernetes import Route as Route
    from astrovet.model.kubernetes import ServiceAccount as ServiceAccount
    from astrovet.model.link import Link as Link
    from astrovet.model.logging_sidecar import LoggingSidecar as LoggingSidecar
    from astrovet.model.logging_sidecar import LogSink as LogSink
    from astrovet.model.network import InboundPath as InboundPath
    from astrovet.model.network import KubernetesCluster as KubernetesCluster
    from astrovet.model.network import NodeAccess as NodeAccess
    from astrovet.model.network import Opening as Opening
    from astrovet.model.platform import Call as Call
    from astrovet.model.platform import ImageSource as ImageSource
    from astrovet.model.platform import Platform as Platform
    from astrovet.model.platform import Provider as Provider
    from astrovet.model.project import AstroProject as AstroProject
    from astrovet.model.project import ProjectImage as ProjectImage
    from astrovet.model.requirement import Requirement as Requirement
    from astrovet.model.requirement import Tier as Tier
    from astrovet.model.secret import Secret as Secret
    from astrovet.model.secrets_backend import SecretsBackend as SecretsBackend
    from astrovet.model.secrets_backend import secrets_backend as secrets_backend
    from astrovet.model.severity import Severity as Severity
    from astrovet.model.storage import Cloud as Cloud
    from astrovet.model.storage import Expiration as Expiration
    from astrovet.model.storage import ObjectStore as ObjectStore
    from astrovet.model.storage import PublicAccessGuard as PublicAccessGuard
    from astrovet.model.storage import PublicGrant as PublicGrant
    from astrovet.model.storage import StoreEncryption as StoreEncryption
    from astrovet.model.subject import Part as Part
    from astrovet.model.subject import Subject as Subject
    from astrovet.model.variables import EnvironmentVariable as EnvironmentVariable
    from astrovet.model.variables import settled as settled
    from astrovet.model.waiver import Waiver as Waiver
    from astrovet.place import Place as Place
    from astrovet.requirements.advice import advise as advise
    from astrovet.requirements.advice import conflicts as conflicts
    from astrovet.requirements.advice import satisfying as satisfying
    from astrovet.requirements.isolation import isolation as isolation
    from astrovet.requirements.responsibilities import SIGNED_BY as SIGNED_BY
    from astrovet.requirements.responsibilities import Party as Party
    from astrovet.requirements.tables import ATTESTED as ATTESTED
    from astrovet.requirements.tables import ATTESTED_FOR as ATTESTED_FOR
    from astrovet.requirements.tables import AUDIT_DAYS as AUDIT_DAYS
    from astrovet.requirements.tables import LEAST_TIER as LEAST_TIER
    from astrovet.requirements.tables import SUITABILITY as SUITABILITY
    from astrovet.requirements.tables import TITLES as TITLES
    from astrovet.requirements.tables import Fit as Fit
    from astrovet.requirements.tables import audit_days as audit_days
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
    from astrovet.value import Entry as Entry
    from astrovet.value import Known as Known
    from astrovet.value import List as List
    from astrovet.value import Map as Map
    from astrovet.value import Tree as Tree
    from astrovet.value import Unknown as Unknown
    from astrovet.value import Value as Value
    from astrovet.value import at as at
    from astrovet.value import items as items
    from astrovet.value import may_be as may_be
    from astrovet.value import shape as shape
    from astrovet.value import text as text

_HOMES = {
    "Absent": "value",
    "AddressList": "model.access",
    "AddressRange": "model.address_range",
    "advise": "requirements.advice",
    "Agent": "model.agent",
    "AgentToken": "model.deployment",
    "ApiToken": "model.deployment",
    "AstroProject": "model.project",
    "at": "value",
    "Attestation": "model.facts",
    "attested": "model.facts",
    "ATTESTED": "requirements.tables",
    "ATTESTED_FOR": "requirements.tables",
    "AUDIT_DAYS": "requirements.tables",
    "audit_days": "requirements.tables",
    "BackEnd": "model.kubernetes",
    "BlindSpot": "model.blind_spot",
    "Change": "model.change",
    "Choice": "model.credential",
    "BoundSubject": "model.kubernetes",
    "Cloud": "model.storage",
    "CloudIdentity": "model.identity",
    "Cluster": "model.deployment",
    "ClusterRights": "model.kubernetes",
    "Component": "model.component",
    "ComponentEnvironment": "model.component",
    "ComponentKind": "model.component",
    "conflicts": "requirements.advice",
    "Connection": "model.connection",
    "connection": "model.connection",
    "connection_name": "secrecy",
    "Context": "judging.rulebook",
    "Credential": "model.credential",
    "credential_kind": "secrecy",
    "CredentialKind": "model.credential",
    "CustomerNetwork": "model.address_range",
    "DagBundle": "model.agent",
    "Declaration": "model.declared",
    "Deployment": "model.deployment",
    "DeploymentModel": "model.deployment_model",
    "Drift": "model.change",
    "Effect": "model.change",
    "Egress": "model.kubernetes",
    "Entry": "value",
    "EnvironmentObject": "model.environment_object",
    "EnvironmentVariable": "model.variables",
    "Estate": "model.estate",
    "Expiration": "model.storage",
    "Exit": "model.kubernetes",
    "ExposedService": "model.kubernetes",
    "Fail": "judging.verdict",
    "fail": "judging.verdict",
    "fail_if": "judging.checks",
    "fail_if_written": "judging.verdict",
    "Family": "judging.packs",
    "first_gap_only": "judging.verdict",
    "first_unknown": "judging.checks",
    "Fit": "requirements.tables",
    "IdentityKind": "model.identity",
    "InboundPath": "model.network",
    "Input": "model.estate",
    "InputKind": "document",
    "is_variable_name": "secrecy",
    "isolation": "requirements.isolation",
    "items": "value",
    "json_text": "formats.json_text",
    "JsonText": "formats.json_text",
    "Known": "value",
    "known_values": "judging.checks",
    "KubernetesCluster": "model.network",
    "ConfigMap": "model.kubernetes",
    "KubernetesRole": "model.kubernetes",
    "KubernetesSecret": "model.kubernetes",
    "Labels": "model.kubernetes",
    "LEAST_TIER": "requirements.tables",
    "Limits": "judging.rulebook",
    "Lineage": "model.agent",
    "Link": "model.link",
    "List": "value",
    "literal": "secrecy",
    "LoggingSidecar": "model.logging_sidecar",
    "LogSink": "model.logging_sidecar",
    "Map": "value",
    "may_be": "value",
    "Mount": "model.component",
    "nearest": "formats.spelling",
    "NetworkPolicy": "model.kubernetes",
    "NodeAccess": "model.network",
    "not_applicable": "judging.verdict",
    "Note": "document",
    "NotificationChannel": "model.environment_object",
    "ObjectStore": "model.storage",
    "ObjectType": "model.change",
    "Obligation": "model.declared",
    "opened": "model.connection",
    "Opening": "model.network",
    "OpenSettings": "model.environment_object",
    "Organization": "model.access",
    "Outcome": "judging.verdict",
    "Party": "requirements.responsibilities",
    "pattern_kind": "secrecy",
    "Part": "model.subject",
    "Place": "place",
    "placeholder": "secrecy",
    "Call": "model.platform",
    "ImageSource": "model.platform",
    "Platform": "model.platform",
    "Provider": "model.platform",
    "PodTemplate": "model.kubernetes",
    "Posture": "model.change",
    "Problem": "document",
    "ProblemKind": "document",
    "ProjectImage": "model.project",
    "ProviderConfiguration": "model.deployment",
    "PRODUCTION": "model.facts",
    "PublicAccessGuard": "model.storage",
    "PublicGrant": "model.storage",
    "RemoteExecution": "model.deployment",
    "Removal": "model.access",
    "Requirement": "model.requirement",
    "RoleGrant": "model.access",
    "RoleBinding": "model.kubernetes",
    "RootModule": "model.access",
    "Route": "model.kubernetes",
    "Rule": "judging.rulebook",
    "rule": "judging.rulebook",
    "satisfying": "requirements.advice",
    "Scopes": "declared.scope",
    "Secret": "model.secret",
    "secret_field": "secrecy",
    "SECRET_KEYS": "model.credential",
    "secret_name": "secrecy",
    "secrets_backend": "model.secrets_backend",
    "SecretsBackend": "model.secrets_backend",
    "SecurityContext": "model.component",
    "Sentinel": "model.agent",
    "ServiceAccount": "model.kubernetes",
    "ServiceAccountSetting": "model.agent",
    "settled": "model.variables",
    "Severity": "model.severity",
    "shape": "value",
    "short_name": "model.identity",
    "shown": "secrecy",
    "SIGNED_BY": "requirements.responsibilities",
    "StateBackend": "model.access",
    "StoreEncryption": "model.storage",
    "SUITABILITY": "requirements.tables",
    "TASK_COMPONENTS": "model.component",
    "Subject": "model.subject",
    "template": "secrecy",
    "text": "value",
    "Tier": "model.requirement",
    "TITLES": "requirements.tables",
    "TokenRole": "model.access",
    "Tree": "value",
    "TrustedAccounts": "model.identity",
    "Twin": "model.deployment",
    "undecided": "judging.verdict",
    "Unknown": "value",
    "Value": "value",
    "Verdicts": "judging.verdict",
    "Volume": "model.component",
    "Waiver": "model.waiver",
    "unless_unclear": "judging.checks",
    "when_known": "judging.checks",
    "Workspace": "model.deployment",
}
"""Every name of the front door and the module of ours that defines it."""

__all__ = [*_HOMES, "airflow"]  # noqa: PLE0604  they are texts; `airflow` is a module whose names all are for rules


def __getattr__(name: str) -> object:
    """Load a name of the front door from the module that defines it."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'astrovet' has no attribute {name!r}")
    attribute: object = getattr(import_module(f"astrovet.{_HOMES[name]}"), name)
    globals()[name] = attribute
    return attribute


def __dir__() -> list[str]:
    """What a console offers to complete: the names of the front door, loaded or not."""
    return [*__all__, "__version__"]
