"""`patternlint check`: look for findings and report them."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from patternlint import __version__
from patternlint.cli import FINDINGS, OK
from patternlint.cli.app import complain
from patternlint.cli.arguments import Parser, UsageError, check_parser
from patternlint.cli.config_command import settings_text
from patternlint.cli.settings import load_settings, use_color
from patternlint.diagnostic import Safety, Severity
from patternlint.explain import rule_help
from patternlint.report import FORMATS, Report, RuleCount, RuleHelp, Style, Summary
from patternlint.run.check import NO_LIBRARY, Counts, Request, Run, cache_folder, check, prepare
from patternlint.run.discover import Places, absolute, find_places, git_top
from patternlint.run.learn import read_source
from patternlint.run.project import Overrides, Project
from patternlint.text import Source

DEFAULT_MAX_IN_TERMINAL = 20
BASELINE = "patternlint-baseline.json"


def parser() -> Parser:
    """Return the parser of `patternlint check`."""
    return check_parser()


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    options = parser().parse(arguments)
    if options.version:
        sys.stdout.write(f"patternlint {__version__}\n")
        return OK
    if options.show_settings:
        loaded = load_settings(options, absolute(options.paths[0] if options.paths else "."))
        sys.stdout.write(settings_text(loaded))
        return OK
    request = make_request(options)
    if options.stdin_filename or options.fix or options.fix_only or options.diff or options.unsafe_fixes:
        from patternlint.cli import fixing  # noqa: PLC0415 - for these flags only

        return fixing.run(options, request)
    with progress(quiet=options.quiet) as advance:
        found, notes = look_around(options, request, advance)
    return report(options, found, notes)


def look_around(
    options: Namespace, request: Request, advance: Callable[[int], Callable[[int], None]]
) -> tuple[Run, tuple[str, ...]]:
    """Return the run that is asked for, without what was known before, and what to tell about it.

    Raises:
        UsageError, BaselineError, GitError: when there is nothing to compare with.
    """
    if not (options.since or options.staged):
        found = check(request, advance)
    else:
        from patternlint.gate.since import base_of, look_at_index, only_new  # noqa: PLC0415 - for these flags only

        project, cache = prepare(request)
        found = look_at_index(request, project, cache, advance) if options.staged else check(request, advance)
        if options.since:
            top = request.repository
            if top is None:
                message = "--since compares with a commit, and there is no git repository here"
                raise UsageError(message)
            commits = base_of(top, options.since, os.environ)
            found = only_new(found, cache, commits, "--cached" if options.staged else "", advance)
    return with_baseline(options, found)


def with_baseline(options: Namespace, found: Run) -> tuple[Run, tuple[str, ...]]:
    """Return the run without the findings that a baseline knows, and how many of those are gone.

    Raises:
        BaselineError: when the baseline cannot be used.
    """
    path = baseline_path(options, found)
    if path is None:
        return found, ()
    from patternlint.gate.baseline import KnownByBaseline, gone, read_baseline, taken  # noqa: PLC0415 - see above

    baseline = read_baseline(path)
    names = KnownByBaseline(baseline, path.parent)
    notes: tuple[str, ...] = ()
    if not options.since:
        present = taken(((one.path, one.findings) for one in found.by_file()), names)
        missing = len(gone(baseline, present, (names.name(ref.path) for ref in found.refs.values() if ref.wanted)))
        if missing:
            finding = "finding" if missing == 1 else "findings"
            notes = (f"{missing:,} {finding} of the baseline are gone: `patternlint baseline prune` takes them out",)
    return found.gated(names), notes


def baseline_path(options: Namespace, found: Run) -> Path | None:
    """Return the file of known findings: the one asked for, else that of the config, else one in the root."""
    if options.no_baseline:
        return None
    if options.baseline:
        return absolute(options.baseline)
    config, folder = found.project.config, found.project.folder
    if config.baseline and folder is not None:
        return folder / config.baseline
    roots = found.request.places.roots
    default = roots[0] / BASELINE if roots else None
    return default if default is not None and default.is_file() else None


def make_request(options: Namespace) -> Request:
    """Return what the command line asks for.

    Raises:
        ConfigError, DiscoveryError: when the config cannot be used, or a path does not exist.
    """
    named = [options.stdin_filename] if options.stdin_filename else options.paths
    paths = [Path(text) for text in named] or [Path()]
    loaded = load_settings(options, absolute(paths[0]))
    folder = loaded.folder
    extra = [Path(text) for text in options.library]
    extra += [folder / name for name in loaded.config.library] if folder is not None else []
    places = find_places(paths, folder, extra, exist=not options.stdin_filename)
    overrides = Overrides(
        select=tuple(options.select),
        extend_select=tuple(options.extend_select),
        ignore=tuple(options.ignore),
        levels=tuple(options.level),
        per_file_ignores=tuple(options.per_file_ignores),
        pedantic=options.pedantic,
        library_rules=places.has_library,
    )
    asked = absolute(options.cache_dir) if options.cache_dir else None
    cache = None if options.no_cache else cache_folder(places, asked)
    return Request(places, loaded, overrides, options.jobs, cache, git_top(places.targets[0]))


def progress(*, quiet: bool) -> AbstractContextManager[Callable[[int], Callable[[int], None]]]:
    """Return what shows a progress bar, on a terminal and when the work takes longer than a second."""
    if quiet or not sys.stderr.isatty():
        return nullcontext(lambda _: lambda _: None)
    from patternlint.cli.progress import Bar  # noqa: PLC0415 - rich is slow to import

    return Bar()


def report(options: Namespace, found: Run, notes: tuple[str, ...], fixed: int = 0, stream: TextIO | None = None) -> int:
    """Report a run in every format that was asked for, and return the exit code.

    Raises:
        UsageError: when two reports would go to one place.
    """
    places = found.request.places
    counts = found.counts
    if options.show_files:
        for ref in found.refs.values():
            if ref.wanted:
                sys.stdout.write(f"{ref.path}\n")
        return OK
    if not counts.files:
        return complain(f"no Markdown file in {_shown(places)}")
    if counts.left_alone == counts.files:
        number = "the one Markdown file" if counts.files == 1 else f"the {counts.files:,} Markdown files"
        return complain(f"no pattern among {number} in {_shown(places)}")
    made = make_report(found, counts, notes)
    with ExitStack() as stack:
        for name, out in _outputs(options, stack):
            style = make_style(options, out, found)
            if options.statistics and name in STATISTICS:
                _write_statistics(name, counts, out, style)
            else:
                FORMATS[name].write(made, out, style)
    return exit_code(options, found.project, counts)


STATISTICS = ("text", "json")


def _write_statistics(name: str, counts: Counts, out: TextIO, style: Style) -> None:
    from patternlint.report import statistics  # noqa: PLC0415 - for this flag only

    stats = [RuleCount(stat.rule, stat.severity, stat.count, stat.files) for stat in counts.rules]
    write = statistics.write_json if name == "json" else statistics.write_text
    write(stats, _summary(counts), out, style)


def _shown(places: Places) -> str:
    return ", ".join(str(path) for path in places.targets)


def make_report(found: Run, counts: Counts, more: tuple[str, ...]) -> Report:
    """Return what the formats are given."""
    refs = found.refs
    limit = found.project.config.limits.file_size

    @lru_cache(maxsize=16)
    def source(path: str) -> Source | None:
        ref = refs.get(path)
        try:
            return read_source(path, ref.real, limit) if ref is not None else None
        except OSError:
            return None

    notes = more if found.request.places.has_library else (*more, NO_LIBRARY)
    return Report(found, _summary(counts), _rule_helps(found.project), notes, source, __version__, _prefix())


def _summary(counts: Counts) -> Summary:
    return Summary(
        files=counts.files,
        patterns=counts.patterns,
        left_alone=counts.left_alone,
        findings={level.label: counts.findings.get(level, 0) for level in reversed(Severity) if level},
        silenced=counts.silenced,
        baselined=counts.known,
        fixable=counts.fixable.get(Safety.SAFE, 0),
        fixable_unsafe=counts.fixable.get(Safety.UNSAFE, 0),
    )


def _rule_helps(project: Project) -> dict[str, RuleHelp]:
    checks = project.checks
    return {
        info.name: rule_help(info, checks.severities.get(info.name, info.rule.severity)) for info in project.registry
    }


def _prefix() -> str:
    """Return the way from the top of the repository to the working directory."""
    here = Path.cwd()
    top = git_top(here)
    if top is None or top == here:
        return ""
    return f"{here.relative_to(top).as_posix()}/"


def _outputs(options: Namespace, stack: ExitStack) -> list[tuple[str, TextIO]]:
    """Return each format with the stream that it goes to."""
    asked: list[tuple[str, str]] = list(options.output_format) or [("text", "")]
    if options.output_file:
        if len(asked) > 1:
            message = "--output-file is for one format; with several, write --output-format FORMAT:FILE"
            raise UsageError(message)
        asked = [(asked[0][0], asked[0][1] or options.output_file)]
    if sum(not path for _, path in asked) > 1:
        message = "two formats would go to the terminal; send one to a file with --output-format FORMAT:FILE"
        raise UsageError(message)
    outputs: list[tuple[str, TextIO]] = []
    for name, path in asked:
        if not path:
            outputs.append((name, sys.stdout))
            continue
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        out = stack.enter_context(Path(path).open("w", encoding="utf-8", errors="backslashreplace", newline="\n"))  # noqa: SIM115
        outputs.append((name, out))
    return outputs


def make_style(options: Namespace, out: TextIO, found: Run) -> Style:
    """Return how text is shown on `out`."""
    terminal = out.isatty()
    limit = options.max_findings_per_rule
    if limit is None and terminal:
        limit = DEFAULT_MAX_IN_TERMINAL
    return Style(
        color=use_color(options, terminal=terminal),
        width=_width() if terminal else 100,
        max_per_rule=None if options.show_all else limit,
        quiet=options.quiet,
        fail_on=fail_level(options, found.project),
    )


def _width() -> int:
    import shutil  # noqa: PLC0415 - on terminals only

    return max(40, shutil.get_terminal_size((100, 24)).columns)


def fail_level(options: Namespace, project: Project) -> Severity:
    """Return the level from which on findings make the exit code 1."""
    return Severity[(options.fail_on or project.config.fail_on).upper()]


def exit_code(options: Namespace, project: Project, counts: Counts) -> int:
    """Return the exit code that the findings make."""
    if options.exit_zero:
        return OK
    level = fail_level(options, project)
    if any(count for severity, count in counts.findings.items() if severity >= level):
        return FINDINGS
    allowed = options.max_warnings if options.max_warnings is not None else project.config.max_warnings
    if allowed is not None and counts.findings.get(Severity.WARNING, 0) > allowed:
        return FINDINGS
    return OK
