"""What people can declare is read by some rule, and what the law asks of a rule is said."""

from __future__ import annotations

import re

import pytest

from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.judging.rulebook import Rule
from astrovet.model.facts import Facts
from astrovet.model.requirement import Requirement
from astrovet.requirements.controls import CONTROLS
from support import ROOT

RULES = load_pack(BUILT_IN)
SOURCES = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "rules").rglob("*.py")))
LAWS = {Requirement.HIPAA, Requirement.PCI, Requirement.DORA, Requirement.GDPR, Requirement.SOC2}


@pytest.mark.parametrize("fact", Facts.__struct_fields__)
def test_a_fact_that_can_be_declared_is_read_by_a_rule(fact: str) -> None:
    assert re.search(rf"\bfacts\.{fact}\b", SOURCES), "people declare it and nothing comes of it"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_that_a_law_raises_names_a_control(rule: Rule) -> None:
    assert rule.controls or not rule.supports & LAWS


def test_every_control_is_supported_by_a_rule() -> None:
    named = {reference for rule in RULES for reference in rule.controls}
    listed = {control.reference for control in CONTROLS}
    assert named == listed
