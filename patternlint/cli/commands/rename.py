"""`patternlint rename OLD NEW`: give a pattern another slug, wherever the library names it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from patternlint.cli.commands.fix import unified, write_diff
from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import Parser, add_common
from patternlint.cli.requests import undo_interrupted
from patternlint.fixer.rename import RenameError, entry_with_slug, require_unused
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.project.atomic_write import write
from patternlint.project.git import find_top
from patternlint.project.paths import absolute, find_scope
from patternlint.project.project import Overrides
from patternlint.report.escape import escape_line
from patternlint.run.fix import pending_writes
from patternlint.run.rename import RenamePlan, format_locations, plan_rename
from patternlint.run.request import RunRequest, cache_folder
from patternlint.run.run import check

_MAX_LINES = 20


def parser() -> Parser:
    """Return the parser of `patternlint rename`."""
    made = Parser(
        prog="patternlint rename",
        description="Rename a slug across the library: the slug, the name of its file, its addresses, and every "
        "relationship, inferred link, hub, alias and link in the text that names it.",
    )
    add = made.add_argument
    add("old", metavar="OLD", help="the slug as it is")
    add("new", metavar="NEW", help="the slug as it shall be")
    add(
        "--in",
        dest="folder",
        default=".",
        metavar="DIR",
        help="the library (default: the one around the current folder)",
    )
    add("--keep-alias", action="store_true", help="keep the old slug as an alias")
    add("--diff", action="store_true", help="show what would change, and write nothing")
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code.

    Raises:
        RenameError: when there is no such pattern, or the new slug is taken.
        WriteError: when a file cannot be written; then all are as they were.
    """
    options = parser().parse(arguments)
    folder = absolute(options.folder)
    loaded = load_settings(options, folder)
    places = find_scope([folder], loaded.folder, [])
    request = RunRequest(places, loaded, Overrides(), 1, cache_folder(places, None), find_top(folder))
    undo_interrupted(request)
    found = check(request, lambda _: lambda _: None)
    library = found.library
    if options.old not in library.by_slug:
        message = f"no pattern has the slug `{options.old}`{did_you_mean(options.old, library.by_slug)}"
        raise RenameError(message)
    entry = entry_with_slug(library, options.old)
    require_unused(library, entry, options.new)
    plan = plan_rename(found, entry, options.new, keep_alias=options.keep_alias)
    real = Path(found.refs[entry.path].absolute)
    target = real.with_name(f"{options.new}{real.suffix}") if real.stem == options.old else real
    if target != real and os.path.lexists(target):
        message = f"there is a file {target} already"
        raise RenameError(message)
    called = entry.path.removesuffix(real.name) + target.name
    if options.diff:
        for path in sorted(plan.after):
            name = called if path == entry.path else path
            write_diff(unified(plan.before[path], plan.after[path], path, name))
    else:
        files = pending_writes(found, plan.before, plan.after)
        if target != real:
            files[entry.path] = replace(files[entry.path], new=target)
        write(files.values())
        sys.stdout.write(f"{target}: was `{options.old}`, is `{options.new}`; {_counted(plan)}\n")
    _tell_elsewhere(
        options.old, {called if path == entry.path else path: left for path, left in plan.remaining.items()}
    )
    return FINDINGS if options.diff else OK


def _counted(plan: RenamePlan) -> str:
    references = "1 reference" if plan.references == 1 else f"{plan.references:,} references"
    files = "1 file" if len(plan.after) == 1 else f"{len(plan.after):,} files"
    return f"{references} updated, {files} changed"


def _tell_elsewhere(old: str, elsewhere: Mapping[str, tuple[int, ...]]) -> None:
    """Name the lines that still hold the old slug: only a person can tell whether they mean the pattern."""
    lines = list(format_locations(elsewhere))
    if lines:
        count = "1 more line has" if len(lines) == 1 else f"{len(lines):,} more lines have"
        sys.stderr.write(f"patternlint: {count} the word `{old}`; check by hand:\n")
        sys.stderr.writelines(f"  {escape_line(line)}\n" for line in lines[:_MAX_LINES])
        if len(lines) > _MAX_LINES:
            sys.stderr.write(f"  and {len(lines) - _MAX_LINES:,} more\n")
