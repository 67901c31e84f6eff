"""`patternlint report`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from patternlint.cli.arguments import Parser, add_common, add_files, add_rules, add_running, whole_number
from patternlint.cli.errors import UsageError
from patternlint.cli.exit_codes import OK
from patternlint.cli.history import extended_history, today
from patternlint.cli.options import RunOptions
from patternlint.cli.reporting import report_content, require_known_specification, require_replaceable
from patternlint.cli.session import baseline_path, check_each, checked_rules
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library_report.build import ReportSettings, build_report
from patternlint.library_report.exports import FORMATS
from patternlint.library_report.findings import with_details
from patternlint.library_report.history import history_text
from patternlint.library_report.html import html_page
from patternlint.library_report.model import LibraryReport
from patternlint.library_report.nodes import export_of
from patternlint.library_report.since import BaselineChanges, changes_by_cause, changes_by_rule
from patternlint.library_report.stats import library_stats
from patternlint.project.atomic_write import replace_file
from patternlint.run.combined import JoinedRun

HTML = "html"
_DEFAULT_NAME = "patternlint-report"
_SUFFIXES = {"mermaid": "mmd"}
_MAX_SIZE = 15_000_000  # bytes; mail servers refuse larger attachments


class ReportOptions(RunOptions, frozen=True, kw_only=True):
    """Options of `patternlint report`."""

    output: str = ""
    title: str = ""
    link: str = ""
    details: int | None = None
    format: str = HTML
    patterns: tuple[str, ...] = ()
    history: str = ""


def parser() -> Parser[ReportOptions]:
    """Return the parser of `patternlint report`."""
    arguments = Parser(
        lambda: ReportOptions,
        "report",
        "[PATHS …]",
        "Write a report about the library: one HTML file with its findings by cause, a map of its links, every pattern and "
        "the shape of the whole. It works offline.",
    )
    add_files(arguments)
    add = arguments.add_argument_group("report").add_argument
    add(
        "-o", "--output", metavar="FILE", help="File to write (default: patternlint-report.html; - for standard output)"
    )
    add(
        "--format",
        choices=(HTML, *FORMATS),
        metavar="FORMAT",
        help=f"Write the page, or only the links for other programs: {HTML} (default), {', '.join(FORMATS)}",
    )
    add(
        "--pattern",
        dest="patterns",
        action="append",
        metavar="NAME",
        help="With --format: write only this pattern and its neighbors (repeatable)",
    )
    add("--history", metavar="FILE", help="Append the numbers of this run to FILE, and show how they changed over time")
    add("--title", metavar="TEXT", help="Name of the library (default: the name of its folder)")
    add(
        "--link",
        metavar="URL",
        help="Address of a file, with {path} and {line}, such as `vscode://file/home/me/library/{path}:{line}`",
    )
    add(
        "--details",
        type=whole_number,
        metavar="N",
        help="Show at most N findings of each cause in full, and count the others (default: as many as fit in 15 MB)",
    )
    add("--baseline", metavar="FILE", help="Show which findings are new since this baseline (default: as for check)")
    add("--no-baseline", action="store_true", help="Do not compare with the baseline")
    add_rules(arguments)
    add_running(arguments)
    return add_common(arguments)


def run(options: ReportOptions) -> int:
    """Write the report, and return the exit code.

    Raises:
        UsageError: when the options do not fit together, when a pattern that they name is missing, or without patterns.
    """
    if options.patterns and options.format == HTML:
        message = f"--pattern requires --format {', '.join(FORMATS)}"
        raise UsageError(message)
    joined = check_each(options)
    require_known_specification(joined)
    suffix = _SUFFIXES.get(options.format, options.format)
    name = options.output or f"{_DEFAULT_NAME}.{suffix}"
    path = None if name == "-" else require_replaceable(Path(name), joined.checkouts)
    history = require_replaceable(Path(options.history), joined.checkouts) if options.history else None
    if path is not None and history is not None and os.path.realpath(history) == os.path.realpath(path):
        message = f"--history and --output name the same file: {path}"
        raise UsageError(message)
    settings = _settings(options, joined, history)
    text = _text(options, joined, settings)
    if path is None:
        sys.stdout.write(text)
    else:
        replace_file(path, text.encode("utf-8", "replace"))
    if history is not None:  # last: a run without a report adds no line
        replace_file(history, history_text(settings.history))
    if path is not None and not options.quiet:
        sys.stdout.write(f"{path}\n")
    return OK


def _settings(options: ReportOptions, joined: JoinedRun, history: Path | None) -> ReportSettings:
    date = today()
    settings = ReportSettings(options.title or _title(joined), date.isoformat(), options.link)
    compared = [
        BaselineChanges(part, path, checked_rules(part))
        for part in joined.runs
        if (path := baseline_path(options, part.request)) is not None
    ]
    if compared:

        def is_new(path: str, findings: Sequence[Diagnostic]) -> Sequence[bool]:
            changes = next((one for one in compared if one.covers(path)), None)
            return changes.is_new(path, findings) if changes is not None else [False] * len(findings)

        settings = replace(
            settings, since=changes_by_rule(compared), since_causes=changes_by_cause(compared), is_new=is_new
        )
    if history is not None:
        points = extended_history(history, joined.counts, library_stats([part.library for part in joined.runs], date))
        settings = replace(settings, history=points)
    return settings


def _text(options: ReportOptions, joined: JoinedRun, settings: ReportSettings) -> str:
    """Return the report. A page that would be too large shows fewer findings of each cause in full."""
    content = report_content(joined, joined.counts, ())
    report = build_report(joined, content, settings)
    if options.format != HTML:
        return _export(options, report)
    if options.details is not None:
        report = replace(report, findings=with_details(report.findings, options.details))
    return html_page(report, _MAX_SIZE if options.details is None else None)


def _export(options: ReportOptions, report: LibraryReport) -> str:
    try:
        return FORMATS[options.format](export_of(report, options.patterns))
    except KeyError as error:
        message = f"no pattern has the name `{error.args[0]}`"
        raise UsageError(message) from error


def _title(run: JoinedRun) -> str:
    scope = run.runs[0].request.scope
    return (scope.project_folder or scope.targets[0]).name
