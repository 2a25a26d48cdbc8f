"""Where the tokens that Terraform makes in Astro go: into which Secrets, and which settings of agents."""

from __future__ import annotations

from msgspec.structs import replace

from astrovet.model.agent import Agent
from astrovet.model.credential import Credential
from astrovet.model.estate import Estate
from astrovet.model.kubernetes import KubernetesSecret
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, items, text

TOKENS = ("astro_agent_token", "astro_api_token")
SECRETS = ("kubernetes_secret", "kubernetes_secret_v1")
SENSITIVE = "set_sensitive"


class TokenUses:
    """The tokens of one plan, state or root module."""

    def __init__(self, terraform: Terraform, references: References) -> None:
        tokens = terraform.of_types(TOKENS)
        self._references = references
        self._secrets = {secret.address: secret for secret in terraform.of_types(SECRETS)}
        self._addresses = frozenset(token.address for token in tokens)
        values = [(text(token.computed("token")), token.address) for token in tokens]
        self._values = {value.value: address for value, address in values if isinstance(value, Known) and value.value}

    def in_secrets(self, objects: Estate) -> Estate:
        """Each Secret of Terraform's with the tokens that are put into it."""
        if not self._addresses:
            return objects
        return objects.with_all(KubernetesSecret, tuple(map(self._in_secret, objects.of(KubernetesSecret))))

    def in_release(self, agent: Agent, release: Resource) -> Agent:
        """An agent whose credentials tell from which tokens they come."""
        if not self._addresses:
            return agent
        return replace(
            agent, credentials=tuple(self._in_credential(credential, release) for credential in agent.credentials)
        )

    def _in_secret(self, secret: KubernetesSecret) -> KubernetesSecret:
        resource = self._secrets.get(secret.id)
        if resource is None:
            return secret
        match resource.attribute("data"):
            case Known(Map(entries)):
                is_alone = len(entries) == 1
                addresses = {
                    key: self._behind(resource, "data", entry.value, is_alone=is_alone)
                    for key, entry in entries.items()
                }
                return replace(secret, tokens={key: address for key, address in addresses.items() if address})
            case Known() | Unknown() | Absent():
                return secret

    def _in_credential(self, credential: Credential, release: Resource) -> Credential:
        value = credential.value
        is_alone = value.place.pointer.startswith(SENSITIVE) and _has_one_item(release)
        return replace(credential, token=self._behind(release, SENSITIVE, value, is_alone=is_alone))

    def _behind(self, resource: Resource, attribute: str, value: Value[Tree], *, is_alone: bool) -> str:
        """The address of the token that a value is or holds; empty where none is known to be.

        A plan tells only what an attribute as a whole refers to: enough where the value is all that it has.
        """
        match value:
            case Known(str(content)):
                return next((address for token, address in self._values.items() if token in content), "")
            case Unknown(origins=origins) if origins:
                tokens = [origin for origin in origins if origin in self._addresses]
                return tokens[0] if len(tokens) == 1 else ""
            case Unknown() if is_alone:
                targets = self._references.origins(resource, attribute, TOKENS).targets
                return targets[0].address if len(targets) == 1 else ""
            case Known() | Unknown() | Absent():
                return ""


def _has_one_item(release: Resource) -> bool:
    blocks = items(release.blocks(SENSITIVE))
    return isinstance(blocks, Known) and len(blocks.value) == 1
