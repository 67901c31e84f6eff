"""Output formats, one module each. A module is imported when its format is written."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:  # the command line reads the names of the formats before anything slow is imported
    from patternlint.report.model import RenderOptions, Report


class Format(NamedTuple):
    """An output format: its name, and the module that writes it."""

    name: str
    module: str

    def write(self, report: Report, out: TextIO, style: RenderOptions) -> None:
        """Write `report` to `out`, a stream that does not translate line endings."""
        import_module(f"{__name__}.{self.module}").write(report, out, style)


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("text", "text"),
        Format("concise", "concise"),
        Format("json", "json_v1"),
        Format("jsonl", "jsonl"),
        Format("sarif", "sarif"),
        Format("github", "github"),
        Format("gitlab", "gitlab"),
        Format("junit", "junit"),
        Format("rdjson", "rdjson"),
        Format("markdown", "markdown"),
    )
}
"""All formats, by name."""
