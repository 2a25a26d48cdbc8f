"""Record what Terraform says to the expressions and the types of variables that the tests evaluate.

Run it in any folder after a change of a list: `python tests/data/record_functions.py`. Each answer is the
value, or `{"error": true}` where Terraform refuses it.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
REFUSED: dict[str, object] = {"error": True}


def lines_of(name: str) -> list[str]:
    """The entries of a list, in order."""
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def answers(expressions: list[str], configuration: str = "") -> list[object]:
    """What `terraform console` says to each expression; all in one run, because a run takes a third of a second.

    Raises:
        ValueError: Terraform refused all of them, which a mistake of one does that `try` does not catch.
    """
    attempts = [f'try(jsonencode({{value = ({expression})}}), "{{\\"error\\": true}}")' for expression in expressions]
    # Of two lines at least the console makes a heredoc, without escapes but for `${`.
    asked = 'join("\\n", ["{}", "{}", ' + ", ".join(attempts) + "])\n"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.tf").write_text(configuration, encoding="utf-8")
        run = subprocess.run(
            ["terraform", "console", "-no-color"],
            input=asked,
            capture_output=True,
            text=True,
            cwd=folder,
            env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
            check=False,
        )
    if run.returncode or not run.stdout.startswith("<<EOT\n"):
        raise ValueError(run.stderr or run.stdout[:300])
    lines = run.stdout.replace("$${", "${").replace("%%{", "%{").split("\n")[3:-2]
    return [json.loads(line) for line in lines]


def functions(expressions: list[str]) -> list[object]:
    """The answers, with those told apart that make Terraform refuse all of them."""
    try:
        return answers(expressions)
    except ValueError:
        if len(expressions) == 1:
            return [REFUSED]
        middle = len(expressions) // 2
        return [*functions(expressions[:middle]), *functions(expressions[middle:])]


def types(pairs: list[str]) -> list[object]:
    """What variables of these types hold by default."""
    try:
        blocks = [
            f"variable v{index} {{\n  type = {kind}\n  default = {value}\n}}\n"
            for index, (kind, value) in enumerate(pair.split(" ;; ") for pair in pairs)
        ]
        return answers([f"var.v{index}" for index in range(len(pairs))], "".join(blocks))
    except ValueError:
        if len(pairs) == 1:
            return [REFUSED]
        middle = len(pairs) // 2
        return [*types(pairs[:middle]), *types(pairs[middle:])]


def record(name: str, entries: list[str], answered: list[object]) -> None:
    """Keep the answers, one on each line."""
    lines = [f"{json.dumps(entry)}: {json.dumps(answer)}" for entry, answer in zip(entries, answered, strict=True)]
    (HERE / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    record("terraform-functions", lines_of("terraform-functions"), functions(lines_of("terraform-functions")))
    record("terraform-types", lines_of("terraform-types"), types(lines_of("terraform-types")))
