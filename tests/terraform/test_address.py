"""Terraform addresses whose keys may hold anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrovet.place import step
from astrovet.terraform.address import Address, Index, ModuleStep, parse, split_pointer, split_reference, without_keys


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("astro_deployment.this", Address((), "managed", "astro_deployment", "this")),
        ("astro_deployment.this[1]", Address((), "managed", "astro_deployment", "this", 1)),
        ('data.aws_vpc.main["a"]', Address((), "data", "aws_vpc", "main", "a")),
        (
            'module.team["mkt.sales"].module.deployment[0].astro_deployment.this',
            Address(
                (ModuleStep("team", "mkt.sales"), ModuleStep("deployment", 0)), "managed", "astro_deployment", "this"
            ),
        ),
        ("module.module.data.x_y.z", Address((ModuleStep("module"),), "data", "x_y", "z")),
        (r'a_b.c["q\"]. [0] $${x} \\ \n"]', Address((), "managed", "a_b", "c", 'q"]. [0] ${x} \\ \n')),
        ("a_b.c[*]", Address((), "managed", "a_b", "c")),
    ],
)
def test_an_address_is_taken_apart(address: str, expected: Address) -> None:
    assert parse(address) == expected


NO_ADDRESS = r"""
. a a. .a.b a..b a.b.c a.b[ a.b["x] a.b[x] a.b[0]c a.b[0][1] a.b["\q"] a.b[-1]
module.a module.a[0] data.a var.a local.a each.key provider.astro variable.a
"""


@pytest.mark.parametrize("text", ["", "a b.c", *NO_ADDRESS.split()])
def test_what_is_no_resource_address_is_none(text: str) -> None:
    assert parse(text) is None


def test_keys_are_dropped_to_name_the_block() -> None:
    address = 'module.team["a.b[0]"].module.deployment[0].astro_deployment.this["x"]'
    assert without_keys(address) == "module.team.module.deployment.astro_deployment.this"
    assert without_keys("not [ an address") == "not [ an address"


def test_a_reference_keeps_names_and_keys_apart() -> None:
    assert split_reference('astro_cluster.this["us"].id') == ("astro_cluster", "this", Index("us"), "id")
    assert split_reference("astro_cluster.this.us.id") == ("astro_cluster", "this", "us", "id")
    assert split_reference('var.m["a"][0]') == ("var", "m", Index("a"), Index(0))
    assert split_reference("var.m[each.key]") is None


@given(st.lists(st.one_of(st.text(), st.integers(0, 99)), min_size=1))
def test_a_pointer_is_read_back(keys: list[str | int]) -> None:
    pointer = ""
    for key in keys:
        pointer = step(pointer, key)
    assert split_pointer(pointer) == tuple(keys)


@given(st.text(alphabet='abc.["]\\0*$%{}\n', max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    parsed = parse(text)
    block = without_keys(text)
    assert parsed is None or block.endswith(f"{parsed.type}.{parsed.name}")
