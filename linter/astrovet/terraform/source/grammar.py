"""The parser of HCL's expressions, made of tables that are shipped as data.

Building python-hcl2's parser from its grammar costs two seconds; python-hcl2 itself keeps the result as a pickle, and
whoever can write that file has their code run. Our tables are JSON: `make grammar` writes them, loading them
runs nothing, and nothing is kept on the disk of a user. They fit one text of the grammar and one version of lark;
with any other the parser is built anew.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

TABLES = os.path.join(os.path.dirname(__file__), "grammar.json")


class Tables(Struct, frozen=True):
    """What lark makes of a grammar, in plain data: its own serialized form, with the large part written tightly."""

    made_for: str
    """The grammar and the lark that these are for; see `fingerprint`."""
    shared: tuple[dict[str, Any], ...]
    """Rules and terminals; elsewhere `{"@": 3}` stands for the one of this number."""
    parser: dict[str, Any]
    """All else that lark keeps."""
    tokens: tuple[str, ...]
    states: tuple[dict[int, int], ...]
    """For each state, by the number of a token: the state that comes next, or -1 - n to reduce by the shared rule n."""
    start_states: dict[str, int]
    end_states: dict[str, int]


@lru_cache(maxsize=1)
def hcl_parser() -> Any:
    """The parser of python-hcl2, as `hcl2.parser.parser` would build it."""
    with open(TABLES, "rb") as stream:
        tables = msgspec.json.decode(stream.read(), type=Tables)
    return from_tables(tables) if tables.made_for == fingerprint() else built()


def fingerprint() -> str:
    """What tables must have been made for to be used here."""
    from hashlib import sha256

    import lark

    with open(_grammar(), "rb") as stream:
        return f"lark {lark.__version__}, grammar {sha256(stream.read()).hexdigest()}"


def built() -> Any:
    """The parser, built from the grammar."""
    from hcl2.postlexer import PostLexer
    from lark import Lark

    options: dict[str, Any] = {"parser": "lalr", "propagate_positions": True, "postlex": PostLexer()}
    return Lark.open(_grammar(), **options)


def from_tables(tables: Tables) -> Any:
    """The parser that the tables describe."""
    from hcl2.postlexer import PostLexer
    from lark import Lark

    reductions = [(1, {"@": number}) for number in range(len(tables.shared))]
    states = {
        number: {token: (0, next_) if next_ >= 0 else reductions[-1 - next_] for token, next_ in actions.items()}
        for number, actions in enumerate(tables.states)
    }
    table = {
        "tokens": dict(enumerate(tables.tokens)),
        "states": states,
        "start_states": tables.start_states,
        "end_states": tables.end_states,
    }
    data = tables.parser
    options = {**data["options"], "postlex": PostLexer()}
    data = {**data, "options": options, "parser": {**data["parser"], "parser": table}}
    # `load` takes what it would else unpickle from a file
    return Lark.load({"data": data, "memo": dict(enumerate(tables.shared))})


def _grammar() -> str:
    import hcl2

    return os.path.join(os.path.dirname(hcl2.__file__), "hcl2.lark")
