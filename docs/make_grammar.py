"""Write terraform/source/grammar.json anew, from the grammar and the lark that are installed here.

    python docs/make_grammar.py

What it writes depends on these two only: lark numbers states, tokens and rules as they come out of its sets,
so they are put in an order of their own.
"""

from __future__ import annotations

from typing import Any

import msgspec

from astrovet.terraform.source.grammar import TABLES, Tables, built, fingerprint

NO_LIMIT = 2**32 - 1
"""How long the longest text of a terminal is where that is not bounded; Python's versions differ in how they say it."""


def main() -> None:
    with open(TABLES, "wb") as stream:
        stream.write(written(tables()))


def tables() -> Tables:
    """What is to be shipped."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    parser = built()
    data, memo = parser.memo_serialize([TerminalDef, Rule])
    data["options"].pop("postlex")
    data, memo = _plain(data), _plain(memo)
    order = sorted(
        memo, key=lambda number: (memo[number]["__type__"], msgspec.json.encode(memo[number], order="sorted"))
    )
    number_of = {old: new for new, old in enumerate(order)}
    table = data["parser"].pop("parser")
    data = _renumbered(data, number_of)
    data["parser"]["lexer_conf"]["terminals"].sort(key=_number)
    for rules in (data["rules"], data["parser"]["parser_conf"]["rules"]):
        rules.sort(key=_number)
    tokens = tuple(sorted(table["tokens"].values()))
    token_number = {name: number for number, name in enumerate(tokens)}
    actions = {
        state: {
            token_number[table["tokens"][token]]: -1 - number_of[_number(argument)] if is_reduction else argument
            for token, (is_reduction, argument) in by_token.items()
        }
        for state, by_token in table["states"].items()
    }
    states = _in_order_of_use(actions, list(table["start_states"].values()))
    state_number = {state: number for number, state in enumerate(states)}
    return Tables(
        made_for=fingerprint(),
        shared=tuple(memo[old] for old in order),
        parser=data,
        tokens=tokens,
        states=tuple(
            {token: target if target < 0 else state_number[target] for token, target in sorted(actions[state].items())}
            for state in states
        ),
        start_states={start: state_number[state] for start, state in table["start_states"].items()},
        end_states={start: state_number[state] for start, state in table["end_states"].items()},
    )


def written(of: Tables) -> bytes:
    """As JSON, one line for each rule and each state, so that a difference can be read."""
    fields = []
    for name, value in msgspec.structs.asdict(of).items():
        if isinstance(value, tuple):
            lines = b",\n".join(map(msgspec.json.encode, value))
            fields.append(b'"%s":[\n%s\n]' % (name.encode(), lines))
        else:
            fields.append(b'"%s":%s' % (name.encode(), msgspec.json.encode(value)))
    return b"{\n" + b",\n".join(fields) + b"\n}\n"


def _in_order_of_use(actions: dict[int, dict[int, int]], starts: list[int]) -> list[int]:
    """The states as one comes to them from the start, by the order of tokens."""
    order = list(dict.fromkeys(starts))
    seen = set(order)
    for state in order:  # it grows on the way
        for _, target in sorted(actions[state].items()):
            if target >= 0 and target not in seen:
                seen.add(target)
                order.append(target)
    return order


def _number(reference: dict[str, int]) -> int:
    return reference["@"]


def _renumbered(data: Any, number_of: dict[int, int]) -> Any:
    match data:
        case {"@": number}:
            return {"@": number_of[number]}
        case dict():
            return {key: _renumbered(value, number_of) for key, value in data.items()}
        case list():
            return [_renumbered(item, number_of) for item in data]
        case _:
            return data


def _plain(data: Any) -> Any:
    """The same in types that JSON has; anything else is refused."""
    match data:
        case None | bool() | str():
            return data
        case int():
            return min(data, NO_LIMIT)
        case dict():
            return {key: _plain(value) for key, value in data.items()}
        case list() | tuple():
            return [_plain(item) for item in data]
        case _:
            raise TypeError(f"lark's form of the grammar holds a {type(data).__name__}, which is no plain data")


if __name__ == "__main__":
    main()
