"""`patternlint --fix` and its kin: make fixes, show them, or answer an editor."""

from __future__ import annotations

import difflib
import os
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import UsageError, work_tree
from patternlint.cli.reporting import report
from patternlint.cli.requests import Requests, require_rules, run_each
from patternlint.cli.session import progress, run_checks
from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.parser.parser import FileKind
from patternlint.project.project import load_project
from patternlint.report.escape import command_brackets, escape_line, shown_lines, shown_path
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
from patternlint.run.request import RunRequest, prepare
from patternlint.run.run import Run, check
from patternlint.source import Source


def run(options: Namespace) -> int:
    """Run the command and return the exit code.

    Raises:
        UsageError: when the flags contradict each other.
    """
    _refuse_nonsense(options)
    if options.stdin_filename:
        return _lint_stdin(options)
    parts: list[FixRun] = []
    requests: list[RunRequest] = []

    def fix_request(request: RunRequest) -> Run:
        with progress(quiet=options.quiet) as advance:
            found = _look(options, verification_request(request), advance)
            is_selected = selected_by(request)
            is_new = _introduced(options, found, advance) if options.only_new else lambda _: True
        safeties = ALL_FIXES if options.unsafe_fixes else SAFE_ONLY
        fixed = fix(found, safeties, lambda finding: is_selected(finding) and is_new(finding))
        parts.append(fixed if options.diff else write(found, fixed))
        requests.append(request)
        return found

    runs = run_each(options, fix_request)
    if options.select:
        require_rules(options, [load_project(request.loaded, request.overrides) for request in requests])
    fixed = join_fix_runs(parts)
    made = list(_fix_lines(fixed)) if options.show_fixes else []
    if options.diff:
        sys.stderr.writelines(f"{line}\n" for line in made)
        write_diff(diff(fixed))
        _tell_troubles(fixed)
        return FINDINGS if fixed.after else OK
    changed = FINDINGS if options.exit_non_zero_on_fix and fixed.applied else OK
    if options.fix_only:
        if options.output_format or options.output_file:
            left = JoinedRun([_only_troubles(found, fixed) for found in runs])
            report(options, left, tuple(made), fixed=len(fixed.applied))
            return FINDINGS if fixed.problems else changed
        _tell_troubles(fixed)
        if not options.quiet:
            files = "file" if len(fixed.after) == 1 else "files"
            sys.stdout.writelines(f"{line}\n" for line in made)
            sys.stdout.write(f"{len(fixed.applied):,} fixed in {len(fixed.after):,} {files}\n")
        return FINDINGS if fixed.problems else changed
    again: list[Run] = []
    notes = made
    for request in requests:
        with progress(quiet=options.quiet) as advance:
            found, more = run_checks(options, request, advance)
        again.append(_with_troubles(found, fixed))
        notes.extend(more)
    return report(options, JoinedRun(again), tuple(notes), fixed=len(fixed.applied)) or changed


def _look(options: Namespace, request: RunRequest, advance: Callable[[int], Callable[[int], None]]) -> Run:
    """Return the run in whose files fixes are made: with `--since` those of the change, else all."""
    if not options.since:
        return check(request, advance)
    from patternlint.gate.compare import lint_changed  # noqa: PLC0415 - as above
    from patternlint.gate.revisions import comparison_bases  # noqa: PLC0415 - for this flag only

    top = work_tree(request.repository, "--since asks")
    project, cache = prepare(request)
    return lint_changed(request, project, cache, comparison_bases(top, options.since, os.environ).commits, advance)


def _introduced(
    options: Namespace, found: Run, advance: Callable[[int], Callable[[int], None]]
) -> Callable[[Diagnostic], bool]:
    """Return whether a finding of a run is one that the change since `--since` introduced."""
    from patternlint.gate.compare import gate  # noqa: PLC0415 - as above
    from patternlint.gate.revisions import comparison_bases  # noqa: PLC0415 - for this flag only

    top = work_tree(found.request.repository, "--since asks")
    _, cache = prepare(found.request)
    found, before = gate(found, cache, comparison_bases(top, options.since, os.environ).commits, "", advance)
    new = {(one.path, one.rule, one.route, one.subject) for one in found.only_new(before)}
    return lambda one: (one.path, one.rule, one.route, one.subject) in new


def _fix_lines(fixed: FixRun) -> Iterator[str]:
    """Yield which rules were fixed in each file, a line each: "fixed a.md: 2 key-order, fold-width"."""
    rules: dict[str, Counter[str]] = {}
    for finding in fixed.applied:
        rules.setdefault(finding.path, Counter())[finding.rule] += 1
    for path, counts in sorted(rules.items()):
        names = (f"{count:,} {name}" if count > 1 else name for name, count in sorted(counts.items()))
        yield f"fixed {escape_line(path)}: {', '.join(names)}"


def _tell_troubles(fixed: FixRun) -> None:
    for trouble in fixed.problems:
        sys.stderr.write(f"{shown_path(trouble.path)}: {escape_line(trouble.message)}\n")


def _only_troubles(run: Run, fixed: FixRun) -> Run:
    """Return a run with no finding but one for each fix that could not be applied."""
    found: dict[str, list[Diagnostic]] = {path: [] for path, ref in run.refs.items() if ref.is_target}
    for trouble in fixed.problems:
        if trouble.path in found:
            found[trouble.path].append(trouble)
    return run.replacing({path: sorted(troubles, key=sort_key) for path, troubles in found.items()})


def _with_troubles(run: Run, fixed: FixRun) -> Run:
    """Return a run with a finding more for each fix that could not be applied, and without the offer to apply it."""
    refused = {(one.path, one.finding.rule, one.finding.route, one.finding.subject) for one in fixed.refused}
    troubled: dict[str, list[Diagnostic]] = {}
    for trouble in fixed.problems:
        ref = run.refs.get(trouble.path)
        if ref is not None and ref.is_target:  # else it is gone, and so is all that there was to say of it
            troubled.setdefault(trouble.path, []).append(trouble)
    if not troubled:
        return run

    def without_offer(finding: Diagnostic) -> Diagnostic:
        key = (finding.path, finding.rule, finding.route, finding.subject)
        return replace(finding, fix=None) if key in refused else finding

    return run.replacing(
        {
            path: sorted((*troubles, *map(without_offer, run.findings_about(run.refs[path]).findings)), key=sort_key)
            for path, troubles in troubled.items()
        }
    )


def _refuse_nonsense(options: Namespace) -> None:
    if options.unsafe_fixes and not (options.fix or options.fix_only or options.diff):
        message = "--unsafe-fixes applies nothing by itself: write `--fix --unsafe-fixes`, or `--diff --unsafe-fixes` to see the changes"
        raise UsageError(message)
    if options.diff and (options.output_format or options.output_file):
        message = (
            "--diff prints a unified diff: leave out --output-format and --output-file, or --diff to report findings"
        )
        raise UsageError(message)
    if options.only_new and not options.since:
        message = (
            "--only-new applies the fixes that a change asks for: name what it is compared with, such as `--since HEAD`"
        )
        raise UsageError(message)
    if options.stdin_filename:
        others = ("paths", "--diff", "--since", "--staged", "--at", "--timing", "--show-files")
        for name in others:
            if getattr(options, name.removeprefix("--").replace("-", "_")):
                message = f"--stdin-filename reads one pattern from standard input: leave out {name}"
                raise UsageError(message)
    if options.staged or options.at:
        message = "fixes are made in the work tree: leave out --staged and --at"
        raise UsageError(message)
    if options.timing:
        message = "--timing is for runs that only look: leave out --fix and its kin"
        raise UsageError(message)


def diff(fixed: FixRun) -> Iterator[str]:
    """Yield the lines of a unified diff of all files that change."""
    for path in sorted(fixed.after):
        yield from unified(fixed.before[path], fixed.after[path], path, path)


def write_diff(lines: Iterable[str]) -> None:
    """Write a diff to standard output: for a terminal without characters that it obeys, else to the byte."""
    is_terminal = sys.stdout.isatty()
    sys.stdout.writelines(f"{shown_lines(line[:-1])}\n" if is_terminal else line for line in lines)


def unified(before: bytes, after: bytes, old: str, new: str) -> Iterator[str]:
    """Yield the lines of a unified diff of one file, which is called `old` before and `new` behind.

    A context line that GitHub would take for a workflow command is deleted and added instead: GitHub skips the spaces
    at the beginning of a line.
    """
    one, other = (_lines(data.decode("utf-8", "surrogateescape")) for data in (before, after))
    for line in difflib.unified_diff(one, other, _quoted(f"a/{old}"), _quoted(f"b/{new}")):
        is_command = line.startswith(" ") and line.lstrip().startswith("::")
        for text in (f"-{line[1:]}", f"+{line[1:]}") if is_command else (line,):
            yield text if text.endswith("\n") else f"{text}\n\\ No newline at end of file\n"


def _quoted(name: str) -> str:
    """Return a file name as git writes it in a diff: with octal escapes when it holds control characters or a workflow command."""
    brackets = command_brackets(name)
    if name.isprintable() and '"' not in name and not brackets:
        return name
    escaped = (
        f"\\{character}"
        if character in '"\\'
        else character
        if character.isprintable() and place not in brackets
        else _octal(character)
        for place, character in enumerate(name)
    )
    return f'"{"".join(escaped)}"'


def _octal(character: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their endings; they end at LF and nowhere else."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _lint_stdin(options: Namespace) -> int:
    """Lint the pattern on standard input; with `--fix` the fixed text goes to standard output, findings to the other."""
    (request,) = Requests(options)
    data = sys.stdin.buffer.read()
    with progress(quiet=True) as advance:
        found = check(request, advance)
    require_rules(options, [found.project])
    wanted = ALL_FIXES if options.unsafe_fixes else SAFE_ONLY if options.fix or options.fix_only else frozenset()
    if options.force_exclude and _is_left_alone(found, data):
        _hand_back(data if wanted else b"")
        return OK
    if not wanted:
        return report(options, JoinedRun([lint_text(found, data)]))
    wide = verification_request(request)
    if wide is request:
        fixed = fix_text(found, data, wanted, selected_by(request))
    else:
        with progress(quiet=True) as advance:
            fixed = fix_text(check(wide, advance), data, wanted, selected_by(request))
    text = next(iter(fixed.after.values()), data)
    _hand_back(text)
    seen = _with_troubles(lint_text(found, text), fixed)
    return report(options, JoinedRun([seen]), fixed=len(fixed.applied), stream=sys.stderr)


def _is_left_alone(run: Run, data: bytes) -> bool:
    """Return whether the one file of a run is excluded, or is no pattern when it holds `data`."""
    (ref,) = (ref for ref in run.refs.values() if ref.is_target)
    project = run.project
    if project.is_excluded(ref.absolute):
        return True
    return (
        project.parse(Source(ref.path, data), named=project.is_declared_pattern(ref.absolute)).kind
        is FileKind.NOT_A_PATTERN
    )


def _hand_back(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
