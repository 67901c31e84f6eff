"""`patternlint check --watch`."""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from patternlint.cli.errors import UsageError
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CheckOptions
from patternlint.cli.reporting import report
from patternlint.cli.requests import RequestQueue, require_rules
from patternlint.cli.session import progress_bar, without_known
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.report.escape import escape_line, shown_path
from patternlint.run.combined import JoinedRun
from patternlint.run.run import Run
from patternlint.run.session import Session

_INTERVAL = 0.5  # seconds between two checks for changed files
_MAX_LOAD = 0.2  # the part of the time that these checks may take


def run(options: CheckOptions) -> int:
    """Report findings, then each one that appears or disappears, until the user interrupts; return the exit code.

    Raises:
        UsageError: when the flags exclude each other.
    """
    _require_compatible(options)
    gc.enable()  # unlike a run, this goes on
    libraries: list[_WatchedLibrary] = []
    notes: list[str] = []
    queue = RequestQueue(options)
    for request in queue:
        with progress_bar(quiet=options.quiet) as progress:
            session = Session.open(request, progress)
        queue.add_nested(session.run)
        found, more = without_known(options, session.run)
        notes += more
        libraries.append(_WatchedLibrary(session, found))
    require_rules(options, [one.run.project for one in libraries])
    concise = replace(options, output_formats=(("concise", ""),))
    report(concise, JoinedRun([one.run for one in libraries]), tuple(notes))
    try:
        while True:
            sys.stdout.flush()
            start = time.monotonic()
            for library in libraries:
                sys.stdout.writelines(library.changes())
            sys.stdout.flush()
            time.sleep(max(_INTERVAL, (time.monotonic() - start) / _MAX_LOAD))
    except KeyboardInterrupt:
        return OK


def _require_compatible(options: CheckOptions) -> None:
    conflicts: Mapping[str, object] = {
        "--fix": options.fix or options.fix_only or options.unsafe_fixes,
        "--diff": options.diff,
        "--add-suppressions": options.add_suppressions,
        "--stdin-filename": options.stdin_filename,
        "--since": options.since,
        "--staged": options.staged,
        "--at": options.at,
        "--timing": options.timing,
        "--statistics": options.statistics,
        "--output-format": options.output_formats,
        "--output-file": options.output_file,
    }
    conflict = next((name for name, value in conflicts.items() if value), "")
    if conflict:
        message = f"--watch cannot be used with {conflict}"
        raise UsageError(message)


class _WatchedLibrary:
    """A library whose findings are reported when they change.

    Args:
        session: the library.
        run: its run at the start, without known findings.
    """

    def __init__(self, session: Session, run: Run) -> None:
        self.run = run
        self._session = session
        self._findings = {file.path: file.findings for file in run.by_file() if file.findings}

    def changes(self) -> Iterator[str]:
        """Read the files that have changed on disk, and yield a line for each finding that appears or disappears."""
        delta = self._session.refresh()
        for path in sorted({*delta.changes, *delta.concerned}):
            before, after = self._findings.get(path, ()), self._current(path)
            self._findings[path] = after
            for finding in _without(before, after):
                yield _line("resolved", finding)
            for finding in _without(after, before):
                yield _line("new", finding)

    def _current(self, path: str) -> Sequence[Diagnostic]:
        ref = self._session.run.files.get(path)
        if ref is None or not ref.is_target:
            return ()
        findings = self._session.diagnostics((path,))[path]
        return findings if self.run.baseline is None else self.run.baseline.split(path, findings)[0]


def _key(finding: Diagnostic) -> tuple[object, ...]:
    return finding.rule, finding.route, finding.subject


def _without(findings: Sequence[Diagnostic], others: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the findings that are not among others, wherever these are in the file."""
    left = Counter(map(_key, others))
    for finding in findings:
        if left[_key(finding)]:
            left[_key(finding)] -= 1
        else:
            yield finding


def _line(state: str, finding: Diagnostic) -> str:
    place = f"{shown_path(finding.path)}:{finding.region.line}:{finding.region.column}"
    return f"{state:<9}{place}: {finding.severity.label} [{escape_line(finding.rule)}] {escape_line(finding.message)}\n"
