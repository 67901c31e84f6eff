"""reviewdog's diagnostic format. Its columns count bytes of UTF-8, so the lines of the file are needed."""

from __future__ import annotations

from typing import Any, TextIO

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import repository_path
from patternlint.diagnostics.fix import Fix
from patternlint.report.chunks import batches, separated
from patternlint.report.json_encoder import encoder
from patternlint.report.locations import is_located, plain_text_lines, replacements
from patternlint.report.model import RenderOptions, Report
from patternlint.source import Region, Source

_LEVELS = ("UNKNOWN_SEVERITY", "INFO", "WARNING", "ERROR")


def write(report: Report, out: TextIO, _style: RenderOptions) -> None:
    """Write a DiagnosticResult, one finding per line."""
    encode = encoder(out)
    out.write('{"source":{"name":"patternlint"},"diagnostics":[')
    out.writelines(batches(separated(encode(_diagnostic(one, report)) for one in report.findings)))
    out.write("\n]}\n")


def _diagnostic(finding: Diagnostic, report: Report) -> dict[str, Any]:
    source = report.source(finding.path)
    rule = report.rules.get(finding.rule)
    code = {"value": finding.rule}
    if rule is not None and rule.url:
        code["url"] = rule.url
    item: dict[str, Any] = {
        # Labels are part of the message: reviewdog rejects reports with fields that its version does not define.
        "message": "\n".join(plain_text_lines(finding)),
        "location": {"path": repository_path(finding.path, report.prefix), "range": _range(finding.region, source)},
        "severity": _LEVELS[finding.severity],
        "code": code,
    }
    if source is not None and finding.fix is not None and (made := _suggestions(finding, finding.fix, source)):
        item["suggestions"] = made
    return item


def _range(region: Region, source: Source | None) -> dict[str, Any]:
    """Return a range in bytes, or in lines alone when the file is unavailable or not valid UTF-8."""
    if not is_located(region):
        return {"start": {"line": region.line}}
    if source is None or source.decode_error is not None or region.end_line > len(source.lines):
        return {"start": {"line": region.line}, "end": {"line": region.end_line}}
    return {
        "start": {"line": region.line, "column": _byte_column(source, region.line, region.column)},
        "end": {"line": region.end_line, "column": _byte_column(source, region.end_line, region.end_column)},
    }


def _byte_column(source: Source, line: int, column: int) -> int:
    start = source.lines.line_start(line)
    before = source.text[start : start + column - 1]
    return column if before.isascii() else len(before.encode()) + 1


def _suggestions(finding: Diagnostic, fix: Fix, source: Source) -> list[dict[str, Any]]:
    """Return the edits of a fix; empty when it changes other files or inserts without a position."""
    edits = replacements(finding, fix) or ()
    if source.decode_error is not None or any(
        path != finding.path or edit.span.end > len(source.text) for path, edit in edits
    ):
        return []
    return [{"range": _range(source.region(edit.span), source), "text": edit.text} for _, edit in edits]
