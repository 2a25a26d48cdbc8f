"""Address ranges: what means the whole world, in every spelling."""

from __future__ import annotations

import subprocess
import sys
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrovet_rules.tables.address_ranges import address_range, is_private, is_too_wide, is_world


@pytest.mark.parametrize(
    "texts",
    [
        ["0.0.0.0/0"],
        ["::/0"],
        ["0/0"],
        ["::0/0"],
        ["10.1.2.3/0"],
        ["0.0.0.0/0.0.0.0"],
        [" 0.0.0.0/0 "],
        ["*"],
        ["Internet"],
        ["internet"],
        ["ANY"],
        ["10.0.0.0/8", "0.0.0.0/0"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["8000::/1", "::/1"],
        ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/1"],
        ["0.0.0.0/1", "96.0.0.0/3", "128.0.0.0/1"],
    ],
)
def test_the_whole_world_in_every_spelling(texts: list[str]) -> None:
    assert is_world(texts)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["0.0.0.0"],
        ["0.0.0.0/1"],
        ["0.0.0.0/1", "8000::/1"],
        ["0.0.0.0/2", "128.0.0.0/1"],
        ["10.0.0.0/8"],
        ["VirtualNetwork"],
        ["AzureLoadBalancer"],
        ["sg-0123456789abcdef0"],
        ["nonsense/0"],
        ["pl-0123/0"],
    ],
)
def test_what_is_not_the_whole_world(texts: list[str]) -> None:
    assert not is_world(texts)


@given(st.sampled_from(["0.0.0.0/0", "::/0"]), st.integers(min_value=1, max_value=6), st.data())
def test_the_world_in_pieces_is_the_world_and_with_one_missing_is_not(
    whole: str, bits: int, data: st.DataObject
) -> None:
    pieces = data.draw(st.permutations([str(network) for network in ip_network(whole).subnets(bits)]))
    assert is_world(pieces)
    assert not is_world(pieces[1:])


@pytest.mark.parametrize(
    ("text", "private", "too_wide"),
    [
        ("10.20.0.0/16", True, False),
        ("10.0.0.0/8", True, False),
        ("10/8", True, False),
        ("172.31.255.0/24", True, False),
        ("192.168.4.7", True, False),
        ("fd00::/8", True, False),
        ("172.32.0.0/16", False, False),
        ("198.51.0.0/16", False, False),
        ("198.50.0.0/15", False, True),
        ("10.0.0.0/7", False, True),
        ("2600:1f00::/32", False, False),
        ("2600:1f00::/31", False, True),
        ("203.0.113.10", False, False),
    ],
)
def test_private_and_wide_ranges(text: str, private: bool, too_wide: bool) -> None:
    parsed = address_range(text)
    assert parsed is not None
    assert (is_private(parsed), is_too_wide(parsed)) == (private, too_wide)


@pytest.mark.parametrize("text", ["", "nonsense", "10.0.0.0/33", "300.1.1.1", "sg-1/8", "/", "::1::"])
def test_what_is_no_range(text: str) -> None:
    assert address_range(text) is None


def test_usual_firewalls_do_not_pay_for_address_arithmetic() -> None:
    usual = ["10.0.0.0/8", "203.0.113.0/24", "0.0.0.0/0", "::/0", "VirtualNetwork", "2001:db8::/48"]
    code = f"import sys, astrovet_rules.tables.address_ranges as n; [n.is_world([t]) for t in {usual}]"
    code += "; sys.exit('ipaddress' in sys.modules)"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
