"""`patternlint baseline`: the file of known findings."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, UsageError, baseline_parser
from patternlint.cli.requests import Requests, require_rules
from patternlint.cli.session import BASELINE, baseline_path, looked_for, progress
from patternlint.gate.baseline import (
    Baseline,
    BaselineFilter,
    baseline_of,
    baseline_text,
    follow_renames,
    missing,
    pattern_names,
    read_baseline,
    read_conflict,
    resolved,
    subtract,
    update,
    with_patterns,
)
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.project.atomic_write import replace_file, require_inside
from patternlint.run.request import RunRequest
from patternlint.run.run import Run, check

ACTIONS = {
    "write": "write all current findings to the file",
    "update": "add new findings to the file and remove those that are gone",
    "prune": "remove findings that are gone, add none",
    "merge": "resolve merge conflicts in the file: keep the findings that either side knows and that still exist",
    "show": "show what the file holds, by rule",
}


def parser() -> Parser:
    """Return the parser of `patternlint baseline`."""
    return baseline_parser("; ".join(f"{name}: {text}" for name, text in ACTIONS.items()))


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    action = arguments[0] if arguments and not arguments[0].startswith("-") else ""
    options = parser().parse(arguments[1:] if action else arguments)
    if action not in ACTIONS:
        message = f"there is no action `{action}`{did_you_mean(action, ACTIONS)}; there are {', '.join(ACTIONS)}"
        raise UsageError(message if action else f"`patternlint baseline` needs an action: {', '.join(ACTIONS)}")
    requests, runs = Requests(options), list[Run]()
    for request in requests:
        path = baseline_path(options, request) or _default(request)
        if action == "show":
            _show(path, request)
            continue
        with progress(quiet=options.quiet) as advance:
            found = check(request, advance)
        _change(action, path, found, quiet=options.quiet)
        requests.add_nested(found)
        runs.append(found)
    if runs:
        require_rules(options, [run.project for run in runs])
    return OK


def _default(request: RunRequest) -> Path:
    roots = request.scope.roots
    return (roots[0] if roots else Path.cwd()) / BASELINE


def _change(action: str, path: Path, found: Run, *, quiet: bool) -> None:
    checkouts = found.request.checkouts
    path = require_inside(path, checkouts)
    if action == "merge":
        old = read_conflict(path, checkouts)
    else:
        old = read_baseline(path, checkouts) if action == "prune" or path.is_file() else Baseline({})
    old = follow_renames(old, path.parent, found)
    names = BaselineFilter(old, path.parent)
    present = baseline_of(((one.path, one.findings) for one in found.by_file()), names)
    checked = _checked(found, old, path.parent, names)
    is_checked = looked_for(found)
    if action in ("prune", "merge"):
        new = subtract(old, resolved(old, present, checked, is_checked))
    else:
        new = update(old, present, checked, is_checked)
    kept = sum(not (name in checked and is_checked(rule)) for name, rule in _known(old))
    new = with_patterns(new, old, pattern_names(found, names))
    replace_file(path, baseline_text(new).encode())
    if quiet:
        return
    change = "" if action == "write" else f" ({len(new) - len(old):+,})"
    rest = f"; {kept:,} of them outside this run are kept" if kept else ""
    sys.stdout.write(f"{_summary(path, new)}{change}{rest}\n")


def _known(baseline: Baseline) -> Iterator[tuple[str, str]]:
    """Yield the file and the rule of each known finding."""
    for name, known in baseline.files.items():
        yield from ((name, rule) for rule, _ in known.elements())


def _checked(found: Run, old: Baseline, folder: Path, names: BaselineFilter) -> frozenset[str]:
    """Return the files that a run decides about, by the names of the baseline: those that are gone are among them.

    A run over a whole library decides about every file below its roots, also about those that the config now excludes.
    """
    places = found.request.scope
    checked = missing(old, folder) | {names.name(ref.path) for ref in found.refs.values() if ref.is_target}
    if not set(places.roots) <= set(places.targets):
        return checked
    return checked | {name for name in old.files if places.is_internal(Path(os.path.normpath(folder / name)))}


def _show(path: Path, request: RunRequest) -> None:
    baseline = read_baseline(path, request.checkouts)
    sys.stdout.write(f"{_summary(path, baseline)}\n")
    by_rule: dict[str, int] = {}
    for known in baseline.files.values():
        for (rule, _), count in known.items():
            by_rule[rule] = by_rule.get(rule, 0) + count
    for rule, count in sorted(by_rule.items(), key=lambda pair: (-pair[1], pair[0])):
        sys.stdout.write(f"  {count:>7,}  {rule}\n")


def _summary(path: Path, baseline: Baseline) -> str:
    findings = "1 known finding" if len(baseline) == 1 else f"{len(baseline):,} known findings"
    files = "1 file" if len(baseline.files) == 1 else f"{len(baseline.files):,} files"
    return f"{path}: {findings} in {files}"
