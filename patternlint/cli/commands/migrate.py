"""`patternlint migrate`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from patternlint.cli.arguments import Parser, add_common, add_files, add_running
from patternlint.cli.diff import unified_diff, write_diff
from patternlint.cli.errors import UsageError, require_choice
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import RunOptions
from patternlint.cli.reporting import require_patterns, require_report_path
from patternlint.cli.session import check_each
from patternlint.migrate.table import load_tables
from patternlint.parser.yaml.compose import compose
from patternlint.project.atomic_write import remove_stale_temporaries, replace_file, write_all
from patternlint.report.escape import escape_line, shown_path
from patternlint.report.summary import number
from patternlint.run.combined import JoinedRun
from patternlint.run.fix import pending_writes
from patternlint.run.migrate import FileMigration, Migration, MigrationPlan, plan_migration
from patternlint.run.run import Run

_Plan = tuple[Run, MigrationPlan]

_MAX_LINES = 20
_MANY = 3  # keys below one key are named together


class MigrateOptions(RunOptions, frozen=True, kw_only=True):
    """Options of `patternlint migrate`."""

    to: str
    given: tuple[str, ...] = ()
    normalize: bool = False
    diff: bool = False
    dry_run: bool = False
    left: str = ""


def parser() -> Parser[MigrateOptions]:
    """Return the parser of `patternlint migrate`."""
    arguments = Parser(
        lambda: MigrateOptions,
        "migrate",
        "--to VERSION [PATHS]",
        "Migrate files to another version of their specification. Ids, comments and all values are kept; what a person "
        "must write becomes a prompt, which the rule `placeholder` reports.",
    )
    add_files(arguments)
    add = arguments.add_argument_group("migration").add_argument
    add("--to", required=True, metavar="VERSION", help="The version to migrate to, such as 8.2")
    add(
        "--set",
        dest="given",
        action="append",
        metavar="KEY=VALUE",
        help="Give a new key this YAML value instead of a prompt, such as `orbital_layer=2` (repeatable)",
    )
    add(
        "--normalize",
        "--normalise",
        dest="normalize",
        action="store_true",
        help="Also give list items the form of the new version",
    )
    add("--diff", action="store_true", help="Print the changes without writing files")
    add("--dry-run", action="store_true", help="Print what would be migrated without writing files")
    add("--report", dest="left", metavar="FILE", help="Write what is left for people to FILE as JSON, by file")
    add_running(arguments)
    return add_common(arguments)


def run(options: MigrateOptions) -> int:
    """Migrate files, and return the exit code.

    Raises:
        UsageError: when an option is invalid, or no pattern is found.
        SpecError: when a migration table is invalid.
    """
    plans = _plans(options, dict(_given(options)))
    _require_patterns(plans)
    failures = {path: reason for _, planned in plans for path, reason in planned.refused.items()}
    files = [file for _, planned in plans for file in planned.files]
    _write_report(options, plans, files)  # before the files: afterwards, the old text is lost
    if options.diff:
        for _, planned in plans:
            for path in sorted(planned.after):
                write_diff(unified_diff(planned.before[path], planned.after[path], path, path))
    elif not options.dry_run:
        unwritten = {path: reason for plan in plans for path, reason in _write(*plan)}
        if unwritten:
            files = [file for file in files if file.path not in unwritten]
            _write_report(options, plans, files)
            failures |= unwritten
    for path, reason in sorted(failures.items()):
        sys.stderr.write(f"{shown_path(path)}: not migrated: {escape_line(reason)}\n")
    if not options.diff and not options.quiet:
        sys.stdout.writelines(f"{line}\n" for line in _summary(files, [planned for _, planned in plans], options))
    return FINDINGS if failures or (options.diff and files) else OK


def _plans(options: MigrateOptions, given: Mapping[str, str]) -> list[_Plan]:
    """Return the plan of each run. In a folder whose specifications have no way to the version, files are skipped."""
    runs = check_each(options).runs
    tables = [load_tables(found.project.specs) for found in runs]
    versions = {version for one in tables for version in one.versions}
    if not versions:
        message = "none of the specifications in use has a migration table"
        raise UsageError(message)
    require_choice("version", options.to, sorted(versions))
    keys = sorted(frozenset().union(*(one.keys for one in tables)))
    for key in given:
        require_choice("key", key, keys)
    migrations = [Migration(one, options.to, given, options.normalize) for one in tables]
    return [(found, plan_migration(found, one)) for found, one in zip(runs, migrations, strict=True)]


def _given(options: MigrateOptions) -> Iterator[tuple[str, str]]:
    for text in options.given:
        key, equals, value = text.partition("=")
        root = compose(f"x: {value}\n").root
        if not equals or not key or root is None or len(root.keys) > 1:  # a line break can add keys
            message = f"expected KEY=VALUE with a value in YAML after --set, got `{text}`"
            raise UsageError(message)
        yield key, value


def _require_patterns(plans: Sequence[_Plan]) -> None:
    """Raise UsageError when no pattern to migrate is found."""
    if not any(one.files or one.refused or one.unreachable or one.unchanged for _, one in plans):
        require_patterns(_joined(plans))


def _joined(plans: Sequence[_Plan]) -> JoinedRun:
    return JoinedRun([found for found, _ in plans])


def _write_report(options: MigrateOptions, plans: Sequence[_Plan], files: Sequence[FileMigration]) -> None:
    """Write the list of prompts and drafts, if the options name a file for it.

    Raises:
        UsageError: when the file is a pattern or cannot be written.
    """
    if options.left:
        path = require_report_path(Path(options.left), _joined(plans).checkouts)
        replace_file(path, json.dumps(msgspec.to_builtins(files), indent=2).encode() + b"\n")


def _write(found: Run, planned: MigrationPlan) -> Iterator[tuple[str, str]]:
    """Write the files of a plan, and yield why a file was not written."""
    files = pending_writes(found, planned.before, planned.after)
    for path, error in write_all(files, planned.atomic_groups).items():
        yield path, error.reason
    remove_stale_temporaries({file.path.parent for file in files.values()})


def _summary(files: list[FileMigration], plans: list[MigrationPlan], options: MigrateOptions) -> Iterator[str]:
    counts = Counter(file.old for file in files)
    parts = ", ".join(f"{count:,} from {version}" for version, count in sorted(counts.items()) if version != options.to)
    verb = "would be migrated" if options.dry_run else "migrated"
    yield f"{number(len(files), 'file')} {verb} to {options.to}" + (f": {parts}" if parts else "")
    unchanged = sum(planned.unchanged for planned in plans)
    if unchanged:
        yield f"{number(unchanged, 'file')} already in this version"
    unreachable: Counter[str] = sum((Counter(planned.unreachable) for planned in plans), Counter())
    for version, count in sorted(unreachable.items()):
        yield f"{number(count, 'file')} skipped: no migration from {version} to {options.to}"
    left = [file for file in files if file.prompts or file.drafts]
    if not left:
        return
    yield "left for people (`patternlint --select placeholder` lists the prompts):"
    if len(left) <= _MAX_LINES:
        yield from (f"  {escape_line(file.path)}: {', '.join(_left_in(file))}" for file in left)
        return
    tasks = Counter(name for file in left for name in _left_in(file))
    yield from (f"  {name}: {number(count, 'file')}" for name, count in tasks.most_common())
    yield "  use `--report FILE` for a list by file"


def _left_in(file: FileMigration) -> Iterator[str]:
    """Yield what is left in a file: keys, those below one key together, and sections."""
    above = Counter(name.rpartition(".")[0] for name in file.prompts)
    many = {parent for parent, count in above.items() if parent and count >= _MANY}
    names = (f"{parent}.*" if (parent := name.rpartition(".")[0]) in many else name for name in file.prompts)
    yield from dict.fromkeys(names)
    yield from (f"{name} (a draft from the text)" for name in file.drafts)
