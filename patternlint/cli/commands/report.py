"""`patternlint report`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from patternlint.cli.arguments import Parser, add_common, add_files, add_rules, add_running, whole_number
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import RunOptions
from patternlint.cli.reporting import report_content, require_report_path
from patternlint.cli.requests import run_each
from patternlint.cli.session import progress_bar
from patternlint.library_report.build import ReportSettings, build_report
from patternlint.library_report.html import html_page
from patternlint.project.atomic_write import replace_file
from patternlint.run.combined import JoinedRun
from patternlint.run.request import RunRequest
from patternlint.run.run import Run, check


class ReportOptions(RunOptions, frozen=True, kw_only=True):
    """Options of `patternlint report`."""

    output: str = ""
    title: str = ""
    link: str = ""
    details: int | None = None


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
    add("-o", "--output", metavar="FILE", help="File to write (default: patternlint-report.html)")
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
        help="Show at most N findings of each cause in full, and count the others",
    )
    add_rules(arguments)
    add_running(arguments)
    return add_common(arguments)


def run(options: ReportOptions) -> int:
    """Write the report, and return the exit code."""

    def run_request(request: RunRequest) -> Run:
        with progress_bar(quiet=options.quiet) as progress:
            return check(request, progress)

    joined = JoinedRun(run_each(options, run_request))
    checkouts = [top for part in joined.runs for top in part.request.checkouts]
    path = require_report_path(Path(options.output or "patternlint-report.html"), checkouts)
    settings = ReportSettings(options.title or _title(joined), _date(), options.link, options.details)
    report = build_report(joined, report_content(joined, joined.counts, ()), settings)
    replace_file(path, html_page(report).encode())
    if not options.quiet:
        sys.stdout.write(f"{path}\n")
    return OK


def _title(run: JoinedRun) -> str:
    scope = run.runs[0].request.scope
    return (scope.project_folder or scope.targets[0]).name


def _date() -> str:
    """Return today's date, or that of `SOURCE_DATE_EPOCH` (https://reproducible-builds.org/specs/source-date-epoch/)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return moment.date().isoformat()
