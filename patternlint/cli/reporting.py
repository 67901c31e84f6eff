"""Reports a run in the formats that were asked for, and says what the exit code is."""

from __future__ import annotations

import os
import shlex
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from msgspec.structs import replace

from patternlint import __version__
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import UsageError
from patternlint.cli.terminal import print_error, use_color
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.severity import Severity
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.document.identifiers import is_markdown_name
from patternlint.explain import DOCS_URL, rule_help
from patternlint.project.git import find_top
from patternlint.project.paths import absolute
from patternlint.project.project import Project
from patternlint.report import FORMATS
from patternlint.report.escape import escape_line, shown_path, writer
from patternlint.report.model import RenderOptions, Report, RuleCount, RuleHelp, Summary
from patternlint.report.summary import number
from patternlint.run.combined import JoinedRun
from patternlint.run.request import NO_LIBRARY
from patternlint.run.run import Run
from patternlint.source import BOM

DEFAULT_MAX_IN_TERMINAL = 20


def report(
    options: Namespace, found: JoinedRun, notes: tuple[str, ...] = (), *, fixed: int = 0, stream: TextIO | None = None
) -> int:
    """Report runs in every format that was asked for, and return the exit code.

    Args:
        options: the command line.
        found: the runs.
        notes: lines for the reader.
        fixed: how many findings were fixed before.
        stream: where a format without a file goes: to standard output when it is None.

    Raises:
        UsageError: when two reports would go to one place.
    """
    if options.show_files:
        alone = {entry.path: entry.left_alone for run in found.runs for entry in run.library.left_alone}
        write_text = writer(sys.stdout)
        for ref in found.targets():
            why = f"\tleft alone: {escape_line(alone[ref.path])}" if ref.path in alone else ""
            write_text(f"{shown_path(ref.path)}{why}\n")
        return OK
    counts = found.counts
    if counts.left_alone == counts.files and not any(counts.findings.values()):
        return OK if options.nothing_is_fine else print_error(_nothing(found))
    summary = make_summary(counts, fixed)
    made = make_report(found, summary, (*notes, *_too_many_warnings(options, found)))
    advice = _first_steps(options, found, summary)
    checkouts = [top for run in found.runs for top in run.request.checkouts]
    with ExitStack() as stack:
        for name, out in _outputs(options, stack, stream or sys.stdout, checkouts):
            style = make_style(options, out, found, name)
            if options.statistics and name in STATISTICS:
                _write_statistics(name, counts, made, out, style)
            else:
                said = replace(made, notes=(*made.notes, *advice)) if name == "text" else made
                FORMATS[name].write(said, out, style)
    _tell(options, found)
    return exit_code(options, found)


MANY_FINDINGS = 100


def _first_steps(options: Namespace, found: JoinedRun, summary: Summary) -> Iterator[str]:
    """Yield the commands that help where a library is checked for the first time: many findings, and no baseline."""
    is_narrow = options.since or options.staged or options.at or options.select or options.no_baseline
    if is_narrow or summary.total < MANY_FINDINGS or any(run.has_baseline for run in found.runs):
        return
    paths = "".join(f" {shlex.quote(path)}" for path in options.paths)
    yield ""
    yield "to start with an existing library:"
    if summary.fixable:
        yield f"  patternlint --fix{paths}  # apply {summary.fixable:,} safe fixes"
    yield f"  patternlint baseline write{paths}  # record what is left: from then on, only new findings are reported"


def _too_many_warnings(options: Namespace, found: JoinedRun) -> Iterator[str]:
    """Yield why warnings make the exit code 1."""
    if options.exit_zero:
        return
    if options.max_warnings is not None:
        counted = [(_warnings(found), options.max_warnings, "--max-warnings")]
    else:
        limits = [(_warnings(run), run.project.config.max_warnings) for run in found.runs]
        counted = [(count, allowed, "max-warnings") for count, allowed in limits if allowed is not None]
    for count, allowed, setting in counted:
        if count > allowed:
            yield f"{number(count, 'warning')}, and `{setting}` allows {allowed:,}: exit code 1"


def _nothing(found: JoinedRun) -> str:
    """Say that there is no pattern, and why."""
    files = found.counts.files
    places = ", ".join(str(path) for run in found.runs for path in run.request.scope.targets)
    if not files:
        excludes = any(run.project.config.exclude for run in found.runs)
        left_out = ", apart from what the config excludes" if excludes else ""
        return f"no Markdown file in {places}{left_out}"
    number = "the one Markdown file" if files == 1 else f"the {files:,} Markdown files"
    return f"no pattern among {number} in {places}"


def _tell(options: Namespace, found: JoinedRun) -> None:
    """Say on standard error what the runs worked with, when that is asked for or is not what was asked for."""
    trouble = next((run.cache_problem for run in found.runs if run.cache_problem), "")
    if options.verbose:
        from patternlint.cli.verbose import verbose_lines  # noqa: PLC0415 - for this flag only

        sys.stdout.flush()
        sys.stderr.writelines(
            f"patternlint: {escape_line(line)}\n" for run in found.runs for line in verbose_lines(run)
        )
    elif options.cache_dir and trouble and not options.quiet:
        sys.stdout.flush()
        sys.stderr.write(f"patternlint: {escape_line(options.cache_dir)}: {escape_line(trouble)}\n")


STATISTICS = ("text", "json")


def _write_statistics(name: str, counts: RunStatistics, made: Report, out: TextIO, style: RenderOptions) -> None:
    from patternlint.report import statistics  # noqa: PLC0415 - for this flag only

    stats = [RuleCount(stat.rule, stat.severity, stat.count, stat.files) for stat in counts.rules]
    write = statistics.write_json if name == "json" else statistics.write_text
    write(stats, made.summary, out, style, made.notes)


def make_report(found: JoinedRun, summary: Summary, more: tuple[str, ...]) -> Report:
    """Return what the formats are given."""
    notes = more if all(run.request.scope.has_library for run in found.runs) else (*more, NO_LIBRARY)
    source = lru_cache(maxsize=16)(found.source)
    helps = {name: one for run in reversed(found.runs) for name, one in _rule_helps(run.project).items()}
    added = next(
        (
            run.project.selection.added_suppression_rule.name
            for run in found.runs
            if run.project.selection.added_suppression_rule is not None
        ),
        "",
    )
    return Report(found, summary, helps, notes, source, __version__, _prefix(), DOCS_URL, added)


def make_summary(counts: RunStatistics, fixed: int) -> Summary:
    """Return a run in numbers as the formats take them."""
    return Summary(
        files=counts.files,
        patterns=counts.patterns,
        left_alone=counts.left_alone,
        findings={level.label: counts.findings.get(level, 0) for level in reversed(Severity) if level},
        silenced=counts.silenced,
        baselined=counts.known,
        fixed=fixed,
        fixable=counts.fixable.get(Safety.SAFE, 0),
        fixable_unsafe=counts.fixable.get(Safety.UNSAFE, 0),
    )


def _rule_helps(project: Project) -> dict[str, RuleHelp]:
    checks = project.selection
    return {
        info.name: rule_help(info, checks.severities.get(info.name, info.rule.severity)) for info in project.registry
    }


def _prefix() -> str:
    """Return the way from the top of the repository to the working directory."""
    here = Path.cwd()
    top = find_top(here)
    if top is None or top == here:
        return ""
    return f"{here.relative_to(top).as_posix()}/"


def _outputs(
    options: Namespace, stack: ExitStack, stream: TextIO, checkouts: Iterable[Path]
) -> list[tuple[str, TextIO]]:
    """Return each format with the stream that it goes to."""
    asked: list[tuple[str, str]] = list(options.output_format) or [("text", "")]
    if options.output_file:
        if len(asked) > 1:
            message = "--output-file is for one format; with several, write --output-format FORMAT:FILE"
            raise UsageError(message)
        asked = [(asked[0][0], asked[0][1] or options.output_file)]
    for path in (path for index, (_, path) in enumerate(asked) if path in {one for _, one in asked[:index]}):
        message = (
            f"two formats would go to {path or 'the terminal'}; send one to a file with --output-format FORMAT:FILE"
        )
        raise UsageError(message)
    outputs: list[tuple[str, TextIO]] = []
    for name, path in asked:
        if not path:
            outputs.append((name, stream))
            continue
        outputs.append((name, stack.enter_context(_file(Path(path), checkouts))))
    return outputs


def _file(path: Path, checkouts: Iterable[Path]) -> TextIO:
    """Open a file for a report, and make its folder.

    Raises:
        UsageError: when that cannot be, or when it would overwrite a pattern: `--output-file *.md` names one.
        WriteError: when a link leads out of the checkout.
    """
    from patternlint.project.atomic_write import require_inside  # noqa: PLC0415 - few runs write a file

    try:
        if (
            is_markdown_name(path.name)
            and path.is_file()
            and path.read_bytes().removeprefix(BOM.encode()).startswith(b"---")
        ):
            message = f"{path} begins like a pattern: the report would overwrite it, so give it another name"
            raise UsageError(message)
        real = require_inside(absolute(path), checkouts)
        real.parent.mkdir(parents=True, exist_ok=True)
        return real.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        message = f"the report cannot be written to {path}: {error.strerror}"
        raise UsageError(message) from error


def make_style(options: Namespace, out: TextIO, found: JoinedRun, name: str) -> RenderOptions:
    """Return how the format called `name` is shown on `out`."""
    terminal = out.isatty()
    limit = options.max_findings_per_rule
    if limit is None and terminal:
        limit = DEFAULT_MAX_IN_TERMINAL
    return RenderOptions(
        color=use_color(options, terminal=terminal),
        width=_width() if terminal else 100,
        max_per_rule=None if options.show_all else limit,
        quiet=options.quiet,
        links=_links(os.environ),
        elsewhere="in the job summary" if name == "github" and _has_summary(options) else "",
        fail_on=min(fail_level(options, run.project) for run in found.runs),
    )


def _links(environment: Mapping[str, str]) -> str:
    """Return the address of the files of this commit, where a workflow of GitHub runs."""
    server, repository, commit = (environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    known = environment.get("GITHUB_ACTIONS") == "true" and server and repository and commit
    return f"{server}/{repository}/blob/{commit}/" if known else ""


def _has_summary(options: Namespace) -> bool:
    return any(name == "markdown" and path for name, path in options.output_format)


def _width() -> int:
    import shutil  # noqa: PLC0415 - on terminals only

    return max(40, shutil.get_terminal_size((100, 24)).columns)


def fail_level(options: Namespace, project: Project) -> Severity:
    """Return the level from which on findings make the exit code 1."""
    return Severity[(options.fail_on or project.config.fail_on).upper()]


def exit_code(options: Namespace, found: JoinedRun) -> int:
    """Return the exit code that the findings make: each run counts by its own config."""
    if options.exit_zero:
        return OK
    if options.max_warnings is not None and _warnings(found) > options.max_warnings:
        return FINDINGS
    return FINDINGS if any(_fails(options, run) for run in found.runs) else OK


def _fails(options: Namespace, run: Run) -> bool:
    level = fail_level(options, run.project)
    if any(count for severity, count in run.counts.findings.items() if severity >= level):
        return True
    allowed = run.project.config.max_warnings
    return options.max_warnings is None and allowed is not None and _warnings(run) > allowed


def _warnings(found: Run | JoinedRun) -> int:
    return found.counts.findings.get(Severity.WARNING, 0)
