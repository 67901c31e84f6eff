"""The number of findings per rule, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from patternlint.report.chunks import separated
from patternlint.report.color import level, painter
from patternlint.report.escape import escape_line, writer
from patternlint.report.json_encoder import encoder
from patternlint.report.json_v1 import VERSION, summary_object
from patternlint.report.model import RenderOptions, RuleCount, Summary
from patternlint.report.summary import PLURALS, sort_counts, write_summary

_HEADINGS = ("rule", "level", "findings", "files")
_LEVEL_WIDTH = max(map(len, PLURALS))


def write_text(
    counts: Iterable[RuleCount], summary: Summary, out: TextIO, style: RenderOptions, notes: Iterable[str] = ()
) -> None:
    """Write a table, the most frequent rule first, and the summary."""
    ordered = sort_counts(counts)
    paint = painter(color=style.color)
    write = writer(out)
    names = [escape_line(one.rule) for one in ordered]
    numbers = [(f"{one.count:,}", f"{one.files:,}") for one in ordered]
    name_width, count_width, file_width = (
        max(map(len, column))
        for column in (
            (_HEADINGS[0], *names),
            (_HEADINGS[2], *(count for count, _ in numbers)),
            (_HEADINGS[3], *(files for _, files in numbers)),
        )
    )

    def row(name: str, label: str, role: str, count: str, files: str) -> str:
        padding = " " * (_LEVEL_WIDTH - len(label))
        return f"{name:<{name_width}}  {paint(role, label)}{padding}  {count:>{count_width}}  {files:>{file_width}}\n"

    if ordered:
        write(row(_HEADINGS[0], _HEADINGS[1], "plain", _HEADINGS[2], _HEADINGS[3]))
    for name, one, (count, files) in zip(names, ordered, numbers, strict=True):
        label = level(one.severity)
        write(row(name, label, label, count, files))
    if not style.quiet:
        if ordered:
            write("\n")
        write_summary(summary, notes, out, style)


def write_json(
    counts: Iterable[RuleCount], summary: Summary, out: TextIO, _style: RenderOptions, notes: Iterable[str] = ()
) -> None:
    """Write the numbers as one JSON object: `#/$defs/statistics` of `schemas/report-1.schema.json`."""
    encode = encoder(out)
    lines = (
        encode({"rule": one.rule, "level": level(one.severity), "findings": one.count, "files": one.files})
        for one in sort_counts(counts)
    )
    out.write(f'{{"version":{VERSION},"summary":{encode(summary_object(summary, notes))},"statistics":[')
    out.writelines(separated(lines))
    out.write("\n]}\n")
