"""The built-in rule pack: families of rules, one file a rule, each listed in its family's folder.

A family is loaded only where a run has something that its rules judge.
"""

from astrovet import (
    AddressList,
    Agent,
    AgentToken,
    ApiToken,
    Attestation,
    BlindSpot,
    Change,
    CloudIdentity,
    Cluster,
    Declaration,
    Deployment,
    Drift,
    Egress,
    EnvironmentObject,
    Estate,
    ExposedService,
    Family,
    InboundPath,
    Input,
    KubernetesCluster,
    NetworkPolicy,
    NotificationChannel,
    ObjectStore,
    Obligation,
    Organization,
    PodTemplate,
    ProviderConfiguration,
    RootModule,
    Route,
    Waiver,
    Workspace,
)

FAMILIES = [
    Family(
        "astrovet_rules.requirements",
        on=(Obligation, Declaration, Attestation),
        where_declared=(Deployment, Agent, Cluster, Workspace, ObjectStore),
    ),
    Family("astrovet_rules.remote_execution", on=(Agent,)),
    Family(
        "astrovet_rules.astro",
        on=(
            Deployment,
            AgentToken,
            ApiToken,
            ProviderConfiguration,
            Cluster,
            EnvironmentObject,
            NotificationChannel,
            Change,
            Drift,
            Workspace,
            Organization,
            AddressList,
            RootModule,
        ),
    ),
    Family(
        "astrovet_rules.network",
        on=(InboundPath, KubernetesCluster, ExposedService, Route, NetworkPolicy, PodTemplate, Agent, Egress),
    ),
    Family("astrovet_rules.storage", on=(ObjectStore, KubernetesCluster)),
    Family("astrovet_rules.links", on=(Agent, AgentToken, Deployment, Cluster, CloudIdentity, EnvironmentObject)),
    Family("astrovet_rules.inputs", on=(Estate, Input, Agent, BlindSpot)),
    Family("astrovet_rules.waivers", on=(Waiver,)),
]
