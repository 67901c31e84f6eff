"""One line per finding in the form of compilers, for editors, `grep` and `sort`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from patternlint.diagnostics.severity import LEVELS
from patternlint.report.chunks import batches
from patternlint.report.color import Paint, painter
from patternlint.report.escape import escape_line, shown_path, writer
from patternlint.report.model import RenderOptions, Report
from patternlint.report.summary import summary_text


def write(report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write `path:line:column: level [rule] message` for each finding, and the summary."""
    say = writer(out)
    paint = painter(color=style.color)
    for text in batches(_lines(report, paint)):
        say(text)
    if not style.quiet:
        if report.summary.total:
            say("\n")
        say(summary_text(report, paint))


def _lines(report: Report, paint: Paint) -> Iterator[str]:
    labels = tuple(paint(label, label) for label in LEVELS)
    path = place = ""
    for finding in report.findings:
        if finding.path != path:
            path = finding.path
            place = shown_path(path)
        region = finding.region
        yield (
            f"{place}:{region.line}:{region.column}: {labels[finding.severity]} "
            f"[{escape_line(finding.rule)}] {escape_line(finding.message)}\n"
        )
