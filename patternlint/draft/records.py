"""The files of a library as data, without a specification."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.model import Spec, SpecRegistry

_ANY = Spec("draft", "Draft", front_matter="optional")
_WITH_FRONT_MATTER = Spec("draft", "Draft")
_OPENING = re.compile(r"---[ \t]*\r?\n[\w-]+:\s")
"""Front matter, and not a line above a text, although its end may be missing."""
_NO_SPECS = SpecRegistry(())


class Record(Struct, frozen=True):
    """A file as data.

    Attributes:
        path: the path from the folder of the library, with `/`.
        keys: its front matter.
        headings: the level and the text of each heading.
        has_front_matter: whether it has front matter.
        is_broken: whether its front matter is not valid YAML; then it has no data.
    """

    path: str
    keys: Mapping[str, Any]
    headings: tuple[tuple[int, str], ...]
    has_front_matter: bool
    is_broken: bool = False

    @property
    def folder(self) -> str:
        """Its folder; empty for that of the library."""
        return self.path.rpartition("/")[0]

    @property
    def stem(self) -> str:
        """The name of the file without its suffix."""
        return PurePosixPath(self.path).stem


def read_record(path: str, data: bytes) -> Record:
    """Return a file as data.

    Args:
        path: the path from the folder of the library, with `/`.
        data: its content.
    """
    source = Source(path, data)
    spec = _WITH_FRONT_MATTER if _OPENING.match(source.text) else _ANY
    pattern = parse(source, _NO_SPECS, spec=spec, named=True).pattern
    if pattern is None:
        return Record(path, {}, (), has_front_matter=True, is_broken=True)
    headings = tuple((heading.level, " ".join(heading.text.split())) for heading in pattern.body.headings)
    keys = {key: value for key, value in pattern.data.items() if _is_text(key)}
    return Record(path, keys, headings, has_front_matter=not pattern.front.is_missing)


def _is_text(key: str) -> bool:
    """Return whether a key can be written to a file: an escape in YAML may stand for half a character."""
    return not any("\ud800" <= character <= "\udfff" for character in key)
