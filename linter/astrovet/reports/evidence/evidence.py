"""What a report for auditors says, as data: deployments by requirements, and all that each word rests on.

The names of the fields are the keys of the report's JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from astrovet.judging.verdict import Unseen, Verdict, VerdictKind
from astrovet.model.severity import Severity
from astrovet.place import Place
from astrovet.requirements.responsibilities import Duty

SHARED = "shared"
"""The kind of the row for everything that belongs to no single deployment."""

OTHER = ""
"""In place of a requirement: the checks that no declared requirement asks for."""


class Standing(StrEnum):
    """How something stands, the worst first."""

    FAILS = "fails"
    UNDECIDED = "undecided"
    NOT_JUDGED = "not judged"
    """A requirement is declared, and no rule of the run had anything to judge for it."""
    WAIVED = "waived"
    PASSES = "passes"
    NOTHING_DECLARED = "nothing declared"
    """No requirement is declared, and no rule objects: nothing was asked, so nothing is satisfied."""

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Standing).index(self)

    @staticmethod
    def worst(standings: Iterable[Standing]) -> Standing:
        return min(standings, key=lambda standing: standing.rank, default=Standing.NOT_JUDGED)


class Count(Struct, frozen=True):
    """How many verdicts of each kind. Failures of severity info fail nothing: they are remarks."""

    fails: int = 0
    undecided: int = 0
    waived: int = 0
    remarks: int = 0
    passes: int = 0

    @staticmethod
    def of(verdicts: Iterable[Verdict]) -> Count:
        kinds = Counter("remark" if is_remark(verdict) else verdict.kind for verdict in verdicts)
        return Count(
            fails=kinds[VerdictKind.FAIL],
            undecided=kinds[VerdictKind.UNKNOWN],
            waived=kinds[VerdictKind.WAIVED],
            remarks=kinds["remark"],
            passes=kinds[VerdictKind.PASS],
        )

    @property
    def standing(self) -> Standing:
        """The worst that there is. Remarks alone prove nothing."""
        if self.fails:
            return Standing.FAILS
        if self.undecided:
            return Standing.UNDECIDED
        if self.waived:
            return Standing.WAIVED
        return Standing.PASSES if self.passes else Standing.NOT_JUDGED


class Cell(Struct, frozen=True):
    """One deployment and one requirement that is declared for it."""

    requirement: str
    standing: Standing
    count: Count
    why: str = ""
    """Where it cannot be told whether the requirement holds here: why not."""


class Row(Struct, frozen=True):
    """A deployment, a private cloud, an agent of which the deployment is not known, or all that is of no single one."""

    id: str
    kind: str
    name: str | None
    model: str | None
    standing: Standing
    worst: Severity | None
    """Of its failures."""
    cells: tuple[Cell, ...]
    """One for each requirement that is declared for it, or may be."""


class Source(Struct, frozen=True):
    """What a rule rests on."""

    tag: str
    what: str
    address: str


class Finding(Struct, frozen=True):
    """One verdict of a check."""

    verdict: Verdict
    rows: tuple[int, ...]
    """The numbers of the rows that it concerns."""

    @property
    def is_remark(self) -> bool:
        """It fails nothing and is worth knowing."""
        return is_remark(self.verdict)


class RuleFindings(Struct, frozen=True):
    """A rule and what it says under one requirement."""

    rule: str
    name: str
    law: str
    standing: Standing
    worst: Severity | None
    """Of its failures."""
    count: Count
    findings: tuple[Finding, ...]
    """The worst first; what does not apply is left out."""
    supports: tuple[str, ...]
    """The controls of laws and standards that a pass supports, and proves none of."""
    sources: tuple[Source, ...]


class RequirementChecks(Struct, frozen=True):
    """A requirement and its checks."""

    requirement: str
    """Empty for the checks that no declared requirement asks for."""
    standing: Standing
    count: Count
    """Of verdicts."""
    checks: tuple[RuleFindings, ...]
    """The worst first."""
    silent: tuple[str, ...]
    """Rules that support it, ran, and had nothing to judge."""


class Attested(Struct, frozen=True):
    """What people have to attest, or attest unasked."""

    what: str
    standing: str
    """`valid`, `expired`, `incomplete` (without an owner or a day), `missing`."""
    asked_by: tuple[str, ...]
    """Requirements that need it, or for whose sake it is made."""
    needed_for: tuple[str, ...]
    """Those deployments."""
    parties: tuple[str, ...]
    """Who must act."""
    owner: str = ""
    signed: str = ""
    until: str = ""
    evidence: str = ""
    place: Place | None = None


class OpenQuestion(Struct, frozen=True):
    """Why something could not be decided, how to decide it, and what waits for that."""

    why: str
    how: str
    verdicts: tuple[Verdict, ...]


class HashedFile(Struct, frozen=True):
    """A file of the run."""

    path: str
    kind: str
    sha256: str
    """Empty where the file could not be read."""
    problem: str = ""


class Pack(Struct, frozen=True):
    """Where rules come from."""

    name: str
    version: str


class Project(Struct, frozen=True):
    """The repository that the report is about, and its revision."""

    name: str
    branch: str = ""
    """Empty where no branch is checked out, or where `.git` does not say."""
    commit: str = ""


class Origin(Struct, frozen=True):
    """With what the report was made, so that it can be made again."""

    version: str
    """Of astrovet."""
    today: str
    command: str
    packs: tuple[Pack, ...]
    files: tuple[HashedFile, ...]
    project: Project | None = None
    """None where no repository holds what was scanned."""


class Evidence(Struct, frozen=True):
    """Everything that a report for auditors says."""

    origin: Origin
    standing: Standing
    requirements: tuple[str, ...]
    """All that is declared for anything, in the order of `Requirement`."""
    rows: tuple[Row, ...]
    """The worst first."""
    parts: tuple[RequirementChecks, ...]
    """One for each requirement, then the other checks."""
    attestations: tuple[Attested, ...]
    duties: tuple[Duty, ...]
    """Of the models that are there."""
    waived: tuple[Verdict, ...]
    questions: tuple[OpenQuestion, ...]
    """The one on which most waits first."""
    rules_run: tuple[str, ...]
    notes: tuple[str, ...]
    unseen: tuple[Unseen, ...] = ()


def is_remark(verdict: Verdict) -> bool:
    """It fails nothing and is worth knowing."""
    return verdict.kind is VerdictKind.FAIL and verdict.severity is Severity.INFO


def worst_failure(verdicts: Iterable[Verdict]) -> Severity | None:
    """The gravest severity of what fails; none where nothing does."""
    failed = (verdict.severity for verdict in verdicts if verdict.kind is VerdictKind.FAIL and not is_remark(verdict))
    return min(failed, key=lambda severity: severity.rank, default=None)
