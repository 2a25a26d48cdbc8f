"""The built-in rule pack: families of rules, one file a rule, each listed in its family's folder.

A family is loaded only where a run has something that its rules judge.
"""

from astrovet import (
    Agent,
    AgentToken,
    ApiToken,
    Deployment,
    Estate,
    ExposedService,
    Family,
    InboundPath,
    Input,
    NetworkPolicy,
    PodTemplate,
    ProviderConfiguration,
    Route,
)

FAMILIES = [
    Family("astrovet_rules.requirements", on=(Deployment,)),
    Family("astrovet_rules.remote_execution", on=(Agent,)),
    Family("astrovet_rules.astro", on=(Deployment, AgentToken, ApiToken, ProviderConfiguration)),
    Family("astrovet_rules.network", on=(InboundPath, ExposedService, Route, NetworkPolicy, PodTemplate, Agent)),
    Family("astrovet_rules.inputs", on=(Estate, Input, Agent)),
]
