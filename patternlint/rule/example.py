"""Examples of rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXAMPLE_PATH = "example.md"


class Example:
    """A file or a small library that shows a rule; both a test and documentation.

    In a bad example `«` and `»` enclose each span that must be reported; an empty span is `«»`. They are not part of the
    file. A text that does not start with `---` is front matter, unless it is raw.

    Args:
        files: the text of one file, or the texts of files by path; bytes if they are not valid UTF-8.
        before: the texts of the same files before a change, for a rule about changes; None for other rules.
        fixed: the fixed text, or the changed files by path; None if the rule has no fix for it.
        spec: the version of the specification that the files follow if their content does not name one.
        unsafe: whether the fix is unsafe.
        options: the options of the rule, as written in the configuration.
        schema: additions to the JSON Schemas of the specification, by group.
        settings: additions to the `spec.toml` of the specification.
        raw: whether the texts are whole files that are patterns only if their content shows it.
        note: what it shows, in a few words.
    """

    __slots__ = ("before", "files", "fixed", "note", "options", "raw", "schema", "settings", "spec", "unsafe")

    def __init__(  # noqa: PLR0913 - the parts of an example
        self,
        files: str | bytes | Mapping[str, str | bytes],
        fixed: str | Mapping[str, str] | None = None,
        *,
        before: str | Mapping[str, str] | None = None,
        spec: str = "7.1",
        unsafe: bool = False,
        options: Mapping[str, Any] | None = None,
        schema: Mapping[str, Any] | None = None,
        settings: str = "",
        raw: bool = False,
        note: str = "",
    ) -> None:
        self.files: Mapping[str, str | bytes] = {EXAMPLE_PATH: files} if isinstance(files, str | bytes) else files
        self.before: Mapping[str, str] | None = {EXAMPLE_PATH: before} if isinstance(before, str) else before
        self.fixed: Mapping[str, str] | None = {EXAMPLE_PATH: fixed} if isinstance(fixed, str) else fixed
        self.spec = spec
        self.unsafe = unsafe
        self.options: Mapping[str, Any] = options or {}
        self.schema: Mapping[str, Any] = schema or {}
        self.settings = settings
        self.raw = raw
        self.note = note
