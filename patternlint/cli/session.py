"""From options to a run: the request, the baseline and the revision to compare with."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from patternlint.cli.options import UsageError, work_tree
from patternlint.project.git import Commit, commit_of
from patternlint.project.paths import absolute
from patternlint.run.request import RunRequest, prepare
from patternlint.run.run import Run, check

if TYPE_CHECKING:
    from patternlint.gate.finding_key import NewDiagnosticsFilter


BASELINE = "patternlint-baseline.json"


def run_checks(
    options: Namespace, request: RunRequest, advance: Callable[[int], Callable[[int], None]]
) -> tuple[Run, tuple[str, ...]]:
    """Return the run that is asked for, without what was known before, and what to tell about it.

    Raises:
        UsageError, BaselineError, GitError: when there is nothing to compare with.
    """
    if not (options.since or options.staged or options.at):
        return with_baseline(options, check(request, advance))
    from patternlint.gate.compare import (  # noqa: PLC0415 - as above
        changed_settings,
        gate,
        lint_commit,
        lint_index,
    )
    from patternlint.gate.revisions import comparison_bases  # noqa: PLC0415 - for these flags only

    top = work_tree(request.repository, "--since, --staged and --at ask")
    if options.staged and options.at:
        message = "--staged looks at the next commit and --at at another one: leave one of them out"
        raise UsageError(message)
    at = commit_of(top, options.at) if options.at else ""
    if at:
        _require_in_commit(request.scope.targets, Commit(top, at, options.at))
    bases = comparison_bases(top, options.since, os.environ, at or "HEAD") if options.since else None
    project, cache = prepare(request)
    if options.staged:
        found = lint_index(request, project, cache, advance)
    elif at:
        found = lint_commit(request, project, cache, at, advance)
    else:
        found = check(request, advance)
    if bases is None:
        return with_baseline(options, found)
    after = "--cached" if options.staged else at
    found, before = gate(found, cache, bases.commits, after, advance)
    found, notes = with_baseline(options, found, before)
    changed = changed_settings(found.request, bases.commits, after, baseline_path(options, found.request))
    return found, tuple(filter(None, (bases.note, changed, *notes)))


def _require_in_commit(paths: Iterable[Path], commit: Commit) -> None:
    """Make sure that a commit has every path.

    Raises:
        UsageError: when it does not.
    """
    for path in paths:
        is_inside = path.is_relative_to(commit.top)
        if path != commit.top and not (is_inside and commit.entry(path.relative_to(commit.top).as_posix())):
            message = f"{path} does not exist in {commit.name}"
            raise UsageError(message)


def with_baseline(
    options: Namespace, found: Run, before: NewDiagnosticsFilter | None = None
) -> tuple[Run, tuple[str, ...]]:
    """Return the run without the findings that a baseline knows, or that were there before, and what to tell about it.

    Raises:
        BaselineError: when the baseline cannot be used.
    """
    path = baseline_path(options, found.request)
    if path is None:
        return (found.only_new(before) if before is not None else found), ()
    from patternlint.gate.baseline import (  # noqa: PLC0415 - see above
        BaselineFilter,
        baseline_of,
        follow_renames,
        missing,
        read_baseline,
        resolved,
    )
    from patternlint.gate.finding_key import NewDiagnosticsFilter  # noqa: PLC0415 - as above

    request = found.request
    baseline = follow_renames(read_baseline(path, request.checkouts, request.loaded.commit), path.parent, found)
    names = BaselineFilter(baseline, path.parent)
    if before is not None:
        return found.only_new(before.also(names)), ()
    present = baseline_of(((one.path, one.findings) for one in found.by_file()), names)
    looked_at = {names.name(ref.path) for ref in found.refs.values() if ref.is_target} | missing(baseline, path.parent)
    count = len(resolved(baseline, present, looked_at, looked_for(found)))
    notes: tuple[str, ...] = ()
    if count:
        said = "1 finding of the baseline is" if count == 1 else f"{count:,} findings of the baseline are"
        notes = (f"{said} gone: `patternlint baseline prune` removes what is gone",)
    return found.only_new(NewDiagnosticsFilter((names,))), notes


def looked_for(found: Run) -> Callable[[str], bool]:
    """Return whether a run would have found what a rule finds.

    A rule that the config turns off finds nothing any more; one that only the command line leaves out is not asked.
    """
    overrides = found.request.overrides
    narrowed = overrides.select or overrides.ignore or overrides.levels
    if narrowed or not found.request.scope.has_library:
        return found.project.selection.names.__contains__
    return lambda _: True


def baseline_path(options: Namespace, request: RunRequest) -> Path | None:
    """Return the file of known findings: the one asked for, else that of the config, else one in the root."""
    if options.no_baseline:
        return None
    if options.baseline:
        return absolute(options.baseline)
    loaded, roots = request.loaded, request.scope.roots
    if loaded.config.baseline and loaded.folder is not None:
        return loaded.folder / loaded.config.baseline
    default = roots[0] / BASELINE if roots else None
    commit = loaded.commit
    if default is None or not (default.is_file() if commit is None else commit.read(default) is not None):
        return None
    return default


def progress(*, quiet: bool) -> AbstractContextManager[Callable[[int], Callable[[int], None]]]:
    """Return what shows a progress bar, on a terminal and when the work takes longer than a second."""
    if quiet or not sys.stderr.isatty():
        return nullcontext(lambda _: lambda _: None)
    from patternlint.cli.progress import Bar  # noqa: PLC0415 - rich is slow to import

    return Bar()
