"""The files that a report for auditors rests on, each with its hash."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from astrovet.cli.bounds import displayed
from astrovet.cli.ignored import NAME as GIT_IGNORE
from astrovet.cli.judging import Judged
from astrovet.cli.reading import Inputs, Read
from astrovet.cli.sources import MODULES_FILE
from astrovet.declared.configuration import PYPROJECT
from astrovet.declared.scope import configs_of
from astrovet.document import InputKind
from astrovet.reports.evidence.evidence import HashedFile
from astrovet.terraform.file_names import MODULE_FILES, SOURCES


def hashed_files(seen: Read, outcome: Judged, inputs: Inputs, packs: Iterable[str]) -> Iterator[HashedFile]:
    """The inputs, and whatever else was read for their sake, by name.

    What the run asked for by name is one of them: variable files, what an expression reads, modules that were fetched,
    configurations. Of what a walk came to only what an input is made of.
    """
    disk = seen.disk
    report = outcome.judgement.report
    problems = {summary.path: summary.problem or "" for summary in report.inputs}
    kinds = {summary.path: summary.kind for summary in report.inputs}
    kinds.update((path, "rule-pack") for path in map(displayed, packs))
    kinds.update(
        (config.path, "configuration") for config in configs_of(outcome.estate, outcome.config_of) if config.path
    )
    kinds.update((displayed(path), "terraform-variables") for path in inputs.var_files)
    for path in (*disk.asked_for, *seen.contents, *seen.reading.consulted):
        if os.path.basename(path) != PYPROJECT:  # it is looked at for a configuration, which most do not hold
            kinds.setdefault(path, _kind(path))
    for path, kind in sorted(kinds.items()):
        file = disk.file(path, is_named=True) if kind == "rule-pack" else disk.opened(path)
        if path in problems:
            problem = problems[path] or (file.fault if file is not None else "")
            yield HashedFile(path, kind, "" if file is None or file.fault else file.digest, problem)
        elif file is not None and not file.fault:
            yield HashedFile(path, kind, file.digest)


def _kind(path: str) -> str:
    """What a file is that is no input of its own."""
    if path.endswith(MODULE_FILES):
        return InputKind.TERRAFORM_SOURCE
    if path.endswith(SOURCES):
        return "terraform-variables"
    if path.endswith(MODULES_FILE.replace(os.sep, "/")):
        return "terraform-modules"
    return "git-ignore" if os.path.basename(path) == GIT_IGNORE else "read-by-an-input"
