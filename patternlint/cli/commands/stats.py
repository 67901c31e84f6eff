"""`patternlint stats`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from patternlint.cli.arguments import Parser, add_common, add_files, add_rules, add_running
from patternlint.cli.exit_codes import OK
from patternlint.cli.history import extended_history, today
from patternlint.cli.options import RunOptions
from patternlint.cli.reporting import noun, require_patterns, require_report_path
from patternlint.cli.session import check_each
from patternlint.library_report.history import history_text
from patternlint.library_report.model import HistoryPoint
from patternlint.library_report.stats import library_stats, stats_lines
from patternlint.project.atomic_write import replace_file
from patternlint.report.escape import escape_line

_MAX_POINTS = 12


class StatsOptions(RunOptions, frozen=True, kw_only=True):
    """Options of `patternlint stats`."""

    format: str = "text"
    history: str = ""


def parser() -> Parser[StatsOptions]:
    """Return the parser of `patternlint stats`."""
    arguments = Parser(
        lambda: StatsOptions,
        "stats",
        "[PATHS …]",
        "Count patterns by specification, status, domain and stage, those without relationships, and drafts by age. What "
        "is counted is data of the specification: `[card]` and `[stats]` in its `spec.toml`.",
    )
    add_files(arguments)
    add = arguments.add_argument_group("statistics").add_argument
    add("--format", choices=("text", "json"), metavar="FORMAT", help="Output format: text (default) or json")
    add(
        "--history",
        metavar="FILE",
        help="Append the numbers of this run to FILE, and print how they changed over time; `report --history` reads and "
        "writes the same file",
    )
    add_rules(arguments)
    add_running(arguments)
    return add_common(arguments)


def run(options: StatsOptions) -> int:
    """Print the numbers of a library, and return the exit code.

    Raises:
        UsageError: without patterns.
        HistoryError: when the history file is invalid.
    """
    joined = check_each(options)
    require_patterns(joined)
    stats = library_stats([part.library for part in joined.runs], today())
    path = require_report_path(Path(options.history), joined.checkouts) if options.history else None
    history = extended_history(path, joined.counts, stats) if path is not None else ()
    if options.format == "json":
        values = msgspec.to_builtins(stats) | ({"history": msgspec.to_builtins(history)} if options.history else {})
        sys.stdout.write(json.dumps(values, indent=2, ensure_ascii=False) + "\n")
    else:
        lines = [*stats_lines(stats, noun(joined)), *_trend(history)]
        sys.stdout.writelines(f"{escape_line(line)}\n" for line in lines)
    if path is not None:
        replace_file(path, history_text(history))
    return OK


def _trend(points: Sequence[HistoryPoint]) -> Iterator[str]:
    """Yield the last lines of a history, each with the changes since the line before."""
    if not points:
        return
    yield from ("", "history                patterns         findings    without relationships")
    before: HistoryPoint | None = None
    for index, point in enumerate(points):
        if index >= len(points) - _MAX_POINTS:
            patterns = _change(point.patterns, before.patterns if before else None)
            findings = _change(point.findings, before.findings if before else None)
            unlinked = _change(point.without_links, before.without_links if before else None)
            yield f"  {point.date:<12}{patterns:>17}{findings:>17}{unlinked:>25}"
        before = point


def _change(count: int | None, before: int | None) -> str:
    """Return a number with its change, such as "1,520 (+3)"; "-" if it is unknown."""
    if count is None:
        return "-"
    return f"{count:,}" + (f" ({count - before:+,})" if before is not None and count != before else "")
