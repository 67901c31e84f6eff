"""`patternlint rename`."""

from __future__ import annotations

import os
import sys

from msgspec.structs import replace

from patternlint.cli.arguments import Parser, add_common, add_plan
from patternlint.cli.diff import unified_diff, write_diff
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import PlanOptions
from patternlint.cli.plans import load_library, print_diff, print_remaining
from patternlint.fixer.references import RenameError, entry_with_slug
from patternlint.fixer.rename import require_unused
from patternlint.project.atomic_write import PendingWrite, write
from patternlint.project.files import make_display_path
from patternlint.project.redirects import redirects_path, with_redirects
from patternlint.report.summary import number
from patternlint.run.fix import pending_writes
from patternlint.run.rename import plan_rename, renaming_of, workspace_of
from patternlint.run.run import Run


class RenameOptions(PlanOptions, frozen=True, kw_only=True):
    """Options of `patternlint rename`."""

    old: str
    new: str
    keep_alias: bool = False


def parser() -> Parser[RenameOptions]:
    """Return the parser of `patternlint rename`."""
    arguments = Parser(
        lambda: RenameOptions,
        "rename",
        "OLD NEW",
        "Rename a pattern across the library: its slug (or its name in the form of its specification) and its file name, "
        "and every relationship, hub, alias and link that refers to it.",
    )
    add = arguments.add_argument
    add("old", metavar="OLD", help="Current slug")
    add("new", metavar="NEW", help="New slug")
    add("--keep-alias", action="store_true", help="Keep the old slug as an alias")
    add_plan(arguments)
    return add_common(arguments)


def run(options: RenameOptions) -> int:
    """Rename a pattern, and return the exit code.

    Raises:
        RenameError: when no pattern has the old name, or the new name or file name is in use.
        WriteError: when a file cannot be written; then no file is changed.
    """
    run = load_library(options)
    space = workspace_of(run, run.library, run.source)
    entry = entry_with_slug(space.library, options.old)
    require_unused(space.library, entry, options.new)
    renaming = renaming_of(space, entry, options.new)
    plan = plan_rename(space, entry, renaming, keep_alias=options.keep_alias)
    file, new_file = renaming.file, renaming.new_file
    if renaming.moves and os.path.lexists(new_file):
        message = f"{new_file} already exists"
        raise RenameError(message)
    moved = {entry.path: entry.path.removesuffix(file.name) + new_file.name}
    redirects = _redirects(run, options.old, options.new)
    if options.diff:
        print_diff(plan, moved)
        for path, one in redirects.items():
            name = make_display_path()(path)
            write_diff(unified_diff(one.before, one.after, name, name))
    else:
        if not options.dry_run:
            files = pending_writes(run, plan.before, plan.after)
            if renaming.moves:
                files[entry.path] = replace(files[entry.path], new=new_file)
            write((files | redirects).values())
        verb = "would rename" if options.dry_run else "renamed"
        counts = f"{number(plan.references, 'reference')} updated, {number(len(plan.after), 'file')} changed"
        sys.stdout.write(f"{verb} `{options.old}` to `{options.new}` in {new_file}; {counts}\n")
    print_remaining(renaming.word, plan, moved)
    return FINDINGS if options.diff else OK


def _redirects(run: Run, old: str, new: str) -> dict[str, PendingWrite]:
    """Return the file with former names as it records a renaming; nothing if the project does not have the file."""
    folder = run.request.scope.project_folder
    path = redirects_path(folder)
    if folder is None or path is None:
        return {}
    before = path.read_bytes()
    return {str(path): PendingWrite(path, before, with_redirects(before, {old: new}), folder)}
