"""`patternlint --fix` and its kin: make fixes, show them, or answer an editor."""

from __future__ import annotations

import difflib
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator

from patternlint.cli import FINDINGS, OK
from patternlint.cli.arguments import UsageError, work_tree
from patternlint.cli.check_command import look_around, progress
from patternlint.cli.reporting import report
from patternlint.diagnostic import Diagnostic
from patternlint.run.check import Request, Run, check, prepare
from patternlint.run.fix import ALL_FIXES, SAFE_ONLY, Fixed, fix, look_at_text, write


def run(options: Namespace, request: Request) -> int:
    """Run the command and return the exit code.

    Raises:
        UsageError: when the flags contradict each other.
    """
    _refuse_nonsense(options)
    if options.stdin_filename:
        return _answer_editor(options, request)
    with progress(quiet=options.quiet) as advance:
        found = _look(options, request, advance)
    fixed = fix(found, ALL_FIXES if options.unsafe_fixes else SAFE_ONLY)
    if options.diff:
        sys.stdout.writelines(diff(fixed))
        _tell_troubles(fixed)
        return FINDINGS if fixed.after else OK
    fixed = write(found, fixed)
    changed = FINDINGS if options.exit_non_zero_on_fix and fixed.made else OK
    if options.fix_only:
        _tell_troubles(fixed)
        if not options.quiet:
            files = "file" if len(fixed.after) == 1 else "files"
            sys.stdout.write(f"{len(fixed.made):,} fixed in {len(fixed.after):,} {files}\n")
        return FINDINGS if fixed.troubles else changed
    with progress(quiet=options.quiet) as advance:
        again, notes = look_around(options, request, advance)
    return report(options, _with_troubles(again, fixed), notes, fixed=len(fixed.made)) or changed


def _look(options: Namespace, request: Request, advance: Callable[[int], Callable[[int], None]]) -> Run:
    """Return the run in whose files fixes are made: with `--since` those of the change, else all."""
    if not options.since:
        return check(request, advance)
    from patternlint.gate.revision import bases_of  # noqa: PLC0415 - for this flag only
    from patternlint.gate.since import look_at_changed  # noqa: PLC0415 - as above

    top = work_tree(request.repository, "--since asks")
    project, cache = prepare(request)
    return look_at_changed(request, project, cache, bases_of(top, options.since, os.environ), advance)


def _tell_troubles(fixed: Fixed) -> None:
    for trouble in fixed.troubles:
        sys.stderr.write(f"{trouble.path}: {trouble.message}\n")


def _with_troubles(run: Run, fixed: Fixed) -> Run:
    """Return a run with a finding more for each file in which fixes could not be made."""
    troubled: dict[str, list[Diagnostic]] = {}
    for trouble in fixed.troubles:
        if trouble.path in run.refs:  # else it is gone, and so is all that there was to say of it
            troubled.setdefault(trouble.path, []).append(trouble)
    if not troubled:
        return run
    return run.with_findings(
        {path: [*troubles, *run.about(run.refs[path]).findings] for path, troubles in troubled.items()}
    )


def _refuse_nonsense(options: Namespace) -> None:
    if options.unsafe_fixes and not (options.fix or options.fix_only or options.diff):
        message = "--unsafe-fixes says which fixes to make: write it with --fix or --diff"
        raise UsageError(message)
    if options.staged or options.at:
        message = "fixes are made in the work tree: leave out --staged and --at"
        raise UsageError(message)
    if options.since and options.stdin_filename:
        message = "--stdin-filename reads one pattern from standard input: leave out --since"
        raise UsageError(message)
    if options.timing:
        message = "--timing is for runs that only look: leave out --fix and its kin"
        raise UsageError(message)
    if options.stdin_filename and (options.paths or options.diff):
        message = "--stdin-filename reads one pattern from standard input: leave out paths and --diff"
        raise UsageError(message)


def diff(fixed: Fixed) -> Iterator[str]:
    """Yield the lines of a unified diff of all files that change."""
    for path in sorted(fixed.after):
        yield from unified(fixed.before[path], fixed.after[path], path, path)


def unified(before: bytes, after: bytes, old: str, new: str) -> Iterator[str]:
    """Yield the lines of a unified diff of one file, which is called `old` before and `new` behind."""
    one, other = (_lines(data.decode("utf-8", "surrogateescape")) for data in (before, after))
    for line in difflib.unified_diff(one, other, f"a/{old}", f"b/{new}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their endings; they end at LF and nowhere else."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _answer_editor(options: Namespace, request: Request) -> int:
    """Lint the pattern on standard input; with `--fix` the fixed text goes to standard output, findings to the other."""
    data = sys.stdin.buffer.read()
    with progress(quiet=True) as advance:
        found = check(request, advance)
    wanted = ALL_FIXES if options.unsafe_fixes else SAFE_ONLY if options.fix or options.fix_only else frozenset()
    seen, text, made = look_at_text(found, data, wanted)
    if not wanted:
        return report(options, seen)
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
    return report(options, seen, fixed=made, stream=sys.stderr)
