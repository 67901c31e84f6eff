"""`patternlint rename`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.diff import unified_diff, write_diff
from patternlint.cli.errors import print_note
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import CommonOptions
from patternlint.cli.requests import undo_interrupted_writes
from patternlint.fixer.rename import RenameError, entry_with_slug, require_unused
from patternlint.project.atomic_write import write
from patternlint.project.git import find_top
from patternlint.project.paths import absolute, find_scope
from patternlint.project.project import Overrides
from patternlint.report.escape import escape_line
from patternlint.report.summary import number
from patternlint.run.fix import pending_writes
from patternlint.run.rename import format_locations, plan_rename
from patternlint.run.request import RunRequest, cache_folder
from patternlint.run.run import check

_MAX_LINES = 20


class RenameOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint rename`."""

    old: str
    new: str
    folder: str = "."
    keep_alias: bool = False
    diff: bool = False


def parser() -> Parser[RenameOptions]:
    """Return the parser of `patternlint rename`."""
    arguments = Parser(
        lambda: RenameOptions,
        "rename",
        "OLD NEW",
        "Rename a slug across the library: in the pattern and its file name, and in every relationship, hub, alias and "
        "link that refers to it.",
    )
    add = arguments.add_argument
    add("old", metavar="OLD", help="Current slug")
    add("new", metavar="NEW", help="New slug")
    add("--in", dest="folder", metavar="DIR", help="Folder in the library (default: the current folder)")
    add("--keep-alias", action="store_true", help="Keep the old slug as an alias")
    add("--diff", action="store_true", help="Print the changes without writing files")
    return add_common(arguments)


def run(options: RenameOptions) -> int:
    """Rename a slug, and return the exit code.

    Raises:
        RenameError: when no pattern has the old slug, or the new slug or file name is in use.
        WriteError: when a file cannot be written; then no file is changed.
    """
    folder = absolute(options.folder)
    loaded = load_config_for(options, folder)
    places = find_scope([folder], loaded.folder, [])
    request = RunRequest(places, loaded, Overrides(), 1, cache_folder(places, None), find_top(folder))
    undo_interrupted_writes(request)
    run = check(request, lambda _: lambda _: None)
    library = run.library
    entry = entry_with_slug(library, options.old)
    require_unused(library, entry, options.new)
    plan = plan_rename(run, entry, options.new, keep_alias=options.keep_alias)
    file = Path(run.ref(entry.path).absolute)
    new_file = file.with_name(f"{options.new}{file.suffix}") if file.stem == options.old else file
    if new_file != file and os.path.lexists(new_file):
        message = f"{new_file} already exists"
        raise RenameError(message)
    new_path = entry.path.removesuffix(file.name) + new_file.name
    if options.diff:
        for path in sorted(plan.after):
            path_after = new_path if path == entry.path else path
            write_diff(unified_diff(plan.before[path], plan.after[path], path, path_after))
    else:
        files = pending_writes(run, plan.before, plan.after)
        if new_file != file:
            files[entry.path] = replace(files[entry.path], new=new_file)
        write(files.values())
        counts = f"{number(plan.references, 'reference')} updated, {number(len(plan.after), 'file')} changed"
        sys.stdout.write(f"renamed `{options.old}` to `{options.new}` in {new_file}; {counts}\n")
    sys.stdout.flush()
    _print_remaining(options.old, {new_path if path == entry.path else path: at for path, at in plan.remaining.items()})
    return FINDINGS if options.diff else OK


def _print_remaining(old: str, line_numbers: Mapping[str, tuple[int, ...]]) -> None:
    """List the lines that still contain the old slug: only a person can decide whether they refer to the pattern."""
    lines = list(format_locations(line_numbers))
    if lines:
        count = number(len(lines), "other line contains", "other lines contain")
        print_note(f"{count} the word `{old}`; check {'it' if len(lines) == 1 else 'them'} by hand:")
        sys.stderr.writelines(f"  {escape_line(line)}\n" for line in lines[:_MAX_LINES])
        if len(lines) > _MAX_LINES:
            sys.stderr.write(f"  and {len(lines) - _MAX_LINES:,} more\n")
