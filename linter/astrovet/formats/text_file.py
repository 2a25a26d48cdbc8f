"""A file of a run: its bytes, and what they say, told once to all who ask.

The left edge opens a file; everything else of a run (readers, positions, comments, snippets, hashes) shares
the one record, so that nothing is decoded or scanned a second time.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.document import Document, bug
from astrovet.formats.decode import Text, decode
from astrovet.value import Unknown

if TYPE_CHECKING:
    from astrovet.formats.hcl.structure import HclFile

_MODULES_IN_JSON = (".tf.json", ".tofu.json")


class TextFile(Struct, frozen=True, dict=True):
    """A file as it was opened."""

    path: str
    """As reports show it."""
    data: bytes
    fault: str = ""
    """Why it could not be read from the disk."""
    how: str = ""
    """What to do about that, where there is more to say than to look at its name and rights."""

    @classmethod
    def of(cls, path: str, content: str) -> TextFile:
        """A file of this content."""
        return cls(path, content.encode("utf-8", "surrogatepass"))

    @cached_property
    def decoded(self) -> Text:
        """The text, and what is wrong with its encoding."""
        return decode(self.path, self.data)

    @property
    def content(self) -> str:
        """The text; empty where the bytes are none."""
        return self.decoded.content

    @cached_property
    def hcl(self) -> HclFile:
        """Its blocks, arguments and comments as Terraform sees them, in the syntax that its name says it has."""
        from astrovet.formats.hcl.structure import Body, HclFile, lines_of  # most runs have no such file

        try:
            return self._scanned()
        except Exception as error:  # noqa: BLE001  see `bug`
            lines = lines_of(self.path, self.content)
            return HclFile(self.path, self.content, lines, Body(), problems=(bug(self.path, error),))

    def _scanned(self) -> HclFile:
        if self.path.endswith(".json"):
            from astrovet.formats.hcl.json_syntax import scan_json, scan_json_variables

            scan_in_json = scan_json if self.path.endswith(_MODULES_IN_JSON) else scan_json_variables
            return scan_in_json(self.path, self.content)
        from astrovet.formats.hcl.structure import scan

        return scan(self.path, self.content)

    @cached_property
    def yaml(self) -> tuple[Document, ...]:
        """Its YAML documents."""
        from astrovet.formats.yaml.documents import read_yaml

        try:
            return read_yaml(self.path, self.content)
        except Exception as error:  # noqa: BLE001  see `bug`
            problem = bug(self.path, error)
            return (Document(self.path, Unknown(problem.why, problem.place), (problem,)),)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        from hashlib import sha256  # slow to load

        return sha256(self.data).hexdigest()
