"""`patternlint check` with `--fix`, `--fix-only`, `--diff` or `--stdin-filename`."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from patternlint.cli.diff import unified_diff, write_diff
from patternlint.cli.errors import UsageError, require_work_tree
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import CheckOptions
from patternlint.cli.reporting import report
from patternlint.cli.requests import RequestQueue, require_rules, run_each
from patternlint.cli.session import progress_bar, run_checks
from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.parser.parser import FileKind
from patternlint.project.project import load_project
from patternlint.report.escape import escape_line, shown_path
from patternlint.report.summary import number
from patternlint.run.combined import JoinedRun
from patternlint.run.fix import (
    ALL_FIXES,
    SAFE_ONLY,
    FixRun,
    fix,
    fix_text,
    join_fix_runs,
    lint_text,
    selected_by,
    verification_request,
    write,
)
from patternlint.run.request import RunRequest
from patternlint.run.results import Progress
from patternlint.run.run import Run, check
from patternlint.source import Source


def run(options: CheckOptions) -> int:
    """Apply fixes or print them as a diff, and return the exit code.

    Raises:
        UsageError: when the flags exclude each other.
    """
    _require_compatible(options)
    if options.stdin_filename:
        return _lint_stdin(options)
    parts: list[FixRun] = []
    requests: list[RunRequest] = []

    def fix_request(request: RunRequest) -> Run:
        with progress_bar(quiet=options.quiet) as progress:
            run = _lint(options, verification_request(request), progress)
            is_selected = selected_by(request)
            is_new = _new_findings(options, run, progress) if options.only_new else lambda _: True
        safeties = ALL_FIXES if options.unsafe_fixes else SAFE_ONLY
        fixed = fix(run, safeties, lambda finding: is_selected(finding) and is_new(finding))
        parts.append(fixed if options.diff else write(run, fixed))
        requests.append(request)
        return run

    runs = run_each(options, fix_request)
    if options.select:
        require_rules(options, [load_project(request.loaded, request.overrides) for request in requests])
    fixed = join_fix_runs(parts)
    fix_lines = list(_fix_lines(fixed)) if options.show_fixes else []
    if options.diff:
        sys.stderr.writelines(f"{line}\n" for line in fix_lines)
        for path in sorted(fixed.after):
            write_diff(unified_diff(fixed.before[path], fixed.after[path], path, path))
        _print_failures(fixed)
        return FINDINGS if fixed.after else OK
    code = FINDINGS if options.exit_non_zero_on_fix and fixed.applied else OK
    if options.fix_only:
        if options.output_formats or options.output_file:
            failures = JoinedRun([_only_failures(run, fixed) for run in runs])
            report(options, failures, tuple(fix_lines), fixed=len(fixed.applied))
            return FINDINGS if fixed.problems else code
        _print_failures(fixed)
        if not options.quiet:
            sys.stdout.writelines(f"{line}\n" for line in fix_lines)
            counts = f"{number(len(fixed.applied), 'finding')} fixed in {number(len(fixed.after), 'file')}"
            sys.stdout.write(f"{counts}\n")
        return FINDINGS if fixed.problems else code
    final_runs: list[Run] = []
    notes = fix_lines
    for request in requests:
        run, more = run_checks(options, request)
        final_runs.append(_with_failures(run, fixed))
        notes.extend(more)
    return report(options, JoinedRun(final_runs), tuple(notes), fixed=len(fixed.applied)) or code


def _lint(options: CheckOptions, request: RunRequest, progress: Progress) -> Run:
    """Return the run whose targets are fixed: with `--since` the changed files, else all."""
    if not options.since:
        return check(request, progress)
    from patternlint.gate.compare import lint_changed  # noqa: PLC0415 - for --since only

    commits = _base_commits(options, request)
    return lint_changed(request, commits, progress)


def _base_commits(options: CheckOptions, request: RunRequest) -> tuple[str, ...]:
    from patternlint.gate.revisions import comparison_bases  # noqa: PLC0415 - for --since only

    top = require_work_tree(request.repository, "--since requires")
    return comparison_bases(top, options.since, os.environ).commits


def _new_findings(options: CheckOptions, run: Run, progress: Progress) -> Callable[[Diagnostic], bool]:
    """Return whether the change since `--since` introduced a finding."""
    from patternlint.gate.compare import compare  # noqa: PLC0415 - for --since only

    commits = _base_commits(options, run.request)
    compared = compare(run.request, commits, "", progress)
    new = {_key(finding) for finding in compared.run.only_new(compared.new_only)}
    return lambda finding: _key(finding) in new


def _key(finding: Diagnostic) -> tuple[object, ...]:
    return finding.path, finding.rule, finding.route, finding.subject


def _fix_lines(fixed: FixRun) -> Iterator[str]:
    """Yield the fixed rules of each file: "fixed a.md: 2 key-order, fold-width"."""
    rules: dict[str, Counter[str]] = {}
    for finding in fixed.applied:
        rules.setdefault(finding.path, Counter())[finding.rule] += 1
    for path, counts in sorted(rules.items()):
        names = (f"{count:,} {name}" if count > 1 else name for name, count in sorted(counts.items()))
        yield f"fixed {escape_line(path)}: {', '.join(names)}"


def _print_failures(fixed: FixRun) -> None:
    for failure in fixed.problems:
        sys.stderr.write(f"{shown_path(failure.path)}: {escape_line(failure.message)}\n")


def _only_failures(run: Run, fixed: FixRun) -> Run:
    """Return a run whose only findings are the fixes that failed."""
    findings: dict[str, list[Diagnostic]] = {ref.path: [] for ref in run.targets}
    for failure in fixed.problems:
        if failure.path in findings:
            findings[failure.path].append(failure)
    return run.replacing({path: sorted(failures, key=sort_key) for path, failures in findings.items()})


def _with_failures(run: Run, fixed: FixRun) -> Run:
    """Return a run with an additional finding for each fix that failed, and without that fix."""
    refused = {(refusal.path, *_key(refusal.finding)[1:]) for refusal in fixed.refused}
    failures_by_path: dict[str, list[Diagnostic]] = {}
    targets = {ref.path for ref in run.targets}
    for failure in fixed.problems:
        if failure.path in targets:  # else the file no longer exists
            failures_by_path.setdefault(failure.path, []).append(failure)
    if not failures_by_path:
        return run

    def without_refused_fix(finding: Diagnostic) -> Diagnostic:
        return replace(finding, fix=None) if _key(finding) in refused else finding

    return run.replacing(
        {
            path: sorted(
                (*failures, *map(without_refused_fix, run.findings_about(run.ref(path)).findings)), key=sort_key
            )
            for path, failures in failures_by_path.items()
        }
    )


def _require_compatible(options: CheckOptions) -> None:
    """Raise UsageError when flags exclude each other."""
    stdin_conflicts = {
        "PATHS": options.paths,
        "--diff": options.diff,
        "--since": options.since,
        "--staged": options.staged,
        "--at": options.at,
        "--timing": options.timing,
        "--show-files": options.show_files,
    }
    conflict = next((name for name, value in stdin_conflicts.items() if options.stdin_filename and value), "")
    message = ""
    if options.unsafe_fixes and not (options.fix or options.fix_only or options.diff):
        message = "--unsafe-fixes requires --fix, --fix-only or --diff; write `--fix --unsafe-fixes`"
    elif options.diff and (options.output_formats or options.output_file):
        message = "--diff cannot be used with --output-format or --output-file"
    elif options.only_new and not options.since:
        message = "--only-new requires --since, for example `--since HEAD`"
    elif conflict:
        message = f"--stdin-filename cannot be used with {conflict}"
    elif options.staged or options.at:
        message = "--staged and --at cannot be used with fixes, which are applied to the work tree"
    elif options.timing:
        message = "--timing cannot be used with fixes"
    if message:
        raise UsageError(message)


def _lint_stdin(options: CheckOptions) -> int:
    """Lint standard input. With fixes, the fixed text goes to standard output and the report to standard error."""
    (request,) = RequestQueue(options)
    data = sys.stdin.buffer.read()
    with progress_bar(quiet=True) as progress:
        run = check(request, progress)
        require_rules(options, [run.project])
        safeties = ALL_FIXES if options.unsafe_fixes else SAFE_ONLY if options.fix or options.fix_only else frozenset()
        if options.force_exclude and _is_skipped(run, data):
            _write_bytes(data if safeties else b"")
            return OK
        if not safeties:
            return report(options, JoinedRun([lint_text(run, data)]))
        all_rules = verification_request(request)
        all_rules_run = run if all_rules is request else check(all_rules, progress)
    fixed = fix_text(all_rules_run, data, safeties, selected_by(request))
    text = next(iter(fixed.after.values()), data)
    _write_bytes(text)
    final_run = _with_failures(lint_text(run, text), fixed)
    return report(options, JoinedRun([final_run]), fixed=len(fixed.applied), stream=sys.stderr)


def _is_skipped(run: Run, data: bytes) -> bool:
    """Return whether the target of a run is excluded, or is not a pattern if it contains `data`."""
    (ref,) = run.targets
    project = run.project
    if project.is_excluded(ref.absolute):
        return True
    return (
        project.parse(Source(ref.path, data), named=project.is_declared_pattern(ref.absolute)).kind
        is FileKind.NOT_A_PATTERN
    )


def _write_bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
