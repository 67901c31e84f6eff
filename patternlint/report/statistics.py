"""The number of findings per rule, as a table and as JSON."""

from __future__ import annotations

from typing import TextIO

from patternlint.diagnostics.statistics import RuleStatistics
from patternlint.report.chunks import separated
from patternlint.report.color import painter
from patternlint.report.escape import escape_line, writer
from patternlint.report.json_encoder import encoder
from patternlint.report.json_v1 import VERSION, summary_object
from patternlint.report.model import RenderOptions, Report
from patternlint.report.summary import PLURALS, summary_text

_HEADINGS = ("rule", "level", "findings", "files")
_LEVEL_WIDTH = max(map(len, PLURALS))


def _sorted_rules(report: Report) -> list[RuleStatistics]:
    return sorted(report.summary.rules, key=lambda one: (-one.count, one.rule))


def write_text(report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write a table, the most frequent rule first, and the summary."""
    paint = painter(color=style.color)
    write = writer(out)
    rows = [
        (escape_line(one.rule), one.severity.label, f"{one.count:,}", f"{one.files:,}") for one in _sorted_rules(report)
    ]
    rows = [_HEADINGS, *rows] if rows else []
    name_width, _, count_width, file_width = (max(map(len, column)) for column in zip(_HEADINGS, *rows, strict=True))
    for name, level, count, files in rows:
        padding = " " * (_LEVEL_WIDTH - len(level))
        label = paint(level, level) if level in PLURALS else level
        write(f"{name:<{name_width}}  {label}{padding}  {count:>{count_width}}  {files:>{file_width}}\n")
    if not style.quiet:
        if rows:
            write("\n")
        write(summary_text(report, paint))


def write_json(report: Report, out: TextIO, _style: RenderOptions) -> None:
    """Write the numbers as one JSON object: `#/$defs/statistics` of `schemas/report-1.schema.json`."""
    encode = encoder(out)
    lines = (
        encode({"rule": one.rule, "level": one.severity.label, "findings": one.count, "files": one.files})
        for one in _sorted_rules(report)
    )
    out.write(f'{{"version":{VERSION},"summary":{encode(summary_object(report))},"statistics":[')
    out.writelines(separated(lines))
    out.write("\n]}\n")
