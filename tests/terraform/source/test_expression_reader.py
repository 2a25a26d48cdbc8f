"""Our reader of expressions: what python-hcl2 makes of them too, and what that does not read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from astrovet.formats.hcl.structure import Body, HclFile, expression_text
from astrovet.formats.hcl.tokens import MisreadError
from astrovet.formats.text_file import TextFile
from astrovet.terraform.source.expression_reader import UnfitError, read
from astrovet.terraform.source.expressions import Expression, Opaque
from astrovet.terraform.source.parsing import _parsed_slowly, parse
from support import ROOT


def ours(text: str) -> Expression | None:
    """What our reader makes of a text; None where it leaves it to the other."""
    try:
        return read(text, parse)
    except (UnfitError, MisreadError):
        return None


def expressions(file: HclFile, body: Body) -> Iterator[str]:
    for attribute in body.attributes:
        yield expression_text(file, attribute)
    for block in body.blocks:
        yield from expressions(file, block.body)


def written() -> list[str]:
    """The expressions of all fixtures of plans."""
    files = [TextFile.of(path.name, path.read_text()).hcl for path in sorted((ROOT / "fixtures/plans").rglob("*.tf"))]
    return list(dict.fromkeys(text for file in files for text in expressions(file, file.body) if "-0.25" not in text))


def test_both_readers_make_the_same_of_all_that_the_fixtures_write() -> None:
    texts = written()
    assert len(texts) > 500
    assert {text: ours(text) for text in texts} == {text: _parsed_slowly(text) for text in texts}


@pytest.mark.parametrize(
    "text",
    [
        "a || b && c == d != e < 1 + 2 * 3 - 4 % 5",
        "!a && -b > c[0].d",
        "a ? b : c ? d : e",
        "(a + b) * c",
        "a.b[*].c[0].d",
        "a.*.b.0.c[1]",
        "f(a, g(b, c), )",
        "f(a...)",
        "[a, b,\n c, # three\n]",
        '{ a = 1, (b) = 2, "c" : 3\n d = [1,\n 2]\n 4 = e }',
        "{ a.b = c.d }",
        "[for k, v in a : v.b if k != c]",
        "{ for v in a : v.k => v... if v.ok }",
        "{ for = 1 }",
        '"a ${b.c} $${d} %%{e} \\"\\n"',
        "<<EOT\na ${b}\nEOT\n",
        "<<-EOT\n  a\n    ${b}\n  EOT\n",
        "1.5e3",
    ],
)
def test_both_readers_make_the_same(text: str) -> None:
    made = ours(text)
    assert made is not None
    assert made == _parsed_slowly(text)


@pytest.mark.parametrize("text", ["--a", "!!a", "a ?\n b\n : c", '"${~ a ~}"', '"%{ if a }b%{ endif }"'])
def test_what_python_hcl2_does_not_read_is_read(text: str) -> None:
    made = ours(text)
    assert made is not None
    assert not isinstance(made, Opaque)


@pytest.mark.parametrize(
    "text",
    ["", "a b", "a +", "(a", "[a b]", "{ a = 1 b = 2 }", "{ a = 1,, b = 2 }", "f(a, , b)", "a ? b", "[for a : b]",
     "1.2.3", "a..b", "f(a..., b)", '"a', "= a", "{ a + b = 1 }", "[for a in b : c => d]", '"\\q"'],
)  # fmt: skip
def test_what_is_none_is_left_to_the_other_reader(text: str) -> None:
    assert ours(text) is None
