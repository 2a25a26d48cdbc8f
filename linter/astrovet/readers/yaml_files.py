"""YAML files, each parsed once, whoever asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.document import Document, Problem, ProblemKind, bug
from astrovet.formats.text_file import TextFile
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.charts.recognition import ChartMatch, recognise
from astrovet.helm.conventions import is_helmfile, with_texts
from astrovet.place import Place
from astrovet.readers.source_file import VALUES_LIMIT, Role, SourceFile, faulty, unreadable
from astrovet.terraform.plan.printed import binary_plan, is_binary_plan, may_be_terraform
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value

_NEWER_WORDS = re.compile(rb"(?<![\w.\"'-])(?:yes|no|on|off|y|n)(?![\w.\"'-])", re.IGNORECASE)


class YamlFile(Struct, frozen=True, dict=True):
    """A YAML file."""

    file: SourceFile
    documents: tuple[Document, ...]
    """None where it cannot be used."""
    problems: tuple[Problem, ...]
    is_text: bool = True
    """Its text can be shown: it was not refused before anybody looked into it."""

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def values(self) -> Value[Tree]:
        """What Helm takes from it: the first document; what further ones set is open, for Helm 4 takes them too."""
        if len(self.documents) > 1:
            from astrovet.helm.merging import merge

            first, *further = (document.root for document in self.documents)
            return merge((first, *(_open(root) for root in further if is_map(root))))
        if self.documents:
            return self.documents[0].root
        return Unknown(f"{self.path} cannot be used", Place(self.path), how="mend it first")

    @cached_property
    def recognised(self) -> tuple[Value[Tree], ChartMatch]:
        """The document that holds values of the agent chart, else the first, and what it is for."""
        pairs = [(document.root, recognise(document.root)) for document in self.documents]
        if not pairs:
            return self.values, ChartMatch(ChartKind.OTHER)
        return next((pair for pair in pairs if pair[1].kind is ChartKind.AGENT), pairs[0])


class YamlFiles(Mapping[str, YamlFile]):
    """The YAML files of a run and, where these name others, the files on the disk."""

    def __init__(
        self, files: Iterable[SourceFile], others: Mapping[str, TextFile], budget: Budget | None = None
    ) -> None:
        self.budget = budget or Budget()
        self._files = {file.path: file for file in files}
        self._others = others
        self._read: dict[str, YamlFile | None] = {}
        self._as_text: set[str] = set()

    def __getitem__(self, path: str) -> YamlFile:
        """A file that is there."""
        yaml_file = self.find(path)
        if yaml_file is None:
            raise KeyError(path)
        return yaml_file

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def find(self, path: str) -> YamlFile | None:
        """The file, parsed; None where there is none."""
        if path not in self._read:
            file = self._files.get(path)
            if file is None and path in self._others:
                file = SourceFile(self._others[path], Role.FOUND)
            self._read[path] = _parse(file) if file is not None else None
        return self._read[path]

    @property
    def consulted(self) -> frozenset[str]:
        """The paths that somebody asked for, to see what stands there; there need not be a file."""
        return frozenset((*self._read, *self._as_text))

    def data(self, path: str) -> bytes:
        """The bytes of a file; none where it is not here."""
        if path in self._files:
            return self._files[path].data
        return self._others[path].data if path in self._others else b""

    def read_by_newer(self, path: str) -> tuple[Document, ...]:
        """The documents of a file as go-yaml v3 reads it: Helmfile and Kustomize do so."""
        yaml_file = self.find(path)
        if yaml_file is None or not yaml_file.documents or not _NEWER_WORDS.search(yaml_file.file.data):
            return yaml_file.documents if yaml_file is not None else ()
        from astrovet.formats.yaml.documents import read_yaml

        content = yaml_file.file.file.content
        return read_yaml(path, with_texts(content) if is_helmfile(path) else content, is_newer=True)

    def values_of(self, path: str) -> Value[Tree] | None:
        """The values in a file; Unknown where it cannot be read as YAML."""
        yaml_file = self.find(path)
        return yaml_file.values if yaml_file is not None else None

    def text(self, path: str) -> str | None:
        """The text of a file, whatever it holds."""
        file = self._files[path].file if path in self._files else self._others.get(path)
        self._as_text.add(path)
        return file.content if file is not None and not file.fault else None


SEVERAL = "it stands in a further document of its file, which Helm 4 merges and older releases drop"


def is_map(value: Value[Tree]) -> bool:
    return isinstance(value, Known) and isinstance(value.value, Map)


def _open(value: Value[Tree]) -> Value[Tree]:
    """A tree whose leaves may count or may not."""
    match value:
        case Known(Map(entries) as tree):
            inner = {key: replace(entry, value=_open(entry.value)) for key, entry in entries.items()}
            return replace(value, value=replace(tree, entries=inner))
        case Known(_, place) | Unknown(_, place) | Absent(place):
            return Unknown(SEVERAL, place, how="put the documents together, or into files of their own")


def _parse(file: SourceFile) -> YamlFile:
    try:
        return _parsed(file)
    except Exception as error:  # noqa: BLE001  see `bug`
        return YamlFile(file, (), (bug(file.path, error),), is_text=False)


def _parsed(file: SourceFile) -> YamlFile:
    problems = _refused(file)
    if problems:
        return YamlFile(file, (), problems, is_text=False)
    decoded = file.file.decoded
    if any(problem.kind is ProblemKind.UNREADABLE for problem in decoded.problems):
        return YamlFile(file, (), decoded.problems)
    documents = _documents(file)
    problems = (*decoded.problems, *(problem for document in documents for problem in document.problems))
    if any(problem.kind is ProblemKind.UNREADABLE for problem in problems):
        documents = ()
    elif not decoded.content.strip() and file.is_named:
        empty = unreadable(file.path, "the file is empty", "write values into it, or leave it out")
        documents, problems = (), (*problems, empty)
    return YamlFile(file, documents, problems)


def _documents(file: SourceFile) -> tuple[Document, ...]:
    if b"{{" in file.data and is_helmfile(file.path):
        from astrovet.formats.yaml.documents import read_yaml

        return read_yaml(file.path, with_texts(file.file.content))
    return file.file.yaml


def _refused(file: SourceFile) -> tuple[Problem, ...]:
    """Why a file is not even looked into."""
    if file.fault:
        return (faulty(file),)
    if is_binary_plan(file.data):
        return (binary_plan(file.path),)
    if file.role is Role.VALUES and may_be_terraform(file.data):
        remedy = f"give it with --plan: astrovet scan --plan {file.path}"
        message = "this is a Terraform plan or state, where Helm values are expected"
        return (Problem(ProblemKind.NOT_THIS_CHART, message, remedy, Place(file.path)),)
    if len(file.data) > VALUES_LIMIT.size:
        return (unreadable(file.path, VALUES_LIMIT.why, VALUES_LIMIT.how),)
    return ()
