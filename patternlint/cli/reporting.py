"""Reports a run in the formats that were asked for, and says what the exit code is."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from patternlint import __version__
from patternlint.cli import FINDINGS, OK
from patternlint.cli.arguments import UsageError
from patternlint.cli.terminal import complain, use_color
from patternlint.diagnostic import Safety
from patternlint.explain import DOCS_URL, rule_help
from patternlint.report import FORMATS
from patternlint.report.harmless import shown
from patternlint.report.model import Report, RuleCount, RuleHelp, Style, Summary
from patternlint.run.check import NO_LIBRARY, Run
from patternlint.run.discover import SUFFIX, Places, git_top
from patternlint.run.project import Project
from patternlint.severity import Severity
from patternlint.tally import Counts
from patternlint.text import BOM

DEFAULT_MAX_IN_TERMINAL = 20


def report(
    options: Namespace, found: Run, notes: tuple[str, ...] = (), *, fixed: int = 0, stream: TextIO | None = None
) -> int:
    """Report a run in every format that was asked for, and return the exit code.

    Args:
        options: the command line.
        found: the run.
        notes: lines for the reader.
        fixed: how many findings were fixed before.
        stream: where a format without a file goes: to standard output when it is None.

    Raises:
        UsageError: when two reports would go to one place.
    """
    counts = found.counts
    if options.show_files:
        for ref in found.refs.values():
            if ref.wanted:
                sys.stdout.write(f"{ref.path}\n")
        return OK
    if counts.left_alone == counts.files:
        return OK if options.nothing_is_fine else complain(_nothing(found))
    summary = make_summary(counts, fixed)
    made = make_report(found, summary, notes)
    with ExitStack() as stack:
        for name, out in _outputs(options, stack, stream or sys.stdout):
            style = make_style(options, out, found, name)
            if options.statistics and name in STATISTICS:
                _write_statistics(name, counts, made, out, style)
            else:
                FORMATS[name].write(made, out, style)
    _tell(options, found)
    return exit_code(options, found.project, counts)


def _nothing(found: Run) -> str:
    """Say that there is no pattern, and why."""
    files, places = found.counts.files, _shown(found.request.places)
    if not files:
        left_out = ", apart from what the config excludes" if found.project.config.exclude else ""
        return f"no Markdown file in {places}{left_out}"
    number = "the one Markdown file" if files == 1 else f"the {files:,} Markdown files"
    return f"no pattern among {number} in {places}"


def _tell(options: Namespace, found: Run) -> None:
    """Say on standard error what the run worked with, when that is asked for or is not what was asked for."""
    if options.verbose:
        from patternlint.cli.telling import told  # noqa: PLC0415 - for this flag only

        sys.stdout.flush()
        sys.stderr.writelines(f"patternlint: {shown(line)}\n" for line in told(found))
    elif options.cache_dir and found.cache_trouble and not options.quiet:
        sys.stdout.flush()
        sys.stderr.write(f"patternlint: {shown(options.cache_dir)}: {shown(found.cache_trouble)}\n")


STATISTICS = ("text", "json")


def _write_statistics(name: str, counts: Counts, made: Report, out: TextIO, style: Style) -> None:
    from patternlint.report import statistics  # noqa: PLC0415 - for this flag only

    stats = [RuleCount(stat.rule, stat.severity, stat.count, stat.files) for stat in counts.rules]
    write = statistics.write_json if name == "json" else statistics.write_text
    write(stats, made.summary, out, style, made.notes)


def _shown(places: Places) -> str:
    return ", ".join(str(path) for path in places.targets)


def make_report(found: Run, summary: Summary, more: tuple[str, ...]) -> Report:
    """Return what the formats are given."""
    notes = more if found.request.places.has_library else (*more, NO_LIBRARY)
    source = lru_cache(maxsize=16)(found.source)
    return Report(found, summary, _rule_helps(found.project), notes, source, __version__, _prefix(), home=DOCS_URL)


def make_summary(counts: Counts, fixed: int) -> Summary:
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


def _outputs(options: Namespace, stack: ExitStack, stream: TextIO) -> list[tuple[str, TextIO]]:
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
        outputs.append((name, stack.enter_context(_file(Path(path)))))
    return outputs


def _file(path: Path) -> TextIO:
    """Open a file for a report, and make its folder.

    Raises:
        UsageError: when that cannot be, or when it would overwrite a pattern: `--output-file *.md` names one.
    """
    try:
        if path.suffix == SUFFIX and path.is_file() and path.read_bytes().removeprefix(BOM.encode()).startswith(b"---"):
            message = f"{path} begins like a pattern: the report would overwrite it, so give it another name"
            raise UsageError(message)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        message = f"the report cannot be written to {path}: {error.strerror}"
        raise UsageError(message) from error


def make_style(options: Namespace, out: TextIO, found: Run, name: str) -> Style:
    """Return how the format called `name` is shown on `out`."""
    terminal = out.isatty()
    limit = options.max_findings_per_rule
    if limit is None and terminal:
        limit = DEFAULT_MAX_IN_TERMINAL
    return Style(
        color=use_color(options, terminal=terminal),
        width=_width() if terminal else 100,
        max_per_rule=None if options.show_all else limit,
        quiet=options.quiet,
        links=_links(os.environ),
        elsewhere="in the job summary" if name == "github" and _has_summary(options) else "",
        fail_on=fail_level(options, found.project),
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
