"""`patternlint baseline`."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from patternlint.cli.arguments import Parser, add_choices, add_common, add_files, add_rules, add_running
from patternlint.cli.errors import UsageError, require_choice
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import RunOptions
from patternlint.cli.requests import RequestQueue, require_rules
from patternlint.cli.session import baseline_path, checked_rules, progress_bar
from patternlint.gate.baseline import (
    BASELINE_NAME,
    Baseline,
    BaselineFilter,
    baseline_of_run,
    baseline_text,
    checked_files,
    follow_renames,
    pattern_names,
    read_baseline,
    read_conflict,
    resolved,
    subtract,
    update,
    with_patterns,
)
from patternlint.project.atomic_write import replace_file, require_inside
from patternlint.report.summary import number
from patternlint.run.request import RunRequest
from patternlint.run.run import Run, check

ACTIONS = {
    "write": "Record all current findings in the file",
    "update": "Add new findings and remove resolved ones",
    "prune": "Remove resolved findings",
    "merge": "Resolve merge conflicts in the file: keep the findings of both sides that still exist",
    "show": "Print the number of findings per rule in the file",
}


class BaselineOptions(RunOptions, frozen=True, kw_only=True):
    """Options of `patternlint baseline`."""

    action: str = ""


class _BaselineParser(Parser[BaselineOptions]):
    """Reads the action before the rest: argparse does not accept flags between it and the paths."""

    def parse(self, arguments: Sequence[str]) -> BaselineOptions:
        action = arguments[0] if arguments and not arguments[0].startswith("-") else ""
        options = super().parse(arguments[1:] if action else arguments)
        if not action:
            message = f"missing action; expected one of {', '.join(ACTIONS)}"
            raise UsageError(message)
        require_choice("action", action, ACTIONS)
        return replace(options, action=action)


def parser() -> Parser[BaselineOptions]:
    """Return the parser of `patternlint baseline`."""
    arguments = _BaselineParser(
        lambda: BaselineOptions,
        "baseline",
        "ACTION [PATHS …]",
        "Manage the baseline: a file of known findings that are not reported.",
    )
    add_choices(arguments, "actions", ACTIONS)
    add_files(arguments)
    arguments.add_argument(
        "--baseline", metavar="FILE", help=f"Baseline file (default: {BASELINE_NAME} in the root of the library)"
    )
    add_rules(arguments)
    add_running(arguments)
    return add_common(arguments)


def run(options: BaselineOptions) -> int:
    """Change or show the baseline, and return the exit code."""
    queue = RequestQueue(options)
    runs: list[Run] = []
    for request in queue:
        path = baseline_path(options, request) or (request.scope.roots or (Path.cwd(),))[0] / BASELINE_NAME
        if options.action == "show":
            _show(path, request)
            continue
        with progress_bar(quiet=options.quiet) as progress:
            run = check(request, progress)
        _change(options.action, path, run, quiet=options.quiet)
        queue.add_nested(run)
        runs.append(run)
    if runs:
        require_rules(options, [run.project for run in runs])
    return OK


def _change(action: str, path: Path, run: Run, *, quiet: bool) -> None:
    checkouts = run.request.checkouts
    path = require_inside(path, checkouts)
    if action == "merge":
        old = read_conflict(path, checkouts)
    else:
        old = read_baseline(path, checkouts) if action == "prune" or path.is_file() else Baseline({})
    old = follow_renames(old, path.parent, run)
    known = BaselineFilter(old, path.parent)
    present = baseline_of_run(run, known)
    checked = _checked_files(run, old, path.parent)
    is_checked = checked_rules(run)
    if action in ("prune", "merge"):
        new = subtract(old, resolved(old, present, checked, is_checked))
    else:
        new = update(old, present, checked, is_checked)
    new = with_patterns(new, old, pattern_names(run, known))
    replace_file(path, baseline_text(new).encode())
    if quiet:
        return
    unchecked = sum(
        count
        for name, keys in old.files.items()
        for (rule, _), count in keys.items()
        if not (name in checked and is_checked(rule))
    )
    change = "" if action == "write" else f" ({len(new) - len(old):+,})"
    rest = f"; {unchecked:,} outside of this run unchanged" if unchecked else ""
    sys.stdout.write(f"{_summary(path, new)}{change}{rest}\n")


def _checked_files(run: Run, old: Baseline, folder: Path) -> frozenset[str]:
    """Return the files whose findings are up to date after a run, by their names in the baseline.

    A run of a whole library includes all files below its roots, also those that the configuration excludes.
    """
    places = run.request.scope
    checked = checked_files(run, old, folder)
    if not set(places.roots) <= set(places.targets):
        return checked
    return checked | {name for name in old.files if places.is_internal(Path(os.path.normpath(folder / name)))}


def _show(path: Path, request: RunRequest) -> None:
    baseline = read_baseline(path, request.checkouts)
    sys.stdout.write(f"{_summary(path, baseline)}\n")
    by_rule: Counter[str] = Counter()
    for keys in baseline.files.values():
        for (rule, _), count in keys.items():
            by_rule[rule] += count
    for rule, count in sorted(by_rule.items(), key=lambda pair: (-pair[1], pair[0])):
        sys.stdout.write(f"  {count:>7,}  {rule}\n")


def _summary(path: Path, baseline: Baseline) -> str:
    return f"{path}: {number(len(baseline), 'known finding')} in {number(len(baseline.files), 'file')}"
