"""Write the reports of a command line, and compute its exit code."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from errno import EISDIR
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from msgspec.structs import replace

from patternlint import __version__
from patternlint.cli.errors import UsageError, print_error, print_note
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import CheckOptions
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.severity import Severity
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.document.identifiers import is_markdown_name
from patternlint.explain import DOCS_URL, rule_help
from patternlint.messages.phrases import plural
from patternlint.project.git import find_top
from patternlint.project.paths import absolute
from patternlint.project.project import Project
from patternlint.project.unread import unread_note
from patternlint.report import write_report
from patternlint.report.color import use_color
from patternlint.report.escape import escape_line, shown_path, writer
from patternlint.report.model import RenderOptions, Report
from patternlint.report.summary import number
from patternlint.run.combined import JoinedRun
from patternlint.run.request import NO_LIBRARY
from patternlint.run.run import Run
from patternlint.source import BOM

_MAX_IN_TERMINAL = 20
_MANY_FINDINGS = 100


def report(
    options: CheckOptions, run: JoinedRun, notes: tuple[str, ...] = (), *, fixed: int = 0, stream: TextIO | None = None
) -> int:
    """Write the reports of a run in every requested format, and return the exit code.

    Args:
        options: the options.
        run: the finished runs.
        notes: additional lines for the text format and the summaries.
        fixed: the number of findings that were fixed before.
        stream: the output of a format without a file; standard output when None.

    Raises:
        UsageError: when two reports have the same output.
    """
    if options.show_files:
        _write_files(run)
        return OK
    summary = replace(run.counts, fixed=fixed)
    problem = _no_patterns(run)
    if problem:
        return OK if options.allow_no_patterns else print_error(problem)
    exceeded = _exceeded_limits(options, run)
    content = report_content(run, summary, (*notes, *exceeded))
    text_content = replace(content, notes=(*content.notes, *_first_steps(options, run, summary)))
    with ExitStack() as stack:
        for name, out in _outputs(options, stack, stream or sys.stdout, run.checkouts):
            render = _render_options(options, out, run, name)
            if options.statistics and name in ("text", "json"):
                _write_statistics(options.statistics, name, content, out, render)
            else:
                write_report(name, text_content if name == "text" else content, out, render)
    _print_details(options, run)
    if options.exit_zero:
        return OK
    return FINDINGS if exceeded or any(_has_failures(options, part) for part in run.runs) else OK


def _write_files(run: JoinedRun) -> None:
    skipped = {entry.path: entry.left_alone for part in run.runs for entry in part.library.left_alone}
    write_text = writer(sys.stdout)
    for ref in run.targets():
        reason = f"\tskipped: {escape_line(skipped[ref.path])}" if ref.path in skipped else ""
        write_text(f"{shown_path(ref.path)}{reason}\n")


def _first_steps(options: CheckOptions, run: JoinedRun, summary: RunStatistics) -> Iterator[str]:
    """Yield the next commands for a library that is checked for the first time: many findings and no baseline."""
    is_narrow = options.since or options.staged or options.at or options.select or options.no_baseline
    if is_narrow or summary.total < _MANY_FINDINGS or any(part.baseline is not None for part in run.runs):
        return
    paths = "".join(f" {shlex.quote(path)}" for path in options.paths)
    yield ""
    yield "to adopt patternlint on an existing library:"
    safe = summary.fixable.get(Safety.SAFE, 0)
    if safe:
        yield f"  patternlint --fix{paths}  # apply {number(safe, 'safe fix', 'safe fixes')}"
    yield f"  patternlint baseline write{paths}  # accept the remaining findings: later runs report only new ones"


def _exceeded_limits(options: CheckOptions, run: JoinedRun) -> list[str]:
    """Return a note for each limit that the number of warnings exceeds: that of the flag, else those of the configurations."""
    limits = [(_warnings(run), options.max_warnings, "--max-warnings")]
    if options.max_warnings is None:
        limits = [(_warnings(part), part.project.config.max_warnings, "max-warnings") for part in run.runs]
    return [
        f"{number(count, 'warning')}, `{setting}` allows {limit:,}: exit code 1"
        for count, limit, setting in limits
        if limit is not None and count > limit and not options.exit_zero
    ]


def require_patterns(run: JoinedRun) -> None:
    """Raise UsageError for a run without patterns."""
    problem = _no_patterns(run)
    if problem:
        raise UsageError(problem)


def require_known_specification(run: JoinedRun) -> None:
    """Raise UsageError for a run whose files follow no known specification, such as one for an empty file."""
    require_patterns(run)
    if not run.counts.patterns.keys() - {"unknown"}:
        files = ", ".join(str(path) for part in run.runs for path in part.request.scope.targets)
        message = f"no pattern of a known specification in {files}; `patternlint check` reports the reasons"
        raise UsageError(message)


def _no_patterns(run: JoinedRun) -> str:
    """Return the error message for a run without patterns, else an empty string."""
    files = run.counts.files
    if run.counts.skipped != files or run.counts.total:
        return ""
    places = ", ".join(str(path) for part in run.runs for path in part.request.scope.targets)
    if not files:
        has_excludes = any(part.project.config.exclude for part in run.runs)
        rest = " except those that the configuration excludes" if has_excludes else ""
        return "; ".join((f"no Markdown files in {places}{rest}", *_unread_notes(run)))
    return f"no patterns in {places}: {number(files, 'Markdown file')} skipped"


def _print_details(options: CheckOptions, run: JoinedRun) -> None:
    """Print the details of `--verbose`, and a problem with the folder of `--cache-dir`, on standard error."""
    problem = next((part.cache_problem for part in run.runs if part.cache_problem), "")
    sys.stdout.flush()
    if options.verbose:
        from patternlint.cli.verbose import verbose_lines  # noqa: PLC0415 - for this flag only

        for part in run.runs:
            for line in verbose_lines(part):
                print_note(line)
    elif options.cache_dir and problem and not options.quiet:
        print_note(f"{options.cache_dir}: {problem}")


def _write_statistics(by: str, name: str, content: Report, out: TextIO, render: RenderOptions) -> None:
    """Write the number of findings by "rules" or "causes" in the format `name`."""
    from patternlint.report import causes, statistics  # noqa: PLC0415 - for this flag only

    module = causes if by == "causes" else statistics
    write = module.write_json if name == "json" else module.write_text
    write(content, out, render)


def report_content(run: JoinedRun, summary: RunStatistics, notes: tuple[str, ...]) -> Report:
    """Return what reporters need of a run."""
    if not all(part.request.scope.has_library for part in run.runs):
        notes = (*notes, NO_LIBRARY)
    notes = (*notes, *_unread_notes(run))
    source = lru_cache(maxsize=16)(run.source)
    projects = [part.project for part in reversed(run.runs)]
    helps = {
        info.name: rule_help(info, project.selection.severities.get(info.name, info.rule.severity))
        for project in projects
        for info in project.registry
    }
    suppressing = (project.selection.added_suppression_rule for project in projects)
    added = next((rule.name for rule in suppressing if rule is not None), "")
    return Report(run, summary, helps, notes, source, __version__, _prefix(), DOCS_URL, added, noun(run))


def _unread_notes(run: JoinedRun) -> list[str]:
    """Return notes about files on disk that the configurations match and that are not read."""
    on_disk = [part for part in run.runs if part.request.repository is None]
    return list(filter(None, (unread_note(part.project, part.request.scope) for part in on_disk)))


def noun(run: JoinedRun) -> tuple[str, str]:
    """Return the word for a record of a run, and its plural: that of their specifications, if it is the same for all."""
    specs = [spec for part in run.runs for spec in part.project.specs.all if run.counts.patterns.get(spec.version)]
    nouns = {spec.noun for spec in specs} or {"pattern"}
    noun = nouns.pop() if len(nouns) == 1 else "pattern" if "pattern" in nouns else "record"
    return noun, plural(noun)


def _prefix() -> str:
    """Return the path of the working directory in its repository, with a `/` at the end, or an empty string."""
    here = Path.cwd()
    top = find_top(here)
    if top is None or top == here:
        return ""
    return f"{here.relative_to(top).as_posix()}/"


def _outputs(
    options: CheckOptions, stack: ExitStack, stream: TextIO, checkouts: Iterable[Path]
) -> list[tuple[str, TextIO]]:
    """Return each requested format with its stream; `stack` closes the files."""
    outputs = list(options.output_formats) or [("text", "")]
    if options.output_file:
        if len(outputs) > 1:
            message = "--output-file requires a single format; for several formats, use --output-format FORMAT:FILE"
            raise UsageError(message)
        outputs = [(outputs[0][0], outputs[0][1] or options.output_file)]
    paths = [path for _, path in outputs]
    duplicate = next((path for index, path in enumerate(paths) if path in paths[:index]), None)
    if duplicate is not None:
        message = f"two formats write to {duplicate or 'standard output'}; use --output-format FORMAT:FILE"
        raise UsageError(message)
    return [
        (name, stack.enter_context(_open_report(Path(path), checkouts)) if path else stream) for name, path in outputs
    ]


def require_report_path(path: Path, checkouts: Iterable[Path]) -> Path:
    """Return the path of a file for a report, and create its folder. Refuses a pattern: `--output-file *.md` names one.

    Raises:
        UsageError: when it is a pattern, or cannot be written.
    """
    from patternlint.project.atomic_write import require_inside  # noqa: PLC0415 - few runs write a file

    try:
        if (
            is_markdown_name(path.name)
            and path.is_file()
            and path.read_bytes().removeprefix(BOM.encode()).startswith(b"---")
        ):
            message = f"the report would overwrite the pattern {path}; choose another file name"
            raise UsageError(message)
        file = require_inside(absolute(path), checkouts)
        if file.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    return file


def require_replaceable(path: Path, checkouts: Iterable[Path]) -> Path:
    """Return the path of a file that is going to be replaced by another one, as `require_report_path` does.

    Raises:
        UsageError: as for `require_report_path`, and when files cannot be created in its folder.
    """
    from tempfile import TemporaryFile  # noqa: PLC0415 - few runs replace a file

    file = require_report_path(path, checkouts)
    if file.is_file() or not file.exists():  # else a device or a pipe
        try:
            with TemporaryFile(dir=os.path.dirname(os.path.realpath(file))):  # noqa: PTH120 - as realpath returns it
                pass
        except OSError as error:
            raise _unwritable(path, error) from error
    return file


def _open_report(path: Path, checkouts: Iterable[Path]) -> TextIO:
    """Open a file for a report, and create its folder."""
    file = require_report_path(path, checkouts)
    try:
        return file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"cannot write the report to {path}: {error.strerror}")


def _render_options(options: CheckOptions, out: TextIO, run: JoinedRun, name: str) -> RenderOptions:
    """Return how to render the format `name` on `out`."""
    is_terminal = out.isatty()
    limit = options.max_findings_per_rule
    if limit is None and is_terminal:
        limit = _MAX_IN_TERMINAL
    has_job_summary = any(other == "markdown" and path for other, path in options.output_formats)
    return RenderOptions(
        color=use_color(options.color, is_terminal=is_terminal),
        width=_width() if is_terminal else 100,
        max_per_rule=None if options.show_all else limit,
        quiet=options.quiet,
        links=_blob_url(os.environ),
        elsewhere="in the job summary" if name == "github" and has_job_summary else "",
        fail_on=min(_fail_level(options, part.project) for part in run.runs),
    )


def _blob_url(environment: Mapping[str, str]) -> str:
    """Return the URL of the files of this commit in a GitHub workflow, else an empty string."""
    server, repository, commit = (environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    is_workflow = environment.get("GITHUB_ACTIONS") == "true" and server and repository and commit
    return f"{server}/{repository}/blob/{commit}/" if is_workflow else ""


def _width() -> int:
    import shutil  # noqa: PLC0415 - on terminals only

    return max(40, shutil.get_terminal_size((100, 24)).columns)


def _fail_level(options: CheckOptions, project: Project) -> Severity:
    return Severity[(options.fail_on or project.config.fail_on).upper()]


def _has_failures(options: CheckOptions, run: Run) -> bool:
    level = _fail_level(options, run.project)
    return any(count for severity, count in run.counts.findings.items() if severity >= level)


def _warnings(run: Run | JoinedRun) -> int:
    return run.counts.findings.get(Severity.WARNING, 0)
