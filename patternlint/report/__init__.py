"""Output formats, one module each. A module is imported when its format is written."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:  # the command line reads the names of the formats before anything slow is imported
    from patternlint.report.model import RenderOptions, Report


class Format(NamedTuple):
    """An output format: its name, its purpose in one line, and the module that writes it."""

    name: str
    summary: str
    module: str

    def write(self, report: Report, out: TextIO, style: RenderOptions) -> None:
        """Write `report` to `out`, a stream that does not translate line endings."""
        import_module(f"{__name__}.{self.module}").write(report, out, style)


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("text", "for people: each finding with the lines that it is about", "text"),
        Format("concise", "one line a finding: path:line:column: level [rule] message", "concise"),
        Format("json", "one JSON object, documented by schemas/report-1.schema.json", "json_v1"),
        Format("jsonl", "one JSON object a finding and line", "jsonl"),
        Format("sarif", "SARIF 2.1.0, for GitHub code scanning and editors", "sarif"),
        Format("github", "annotations in GitHub Actions", "github"),
        Format("gitlab", "GitLab code quality", "gitlab"),
        Format("junit", "JUnit XML, for test reports", "junit"),
        Format("rdjson", "reviewdog's diagnostics", "rdjson"),
        Format("markdown", "a summary with tables, for a job summary or a comment", "markdown"),
    )
}
"""All formats, by name."""
