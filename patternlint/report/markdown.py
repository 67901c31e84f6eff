"""Markdown tables for GitHub's job summaries and for comments.

GitHub drops a job summary over 1 MiB as a whole, so rows are left out before that limit, and a line states their
number. Quoted text is untrusted: nothing in it becomes a link, an image, a mention or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TextIO

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import repository_path
from patternlint.diagnostics.severity import LEVELS
from patternlint.report.escape import escape_line, writer
from patternlint.report.locations import is_located, location, uri
from patternlint.report.model import RenderOptions, Report
from patternlint.report.summary import PLURALS, files_line, fixable_line, level_counts, number
from patternlint.source import WHOLE_FILE, Region

MAX_BYTES = 1_000_000
"""Just below the 1 MiB that GitHub accepts, since other steps may write to the same summary."""
MAX_FINDINGS = 500
MAX_FILES = 50

_END_BYTES = 20_000
"""Reserved for the lines after the tables."""
_CELL = 300
"""The maximum number of characters of a message, a path or a name in a cell."""
_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~$#@]|:(?=//)|(?i:www\.)")


def write(report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write a headline; tables by rule, by file and of the most severe findings; and the advice."""
    say = writer(out)
    summary = report.summary
    head = f"## patternlint: {level_counts(summary) or 'no findings'}\n\n{literal(files_line(report))}\n"
    head += "".join(f"\n> {_escape(note)}\n" for note in report.notes)
    room = MAX_BYTES - len(head.encode())
    say(head)
    if summary.total:
        selection = _select(report)
        for table in _tables(selection, report, style):
            for text in _fit_rows(table, room - _END_BYTES):
                room -= len(text.encode("utf-8", "replace"))
                say(text)
    for text in _end(report, style):
        room -= len(text.encode("utf-8", "replace"))
        if room >= 0:
            say(text)


class _Table(Struct, frozen=True):
    """A table: its head, its rows, their total number, and the noun for them."""

    head: str
    rows: Iterator[str]
    total: int
    what: str


class _Selection(Struct, frozen=True):
    """What the tables need of the findings, from one pass over them."""

    files: dict[str, list[int]]
    heaviest: list[Diagnostic]
    suppressions: list[Diagnostic]


def _select(report: Report) -> _Selection:
    suppressions: list[Diagnostic] = []
    files: dict[str, list[int]] = {}
    chosen: tuple[list[Diagnostic], ...] = tuple([] for _ in LEVELS)
    for finding in report.findings:
        of_file = files.get(finding.path)
        if of_file is None:
            of_file = files[finding.path] = [0] * len(LEVELS)
        of_file[finding.severity] += 1
        some = suppressions if finding.rule == report.suppressing else chosen[finding.severity]
        if len(some) < MAX_FINDINGS:
            some.append(finding)
    return _Selection(files, list(islice(chain(*reversed(chosen)), MAX_FINDINGS)), suppressions)


def _tables(selection: _Selection, report: Report, style: RenderOptions) -> Iterator[_Table]:
    rules = report.summary.rules
    hiding = sum(one.count for one in rules if one.rule == report.suppressing)
    total = report.summary.total - hiding
    if hiding:
        head = "\n### New suppressions\n\n| place | level | rule | finding |\n|---|---|---|---|\n"
        yield _Table(head, _finding_rows(selection.suppressions, report, style), hiding, "suppressions")
    head = "\n### By rule\n\n| level | rule | findings | files | requirement |\n|---|---|--:|--:|---|\n"
    yield _Table(head, _rule_rows(report), len(rules), "rules")
    files = sorted(selection.files.items(), key=lambda one: (*(-count for count in reversed(one[1])), one[0]))
    if len(files) > 1:
        head = "\n### By file\n\n| file | findings |\n|---|---|\n"
        yield _Table(head, islice(_file_rows(files, report, style), MAX_FILES), len(files), "files")
    if total:
        head = "\n### Findings\n\n| place | level | rule | finding |\n|---|---|---|---|\n"
        yield _Table(head, _finding_rows(selection.heaviest, report, style), total, "findings")


def _fit_rows(table: _Table, room: int) -> Iterator[str]:
    """Yield the rows that fit into `room` bytes, and a line with the number of the others."""
    room -= len(table.head.encode())
    if room < 0:
        return
    yield table.head
    written = 0
    for row in table.rows:
        room -= len(row.encode("utf-8", "replace"))
        if room < 0:
            break
        yield row
        written += 1
    if table.total > written:
        yield f"\n… and {table.total - written:,} more {table.what}\n"


def _rule_rows(report: Report) -> Iterator[str]:
    for one in sorted(report.summary.rules, key=lambda count: (-count.severity, -count.count, count.rule)):
        rule = report.rules.get(one.rule)
        name = _link(one.rule, rule.url if rule is not None else "")
        requirement = literal(rule.summary) if rule is not None else ""
        yield f"| {one.severity.label} | {name} | {one.count:,} | {one.files:,} | {requirement} |\n"


def _file_rows(files: list[tuple[str, list[int]]], report: Report, style: RenderOptions) -> Iterator[str]:
    for path, counts in files:
        by_level = [(counts[LEVELS.index(name)], name, many) for name, many in PLURALS.items()]
        levels = ", ".join(number(*one) for one in by_level if one[0])
        yield f"| {_place(path, WHOLE_FILE, report, style)} | {levels} |\n"


def _finding_rows(findings: list[Diagnostic], report: Report, style: RenderOptions) -> Iterator[str]:
    for one in findings:
        place = _place(one.path, one.region, report, style)
        message = "<br>".join(literal(text) for text in (one.message, one.help) if text)
        yield f"| {place} | {one.severity.label} | {literal(one.rule)} | {message} |\n"


def _end(report: Report, style: RenderOptions) -> Iterator[str]:
    if not report.summary.total:
        return
    yield "\n### What to do\n\n"
    if style.elsewhere:
        yield f"- All findings are shown {literal(style.elsewhere)}.\n"
    if fixable := fixable_line(report.summary, "`"):
        yield f"- {fixable}.\n"
    yield "- `patternlint` shows each with the lines that it is about, `patternlint rule NAME` explains a rule.\n"


def _place(path: str, region: Region, report: Report, style: RenderOptions) -> str:
    """Return a location, as a link where a target exists."""
    if not style.links:
        return _link(location(path, region), "")
    lines = f"#L{region.line}" if region.line == region.end_line else f"#L{region.line}-L{region.end_line}"
    # GitHub renders Markdown files, without line anchors, unless the plain view is requested.
    at = f"?plain=1{lines}" if is_located(region) else ""
    return _link(location(path, region), f"{style.links}{uri(repository_path(path, report.prefix))}{at}")


def _link(text: str, address: str) -> str:
    shown = _escape(_clip(text))
    return f"[{shown}]({address})" if address else shown


def _clip(text: str) -> str:
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"


def literal(text: str) -> str:
    """Return Markdown that renders as `text` itself, on one line; text between backticks becomes code."""
    text = escape_line(_clip(text)).strip()
    parts = text.split("`")
    if len(parts) % 2 and all(map(_is_code, parts[1::2])):
        return "".join(f"`{part}`" if at % 2 else _escape(part) for at, part in enumerate(parts))
    return _escape(text)


def _is_code(text: str) -> bool:
    """Return whether text between backticks renders unchanged: Markdown trims spaces, tables split at `|`."""
    return bool(text) and "|" not in text and not (text[0] == text[-1] == " ")


def _escape(text: str) -> str:
    return _SPECIAL.sub(_escape_match, escape_line(text))


def _escape_match(match: re.Match[str]) -> str:
    found = match[0]
    if found in "#@":
        return f"{found}<!-- -->"  # GitHub looks for names and numbers in the text as rendered: a comment parts them
    return f"{found[:-1]}&#{ord(found[-1])};"
