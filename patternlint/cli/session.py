"""From options to a run: the request, the baseline and the revision to compare with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from patternlint.cli.errors import UsageError, require_work_tree
from patternlint.cli.options import CheckOptions, RunOptions
from patternlint.cli.requests import run_each
from patternlint.project.git import Commit, commit_of
from patternlint.project.paths import absolute
from patternlint.report.summary import number
from patternlint.run.combined import JoinedRun
from patternlint.run.request import RunRequest
from patternlint.run.results import Progress
from patternlint.run.run import Run, check

if TYPE_CHECKING:
    from patternlint.gate.finding_key import NewDiagnosticsFilter
    from patternlint.run.profile import Profiler


def check_each(options: RunOptions) -> JoinedRun:
    """Return the runs of a command line with all their findings, known ones too."""

    def run_request(request: RunRequest) -> Run:
        with progress_bar(quiet=options.quiet) as progress:
            return check(request, progress)

    return JoinedRun(run_each(options, run_request))


def run_checks(
    options: CheckOptions, request: RunRequest, profiler: Profiler | None = None
) -> tuple[Run, tuple[str, ...]]:
    """Return a run without known findings, and notes for its report.

    Args:
        options: the options.
        request: one request of the command line.
        profiler: measures the run, which then uses one process.

    Raises:
        UsageError, BaselineError, GitError: when a revision or the baseline is not found or invalid.
    """
    if profiler is not None:
        request = replace(request, jobs=1, profiler=profiler)
    with progress_bar(quiet=options.quiet) as bar:
        progress = bar if profiler is None else profiler.progress(bar)
        if not (options.since or options.staged or options.at):
            return without_known(options, check(request, progress))
        return _run_with_git(options, request, progress)


def _run_with_git(options: CheckOptions, request: RunRequest, progress: Progress) -> tuple[Run, tuple[str, ...]]:
    from patternlint.gate.compare import changed_settings, compare, lint_revision  # noqa: PLC0415 - as below
    from patternlint.gate.revisions import comparison_bases  # noqa: PLC0415 - for --since, --staged and --at only

    top = require_work_tree(request.repository, "--since, --staged and --at require")
    if options.staged and options.at:
        message = "--staged cannot be used with --at"
        raise UsageError(message)
    commit = commit_of(top, options.at) if options.at else ""
    if commit:
        _require_in_commit(request.scope.targets, Commit(top, commit, options.at))
    bases = comparison_bases(top, options.since, os.environ, commit or "HEAD") if options.since else None
    if bases is None:
        return without_known(options, lint_revision(request, commit, progress))
    state = "--cached" if options.staged else commit
    compared = compare(request, bases.commits, state, progress)
    run, notes = without_known(options, compared.run, compared.new_only)
    base, baseline = next(iter(bases.commits), ""), baseline_path(options, run.request)
    settings = changed_settings(run.request, base, compared.changed, baseline)
    return run, tuple(filter(None, (bases.note, settings, *notes)))


def _require_in_commit(paths: Iterable[Path], commit: Commit) -> None:
    """Raise UsageError unless a commit contains every path."""
    for path in paths:
        is_inside = path.is_relative_to(commit.top)
        if path != commit.top and not (is_inside and commit.entry(path.relative_to(commit.top).as_posix())):
            message = f"{path} does not exist in {commit.name}"
            raise UsageError(message)


def without_known(
    options: RunOptions, run: Run, new_only: NewDiagnosticsFilter | None = None
) -> tuple[Run, tuple[str, ...]]:
    """Return a run without the findings of the baseline and of earlier revisions, and notes for its report."""
    path = baseline_path(options, run.request)
    if path is None:
        return (run.only_new(new_only) if new_only is not None else run), ()
    from patternlint.gate.baseline import (  # noqa: PLC0415 - few libraries have a baseline
        BaselineFilter,
        baseline_of_run,
        checked_files,
        follow_renames,
        read_baseline,
        resolved,
    )
    from patternlint.gate.finding_key import NewDiagnosticsFilter  # noqa: PLC0415 - as above

    request = run.request
    baseline = follow_renames(read_baseline(path, request.checkouts, request.loaded.commit), path.parent, run)
    known = BaselineFilter(baseline, path.parent)
    if new_only is not None:
        return run.only_new(new_only.and_known(known)), ()
    checked = checked_files(run, baseline, path.parent)
    count = len(resolved(baseline, baseline_of_run(run, known), checked, checked_rules(run)))
    notes: tuple[str, ...] = ()
    if count:
        counted = number(count, "known finding no longer exists", "known findings no longer exist")
        pronoun = "it" if count == 1 else "them"
        notes = (f"{counted}; run `patternlint baseline prune` to remove {pronoun} from the baseline",)
    return run.only_new(NewDiagnosticsFilter((known,))), notes


def checked_rules(run: Run) -> Callable[[str], bool]:
    """Return whether the absence of findings of a rule means that they are resolved.

    It does for a rule that the configuration disables, but not for one that only the command line leaves out.
    """
    overrides = run.request.overrides
    is_narrowed = overrides.select or overrides.ignore or overrides.levels
    if is_narrowed or not run.request.scope.has_library:
        return run.project.selection.names.__contains__
    return lambda _: True


def baseline_path(options: RunOptions, request: RunRequest) -> Path | None:
    """Return the baseline file: that of the options, else of the configuration, else the one in the library root."""
    if options.no_baseline:
        return None
    if options.baseline:
        return absolute(options.baseline)
    from patternlint.gate.baseline import default_baseline  # noqa: PLC0415 - few libraries have a baseline

    return default_baseline(request.loaded, request.scope.roots)


def progress_bar(*, quiet: bool) -> AbstractContextManager[Progress]:
    """Return a progress bar: on terminals only, and shown when the work takes longer than a second."""
    if quiet or not sys.stderr.isatty():
        return nullcontext(lambda _: lambda _: None)
    from patternlint.cli.progress import delayed_bar  # noqa: PLC0415 - rich is slow to import

    return delayed_bar()
