"""Terraform itself as the judge: what its plan says of files, and whether values are the same.

python -m judges.terraform --seed 7 --count 300               # expressions made by chance
python -m judges.terraform --seed 7 --count 60 --of modules   # or json, or blocks
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from astrovet.value import Unknown
from judges.bridge import REST, resources
from judges.grammar import BASE, BELOW, OF_A_MODULE, OPEN, TYPED, VARIABLES, any_expression, expression

FIXED = {"variables.tf": VARIABLES, "base.tf": BASE, "typed/main.tf": TYPED, "typed/below/main.tf": BELOW}
LATER = object()
"""What a plan leaves to the apply."""


class Answer(NamedTuple):
    """What is said of one block."""

    block: str
    verdict: str
    """`right`, `wrong`, `unknown` (though Terraform knows), `early` (though Terraform does not), `refused` by both,
    `accepted` (what Terraform refuses), `alarm` (refused by us alone)."""
    planned: Any = None
    ours: Any = None


def with_expression(number: int, text: str) -> dict[str, str]:
    """A block that holds an expression."""
    return {f"b{number}.tf": f'resource "terraform_data" "b{number}" {{\n  input = [{text}\n  ]\n}}\n'}


def in_json(number: int, text: str) -> dict[str, str]:
    """The same in Terraform's JSON syntax, beside texts and keys with templates of their own."""
    held = ["${" + text + "}", {"k-${var.text}": "<${~ " + text + " ~}> $${x} %%{y}", "//": 1.50}, None]
    block = {"resource": {"terraform_data": {f"b{number}": {"input": held}}}}
    return {f"b{number}.tf.json": json.dumps(block)}


def with_blocks(number: int, choice: random.Random, depth: int) -> tuple[dict[str, str], dict[str, str]]:
    """What `dynamic` blocks make, written with `for` for Terraform, which has no resource with blocks of its own."""
    wanted, made_of = _blocks("input", choice, depth, 2, OPEN)
    head = f'resource "terraform_data" "b{number}" {{\n'
    return {f"b{number}.tf": f"{head}  input = {wanted}\n}}\n"}, {f"b{number}.tf": f"{head}{made_of}}}\n"}


def _blocks(
    name: str, choice: random.Random, depth: int, levels: int, more: Mapping[str, tuple[str, ...]]
) -> tuple[str, str]:
    """A list of objects, and the blocks that it stands for."""
    over = expression(choice, choice.choice(["list", "set", "map"]), depth, more)
    iterator = choice.choice([name, "data", "path", "one"])
    own = dict.fromkeys(("text", "number", "list", "map"), (f"{iterator}.value", f"{iterator}.key"))
    within = {kind: (*more.get(kind, ()), *own.get(kind, ())) for kind in {**more, **own}}
    value = expression(choice, choice.choice(["text", "list", "map"]), depth - 1, within)
    arguments = [("key", f"{iterator}.key"), ("value", value)]
    wanted = [f"{key} = {text}" for key, text in arguments]
    made_of = [f"    {key} = {text}\n" for key, text in arguments]
    if levels > 1:
        list_below, blocks_below = _blocks("below", choice, depth - 1, levels - 1, within)
        wanted.append(f"below = {list_below}")
        made_of.append(blocks_below)
    element = re.sub(rf"\b{iterator}\.(key|value)\b", rf"{iterator}_\1", ", ".join(wanted))
    first = '{ key = "first" }'
    called = "" if iterator == name else f"    iterator = {iterator}\n"
    return (
        f"concat([{first}], [for {iterator}_key, {iterator}_value in ({over}) : {{ {element} }}])",
        f'  {name} {{\n    key = "first"\n  }}\n  dynamic "{name}" {{\n    for_each = ({over})\n{called}'
        f"    content {{\n{''.join(made_of)}    }}\n  }}\n",
    )


def with_call(number: int, choice: random.Random, depth: int) -> dict[str, str]:
    """A call of a module with typed variables, and a block that holds what comes out of it."""
    given = choice.sample(list(OF_A_MODULE), choice.randint(1, 2))
    lines = [f"  {name} = {_given(choice, name, depth)}" for name in given]
    call = "\n".join([f'module "b{number}" {{', '  source = "./typed"', *lines, "}", ""])
    return {f"b{number}.tf": call + with_expression(number, f"module.b{number}.all")[f"b{number}.tf"]}


def _given(choice: random.Random, name: str, depth: int) -> str:
    """What a variable of the module is given; what makes instances there must be known, and not null."""
    if name == "services":
        services = expression(choice, "map", depth)
        return f"{{ for key, item in {services} : key => item if item != null }}"
    return expression(choice, OF_A_MODULE[name], depth, OPEN)


def judged(
    blocks: Sequence[Mapping[str, str]], folder: Path, ours: Sequence[Mapping[str, str]] = ()
) -> Iterator[Answer]:
    """What the plan of these blocks and what is made of their sources say of each, by the number of the block.

    Where `ours` are given, astrovet is asked about these instead.
    """
    sources = dict(enumerate(ours or blocks))
    left = {number: dict(files) for number, files in enumerate(blocks)}
    refused: dict[int, dict[str, str]] = {}
    _write(folder, {**FIXED, **{name: text for files in left.values() for name, text in files.items()}})
    _run(folder, "init")
    planned: dict[str, Any] = {}
    while left:
        done = _run(folder, "plan", "-out=plan.bin", "-lock=false")
        if done.returncode == 0:
            planned = _planned(json.loads(_run(folder, "show", "-json", "plan.bin").stdout))
            break
        faulty = {int(number) for number in re.findall(r"(?:on b|module\.b)(\d+)\b", done.stdout + done.stderr)}
        if not faulty & left.keys():
            raise RuntimeError(done.stdout + done.stderr)
        for number in faulty & left.keys():
            refused[number] = left.pop(number)
            for name in refused[number]:
                (folder / name).unlink()
    read = resources({**FIXED, **{name: text for number in left for name, text in sources[number].items()}})
    for number in left:
        address = f"terraform_data.b{number}"
        (text,), mine = sources[number].values(), read[address]("input")
        yield Answer(text, compared(mine, planned[address]), planned[address], mine)
    for number in refused:
        (text,) = sources[number].values()
        mine = resources({**FIXED, **sources[number]})[f"terraform_data.b{number}"]("input")
        yield Answer(text, "refused" if _holds_unknown(mine) else "accepted", None, mine)


def compared(ours: Any, planned: Any) -> str:
    """The worst that is to be said of any part of a value."""
    if planned is LATER:
        return "right" if _holds_unknown(ours) else "early"
    if isinstance(ours, Unknown):
        return "alarm" if ours.is_refused else "unknown"
    if isinstance(ours, list) and isinstance(planned, list):
        alike = len(ours) == len(planned)
        in_order = _worst(compared(*pair) for pair in zip(ours, planned, strict=True)) if alike else "wrong"
        if in_order == "wrong" and any(
            map(_holds_unknown, ours) if alike else (isinstance(one, Unknown) for one in ours)
        ):
            # Of a set which comes first is not known then; an unknown one stands for all of its blocks.
            settled = [one for one in ours if not isinstance(one, Unknown)]
            is_held = all(any(compared(one, other) == "right" for other in planned) for one in settled)
            return "right" if is_held else "wrong"
        return in_order
    if isinstance(ours, dict) and isinstance(planned, dict) and ours.keys() - {REST} == planned.keys():
        parts = [compared(ours[key], planned[key]) for key in planned]
        return _worst([*parts, "unknown" if REST in ours else "right"])
    if isinstance(ours, dict) and isinstance(planned, dict) and REST in ours and ours.keys() - {REST} <= planned.keys():
        return "unknown"
    return "right" if (type(ours) is type(planned) and ours == planned) or _same_number(ours, planned) else "wrong"


def _same_number(one: Any, other: Any) -> bool:
    return type(one) in {int, float} and type(other) in {int, float} and one == other


def _worst(verdicts: Any) -> str:
    said = set(verdicts)
    return next((verdict for verdict in ("wrong", "alarm", "early", "unknown") if verdict in said), "right")


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_holds_unknown, value))
    return isinstance(value, Unknown) or (isinstance(value, dict) and any(map(_holds_unknown, value.values())))


def _planned(plan: Any) -> dict[str, Any]:
    changes = plan["resource_changes"]
    return {
        change["address"]: _with_later(
            change["change"]["after"].get("input"), change["change"]["after_unknown"].get("input")
        )
        for change in changes
    }


def _with_later(value: Any, unknown: Any) -> Any:
    """The planned value with LATER where the plan leaves it open."""
    if unknown is True:
        return LATER
    if isinstance(unknown, list):
        items = value if isinstance(value, list) else []
        padded = [*items, *[None] * (len(unknown) - len(items))]
        return [_with_later(item, later) for item, later in zip(padded, unknown, strict=False)]
    if isinstance(unknown, dict):
        held = value if isinstance(value, dict) else {}
        return {key: _with_later(held.get(key), unknown.get(key)) for key in {**held, **unknown}}
    return value


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "TF_CLI_CONFIG_FILE": "/dev/null"}
    command = ["terraform", words[0], "-no-color", *(["-input=false"] if words[0] == "plan" else []), *words[1:]]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def asked(
    seed: int, count: int, depth: int, of: str
) -> tuple[Sequence[Mapping[str, str]], Sequence[Mapping[str, str]]]:
    """What to judge, the same for the same seed: for Terraform, and for astrovet where that differs."""
    choice = random.Random(seed)
    match of:
        case "modules":
            return [with_call(number, choice, depth) for number in range(count)], ()
        case "json":
            return [in_json(number, any_expression(choice, depth, OPEN)) for number in range(count)], ()
        case "blocks":
            pairs = [with_blocks(number, choice, depth) for number in range(count)]
            return [wanted for wanted, _ in pairs], [made_of for _, made_of in pairs]
        case _:
            return [with_expression(number, any_expression(choice, depth, OPEN)) for number in range(count)], ()


def main() -> int:
    """Judge blocks by chance, and show what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--of", choices=["expressions", "modules", "json", "blocks"], default="expressions")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        blocks, ours = asked(options.seed, options.count, options.depth, options.of)
        answers = list(judged(blocks, Path(folder), ours))
    print(options.seed, dict(Counter(answer.verdict for answer in answers)))
    for answer in sorted(answers, key=lambda answer: len(answer.block)):
        if answer.verdict not in {"right", "refused"}:
            print(f"{answer.verdict.upper()}  {answer.block}  planned {answer.planned!r}\n  ours    {answer.ours!r}\n")
    return int(any(answer.verdict in {"wrong", "alarm", "early"} for answer in answers))


if __name__ == "__main__":
    sys.exit(main())
