"""The causes of findings, as a table and as JSON."""

from __future__ import annotations

from typing import TextIO

from patternlint.diagnostics.causes import Cause, causes_of_most, collect_causes
from patternlint.report.chunks import separated
from patternlint.report.color import painter
from patternlint.report.escape import escape_line, writer
from patternlint.report.json_encoder import encoder
from patternlint.report.json_v1 import VERSION, summary_object
from patternlint.report.model import RenderOptions, Report
from patternlint.report.summary import PLURALS, number, summary_text

_HEADINGS = ("findings", "files", "level", "rule", "cause")
_MIN_SHOWN = 20  # in a terminal


def write_text(report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write a table, the most important cause first, and the summary. A terminal gets the causes of most findings."""
    paint = painter(color=style.color)
    write = writer(out)
    causes = collect_causes(report.findings)
    most = causes_of_most(causes)
    shown = causes if style.max_per_rule is None else causes[: max(most, _MIN_SHOWN)]
    rows = [_HEADINGS, *map(_row, shown)] if shown else []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for count, files, level, rule, message in rows:
        padding = " " * (widths[2] - len(level))
        label = paint(level, level) if level in PLURALS else level
        write(f"{count:>{widths[0]}}  {files:>{widths[1]}}  {label}{padding}  {rule:<{widths[3]}}  {message}\n")
    if style.quiet:
        return
    if len(shown) < len(causes):
        write(f"and {number(len(causes) - len(shown), 'more cause')}: --show-all\n")
    if rows:
        write("\n")
    write(summary_text(report, paint))
    if causes:
        write(f"{number(len(causes), 'cause')}; {most:,} of them account for 80 % of the findings\n")


def _row(cause: Cause) -> tuple[str, ...]:
    rule, message = escape_line(cause.rule), escape_line(cause.message)
    return f"{cause.count:,}", f"{cause.files:,}", cause.severity.label, rule, message


def write_json(report: Report, out: TextIO, _style: RenderOptions) -> None:
    """Write the causes as one JSON object: `#/$defs/causes` of `schemas/report-1.schema.json`."""
    encode = encoder(out)
    out.write(f'{{"version":{VERSION},"summary":{encode(summary_object(report))},"causes":[')
    out.writelines(separated(map(encode, map(_object, collect_causes(report.findings)))))
    out.write("\n]}\n")


def _object(cause: Cause) -> dict[str, object]:
    return {
        "rule": cause.rule,
        "level": cause.severity.label,
        "subject": cause.subject,
        "message": cause.message,
        "help": cause.help,
        "findings": cause.count,
        "files": cause.files,
        "fix": {"title": cause.fix, "safety": cause.safety} if cause.safety is not None else None,
    }
