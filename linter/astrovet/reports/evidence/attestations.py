"""What people have to attest, what they attest, and how that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from astrovet.declared.configuration import Config, settings_of
from astrovet.declared.scope import Scopes, configs_of
from astrovet.judging.rulebook import Limits
from astrovet.model.declared import Obligation
from astrovet.model.estate import Estate
from astrovet.model.facts import Attestation
from astrovet.model.requirement import Requirement
from astrovet.place import Place
from astrovet.reports.evidence.evidence import Attested
from astrovet.requirements.responsibilities import SIGNED_BY
from astrovet.requirements.tables import ATTESTED, ATTESTED_FOR
from astrovet.secrecy import without_secrets
from astrovet.value import Known


def attestations(estate: Estate, scopes: Scopes, config_of: Callable[[str], Config], today: str) -> Iterator[Attested]:
    """What is needed and attested, needed and missing, then what nobody asks for."""
    needs: dict[tuple[str, str], list[tuple[Requirement, Obligation]]] = {}
    configs = {config.path: config for config in configs_of(estate, config_of)}
    for obligation in estate.of(Obligation):
        if isinstance(obligation.model, Known):
            config = settings_of(config_of, obligation.bound.place)
            configs[config.path] = config
            for name in sorted(scopes.of(obligation).requires):
                for what in ATTESTED.get(name, {}).get(obligation.model.value, ()):
                    needs.setdefault((config.path, what), []).append((name, obligation))
    told: set[Place] = set()
    declared = scopes.declared()
    for (path, what), asking in sorted(needs.items(), key=lambda item: (item[0][1], item[0][0])):
        names = tuple(dict.fromkeys(str(name) for name, _ in asking))
        whom = tuple(dict.fromkeys(bound.id for _, bound in asking))
        given = [attestation for attestation in configs[path].attestations if attestation.what == what]
        told.update(attestation.place for attestation in given)
        if not given:
            yield Attested(what, "missing", names, whom, tuple(map(str, SIGNED_BY.get(what, ()))))
        yield from (_attested(attestation, configs[path], today, names, whom) for attestation in given)
    for config in configs.values():
        unasked = [attestation for attestation in config.attestations if attestation.place not in told]
        for offered in unasked:
            served = ATTESTED_FOR.get(offered.what, frozenset()) & declared
            yield _attested(offered, config, today, tuple(sorted(served)), ())


def _attested(
    given: Attestation, config: Config, today: str, asked_by: tuple[str, ...], needed_for: tuple[str, ...]
) -> Attested:
    days = config.attestation_days if config.attestation_days is not None else Limits().attestation_days
    standing = "expired" if given.has_ended(today, days) else "incomplete" if given.lacks else "valid"
    owner, proof = without_secrets(given.owner), without_secrets(given.evidence)
    parties = tuple(map(str, SIGNED_BY.get(given.what, ())))
    return Attested(
        given.what, standing, asked_by, needed_for, parties, owner, given.signed, given.until, proof, given.place
    )
