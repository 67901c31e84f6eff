"""Examples of a rule: its tests and its documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXAMPLE_PATH = "example.md"


class Example:
    """A small file, or a small library, that shows a rule: its test and its documentation.

    In a bad example `«»` surround what must be underlined, nothing else may be; a place without characters is `«»`.
    The marks are not part of the file. A text that does not begin with `---` is front matter alone, unless it is raw.

    Args:
        files: the text of one file, or the text of each file by its path; bytes where text cannot say it.
        fixed: the text, or the changed files by path, that the rule's own fixes make of it; None when the rule has no
            fix for it.
        spec: the version of the spec that the files follow, unless their content says so.
        unsafe: whether the fix is an unsafe one.
        options: the rule's options, as written in the config.
        schema: what a project's own JSON Schemas add to those of the spec, by group.
        raw: whether the texts are whole files, of which only the content says whether they are patterns.
        note: what it shows, in a few words.
    """

    __slots__ = ("files", "fixed", "note", "options", "raw", "schema", "spec", "unsafe")

    def __init__(  # noqa: PLR0913 - what an example can say
        self,
        files: str | bytes | Mapping[str, str | bytes],
        fixed: str | Mapping[str, str] | None = None,
        *,
        spec: str = "7.1",
        unsafe: bool = False,
        options: Mapping[str, Any] | None = None,
        schema: Mapping[str, Any] | None = None,
        raw: bool = False,
        note: str = "",
    ) -> None:
        """Keep what is given."""
        self.files: Mapping[str, str | bytes] = {EXAMPLE_PATH: files} if isinstance(files, str | bytes) else files
        self.fixed: Mapping[str, str] | None = {EXAMPLE_PATH: fixed} if isinstance(fixed, str) else fixed
        self.spec = spec
        self.unsafe = unsafe
        self.options: Mapping[str, Any] = options or {}
        self.schema: Mapping[str, Any] = schema or {}
        self.raw = raw
        self.note = note
