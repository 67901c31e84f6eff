"""`patternlint baseline`: the file of known findings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from patternlint.cli import OK
from patternlint.cli.arguments import Parser, UsageError, baseline_parser
from patternlint.cli.check_command import BASELINE, baseline_path, looked_for, progress
from patternlint.cli.requests import Requests, require_rules
from patternlint.gate.baseline import (
    Baseline,
    KnownByBaseline,
    baseline_text,
    called,
    followed,
    gone,
    joined,
    missing,
    read_baseline,
    taken,
    with_patterns,
    without,
)
from patternlint.run.check import Request, Run, check
from patternlint.suggest import did_you_mean
from patternlint.watch import watching
from patternlint.write import replace_file

ACTIONS = {
    "write": "write all findings of today into the file",
    "update": "make the file say what is found today: new findings in, gone ones out",
    "prune": "take out what is gone, and let nothing in",
    "show": "say what the file holds",
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
            _show(path)
            continue
        with watching(request.loaded.config.limits.rule_time):
            with progress(quiet=options.quiet) as advance:
                found = check(request, advance)
            _change(action, path, found)
        requests.add_nested(found)
        runs.append(found)
    if runs:
        require_rules(options, [run.project for run in runs])
    return OK


def _default(request: Request) -> Path:
    roots = request.places.roots
    return (roots[0] if roots else Path.cwd()) / BASELINE


def _change(action: str, path: Path, found: Run) -> None:
    old = read_baseline(path) if action == "prune" or (action == "update" and path.is_file()) else Baseline({})
    old = followed(old, path.parent, found)
    names = KnownByBaseline(old, path.parent)
    present = taken(((one.path, one.findings) for one in found.by_file()), names)
    looked_at = {names.name(ref.path) for ref in found.refs.values() if ref.wanted} | missing(old, path.parent)
    if action == "prune":
        new = without(old, gone(old, present, looked_at, looked_for(found)))
    else:
        new = joined(old, present, looked_at, looked_for(found))
    new = with_patterns(new, old, called(found, names))
    replace_file(path, baseline_text(new).encode())
    change = "" if action == "write" else f" ({len(new) - len(old):+,})"
    sys.stdout.write(f"{_summary(path, new)}{change}\n")


def _show(path: Path) -> None:
    baseline = read_baseline(path)
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
