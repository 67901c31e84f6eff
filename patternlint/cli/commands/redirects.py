"""`patternlint redirects`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.errors import require_work_tree
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import PlanOptions
from patternlint.cli.plans import load_library
from patternlint.library.entry import Entry
from patternlint.project.atomic_write import replace_file
from patternlint.project.git import is_shallow
from patternlint.project.id_history import FormerHolder, former_holders
from patternlint.project.redirects import REDIRECTS_NAME, redirects_path, with_redirects
from patternlint.report.escape import escape_line
from patternlint.report.summary import number
from patternlint.run.run import Run


class RedirectsOptions(PlanOptions, frozen=True, kw_only=True):
    """Options of `patternlint redirects`."""


def parser() -> Parser[RedirectsOptions]:
    """Return the parser of `patternlint redirects`."""
    arguments = Parser(
        lambda: RedirectsOptions,
        "redirects",
        "",
        f"Search the git history for the patterns that had the missing ids of links, and write them to {REDIRECTS_NAME}, "
        "which `dangling-target` reads to fix such links.",
    )
    add = arguments.add_argument
    add("--in", dest="folder", metavar="DIR", help="Folder in the library (default: the current folder)")
    add("--dry-run", action="store_true", help="Print what is found without writing the file")
    return add_common(arguments)


def run(options: RedirectsOptions) -> int:
    """Find former ids and write them, and return the exit code.

    Raises:
        UsageError: outside of a git repository.
        GitError: when git fails.
    """
    run = load_library(options)
    top = require_work_tree(run.request.repository, "`patternlint redirects` requires")
    library = run.library
    missing = {
        link.target
        for entry in library.own_patterns
        for link in entry.links
        if library.specs.is_known_prefix(link.target) and library.resolve_former(link.target) is None
    }
    holders = former_holders(top, library.specs.id_keys, missing) if missing else {}
    found: dict[str, str] = {}
    for name, some in sorted(holders.items()):
        entry = _present(run, top, some)
        if entry is not None and entry.slug:
            found[name] = entry.slug
            sys.stdout.write(escape_line(f"{name} was an id of {entry.label}") + "\n")
    folder = run.request.scope.project_folder or top
    if found and not options.dry_run:
        path = redirects_path(folder)
        content = path.read_bytes() if path is not None else b""
        replace_file(folder / REDIRECTS_NAME, with_redirects(content, found))
    if not missing and not options.quiet:
        sys.stdout.write(f"no missing ids: each id in a link belongs to a pattern or is in {REDIRECTS_NAME}\n")
    elif not options.quiet:
        verb = "would be added" if options.dry_run else "added"
        ids = number(len(missing), "missing id")
        written = f" and {verb} to {REDIRECTS_NAME}" if found else ""
        sys.stdout.write(f"{len(found):,} of {ids} found in the history{written}\n")
        if len(found) < len(missing) and is_shallow(top):
            sys.stderr.write("this clone has no complete history: `git fetch --unshallow` fetches it\n")
    return OK


def _present(run: Run, top: Path, holders: Iterable[FormerHolder]) -> Entry | None:
    """Return the pattern that one of some former holders of an id is now: by its new id, its path or its name."""
    library = run.library
    for holder in holders:
        names = [*holder.new_ids, *(PurePosixPath(path).stem for path in (holder.path, holder.old_path) if path)]
        ref = run.files.at(str(top / holder.path))
        entry = library.entry(ref.path) if ref is not None else None
        if entry is None or entry.left_alone:
            entry = next(filter(None, map(library.resolve, names)), None)
        if entry is not None:
            return entry
    return None
