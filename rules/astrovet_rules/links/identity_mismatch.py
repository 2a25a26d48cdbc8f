"""The identity that an agent's service accounts are given must be the one that trusts them.

## Why

A Pod gets the rights of the cloud identity that its service account names, if that identity trusts it. Where
the annotation, the arguments of the secrets backend and the trust name different identities, the agents get
no rights at all, or those of another team.

## Fix

Write the identity that trusts these service accounts, at every place the same.

Before:

    serviceAccount:
      annotations:
        azure.workload.identity/client-id: 6d1f4c6e-0000-4000-8000-2b9c81f0a001
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"managed_identity_client_id": "6d1f4c6e-0000-4000-8000-2b9c81f0a002"}'

After:

    serviceAccount:
      annotations:
        azure.workload.identity/client-id: 6d1f4c6e-0000-4000-8000-2b9c81f0a002
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"managed_identity_client_id": "6d1f4c6e-0000-4000-8000-2b9c81f0a002"}'

## Not reported

Identities that are managed elsewhere: no identity of the inputs trusts these service accounts. An annotation
on a service account that the chart does not create is worth knowing: the chart cannot put it there.
"""

from collections.abc import Sequence

from astrovet import (
    Absent,
    Agent,
    CloudIdentity,
    Context,
    IdentityKind,
    Known,
    Note,
    Severity,
    Unknown,
    Verdicts,
    fail,
    first_unknown,
    known_values,
    rule,
    undecided,
)

ARGUMENT = "managed_identity_client_id"
REMEDY = "name the identity that trusts these service accounts"
REMEDY_ARGUMENT = f"write the same client id in the annotation and in {ARGUMENT}"
REMEDY_ACCOUNT = "put the annotation on the service account itself, or let the chart create it"


@rule(
    "LNK009",
    "identity-mismatch",
    on=Agent,
    severity=Severity.MEDIUM,
    sources=("T2", "FIELD"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    yield from _arguments(agent)
    yield from _accounts_of_others(agent)
    for what in IdentityKind:
        trusting = [
            identity
            for identity in context.estate.of(CloudIdentity)
            if identity.what is what and _trusts(identity, agent)
        ]
        if trusting:
            yield from _annotations(agent, what, trusting)


def _arguments(agent: Agent) -> Verdicts:
    """The client id that the secrets backend asks for, against those of the annotations."""
    annotated = [annotation.value for annotation in agent.cloud_identities(IdentityKind.AZURE)]
    known = {client_id.value: client_id.place for client_id in annotated if isinstance(client_id, Known)}
    unknown = first_unknown(annotated)
    arguments = [backend.text_argument(ARGUMENT) for backend in agent.secrets]
    for index, value in enumerate(arguments):
        if value in arguments[:index]:
            continue
        match value:
            case Known(client, place) if annotated and client not in known:
                if unknown is not None:
                    yield undecided(unknown, about=ARGUMENT)
                else:
                    message = f"{ARGUMENT} is not the client id in the annotation of the service accounts"
                    related = (Note("the annotation", next(iter(known.values()))),)
                    yield fail(place, message, remedy=REMEDY_ARGUMENT, related=related, about=ARGUMENT)
            case Unknown() as open_argument if known:
                yield undecided(open_argument, about=ARGUMENT)
            case Known() | Unknown() | Absent():
                pass


def _accounts_of_others(agent: Agent) -> Verdicts:
    for what in IdentityKind:
        for annotation in agent.cloud_identities(what):
            account = annotation.account
            if account is not None and isinstance(account.create, Known) and not account.create.value:
                message = f"the chart cannot annotate the service account of {account.label}: it does not create it"
                place = annotation.value.place
                yield fail(place, message, remedy=REMEDY_ACCOUNT, severity=Severity.INFO, about=account.label)


def _trusts(identity: CloudIdentity, agent: Agent) -> bool:
    """Whether it names the agent's namespace and, where the values tell their names, one of its accounts."""
    names = known_values(account.name for account in agent.service_accounts)
    match identity.trusted, agent.namespace:
        case Known(trusted), Known(namespace):
            accounts = known_values(trusted)
            return any(
                not account.in_any_namespace
                and account.namespace == namespace
                and (not names or any(account.covers(namespace, name) for name in names))
                for account in accounts
            )
        case (Known() | Unknown() | Absent(), _):
            return False


def _annotations(agent: Agent, what: IdentityKind, trusting: Sequence[CloudIdentity]) -> Verdicts:
    for annotation in agent.cloud_identities(what):
        match annotation.value:
            case Known(annotated, place):
                answers = [identity.is_called(annotated) for identity in trusting]
                if True in answers:
                    continue
                if None in answers:
                    why = f"whether this is the {what} that trusts the agents shows only after apply"
                    yield undecided(Unknown(why, place), about=what)
                else:
                    message = f"this is not the {what} that trusts these service accounts"
                    related = (Note(f"the {what} that trusts them", trusting[0].place),)
                    yield fail(place, message, remedy=REMEDY, related=related, about=what)
            case Unknown(origins=(origin,)) if any(origin in (identity.address, identity.id) for identity in trusting):
                pass
            case Unknown() as unknown:
                yield undecided(unknown, about=what)
            case Absent():
                pass
