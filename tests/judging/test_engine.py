"""Judging: scopes of requirements, grouping, severities, fingerprints, faults."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from astrovet import Agent, Context, Deployment, Estate, Known, Severity, Unknown, Verdicts, fail, rule, undecided
from astrovet.declared.configuration import Config, DeclaredByName
from astrovet.declared.scope import Scopes
from astrovet.document import Note
from astrovet.judging.engine import Judgement, judge
from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import Verdict, VerdictKind
from astrovet.model.deployment import ApiToken, Cluster, Workspace
from astrovet.model.requirement import Requirement
from astrovet.place import Place
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile
from astrovet.value import Absent
from support import ROOT

PLANS = ROOT / "fixtures" / "plans"


def estate(name: str, change: Callable[[str], str] = lambda text: text) -> Estate:
    data = change((PLANS / name / "plan.json").read_text()).encode()
    return build([SourceFile.of("plan.json", data, Role.PLAN)], ".").estate


def at_home(place: Place) -> tuple[Place, tuple[Note, ...]]:
    return place, ()


def run(
    subject: Estate,
    *rules: Rule,
    config: Config | None = None,
    secrets: tuple[str, ...] = (),
) -> Judgement:
    return judge(subject, rules, lambda _: config or Config(), secrets, at_home, "2026-11-22")


def only(judgement: Judgement) -> Verdict:
    (verdict,) = judgement.report.verdicts
    return verdict


def requiring(*names: str, **deployments: str) -> Config:
    return Config(
        requires=frozenset(map(Requirement, names)),
        deployments=tuple(DeclaredByName(match, frozenset({Requirement(name)})) for match, name in deployments.items()),
    )


@rule("TST001", "always-fails", on=Deployment, severity=Severity.LOW, raised={"pci": Severity.HIGH}, sources=("t",))
def always_fails(deployment: Deployment, context: Context) -> Verdicts:
    yield fail(deployment.type.place, "it is a deployment", remedy="remove it")


@rule("TST002", "only-hipaa", on=Deployment, severity=Severity.LOW, when=("hipaa",), sources=("t",))
def only_hipaa(deployment: Deployment, context: Context) -> Verdicts:
    yield fail(deployment.place, "it has to be better", remedy="mend it")


@rule("TST003", "never-fails", on=Deployment, severity=Severity.LOW, sources=("t",))
def never_fails(deployment: Deployment, context: Context) -> Verdicts:
    yield from ()


@rule("TST004", "breaks", on=Deployment, severity=Severity.LOW, sources=("t",))
def breaks(deployment: Deployment, context: Context) -> Verdicts:
    raise KeyError("a value of the input")
    yield


@rule("TST005", "tells", on=Deployment, severity=Severity.LOW, sources=("t",))
def tells(deployment: Deployment, context: Context) -> Verdicts:
    yield fail(deployment.place, "the password is hunter2hunter2", remedy="hide hunter2hunter2")


@rule("TST006", "follows-the-cluster", on=Deployment, severity=Severity.LOW, sources=("t",))
def follows_the_cluster(deployment: Deployment, context: Context) -> Verdicts:
    match deployment.cluster.to:
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


@rule("TST007", "on-agents", on=Agent, severity=Severity.LOW, raised={"hipaa": Severity.CRITICAL}, sources=("t",))
def on_agents(agent: Agent, context: Context) -> Verdicts:
    yield fail(agent.place, "it is an agent", remedy="remove it")


def test_instances_of_one_block_share_one_verdict() -> None:
    verdict = only(run(estate("fleet-200"), always_fails))
    assert verdict.subject == "astro_deployment.fleet"
    assert len(verdict.instances) == 200
    assert 'astro_deployment.fleet["dep-007"]' in verdict.instances


def test_two_calls_of_one_module_never_collide() -> None:
    verdicts = run(estate("modules-nested"), always_fails).report.verdicts
    assert sorted(verdict.subject for verdict in verdicts) == [
        "module.eu_team[0].module.deployment[0].astro_deployment.this",
        "module.team.module.deployment.astro_deployment.this",
    ]


def test_a_check_that_yields_nothing_passes_its_subjects() -> None:
    verdict = only(run(estate("dedicated-phi"), never_fails))
    assert (verdict.kind, verdict.subject) == (VerdictKind.PASS, "astro_deployment.claims")


@pytest.mark.parametrize(
    ("config", "severity", "requirements"),
    [(Config(), Severity.LOW, ()), (requiring("pci", "soc2"), Severity.HIGH, ("pci",))],
)
def test_a_declared_requirement_raises_the_severity(
    config: Config, severity: Severity, requirements: tuple[str, ...]
) -> None:
    verdict = only(run(estate("dedicated-phi"), always_fails, config=config))
    assert (verdict.severity, verdict.requirements) == (severity, requirements)


def test_a_rule_for_a_requirement_is_silent_where_it_is_not_declared() -> None:
    verdict = only(run(estate("dedicated-phi"), only_hipaa))
    assert verdict.kind is VerdictKind.NOT_APPLICABLE
    assert verdict.message == "hipaa is not declared for it"


@pytest.mark.parametrize("match", ["analytics-prod", "analytics-*", "*.prod", "astro_deployment.prod"])
def test_a_requirement_is_declared_by_name_or_address(match: str) -> None:
    verdicts = run(estate("standard-two-deployments"), only_hipaa, config=requiring(**{match: "hipaa"})).report.verdicts
    failed = {verdict.subject for verdict in verdicts if verdict.kind is VerdictKind.FAIL}
    assert "astro_deployment.prod" in failed
    assert ("astro_deployment.dev" in failed) == (match == "analytics-*")


def test_a_name_that_is_not_known_yet_leaves_a_requirement_undecided() -> None:
    def forget_name(text: str) -> str:
        plan = json.loads(text)
        for change in plan["resource_changes"]:
            if change["address"] == "astro_deployment.claims":
                del change["change"]["after"]["name"]
                change["change"]["after_unknown"]["name"] = True
        return json.dumps(plan)

    judgement = run(estate("dedicated-phi", forget_name), only_hipaa, config=requiring(**{"claims-*": "hipaa"}))
    verdict = only(judgement)
    assert verdict.kind is VerdictKind.UNKNOWN
    assert "whether `claims-*` covers this deployment depends on its name" in verdict.message


def test_an_agent_has_the_requirements_of_the_deployment_it_serves() -> None:
    verdict = only(run(estate("remote-exec-aws-open"), on_agents, config=requiring(scoring="hipaa")))
    assert (verdict.severity, verdict.requirements) == (Severity.CRITICAL, ("hipaa",))


def test_a_cluster_has_the_requirements_of_the_deployments_on_it() -> None:
    subject = estate("dedicated-phi")
    scopes = Scopes(subject, lambda _: requiring(**{"claims-*": "hipaa"}))
    assert scopes.of(subject.of(Cluster)[0]).requires == {Requirement.HIPAA}
    assert scopes.of(subject.of(Workspace)[0]).requires == {Requirement.HIPAA}
    assert scopes.of(subject.of(ApiToken)[0]).requires == frozenset()


def test_a_requirement_that_nothing_judges_is_told() -> None:
    notes = run(estate("dedicated-phi"), always_fails, config=requiring("dora", "pci")).report.notes
    assert notes == ("dora is declared, and none of the rules that ran judges it: nothing is said about it",)


def test_an_unresolved_link_is_undecided_with_its_reason_and_a_resolved_one_is_not() -> None:
    verdicts = run(estate("modules-nested"), follows_the_cluster).report.verdicts
    by_kind: Mapping[VerdictKind, Verdict] = {verdict.kind: verdict for verdict in verdicts}
    assert by_kind[VerdictKind.PASS].subject == "module.eu_team[0].module.deployment[0].astro_deployment.this"
    assert by_kind[VerdictKind.UNKNOWN].message == (
        "which cluster it is shows only after apply: one of astro_cluster.shared[0], astro_cluster.shared[1]"
    )


def test_a_broken_rule_is_told_without_its_words_and_the_others_still_judge() -> None:
    judgement = run(estate("dedicated-phi"), breaks, always_fails)
    assert judgement.faults == ("TST004 (KeyError)",)
    assert [verdict.rule for verdict in judgement.report.of(VerdictKind.FAIL)] == ["TST001"]
    assert [verdict.rule for verdict in judgement.report.of(VerdictKind.UNKNOWN)] == ["TST004"]
    assert "a value of the input" not in repr(judgement)


def test_a_careless_rule_cannot_tell_a_secret() -> None:
    verdict = only(run(estate("dedicated-phi"), tells, secrets=("hunter2hunter2",)))
    assert verdict.message == "the password is (secret)"
    assert verdict.remedy == "hide (secret)"


def test_a_fingerprint_survives_moved_lines_and_other_words() -> None:
    def other(deployment: Deployment, context: Context) -> Verdicts:
        place = Place("plan.json", 7, 1, 7, 2, deployment.type.place.address, deployment.type.place.pointer)
        yield fail(place, "in other words", remedy="do more")

    reworded = Rule(**{name: getattr(always_fails, name) for name in Rule.__struct_fields__} | {"check": other})
    before = only(run(estate("dedicated-phi"), always_fails))
    after = only(run(estate("dedicated-phi"), reworded))
    assert before.fingerprint == after.fingerprint
    assert before.place != after.place


def test_two_findings_of_one_subject_have_two_fingerprints() -> None:
    def twice(deployment: Deployment, context: Context) -> Verdicts:
        for name in ("A_TOKEN", "B_TOKEN"):
            yield fail(deployment.place, "a secret stands here", remedy="hide it", about=name)

    doubled = Rule(**{name: getattr(always_fails, name) for name in Rule.__struct_fields__} | {"check": twice})
    verdicts = run(estate("dedicated-phi"), doubled).report.verdicts
    assert len({verdict.fingerprint for verdict in verdicts}) == len(verdicts) == 2


def test_the_worst_comes_first() -> None:
    config = requiring(**{"analytics-prod": "pci"})
    verdicts = run(estate("standard-two-deployments"), always_fails, never_fails, config=config).report.verdicts
    assert [(verdict.kind, verdict.severity) for verdict in verdicts[:3]] == [
        (VerdictKind.FAIL, Severity.HIGH),
        (VerdictKind.FAIL, Severity.LOW),
        (VerdictKind.PASS, Severity.LOW),
    ]


def test_the_bare_provider_name_of_an_old_terraform_is_read() -> None:
    subject = estate("dedicated-phi", lambda text: text.replace("registry.terraform.io/astronomer/astro", "astro"))
    assert [deployment.id for deployment in subject.of(Deployment)] == ["astro_deployment.claims"]


def test_another_provider_with_the_same_prefix_is_not_read() -> None:
    other = "registry.terraform.io/somebody/astro"
    subject = estate("dedicated-phi", lambda text: text.replace("registry.terraform.io/astronomer/astro", other))
    assert subject.is_empty
