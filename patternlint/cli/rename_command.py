"""`patternlint rename OLD NEW`: give a pattern another slug, wherever the library names it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from patternlint.cli import FINDINGS, OK
from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.fixing import unified
from patternlint.cli.requests import undo_interrupted
from patternlint.cli.settings import load_settings
from patternlint.guard import guard
from patternlint.rename import RenameError, find, mentions, renamed, require_free, routes_of
from patternlint.run.check import Request, Run, cache_folder, check
from patternlint.run.discover import absolute, find_places, git_top
from patternlint.run.fix import rewrites
from patternlint.run.project import Overrides
from patternlint.suggest import did_you_mean
from patternlint.text import Source
from patternlint.write import write


def parser() -> Parser:
    """Return the parser of `patternlint rename`."""
    made = Parser(
        prog="patternlint rename",
        description="Give a pattern another slug: its file's name, its slug, and every relationship, inferred link, hub "
        "and alias of the library that names it.",
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
    places = find_places([folder], loaded.folder, [])
    request = Request(places, loaded, Overrides(), 1, cache_folder(places, None), git_top(folder))
    undo_interrupted(request)
    found = check(request, lambda _: lambda _: None)
    library = found.library
    if options.old not in library.by_slug:
        message = f"no pattern has the slug `{options.old}`{did_you_mean(options.old, library.by_slug)}"
        raise RenameError(message)
    entry = find(library, options.old)
    require_free(library, entry, options.new)
    real = Path(found.refs[entry.path].real)
    target = real.with_name(f"{options.new}.md") if real.stem == options.old else real
    if target != real and target.exists():
        message = f"there is a file {target} already"
        raise RenameError(message)
    changes = _changes(found, options.old, options.new, keep_alias=options.keep_alias)
    if options.diff:
        shown = {path: f"{options.new}.md" if path == entry.path and target != real else "" for path in changes}
        for path, (before, after) in sorted(changes.items()):
            name = (path.rpartition("/")[0] + "/" if "/" in path else "") + shown[path] if shown[path] else path
            sys.stdout.writelines(unified(before, after, path, name))
        return FINDINGS
    old, new = ({path: both[side] for path, both in sorted(changes.items())} for side in (0, 1))
    files = rewrites(found, old, new)
    if target != real:
        files[entry.path] = replace(files[entry.path], new=target)
    write(files.values())
    word = "file names" if len(changes) == 1 else "files name"
    sys.stdout.write(f"{target}: was `{options.old}`, is `{options.new}`; {len(changes):,} {word} it\n")
    return OK


def _changes(found: Run, old: str, new: str, *, keep_alias: bool) -> dict[str, tuple[bytes, bytes]]:
    """Return the old and new bytes of every file that names the pattern, by path."""
    changes: dict[str, tuple[bytes, bytes]] = {}
    for path in sorted(mentions(found.library, old)):
        ref = found.refs[path]
        source = found.source(path) if ref.reported else None
        parsed = found.project.parse(source, named=ref.named) if source is not None else None
        pattern = parsed.pattern if parsed is not None else None
        if source is None or parsed is None or pattern is None:
            message = f"{path} names `{old}` and cannot be changed; mend it first, or leave it out of the library"
            raise RenameError(message)
        after = renamed(pattern, old, new, keep_alias=keep_alias).encode()
        again = found.project.parse(Source(path, after), named=ref.named)
        reason = guard(parsed, again, (*routes_of(pattern, old), ("aliases",)))
        if reason is not None:
            message = f"{path} cannot be changed: {reason}"
            raise RenameError(message)
        if after != source.data:
            changes[path] = source.data, after
    return changes
