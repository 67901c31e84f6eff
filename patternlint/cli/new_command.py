"""`patternlint new "Title"`: a new pattern in canonical layout."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from patternlint.cli import OK
from patternlint.cli.arguments import Parser, UsageError, add_common
from patternlint.cli.settings import load_settings
from patternlint.names import encode_id, is_slug, slug_of, uuid7
from patternlint.new import SECTORS, Identity, new_pattern
from patternlint.run.discover import absolute, git_top
from patternlint.run.project import load_own_specs
from patternlint.spec import Spec, Specs
from patternlint.suggest import did_you_mean
from patternlint.write import create_file, require_inside


def parser() -> Parser:
    """Return the parser of `patternlint new`."""
    made = Parser(
        prog="patternlint new",
        description="Write a new pattern in canonical layout: a fresh id, all keys, and prompts where you have to write.",
    )
    add = made.add_argument
    add("title", nargs="+", metavar="TITLE", help="the title of the pattern")
    add(
        "--spec", default="", metavar="VERSION", help="the spec that it follows (default: that of the config, else 7.1)"
    )
    add(
        "--sector",
        default="",
        metavar="SECTOR",
        help=f"for specs with sectors: {', '.join(SECTORS)} (default: Universal)",
    )
    add("--slug", default="", metavar="SLUG", help="the slug (default: made of the title)")
    add("--into", default=".", metavar="DIR", help="the folder that the file goes into (default: the current one)")
    add("--stdout", action="store_true", help="print the pattern and write no file")
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code.

    Raises:
        UsageError: when the title makes no slug, or there is no such spec, sector or folder.
        WriteError: when the file cannot be written, or is there.
    """
    options = parser().parse(arguments)
    folder = absolute(options.into)
    loaded = load_settings(options, folder)
    spec = _spec(load_own_specs(loaded), options.spec or loaded.config.spec or "7.1")
    title = " ".join(" ".join(options.title).split())
    slug = options.slug or slug_of(title)
    if not is_slug(slug):
        message = (
            f"`{slug}` is no slug: lower-case words of a–z and 0–9, joined by `-`"
            if slug
            else "the title has no letters that a slug can be made of; give one with --slug"
        )
        raise UsageError(message)
    sector = options.sector or "Universal"
    if sector not in SECTORS:
        message = f"there is no sector `{sector}`{did_you_mean(sector, SECTORS)}; there are {', '.join(SECTORS)}"
        raise UsageError(message)
    identity = encode_id(spec.id_prefixes[0], uuid7(time.time_ns() // 1_000_000, secrets.randbits(74)))
    text = new_pattern(spec, Identity(identity, slug, title, sector, datetime.now(UTC).date()))
    if options.stdout:
        sys.stdout.write(text)
        return OK
    _require_free(folder, slug)
    path = folder / f"{slug}.md"
    tops = (loaded.folder, git_top(folder))
    create_file(require_inside(path, [top for top in tops if top is not None]), text.encode())
    sys.stdout.write(f"{path}\n")
    return OK


def _spec(specs: Specs, version: str) -> Spec:
    known = {version: spec for version, spec in specs.by_version.items() if spec.defaults}
    if version not in known:
        message = f"no new pattern can be made for spec `{version}`{did_you_mean(version, known)}; there are {', '.join(known)}"
        raise UsageError(message)
    return known[version]


def _require_free(folder: Path, slug: str) -> None:
    if not folder.is_dir():
        message = f"there is no folder {folder}"
        raise UsageError(message)
    taken = folder / f"{slug}.md"
    if taken.exists():
        message = f"there is a pattern {taken} already"
        raise UsageError(message)
