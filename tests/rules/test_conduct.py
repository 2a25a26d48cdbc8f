"""What rules declare of their conduct, and the engine takes from them: who changes it has to say so here."""

from __future__ import annotations

import pytest

from astrovet.judging.packs import BUILT_IN, load_pack

RULES = load_pack(BUILT_IN)
CONDUCT = {
    "always_runs": {"INP001", "INP002", "INP012"},
    "runs_unless_ignored": {"INP011"},
    "never_waived": {"INP001", "INP002", "INP003", "REQ006", "WVR001", "WVR002", "WVR003", "WVR004"},
    "silent_in_hook": {"INP011"},
    "stops_the_run": {"INP011"},
}


@pytest.mark.parametrize("field", CONDUCT)
def test_who_conducts_itself_otherwise_than_most(field: str) -> None:
    assert {rule.id for rule in RULES if getattr(rule, field)} == CONDUCT[field]
